// Checks packs of `standin vectors` without standin: by the libraries of the standard and of the vendors, with their clocks put to
// the pack's. Prints what it made of each case.
// Usage: node vectors.mjs FOLDER
import { createHash, createVerify } from "node:crypto";
import { readFileSync } from "node:fs";
import { hmacValidator } from "@adyen/api-library";
import { compactDecrypt, errors as joseErrors } from "jose";
import signer from "mastercard-oauth1-signer";
import FieldLevelCrypto from "mastercard-client-encryption/lib/mcapi/crypto/field-level-crypto.js";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import Stripe from "stripe";

class Refused extends Error {}

function need(holds) {
  if (!holds) throw new Refused();
}

const stripe = new Stripe("sk_test_standin");
const validator = new hmacValidator();

// The base string is made by Mastercard's own library.
function oauth1({ request }, keys, now) {
  const [, rest] = /^OAuth (.*)$/.exec(request.headers.authorization) ?? need(false);
  const parameters = new Map();
  for (const pair of rest.split(",")) {
    const [, name, value] = /^\s*([a-z_]+)="([^"]*)"$/.exec(pair) ?? need(false);
    need(!parameters.has(name));
    parameters.set(name, value);
  }
  parameters.delete("realm");
  for (const name of ["consumer_key", "nonce", "signature_method", "timestamp", "signature"]) {
    need(parameters.get(`oauth_${name}`));
  }
  need((parameters.get("oauth_version") ?? "1.0") === "1.0");
  const escaped = parameters.get("oauth_signature");
  need(!/[+/=]/.test(escaped));
  need(parameters.get("oauth_signature_method") === "RSA-SHA256");
  need(/^[0-9]+$/.test(parameters.get("oauth_timestamp")));
  need(Math.abs(Number(parameters.get("oauth_timestamp")) - now) <= 300);
  const digest = createHash("sha256").update(request.body, "utf8").digest("base64");
  const carries = request.body !== "" || ["POST", "PUT", "PATCH"].includes(request.method);
  need(parameters.has("oauth_body_hash") || !carries);
  need((parameters.get("oauth_body_hash") ?? digest) === digest);
  parameters.delete("oauth_signature");
  const pairs = signer.extractQueryParams(request.url);
  const text = signer.toOAuthParamString(pairs, parameters);
  const base = signer.getSignatureBaseString(request.method, signer.getBaseUriString(request.url), text);
  const signature = Buffer.from(decodeURIComponent(escaped), "base64");
  need(createVerify("RSA-SHA256").update(base).verify(keys.public_key, signature));
}

async function sharedSecretJwe({ envelope, plaintext }, keys) {
  const secret = createHash("sha256").update(keys.secret, "utf8").digest();
  const allowed = { keyManagementAlgorithms: ["A256GCMKW"], contentEncryptionAlgorithms: ["A256GCM"] };
  const opened = await compactDecrypt(envelope, secret, allowed);
  need(opened.protectedHeader.kid === keys.kid && opened.protectedHeader.zip === undefined);
  need(Buffer.from(opened.plaintext).toString("utf8") === plaintext);
}

// Mastercard's library opens what is right. It looks at neither fingerprint nor padding, so wrong ones are not for it to judge.
function fieldLevel({ payload, plaintext, valid }, keys) {
  if (!valid) return "not judged";
  const config = {
    paths: [{ path: "/", toEncrypt: [{ element: "a", obj: "b" }], toDecrypt: [{ element: "b", obj: "a" }] }],
    oaepPaddingDigestAlgorithm: (payload.oaepHashingAlgorithm ?? "SHA256").replace(/^SHA(?=\d)/, "SHA-"),
    ivFieldName: "iv",
    encryptedKeyFieldName: "encryptedKey",
    encryptedValueFieldName: "encryptedData",
    oaepHashingAlgorithmFieldName: "oaepHashingAlgorithm",
    publicKeyFingerprintFieldName: "publicKeyFingerprint",
    publicKeyFingerprint: keys.public_key_fingerprint,
    dataEncoding: "hex",
    useCertificateContent: true,
    encryptionCertificate: keys.certificate,
    privateKey: keys.private_key,
  };
  const crypto = new FieldLevelCrypto(config);
  const { encryptedData, iv, encryptedKey } = payload;
  const opened = crypto.decryptData(encryptedData, iv, config.oaepPaddingDigestAlgorithm, encryptedKey);
  let want = plaintext;
  try {
    want = JSON.parse(plaintext);
  } catch {
    // What is no JSON comes out as it is.
  }
  // The library gives back bytes as letters.
  const read = typeof opened === "string" ? Buffer.from(opened, "latin1").toString("utf8") : opened;
  need(JSON.stringify(read) === JSON.stringify(want));
}

function standard({ message }, keys, now) {
  const clock = Date.now;
  Date.now = () => now * 1000;
  try {
    new Webhook(keys.secret).verify(message.body, message.headers);
  } finally {
    Date.now = clock;
  }
}

function ofStripe({ message }, keys, now) {
  const header = message.headers["stripe-signature"];
  // An empty code makes the library fail by itself, and whoever called it refuses.
  need(!/v1=(,|$)/.test(header ?? ""));
  stripe.webhooks.signature.verifyHeader(message.body, header, keys.secret, 300, undefined, now * 1000);
}

function adyen({ message }, keys) {
  const body = JSON.parse(message.body);
  if (body.notificationItems) {
    const item = body.notificationItems[0].NotificationRequestItem;
    need(item.additionalData.hmacSignature);
    need(validator.validateHMAC(item, keys.hmac_key));
  } else {
    const given = message.headers.hmacsignature;
    need(given);
    need(validator.validateHMACSignature(keys.hmac_key, given, message.body));
  }
}

const checks = {
  "oauth1-rsa-sha256": oauth1,
  "shared-secret-jwe": sharedSecretJwe,
  "mastercard-field-level": fieldLevel,
  "webhooks-standard": standard,
  "webhooks-stripe": ofStripe,
  "webhooks-adyen": adyen,
};

// What a library says when it refuses. Anything else is a mistake of this program and ends it.
const refusals = [Refused, WebhookVerificationError, joseErrors.JOSEError, Stripe.errors.StripeSignatureVerificationError];

async function verdict(check, one, keys, now) {
  try {
    return (await check(one, keys, now)) ?? true;
  } catch (error) {
    if (refusals.some((kind) => error instanceof kind)) return false;
    throw error;
  }
}

const said = {};
for (const [name, check] of Object.entries(checks)) {
  const { cases, keys, now } = JSON.parse(readFileSync(`${process.argv[2]}/${name}.json`, "utf8"));
  said[name] = {};
  for (const one of cases) said[name][one.name] = await verdict(check, one, keys, now);
}
console.log(JSON.stringify(said));
