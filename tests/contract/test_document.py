"""docs/asyncapi.yaml is what AsyncAPI says that a document is, and hangs together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.contract.schemas import REPOSITORY, follow, load_document, resolve

# `$id` would have a validator fetch what the file holds anyway.
SPECIFICATION = REPOSITORY / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0-without-$id.json"
KEYWORDS = frozenset(Draft7Validator.META_SCHEMA["properties"])

MESSAGES = load_document()["components"]["messages"]
SCHEMAS = load_document()["components"]["schemas"]
OPERATIONS = load_document()["operations"]
QUERY = load_document()["channels"]["chat"]["bindings"]["ws"]["query"]
PAYLOADS = {**{name: message["payload"] for name, message in MESSAGES.items()}, **SCHEMAS, "query": QUERY}


def find_references(node: Any) -> Iterator[dict[str, Any]]:
    """Find all objects that refer to something."""
    if isinstance(node, dict) and "$ref" in node:
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from find_references(value)


def find_schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """Find a schema and all schemas within it."""
    if isinstance(schema, dict):
        yield schema
        for keyword in ("properties", "definitions"):
            for part in schema.get(keyword, {}).values():
                yield from find_schemas(part)
        for keyword in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(keyword, ()):
                yield from find_schemas(part)
        for keyword in ("items", "additionalProperties", "propertyNames", "not", "if", "then", "else"):
            yield from find_schemas(schema.get(keyword))


def test_the_document_is_valid_asyncapi() -> None:
    assert SPECIFICATION.is_file(), f"{SPECIFICATION} is missing: run `make setup`, or `npm ci`"
    specification = Draft7Validator(json.loads(SPECIFICATION.read_text(encoding="utf-8")))
    problems = [
        f"{list(error.absolute_path)}: {error.message:.200}" for error in specification.iter_errors(load_document())
    ]
    assert problems == []


def test_each_reference_leads_somewhere_and_stands_alone() -> None:
    for reference in find_references(load_document()):
        follow(reference["$ref"])
        assert list(reference) == ["$ref"], f"what stands beside a $ref is ignored: {reference}"


def test_each_component_is_referred_to() -> None:
    used = {reference["$ref"] for reference in find_references(load_document())}
    for kind, components in load_document()["components"].items():
        assert {f"#/components/{kind}/{name}" for name in components} <= used


@pytest.mark.parametrize("name", PAYLOADS)
def test_each_schema_is_valid_json_schema(name: str) -> None:
    Draft7Validator.check_schema(resolve(PAYLOADS[name]))
    for schema in find_schemas(PAYLOADS[name]):
        # JSON Schema ignores what it does not know, and with it each slip of the pen.
        assert schema.keys() <= KEYWORDS


def test_each_message_is_asked_answered_or_pushed() -> None:
    operations = OPERATIONS.values()
    replies = [operation["reply"] for operation in operations if "reply" in operation]
    used = {message["$ref"] for operation in (*operations, *replies) for message in operation["messages"]}
    assert used == {f"#/channels/chat/messages/{name}" for name in MESSAGES}
    channel = load_document()["channels"]["chat"]["messages"]
    assert channel == {name: {"$ref": f"#/components/messages/{name}"} for name in MESSAGES}


def test_each_request_is_an_operation_of_its_name() -> None:
    for name, operation in OPERATIONS.items():
        (first, *more) = resolve(operation["messages"])
        if operation["action"] == "receive":
            assert first["payload"]["properties"]["action"]["const"] == name
            assert more == []


@pytest.mark.parametrize("name", MESSAGES)
def test_each_example_is_an_example_of_its_message_alone(name: str) -> None:
    validators = {other: Draft7Validator(resolve(message["payload"])) for other, message in MESSAGES.items()}
    assert MESSAGES[name]["examples"]
    for example in MESSAGES[name]["examples"]:
        assert [other for other in MESSAGES if validators[other].is_valid(example["payload"])] == [name]
