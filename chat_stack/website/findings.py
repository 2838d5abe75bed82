"""What cdk-nag finds in the function that CDK brings along to copy files into a bucket, and why it may stay."""

from __future__ import annotations

import re
from typing import Any

from aws_cdk import CfnElement, Stack, Token
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_s3_deployment as deployment

from chat_stack.findings import acknowledge

_POLICY = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_ACTIONS = ("s3:Abort*", "s3:DeleteObject*", "s3:GetBucket*", "s3:GetObject*", "s3:List*")


def accept_deployment(deployed: deployment.BucketDeployment, bucket: s3.Bucket, asset: s3_assets.Asset) -> None:
    """Accept what is found in the function, which is one for all deployments of a stack.

    Args:
        deployed: one of the deployments.
        bucket: where the files go.
        asset: one of those that are copied.
    """
    stack = Stack.of(bucket)
    function = deployed.handler_role.node.scope
    if function is None or not isinstance(bucket.node.default_child, CfnElement):
        raise TypeError("a deployment has a function, and a bucket a resource")
    name = stack.get_logical_id(bucket.node.default_child)
    partition = "<AWS::Partition>" if Token.is_unresolved(stack.partition) else stack.partition
    wildcards = [
        *(f"Action::{action}" for action in _ACTIONS),
        f"Resource::<{name}.Arn>/*",
        f"Resource::arn:{partition}:s3:::{_write(stack.resolve(asset.s3_bucket_name))}/*",
        "Resource::*",
    ]
    for wildcard in wildcards:
        acknowledge(
            function,
            f"AwsSolutions-IAM5[{wildcard}]",
            "CDK's own function copies the website's files and empties CloudFront's caches; CDK says what it may do.",
        )
    acknowledge(function, f"AwsSolutions-IAM4[{_POLICY}]", "CDK's own function writes its log with this policy.")
    acknowledge(function, "AwsSolutions-L1", "CDK's own function runs on the version that CDK tests it with.")


def _write(bucket_name: Any) -> str:
    """Write the name of the bucket of assets as cdk-nag does."""
    match bucket_name:
        case {"Fn::Sub": str() as text}:
            return re.sub(r"\$\{(.+?)\}", r"<\1>", text)
        case _:
            return str(bucket_name)
