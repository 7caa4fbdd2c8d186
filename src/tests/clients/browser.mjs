// A headless Chromium, spoken to over its own debugging pipe: messages of the DevTools protocol, each ended by a zero byte,
// on two extra file descriptors. No port is opened and no package is needed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless=new",
  "--remote-debugging-pipe",
  // Continuous integration runs as root in a container, where Chromium has no sandbox and little shared memory.
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
];
// Keys that write nothing: code and number of each.
const NAMED = {
  Enter: ["Enter", 13],
  Escape: ["Escape", 27],
  Tab: ["Tab", 9],
  Backspace: ["Backspace", 8],
};
// After this long, in milliseconds, the browser is taken to be stuck.
const PATIENCE_MS = 30_000;

export class Browser {
  #pending = new Map();
  #watchers = new Set();
  #count = 0;
  #rest = "";

  static async open(more = []) {
    const browser = new Browser();
    browser.profile = await mkdtemp(join(tmpdir(), "standin-browser-"));
    const args = [...FLAGS, ...more, `--user-data-dir=${browser.profile}`, "about:blank"];
    const stdio = ["ignore", "ignore", "ignore", "pipe", "pipe"];
    browser.process = spawn("chromium", args, { stdio });
    browser.ended = new Promise((ended) => browser.process.once("exit", ended));
    browser.process.stdio[4].setEncoding("utf8").on("data", (text) => browser.#hear(text));
    const { targetInfos } = await browser.send("Target.getTargets");
    const { targetId } = targetInfos.find((target) => target.type === "page");
    const attached = await browser.send("Target.attachToTarget", { targetId, flatten: true });
    browser.session = attached.sessionId;
    await browser.send("Page.enable");
    return browser;
  }

  async close() {
    await this.send("Browser.close");
    await this.ended;
    await rm(this.profile, { recursive: true, force: true });
  }

  #hear(text) {
    const messages = (this.#rest + text).split("\0");
    this.#rest = messages.pop();
    for (const message of messages.map((each) => JSON.parse(each))) {
      const waiting = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (waiting && message.error) waiting.reject(new Error(message.error.message));
      if (waiting && !message.error) waiting.resolve(message.result);
      for (const watcher of this.#watchers) watcher(message);
    }
  }

  send(method, params = {}) {
    const id = (this.#count += 1);
    const message = { id, method, params, ...(this.session && { sessionId: this.session }) };
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.process.stdio[3].write(`${JSON.stringify(message)}\0`);
    return inTime(answer, method);
  }

  // Does something that leads to another page, and waits until that page is there.
  async leading(what, doIt) {
    let watcher;
    const loaded = new Promise((resolve) => {
      watcher = (message) => message.method === "Page.loadEventFired" && resolve();
      this.#watchers.add(watcher);
    });
    await doIt();
    await inTime(loaded, what);
    this.#watchers.delete(watcher);
  }

  // The address of everything that is asked for from now on.
  async asked() {
    const addresses = [];
    this.#watchers.add((message) => {
      if (message.method === "Network.requestWillBeSent") addresses.push(message.params.request.url);
    });
    await this.send("Network.enable");
    return addresses;
  }

  // What the page could not do or was not allowed to, from now on.
  async complaints() {
    const texts = [];
    this.#watchers.add((message) => {
      if (message.method === "Log.entryAdded") texts.push(message.params.entry.text);
      if (message.method === "Runtime.exceptionThrown") texts.push(JSON.stringify(message.params));
    });
    await this.send("Log.enable");
    await this.send("Runtime.enable");
    return texts;
  }

  // Presses and lets go of a key that writes a letter.
  async press(letter) {
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key: letter, text: letter });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key: letter });
  }

  goto(url) {
    return this.leading(url, () => this.send("Page.navigate", { url }));
  }

  // The value of a JavaScript expression in the page, or what it promises.
  async value(expression) {
    const how = { expression, returnByValue: true, awaitPromise: true };
    const answer = await this.send("Runtime.evaluate", how);
    assert.ok(!answer.exceptionDetails, JSON.stringify(answer.exceptionDetails));
    return answer.result.value;
  }

  // Every message of the protocol that is no answer, from now on.
  listen(watcher) {
    this.#watchers.add(watcher);
  }

  // Waits until an expression of the page is true.
  async until(expression, what = expression) {
    const began = Date.now();
    while (!(await this.value(`Boolean(${expression})`))) {
      assert.ok(Date.now() - began < PATIENCE_MS, `it never came to that: ${what}`);
      await new Promise((later) => setTimeout(later, 20));
    }
  }

  // Presses a key, as a hand would: a letter, or a key with a name.
  async press(key, modifiers = 0) {
    const named = NAMED[key];
    const [code, number] = named ?? [key.length === 1 && /[a-z]/i.test(key) ? `Key${key.toUpperCase()}` : key, key.toUpperCase().charCodeAt(0)];
    const text = key === "Enter" ? "\r" : named ? undefined : key;
    const what = { key, code, windowsVirtualKeyCode: number, modifiers, ...(text && { text }) };
    await this.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", ...what });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...what, text: undefined });
  }

  async size(width, height) {
    const how = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.send("Emulation.setDeviceMetricsOverride", how);
  }

  // Light or dark, as the system has it.
  async scheme(value) {
    await this.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
  }

  async screenshot(path) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    await writeFile(path, Buffer.from(data, "base64"));
  }

  // Clicks where the element is, as a hand would.
  async click(selector) {
    const find = `document.querySelector(${JSON.stringify(selector)})`;
    await this.value(`${find}.scrollIntoView({ block: "center" })`);
    const box = await this.value(`${find}.getBoundingClientRect().toJSON()`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
    }
  }

  // Clicks into a field, and types over what is there.
  async type(selector, text) {
    await this.click(selector);
    await this.value(`document.activeElement.select()`);
    await this.send("Input.insertText", { text });
  }
}

function inTime(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the browser did not answer: ${what}`)), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
