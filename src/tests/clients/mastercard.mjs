// A token requestor at Mastercard: requests signed by mastercard-oauth1-signer, card data sealed and answers opened by
// mastercard-client-encryption, both configured with the folder that `standin keys` wrote.
// Usage: node mastercard.mjs BASE_URL KEYS_FOLDER
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import encryption from "mastercard-client-encryption";
import oauth from "mastercard-oauth1-signer";
import forge from "node-forge";

const { FieldLevelEncryption, JweEncryption } = encryption;
const [base, folder] = process.argv.slice(2);
const index = JSON.parse(readFileSync(join(folder, "keys.json"), "utf8"));
const keys = index.mastercard;
const file = (name) => join(folder, keys[name]);
let steps = 0;

// Mastercard's portal hands out a keystore; its clients take the key out of it like this.
const store = forge.asn1.fromDer(readFileSync(file("signing_p12"), "binary"), false);
const bags = forge.pkcs12
  .pkcs12FromAsn1(store, false, keys.signing_p12_password)
  .getBags({ friendlyName: "standin", bagType: forge.pki.oids.pkcs8ShroudedKeyBag });
const signingKey = forge.pki.privateKeyToPem(bags.friendlyName[0].key);
assert.equal(
  forge.pki.privateKeyToPem(forge.pki.privateKeyFromPem(readFileSync(file("signing_key_pem"), "utf8"))),
  signingKey,
);
steps += 1;

// As Mastercard's API client tutorial configures them for MDES.
const paths = [
  {
    path: "/tokenize$",
    toEncrypt: [
      {
        element: "fundingAccountInfo.encryptedPayload.encryptedData",
        obj: "fundingAccountInfo.encryptedPayload",
      },
    ],
    toDecrypt: [{ element: "tokenDetail", obj: "tokenDetail" }],
  },
  {
    path: "/searchTokens$",
    toEncrypt: [
      {
        element: "fundingAccountInfo.encryptedPayload.encryptedData",
        obj: "fundingAccountInfo.encryptedPayload",
      },
    ],
    toDecrypt: [],
  },
  { path: "/getToken$", toEncrypt: [], toDecrypt: [{ element: "tokenDetail", obj: "tokenDetail" }] },
  {
    path: "/transact$",
    toEncrypt: [],
    toDecrypt: [{ element: "encryptedPayload", obj: "encryptedPayload" }],
  },
];
const modes = {
  jwe: new JweEncryption({
    paths,
    encryptedValueFieldName: "encryptedData",
    encryptionCertificate: file("request_encryption_certificate"),
    privateKey: file("response_decryption_key"),
  }),
  fields: new FieldLevelEncryption({
    paths,
    ivFieldName: "iv",
    encryptedKeyFieldName: "encryptedKey",
    encryptedValueFieldName: "encryptedData",
    oaepHashingAlgorithmFieldName: "oaepHashingAlgorithm",
    publicKeyFingerprintFieldName: "publicKeyFingerprint",
    publicKeyFingerprintType: "certificate",
    oaepPaddingDigestAlgorithm: "SHA-512",
    dataEncoding: "hex",
    encryptionCertificate: file("request_encryption_certificate"),
    privateKey: file("response_decryption_key"),
  }),
};

const digitization = (operation) => `/mdes/digitization/static/1/0/${operation}`;
const transact = "/mdes/remotetransaction/static/1/0/transact";

async function send(method, path, body, changed = {}) {
  const url = `${changed.base ?? base}${path}`;
  const consumer = changed.consumer ?? keys.consumer_key;
  const header = oauth.getAuthorizationHeader(url, method, body, consumer, changed.key ?? signingKey);
  const response = await fetch(url, {
    method,
    headers: { authorization: header, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: changed.body?.(body) ?? body }),
  });
  return { status: response.status, body: await response.json() };
}

// Seals, sends, and opens, as an interceptor of a generated client does.
async function call(client, status, path, content, changed) {
  const sealed = client.encrypt(path, {}, structuredClone(content)).body;
  const answer = await send("POST", path, JSON.stringify(sealed), changed);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  steps += 1;
  if (status !== 200) {
    return answer.body;
  }
  return client.decrypt({ request: { url: path }, body: answer.body });
}

function card(accountNumber) {
  return {
    encryptedPayload: {
      encryptedData: {
        cardAccountData: { accountNumber, expiryMonth: "09", expiryYear: "25", securityCode: "123" },
        accountHolderData: { accountHolderName: "John Doe" },
        source: "ACCOUNT_ON_FILE",
      },
    },
  };
}

function tokenizing(accountNumber, taskId) {
  return {
    responseHost: "site1.your-server.com",
    requestId: "123456",
    tokenType: "CLOUD",
    tokenRequestorId: "40000000001",
    taskId,
    fundingAccountInfo: card(accountNumber),
    consumerLanguage: "en",
    tokenizationAuthenticationValue: "RHVtbXkgYmFzZSA2NCBkYXRh",
    decisioningData: { recommendation: "APPROVED", recommendationAlgorithmVersion: "01" },
  };
}

for (const [mode, client] of Object.entries(modes)) {
  // The number and the expiry of Mastercard's own client tests.
  const made = await call(client, 200, digitization("tokenize"), tokenizing("5123456789012345", mode));
  assert.equal(made.decision, "APPROVED");
  assert.match(made.tokenDetail.paymentAccountReference, /^5001[0-9A-Z]{25}$/);
  assert.match(made.tokenUniqueReference, /^DWSPMC[0-9]{10}[0-9a-f]{32}$/);
  const token = made.tokenUniqueReference;

  const asking = { requestId: "123456", tokenUniqueReference: token, includeTokenDetail: "true" };
  const read = await call(client, 200, digitization("getToken"), asking);
  assert.equal(read.token.status, "ACTIVE");
  assert.match(read.tokenDetail.tokenNumber, /^5480[0-9]{12}$/);
  assert.equal(read.tokenDetail.paymentAccountReference, made.tokenDetail.paymentAccountReference);

  const search = { requestId: "123456", fundingAccountInfo: card("5123456789012345") };
  const found = await call(client, 200, digitization("searchTokens"), search);
  assert.deepEqual(found.tokens.map((one) => one.tokenUniqueReference), [token]);

  const paying = {
    requestId: "123456",
    tokenUniqueReference: token,
    dsrpType: "UCAF",
    unpredictableNumber: "23424563",
  };
  const paid = await call(client, 200, transact, paying);
  assert.equal(paid.encryptedPayload.accountNumber, read.tokenDetail.tokenNumber);
  assert.equal(Buffer.from(paid.encryptedPayload.de48se43Data, "base64").length, 20);

  const changing = {
    requestId: "123456",
    tokenUniqueReferences: [token],
    causedBy: "CARDHOLDER",
    reason: "Lost/stolen device",
    reasonCode: "SUSPECTED_FRAUD",
  };
  const change = async (operation) =>
    (await call(client, 200, digitization(operation), changing)).tokens[0];
  const suspended = await change("suspend");
  assert.deepEqual([suspended.status, suspended.suspendedBy], ["SUSPENDED", ["CARDHOLDER"]]);
  assert.equal((await call(client, 500, transact, paying)).reasonCode, "INVALID_TOKEN_STATUS");
  assert.equal((await change("unsuspend")).status, "ACTIVE");
  assert.equal((await change("delete")).status, "DEACTIVATED");
  const status = { requestId: "123456", tokenRequestorId: "40000000001", taskId: mode };
  assert.equal((await call(client, 200, digitization("getTaskStatus"), status)).status, "COMPLETED");
  const again = await call(client, 500, digitization("tokenize"), tokenizing("5123456789012345", mode));
  assert.equal(again.errors[0].reasonCode, "INVALID_TASK_ID");

  // What was changed on its way does not open.
  const sealed = client.encrypt(digitization("tokenize"), {}, tokenizing("5123456789012345", `${mode}-x`)).body;
  const payload = sealed.fundingAccountInfo.encryptedPayload;
  const flip = (letter) => (letter === "1" ? "2" : "1");
  payload.encryptedData = payload.encryptedData.slice(0, -1) + flip(payload.encryptedData.at(-1));
  const bent = await send("POST", digitization("tokenize"), JSON.stringify(sealed));
  assert.equal(bent.status, 500);
  assert.match(bent.body.errorCode, /^(CRYPTOGRAPHY_ERROR|INVALID_FIELD_FORMAT)$/);
  steps += 1;
}

// An asset, whose request has no body.
const other = tokenizing("5555555555554444", "asset");
other.fundingAccountInfo.encryptedPayload.encryptedData.cardAccountData.expiryYear = "40";
const plain = await call(modes.jwe, 200, digitization("tokenize"), other);
const asset = await send("GET", `/mdes/assets/static/1/0/asset/${plain.productConfig.iconAssetId}`);
assert.equal(asset.status, 200);
assert.equal(asset.body.mediaContents[0].type, "image/png");
steps += 1;

// Who is not let in, in the gateway's own words.
async function refused(code, text, changed, status = 401) {
  const asking = JSON.stringify({ requestId: "1", tokenUniqueReference: plain.tokenUniqueReference });
  const answer = await send("POST", digitization("getToken"), asking, changed);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  const [error] = answer.body.Errors.Error;
  assert.equal(error.Source, "Gateway");
  assert.equal(error.ReasonCode, code, error.Description);
  assert.match(error.Description, text);
  steps += 1;
}
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const strange = stranger.export({ type: "pkcs8", format: "pem" });
await refused("AUTHENTICATION_FAILED", /signatures did not match\. Acceptable signature base string: POST&http/, { key: strange });
const hashes = /Calculated: [\w+/]{43}=, Received: [\w+/]{43}=$/;
await refused("INVALID_BODY_HASH", hashes, { body: (body) => `${body} ` }, 400);
await refused("INVALID_CLIENT_ID", /consumer key/, { consumer: "nobody!key" });
// The clock of another space goes ten minutes ahead, so the client's own is late there.
const late = `${base}/~late`;
const moved = await fetch(`${late}/_standin/clock`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ advance: "PT10M" }),
});
assert.equal(moved.status, 200);
await refused("AUTHENTICATION_FAILED", /behind the clock/, { base: late });

console.log(JSON.stringify({ steps }));
