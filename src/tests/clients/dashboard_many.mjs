// Ten thousand exchanges: the page stays as small as it was while they arrive, and is painted at once when they are there.
// Usage: node dashboard_many.mjs BASE_URL
import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { Browser } from "./browser.mjs";

const base = process.argv[2];
const MANY = 10_000;
const AT_ONCE = 16;
const ROWS_MAX = 200;
// On a page that has just been opened.
const PAGE_ROWS = 50;
// How much more the tab may hold: what the browser itself keeps of a long stream, and no row of it.
const GROWTH_BYTES_MAX = 2_000_000;
const PAINT_MS_MAX = 100;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const ask = (path) =>
  new Promise((done, failed) => {
    request(base + path, { agent, method: "POST", headers: { "content-type": "application/json" } }, (answer) => {
      answer.resume();
      answer.on("end", done);
    }).on("error", failed).end(JSON.stringify({ amount: 2500, note: "x".repeat(400) }));
  });
const many = async (from, to) => {
  let next = from;
  const one = async () => {
    while (next < to) await ask(`/payments?number=${(next += 1)}`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
};
const browser = await Browser.open();
const measured = async () => {
  for (let at = 0; at < 2; at += 1) await browser.send("HeapProfiler.collectGarbage");
  const { usedSize } = await browser.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await browser.send("Memory.getDOMCounters");
  return { bytes: usedSize, nodes, listeners: jsEventListeners };
};
const figures = {};
let steps = 0;

try {
  await browser.size(1440, 900);
  await browser.goto(`${base}/`);
  await browser.until("document.querySelector('#connection').dataset.state === 'live'", "live");
  // As full as it gets.
  await many(0, 1_000);
  await browser.until("document.querySelector('#rows tbody').childElementCount === 200", "the list is full");
  const before = await measured();
  await many(1_000, MANY + 1_000);
  const { next } = await (await fetch(`${base}/_standin/journal?rows=0`)).json();
  await browser.until(`document.querySelector('tr[data-number="${next - 1}"]')`, "the last one is shown");
  const after = await measured();
  assert.equal(await browser.value("document.querySelector('#rows tbody').childElementCount"), ROWS_MAX);
  Object.assign(figures, { before, after });
  assert.ok(after.bytes - before.bytes < GROWTH_BYTES_MAX, JSON.stringify(figures));
  assert.ok(after.nodes < before.nodes * 1.5, JSON.stringify(figures));
  assert.ok(after.listeners <= before.listeners + 10, JSON.stringify(figures));
  steps += 1;

  // Several times, because a machine does other things too; the best of them says what the page takes. What is known to be
  // slower than it should be is the machine on which a page with a form and nothing else takes a third as long.
  const paint = async (path) => {
    await browser.goto(base + path);
    await browser.until("performance.getEntriesByName('first-contentful-paint').length", "it is painted");
    return browser.value("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  };
  const [paints, bare] = [[], []];
  for (let at = 0; at < 20 && (at < 5 || Math.min(...paints) >= PAINT_MS_MAX); at += 1) {
    bare.push(await paint("/checkout"));
    paints.push(await paint("/"));
    assert.equal(await browser.value("document.querySelectorAll('#rows [data-row]').length"), PAGE_ROWS);
  }
  Object.assign(figures, { paints: paints.map(Math.round), bare: bare.map(Math.round) });
  const enough = Math.max(PAINT_MS_MAX, 3 * Math.min(...bare));
  assert.ok(Math.min(...paints) < enough, JSON.stringify(figures));
  steps += 1;

  // Back, page by page. Paints of the checkout page have been written down meanwhile.
  const { next: last } = await (await fetch(`${base}/_standin/journal?rows=0`)).json();
  await browser.leading("older ones", () => browser.click("a[rel=next]"));
  const oldest = await browser.value("Number(document.querySelector('#rows tbody tr:last-child').dataset.number)");
  assert.equal(oldest, last - 2 * PAGE_ROWS);
  await ask("/payments?late");
  await browser.until("!document.querySelector('#news').hidden", "what is new is counted and does not come in");
  assert.equal(await browser.value("document.querySelectorAll('#rows [data-row]').length"), PAGE_ROWS);
  steps += 1;
} finally {
  await browser.close();
  agent.destroy();
}

console.error(JSON.stringify(figures));
console.log(JSON.stringify({ steps, figures }));
