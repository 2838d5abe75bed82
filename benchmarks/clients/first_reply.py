"""A cold start: from a fresh interpreter to the first reply of DynamoDB, by one client or the other."""

from __future__ import annotations

import importlib
import os
import sys

# What Lambda's runtime has imported before it imports a function.
for module in ("json", "logging", "time", "traceback", "types", "uuid"):
    importlib.import_module(module)

_KEY = {"room": {"S": "lobby"}, "item": {"S": "head"}}


def ask_with_ours(url: str) -> None:
    """Ask by the functions' own client, and look for garbage when they do: once all is imported."""
    import gc  # noqa: PLC0415 - as below, what the others do not need

    import chat.handlers  # noqa: F401, PLC0415

    assert not gc.isenabled()

    import asyncio  # noqa: PLC0415

    from chat.aws.client import AwsClient  # noqa: PLC0415

    gc.freeze()
    gc.enable()

    async def ask() -> None:
        client = AwsClient.from_environment("dynamodb", {**os.environ, "AWS_ENDPOINT_URL_DYNAMODB": url})
        deadline = asyncio.get_running_loop().time() + 60
        await client.call("GetItem", {"TableName": "rooms", "Key": _KEY}, deadline=deadline)
        await client.close()

    asyncio.run(ask())


def ask_with_client(url: str) -> None:
    """Ask by a boto3 client."""
    import boto3  # noqa: PLC0415

    boto3.client("dynamodb", endpoint_url=url).get_item(TableName="rooms", Key=_KEY)


def ask_with_resource(url: str) -> None:
    """Ask by a boto3 resource."""
    import boto3  # noqa: PLC0415

    boto3.resource("dynamodb", endpoint_url=url).Table("rooms").get_item(Key={"room": "lobby", "item": "head"})


def ask_nothing(url: str) -> None:
    """Do what each of the others does before it begins."""


_ASK = {"ours": ask_with_ours, "client": ask_with_client, "resource": ask_with_resource, "nothing": ask_nothing}

if __name__ == "__main__":
    _ASK[sys.argv[1]](sys.argv[2])
