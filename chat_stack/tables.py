"""The two tables, by lifetime: Connections come and go, Rooms stay."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from chat_stack.findings import acknowledge

ROOM_INDEX = "room-index"
USER_INDEX = "user-index"
READER_INDEX = "reader-index"
_TTL_ATTRIBUTE = "expiresAt"


def create_connections_table(scope: Construct, removal_policy: RemovalPolicy) -> dynamodb.Table:
    """Create the table of who is connected, and who is in which room.

    One row with room "@" for each connection, and one for each room it is in. `room-index` holds the rows of rooms
    alone, each user's devices beside each other; `user-index` the connections' own. Each is keyed by an attribute that
    stands on those rows only.
    """
    table = dynamodb.Table(
        scope,
        "Connections",
        partition_key=_string("connectionId"),
        sort_key=_string("room"),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        time_to_live_attribute=_TTL_ATTRIBUTE,
        removal_policy=removal_policy,
    )
    _add_index(table, ROOM_INDEX, "roomShard", "memberKey", ["user", "name", _TTL_ATTRIBUTE])
    _add_index(table, USER_INDEX, "connectedUser", "connectionId", ["name", _TTL_ATTRIBUTE])
    acknowledge(table, "AwsSolutions-DDB3", "The rows live for two hours; there is nothing to recover.")
    return table


def create_rooms_table(scope: Construct, removal_policy: RemovalPolicy) -> dynamodb.Table:
    """Create the table of the rooms, which can be restored to any second of the last 35 days.

    What is written to it can be followed on its stream. `reader-index` lists each user's rooms, those touched last at
    its end; only the rows of cursors have its key.
    """
    table = dynamodb.Table(
        scope,
        "Rooms",
        partition_key=_string("room"),
        sort_key=_string("item"),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        time_to_live_attribute=_TTL_ATTRIBUTE,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        stream=dynamodb.StreamViewType.NEW_IMAGE,
        removal_policy=removal_policy,
    )
    table.add_global_secondary_index(
        index_name=READER_INDEX,
        partition_key=_string("reader"),
        sort_key=dynamodb.Attribute(name="touchedAt", type=dynamodb.AttributeType.NUMBER),
        projection_type=dynamodb.ProjectionType.KEYS_ONLY,
    )
    return table


def _add_index(table: dynamodb.Table, name: str, partition_key: str, sort_key: str, projected: list[str]) -> None:
    table.add_global_secondary_index(
        index_name=name,
        partition_key=_string(partition_key),
        sort_key=_string(sort_key),
        projection_type=dynamodb.ProjectionType.INCLUDE,
        non_key_attributes=projected,
    )


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
