"""Where MiniStack listens."""

from __future__ import annotations

import socket

from local_aws.ministack import choose_port


def test_the_preferred_port_is_taken_when_nobody_listens_there() -> None:
    free = choose_port()
    assert choose_port(free) == free


def test_a_free_port_is_taken_when_somebody_listens_on_the_preferred_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        port = choose_port(taken)
    assert port not in (0, taken)
