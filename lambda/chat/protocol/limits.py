"""What the protocol allows, in one place.

Source: docs/protocol.md; API Gateway's own limit for a frame is 32 KB.
"""

from dataclasses import dataclass

ID_LENGTH = 64
NAME_LENGTH = 64
EPOCH_LENGTH = 64
EMOJI_BYTES = 48
META_BYTES = 2 * 1024
PAGE_TOKEN_LENGTH = 256
SEQ_MAX = 10**12 - 1
DEPTH = 16
PAGE_ENTRIES = 100
PAGE_BYTES = 32 * 1024
PRESENCE_CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that whoever deploys the chat may change.

    Attributes:
        frame_bytes: longest frame that a client may send, in bytes of UTF-8.
        text_bytes: longest text, in bytes of the JSON string that carries it, without its quotes.
        room_name_length: longest room name, in characters.
        rooms_per_connection: most rooms that one connection may be in.
    """

    frame_bytes: int = 32 * 1024
    text_bytes: int = 8 * 1024
    room_name_length: int = 128
    rooms_per_connection: int = 50
