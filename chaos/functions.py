"""The deployed functions under an experiment: their calls go to the proxy, and the queue hands out again soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chaos.proxy import Proxy
from local_aws.local import LocalAws

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

_ENDPOINT = "AWS_ENDPOINT_URL"
_MANAGEMENT = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"
# A job whose function was killed, or is slow, is soon handed out to another one.
_REDELIVERY_S = 2


@contextmanager
def redirect_functions(local: LocalAws, proxy: Proxy, settings: Mapping[str, str]) -> Iterator[None]:
    """Have the functions call the proxy in the place of MiniStack, as long as the context lasts.

    Args:
        local: the run that they are deployed to.
        proxy: whom they call.
        settings: variables of theirs that have other values in the meantime.
    """
    client = local.session.client("lambda", endpoint_url=local.endpoint)
    usual = {module: _read_environment(client, name) for module, name in local.functions.items()}
    try:
        for module, variables in usual.items():
            url = proxy.find_url(module)
            management = url + variables[_MANAGEMENT].removeprefix(local.endpoint)
            changed = {**variables, **settings, _ENDPOINT: url, _MANAGEMENT: management}
            _write_environment(client, local.functions[module], changed)
        yield
    finally:
        for module, variables in usual.items():
            _write_environment(client, local.functions[module], variables)


@contextmanager
def hasten_redelivery(local: LocalAws) -> Iterator[None]:
    """Have the queue of deliveries hand out again within seconds what was not done, as long as the context lasts."""
    functions = local.session.client("lambda", endpoint_url=local.endpoint)
    url = _read_environment(functions, local.functions["message"])["DELIVERY_QUEUE_URL"]
    client = local.session.client("sqs", endpoint_url=local.endpoint)
    usual = client.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(_REDELIVERY_S)})
    try:
        yield
    finally:
        client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": usual["VisibilityTimeout"]})


def _read_environment(client: LambdaClient, name: str) -> dict[str, str]:
    return client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]


def _write_environment(client: LambdaClient, name: str, variables: Mapping[str, str]) -> None:
    client.update_function_configuration(FunctionName=name, Environment={"Variables": dict(variables)})
