// One story through the vendors' own clients: a card becomes a token, the token pays at three payment services, the
// merchant goes on charging it, and nothing pays twice. What the issuer does is told by a webhook that the Standard Webhooks
// library verifies, and decides the next payment.
// With a second argument nothing is probed: it is what a merchant does who does nothing wrong.
// Usage: node story.mjs BASE_URL [rightly]
import assert from "node:assert/strict";
import { Gateway } from "./gateway.mjs";
import * as stripe from "./stripe.mjs";
import * as adyen from "./adyen.mjs";
import * as checkout from "./checkout.mjs";
import { Receiver } from "./receiver.mjs";

const [, , base, rightly] = process.argv;
const gateway = new Gateway(base);
const receiver = await Receiver.open(gateway, ["suspended", "resumed"]);
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

// The issuer does something to a token, and the merchant hears of it before anything else happens.
async function changed(token, event, type) {
  const before = receiver.arrived.length;
  await gateway.control("POST", `/tokens/${token.reference}/events`, { event, by: "issuer" });
  await gateway.control("POST", "/clock", { advance: "PT0S" });
  assert.equal(receiver.arrived.length, before + 1);
  const told = receiver.last();
  assert.equal(told.type, type);
  assert.equal(told.data.token_reference, token.reference);
}

for (const pan of ["4111111111111111", "5555555555554444"]) {
  for (const { name, words, pay, decline } of services) {
    const token = await gateway.token(pan);

    const order = words.customer(token, await gateway.long(token));
    const { nti, tlid } = await pay(order);
    assert.ok(nti, name);
    assert.equal(Boolean(tlid), pan.startsWith("5"));
    if (!rightly) assert.equal(await gateway.reason((await decline(order)).id), "cryptogram_replayed");

    const later = await pay(words.merchant(token, nti, tlid));
    assert.equal(later.tlid, tlid);
    assert.notEqual(later.nti, nti);
    if (!rightly) assert.equal(await gateway.reason((await decline(words.merchant(token))).id), "nti_missing");

    const guest = words.asCard(token, await gateway.short(token));
    await pay(guest);
    if (!rightly) assert.equal(await gateway.reason((await decline(guest)).id), "cryptogram_replayed");

    const cryptogram = await gateway.long(token);
    await changed(token, "suspend", "network_token.suspended");
    if (!rightly) {
      const refused = await decline(words.customer(token, cryptogram));
      assert.equal(await gateway.reason(refused.id), "suspended");
    }
    await changed(token, "resume", "network_token.resumed");
    await pay(words.customer(token, await gateway.long(token)));
    steps += 1;
  }
}

receiver.close();
console.log(JSON.stringify({ steps }));
