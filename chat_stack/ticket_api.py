"""The HTTP API where a signed-in user gets a ticket to connect with."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from chat_stack.access_logs import create_access_logs
from chat_stack.auth import ChatAuth

# A browser asks before each cross-origin POST, unless it remembers the answer.
_PREFLIGHT_MAX_AGE = Duration.hours(2)


def create_ticket_api(
    scope: Construct,
    function: lambda_.IFunction,
    auth: ChatAuth,
    *,
    allowed_origins: Sequence[str],
    log_retention: logs.RetentionDays,
    throttle: apigatewayv2.ThrottleSettings,
) -> apigatewayv2.HttpStage:
    """Create the API with its one route, `POST /ticket`, and its stage.

    Pages of other origins than those allowed may not call it; without any, no page of another origin may.
    """
    api = apigatewayv2.HttpApi(
        scope,
        "TicketApi",
        create_default_stage=False,
        cors_preflight=_allow(allowed_origins) if allowed_origins else None,
    )
    api.add_routes(
        path="/ticket",
        methods=[apigatewayv2.HttpMethod.POST],
        integration=integrations.HttpLambdaIntegration("Ticket", function),
        authorizer=auth.create_authorizer(scope),
    )
    return apigatewayv2.HttpStage(
        scope,
        "TicketStage",
        http_api=api,
        auto_deploy=True,
        detailed_metrics_enabled=True,
        throttle=throttle,
        access_log_settings=create_access_logs(scope, "TicketAccessLogs", _ACCESS_LOG_FIELDS, log_retention),
    )


def _allow(origins: Sequence[str]) -> apigatewayv2.CorsPreflightOptions:
    return apigatewayv2.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[apigatewayv2.CorsHttpMethod.POST],
        allow_headers=["authorization", "content-type"],
        max_age=_PREFLIGHT_MAX_AGE,
    )


_ACCESS_LOG_FIELDS = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "sourceIp": "$context.identity.sourceIp",
    "integrationLatency": "$context.integrationLatency",
    "integrationError": "$context.integrationErrorMessage",
    "authorizerError": "$context.authorizer.error",
    "error": "$context.error.message",
}
