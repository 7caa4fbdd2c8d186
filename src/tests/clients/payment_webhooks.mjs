// What the payment services tell of payments, verified by their own libraries: what was sent twice is one event, and what
// somebody else signed is none. Checkout.com's library has no verifier, so its page on webhooks is followed.
// Usage: node payment_webhooks.mjs BASE_URL
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { hmacValidator } from "@adyen/api-library";
import { Gateway } from "./gateway.mjs";
import * as stripe from "./stripe.mjs";
import * as adyen from "./adyen.mjs";
import * as checkout from "./checkout.mjs";

const base = process.argv[2];
const gateway = new Gateway(base);
const CARD = "4242424242424242";

// A merchant's receiver: it takes a message when its signature is right, and an event once.
class Receiver {
  taken = [];
  refused = 0;
  repeated = 0;
  seen = new Set();

  constructor(verify) {
    this.server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        const event = verify(body, request.headers, this.secret);
        if (!event) this.refused += 1;
        else if (this.seen.has(event.name)) this.repeated += 1;
        else {
          this.seen.add(event.name);
          this.taken.push(event);
        }
        response.statusCode = 200;
        response.end();
      });
    });
  }

  async open() {
    await new Promise((ready) => this.server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${this.server.address().port}/hooks`;
  }

  close() {
    this.server.close();
  }
}

const api = stripe.stripe(base);
const services = [
  {
    profile: "stripe",
    // Stripe's own way to say where to be told.
    register: async (url) => (await api.webhookEndpoints.create({ url, enabled_events: ["*"] })).secret,
    verify(body, headers, secret) {
      try {
        const event = api.webhooks.constructEvent(body, headers["stripe-signature"], secret);
        return { name: event.id, type: event.type };
      } catch (error) {
        assert.equal(error.type, "StripeSignatureVerificationError");
        return null;
      }
    },
    async pay() {
      const card = { number: CARD, exp_month: 12, exp_year: 2034, cvc: "123" };
      const order = { amount: 2500, currency: "usd", confirm: true };
      await api.paymentIntents.create({ ...order, payment_method_data: { type: "card", card } });
    },
    first: ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"],
    spoilt: "payment_approved",
  },
  {
    profile: "adyen",
    verify(body, _headers, secret) {
      const { NotificationRequestItem: item } = JSON.parse(body).notificationItems[0];
      if (!new hmacValidator().validateHMAC(item, secret)) return null;
      return { name: `${item.pspReference}/${item.eventCode}/${item.success}`, type: item.eventCode };
    },
    async pay() {
      await adyen.payments(base).pay.payments({
        merchantAccount: "StandinMerchant",
        amount: adyen.amount(2500),
        reference: "order-1",
        returnUrl: "https://localhost/",
        paymentMethod: { type: "scheme", number: CARD, expiryMonth: "12", expiryYear: "2034", cvc: "123" },
      });
    },
    first: ["AUTHORISATION"],
    spoilt: "payment_approved",
  },
  {
    profile: "checkout",
    verify(body, headers, secret) {
      const genuine = createHmac("sha256", secret).update(body).digest("hex");
      if (headers["cko-signature"] !== genuine) return null;
      const event = JSON.parse(body);
      return { name: event.id, type: event.type };
    },
    async pay() {
      const source = { type: "card", number: CARD, expiry_month: 12, expiry_year: 2034, cvv: "123" };
      await checkout.checkout(base).payments.request({ amount: 2500, currency: "USD", source });
    },
    first: ["payment_approved", "payment_captured"],
    spoilt: "payment_approved",
  },
];

let steps = 0;
for (const { profile, register, verify, pay, first, spoilt } of services) {
  const receiver = new Receiver(verify);
  const url = await receiver.open();
  const by_tester = async () => (await gateway.control("POST", "/webhooks", { url, profile })).secret;
  receiver.secret = await (register ?? by_tester)(url);

  await pay();
  await gateway.control("POST", "/clock", { advance: "PT0S" });
  assert.deepEqual(receiver.taken.map((event) => event.type), first, profile);
  assert.equal(receiver.refused, 0);
  steps += 1;

  // Everything is sent twice: the receiver takes each event once.
  await gateway.control("POST", "/faults", { text: "webhook_duplicate 1" });
  await pay();
  await gateway.control("POST", "/clock", { advance: "PT0S" });
  assert.equal(receiver.taken.length, 2 * first.length, profile);
  assert.equal(receiver.repeated, first.length, profile);
  await gateway.control("DELETE", "/faults");
  steps += 1;

  // One message is signed by somebody else.
  await gateway.control("POST", "/faults", { text: `webhook_bad_signature other_secret on event=${spoilt}` });
  await pay();
  await gateway.control("POST", "/clock", { advance: "PT0S" });
  assert.equal(receiver.refused, 1, profile);
  assert.equal(receiver.taken.length, 3 * first.length - 1, profile);
  await gateway.control("DELETE", "/faults");
  receiver.close();
  steps += 1;
}

console.log(JSON.stringify({ steps }));
