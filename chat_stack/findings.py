"""What a linter of templates finds, and why it is as it should be."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, finding: str, reason: str) -> None:
    """Accept a finding of cdk-nag on a construct, for whoever checks an app that contains it.

    Args:
        construct: where it is found, or a parent of that.
        finding: the rule's id, with the detail in brackets where a rule finds several things.
        reason: why it is right as it is.
    """
    Validations.of(construct).acknowledge(Acknowledgment(id=finding, reason=reason))
