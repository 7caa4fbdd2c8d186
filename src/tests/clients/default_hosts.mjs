// The payment services' own clients as their documents configure them: with a key and no address. Run under `standin run`.
import assert from "node:assert/strict";
import Stripe from "stripe";
import adyenLibrary from "@adyen/api-library";
import { Checkout } from "checkout-sdk-node";

const { CheckoutAPI, Client, Config, EnvironmentEnum } = adyenLibrary;
let steps = 0;

const stripe = new Stripe("sk_test_standin");
const intent = await stripe.paymentIntents.create({
  amount: 2500,
  currency: "usd",
  confirm: true,
  payment_method: "pm_card_visa",
  automatic_payment_methods: { enabled: true, allow_redirects: "never" },
});
assert.equal(intent.status, "succeeded");
steps += 1;

const adyen = new Client(new Config({ apiKey: "standin-adyen", environment: EnvironmentEnum.TEST }));
const payment = await new CheckoutAPI(adyen).PaymentsApi.payments({
  merchantAccount: "StandinMerchant",
  reference: "order-1",
  returnUrl: "https://shop.example/done",
  amount: { currency: "USD", value: 2500 },
  paymentMethod: {
    type: "scheme",
    number: "4111111111111111",
    expiryMonth: "03",
    expiryYear: "2030",
    cvc: "737",
  },
});
assert.equal(payment.resultCode, "Authorised");
steps += 1;

const checkout = new Checkout("sk_sbox_standinstandinstandinstandi", {
  environment: "sandbox",
  subdomain: "standin1",
});
const paid = await checkout.payments.request({
  amount: 2500,
  currency: "USD",
  source: { type: "card", number: "4242424242424242", expiry_month: 12, expiry_year: 2030, cvv: "100" },
});
assert.equal(paid.approved, true);
steps += 1;

// Node's own fetch, and a host that is nobody's.
await assert.rejects(fetch("https://canary.example/"));
steps += 1;
console.log(JSON.stringify({ steps }));
