"""The WebSocket API: its routes, the ping that costs no function, and the stage with its logs."""

from __future__ import annotations

from typing import cast

from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from constructs import Construct

from chat_stack.access_logs import create_access_logs
from chat_stack.findings import acknowledge
from chat_stack.functions import ChatFunctions

# Each action that the message function takes, and whether it answers.
ACTIONS = {
    "join": True,
    "leave": True,
    "send": True,
    "edit": True,
    "delete": True,
    "react": True,
    "history": True,
    "sync": True,
    "members": True,
    "rooms": True,
    "read": True,
    "typing": False,
    "create": True,
    "invite": True,
    "remove": True,
    "kick": True,
    "ban": True,
    "unban": True,
    "mute": True,
}
OWN_ROUTES = frozenset(("$connect", "$disconnect", "$default", "ping", *ACTIONS))

# A constant, and not the variable that $default would be.
_DEFAULT_TEMPLATE = r"\$default"

# No query string stands in here: what a client signs in with never reaches a log.
_ACCESS_LOG_FIELDS = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "eventType": "$context.eventType",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "connectionId": "$context.connectionId",
    "sourceIp": "$context.identity.sourceIp",
    "integrationLatency": "$context.integrationLatency",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
    "error": "$context.error.message",
}


def create_api(scope: Construct, functions: ChatFunctions) -> apigatewayv2.WebSocketApi:
    """Create the API: one integration for each function, a route for each action."""
    api = apigatewayv2.WebSocketApi(
        scope,
        "Api",
        route_selection_expression="$request.body.action",
        connect_route_options=apigatewayv2.WebSocketRouteOptions(
            integration=integrations.WebSocketLambdaIntegration("Connect", functions.connect)
        ),
        disconnect_route_options=apigatewayv2.WebSocketRouteOptions(
            integration=integrations.WebSocketLambdaIntegration("Disconnect", functions.disconnect)
        ),
    )
    message = integrations.WebSocketLambdaIntegration("Message", functions.message)
    for route_key, answers in {"$default": True, **ACTIONS}.items():
        api.add_route(route_key, integration=message, return_response=answers)
    _add_ping(api)
    acknowledge(
        api,
        "AwsSolutions-APIG4",
        "API Gateway takes an authorizer at $connect alone; there, the connect function asks for a ticket.",
    )
    return api


def create_stage(
    scope: Construct,
    api: apigatewayv2.WebSocketApi,
    *,
    stage_name: str,
    log_retention: logs.RetentionDays,
    throttle: apigatewayv2.ThrottleSettings,
) -> apigatewayv2.WebSocketStage:
    """Create the stage, with JSON access logs, detailed metrics and throttling."""
    return apigatewayv2.WebSocketStage(
        scope,
        "Stage",
        web_socket_api=api,
        stage_name=stage_name,
        auto_deploy=True,
        detailed_metrics_enabled=True,
        throttle=throttle,
        access_log_settings=create_access_logs(scope, "AccessLogs", _ACCESS_LOG_FIELDS, log_retention),
    )


def _add_ping(api: apigatewayv2.WebSocketApi) -> None:
    """Answer `ping` in API Gateway itself, so that keeping a connection alive costs no invocation."""
    mock = integrations.WebSocketMockIntegration(
        "Ping",
        request_templates={"$default": '{"statusCode":200}'},
        template_selection_expression=_DEFAULT_TEMPLATE,
    )
    route = api.add_route("ping", integration=mock, return_response=True)
    integration = cast("apigatewayv2.WebSocketIntegration", route.node.find_child("Ping"))
    apigatewayv2.CfnIntegrationResponse(
        integration,
        "Response",
        api_id=api.api_id,
        integration_id=integration.integration_id,
        integration_response_key="/200/",
        response_templates={"$default": '{"type":"pong"}'},
        template_selection_expression=_DEFAULT_TEMPLATE,
    )
