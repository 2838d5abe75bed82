"""What the protocol allows, in one place.

Source: docs/protocol.md; API Gateway's own limit for a frame is 32 KB.
"""

from typing import NamedTuple

ID_LENGTH = 64
NAME_LENGTH = 64
# Two of them fit into the name of a direct room.
USER_ID_LENGTH = 48
EPOCH_LENGTH = 64
EMOJI_BYTES = 48
META_BYTES = 2 * 1024
PAGE_TOKEN_LENGTH = 256
SEQ_MAX = 10**12 - 1
DEPTH = 16
PAGE_ENTRIES = 100
# So many users with the longest ids and names fit into a frame.
PAGE_MEMBERS = 80
PAGE_ROOMS = 25
SYNC_ROOMS = 100
# API Gateway bills, and limits, a frame by it.
FRAME_BYTES = 32 * 1024
PAGE_BYTES = FRAME_BYTES
# Presence, typing and read cursors are pushed to rooms up to this size.
PRESENCE_CONNECTIONS = 100
MUTE_MOST_S = 365 * 24 * 3_600


class Rate(NamedTuple):
    """How often a user may do something: `per_second` in the long run, and `burst` at once."""

    per_second: float
    burst: int


TYPING = Rate(1 / 3, 1)


class Limits(NamedTuple):
    """The limits that whoever deploys the chat may change.

    Attributes:
        frame_bytes: longest frame that a client may send, in bytes of UTF-8.
        text_bytes: longest text, in bytes of the JSON string that carries it, without its quotes.
        room_name_length: longest room name, in characters.
        rooms_per_connection: most rooms that one connection may be in, direct ones not counted.
        connections_per_user: most connections that one user may have; a new one closes the oldest.
        sends: how often a user may change something: send, edit, delete, react, make and moderate rooms.
        joins: how often a user may join.
    """

    frame_bytes: int = 32 * 1024
    text_bytes: int = 8 * 1024
    room_name_length: int = 128
    rooms_per_connection: int = 50
    connections_per_user: int = 20
    sends: Rate = Rate(10, 20)
    joins: Rate = Rate(10, 100)
