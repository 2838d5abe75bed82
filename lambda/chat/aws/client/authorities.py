"""Who may vouch for a server."""

from __future__ import annotations

import os
import ssl
from typing import NamedTuple

from chat.aws.client.environment import Endpoint

# The authorities of https://www.amazontrust.com/repository/, which vouch for the endpoints of AWS.
_AMAZON = os.path.join(os.path.dirname(__file__), "amazon.pem")  # noqa: PTH118, PTH120 - pathlib takes 3 ms to import


class Trust(NamedTuple):
    """Who may vouch for a server, and the sessions with those who handed out a ticket.

    A later connection goes on with the session of an earlier one: checking certificates is most of a handshake's CPU.
    """

    context: ssl.SSLContext
    sessions: dict[Endpoint, ssl.SSLSession]


class Authorities:
    """The process's trust: as few authorities as do.

    Reading the system's, of which there are 140, takes 17 ms of a cold start, and Amazon's five take one. So Amazon's
    come first, unless a variable names others; the system's follow as soon as a server shows another one's certificate.
    """

    def __init__(self) -> None:
        self._trust: Trust | None = None
        self._are_all = False

    @property
    def trust(self) -> Trust:
        """Whom to trust by now."""
        if not self._trust:
            self._are_all = "SSL_CERT_FILE" in os.environ or "SSL_CERT_DIR" in os.environ
            self._trust = Trust(ssl.create_default_context(cafile=None if self._are_all else _AMAZON), {})
        return self._trust

    def widen(self, tried: Trust) -> bool:
        """Trust the system's authorities as well; tell whether that is more than was tried."""
        if tried is self._trust and not self._are_all:
            context = ssl.create_default_context()
            context.load_verify_locations(_AMAZON)
            self._trust, self._are_all = Trust(context, {}), True
        return tried is not self._trust


AUTHORITIES = Authorities()
