// A server that others can reach: the dashboard wants the token, keeps it in a cookie that no script sees, and no other page
// can act by it.
// Usage: node dashboard_guard.mjs BASE_URL TOKEN
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Browser } from "./browser.mjs";

const [base, token] = process.argv.slice(2);
const browser = await Browser.open();
const control = (method, path, headers = {}) => fetch(`${base}/_standin${path}`, { method, headers });
const authorized = { authorization: `Bearer ${token}` };
const page = createServer((_, answer) => {
  answer.setHeader("content-type", "text/html");
  answer.end("<!doctype html><title>stranger</title>");
});
await new Promise((listening) => page.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${page.address().port}`;
let steps = 0;

try {
  // Nothing is told before somebody signs in; a wrong token leads back.
  await browser.goto(`${base}/~lab/?view=tokens`);
  assert.equal(await browser.value("document.querySelector('main h1').textContent"), "standin");
  assert.ok(await browser.value("document.querySelector('#token') && !document.querySelector('.views')"));
  await browser.type("#token", "not-the-token-at-all");
  await browser.leading("a wrong token", () => browser.press("Enter"));
  assert.match(await browser.value("document.querySelector('[role=alert]').textContent"), /not the token/);
  await browser.type("#token", token);
  await browser.leading("the token", () => browser.press("Enter"));
  assert.equal(await browser.value("location.pathname"), "/~lab/");
  assert.equal(await browser.value("document.body.dataset.view"), "exchanges");
  await browser.until("document.querySelector('#connection').dataset.state === 'live'", "it follows the journal");
  steps += 1;

  // The cookie is hidden from scripts, says nothing of the token, and comes with no request of another site.
  const { cookies } = await browser.send("Network.getCookies");
  assert.equal(cookies.length, 1);
  const [{ name, value, httpOnly, sameSite, session }] = cookies;
  assert.deepEqual({ httpOnly, sameSite, session }, { httpOnly: true, sameSite: "Strict", session: true });
  assert.ok(!value.includes(token));
  assert.equal(await browser.value("document.cookie"), "");
  steps += 1;

  // The page acts by it; without a word of the browser that the page is ours, it counts for reading only.
  const status = (method, path) => browser.value(`fetch(${JSON.stringify(`/_standin${path}`)}, { method: ${JSON.stringify(method)} }).then((answer) => answer.status)`);
  assert.equal(await status("POST", "/reset"), 200);
  const cookie = `${name}=${value}`;
  assert.equal((await control("GET", "/tokens", { cookie })).status, 200);
  assert.equal((await control("POST", "/reset", { cookie })).status, 401);
  assert.equal((await control("POST", "/reset", { cookie, origin })).status, 403);
  assert.equal((await control("POST", "/reset", { cookie, origin: base })).status, 200);
  assert.equal((await control("POST", "/reset", { cookie: `${cookie}0`, origin: base })).status, 401);
  assert.equal((await control("POST", "/reset", authorized)).status, 200);
  steps += 1;

  // A page of another port of this machine, to which the browser would send the cookie, changes nothing.
  const armed = async () => (await (await control("GET", "/faults", authorized)).json()).rules.length;
  await browser.goto(origin);
  for (const kind of ["text/plain", "application/x-www-form-urlencoded", "application/json"]) {
    await browser.value(`fetch(${JSON.stringify(`${base}/_standin/faults`)}, { method: "POST", credentials: "include", mode: "no-cors",
      headers: { "content-type": ${JSON.stringify(kind)} }, body: '{"text":"status 503"}' }).catch(() => 0).then(() => 1)`);
  }
  assert.equal(await armed(), 0);
  // Nor does it sign anybody in or out.
  for (const body of ["out=1", `token=${token}`]) {
    const answer = await fetch(`${base}/_standin/session`, { method: "POST", redirect: "manual", headers: { origin, "content-type": "application/x-www-form-urlencoded" }, body });
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get("set-cookie"), null);
  }
  steps += 1;

  // Signing out.
  await browser.goto(`${base}/`);
  await browser.leading("signing out", () => browser.value("void [...document.querySelectorAll('button')].find((one) => one.textContent === 'Sign out').click()"));
  assert.ok(await browser.value("document.querySelector('#token')"));
  assert.equal((await browser.send("Network.getCookies")).cookies.length, 0);
  steps += 1;
} finally {
  await browser.close();
  page.close();
}

console.log(JSON.stringify({ steps }));
