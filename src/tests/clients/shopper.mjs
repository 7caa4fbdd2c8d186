// Somebody buys in a browser: at the checkout of a merchant that knows cards only, with a network token and a short
// cryptogram typed where card number and security code go.
// Usage: node shopper.mjs BASE_URL
import assert from "node:assert/strict";
import { Browser } from "./browser.mjs";
import { Gateway } from "./gateway.mjs";

const base = process.argv[2];
const gateway = new Gateway(base);
await gateway.signIn("standin-manual");
const token = await gateway.token("4111111111111111");
const code = await gateway.short(token);
assert.match(code, /^\d{3}$/);
const browser = await Browser.open();
let steps = 0;

const pay = async (cvc) => {
  await browser.type("#number", token.number.replace(/(.{4})(?=.)/g, "$1 "));
  await browser.type("#expiry", `${String(token.month).padStart(2, "0")}/${token.year % 100}`);
  await browser.type("#cvc", cvc);
  await browser.leading("the payment", () => browser.click("#pay"));
  const outcome = await browser.value("document.querySelector('#outcome')?.dataset.outcome");
  const reference = await browser.value("document.querySelector('#reference')?.textContent");
  return { outcome, reason: reference && (await gateway.reason(reference)) };
};

try {
  const checkout = `${base}/checkout?amount=2500&currency=USD`;
  await browser.goto(checkout);
  assert.equal(await browser.value("document.querySelector('#pay').textContent"), "Pay 25.00 USD");
  assert.deepEqual(await pay(code), { outcome: "approved", reason: null });
  assert.match(await browser.value("document.body.innerText"), /25\.00 USD paid with a card ending in/);
  steps += 1;

  // The same three digits a second time.
  await browser.goto(checkout);
  assert.deepEqual(await pay(code), { outcome: "declined", reason: "cryptogram_replayed" });
  assert.equal(await browser.value("document.querySelector('#cvc').value"), "");
  steps += 1;

  // The page that declined takes a fresh code at once; it has kept the rest.
  const fresh = await gateway.short(token);
  assert.deepEqual(await pay(fresh), { outcome: "approved", reason: null });
  steps += 1;

  // What cannot be a card never reaches the network.
  await browser.goto(checkout);
  const { outcome } = await pay("12");
  assert.equal(outcome, undefined);
  assert.ok(await browser.value("document.querySelector('#cvc-problem').textContent"));
  steps += 1;
} finally {
  await browser.close();
}

console.log(JSON.stringify({ steps }));
