"""What holds for the template as a whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.infra.synthesis import Template

# A name of one's own makes a second deployment fail, and a change that replaces the resource too.
PHYSICAL_NAMES = {"TableName", "FunctionName", "LogGroupName", "RoleName", "PolicyName", "QueueName"}
REGION = re.compile(r"\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us)-(?:gov-)?[a-z]+-\d\b")


def test_no_resource_has_a_physical_name(template: Template) -> None:
    # A policy of a queue names no queue of its own; of FIFO queues, CDK gives none a name either.
    allowed = {"AWS::Lambda::Permission", "AWS::IAM::Policy", "AWS::Lambda::EventSourceMapping"}
    named = [
        logical_id
        for logical_id, resource in template.body["Resources"].items()
        if resource["Type"] not in allowed and PHYSICAL_NAMES & resource.get("Properties", {}).keys()
    ]
    assert named == []


def test_template_suits_every_region_and_partition(guests: Template) -> None:
    text = json.dumps(guests.body)
    assert REGION.findall(text) == []
    assert "arn:aws" not in text
    assert "amazonaws.com" not in re.sub(r"(lambda|apigateway)\.amazonaws\.com", "", text)
    assert re.findall(r"\b\d{12}\b", text) == []


def test_with_cognito_it_suits_every_region_that_has_it(template: Template, guests: Template) -> None:
    text = json.dumps(template.body)
    assert REGION.findall(text) == []
    assert "arn:aws" not in text
    # The issuer of a user pool's tokens ends so in every partition that has user pools.
    assert text.count(".amazonaws.com/") == json.dumps(guests.body).count(".amazonaws.com/") + 1


def test_cfn_lint_finds_nothing(template: Template, guests: Template, bot: Template) -> None:
    # The second region is another partition's, and has no Cognito.
    _lint(template, "us-east-1")
    _lint(guests, "us-east-1", "cn-north-1")
    _lint(bot, "us-east-1", "cn-north-1")


def _lint(template: Template, *regions: str) -> None:
    lint = Path(sys.executable).with_name("cfn-lint")
    (file,) = template.assembly.glob("*.template.json")
    # CDK lets each function depend on its role, which W3005 calls redundant.
    options = ["--ignore-checks", "W3005", "--regions", *regions]
    run = subprocess.run([lint, file, *options], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")
