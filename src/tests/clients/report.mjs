// A report of a run as people see it: at three widths, light and dark, with nothing asked over the network, nothing that a
// reader of screens would stumble over, and everything within reach of the keyboard.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "./browser.mjs";

const [page, pictures] = process.argv.slice(2);
const axe = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const address = pathToFileURL(page).href;
let steps = 0;

const browser = await Browser.open();
try {
  await mkdir(pictures, { recursive: true });
  const asked = await browser.asked();
  const complaints = await browser.complaints();
  for (const scheme of ["light", "dark"]) {
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await browser.send("Emulation.setEmulatedMedia", { features });
    for (const width of [390, 820, 1400]) {
      const screen = { width, height: 1000, deviceScaleFactor: 1, mobile: false };
      await browser.send("Emulation.setDeviceMetricsOverride", screen);
      await browser.goto(address);
      const over = await browser.value("document.documentElement.scrollWidth - innerWidth");
      assert.ok(over <= 0, `${scheme} ${width}: the page is ${over} pixels too wide`);
      const { data } = await browser.send("Page.captureScreenshot", { format: "png" });
      await writeFile(join(pictures, `${scheme}-${width}.png`), Buffer.from(data, "base64"));
      await browser.value("document.querySelector('.failure')?.scrollIntoView()");
      const near = await browser.send("Page.captureScreenshot", { format: "png" });
      await writeFile(join(pictures, `${scheme}-${width}-failure.png`), Buffer.from(near.data, "base64"));
      await browser.value(`${axe}; 0`);
      const found = await browser.value(
        "axe.run().then((it) => it.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).slice(0, 3).join(' ')}`))",
      );
      assert.deepEqual(found, [], `${scheme} ${width}`);
      steps += 1;
    }
  }

  await browser.goto(address);
  const failures = await browser.value("document.querySelectorAll('.failure').length");
  assert.ok(failures > 0);
  await browser.press("j");
  assert.ok(await browser.value("document.activeElement === document.querySelector('.failure')"));
  steps += 1;

  await browser.press("/");
  assert.equal(await browser.value("document.activeElement.id"), "filter");
  await browser.type("#filter", "no check has this name");
  assert.equal(await browser.value("document.querySelectorAll('[data-name]:not([hidden])').length"), 0);
  steps += 1;

  // A page of a file may be denied the clipboard; then the text is selected instead.
  await browser.click("button[data-copies]");
  await browser.value("new Promise((done) => setTimeout(done, 200))");
  const told = await browser.value("document.querySelector('#told').textContent");
  assert.match(told, /^(Copied|Selected)/);
  if (told.startsWith("Selected")) {
    assert.match(await browser.value("getSelection().toString()"), /^#!\/bin\/sh/);
  }
  steps += 1;

  assert.deepEqual(asked.filter((each) => !each.startsWith("data:") && each !== address), []);
  assert.deepEqual(complaints, []);
  steps += 1;
} finally {
  await browser.close();
}
console.log(JSON.stringify({ steps }));
