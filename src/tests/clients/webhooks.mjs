// A receiver that trusts nothing but the Standard Webhooks library.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";
import { Gateway } from "./gateway.mjs";

const gateway = new Gateway(process.argv[2]);


const arrived = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    arrived.push({ headers: request.headers, body });
    response.end();
  });
});
await new Promise((ready) => receiver.listen(0, "127.0.0.1", ready));

// The clock of the server stands still, and the library's does not: it is put to the present, so that the timestamps are fresh.
await gateway.control("POST", "/clock", { set: new Date().toISOString() });
await gateway.signIn("standin-manual");
const url = `http://127.0.0.1:${receiver.address().port}/hooks`;
const endpoint = await gateway.control("POST", "/webhooks", { url, events: ["suspended"] });
const token = await gateway.token("4111111111111111");
await gateway.control("POST", `/tokens/${token.reference}/events`, { event: "suspend", by: "issuer" });
await gateway.control("POST", "/clock", { advance: "PT0S" });

let steps = 0;
const webhook = new Webhook(endpoint.secret);
assert.equal(arrived.length, 1);
const told = webhook.verify(arrived[0].body, arrived[0].headers);
assert.equal(told.type, "network_token.suspended");
assert.equal(told.data.token_reference, token.reference);
steps += 1;

assert.throws(() => webhook.verify(arrived[0].body.replace("suspended", "resumed"), arrived[0].headers));
steps += 1;

const other = new Webhook(`whsec_${Buffer.alloc(32).toString("base64")}`);
assert.throws(() => other.verify(arrived[0].body, arrived[0].headers));
steps += 1;

receiver.close();
console.log(JSON.stringify({ steps }));
