// Adyen's own client against standin. It insists on https, so it is handed a connection of our own.
import assert from "node:assert/strict";
import adyen from "@adyen/api-library";

const { Client, CheckoutAPI, EnvironmentEnum, Config } = adyen;
const ACCOUNT = "StandinMerchant";

const plainHttp = {
  async request(endpoint, body, config, _, options = {}) {
    const headers = { "content-type": "application/json", "x-api-key": config.apiKey };
    if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
    const response = await fetch(endpoint, { method: options.method ?? "POST", headers, body });
    const text = await response.text();
    if (!response.ok) throw Object.assign(new Error(text), { statusCode: response.status, body: JSON.parse(text) });
    return text;
  },
};

// The getters build a new object each time, so each is kept and told where to go.
export function payments(base, apiKey = "standin-adyen") {
  const client = new Client(new Config({ apiKey, environment: EnvironmentEnum.TEST }));
  client.httpClient = plainHttp;
  const api = new CheckoutAPI(client);
  const { PaymentsApi: pay, ModificationsApi: modify } = api;
  pay.baseUrl = modify.baseUrl = `${base}/v72`;
  return { pay, modify };
}

export const amount = (value) => ({ value, currency: "USD" });

function purchase(token, type, more) {
  const expiryMonth = String(token.month).padStart(2, "0");
  const method = { type, number: token.number, expiryMonth, expiryYear: String(token.year) };
  return {
    merchantAccount: ACCOUNT,
    amount: amount(2500),
    reference: "order-1",
    returnUrl: "https://example.com/back",
    ...more,
    paymentMethod: { ...method, ...more.paymentMethod },
  };
}

export function customer(token, cryptogram, more = {}) {
  const mpiData = {
    tokenAuthenticationVerificationValue: cryptogram,
    directoryResponse: "Y",
    authenticationResponse: "Y",
    eci: token.number.startsWith("4") ? "07" : "02",
  };
  const interaction = { shopperInteraction: "Ecommerce", recurringProcessingModel: "CardOnFile" };
  return purchase(token, "networkToken", { mpiData, ...interaction, ...more });
}

export function merchant(token, networkTxReference, transactionLinkId) {
  const additionalData = { networkTxReference };
  if (transactionLinkId) additionalData.transactionLinkId = transactionLinkId;
  const interaction = {
    shopperInteraction: "ContAuth",
    recurringProcessingModel: "UnscheduledCardOnFile",
  };
  return purchase(token, "networkToken", { additionalData, ...interaction });
}

export function asCard(token, cvc) {
  return purchase(token, "scheme", { paymentMethod: { cvc }, shopperInteraction: "Ecommerce" });
}

export function references(answer) {
  const { networkTxReference: nti, transactionLinkId: tlid } = answer.additionalData;
  return { nti, tlid };
}

export function approved(answer) {
  assert.equal(answer.resultCode, "Authorised", JSON.stringify(answer));
  return answer;
}

// A refusal is no error: the client does not throw.
export function refused(answer) {
  assert.equal(answer.resultCode, "Refused");
  return { id: answer.pspReference, code: answer.refusalReasonCode, reason: answer.refusalReason };
}
