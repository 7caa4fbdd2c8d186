"""Checks the packs of `standin vectors` without standin: by the vendors' own libraries where there are some, and otherwise by the
rules in the packs and Python's own library. Prints what it made of each case.

Usage: packs.py FOLDER
"""

import base64
import binascii
import hashlib
import hmac
import json
import pathlib
import re
import sys
import urllib.parse
from datetime import datetime, timezone
from unittest import mock

import standardwebhooks.webhooks as standard
import stripe
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, padding as blocks, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from jwcrypto import jwe, jwk
from jwcrypto.common import JWException, base64url_decode, base64url_encode
from oauth1.oauth import OAuth


class Refused(Exception):
    """A rule of the pack does not hold."""


def need(holds):
    if not holds:
        raise Refused


def mac(key, *parts):
    return hmac.new(key, b"".join(part.encode() for part in parts), hashlib.sha256)


def x_pay_token(case, keys, now):
    request = case["request"]
    token = request["headers"]["x-pay-token"]
    found = re.fullmatch(r"xv2:([0-9]+):([0-9a-f]{64})", token)
    need(found)
    need(abs(int(found[1]) - now) <= 480)
    path, _, query = request["target"].partition("?")
    path = path[1:]
    for context in ("vacp/", "vdp/"):
        path = path.removeprefix(context)
    own = mac(keys["secret"].encode(), found[1], path, query, request["body"]).hexdigest()
    need(hmac.compare_digest(own, found[2]))


def oauth1(case, keys, now):
    """The base string is made by Mastercard's own library."""
    request = case["request"]
    scheme, _, rest = request["headers"]["authorization"].partition(" ")
    need(scheme == "OAuth")
    pairs = [re.fullmatch(r'\s*([a-z_]+)="([^"]*)"', pair) for pair in rest.split(",")]
    need(all(pairs))
    parameters = {pair[1]: pair[2] for pair in pairs}
    need(len(parameters) == len(pairs))
    parameters.pop("realm", None)
    for name in ("consumer_key", "nonce", "signature_method", "timestamp", "signature"):
        need(parameters.get(f"oauth_{name}"))
    need(parameters.get("oauth_version", "1.0") == "1.0")
    escaped = parameters.pop("oauth_signature")
    need(not set("+/=") & set(escaped))
    need(parameters["oauth_signature_method"] == "RSA-SHA256")
    need(re.fullmatch("[0-9]+", parameters["oauth_timestamp"]))
    need(abs(int(parameters["oauth_timestamp"]) - now) <= 300)
    digest = base64.b64encode(hashlib.sha256(request["body"].encode()).digest()).decode()
    carries = request["body"] or request["method"] in ("POST", "PUT", "PATCH")
    need("oauth_body_hash" in parameters or not carries)
    need(parameters.get("oauth_body_hash", digest) == digest)
    signed = OAuth.get_base_string(request["url"], request["method"], parameters)
    signature = base64.b64decode(urllib.parse.unquote(escaped))
    key = serialization.load_pem_public_key(keys["public_key"].encode())
    key.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())


def shared_secret_jwe(case, keys, now):
    """Opened by jwcrypto."""
    parts = case["envelope"].split(".")
    need(len(parts) == 5)
    header = json.loads(base64url_decode(parts[0]))
    need(isinstance(header, dict) and not {"crit", "zip"} & set(header))
    need((header.get("alg"), header.get("enc")) == ("A256GCMKW", "A256GCM"))
    need(header.get("kid") == keys["kid"])
    need(len(base64url_decode(header.get("iv", ""))) == 12)
    need(len(base64url_decode(header.get("tag", ""))) == 16)
    need(len(base64url_decode(parts[2])) == 12 and len(base64url_decode(parts[4])) == 16)
    secret = hashlib.sha256(keys["secret"].encode()).digest()
    key = jwk.JWK(kty="oct", k=base64url_encode(secret))
    envelope = jwe.JWE(algs=["A256GCMKW", "A256GCM"])
    envelope.deserialize(case["envelope"], key)
    need(envelope.payload.decode() == case["plaintext"])


def field_level(case, keys, now):
    payload = case["payload"]
    fingerprint = payload.get("publicKeyFingerprint", keys["public_key_fingerprint"])
    need(fingerprint == keys["public_key_fingerprint"])
    names = {"SHA256": hashes.SHA256, "SHA512": hashes.SHA512}
    name = payload.get("oaepHashingAlgorithm", "SHA256").replace("-", "")
    need(name in names)
    for member in ("iv", "encryptedKey", "encryptedData"):
        need(re.fullmatch("([0-9A-Fa-f]{2})*", payload[member]))
    read = lambda member: bytes.fromhex(payload[member])
    private = serialization.load_pem_private_key(keys["private_key"].encode(), None)
    digest = names[name]()
    oaep = padding.OAEP(mgf=padding.MGF1(digest), algorithm=digest, label=None)
    session = private.decrypt(read("encryptedKey"), oaep)
    need(len(session) == 16 and len(read("iv")) == 16)
    cipher = Cipher(algorithms.AES(session), modes.CBC(read("iv"))).decryptor()
    padded = cipher.update(read("encryptedData")) + cipher.finalize()
    unpadder = blocks.PKCS7(128).unpadder()
    need((unpadder.update(padded) + unpadder.finalize()).decode() == case["plaintext"])


def webhooks_standard(case, keys, now):
    """By the library of the specification, with its clock put to the pack's."""
    fixed = datetime.fromtimestamp(now, tz=timezone.utc)
    with mock.patch.object(standard, "datetime", wraps=datetime) as clock:
        clock.now.return_value = fixed
        message = case["message"]
        standard.Webhook(keys["secret"]).verify(message["body"], message["headers"])


def webhooks_stripe(case, keys, now):
    """By Stripe's own library, with its clock put to the pack's."""
    message = case["message"]
    header = message["headers"].get("stripe-signature")
    with mock.patch("time.time", return_value=now):
        stripe.WebhookSignature.verify_header(message["body"], header, keys["secret"], 300)


def webhooks_vgs(case, keys, now):
    message = case["message"]
    pairs = [pair.split("=", 1) for pair in message["headers"]["vgs-signature"].split(",")]
    times = [pair[1] for pair in pairs if pair[0] == "t"]
    need(len(times) == 1 and re.fullmatch("[0-9]+", times[0]))
    need(abs(int(times[0]) - now) <= 60)
    own = mac(keys["secret"].encode(), times[0], ".", message["body"]).hexdigest()
    need(any(hmac.compare_digest(own, pair[1]) for pair in pairs if pair[0] == "v0"))


def webhooks_checkout(case, keys, now):
    message = case["message"]
    own = mac(keys["secret"].encode(), message["body"]).hexdigest()
    need(hmac.compare_digest(own, message["headers"]["cko-signature"]))


def webhooks_adyen(case, keys, now):
    message = case["message"]
    key = bytes.fromhex(keys["hmac_key"])
    body = json.loads(message["body"])
    if "notificationItems" in body:
        item = body["notificationItems"][0]["NotificationRequestItem"]
        amount = item["amount"]
        members = [item.get(name, "") for name in ("pspReference", "originalReference", "merchantAccountCode", "merchantReference")]
        members += [amount["value"], amount["currency"], item["eventCode"], item["success"]]
        own = mac(key, ":".join(str(member) for member in members))
        given = item["additionalData"]["hmacSignature"]
    else:
        own = mac(key, message["body"])
        given = message["headers"]["hmacsignature"]
    need(hmac.compare_digest(own.digest(), base64.b64decode(given, validate=True)))


CHECKS = {
    "x-pay-token": x_pay_token,
    "oauth1-rsa-sha256": oauth1,
    "shared-secret-jwe": shared_secret_jwe,
    "mastercard-field-level": field_level,
    "webhooks-standard": webhooks_standard,
    "webhooks-stripe": webhooks_stripe,
    "webhooks-vgs": webhooks_vgs,
    "webhooks-checkout": webhooks_checkout,
    "webhooks-adyen": webhooks_adyen,
}

# What a library says when it refuses. Anything else is a mistake of this program and ends it.
REFUSALS = (
    Refused,
    KeyError,
    ValueError,
    binascii.Error,
    InvalidSignature,
    JWException,
    standard.WebhookVerificationError,
    stripe.SignatureVerificationError,
)


def accepted(check, case, keys, now):
    try:
        check(case, keys, now)
    except REFUSALS:
        return False
    return True


said = {}
for name, check in CHECKS.items():
    pack = json.loads((pathlib.Path(sys.argv[1]) / f"{name}.json").read_text())
    said[name] = {case["name"]: accepted(check, case, pack["keys"], pack["now"]) for case in pack["cases"]}
print(json.dumps(said))
