// Somebody has the sandbox running and opens a page of somebody else, which tries everything that a page can: to read what is in
// the sandbox, and to change it. The page's own origin is another port of the same machine, which is as near as a stranger gets.
// Usage: node stranger.mjs BASE_URL
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Browser } from "./browser.mjs";
import { Gateway } from "./gateway.mjs";

const base = process.argv[2];
const gateway = new Gateway(base);
await gateway.signIn("standin-manual");
const token = await gateway.token("4111111111111111");
// A rule that fires once, and what is asked about later.
const armed = await fetch(`${base}/_standin/faults`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ text: "status 503 when first=1" }),
});
assert.ok(armed.ok, await armed.text());
const verdict = async () => {
  const question = { match: { path: "/**" }, at_least: 0 };
  const answer = await fetch(`${base}/_standin/verify`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
  });
  return (await answer.json()).matched;
};
const text = async (path) => (await fetch(`${base}/_standin/${path}`)).text();
const standing = async () => [await text("tokens"), await text("faults"), await text("webhooks"), await text("spaces"), await verdict()];
const before = await standing();
assert.ok(before[0].includes(token.reference ?? "NTK"));

const page = createServer((_, answer) => {
  answer.setHeader("content-type", "text/html");
  answer.end("<!doctype html><title>stranger</title><iframe name='there'></iframe>");
});
await new Promise((listening) => page.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${page.address().port}`;
const browser = await Browser.open(["--host-resolver-rules=MAP rebound.example 127.0.0.1"]);
let steps = 0;

// What a fetch in the page comes to: the text that the page could read, or how it failed.
const fetched = (url, options = {}) =>
  browser.value(`fetch(${JSON.stringify(url)}, ${JSON.stringify(options)})
    .then(async (answer) => ({ type: answer.type, text: await answer.text() }), (error) => ({ failed: error.name }))`);

try {
  await browser.goto(origin);

  // Reading: refused to the page, or opaque to it.
  for (const path of ["/_standin/tokens", "/_standin/journal", "/_standin/keys", "/_standin/openapi.json", "/cards"]) {
    for (const credentials of ["omit", "include"]) {
      assert.deepEqual(await fetched(base + path, { credentials }), { failed: "TypeError" }, path);
      const opaque = await fetched(base + path, { credentials, mode: "no-cors" });
      assert.deepEqual(opaque, { type: "opaque", text: "" }, path);
    }
  }
  const framed = await browser.value(`new Promise((seen) => {
    const frame = document.createElement("iframe");
    frame.onload = () => { try { seen(frame.contentDocument?.body?.innerText ?? null); } catch { seen(null); } };
    frame.src = ${JSON.stringify(`${base}/_standin/tokens`)};
    document.body.append(frame);
  })`);
  assert.equal(framed, null);
  const streamed = await browser.value(`new Promise((seen) => {
    const source = new EventSource(${JSON.stringify(`${base}/_standin/journal/events?from=0`)});
    source.onmessage = source.onopen = () => seen("open");
    source.addEventListener("entry", () => seen("entry"));
    source.onerror = () => seen("refused");
  })`);
  assert.equal(streamed, "refused");
  steps += 1;

  // Changing, with what a page may send without asking: simple requests, beacons, forms.
  const changes = [
    ["/_standin/reset", {}],
    ["/_standin/clock", { advance: "PT24H" }],
    ["/_standin/faults", { text: "status 503" }],
    ["/_standin/webhooks", { url: `${origin}/in` }],
    [`/_standin/tokens/${token.number}/events`, { event: "delete", by: "issuer" }],
  ];
  for (const [path, body] of changes) {
    const sent = { method: "POST", mode: "no-cors", body: JSON.stringify(body) };
    for (const kind of ["text/plain", "application/x-www-form-urlencoded"]) {
      await fetched(base + path, { ...sent, headers: { "content-type": kind } });
    }
    await browser.value(`navigator.sendBeacon(${JSON.stringify(base + path)}, ${JSON.stringify(sent.body)})`);
    await browser.value(`new Promise((done) => {
      const form = Object.assign(document.createElement("form"), {
        method: "POST", enctype: "text/plain", target: "there", action: ${JSON.stringify(base + path)},
      });
      const field = Object.assign(document.createElement("input"), { name: ${JSON.stringify(sent.body)}, value: "" });
      form.append(field);
      document.body.append(form);
      document.querySelector("[name=there]").onload = () => done(true);
      form.submit();
    })`);
  }
  assert.deepEqual(await standing(), before);
  steps += 1;

  // With what it must ask for first: nobody says yes.
  for (const [path, body] of changes) {
    const json = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    assert.deepEqual(await fetched(base + path, json), { failed: "TypeError" }, path);
  }
  for (const path of ["/_standin/faults", "/_standin/spaces/default"]) {
    assert.deepEqual(await fetched(base + path, { method: "DELETE" }), { failed: "TypeError" }, path);
  }
  assert.deepEqual(await standing(), before);
  steps += 1;

  // What a page makes a browser load: nothing of it uses up the fault, makes a space or is in the journal.
  for (const path of ["/cards/x", "/~strange/cards/x", "/~strange/payments/x", "/v9/nowhere"]) {
    const url = JSON.stringify(base + path);
    for (const mode of ["cors", "no-cors", "same-origin", "navigate"]) {
      for (const credentials of ["omit", "same-origin", "include"]) {
        const options = JSON.stringify({ mode, credentials });
        // What may not even be asked for is thrown at once.
        const got = await browser.value(`(async () => (await fetch(${url}, ${options})).text())().catch(() => "")`);
        assert.equal(got, "", `${path} ${mode} ${credentials}`);
      }
    }
    for (const [name, attribute, more] of [
      ["img", "src", {}],
      ["script", "src", {}],
      ["script", "src", { type: "module" }],
      ["link", "href", { rel: "stylesheet" }],
      ["link", "href", { rel: "prefetch" }],
      ["link", "href", { rel: "preload", as: "fetch" }],
      ["video", "src", {}],
      ["iframe", "src", {}],
      ["embed", "src", {}],
      ["object", "data", {}],
    ]) {
      // A link that is only meant for later may never say that it came.
      await browser.value(`new Promise((done) => {
        const it = Object.assign(document.createElement(${JSON.stringify(name)}), ${JSON.stringify(more)});
        it.onload = it.onerror = () => done(true);
        setTimeout(() => done(false), 500);
        it[${JSON.stringify(attribute)}] = ${url};
        document.body.append(it);
      })`);
    }
    await browser.value(`new Promise((done) => {
      const socket = new WebSocket(${url}.replace("http", "ws"));
      socket.onopen = () => done("open");
      socket.onerror = socket.onclose = () => done("refused");
    })`).then((seen) => assert.equal(seen, "refused", path));
    // The window itself, and the form with which a window is led.
    for (const lead of [
      `location.href = ${url}`,
      `document.body.append(Object.assign(document.createElement("form"), { id: "led", action: ${url} })), led.submit()`,
      `document.body.append(Object.assign(document.createElement("form"), { id: "led", action: ${url}, method: "post" })), led.submit()`,
    ]) {
      await browser.leading(lead, () => browser.value(`void (${lead})`));
      assert.match(await browser.value("document.body.innerText"), /origin_foreign/, lead);
      await browser.goto(origin);
    }
  }
  assert.deepEqual(await standing(), before);
  steps += 1;

  // A name of the stranger's own that leads here (DNS rebinding) makes the sandbox the page's own origin, and gets nothing either.
  const rebound = `http://rebound.example:${new URL(base).port}`;
  await browser.goto(`${rebound}/_standin/tokens`);
  const shown = await browser.value("document.body.innerText");
  assert.match(shown, /host_unknown/);
  const own = await fetched(`${rebound}/_standin/tokens`);
  assert.match(own.text, /host_unknown/);
  steps += 1;
} finally {
  await browser.close();
  page.close();
}

console.log(JSON.stringify({ steps }));
