"""All that MiniStack needs differently from AWS, in one place; docs/local.md lists what each of these hides.

- Its CloudFormation refuses route responses and integration responses: they are taken out of the template, and created
  through API Gateway's own API afterwards.
- An API's host name, `{api}.execute-api.{region}.amazonaws.com`, leads to AWS: it is replaced wherever the template
  builds it, in the functions' environment as in the stack's outputs.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types_boto3_apigatewayv2 import ApiGatewayV2Client
    from types_boto3_cloudformation import CloudFormationClient

Resource = dict[str, Any]
Template = dict[str, Any]

_ROUTE_RESPONSE = "AWS::ApiGatewayV2::RouteResponse"
_API = "AWS::ApiGatewayV2::Api"
_INTEGRATION_RESPONSE = "AWS::ApiGatewayV2::IntegrationResponse"


def adapt_assembly(assembly: Path, endpoint: str) -> dict[str, list[Resource]]:
    """Change the templates of a cloud assembly so that MiniStack takes them.

    Args:
        assembly: the directory that the CDK CLI synthesised into.
        endpoint: the URL of the local AWS.

    Returns:
        For each stack, by its name, the responses that are left to create after it is deployed.
    """
    manifest = json.loads((assembly / "manifest.json").read_text())
    responses = {}
    for artifact_id, artifact in manifest["artifacts"].items():
        if artifact["type"] == "aws:cloudformation:stack":
            properties = artifact["properties"]
            path = assembly / properties["templateFile"]
            template, left = adapt_template(json.loads(path.read_text()), endpoint)
            path.write_text(json.dumps(template, indent=1))
            responses[properties.get("stackName", artifact_id)] = left
    return responses


def adapt_template(template: Template, endpoint: str) -> tuple[Template, list[Resource]]:
    """Take the responses out of a template, and make its execute-api URLs local.

    Returns:
        The changed template, and the responses.
    """
    resources: dict[str, Resource] = template["Resources"]
    left = {
        name: resource
        for name, resource in resources.items()
        if resource["Type"] in (_ROUTE_RESPONSE, _INTEGRATION_RESPONSE)
    }
    kept = {name: _drop_dependencies(resource, left) for name, resource in resources.items() if name not in left}
    http_apis = {
        name
        for name, resource in resources.items()
        if resource["Type"] == _API and resource["Properties"]["ProtocolType"] == "HTTP"
    }
    changed: Template = _make_urls_local({**template, "Resources": kept}, endpoint, http_apis)
    return changed, list(left.values())


def create_responses(
    responses: Mapping[str, Iterable[Resource]], cloudformation: CloudFormationClient, api: ApiGatewayV2Client
) -> None:
    """Create what `adapt_assembly` took out of the deployed stacks, in the place of what an earlier call created."""
    for stack_name, resources in responses.items():
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name)
        summaries = [summary for page in pages for summary in page["StackResourceSummaries"]]
        # MiniStack's id of a route is `{api}/{route}`.
        ids = {each["LogicalResourceId"]: each["PhysicalResourceId"].rpartition("/")[2] for each in summaries}
        for resource in resources:
            properties = {name: _resolve(value, ids) for name, value in resource["Properties"].items()}
            if resource["Type"] == _ROUTE_RESPONSE:
                _put_route_response(api, properties)
            else:
                _put_integration_response(api, properties)


def _put_route_response(api: ApiGatewayV2Client, properties: dict[str, Any]) -> None:
    place = {"ApiId": properties["ApiId"], "RouteId": properties["RouteId"]}
    for old in api.get_route_responses(**place)["Items"]:
        api.delete_route_response(**place, RouteResponseId=old["RouteResponseId"])
    api.create_route_response(**properties)


def _put_integration_response(api: ApiGatewayV2Client, properties: dict[str, Any]) -> None:
    place = {"ApiId": properties["ApiId"], "IntegrationId": properties["IntegrationId"]}
    for old in api.get_integration_responses(**place)["Items"]:
        if old["IntegrationResponseKey"] == properties["IntegrationResponseKey"]:
            api.delete_integration_response(**place, IntegrationResponseId=old["IntegrationResponseId"])
    api.create_integration_response(**properties)


def _resolve(value: Any, ids: Mapping[str, str]) -> Any:
    match value:
        case {"Ref": logical_id}:
            return ids[logical_id]
        case _:
            return value


def _drop_dependencies(resource: Resource, dropped: Iterable[str]) -> Resource:
    depends_on = resource.get("DependsOn")
    if not isinstance(depends_on, list):
        return resource
    return {**resource, "DependsOn": [name for name in depends_on if name not in dropped]}


def _make_urls_local(value: Any, endpoint: str, http_apis: Collection[str]) -> Any:
    match value:
        case {"Fn::Join": ["", ["https://" | "wss://" as scheme, {"Ref": api}, ".execute-api.", *rest]]}:
            # What is left after region, dot and domain is the path, which begins with the stage.
            path = rest[3:]
            local_scheme = "ws" if scheme == "wss://" else "http"
            start = f"{local_scheme}://{urlsplit(endpoint).netloc}/_aws/execute-api/"
            # AWS leaves the default stage of an HTTP API out of its URL, MiniStack does not.
            stage = ["/$default"] if api in http_apis else []
            return {"Fn::Join": ["", [start, {"Ref": api}, *stage, *path]]}
        case dict():
            return {name: _make_urls_local(each, endpoint, http_apis) for name, each in value.items()}
        case list():
            return [_make_urls_local(each, endpoint, http_apis) for each in value]
        case _:
            return value
