"""AWS Signature Version 4, for the services that encode the path once more when they verify it: all but S3.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hmac
import time
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from chat.aws.client.environment import Credentials
from chat.aws.client.messages import write_fields


class Payload:
    """A body and its hash: made once, it is sent to any number of receivers without being hashed again."""

    __slots__ = ("body", "sha256")

    def __init__(self, body: bytes = b"") -> None:
        self.body = body
        self.sha256 = sha256(body).hexdigest()


class Request(NamedTuple):
    """A request before it is signed.

    Attributes:
        operation: what it is counted as, such as "PutItem".
        method: in capitals.
        path: as it goes on the wire, percent-encoded, with no query.
        headers: by lower-case name, what is to be sent and signed beside the usual.
        payload: the body.
    """

    operation: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    payload: Payload


class PreparedRequest:
    """A request of which all is made but its path and its signature; of use as long as the date in it is.

    Args:
        method: in capitals.
        headers: every header to sign, `host` among them, by lower-case name.
        payload: the body.
        credentials: who signs.
        region: where the service runs.
        service: the name that the service signs with, which is not always the name of its API.
        time_s: now, in seconds since the epoch; AWS refuses what is five minutes off.

    Raises:
        ValueError: the method or a header holds what would not reach the server as one.
    """

    def __init__(
        self,
        method: str,
        headers: Mapping[str, str],
        payload: Payload,
        *,
        credentials: Credentials,
        region: str,
        service: str,
        time_s: float,
    ) -> None:
        timestamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time_s))
        signed = {**headers, "x-amz-date": timestamp}
        if credentials.session_token:
            signed["x-amz-security-token"] = credentials.session_token
        names = sorted(signed)
        lines = [f"{name}:{' '.join(signed[name].split())}\n" for name in names]
        date = timestamp[:8]
        scope = f"{date}/{region}/{service}/aws4_request"
        self._method = method
        # The empty line is the query.
        self._hashed_after_path = f"\n\n{''.join(lines)}\n{';'.join(names)}\n{payload.sha256}"
        key = _derive_key(credentials.secret_access_key, date, region, service)
        self._signature = hmac.new(key, f"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n".encode(), "sha256")
        authorization = (
            f"AWS4-HMAC-SHA256 Credential={credentials.access_key_id}/{scope}, SignedHeaders={';'.join(names)}, "
            "Signature="
        )
        fields = write_fields(method, {**signed, "authorization": authorization}, payload.body)
        self._fields_before_signature = fields.removesuffix("\r\n")
        self._body = payload.body

    def write(self, path: str) -> bytes:
        """Sign and write the request for a path, which has been checked: percent-encoded, with no query."""
        hashed = f"{self._method}\n{_encode_again(path)}{self._hashed_after_path}"
        signature = self._signature.copy()
        signature.update(sha256(hashed.encode()).hexdigest().encode())
        head = f"{self._method} {path} HTTP/1.1\r\n{self._fields_before_signature}{signature.hexdigest()}\r\n\r\n"
        return head.encode() + self._body


# Those in a busy room are posted to again and again.
@lru_cache(maxsize=4096)
def _encode_again(path: str) -> str:
    return quote(path, safe="/~")


# A container sees one key at a time, and two when the day or the credentials change.
@lru_cache(maxsize=4)
def _derive_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
