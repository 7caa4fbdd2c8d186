// The launchers of npm and pip download a release, and use it only if its checksum is right. The release is a small program that
// says what it was given. Usage: node download.mjs PIP_FOLDER PYTHON
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "standin";

const [pip, python] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "standin-release-"));
writeFileSync(join(folder, "standin"), '#!/bin/sh\necho "a release was given $*"\n');
execFileSync("tar", ["-czf", "archive.tar.gz", "standin"], { cwd: folder });
const archive = readFileSync(join(folder, "archive.tar.gz"));
const right = createHash("sha256").update(archive).digest("hex");
let digest = right;
const asked = [];
const server = createServer((request, response) => {
  asked.push(request.url);
  response.end(request.url.endsWith(".sha256") ? `${digest}  archive\n` : archive);
}).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const releases = `http://127.0.0.1:${server.address().port}`;

const ran = (command, given, env) =>
  new Promise((resolve) => {
    // Programs that a release needs are on the PATH, and standin is not.
    const all = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: folder, PYTHONDONTWRITEBYTECODE: "1", ...env };
    const child = spawn(command, given, { env: all });
    let out = "";
    let err = "";
    child.stdout.on("data", (piece) => (out += piece));
    child.stderr.on("data", (piece) => (err += piece));
    child.on("exit", (code) => resolve({ code, out, err }));
  });
const bin = join(dirname(fileURLToPath(import.meta.resolve("standin"))), "bin.mjs");
let steps = 0;
for (const [name, command, given, env] of [
  ["npm", process.execPath, [bin], {}],
  ["pip", python, ["-m", "standin_launcher"], { PYTHONPATH: pip }],
]) {
  const cache = join(folder, name);
  const all = { ...env, XDG_CACHE_HOME: cache };
  const nowhere = await ran(command, [...given, "--version"], all);
  assert.match(nowhere.err, /set STANDIN_BIN, or STANDIN_RELEASES/, name);
  digest = "0".repeat(64);
  const tampered = await ran(command, [...given, "--version"], { ...all, STANDIN_RELEASES: releases });
  assert.ok(tampered.code !== 0 && tampered.err.includes(`${right}, and not 000`), name + tampered.err);
  digest = right;
  const first = await ran(command, [...given, "serve", "x"], { ...all, STANDIN_RELEASES: releases });
  assert.equal(first.out, "a release was given serve x\n", name + first.err);
  assert.ok(asked.at(-2).startsWith(`/v${VERSION}/standin-`), asked.at(-2));
  const before = asked.length;
  const again = await ran(command, [...given, "health"], all);
  assert.equal(again.out, "a release was given health\n", name + again.err);
  assert.equal(asked.length, before, "what was downloaded is kept");
  const named = await ran(command, [...given, "cards"], { ...all, STANDIN_BIN: join(folder, "no-such") });
  assert.match(named.err, /STANDIN_BIN=.* is no program/, name);
  steps += 5;
}
server.close();
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ steps }));
