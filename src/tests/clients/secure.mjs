// 3-D Secure through Adyen's and Checkout.com's own clients: the customer is sent away, comes back, and the payment goes on.
// Usage: node secure.mjs BASE_URL
import assert from "node:assert/strict";
import * as adyen from "./adyen.mjs";
import * as checkout from "./checkout.mjs";

const base = process.argv[2];
let steps = 0;
const step = async (what, doIt) => {
  await doIt().catch((error) => {
    throw new Error(`${what}: ${error.stack}`);
  });
  steps += 1;
};

// What a browser does at the page: it opens it, presses a button, and is led back.
async function shopper(url, outcome) {
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /3-D Secure/);
  const body = new URLSearchParams({ outcome });
  const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
  assert.equal(answer.status, 303);
  return new URL(answer.headers.get("location"));
}

function order(number, nativeThreeDS) {
  return {
    merchantAccount: "StandinMerchant",
    amount: adyen.amount(2500),
    reference: "order-3ds",
    returnUrl: "https://example.com/back?order=3",
    paymentMethod: { type: "scheme", number, expiryMonth: "03", expiryYear: "2030", cvc: "737" },
    authenticationData: { attemptAuthentication: "always", threeDSRequestData: { nativeThreeDS } },
  };
}

await step("adyen: by redirect, both ways", async () => {
  const { pay } = adyen.payments(base);
  const ended = async (outcome) => {
    const sent = await pay.payments(order("4917610000000000", "disabled"));
    assert.deepEqual([sent.resultCode, sent.action.type], ["RedirectShopper", "redirect"]);
    const back = await shopper(sent.action.url, outcome);
    assert.equal(back.searchParams.get("order"), "3");
    return pay.paymentsDetails({ details: { redirectResult: back.searchParams.get("redirectResult") } });
  };
  const paid = adyen.approved(await ended("succeeded"));
  assert.deepEqual([paid.merchantReference, paid.amount.value], ["order-3ds", 2500]);
  const { code, reason } = adyen.refused(await ended("failed"));
  assert.deepEqual([code, reason], ["11", "3D Not Authenticated"]);
});

await step("adyen: in the shop's own page", async () => {
  const { pay } = adyen.payments(base);
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64");
  const due = await pay.payments(order("4917610000000000", "preferred"));
  assert.deepEqual([due.resultCode, due.action.subtype], ["IdentifyShopper", "fingerprint"]);
  const { paymentData } = due.action;
  const looked = { paymentData, details: { threeds2_fingerprint: encoded({ threeDSCompInd: "Y" }) } };
  const asked = await pay.paymentsDetails(looked);
  assert.deepEqual([asked.resultCode, asked.action.subtype], ["ChallengeShopper", "challenge"]);
  const { authorisationToken } = asked.action;
  const threeDSResult = encoded({ transStatus: "Y", authorisationToken });
  adyen.approved(await pay.paymentsDetails({ details: { threeDSResult } }));
  const free = await pay.payments(order("5201281505129736", "preferred"));
  const said = { paymentData: free.action.paymentData, details: looked.details };
  adyen.approved(await pay.paymentsDetails(said));
});

await step("checkout.com: a payment waits, and is authorized or declined", async () => {
  const api = checkout.checkout(base);
  const ended = async (outcome) => {
    const card = { number: "4010061700000021", month: 12, year: 2030 };
    const sent = await api.payments.request({
      ...checkout.asCard(card, "100"),
      capture: false,
      "3ds": { enabled: true },
      success_url: "https://example.com/success",
      failure_url: "https://example.com/failure",
    });
    assert.deepEqual([sent.status, sent["3ds"].enrolled, sent.requiresRedirect], ["Pending", "Y", true]);
    assert.equal((await api.payments.get(sent.id)).status, "Pending");
    const back = await shopper(sent.redirectLink, outcome);
    const read = await api.payments.get(back.searchParams.get("cko-session-id"));
    assert.equal(read.id, sent.id);
    return [back.pathname, read.status];
  };
  assert.deepEqual(await ended("succeeded"), ["/success", "Authorized"]);
  assert.deepEqual(await ended("failed"), ["/failure", "Declined"]);
});

console.log(JSON.stringify({ steps }));
