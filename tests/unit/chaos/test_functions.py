"""The functions call the proxy while an experiment lasts, and are as before when it is over, however it ends."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, cast

import pytest

from chaos.functions import hasten_redelivery, redirect_functions

ENDPOINT = "http://127.0.0.1:4566"
QUEUE = f"{ENDPOINT}/000000000000/deliveries.fifo"
ENVIRONMENT = {
    "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": f"{ENDPOINT}/_aws/execute-api/a/prod",
    "DELIVERY_QUEUE_URL": QUEUE,
    "INLINE_LIMIT": "200",
}


class FakeLocal:
    """A local AWS, and every client of it."""

    endpoint = ENDPOINT

    def __init__(self) -> None:
        self.functions = {"message": "m-1", "deliver": "d-1"}
        self.environments = {name: dict(ENVIRONMENT) for name in self.functions.values()}
        self.attributes = {"VisibilityTimeout": "174", "FifoQueue": "true"}

    @property
    def session(self) -> FakeLocal:
        return self

    def client(self, service: str, *, endpoint_url: str) -> FakeLocal:
        assert endpoint_url == ENDPOINT
        return self

    def get_function_configuration(self, **request: str) -> dict[str, Any]:
        return {"Environment": {"Variables": dict(self.environments[request["FunctionName"]])}}

    def update_function_configuration(self, **request: Any) -> None:
        self.environments[request["FunctionName"]] = request["Environment"]["Variables"]

    def get_queue_attributes(self, **request: Any) -> dict[str, Any]:
        assert request["QueueUrl"] == QUEUE
        return {"Attributes": {name: self.attributes[name] for name in request["AttributeNames"]}}

    def set_queue_attributes(self, **request: Any) -> None:
        assert request["QueueUrl"] == QUEUE
        self.attributes |= request["Attributes"]


class FakeProxy:
    def find_url(self, function: str) -> str:
        return f"http://127.0.0.1:9/{function}"


def test_each_function_calls_the_proxy_under_its_own_name_and_only_then() -> None:
    local = FakeLocal()
    before = deepcopy(local.environments)

    def look() -> None:
        with redirect_functions(cast("Any", local), cast("Any", FakeProxy()), {"INLINE_LIMIT": "4"}):
            assert local.environments["d-1"] == {
                "AWS_ENDPOINT_URL": "http://127.0.0.1:9/deliver",
                "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": "http://127.0.0.1:9/deliver/_aws/execute-api/a/prod",
                "DELIVERY_QUEUE_URL": QUEUE,
                "INLINE_LIMIT": "4",
            }
            assert local.environments["m-1"]["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9/message"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        look()
    assert local.environments == before


def test_what_was_not_done_is_soon_handed_out_again_and_only_then() -> None:
    local = FakeLocal()

    def look() -> None:
        with hasten_redelivery(cast("Any", local)):
            assert int(local.attributes["VisibilityTimeout"]) <= 5
            raise RuntimeError

    with pytest.raises(RuntimeError):
        look()
    assert local.attributes["VisibilityTimeout"] == "174"
