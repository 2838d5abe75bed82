"""The deployment itself: the CDK CLI's stack is there, on MiniStack, and answers."""

from __future__ import annotations

import json

import websocket

from local_aws.local import LocalAws


def test_ping_is_answered_without_a_function(deployed: LocalAws) -> None:
    socket = websocket.create_connection(f"{deployed.urls['websocket']}?name=pinger", timeout=20)
    try:
        socket.send(json.dumps({"action": "ping"}))
        assert socket.recv() == '{"type":"pong"}'
    finally:
        socket.close()
