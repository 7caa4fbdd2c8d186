"""Stripe's client as its documents configure it, and Mastercard's signer on requests to MDES, neither with an address of ours.
Run under `standin run`. Usage: default_hosts.py KEYS_FOLDER"""

import json
import pathlib
import sys

import requests
import stripe
from oauth1 import authenticationutils
from oauth1.oauth import OAuth

folder = pathlib.Path(sys.argv[1])
keys = json.loads((folder / "keys.json").read_text())["mastercard"]

client = stripe.StripeClient("sk_test_standin")
intent = client.v1.payment_intents.create(
    params={
        "amount": 2500,
        "currency": "usd",
        "confirm": True,
        "payment_method": "pm_card_visa",
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }
)
assert intent.status == "succeeded", intent

secret = authenticationutils.load_signing_key(
    str(folder / keys["signing_p12"]), keys["signing_p12_password"]
)
url = "https://sandbox.api.mastercard.com/mdes/digitization/static/1/0/getTaskStatus"
body = json.dumps(
    {"requestId": "1", "tokenRequestorId": "40000000001", "taskId": "nobody"}
)
headers = {"Content-Type": "application/json", "Accept": "application/json"}
headers["Authorization"] = OAuth.get_authorization_header(
    url, "POST", body, keys["consumer_key"], secret
)
answer = requests.post(url, data=body, headers=headers, timeout=30)
# Who is let in is told that there is no such task; who is not is told that the signature is wrong.
assert "INVALID_TASK_ID" in answer.text, (answer.status_code, answer.text)
assert answer.headers["VGS-Upstream-Status-Code"] == str(answer.status_code)

try:
    requests.get("https://canary.example/", timeout=30)
except requests.exceptions.ProxyError as error:
    assert "403" in str(error), error
else:
    raise AssertionError("a host that is nobody's answered")
print(json.dumps({"steps": 3}))
