// One story through the vendors' own clients: a card becomes a token, the token pays at three payment services, the
// merchant goes on charging it, and nothing pays twice.
// Usage: node story.mjs BASE_URL
import assert from "node:assert/strict";
import { Gateway } from "./gateway.mjs";
import * as stripe from "./stripe.mjs";
import * as adyen from "./adyen.mjs";
import * as checkout from "./checkout.mjs";

const base = process.argv[2];
const gateway = new Gateway(base);
await gateway.signIn("standin-manual");
let steps = 0;

const atStripe = stripe.stripe(base).paymentIntents;
const atAdyen = adyen.payments(base).pay;
const atCheckout = checkout.checkout(base).payments;

// Each service pays or declines in its own manner; here they all answer alike.
const services = [
  {
    name: "stripe",
    words: stripe,
    pay: async (order) => stripe.references(await atStripe.create(order)),
    decline: (order) => stripe.declined(atStripe.create(order)),
  },
  {
    name: "adyen",
    words: adyen,
    pay: async (order) => adyen.references(adyen.approved(await atAdyen.payments(order))),
    decline: async (order) => adyen.refused(await atAdyen.payments(order)),
  },
  {
    name: "checkout.com",
    words: checkout,
    pay: async (order) => checkout.references(checkout.approved(await atCheckout.request(order))),
    decline: async (order) => checkout.declined(await atCheckout.request(order)),
  },
];

for (const pan of ["4111111111111111", "5555555555554444"]) {
  for (const { name, words, pay, decline } of services) {
    const token = await gateway.token(pan);

    const order = words.customer(token, await gateway.long(token));
    const { nti, tlid } = await pay(order);
    assert.ok(nti, name);
    assert.equal(Boolean(tlid), pan.startsWith("5"));
    assert.equal(await gateway.reason((await decline(order)).id), "cryptogram_replayed");

    const later = await pay(words.merchant(token, nti, tlid));
    assert.equal(later.tlid, tlid);
    assert.notEqual(later.nti, nti);
    assert.equal(await gateway.reason((await decline(words.merchant(token))).id), "nti_missing");

    const guest = words.asCard(token, await gateway.short(token));
    await pay(guest);
    assert.equal(await gateway.reason((await decline(guest)).id), "cryptogram_replayed");

    await gateway.event(token, "suspend");
    const held = await gateway.control("GET", "/notices");
    assert.equal(held.notices.at(-1).event, "suspended");
    await gateway.event(token, "resume");
    await pay(words.customer(token, await gateway.long(token)));
    const cryptogram = await gateway.long(token);
    await gateway.event(token, "suspend");
    const refused = await decline(words.customer(token, cryptogram));
    assert.equal(await gateway.reason(refused.id), "suspended");
    steps += 1;
  }
}

console.log(JSON.stringify({ steps }));
