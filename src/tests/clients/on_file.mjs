// Stripe's own client: customers, what they pay with, setup intents, 3-D Secure; told of by events that its verifier takes.
// Usage: node on_file.mjs BASE_URL
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
let customer;

await step("a customer is created, changed, found and listed", async () => {
  customer = await api.customers.create({ name: "Jenny Rosen", email: "jenny@example.com", metadata: { order: "1" } });
  assert.match(customer.id, /^cus_/);
  const changed = await api.customers.update(customer.id, { phone: "+49 1", metadata: { order: "" } });
  assert.deepEqual([changed.phone, changed.metadata], ["+49 1", {}]);
  assert.equal((await api.customers.retrieve(customer.id)).email, "jenny@example.com");
  const found = [];
  for await (const one of api.customers.list({ email: "jenny@example.com", limit: 1 })) found.push(one.id);
  assert.deepEqual(found, [customer.id]);
});

await step("a card is kept, attached, charged without its customer, and detached", async () => {
  const card = { number: "4242424242424242", exp_month: 12, exp_year: 2034, cvc: "123" };
  const method = await api.paymentMethods.create({ type: "card", card, billing_details: { name: "Jenny" } });
  assert.equal(method.customer, null);
  await api.paymentMethods.attach(method.id, { customer: customer.id });
  const updated = await api.paymentMethods.update(method.id, { card: { exp_year: 2035 } });
  assert.equal(updated.card.exp_year, 2035);
  const invoice_settings = { default_payment_method: method.id };
  await api.customers.update(customer.id, { invoice_settings });
  const expand = ["invoice_settings.default_payment_method"];
  const read = await api.customers.retrieve(customer.id, { expand });
  assert.equal(read.invoice_settings.default_payment_method.card.last4, "4242");
  const paid = await api.paymentIntents.create({
    ...amount, customer: customer.id, payment_method: method.id, off_session: true, confirm: true,
  });
  assert.deepEqual([paid.status, paid.payment_method], ["succeeded", method.id]);
  const charges = await api.charges.list({ customer: customer.id });
  assert.deepEqual(charges.data.map((charge) => charge.payment_method), [method.id]);
  const refund = await api.refunds.create({ payment_intent: paid.id });
  assert.deepEqual((await api.refunds.list({ payment_intent: paid.id })).data.map((one) => one.id), [refund.id]);
  const listed = await api.customers.listPaymentMethods(customer.id);
  assert.deepEqual(listed.data.map((one) => one.id), [method.id]);
  assert.equal((await api.paymentMethods.detach(method.id)).customer, null);
  await assert.rejects(api.paymentMethods.attach(method.id, { customer: customer.id }), {
    type: "StripeInvalidRequestError",
  });
  const declined = api.paymentMethods.attach("pm_card_visa_chargeDeclined", { customer: customer.id });
  await assert.rejects(declined, { type: "StripeCardError", decline_code: "generic_decline" });
});

await step("a setup intent is confirmed, cancelled, listed", async () => {
  const made = await api.setupIntents.create({ customer: customer.id, usage: "off_session" });
  assert.equal(made.status, "requires_payment_method");
  const done = await api.setupIntents.confirm(made.id, { payment_method: "pm_card_mastercard" });
  assert.equal(done.status, "succeeded");
  const paid = await api.paymentIntents.create({
    ...amount, customer: customer.id, payment_method: done.payment_method, off_session: true, confirm: true,
  });
  assert.equal(paid.status, "succeeded");
  const other = await api.setupIntents.create({});
  assert.equal((await api.setupIntents.cancel(other.id)).status, "canceled");
  const listed = await api.setupIntents.list({ customer: customer.id });
  assert.deepEqual(listed.data.map((one) => one.id), [made.id]);
});

await step("a card that wants its customer authenticated sends it away", async () => {
  const asked = { ...amount, payment_method: "pm_card_threeDSecure2Required", confirm: true };
  const intent = await api.paymentIntents.create({ ...asked, return_url: "https://shop.example/back" });
  assert.equal(intent.status, "requires_action");
  const { url } = intent.next_action.redirect_to_url;
  const back = await fetch(url, { method: "POST", body: new URLSearchParams({ outcome: "succeeded" }), redirect: "manual" });
  assert.match(back.headers.get("location"), /redirect_status=succeeded/);
  assert.equal((await api.paymentIntents.retrieve(intent.id)).status, "succeeded");
  const refused = api.paymentIntents.create({ ...asked, error_on_requires_action: true });
  await assert.rejects(refused, { code: "authentication_required" });
});

await step("an endpoint is changed, and events are read back", async () => {
  const url = "http://127.0.0.1:9/hooks";
  const made = await api.webhookEndpoints.create({ url, enabled_events: ["charge.expired"] });
  const changed = await api.webhookEndpoints.update(made.id, { enabled_events: ["charge.expired", "customer.created"], disabled: true });
  assert.deepEqual([changed.status, changed.enabled_events.length], ["disabled", 2]);
  await api.webhookEndpoints.del(made.id);
  const types = new Set();
  for await (const event of api.events.list({ limit: 100 })) types.add(event.type);
  for (const type of [
    "customer.created", "customer.updated", "payment_method.attached", "payment_method.updated", "payment_method.detached",
    "setup_intent.created", "setup_intent.succeeded", "setup_intent.canceled", "payment_intent.requires_action",
  ]) assert.ok(types.has(type), type);
});

await step("a customer is deleted", async () => {
  assert.equal((await api.customers.del(customer.id)).deleted, true);
  assert.equal((await api.customers.retrieve(customer.id)).deleted, true);
  const order = { ...amount, customer: customer.id };
  await assert.rejects(api.paymentIntents.create(order), { code: "resource_missing", param: "customer", statusCode: 400 });
});

console.log(JSON.stringify({ steps }));
