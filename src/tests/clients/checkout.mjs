// Checkout.com's own client against standin.
import assert from "node:assert/strict";
import { Checkout } from "checkout-sdk-node";
import { authenticated } from "./gateway.mjs";

export function checkout(base, key = "sk_sbox_standinstandinstandinstandi") {
  return new Checkout(key, { host: base });
}

const purchase = { amount: 2500, currency: "USD", reference: "order-1" };

function asToken(token) {
  return {
    type: "network_token",
    token: token.number,
    token_type: token.number.startsWith("4") ? "vts" : "mdes",
    expiry_month: token.month,
    expiry_year: token.year,
  };
}

export function customer(token, cryptogram) {
  return { ...purchase, payment_type: "Regular", source: { ...asToken(token), cryptogram, eci: authenticated(token) } };
}

export function merchant(token, previous_payment_id, scheme_transaction_link_id) {
  const quoted = { payment_type: "Unscheduled", merchant_initiated: true, previous_payment_id };
  const processing = scheme_transaction_link_id ? { scheme_transaction_link_id } : {};
  return { ...purchase, ...quoted, processing, source: asToken(token) };
}

export function asCard(token, cvv) {
  const { number, month: expiry_month, year: expiry_year } = token;
  return { ...purchase, source: { type: "card", number, expiry_month, expiry_year, cvv } };
}

export function references(answer) {
  return { nti: answer.scheme_id, tlid: answer.processing.scheme_transaction_link_id };
}

export function approved(answer) {
  assert.equal(answer.approved, true, JSON.stringify(answer));
  return answer;
}

// A decline is no error: the client does not throw.
export function declined(answer) {
  assert.equal(answer.approved, false);
  assert.equal(answer.status, "Declined");
  return { id: answer.id, code: answer.response_code };
}
