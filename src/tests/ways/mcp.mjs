// standin's door for agents through the official TypeScript client, over standard input and output and over HTTP.
// Usage: node mcp.mjs STANDIN URL
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [program, url] = process.argv.slice(2);
let steps = 0;
const step = async (what, doIt) => {
  await doIt().catch((error) => {
    throw new Error(`${what}: ${error.stack}`);
  });
  steps += 1;
};

const open = async (transport) => {
  const client = new Client({ name: "trial", version: "1.0.0" });
  await client.connect(transport);
  return client;
};
const calls = (client) => ({
  ok: async (name, given = {}) => {
    const answer = await client.callTool({ name, arguments: given });
    assert.ok(!answer.isError, `${name}: ${answer.content[0].text}`);
    assert.deepEqual(JSON.parse(answer.content[0].text), answer.structuredContent);
    return answer.structuredContent;
  },
  refused: async (name, given = {}) => {
    const answer = await client.callTool({ name, arguments: given });
    assert.ok(answer.isError, `${name}: ${JSON.stringify(answer)}`);
    return answer.content[0].text;
  },
});

const client = await open(
  new StdioClientTransport({ command: program, args: ["mcp", "--private", "--clock", "manual=2030-01-01T00:00:00Z"] }),
);
const { ok, refused } = calls(client);
let token, cryptogram, payment;

await step("the tools are described", async () => {
  const { tools } = await client.listTools();
  assert.ok(tools.length >= 20, `${tools.length} tools`);
  for (const tool of tools) {
    assert.ok(tool.description.length > 60, tool.name);
    assert.equal(tool.inputSchema.type, "object", tool.name);
    assert.equal(tool.inputSchema.properties.space.type, "string", tool.name);
    for (const [name, member] of Object.entries(tool.inputSchema.properties)) {
      assert.ok(member.description || /^(exp_month|network)/.test(name), `${tool.name}.${name} says nothing`);
    }
    assert.equal(typeof tool.annotations.readOnlyHint, "boolean", tool.name);
  }
  assert.match(client.getInstructions(), /create_token/);
  assert.equal(client.getServerVersion().name, "standin");
});

await step("cards, a token, a cryptogram, a payment", async () => {
  const status = await ok("server_status");
  assert.deepEqual([status.status, status.clock.now], ["ok", "2030-01-01T00:00:00.000000Z"]);
  const cards = await ok("list_test_cards", { network: "visa", search: "insufficient" });
  assert.ok(cards.count >= 1 && cards.cards.every((card) => card.network === "visa"));
  token = await ok("create_token", { card_number: "4111111111111111" });
  assert.match(token.token_reference, /^NTK/);
  cryptogram = await ok("create_cryptogram", { card_id: token.card_id, amount: 2500, currency: "USD" });
  assert.equal(cryptogram.cryptogram.length, 28);
  const order = { amount: 2500, currency: "USD", number: token.number, exp_month: token.exp_month, exp_year: token.exp_year };
  payment = await ok("pay", { ...order, cryptogram: cryptogram.cryptogram });
  assert.deepEqual([payment.approved, payment.state], [true, "captured"]);
  const again = await ok("pay", { ...order, cryptogram: cryptogram.cryptogram });
  assert.equal(again.reason, "cryptogram_replayed");
  const why = await ok("explain_decline", { payment: again.id });
  assert.deepEqual([why.row, why.reason, why.declined], ["5b", "cryptogram_replayed", true]);
  const known = await ok("explain_decline", { reason: "insufficient_funds" });
  assert.ok(known.test_cards.length >= 1);
  assert.equal((await ok("explain_decline", { payment: payment.id })).declined, false);
  assert.equal((await ok("list_payments")).payments.length, 2);
});

await step("faults", async () => {
  assert.ok((await ok("list_fault_kinds")).kinds.some((kind) => kind.kind === "lost_after_commit"));
  const armed = await ok("arm_fault", { rule: "refuse card_not_allowed on last4=1111 as no" });
  assert.deepEqual(armed.armed, ["no"]);
  assert.match(await refused("create_token"), /refused with 4/);
  assert.equal((await ok("list_faults")).rules[0].fired, 1);
  assert.deepEqual((await ok("disarm_fault", { name: "no" })).rules, []);
  await ok("create_token", { card_number: "4242424242424242" });
  assert.match(await refused("arm_fault", { rule: "explode" }), /explode/);
});

await step("journal and verify", async () => {
  const found = await ok("search_journal", { match: { operation: "authorize", status: "2xx" } });
  assert.equal(found.entries.length, 2);
  assert.equal((await ok("verify", { match: { operation: "authorize" }, exactly: 2 })).verdict, "yes");
  assert.equal((await ok("verify", { match: { operation: "capture" } })).verdict, "no");
});

await step("clock, tokens and webhooks", async () => {
  const hook = await ok("register_webhook", { url: "http://127.0.0.1:9/", events: ["suspended"] });
  assert.ok(hook.secret);
  const changed = await ok("change_token", { token: token.token_reference, event: "suspend" });
  assert.equal(changed.state, "suspended");
  const moved = await ok("move_clock", { advance: "PT72H" });
  assert.ok(moved.now > "2030-01-04");
  const { endpoints, messages } = await ok("list_webhook_messages");
  assert.equal(endpoints.length, 1);
  const known = [...messages.waiting, ...messages.dead];
  assert.equal(known.length, 1, JSON.stringify(messages));
  assert.match(await refused("replay_webhook", { message: "nobody" }), /no such message/);
  assert.equal((await ok("list_tokens", { token: token.token_reference })).state, "suspended");
});

await step("what is wrong names the member", async () => {
  assert.equal(await refused("create_cryptogram", {}), "card_id: is missing");
  assert.match(await refused("pay", { amount: "25" }), /amount: must be of type integer/);
  assert.match(await refused("create_token", { card_numbr: "1" }), /did you mean "card_number"/);
  assert.match(await refused("list_test_cards", { network: "vissa" }), /did you mean "visa"/);
  assert.match(await refused("create_token", { exp_month: 13 }), /exp_month: must be 12 or less/);
  assert.match(await refused("list_tokens", { space: "../x" }), /name of a space/);
  assert.match(await refused("list_tokens", { token: "../settings" }), /token/);
  assert.match(await refused("create_token", { card_number: "4929000000000007" }), /refused with 4/);
  await assert.rejects(client.callTool({ name: "list_card", arguments: {} }), /list_/);
});

await step("spaces, and beginning again", async () => {
  assert.equal((await ok("list_payments", { space: "other" })).payments.length, 0);
  const begun = await ok("reset_space");
  assert.equal(begun.now, "2030-01-01T00:00:00.000000Z");
  assert.equal((await ok("list_payments")).payments.length, 0);
  const same = await ok("create_token", { card_number: "4111111111111111" });
  assert.deepEqual(same, token);
});

await step("conformance", async () => {
  const listed = await ok("run_conform", { tags: "@behaviour", profile: "cmp", list: true });
  assert.deepEqual([listed.exit_code, listed.verdict], [0, "Conformant"]);
  assert.match(listed.report, /checks to run/);
  assert.match((await ok("run_conform", { tags: "@@" })).errors, /--tags/);
});
await client.close();

await step("the same over streamable HTTP", async () => {
  const client = await open(new StreamableHTTPClientTransport(new URL(url)));
  const { ok, refused } = calls(client);
  const space = "agent";
  const card = { number: "4242424242424242", exp_month: 12, exp_year: 2034, security_code: "123" };
  const paid = await ok("pay", { space, amount: 100, currency: "EUR", ...card });
  assert.equal(paid.state, "captured");
  assert.match(await refused("run_conform", { target: "/etc/hostname" }), /give a URL/);
  await client.close();
});

console.log(JSON.stringify({ steps }));
