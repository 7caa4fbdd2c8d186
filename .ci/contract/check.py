#!/usr/bin/env python3
"""Sends what Schemathesis makes of the OpenAPI document to a server of its own, surface by surface, signed where a surface
asks for it. Exit 1 when an answer is not as documented and .ci/contract/known does not say why.

    check.py STANDIN [SECONDS]

What is sent is the same each time, in rounds over all operations, so a slow machine sees what a fast one sees. When the time
is over before the last round is, that is said, and a known finding that was not met is then no mistake."""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi

import signing

HERE = pathlib.Path(__file__).resolve().parent
# Of each operation, in each round, both as documented and not.
EXAMPLES = 4
ROUNDS = 3
CHECKS = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
    openapi.negative_data_rejection,
]
# What never ends by itself, and what takes the ground from under the others.
LEFT_OUT = {("get", "/_standin/journal/events"), ("delete", "/_standin/space")}
METHODS = ("get", "put", "post", "delete", "patch")


def credentials(base, folder):
    """By the name of the security scheme."""
    keys = json.loads((folder / "keys.json").read_text())
    token = requests.post(
        f"{base}/auth/realms/vgs/protocol/openid-connect/token",
        data={"grant_type": "client_credentials", "client_id": "standin-manual", "client_secret": "standin-secret"},
        timeout=30,
    ).json()["access_token"]
    merchant = signing.bearer("standin_key")
    checkout = signing.bearer("sk_sbox_standinstandinstandinstandi")
    mastercard = signing.Mastercard(folder, keys["mastercard"])
    return {
        "gateway": signing.bearer(token),
        "client": signing.basic("standin-manual", "standin-secret"),
        "merchant": merchant,
        "stripe": signing.bearer("sk_test_standin"),
        "adyen": signing.Header("x-api-key", "standin-adyen"),
        "checkout_com": checkout,
        "checkout_com_client": checkout,
        "checkout_com_access": signing.basic("ack_standin", "standin-secret"),
        "visaApiKey": signing.Visa(keys["visa"]),
        "visaPayToken": signing.Visa(keys["visa"]),
        "mastercardOAuth": mastercard,
        "delegate": merchant,
        "tokenService": signing.Header("Authorization", "standin_key"),
    }


def surfaces(document):
    """A document for each surface, as two may have the same path, which the whole tells apart behind #; and what signs what."""
    parts, needs = collections.defaultdict(dict), {}
    for path, item in document["paths"].items():
        plain = path.split("#")[0]
        shared = {key: value for key, value in item.items() if key not in METHODS}
        for method in METHODS:
            if method in item and (method, plain) not in LEFT_OUT:
                tag = item[method]["tags"][0]
                # Credentials are ours to send; Schemathesis would leave them away and find that we do.
                operation = {key: value for key, value in item[method].items() if key != "security"}
                parts[tag].setdefault(plain, dict(shared))[method] = operation
                needs[tag, method, plain] = [name for scheme in item[method].get("security", []) for name in scheme]
    return {tag: {**document, "paths": paths} for tag, paths in parts.items()}, needs


def findings(operation, auth, session, found, round_number):
    """Adds what is wrong with the answers of one operation. True when it let somebody in."""
    let_in = auth is None

    def send(case):
        nonlocal let_in
        answer = case.call(session=session, auth=auth, timeout=30, headers={"connection": "keep-alive"})
        let_in = let_in or answer.status_code not in (401, 403)
        try:
            case.validate_response(answer, checks=CHECKS)
        except (AssertionError, BaseExceptionGroup) as failed:
            for each in getattr(failed, "exceptions", [failed]):
                status = answer.status_code
                line = f"{operation.method.upper()} {operation.path} {status} {type(each).__name__}"
                found.setdefault(line, str(each))

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        bounded = settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            given_cases = given(case=operation.as_strategy(generation_mode=mode))
            seed(round_number)(bounded(given_cases(lambda case: send(case))))()
        except Exception as error:
            # An operation without anything to send has nothing that can be wrong with it.
            if type(error).__name__ not in ("Unsatisfiable", "SerializationNotPossible"):
                raise
    return let_in


def known_findings():
    rows = {}
    for row in (HERE / "known").read_text().splitlines():
        if row and not row.startswith("#"):
            line, reason = row.split(": ", 1)
            rows[line] = reason
    return rows


def run(base, folder, until):
    """What was found, how many operations were asked, and which were left out in which round."""
    document = requests.get(f"{base}/_standin/openapi.json", timeout=30).json()
    known = credentials(base, folder)
    parts, needs = surfaces(document)
    operations = []
    for tag, part in parts.items():
        schema = schemathesis.openapi.from_dict(part)
        schema.config.update(base_url=base)
        for result in schema.get_all_operations():
            operation = result.ok()
            scheme = needs[tag, operation.method, operation.path]
            operations.append((tag, operation, known[scheme[0]] if scheme else None))
    session, found, entered, sent, left = requests.Session(), {}, set(), set(), []
    for round_number in range(1, ROUNDS + 1):
        for tag, operation, auth in operations:
            name = f"{operation.method.upper()} {operation.path}"
            if time.monotonic() > until:
                left.append(f"{name} ({tag}, round {round_number})")
                continue
            sent.add((tag, name))
            if findings(operation, auth, session, found, round_number):
                entered.add((tag, name))
    for tag, name in sent - entered:
        found[f"{name} 401 NobodyLetIn"] = f"{tag}: each request was refused for its credentials"
    return found, len(sent), left


def main():
    program, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 120
    until = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as place:
        folder, ready = pathlib.Path(place) / "keys", pathlib.Path(place) / "ready"
        subprocess.run([program, "keys", "--dir", str(folder)], check=True, stdout=subprocess.DEVNULL)
        serve = [program, "serve", "--listen", "127.0.0.1:0", "--ready-file", str(ready), "--keys", str(folder), "--quiet"]
        with subprocess.Popen(serve) as server:
            try:
                while not ready.is_file() or not ready.read_text().endswith("\n"):
                    if server.poll() is not None:
                        raise SystemExit("the server has ended")
                    time.sleep(0.05)
                found, sent, left = run(ready.read_text().strip().rstrip("/"), folder, until)
                if server.poll() is not None:
                    raise SystemExit("the server has ended while it was asked")
            finally:
                server.terminate()
    known = known_findings()
    new = {line: why for line, why in found.items() if line not in known}
    for line, why in sorted(new.items()):
        print(f"\n{line}\n  " + why.replace("\n", "\n  ")[:1500])
    stale = [] if left else sorted(set(known) - set(found))
    for line in stale:
        print(f"known and not met any more: {line}")
    if left:
        print(f"no time was left for {len(left)} askings, of which the first is {left[0]}")
    print(f"{sent} operations, {len(found)} findings, {len(new)} of them new, {len(stale)} known ones not met")
    if sent == 0 or new or stale:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
