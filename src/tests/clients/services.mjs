// Each payment service through its vendor's own client, from authorization to refund, and the ways in which it refuses.
// Usage: node services.mjs BASE_URL
import assert from "node:assert/strict";
import { Gateway } from "./gateway.mjs";
import * as stripe from "./stripe.mjs";
import * as adyen from "./adyen.mjs";
import * as checkout from "./checkout.mjs";

const VISA = "4111111111111111";
const base = process.argv[2];
const gateway = new Gateway(base);
await gateway.signIn("standin-manual");
let steps = 0;
const step = async (what, doIt) => {
  await doIt().catch((error) => {
    throw new Error(`${what}: ${error.stack}`);
  });
  steps += 1;
};

await step("stripe: authorize, capture a part, refund", async () => {
  const api = stripe.stripe(base);
  const token = await gateway.token(VISA);
  const order = { ...stripe.customer(token, await gateway.long(token)), capture_method: "manual" };
  order.metadata = { order: "77" };
  const held = await api.paymentIntents.create(order);
  assert.equal(held.status, "requires_capture");
  assert.equal(held.latest_charge.payment_method_details.card.network_token.used, true);
  const captured = await api.paymentIntents.capture(held.id, { amount_to_capture: 2000 });
  assert.deepEqual([captured.status, captured.amount_received], ["succeeded", 2000]);
  const refund = await api.refunds.create({ payment_intent: held.id, amount: 500 });
  assert.equal((await api.refunds.retrieve(refund.id)).amount, 500);
  const read = await api.paymentIntents.retrieve(held.id, { expand: ["latest_charge"] });
  // What is not captured counts as refunded.
  assert.deepEqual([read.latest_charge.amount_refunded, read.metadata.order], [1000, "77"]);
  const charge = await api.charges.retrieve(read.latest_charge.id);
  assert.equal(charge.payment_intent, held.id);
  await assert.rejects(api.paymentIntents.cancel(held.id), { code: "payment_intent_unexpected_state" });
});

await step("stripe: cancel, keys and errors", async () => {
  const api = stripe.stripe(base);
  const token = await gateway.token(VISA);
  const order = { ...stripe.customer(token, await gateway.long(token)), capture_method: "manual" };
  const idempotencyKey = "order-78";
  const first = await api.paymentIntents.create(order, { idempotencyKey });
  const again = await api.paymentIntents.create(order, { idempotencyKey });
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers["idempotent-replayed"], "true");
  const other = api.paymentIntents.create({ ...order, amount: 2400 }, { idempotencyKey });
  await assert.rejects(other, { type: "StripeIdempotencyError" });
  assert.equal((await api.paymentIntents.cancel(first.id)).status, "canceled");
  const missing = api.paymentIntents.create(stripe.customer(token, ""));
  await assert.rejects(missing, { param: "payment_method_options[card][network_token][cryptogram]" });
  await assert.rejects(stripe.stripe(base, "sk_test_nobody").charges.retrieve("ch_1"), {
    type: "StripeAuthenticationError",
  });
});

await step("stripe: create, decline, confirm with another card, refund with a reason", async () => {
  const api = stripe.stripe(base);
  const waiting = await api.paymentIntents.create({ amount: 2500, currency: "usd", metadata: { order: "80" } });
  assert.deepEqual([waiting.status, waiting.latest_charge], ["requires_payment_method", null]);
  const card = { number: "4000000000009995", exp_month: 12, exp_year: 2029, cvc: "123" };
  const poor = { payment_method_data: { type: "card", card } };
  const { id, decline_code } = await stripe.declined(api.paymentIntents.confirm(waiting.id, poor));
  assert.deepEqual([id, decline_code], [waiting.id, "insufficient_funds"]);
  assert.equal(await gateway.reason(id), "insufficient_funds");
  const token = await gateway.token(VISA);
  const { payment_method_data, payment_method_options } = stripe.customer(token, await gateway.long(token));
  const idempotencyKey = "order-80";
  const order = { payment_method_data, payment_method_options };
  const paid = await api.paymentIntents.confirm(waiting.id, order, { idempotencyKey });
  assert.deepEqual([paid.id, paid.status, paid.metadata.order], [waiting.id, "succeeded", "80"]);
  const again = await api.paymentIntents.confirm(waiting.id, order, { idempotencyKey });
  assert.equal(again.latest_charge, paid.latest_charge);
  const wanted = { payment_intent: paid.id, reason: "requested_by_customer", metadata: { ticket: "1" } };
  const refund = await api.refunds.create(wanted);
  assert.deepEqual([refund.reason, refund.metadata.ticket], [wanted.reason, "1"]);
  await assert.rejects(api.paymentIntents.create({ ...wanted, amount: 1, currency: "usd" }), { code: "parameter_unknown" });
});

await step("adyen: authorize, capture, refund, cancel", async () => {
  const { pay, modify } = adyen.payments(base);
  const token = await gateway.token(VISA);
  const manual = { additionalData: { manualCapture: "true" } };
  const order = adyen.customer(token, await gateway.long(token), manual);
  const held = adyen.approved(await pay.payments(order, { idempotencyKey: "order-79" }));
  assert.equal((await pay.payments(order, { idempotencyKey: "order-79" })).pspReference, held.pspReference);
  assert.match(held.pspReference, /^[A-Z0-9]{16}$/);
  const part = { merchantAccount: "StandinMerchant", amount: adyen.amount(2000), reference: "part" };
  const captured = await modify.captureAuthorisedPayment(held.pspReference, part);
  assert.deepEqual([captured.status, captured.paymentPspReference], ["received", held.pspReference]);
  const refunded = await modify.refundCapturedPayment(held.pspReference, part);
  assert.equal(refunded.status, "received");
  const seen = await gateway.control("GET", `/payments/${held.pspReference}`);
  assert.equal(seen.state, "refunded");
  const sealed = {
    type: "scheme",
    encryptedCardNumber: "test_4111111111111111",
    encryptedExpiryMonth: "test_03",
    encryptedExpiryYear: "test_2030",
    encryptedSecurityCode: "test_737",
  };
  const { merchantAccount, amount, reference, returnUrl } = order;
  const page = { merchantAccount, amount, reference, returnUrl, metadata: { order: "79" }, paymentMethod: sealed };
  assert.equal(adyen.approved(await pay.payments(page)).additionalData.cardBin, "411111");
  const unsealed = { ...page, paymentMethod: { ...sealed, encryptedCardNumber: VISA } };
  await assert.rejects(pay.payments(unsealed), (error) => error.body.errorCode === "174");
  const missing = adyen.customer(token, undefined);
  await assert.rejects(pay.payments(missing), { statusCode: 422 });
});

await step("checkout.com: authorize, capture, refund, void", async () => {
  const api = checkout.checkout(base);
  const token = await gateway.token(VISA);
  const order = { ...checkout.customer(token, await gateway.long(token)), capture: false };
  const held = checkout.approved(await api.payments.request(order, "order-80"));
  assert.equal((await api.payments.request(order, "order-80")).id, held.id);
  await api.payments.capture(held.id, { amount: 2000, reference: "part" });
  await assert.rejects(api.payments.void(held.id), { http_code: 403 });
  await api.payments.refund(held.id, { amount: 500 });
  const read = await api.payments.get(held.id);
  assert.deepEqual([read.status, read.balances.available_to_refund], ["Partially Refunded", 1500]);
  const actions = await api.payments.getActions(held.id);
  assert.deepEqual(actions.map((action) => action.type), ["Refund", "Capture", "Authorization"]);
  const bad = api.payments.request({ ...order, amount: "x" });
  await assert.rejects(bad, (error) => error.http_code === 422 && error.body.error_codes[0] === "amount_invalid");
});

await step("checkout.com: provision, mint, spend, delete", async () => {
  const api = checkout.checkout(base);
  const source = { type: "card", number: VISA, expiry_month: 12, expiry_year: 2029 };
  const made = await api.networkTokens.provisionNetworkToken({ source });
  const { id, number, expiry_month: month, expiry_year: year } = made.network_token;
  const minted = await api.networkTokens.provisionCryptogram(id, { transaction_type: "ecom" });
  const order = checkout.customer({ number, month, year }, minted.cryptogram);
  checkout.approved(await api.payments.request(order));
  checkout.declined(await api.payments.request(order));
  await api.networkTokens.deleteNetworkToken(id);
  assert.equal((await api.networkTokens.getNetworkToken(id)).network_token.state, "deleted");
});

await step("checkout.com: hand a payment over to an agent's shop", async () => {
  const api = checkout.checkout(base);
  const card = { type: "card", card_number_type: "fpan", number: VISA, exp_month: "12", exp_year: "2029", cvc: "123" };
  const limits = { reason: "one_time", max_amount: 2500, currency: "USD", expires_at: "2100-01-01T00:00:00Z" };
  const body = {
    payment_method: { ...card, display_card_funding_type: "credit", metadata: {} },
    allowance: { ...limits, merchant_id: "standin-merchant", checkout_session_id: "cs_1" },
    risk_signals: [],
    metadata: { order: "81" },
  };
  const handed = await api.agenticCommerce.createDelegatedPaymentToken(body, "order-81");
  assert.match(handed.id, /^vt_/);
  assert.equal(handed.metadata.order, "81");
  assert.equal((await api.agenticCommerce.createDelegatedPaymentToken(body, "order-81")).id, handed.id);
});

console.log(JSON.stringify({ steps }));
