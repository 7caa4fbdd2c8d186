// The Standard Webhooks library takes what standin sends, and nothing that was changed or signed by another.
import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { Gateway } from "./gateway.mjs";
import { Receiver } from "./receiver.mjs";

const gateway = new Gateway(process.argv[2]);
const receiver = await Receiver.open(gateway, ["suspended"]);
await gateway.signIn("standin-manual");
const token = await gateway.token("4111111111111111");
await gateway.control("POST", `/tokens/${token.reference}/events`, { event: "suspend", by: "issuer" });
await gateway.control("POST", "/clock", { advance: "PT0S" });

let steps = 0;
assert.equal(receiver.arrived.length, 1);
const told = receiver.last();
assert.equal(told.type, "network_token.suspended");
assert.equal(told.data.token_reference, token.reference);
steps += 1;

const { body, headers } = receiver.arrived[0];
assert.throws(() => receiver.webhook.verify(body.replace("suspended", "resumed"), headers));
steps += 1;

const other = new Webhook(`whsec_${Buffer.alloc(32).toString("base64")}`);
assert.throws(() => other.verify(body, headers));
steps += 1;

receiver.close();
console.log(JSON.stringify({ steps }));
