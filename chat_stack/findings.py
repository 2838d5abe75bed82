"""What cdk-nag finds in a template, and why it is as it should be."""

from __future__ import annotations

from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, finding: str, reason: str) -> None:
    """Accept a finding on a construct and its children, for whoever checks an app that contains it.

    Args:
        construct: where it is found, or a parent of that.
        finding: the rule's id, with the detail in brackets where a rule finds several things.
        reason: why it is right as it is.
    """
    Validations.of(construct).acknowledge(Acknowledgment(id=finding, reason=reason))


def acknowledge_wildcard(construct: IConstruct, resource: str, reason: str) -> None:
    """Accept that a policy names a resource with a wildcard.

    Args:
        construct: the role, or a parent of it.
        resource: the resource's ARN as the policy has it, tokens and all.
        reason: why it can't be narrower.
    """
    written = _write(Stack.of(construct).resolve(resource))
    acknowledge(construct, f"AwsSolutions-IAM5[Resource::{written}]", reason)


def _write(value: Any) -> str:
    """Write a resolved value as cdk-nag does: a reference is `<Name>`."""
    match value:
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(_write, parts))
        case _:
            return str(value)
