"""standin's door for agents through the official Python client, over standard input and output and over HTTP.

Usage: python mcp.py STANDIN URL
"""
import json
import sys

# This file has the name of the package that it wants, so its own folder is not where to look.
sys.path.pop(0)

import anyio  # noqa: E402
from mcp import Client, StdioServerParameters  # noqa: E402

steps = 0


async def ok(client, name, **given):
    answer = await client.call_tool(name, given)
    assert not answer.is_error, (name, answer.content[0].text)
    return answer.structured_content


async def main(program, url):
    global steps
    private = StdioServerParameters(command=program, args=["mcp", "--private", "--clock", "manual"])
    async with Client(private) as client:
        tools = (await client.list_tools()).tools
        assert len(tools) >= 20, len(tools)
        steps += 1
        token = await ok(client, "create_token", card_number="5555555555554444")
        minted = await ok(client, "create_cryptogram", card_id=token["card_id"])
        paid = await ok(
            client, "pay", amount=1000, currency="USD", number=token["number"], cryptogram=minted["cryptogram"],
            exp_month=token["exp_month"], exp_year=token["exp_year"],
        )
        assert paid["approved"], paid
        steps += 1
        wrong = await client.call_tool("move_clock", {"advance": "soon"})
        assert wrong.is_error and "advance" in wrong.content[0].text, wrong
        steps += 1
    async with Client(url) as client:
        paid = await ok(
            client, "pay", space="agent", amount=100, currency="EUR", number="4242424242424242", exp_month=12,
            exp_year=2034, security_code="123",
        )
        assert paid["state"] == "captured", paid
        steps += 1
    print(json.dumps({"steps": steps}))


anyio.run(main, *sys.argv[1:])
