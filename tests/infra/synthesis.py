"""Synthesising a stack, and reading its template by the names of constructs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_

REPOSITORY = Path(__file__).parents[2]
_HASH = re.compile(r"[0-9A-F]{8}$")


@dataclass(frozen=True)
class Template:
    """A stack's template, and where its assembly lies."""

    body: dict[str, Any]
    assembly: Path

    def resources(self, resource_type: str) -> dict[str, Any]:
        """Return the properties of all resources of a type, by name: the logical id without CDK's hash."""
        return {
            name_of(logical_id): resource.get("Properties", {})
            for logical_id, resource in self.body["Resources"].items()
            if resource["Type"] == resource_type
        }

    def of_api(self, resource_type: str, api: str) -> dict[str, Any]:
        """Return the properties of an API's resources of a type, by name."""
        found = self.resources(resource_type).items()
        return {name: properties for name, properties in found if render(properties["ApiId"]) == f"<{api}>"}

    def resource(self, name: str) -> dict[str, Any]:
        """Return a whole resource by its name."""
        (resource,) = [body for logical_id, body in self.body["Resources"].items() if name_of(logical_id) == name]
        return dict(resource)

    def allowed(self, role: str) -> set[tuple[str, str]]:
        """Return each action and resource that the policies of a role allow."""
        statements = [
            statement
            for policy in self.resources("AWS::IAM::Policy").values()
            if f"<{role}>" in map(render, policy["Roles"])
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        assert {statement["Effect"] for statement in statements} == {"Allow"}
        return {
            (action, render(resource))
            for statement in statements
            for action in _list(statement["Action"])
            for resource in _list(statement["Resource"])
        }

    def asset_hashes(self) -> set[str]:
        """Return the hashes of all functions' code."""
        return {
            function["Code"]["S3Key"].removesuffix(".zip")
            for function in self.resources("AWS::Lambda::Function").values()
        }


def context() -> dict[str, Any]:
    """Return cdk.json's context: the CLI hands it over, a test has to do it itself."""
    return dict(json.loads((REPOSITORY / "cdk.json").read_text())["context"])


def synthesise(build: Callable[[App], Stack], outdir: Path) -> Template:
    """Synthesise one stack, as the CLI would with this repository's cdk.json."""
    app = App(outdir=str(outdir), context=context(), analytics_reporting=False)
    stack = build(app)
    return read_template(Path(app.synth().directory), stack.stack_name)


def read_template(assembly: Path, stack_name: str) -> Template:
    """Read a stack's template from an assembly."""
    return Template(json.loads((assembly / f"{stack_name}.template.json").read_text()), assembly)


def name_of(logical_id: str) -> str:
    """Return a logical id without CDK's hash."""
    return _HASH.sub("", logical_id)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def render(value: Any) -> str:
    """Write a value with its references as `<Name>` and `<Name.Attribute>`."""
    match value:
        case {"Ref": name}:
            return f"<{name_of(name)}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name_of(name)}.{attribute}>"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(render(part) for part in parts)
        case _:
            return str(value)


def add_function(stack: Stack, name: str) -> lambda_.Function:
    """Add a function to a stack, of no matter what."""
    code = lambda_.Code.from_inline("def handler(event, context): ...")
    return lambda_.Function(stack, name, runtime=lambda_.Runtime.PYTHON_3_14, handler="index.handler", code=code)
