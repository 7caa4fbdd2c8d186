// What a user's tests look like with the launcher of npm: each has a space of its own.
import { useStandin } from "standin/jest";

const standin = useStandin({ clock: "manual", seed: "jest" });

const pay = async () => {
  const card = { number: "4242424242424242", exp_month: 12, exp_year: 2034, security_code: "123" };
  const answer = await fetch(`${standin.space.url}/payments`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer standin_key" },
    body: JSON.stringify({ amount: 2500, currency: "USD", card }),
  });
  return { status: answer.status, payment: await answer.json() };
};

test("one arms a failure and moves the clock", async () => {
  const { armed } = await standin.space.control("POST", "faults", { text: "status 503 on surface=payments as down" });
  expect(armed).toEqual(["down"]);
  expect((await pay()).status).toBe(503);
  const { now } = await standin.space.control("POST", "clock", { advance: "PT24H" });
  expect(now).toBe("2026-01-02T00:00:00.000000Z");
});

test("the other sees neither", async () => {
  const { status, payment } = await pay();
  expect([status, payment.state]).toEqual([201, "captured"]);
  expect((await standin.space.control("GET", "clock")).now).toBe("2026-01-01T00:00:00.000000Z");
});

test("a refusal is an error with the server's words", async () => {
  await expect(standin.space.control("POST", "faults", { text: "explode" })).rejects.toThrow(/explode/);
});
