// Somebody uses the dashboard with the keyboard and nothing else.
// Usage: node dashboard_keyboard.mjs BASE_URL
import assert from "node:assert/strict";
import { Browser } from "./browser.mjs";
import { fill } from "./sandbox.mjs";

const base = process.argv[2];
const sandbox = await fill(base);
const { gateway } = sandbox;
const browser = await Browser.open();
let steps = 0;
const SHIFT = 8;
const text = (selector) => browser.value(`document.querySelector(${JSON.stringify(selector)})?.textContent.trim()`);
const write = (words) => browser.send("Input.insertText", { text: words });
const focused = () => browser.value("document.activeElement.outerHTML.slice(0, 160)");
// Tab until the element has the focus, and see that it shows.
const reach = async (selector, by = 0) => {
  for (let at = 0; at < 120; at += 1) {
    if (await browser.value(`document.activeElement.matches(${JSON.stringify(selector)})`)) {
      assert.ok(await browser.value("parseFloat(getComputedStyle(document.activeElement).outlineWidth) > 0 && getComputedStyle(document.activeElement).outlineStyle !== 'none'"), `no focus is seen at ${selector}`);
      return;
    }
    await browser.press("Tab", by);
  }
  assert.fail(`Tab never came to ${selector}; it is at ${await focused()}`);
};
const view = async (key, name) => {
  await browser.leading(name, () => browser.press(key));
  assert.equal(await browser.value("document.body.dataset.view"), name);
};

try {
  await browser.size(1440, 900);
  await browser.goto(`${base}/`);
  await browser.until("document.querySelector('#connection').dataset.state === 'live'", "live");

  // Down, down, up, open, close.
  for (const key of ["j", "j", "j", "k"]) await browser.press(key);
  assert.equal(await browser.value("[...document.querySelectorAll('[data-row]')].indexOf(document.activeElement)"), 1);
  await browser.press("Enter");
  await browser.until("document.querySelector('#detail #curl')", "the exchange opens");
  assert.match(await text("#curl"), /^curl -i -X/);
  assert.match(await text("#verify"), /^standin verify --match/);
  await browser.press("Escape");
  await browser.until("!document.querySelector('#detail #curl')", "it closes");
  assert.equal(await browser.value("[...document.querySelectorAll('[data-row]')].indexOf(document.activeElement)"), 1);
  steps += 1;

  // A search that cannot be says why, and one that can finds.
  await browser.press("/");
  await write("statsu=4xx");
  await browser.leading("a wrong search", () => browser.press("Enter"));
  assert.match(await text("#search-problem"), /did you mean "status"/);
  await browser.press("/");
  await browser.value("document.activeElement.select()");
  await write("status=4xx&path=/nowhere/**");
  await browser.leading("a search", () => browser.press("Enter"));
  assert.equal(await browser.value("document.querySelectorAll('#rows [data-row]').length"), 1);
  // Of what comes now, only what is asked for comes in.
  await fetch(`${base}/cards/else`);
  await fetch(`${base}/nowhere/new`);
  await browser.until("document.querySelectorAll('#rows [data-row]').length === 2", "a new one comes in");
  assert.match(await text("#rows tbody tr"), /\/nowhere\/new/);
  steps += 1;

  // Help comes and goes.
  await browser.press("?", SHIFT);
  assert.ok(await browser.value("document.querySelector('#keys').open"));
  await browser.press("Escape");
  assert.ok(!(await browser.value("document.querySelector('#keys').open")));
  await browser.press("t");
  assert.equal(await browser.value("document.documentElement.dataset.theme"), "light");
  steps += 1;

  // A payment, and the check that declined it.
  await view("2", "payments");
  for (let at = 0; at < 9 && !(await browser.value(`document.activeElement.dataset.key === ${JSON.stringify(sandbox.declined)}`)); at += 1) await browser.press("j");
  await browser.press("Enter");
  await browser.until("document.querySelector('#detail [data-check=declined]')", "the checks");
  assert.match(await text("#detail [data-check=declined]"), /cryptogram_replayed/);
  assert.ok(await browser.value("document.querySelector('#detail [data-check=passed]') && document.querySelector('#detail [data-check=not_reached]')"));
  steps += 1;

  // A token is suspended by the network.
  await view("3", "tokens");
  await browser.press("j");
  const reference = await browser.value("document.activeElement.dataset.key");
  const before = (await gateway.control("GET", `/tokens/${reference}`)).state;
  await browser.press("Enter");
  await browser.until("document.querySelector('#detail [data-key=network-delete]')", "the token opens");
  await reach("[data-key=network-delete]");
  await browser.press("Enter");
  await browser.until("document.querySelector('#detail .tag')?.textContent === 'deleted'", "the token is deleted");
  const after = await gateway.control("GET", `/tokens/${reference}`);
  assert.notEqual(before, "deleted");
  assert.equal(after.state, "deleted");
  steps += 1;

  // A message is sent again with a bad signature.
  await view("4", "webhooks");
  await browser.press("j");
  for (let at = 0; at < 40; at += 1) {
    if (await browser.value("document.activeElement.closest('tr').textContent.includes('delivered')")) break;
    await browser.press("j");
  }
  await browser.press("Enter");
  await browser.until("document.querySelector('#detail [data-key=again-secret]')", "the message opens");
  await reach("[data-key=again-secret]");
  await browser.press("Enter");
  await browser.until("document.querySelector('#detail').textContent.includes('with another secret')", "it is sent again");
  steps += 1;

  // Rules: one is typed, one is a button, one is turned off, all are removed.
  await view("5", "faults");
  await browser.press("/");
  await write("status 500 on path=/never as typed");
  await browser.press("Enter");
  await browser.until("document.querySelector('[data-key=turn-typed]')", "the rule is armed");
  await reach("[data-key=turn-typed]");
  await browser.press("Enter");
  await browser.until("document.querySelector('[data-key=turn-typed]').textContent === 'Turn on'", "it is off");
  assert.equal((await gateway.control("GET", "/faults/typed")).on, false);
  await browser.press("/");
  await browser.value("document.activeElement.select()");
  await write("stauts 500");
  await browser.press("Enter");
  await browser.until("document.querySelector('#said').dataset.bad === 'true'", "a rule that cannot be is refused");
  assert.match(await text("#said"), /did you mean "status"/);
  await reach("[data-key=quick-1]");
  await browser.press("Enter");
  await browser.until("document.querySelector('[data-key=turn-status]')", "the next call fails");
  assert.equal((await fetch(`${base}/cards/any`)).status, 503);
  await browser.until("[...document.querySelectorAll('tr')].find((row) => row.querySelector('[data-key=turn-status]'))?.textContent.match(/1\\s*1/)", "its counters go on");
  await reach("[data-key=clear]");
  await browser.press("Enter");
  await browser.press("Enter");
  await browser.until("document.querySelector('main').textContent.includes('No rule is armed')", "all are removed");
  steps += 1;

  // Cards are filtered; the clock is moved; the space begins again.
  await view("6", "cards");
  await browser.press("/");
  await write("378282246310005");
  assert.equal(await text("#count"), "1");
  await browser.press("Escape");
  const clock = async () => Date.parse((await gateway.control("GET", "/clock")).now);
  const then = await clock();
  await reach('[data-body*="PT24H"]', SHIFT);
  await browser.press("Enter");
  await browser.until("document.querySelector('#said').textContent.includes('/_standin/clock')", "the clock moves");
  assert.equal((await clock()) - then, 86_400_000);
  await view("1", "exchanges");
  await reach('[data-call="POST /_standin/reset"]');
  await browser.press("Enter");
  await browser.leading("a reset", () => browser.press("Enter"));
  await browser.until("!document.querySelector('#empty').hidden", "nothing is there any more");
  assert.deepEqual((await gateway.control("GET", "/tokens")).tokens, []);
  steps += 1;
} finally {
  await browser.close();
  sandbox.close();
}

console.log(JSON.stringify({ steps }));
