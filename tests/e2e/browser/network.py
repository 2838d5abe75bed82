"""The connection of one page, which can be cut and disturbed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

Frame = dict[str, Any]


class Network:
    """Stands between a page and the chat: attach it before the page is opened.

    Attributes:
        lost: the frames that don't get through: those with one of these actions, or types.
        answers: the replies that the test gives in the chat's place, by action.
    """

    def __init__(self, page: Page) -> None:
        self._context = page.context
        self._sockets: list[WebSocketRoute] = []
        self.lost: set[str] = set()
        self.answers: dict[str, Callable[[Frame], Frame]] = {}
        page.route_web_socket("**", self._attach)

    def cut(self) -> None:
        """Take the device off the network, and break its connection."""
        self._context.set_offline(True)
        for socket in self._sockets:
            socket.close(code=1006)
        self._sockets.clear()

    def restore(self) -> None:
        """Bring the device back into the network."""
        self._context.set_offline(False)

    def _attach(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        self._sockets.append(socket)

        def to_server(text: str | bytes) -> None:
            frame = json.loads(text)
            if answer := self.answers.get(frame["action"]):
                socket.send(json.dumps(answer(frame)))
            elif frame["action"] not in self.lost:
                server.send(text)

        def to_page(text: str | bytes) -> None:
            if json.loads(text).get("type") not in self.lost:
                socket.send(text)

        socket.on_message(to_server)
        server.on_message(to_page)
