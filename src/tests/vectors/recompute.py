"""Recomputes fixtures/vectors/cryptograms.json, read from standard input, by the recipe of the README beside it.

Uses nothing but that page and Python's own library. Exits with 1 at a difference or when nothing was compared.
"""

import base64
import hashlib
import hmac
import json
import sys


def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def number(value, width):
    return value.to_bytes(width, "big")


def derive(seed, purpose, *inputs):
    parts = (purpose.encode(),) + inputs
    return mac(seed, b"".join(number(len(part), 4) + part for part in parts))


def decimal(data, count):
    return str(int.from_bytes(data, "big") % 10**count).zfill(count)


def digits(seed, count, purpose, *inputs):
    return decimal(derive(seed, purpose, *inputs)[:16], count)


def luhn(text):
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def fill(head, tail):
    return next(text for digit in "0123456789" if luhn(text := head + digit + tail))


def base58(data):
    alphabet, value, text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", int.from_bytes(data, "big"), ""
    while value:
        value, place = divmod(value, 58)
        text = alphabet[place] + text
    return text.rjust(22, alphabet[0])


def network(pan):
    return {"4": "visa", "2": "mastercard", "5": "mastercard", "3": "amex", "6": "discover"}[pan[0]]


def space_seed(row):
    return derive(row["seed_text"].encode(), "space", row["space"].encode())


def card(row):
    seed, pan = space_seed(row), row["pan"].encode()
    partition = derive(seed, "account", pan)[:2]
    inputs = (row["client_id"].encode(), pan, row["origin"].encode(), number(row["ordinal"], 4))
    card_id = partition + derive(seed, "card-id", *inputs)[2:16]
    controller = {"visa": "V001", "mastercard": "5001", "amex": "A001", "discover": "D001"}[network(row["pan"])]
    par = derive(seed, "par", pan)
    head, tail = decimal(par[:16], 12), decimal(par[16:], 13)
    return {
        "space_seed": seed.hex(),
        "partition": partition.hex(),
        "card_id": card_id.hex(),
        "card_id_base58": base58(card_id),
        "payment_account_reference": controller + head + tail,
        "standing_alias": "tok_sandbox_" + base58(hashlib.sha256(pan).digest()[:16]),
        "tokens": [token(seed, card_id, row["pan"], one) for one in row["tokens"]],
    }


def token(seed, card_id, pan, row):
    reference = card_id[:2] + derive(seed, "token-reference", card_id, number(row["ordinal"], 4))[2:16]
    key = derive(seed, "token-key", reference)
    first = {"visa": "4895", "mastercard": "5480", "amex": "3795", "discover": "65990"}[network(pan)]
    count = (15 if network(pan) == "amex" else 16) - len(first) - 1
    numbers = [fill(first + digits(seed, count, "token-number", reference, number(n, 4)), "") for n in (0, 1)]
    return {
        "reference": reference.hex(),
        "reference_base58": base58(reference),
        "number_at_attempt_0": numbers[0],
        "number_at_attempt_1": numbers[1],
        "token_key": key.hex(),
        "long": [long(key, one) for one in row["long"]],
        "short": [{"digits": short(key, one["counter"])} for one in row["short"]],
    }


def long(key, row):
    head = number(row["counter"], 3) + number(row["issued"], 4)
    if row["limit"] is None:
        head = b"\x02" + head
    else:
        a, b, c = (ord(letter) - ord("A") for letter in row["limit"]["currency"])
        head = b"\x03" + head + number(row["limit"]["minor"], 5) + number((a * 26 + b) * 26 + c, 2)
    whole = (head + mac(key, b"long" + head))[:20]
    return {"base64": base64.b64encode(whole).decode(), "hex": whole.hex()}


def short(key, counter):
    tag = mac(key, b"short" + number(counter, 4))
    at = tag[31] & 15
    return str((int.from_bytes(tag[at : at + 4], "big") & 0x7FFFFFFF) % 1000).zfill(3)


def alias(row):
    seed, value, form = space_seed(row), row["value"], row["format"]
    inputs = ("alias", value.encode(), b'"' + form.encode() + b'"', number(row["attempt"], 4))
    data, last4 = derive(seed, *inputs)[:16], value[-4:]
    numeric = value.isascii() and value.isdigit()
    card = numeric and 12 <= len(value) <= 19
    some = lambda count: digits(seed, count, *inputs)
    text = None
    if form == "RAW_UUID":
        text = "-".join((data[:4].hex(), data[4:6].hex(), data[6:8].hex(), data[8:10].hex(), data[10:].hex()))
    elif form == "GENERIC_T_FOUR" and value.isascii() and len(value) >= 10:
        text = "tok_sandbox_" + base58(data)[:18] + last4
    elif form == "NUM_LENGTH_PRESERVING" and numeric and 3 <= len(value) <= 16:
        text = some(len(value))
    elif form == "FPE_SIX_T_FOUR" and card:
        text = fill(value[:6] + some(len(value) - 11), last4)
    elif form == "FPE_T_FOUR" and card:
        text = fill(some(len(value) - 5), last4)
    elif form == "PFPT":
        text = fill("99" + some(16), "")
    elif form == "ALPHANUMERIC_SIX_T_FOUR" and card:
        text = value[:6] + base58(data)[14:] + "V" + last4
    if text is None:
        return {"alias": "tok_sandbox_" + base58(data), "format_given": "UUID"}
    return {"alias": text, "format_given": form}


def differences(place, known, given):
    """Compares every answer; the inputs stand in `known` only."""
    if isinstance(given, dict):
        return [d for name in given for d in differences(f"{place}/{name}", known.get(name), given[name])]
    if isinstance(given, list):
        return [d for at, (a, b) in enumerate(zip(known, given, strict=True)) for d in differences(f"{place}/{at}", a, b)]
    compared.append(place)
    return [] if known == given else [f"{place}: known {known!r}, given {given!r}"]


compared = []
answers = json.load(sys.stdin)
wrong = differences("cards", answers["cards"], [card(row) for row in answers["cards"]])
wrong += differences("aliases", answers["aliases"], [alias(row) for row in answers["aliases"]])
print("\n".join(wrong) if wrong else f"{len(compared)} values agree")
sys.exit(1 if wrong or not compared else 0)
