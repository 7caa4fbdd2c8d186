// Stripe's own client: charges from tokens, search, what is written out, errors about a status, the balance.
// Usage: node charges.mjs BASE_URL
import assert from "node:assert/strict";
import { stripe } from "./stripe.mjs";

const base = process.argv[2];
const api = stripe(base);
let steps = 0;
const step = async (what, doIt) => {
  await doIt().catch((error) => {
    throw new Error(`${what}: ${error.stack}`);
  });
  steps += 1;
};
const amount = { amount: 2000, currency: "usd" };

await step("a token is charged, captured in part and refunded", async () => {
  const card = { number: "4242424242424242", exp_month: 12, exp_year: 2034, cvc: "123" };
  const token = await api.tokens.create({ card });
  const held = await api.charges.create({ ...amount, source: token.id, capture: false });
  const captured = await api.charges.capture(held.id, { amount: 1500 });
  assert.deepEqual([captured.amount_captured, captured.amount_refunded], [1500, 500]);
  const refund = await api.refunds.create({ charge: held.id, expand: ["charge.balance_transaction"] });
  assert.deepEqual([refund.amount, refund.charge.refunded], [1500, true]);
  assert.equal(refund.charge.balance_transaction.net, 1500 - 74);
  await assert.rejects(api.charges.create({ ...amount, source: token.id }), { code: "token_already_used" });
  await assert.rejects(api.charges.create({ ...amount, source: "tok_chargeDeclined" }), { decline_code: "generic_decline" });
});

await step("intents are found by what is kept with them, page by page", async () => {
  for (const order of ["a", "b", "c"]) {
    const metadata = { order, shop: "north" };
    const paid = { ...amount, metadata, payment_method: "pm_card_visa", confirm: true };
    await api.paymentIntents.create({ ...paid, automatic_payment_methods: { enabled: true, allow_redirects: "never" } });
  }
  const query = "metadata['shop']:'north' AND status:'succeeded'";
  const orders = [];
  for await (const intent of api.paymentIntents.search({ query, limit: 2, expand: ["data.latest_charge"] })) {
    orders.push(intent.metadata.order);
    assert.equal(intent.latest_charge.payment_intent, intent.id);
  }
  assert.deepEqual(orders, ["c", "b", "a"]);
  await assert.rejects(api.paymentIntents.search({ query: "foo:'bar'" }), /unsupported search field/);
});

await step("an error about a status brings the intent, and what is kept can be changed", async () => {
  const [paid] = (await api.paymentIntents.list({ limit: 1 })).data;
  const error = await api.paymentIntents.cancel(paid.id).then(() => null, (error) => error);
  assert.equal(error.code, "payment_intent_unexpected_state");
  assert.deepEqual([error.payment_intent.id, error.payment_intent.status], [paid.id, "succeeded"]);
  const changed = await api.paymentIntents.update(paid.id, { metadata: { shop: "south", order: null } });
  assert.deepEqual(changed.metadata, { shop: "south" });
  const entries = await api.balanceTransactions.list({ type: "refund" });
  assert.deepEqual(entries.data.map((entry) => entry.amount), [-1500]);
});

console.log(JSON.stringify({ steps }));
