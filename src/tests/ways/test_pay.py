"""What a user's tests look like with the launcher of pip: each has a space of its own."""
import json
import urllib.error
import urllib.request

import pytest


@pytest.fixture(scope="session")
def standin_options():
    return {"clock": "manual", "seed": "pytest"}


def pay(standin):
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2034, "security_code": "123"}
    body = json.dumps({"amount": 2500, "currency": "USD", "card": card}).encode()
    headers = {"content-type": "application/json", "authorization": "Bearer standin_key"}
    with urllib.request.urlopen(urllib.request.Request(f"{standin.url}/payments", body, headers)) as answer:
        return json.load(answer)


def test_one_arms_a_failure_and_moves_the_clock(standin):
    assert standin.control("POST", "faults", {"text": "status 503 on surface=payments as down"})["armed"] == ["down"]
    with pytest.raises(urllib.error.HTTPError, match="503"):
        pay(standin)
    assert standin.control("POST", "clock", {"advance": "PT24H"})["now"] == "2026-01-02T00:00:00.000000Z"


def test_the_other_sees_neither(standin):
    assert pay(standin)["state"] == "captured"
    assert standin.control("GET", "clock")["now"] == "2026-01-01T00:00:00.000000Z"


def test_a_refusal_is_an_error_with_the_server_s_words(standin):
    with pytest.raises(Exception, match="explode"):
        standin.control("POST", "faults", {"text": "explode"})
