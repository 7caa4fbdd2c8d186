// The gateway and the control plane, with nothing but fetch: whoever has tokens and cryptograms to give.
import assert from "node:assert/strict";

const FORM = "application/x-www-form-urlencoded";
const JSON_API = "application/vnd.api+json";

async function read(response, status) {
  const text = await response.text();
  assert.equal(response.status, status, text);
  return text ? JSON.parse(text) : null;
}

// The electronic commerce indicator of a customer who was authenticated, which each network has its own of.
export function authenticated(token) {
  return token.number.startsWith("4") ? "05" : "02";
}

export class Gateway {
  constructor(base) {
    this.base = base;
  }

  async signIn(account) {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: account,
      client_secret: "standin-secret",
    });
    const url = `${this.base}/auth/realms/vgs/protocol/openid-connect/token`;
    const answer = await fetch(url, { method: "POST", headers: { "content-type": FORM }, body });
    this.access = (await read(answer, 200)).access_token;
  }

  async #post(path, attributes, status) {
    const response = await fetch(this.base + path, {
      method: "POST",
      headers: { authorization: `Bearer ${this.access}`, "content-type": JSON_API },
      body: JSON.stringify({ data: { attributes } }),
    });
    return (await read(response, status)).data;
  }

  // A vaulted card and its network token.
  async token(pan) {
    const card = await this.#post("/cards", { pan, exp_month: 12, exp_year: 29, cvc: "123" }, 201);
    const token = await this.#post(`/cards/${card.id}/network-tokens`, {}, 200);
    const { network_token: number, exp_month: month, exp_year: year } = token.attributes;
    return { card: card.id, reference: token.id, number, month, year: 2000 + year };
  }

  async #cryptogram(token, type) {
    const data = await this.#post(`/cards/${token.card}/cryptogram`, { cryptogram_type: type }, 200);
    return data.attributes.cryptogram.value;
  }

  long(token) {
    return this.#cryptogram(token, "TAVV");
  }

  short(token) {
    return this.#cryptogram(token, "DTVV");
  }

  // The tester's side.
  async control(method, path, body) {
    const response = await fetch(`${this.base}/_standin${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    assert.ok(response.ok, await response.clone().text());
    return response.status === 204 ? null : response.json();
  }

  event(token, event) {
    return this.control("POST", `/tokens/${token.reference}/events`, { event });
  }

  // Why a payment was declined, whatever the merchant was told.
  async reason(id) {
    return (await this.control("GET", `/payments/${id}`)).reason;
  }
}
