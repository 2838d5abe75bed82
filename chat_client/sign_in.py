"""Signing in: what gets this user a ticket, and with it the URL to connect to. Each ticket opens one connection."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import IO, Any, TypeVar
from urllib.parse import urlencode

from chat_client.errors import ConnectionLostError, SignInRefusedError
from chat_client.events import Member

T = TypeVar("T")

_REQUEST_S = 10
# What Cognito answers with 400 and will not answer for ever.
_PASSING_FAULTS = frozenset({"TooManyRequestsException", "LimitExceededException", "InternalErrorException"})


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
    ConnectionLostError: nobody answered, or nothing of use; another attempt may succeed.
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
        if "ChallengeName" in answer:
            raise SignInRefusedError(f"Cognito asks for {answer['ChallengeName']}, which needs another client first")
        token = _take(_take(answer, "AuthenticationResult", dict), "IdToken", str)
        return _take_ticket(self._ticket_url, {}, {"authorization": f"Bearer {token}"})


def _take_ticket(url: str, body: dict[str, Any], headers: dict[str, str]) -> Admission:
    answer = _post(url, body, {"content-type": "application/json", **headers})
    ticket, websocket_url, user, name = (_take(answer, field, str) for field in ("ticket", "url", "user", "name"))
    return Admission(f"{websocket_url}?{urlencode({'ticket': ticket})}", Member(user, name))


def _post(url: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"the URL must begin with https:// or http://, got {url!r}")
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_REQUEST_S) as answer:  # noqa: S310
            return _read_object(answer)
    except urllib.error.HTTPError as error:
        with error:
            raise _judge(error) from None
    except (OSError, ValueError, HTTPException) as error:
        raise ConnectionLostError(str(error) or type(error).__name__) from None


def _judge(error: urllib.error.HTTPError) -> SignInRefusedError | ConnectionLostError:
    """Tell an answer that is final from one that another attempt may change."""
    try:
        fields = _read_object(error)
    except (OSError, ValueError, HTTPException):
        fields = {}
    reason = f"{fields.get('message') or fields.get('Message') or error.reason} (HTTP {error.code})"
    # Cognito may put a namespace before it: `com.amazonaws.cognito#TooManyRequestsException`.
    fault = str(fields.get("__type")).rpartition("#")[2]
    may_pass = error.code >= 500 or error.code == HTTPStatus.TOO_MANY_REQUESTS or fault in _PASSING_FAULTS
    return ConnectionLostError(reason) if may_pass else SignInRefusedError(reason)


def _read_object(answer: IO[bytes]) -> dict[str, Any]:
    fields = json.load(answer)
    return fields if isinstance(fields, dict) else {}


def _take(fields: dict[str, Any], name: str, kind: type[T]) -> T:
    value = fields.get(name)
    if not isinstance(value, kind):
        raise ConnectionLostError(f"the answer has no {name}")
    return value
