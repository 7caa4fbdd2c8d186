// A token requestor at Visa: x-pay-token by node's own HMAC, envelopes by jose. It knows the API from public sources only.
// Usage: node visa.mjs BASE_URL, with the keys it was given in visa-keys.json beside it.
import assert from "node:assert/strict";
import { createHash, createHmac, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from "jose";

const base = process.argv[2];
const keys = JSON.parse(await readFile(new URL("visa-keys.json", import.meta.url), "utf8"));
let steps = 0;

// The test server's clock stands still; a client's own goes with it.
const clock = await (await fetch(`${base}/_standin/clock`)).json();
const now = Math.floor(Date.parse(clock.now) / 1000);

function payToken(secret, timestamp, path, query, body) {
  const mac = createHmac("sha256", secret);
  mac.update(`${timestamp}${path.slice(1)}${query}${body}`);
  return `xv2:${timestamp}:${mac.digest("hex")}`;
}

async function send(method, path, content, changed = {}) {
  const query = new URLSearchParams({ apiKey: keys.api_key, ...changed.query }).toString();
  const body = content === undefined ? "" : JSON.stringify(content);
  const secret = changed.secret ?? keys.shared_secret;
  const response = await fetch(`${base}${path}?${query}`, {
    method,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      "x-request-id": randomUUID(),
      "x-pay-token": payToken(secret, changed.timestamp ?? now, path, query, body),
    },
    ...(content === undefined ? {} : { body: changed.body?.(body) ?? body }),
  });
  assert.ok(response.headers.get("x-correlation-id"), path);
  // Every answer is JSON, whatever it says.
  return { status: response.status, body: await response.json() };
}

async function call(status, ...request) {
  const answer = await send(...request);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  steps += 1;
  return answer.body;
}

const kek = (secret) => createHash("sha256").update(secret).digest();

function seal(content, secret = keys.encryption_shared_secret) {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(content)))
    .setProtectedHeader({ alg: "A256GCMKW", enc: "A256GCM", kid: keys.encryption_api_key })
    .encrypt(kek(secret));
}

async function open(envelope) {
  const header = decodeProtectedHeader(envelope);
  assert.equal(header.kid, keys.encryption_api_key);
  assert.equal(header.channelSecurityContext, "SHARED_SECRET");
  const { plaintext } = await compactDecrypt(envelope, kek(keys.encryption_shared_secret));
  return JSON.parse(new TextDecoder().decode(plaintext));
}

async function card(accountNumber, secret) {
  const instrument = {
    accountNumber,
    name: "Jane Doe",
    expirationDate: { month: 12, year: 2030 },
    cvv2: "123",
    billingAddress: { line1: "1 Main St", city: "Anytown", state: "CA", zip: "90001", country: "US" },
  };
  return {
    locale: "en_US",
    clientAppID: "standin-app",
    clientWalletAccountID: "40000000001",
    panSource: "MANUALLYENTERED",
    consumerEntryMode: "KEYENTERED",
    encPaymentInstrument: await seal(instrument, secret),
  };
}

const reason = (reasonCode) => ({ updateReason: { reasonCode } });
const payment = (cryptogramType) => ({
  clientPaymentDataID: randomUUID(),
  cryptogramType,
  paymentRequest: { transactionType: "ECOM" },
});
const status = async (token) => (await call(200, "GET", token)).tokenInfo.tokenStatus;

// A card is enrolled, shown, provisioned; its token pays, rests, pays again and goes.
const enrolled = await call(201, "POST", "/vts/panEnrollments", await card("4111111111111111"));
const enrolment = `/vts/panEnrollments/${enrolled.vPanEnrollmentID}`;
const shown = await call(200, "GET", enrolment);
assert.equal(shown.paymentInstrument.last4, "1111");
const [art] = shown.cardMetaData.cardData.filter((data) => data.contentType === "digitalCardArt");
const content = await call(200, "GET", `/vts/cps/getContent/${art.guid}`);
assert.match(Buffer.from(content.content[0].encodedData, "base64").toString(), /^<svg /);
const risk = [{ name: "paymentInstrument.expirationDate.month", value: 12 }];
const made = await call(201, "POST", `${enrolment}/provisionedTokens`, {
  clientAppID: "standin-app",
  presentationType: ["AI_AGENT"],
  protectionType: "CLOUD",
  accountType: "WALLET",
  termsAndConditions: { id: "terms", date: String(now) },
  encRiskDataInfo: await seal(risk),
});
const token = `/vts/provisionedTokens/${made.vProvisionedTokenID}`;
const { token: number } = await open(made.tokenInfo.encTokenInfo);
assert.match(number, /^4895\d{12}$/);
assert.ok(number.endsWith(made.tokenInfo.last4));
assert.equal(await status(token), "ACTIVE");
const long = await call(200, "POST", `${token}/paymentData`, payment("TAVV"));
assert.match(long.cryptogramInfo.cryptogram, /^[A-Za-z0-9+/]{27}=$/);
assert.equal(long.cryptogramInfo.eci, "07");
assert.equal((await open(long.tokenInfo.encTokenInfo)).token, number);
const short = await call(200, "POST", `${token}/paymentData`, payment("DTVV"));
assert.match(short.cryptogramInfo.cryptogram, /^\d{3}$/);
assert.deepEqual(await call(200, "PUT", `${token}/suspend`, reason("CUSTOMER_CONFIRMED")), {});
const held = await call(403, "POST", `${token}/paymentData`, payment("TAVV"));
assert.equal(held.errorResponse.reason, "invalidTokenStatus");
assert.deepEqual(await call(200, "PUT", `${token}/resume`, reason("FRAUD")), {});
await call(200, "POST", `${token}/paymentData`, payment("TAVV"));
assert.deepEqual(await call(200, "PUT", `${token}/delete`, reason("CUSTOMER_CONFIRMED")), {});
assert.equal(await status(token), "DELETED");

// Another card's token waits for its cardholder.
const both = { ...(await card("4000210000770203")), presentationType: ["ECOM"], protectionType: "CLOUD" };
const waiting = await call(201, "POST", "/vts/provisionedTokens", both);
const inactive = `/vts/provisionedTokens/${waiting.vProvisionedTokenID}`;
assert.equal(await status(inactive), "INACTIVE");
const reference = randomUUID();
const binding = { clientReferenceID: reference, intent: "FIDO", platformType: "WEB" };
const query = { query: { reasonCode: "PROVISIONING" } };
const offered = await call(200, "POST", `${inactive}/deviceBinding`, binding, query);
assert.equal(offered.status, "CHALLENGE");
const { identifier } = offered.stepUpRequest.find((way) => way.method === "OTPEMAIL");
const chosen = { stepUpRequestID: identifier, date: now, clientReferenceId: reference };
const limits = await call(200, "PUT", `${inactive}/stepUpOptions/method`, chosen);
assert.equal(limits.maxOTPVerificationAllowed, 3);
const otp = (otpValue) => ({ otpValue, date: String(now), clientReferenceId: reference });
await call(403, "POST", `${inactive}/stepUpOptions/validateOTP`, otp("000000"));
await call(200, "POST", `${inactive}/stepUpOptions/validateOTP`, otp("456789"));
assert.equal(await status(inactive), "ACTIVE");
const attestation = { type: "AUTHENTICATE", reasonCode: "PAYMENT", clientReferenceID: reference };
const told = await call(200, "POST", `${inactive}/attestation/options`, attestation);
assert.equal(told.authenticationContext.action, "AUTHENTICATE");

// What is forged is refused in the network's own words.
const suspend = `${inactive}/suspend`;
for (const changed of [
  { secret: "another secret" },
  { body: (body) => body.replace("FRAUD", "FRAUDS") },
  { timestamp: now - 481 },
  { timestamp: now + 481 },
]) {
  const refused = await call(401, "PUT", suspend, reason("FRAUD"), changed);
  assert.deepEqual(refused.responseStatus, {
    status: 401,
    code: "9159",
    severity: "ERROR",
    message: "Token Validation Failed",
    info: "",
  });
}
const foreign = await card("4111111111111111", "another secret");
const sealed = await call(400, "POST", "/vts/panEnrollments", foreign);
assert.equal(sealed.errorResponse.reason, "invalidParameter");
assert.equal(sealed.errorResponse.details[0].location, "encPaymentInstrument");
const refusedCard = await card("4000000000000036");
const ineligible = await call(403, "POST", "/vts/provisionedTokens", refusedCard);
assert.equal(ineligible.errorResponse.reason, "cardNotEligible");
assert.equal(await status(inactive), "ACTIVE");

console.log(JSON.stringify({ steps }));
