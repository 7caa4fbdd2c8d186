// Somebody asks for things whose names are markup, everywhere a client can put one. The dashboard shows it as text.
// Usage: node dashboard_hostile.mjs BASE_URL
import assert from "node:assert/strict";
import { Browser } from "./browser.mjs";
import { fill } from "./sandbox.mjs";

const base = process.argv[2];
const EVIL = `"'><img src=x data-evil onerror="window.evil=1"><script data-evil>window.evil=2</script><b data-evil>`;
const sandbox = await fill(base);
const { gateway } = sandbox;
const json = { "content-type": "application/json" };
const post = (path, body, headers = {}) =>
  fetch(base + path, { method: "POST", headers: { ...json, ...headers }, body: typeof body === "string" ? body : JSON.stringify(body) });
const key = { authorization: "Bearer standin_key" };

// In the path and the query, in a header, in a body that is JSON and in one that is not, in what is refused and said again.
await fetch(`${base}/cards/${encodeURIComponent(EVIL)}?q=${encodeURIComponent(EVIL)}`, { headers: { "x-evil": EVIL, authorization: EVIL } });
await fetch(`${base}/nowhere/<b data-evil>?<script data-evil>`, { headers: { "user-agent": EVIL } });
await post("/payments", { amount: EVIL, currency: EVIL, card: { number: EVIL } }, key);
await post("/payments", EVIL, key);
await post("/payments", { [EVIL]: EVIL }, { ...key, "idempotency-key": EVIL });
await post("/v1/payment_intents", EVIL, { authorization: `Bearer ${EVIL}`, "content-type": "application/x-www-form-urlencoded" });
await post("/auth/realms/vgs/protocol/openid-connect/token", `client_id=${encodeURIComponent(EVIL)}&grant_type=x`, { "content-type": "application/x-www-form-urlencoded" });
await fetch(`${base}/checkout?merchant=${encodeURIComponent(EVIL)}`);
// In the names of rules, in what they match, and in where messages go.
const named = await post("/_standin/faults", { name: EVIL, match: { path: `/${EVIL}` }, fault: { kind: "status", status: 500 } });
await post("/_standin/faults", { name: "<b data-evil>", match: { path: "/x" }, fault: { kind: "status", status: 500 } });
await post("/_standin/faults", { name: "plain", match: { merchant: EVIL }, fault: { kind: "status", status: 500 } });
await post("/_standin/webhooks", { url: `http://127.0.0.1:9/${encodeURIComponent(EVIL)}?${encodeURIComponent(EVIL)}`, secret: EVIL });
await gateway.event(sandbox.tokens[2], "suspend");

const browser = await Browser.open();
const said = [];
browser.listen(({ method }) => { if (method === "Page.javascriptDialogOpening") said.push(method); });
let steps = 0;
const harmless = async (what) => {
  assert.equal(await browser.value("window.evil"), undefined, what);
  assert.equal(await browser.value("document.querySelectorAll('[data-evil], main script, main img, [onerror]').length"), 0, what);
};

try {
  await browser.size(1440, 900);
  const { entries } = await (await fetch(`${base}/_standin/journal?rows=100`)).json();
  const evil = entries.filter((entry) => JSON.stringify(entry).includes("data-evil"));
  assert.ok(evil.length >= 6, `${evil.length} entries have markup in them`);
  for (const view of ["exchanges", "payments", "tokens", "webhooks", "faults", "cards", "snippets"]) {
    await browser.goto(`${base}/?view=${view}`);
    await harmless(view);
  }
  steps += 1;

  // Each entry, opened: the markup is there to be read.
  for (const entry of evil) {
    await browser.goto(`${base}/?view=exchanges&open=${entry.number}`);
    await harmless(`entry ${entry.number}`);
    assert.match(await browser.value("document.querySelector('#detail').textContent"), /data-evil/, `entry ${entry.number}`);
  }
  steps += 1;

  // In the address of the page itself.
  const sent = encodeURIComponent(EVIL);
  for (const query of [`view=${sent}`, `match=${sent}`, `match=path%3D${sent}`, `open=${sent}`, `before=${sent}`, `view=tokens&open=${sent}`, `view=tokens&after=${sent}`, `view=payments&open=${sent}`, `view=webhooks&open=${sent}`, `view=cards&network=${sent}`, `space=${sent}`]) {
    await browser.goto(`${base}/?${query}`);
    await harmless(query);
  }
  steps += 1;

  // And what arrives while somebody looks.
  await browser.goto(`${base}/`);
  await browser.until("document.querySelector('#connection').dataset.state === 'live'", "live");
  const { next } = await (await fetch(`${base}/_standin/journal?rows=0`)).json();
  await fetch(`${base}/cards/${sent}?q=${sent}`, { headers: { authorization: EVIL } });
  await fetch(`${base}/nowhere/<b data-evil>?<script data-evil>`);
  await browser.until(`document.querySelector('tr[data-number="${next + 1}"]')`, "both come in");
  await harmless("the list");
  assert.match(await browser.value("document.querySelector('#rows').textContent"), /data-evil/);
  assert.deepEqual(said, []);
  assert.ok([201, 422].includes(named.status), await named.text());
  steps += 1;
} finally {
  await browser.close();
  sandbox.close();
}

console.log(JSON.stringify({ steps }));
