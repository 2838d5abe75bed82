"""The WebSocket API: which route leads where, what is answered, and what the stage logs and allows."""

from __future__ import annotations

import json

from tests.infra.synthesis import Template, render

ANSWERED = {
    *("join", "leave", "send", "edit", "delete", "react", "history", "sync", "members", "rooms", "read"),
    *("create", "invite", "remove", "kick", "ban", "unban", "mute"),
}
ACTIONS = ANSWERED | {"typing"}


def _routes(template: Template) -> dict[str, str]:
    """Return the name of each route's integration, by route key."""
    return {
        route["RouteKey"]: render(route["Target"]).removeprefix("integrations/")
        for route in template.of_api("AWS::ApiGatewayV2::Route", "ChatApi").values()
    }


def test_action_selects_the_route(template: Template) -> None:
    api = template.resource("ChatApi")["Properties"]
    assert api["ProtocolType"] == "WEBSOCKET"
    assert api["RouteSelectionExpression"] == "$request.body.action"


def test_there_is_a_route_for_each_action(template: Template) -> None:
    assert _routes(template).keys() == {"$connect", "$disconnect", "$default", "ping"} | ACTIONS


def test_each_route_leads_to_its_function(template: Template) -> None:
    routes = _routes(template)
    functions = {
        f"<{name}>": render(integration["IntegrationUri"])
        for name, integration in template.of_api("AWS::ApiGatewayV2::Integration", "ChatApi").items()
        if integration["IntegrationType"] == "AWS_PROXY"
    }
    assert "<ChatConnect.Arn>" in functions[routes["$connect"]]
    assert "<ChatDisconnect.Arn>" in functions[routes["$disconnect"]]
    # One integration serves all actions: an API may have 300.
    assert {routes[key] for key in ("$default", *ACTIONS)} == {routes["$default"]}
    assert "<ChatMessage.Arn>" in functions[routes["$default"]]
    assert len(functions) == 3


def test_routes_that_answer_have_a_route_response(template: Template) -> None:
    keys = {
        f"<{name}>": route["RouteKey"] for name, route in template.of_api("AWS::ApiGatewayV2::Route", "ChatApi").items()
    }
    responses = template.resources("AWS::ApiGatewayV2::RouteResponse").values()
    assert {keys[render(response["RouteId"])] for response in responses} == {"$default", "ping"} | ANSWERED
    assert {response["RouteResponseKey"] for response in responses} == {"$default"}
    selecting = {
        route["RouteKey"]
        for route in template.of_api("AWS::ApiGatewayV2::Route", "ChatApi").values()
        if route.get("RouteResponseSelectionExpression") == "$default"
    }
    assert selecting == {"$default", "ping"} | ANSWERED


def test_ping_is_answered_without_a_function(template: Template) -> None:
    target = _routes(template)["ping"]
    integration = template.of_api("AWS::ApiGatewayV2::Integration", "ChatApi")[target.strip("<>")]
    assert integration["IntegrationType"] == "MOCK"
    assert integration["TemplateSelectionExpression"] == r"\$default"
    assert {key: json.loads(text) for key, text in integration["RequestTemplates"].items()} == {
        "$default": {"statusCode": 200}
    }
    (response,) = template.resources("AWS::ApiGatewayV2::IntegrationResponse").values()
    assert render(response["IntegrationId"]) == target
    assert response["IntegrationResponseKey"] == "/200/"
    assert response["TemplateSelectionExpression"] == r"\$default"
    assert response["ResponseTemplates"] == {"$default": '{"type":"pong"}'}


def test_access_log_is_json_and_leaves_the_query_out(template: Template) -> None:
    (stage,) = template.of_api("AWS::ApiGatewayV2::Stage", "ChatApi").values()
    fields = json.loads(stage["AccessLogSettings"]["Format"])
    assert fields["requestId"] == "$context.requestId"
    assert fields["connectionId"] == "$context.connectionId"
    for variable in fields.values():
        assert not any(word in variable.lower() for word in ("query", "path", "authorizer", "header", "body"))
    assert render(stage["AccessLogSettings"]["DestinationArn"]) == "<ChatAccessLogs.Arn>"


def test_stage_deploys_itself_measures_and_throttles(template: Template) -> None:
    (stage,) = template.of_api("AWS::ApiGatewayV2::Stage", "ChatApi").values()
    assert stage["AutoDeploy"] is True
    assert stage["DefaultRouteSettings"] == {
        "DetailedMetricsEnabled": True,
        "ThrottlingRateLimit": 5_000,
        "ThrottlingBurstLimit": 2_500,
    }


def test_api_gateway_may_invoke_each_function_for_its_own_routes(template: Template) -> None:
    allowed = {
        (render(permission["FunctionName"]), render(permission["SourceArn"]).split(":")[-1])
        for permission in template.resources("AWS::Lambda::Permission").values()
    }
    message = {("<ChatMessage.Arn>", f"<ChatApi>/*{key}") for key in ("$default", *ACTIONS)}
    assert allowed == message | {
        ("<ChatConnect.Arn>", "<ChatApi>/*$connect"),
        ("<ChatDisconnect.Arn>", "<ChatApi>/*$disconnect"),
        ("<ChatTicket.Arn>", "<ChatTicketApi>/*/*/ticket"),
    }
