// A receiver that trusts nothing but the Standard Webhooks library.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

export class Receiver {
  #server;
  arrived = [];

  // Registered at the gateway for these events. The server's clock stands still and the library's does not, so the server is
  // put to the present, for the timestamps to be fresh.
  static async open(gateway, events) {
    const receiver = new Receiver();
    receiver.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        receiver.arrived.push({ headers: request.headers, body });
        response.end();
      });
    });
    await new Promise((ready) => receiver.#server.listen(0, "127.0.0.1", ready));
    await gateway.control("POST", "/clock", { set: new Date().toISOString() });
    const url = `http://127.0.0.1:${receiver.#server.address().port}/hooks`;
    const endpoint = await gateway.control("POST", "/webhooks", { url, events });
    receiver.webhook = new Webhook(endpoint.secret);
    return receiver;
  }

  // What the last letter says, if its signature is right.
  last() {
    const { body, headers } = this.arrived.at(-1);
    return this.webhook.verify(body, headers);
  }

  close() {
    this.#server.close();
  }
}
