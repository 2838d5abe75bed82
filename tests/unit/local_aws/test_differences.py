"""What is changed in a template for MiniStack, and created afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from local_aws.differences import adapt_assembly, adapt_template, create_responses

ENDPOINT = "http://127.0.0.1:4599"
ROUTE_RESPONSE = {
    "Type": "AWS::ApiGatewayV2::RouteResponse",
    "Properties": {"ApiId": {"Ref": "Api"}, "RouteId": {"Ref": "Route"}, "RouteResponseKey": "$default"},
}
INTEGRATION_RESPONSE = {
    "Type": "AWS::ApiGatewayV2::IntegrationResponse",
    "Properties": {
        "ApiId": {"Ref": "Api"},
        "IntegrationId": {"Ref": "Integration"},
        "IntegrationResponseKey": "/200/",
        "ResponseTemplates": {"$default": "{}"},
    },
}


def build_url(scheme: str, *path: Any) -> dict[str, Any]:
    """The URL of a stage, as the CDK writes it."""
    domain = [".execute-api.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}]
    return {"Fn::Join": ["", [scheme, {"Ref": "Api"}, *domain, *path]]}


def test_responses_are_taken_out() -> None:
    route = {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": {"Ref": "Api"}}}
    template, responses = adapt_template(
        {"Resources": {"Answer": ROUTE_RESPONSE, "Route": route, "Pong": INTEGRATION_RESPONSE}}, ENDPOINT
    )
    assert template == {"Resources": {"Route": route}}
    assert responses == [ROUTE_RESPONSE, INTEGRATION_RESPONSE]


def test_nothing_depends_on_what_is_taken_out() -> None:
    stage = {"Type": "AWS::ApiGatewayV2::Stage", "DependsOn": ["Answer", "Route"]}
    template, _ = adapt_template({"Resources": {"Answer": ROUTE_RESPONSE, "Stage": stage}}, ENDPOINT)
    assert template["Resources"]["Stage"]["DependsOn"] == ["Route"]


def test_urls_of_the_api_lead_to_the_local_aws() -> None:
    variables = {"CALLBACK": build_url("https://", "/chat"), "OTHER": "https://example.com"}
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": variables}}}
    outputs = {"Url": {"Value": build_url("wss://", "/", {"Ref": "Stage"})}}
    template, _ = adapt_template({"Resources": {"Function": function}, "Outputs": outputs}, ENDPOINT)
    adapted = template["Resources"]["Function"]["Properties"]["Environment"]["Variables"]
    start = "127.0.0.1:4599/_aws/execute-api/"
    assert adapted["CALLBACK"] == {"Fn::Join": ["", [f"http://{start}", {"Ref": "Api"}, "/chat"]]}
    assert adapted["OTHER"] == "https://example.com"
    assert template["Outputs"]["Url"]["Value"] == {
        "Fn::Join": ["", [f"ws://{start}", {"Ref": "Api"}, "/", {"Ref": "Stage"}]]
    }


def test_other_joins_stay_as_they_are() -> None:
    arn = {"Fn::Join": ["", ["arn:aws:execute-api:", {"Ref": "AWS::Region"}, ":*"]]}
    template, _ = adapt_template({"Resources": {}, "Outputs": {"Arn": {"Value": arn}}}, ENDPOINT)
    assert template["Outputs"]["Arn"]["Value"] == arn


def test_each_stack_of_an_assembly_is_adapted(tmp_path: Path) -> None:
    artifacts = {
        "Chat": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "a.json", "stackName": "Named"}},
        "Empty": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "b.json"}},
        "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    (tmp_path / "a.json").write_text(json.dumps({"Resources": {"Answer": ROUTE_RESPONSE}}))
    (tmp_path / "b.json").write_text(json.dumps({"Resources": {}}))
    assert adapt_assembly(tmp_path, ENDPOINT) == {"Named": [ROUTE_RESPONSE], "Empty": []}
    assert json.loads((tmp_path / "a.json").read_text()) == {"Resources": {}}


class FakeCloudFormation:
    """A stack with an API, one route, one integration; ids as MiniStack gives them."""

    def get_paginator(self, operation: str) -> FakeCloudFormation:
        assert operation == "list_stack_resources"
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        ids = {"Api": "api1", "Route": "api1/route1", "Integration": "integration1"}
        for logical_id, physical_id in ids.items():
            summary = {"LogicalResourceId": logical_id, "PhysicalResourceId": physical_id}
            yield {"StackResourceSummaries": [summary]}


class FakeApi:
    """API Gateway's responses, each created beside those that are there."""

    def __init__(self) -> None:
        self.route_responses: list[dict[str, Any]] = []
        self.integration_responses: list[dict[str, Any]] = []

    def get_route_responses(self, **_: Any) -> dict[str, Any]:
        return {"Items": list(self.route_responses)}

    def create_route_response(self, **properties: Any) -> None:
        self.route_responses.append({**properties, "RouteResponseId": "r1"})

    def delete_route_response(self, **_: Any) -> None:
        self.route_responses.clear()

    def get_integration_responses(self, **_: Any) -> dict[str, Any]:
        return {"Items": list(self.integration_responses)}

    def create_integration_response(self, **properties: Any) -> None:
        self.integration_responses.append({**properties, "IntegrationResponseId": "i1"})

    def delete_integration_response(self, **_: Any) -> None:
        self.integration_responses.clear()


def test_responses_are_created_once_however_often_the_stack_is_deployed() -> None:
    api = FakeApi()
    for _ in range(2):
        responses = {"ChatStack": [ROUTE_RESPONSE, INTEGRATION_RESPONSE]}
        create_responses(responses, cast("Any", FakeCloudFormation()), cast("Any", api))
    assert api.route_responses == [
        {"ApiId": "api1", "RouteId": "route1", "RouteResponseKey": "$default", "RouteResponseId": "r1"}
    ]
    assert api.integration_responses == [
        {
            "ApiId": "api1",
            "IntegrationId": "integration1",
            "IntegrationResponseKey": "/200/",
            "ResponseTemplates": {"$default": "{}"},
            "IntegrationResponseId": "i1",
        }
    ]
