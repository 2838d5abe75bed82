"""Access logs as JSON, one line for each request."""

from __future__ import annotations

import json
from collections.abc import Mapping

import jsii
from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_logs as logs
from constructs import Construct


def create_access_logs(
    scope: Construct, construct_id: str, fields: Mapping[str, str], retention: logs.RetentionDays
) -> apigatewayv2.IAccessLogSettings:
    """Create a log group, and what tells a stage to write there.

    Args:
        scope: where the group stands.
        construct_id: its id there.
        fields: what a line has: names, and API Gateway's `$context` variables.
        retention: how long lines are kept.
    """
    log_group = logs.LogGroup(scope, construct_id, retention=retention, removal_policy=RemovalPolicy.DESTROY)
    return _AccessLogSettings(log_group, fields)


@jsii.implements(apigatewayv2.IAccessLogSettings)
class _AccessLogSettings:
    def __init__(self, log_group: logs.LogGroup, fields: Mapping[str, str]) -> None:
        self._destination = apigatewayv2.LogGroupLogDestination(log_group)
        self._fields = fields

    @property
    def destination(self) -> apigatewayv2.IAccessLogDestination:
        return self._destination

    @property
    def format(self) -> apigateway.AccessLogFormat:
        return apigateway.AccessLogFormat.custom(json.dumps(self._fields))
