"""The metrics of a chat."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs


class ChatMetrics:
    """What AWS measures of a chat; the part of `WebSocketChat` that alarms and dashboards are built from."""

    stage: apigatewayv2.WebSocketStage
    given_up_queue: sqs.Queue

    def metric(self, metric_name: str, **options: Any) -> cloudwatch.Metric:
        """Return one of API Gateway's metrics for this chat.

        Args:
            metric_name: as AWS names it, `ConnectCount` for instance.
            **options: as `aws_cloudwatch.MetricOptions` has them; the average over five minutes without.
        """
        return self.stage.metric(metric_name, **options)

    def metric_connects(self, **options: Any) -> cloudwatch.Metric:
        """Connections opened; the sum over five minutes."""
        return self.metric("ConnectCount", **{"statistic": "Sum", **options})

    def metric_messages(self, **options: Any) -> cloudwatch.Metric:
        """Frames from and to clients; the sum over five minutes."""
        return self.metric("MessageCount", **{"statistic": "Sum", **options})

    def metric_integration_errors(self, **options: Any) -> cloudwatch.Metric:
        """Requests that a function failed; the sum over five minutes."""
        return self.metric("IntegrationError", **{"statistic": "Sum", **options})

    def metric_client_errors(self, **options: Any) -> cloudwatch.Metric:
        """Requests that API Gateway refused before any function ran; the sum over five minutes."""
        return self.metric("ClientError", **{"statistic": "Sum", **options})

    def metric_latency(self, **options: Any) -> cloudwatch.Metric:
        """Milliseconds from a request to its function's answer; the average over five minutes."""
        return self.metric("IntegrationLatency", **options)

    def metric_given_up(self, **options: Any) -> cloudwatch.Metric:
        """Pushes to large rooms and to slow clients that were given up; the most over five minutes. Alarm on any."""
        return self.given_up_queue.metric_approximate_number_of_messages_visible(**options)
