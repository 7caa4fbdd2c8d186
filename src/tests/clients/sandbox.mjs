// A sandbox in which something of every kind has happened, for whoever wants to look at it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Gateway } from "./gateway.mjs";

const CARDS = ["4111111111111111", "5555555555554444", "378282246310005", "4242424242424242"];

// Somebody who takes every message, and says so.
async function receiver() {
  const server = createServer((request, answer) => {
    request.resume();
    request.on("end", () => answer.end("ok"));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

async function pay(base, body) {
  const answer = await fetch(`${base}/payments`, {
    method: "POST",
    headers: { authorization: "Bearer standin_key", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  assert.ok(told.id, JSON.stringify(told));
  return told.id;
}

// Fills a space and says what is in it.
export async function fill(base) {
  const gateway = new Gateway(base);
  await gateway.signIn("standin-manual");
  const hooks = await receiver();
  await gateway.control("POST", "/webhooks", { url: `http://127.0.0.1:${hooks.address().port}/webhooks` });
  // Nobody listens there.
  await gateway.control("POST", "/webhooks", { url: "http://127.0.0.1:9/webhooks", profile: "stripe" });
  const tokens = [];
  for (const pan of CARDS) tokens.push(await gateway.token(pan));
  const [token, suspended] = tokens;
  const card = { number: token.number, exp_month: token.month, exp_year: token.year };
  const cryptogram = await gateway.long(token);
  const whole = { amount: 2500, currency: "USD", network_token: { ...card, cryptogram, eci: "05" } };
  const paid = await pay(base, whole);
  const declined = await pay(base, whole);
  await pay(base, { amount: 990, currency: "EUR", card: { number: "4111111111111111", exp_month: 12, exp_year: 2029, security_code: "123" } });
  await gateway.event(suspended, "suspend");
  await gateway.control("POST", "/faults", { text: "status 503 on path=/cards/nobody when first=1 as once" });
  await gateway.control("POST", "/faults", { text: "lost_after_commit on operation=authorize when nth=9 as lost" });
  await gateway.control("POST", "/faults", { text: "latency p50=120ms p99=900ms on surface=visa as slow ttl 10m" });
  await gateway.control("PUT", "/faults/slow", { on: false });
  const authorization = `Bearer ${gateway.access}`;
  for (const path of ["/cards/nobody", "/cards/nobody", "/nowhere/at/all"]) {
    await fetch(base + path, { headers: { authorization } });
  }
  const delivered = async () => (await gateway.control("GET", "/webhooks/messages")).delivered;
  for (let at = 0; at < 200 && !(await delivered()).length; at += 1) await new Promise((later) => setTimeout(later, 20));
  assert.ok((await delivered()).length, "a message is delivered");
  return { gateway, tokens, paid, declined, close: () => hooks.close() };
}
