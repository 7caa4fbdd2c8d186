// Stripe's own client against standin. Members for network tokens stand in no released type; they pass through.
import assert from "node:assert/strict";
import Stripe from "stripe";
import { authenticated } from "./gateway.mjs";

export function stripe(base, key = "sk_test_standin") {
  const { hostname: host, port } = new URL(base);
  return new Stripe(key, { host, port, protocol: "http", maxNetworkRetries: 0 });
}

const purchase = { amount: 2500, currency: "usd", confirm: true, expand: ["latest_charge"] };

function asToken(token) {
  const network_token = { number: token.number, exp_month: token.month, exp_year: token.year };
  return { type: "card", card: { network_token } };
}

// A payment of the customer's with a long cryptogram.
export function customer(token, cryptogram) {
  const network_token = { cryptogram, electronic_commerce_indicator: authenticated(token) };
  return {
    ...purchase,
    payment_method_data: asToken(token),
    payment_method_options: { card: { network_token } },
  };
}

// A payment of the merchant's that quotes an earlier one.
export function merchant(token, network_transaction_id, transaction_link_id) {
  const mit_exemption = { network_transaction_id };
  if (transaction_link_id) mit_exemption.transaction_link_id = transaction_link_id;
  return {
    ...purchase,
    off_session: true,
    payment_method_data: asToken(token),
    payment_method_options: { card: { mit_exemption } },
  };
}

// Token and short cryptogram where a card's number and security code would go.
export function asCard(token, cvc) {
  const card = { number: token.number, exp_month: token.month, exp_year: token.year, cvc };
  return { ...purchase, payment_method_data: { type: "card", card } };
}

export function references(intent) {
  const { network_transaction_id: nti, transaction_link_id: tlid } =
    intent.latest_charge.payment_method_details.card;
  return { nti, tlid };
}

export async function declined(promise) {
  const error = await promise.then(() => null, (error) => error);
  assert.equal(error?.type, "StripeCardError", String(error));
  assert.equal(error.statusCode, 402);
  return { id: error.payment_intent.id, code: error.code, decline_code: error.decline_code };
}
