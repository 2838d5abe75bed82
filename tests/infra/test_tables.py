"""The tables: keys, indexes, expiry, and what is left of them when the chat is deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.synthesis import Template


def _keys(schema: list[dict[str, str]]) -> list[str]:
    return [key["AttributeName"] for key in schema]


@pytest.fixture
def connections(template: Template) -> Any:
    return template.resource("ChatConnections")


@pytest.fixture
def rooms(template: Template) -> Any:
    return template.resource("ChatRooms")


def test_there_are_two_tables(template: Template) -> None:
    assert template.resources("AWS::DynamoDB::Table").keys() == {"ChatConnections", "ChatRooms"}


def test_keys(connections: Any, rooms: Any) -> None:
    assert _keys(connections["Properties"]["KeySchema"]) == ["connectionId", "room"]
    assert _keys(rooms["Properties"]["KeySchema"]) == ["room", "item"]


def test_rows_of_both_expire(connections: Any, rooms: Any) -> None:
    expiry = {"AttributeName": "expiresAt", "Enabled": True}
    assert connections["Properties"]["TimeToLiveSpecification"] == expiry
    assert rooms["Properties"]["TimeToLiveSpecification"] == expiry


def test_connections_are_indexed_by_room_and_by_user(connections: Any) -> None:
    indexes = {
        index["IndexName"]: (_keys(index["KeySchema"]), index["Projection"])
        for index in connections["Properties"]["GlobalSecondaryIndexes"]
    }
    assert indexes == {
        "room-index": (
            ["roomShard", "memberKey"],
            {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["user", "name", "expiresAt"]},
        ),
        "user-index": (
            ["connectedUser", "connectionId"],
            {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["name", "expiresAt"]},
        ),
    }


def test_rooms_are_indexed_by_reader_and_time(rooms: Any) -> None:
    (index,) = rooms["Properties"]["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "reader-index"
    assert _keys(index["KeySchema"]) == ["reader", "touchedAt"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert {"AttributeName": "touchedAt", "AttributeType": "N"} in rooms["Properties"]["AttributeDefinitions"]


def test_what_is_written_in_rooms_can_be_followed(connections: Any, rooms: Any) -> None:
    assert rooms["Properties"]["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert "StreamSpecification" not in connections["Properties"]


def test_rooms_alone_can_be_restored(connections: Any, rooms: Any) -> None:
    assert rooms["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert "PointInTimeRecoverySpecification" not in connections["Properties"]


def test_rooms_are_kept_and_connections_deleted(connections: Any, rooms: Any) -> None:
    assert (rooms["DeletionPolicy"], rooms["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert (connections["DeletionPolicy"], connections["UpdateReplacePolicy"]) == ("Delete", "Delete")


def test_both_are_paid_by_request(connections: Any, rooms: Any) -> None:
    assert connections["Properties"]["BillingMode"] == rooms["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
