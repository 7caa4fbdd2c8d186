// Every view of the dashboard at three widths, light and dark: nothing sticks out, a checker of accessibility finds nothing,
// nobody else is asked for anything, and a picture is kept of each.
// Usage: node dashboard_views.mjs BASE_URL FOLDER
import assert from "node:assert/strict";
import { readFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { fill } from "./sandbox.mjs";

const [base, folder] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
await mkdir(folder, { recursive: true });
const sandbox = await fill(base);
const { entries } = await (await fetch(`${base}/_standin/journal?operation=authorize`)).json();
const [message] = (await sandbox.gateway.control("GET", "/webhooks/messages")).delivered;
const VIEWS = {
  exchanges: "view=exchanges",
  "exchanges-open": `view=exchanges&open=${entries.at(-1).number}`,
  "exchanges-search": "view=exchanges&match=status%3D4xx",
  "exchanges-wrong": "view=exchanges&match=statsu%3D4xx",
  payments: "view=payments",
  "payments-open": `view=payments&open=${sandbox.declined}`,
  tokens: "view=tokens",
  "tokens-open": `view=tokens&open=${sandbox.tokens[1].reference}`,
  webhooks: "view=webhooks",
  "webhooks-open": `view=webhooks&open=${message.id}`,
  faults: "view=faults",
  cards: "view=cards",
  snippets: "view=snippets",
  conformance: "view=conformance",
  "conformance-open": "view=conformance&run=acme.ndjson&open=cryptograms.once%2Frest",
  none: "view=nothing",
};
const PAGES = { docs: "/docs", "docs-topic": "/docs/concepts" };
const browser = await Browser.open();
const asked = [];
const wrong = [];
browser.listen(({ method, params }) => {
  if (method === "Network.requestWillBeSent") asked.push(params.request.url);
  if (method === "Log.entryAdded" && params.entry.level === "error") wrong.push(params.entry.text);
  if (method === "Runtime.exceptionThrown") wrong.push(params.exceptionDetails.exception?.description);
});
let steps = 0;

try {
  for (const domain of ["Network", "Log", "Runtime"]) await browser.send(`${domain}.enable`);
  const views = Object.entries(VIEWS).map(([name, query]) => [name, `/?${query}`]);
  for (const [name, path] of [...views, ...Object.entries(PAGES)]) {
    for (const scheme of ["light", "dark"]) {
      await browser.scheme(scheme);
      for (const width of [390, 900, 1440]) {
        await browser.size(width, 900);
        await browser.goto(base + path);
        const what = `${name}-${width}-${scheme}`;
        const wide = await browser.value("document.documentElement.scrollWidth");
        assert.ok(wide <= width, `${what}: the page is ${wide} wide`);
        await browser.screenshot(join(folder, `${what}.png`));
        const found = await browser.value(`(() => { ${axe}; })(), axe.run({ resultTypes: ["violations"] })
          .then(({ violations }) => violations.map(({ id, nodes }) => \`\${id}: \${nodes.map(({ target, any, all, none }) => target + " " + ([...any, ...all, ...none][0]?.message ?? "")).slice(0, 4)}\`))`);
        assert.deepEqual(found, [], what);
      }
    }
    steps += 1;
  }
  // One view says by its status that there is none, and one that its search cannot be read; nothing else may be said to be wrong.
  assert.deepEqual(wrong.filter((text) => !/status of (404|422)/.test(text)), []);
  const strangers = asked.filter((url) => !url.startsWith(`${base}/`));
  assert.deepEqual(strangers, []);
  assert.ok(asked.length > 100);
  steps += 1;
} finally {
  await browser.close();
  sandbox.close();
}

console.log(JSON.stringify({ steps }));
