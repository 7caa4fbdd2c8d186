"""Credentials for each surface, as a client of it sends them: for requests, which calls them when a request is complete."""
import base64
import hashlib
import hmac
import time
from urllib.parse import urlsplit

from oauth1.authenticationutils import load_signing_key
from oauth1.oauth import OAuth
from requests.auth import AuthBase


class Header(AuthBase):
    """A header that is the same each time."""

    def __init__(self, name, value):
        self.name, self.value = name, value

    def __call__(self, request):
        request.headers[self.name] = self.value
        return request


class Visa(AuthBase):
    """An x-pay-token of Visa (Visa Developer, x-pay-token): HMAC over seconds, path, query in order and body."""

    def __init__(self, keys):
        self.key, self.secret = keys["api_key"], keys["shared_secret"]

    def __call__(self, request):
        request.prepare_url(request.url, {"apiKey": self.key})
        target = urlsplit(request.url)
        resource = target.path.removeprefix("/")
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        seconds = str(int(time.time()))
        query = "&".join(sorted(target.query.split("&")))
        said = (seconds + resource + query).encode() + body
        code = hmac.new(self.secret.encode(), said, hashlib.sha256).hexdigest()
        request.headers["x-pay-token"] = f"xv2:{seconds}:{code}"
        return request


class Mastercard(AuthBase):
    """OAuth 1.0a by Mastercard's own signer."""

    def __init__(self, folder, keys):
        self.consumer = keys["consumer_key"]
        self.key = load_signing_key(str(folder / keys["signing_p12"]), keys["signing_p12_password"])

    def __call__(self, request):
        header = OAuth.get_authorization_header(request.url, request.method, request.body, self.consumer, self.key)
        request.headers["Authorization"] = header
        return request


def basic(user, secret):
    return Header("Authorization", "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode())


def bearer(token):
    return Header("Authorization", f"Bearer {token}")
