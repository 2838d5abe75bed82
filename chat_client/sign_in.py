"""Signing in: what gets this user a ticket, and with it the URL to connect to. Each ticket opens one connection."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from chat_client.connection import ConnectionLostError
from chat_client.events import Member

_REQUEST_S = 10


class SignInRefusedError(Exception):
    """This user is not let in; another attempt changes nothing."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Leave to open one connection, soon.

    Attributes:
        url: where, the ticket in it.
        user: who this user is there.
    """

    url: str
    user: Member


SignIn = Callable[[], Admission]
"""Gets an admission. Called for each connection.

Raises:
    SignInRefusedError: this user is not let in.
    ConnectionLostError: nobody answered; another attempt may succeed.
"""


class GuestSignIn:
    """A guest under a name of choice. The same key is the same user, over reconnects and elsewhere.

    Args:
        ticket_url: of `POST /ticket`.
        name: to be shown, 1 to 64 characters.
        key: a secret that makes this guest; made up where it is left out.
    """

    def __init__(self, ticket_url: str, name: str, key: str | None = None) -> None:
        self._ticket_url = ticket_url
        self._body = {"name": name, "key": key or secrets.token_urlsafe(32)}

    def __call__(self) -> Admission:
        """Ask for a ticket."""
        return _take_ticket(self._ticket_url, self._body, {})


class CognitoSignIn:
    """A user of a Cognito user pool, by name and password.

    Args:
        ticket_url: of `POST /ticket`.
        endpoint: of Cognito, `https://cognito-idp.{region}.amazonaws.com`.
        client_id: of the pool's client.
        user: as the pool knows them.
        password: theirs.
    """

    def __init__(self, ticket_url: str, *, endpoint: str, client_id: str, user: str, password: str) -> None:
        self._ticket_url = ticket_url
        self._endpoint = endpoint
        self._request = {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": client_id,
            "AuthParameters": {"USERNAME": user, "PASSWORD": password},
        }

    def __call__(self) -> Admission:
        """Sign in, and ask for a ticket with the token that this gives."""
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
        }
        answer = _post(self._endpoint, self._request, headers)
        if "AuthenticationResult" not in answer:
            challenge = answer.get("ChallengeName")
            raise SignInRefusedError(f"Cognito asks for {challenge}, which needs another client first")
        token = answer["AuthenticationResult"]["IdToken"]
        return _take_ticket(self._ticket_url, {}, {"authorization": f"Bearer {token}"})


def _take_ticket(url: str, body: dict[str, Any], headers: dict[str, str]) -> Admission:
    answer = _post(url, body, {"content-type": "application/json", **headers})
    query = urlencode({"ticket": answer["ticket"]})
    return Admission(f"{answer['url']}?{query}", Member(answer["user"], answer["name"]))


def _post(url: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"the URL must begin with https:// or http://, got {url!r}")
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_REQUEST_S) as answer:  # noqa: S310
            fields: dict[str, Any] = json.load(answer)
            return fields
    except urllib.error.HTTPError as error:
        with error:
            reason = _read_reason(error)
        if error.code < 500 and error.code != 429:
            raise SignInRefusedError(f"{reason} (HTTP {error.code})") from None
        raise ConnectionLostError(f"HTTP {error.code}: {reason}") from None
    except (OSError, ValueError) as error:
        raise ConnectionLostError(str(error)) from None


def _read_reason(error: urllib.error.HTTPError) -> str:
    try:
        fields = json.load(error)
        return str(fields.get("message") or fields.get("Message") or error.reason)
    except (OSError, ValueError, AttributeError):
        return str(error.reason)
