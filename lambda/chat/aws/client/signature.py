"""AWS Signature Version 4, for the services that encode the path once more when they verify it: all but S3.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hmac
import time
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from chat.aws.client.environment import Credentials


class Payload:
    """A body and its hash: made once, it is sent to any number of receivers without being hashed again."""

    __slots__ = ("body", "sha256")

    def __init__(self, body: bytes = b"") -> None:
        self.body = body
        self.sha256 = sha256(body).hexdigest()


def sign(
    method: str,
    path: str,
    headers: Mapping[str, str],
    payload: Payload,
    *,
    credentials: Credentials,
    region: str,
    service: str,
    time_s: float,
) -> dict[str, str]:
    """Sign a request.

    Args:
        method: in capitals.
        path: as it goes on the wire, percent-encoded, with no query.
        headers: every header to sign, `host` among them, by lower-case name.
        payload: the body.
        credentials: who signs.
        region: where the service runs.
        service: the name that the service signs with, which is not always the name of its API.
        time_s: now, in seconds since the epoch; AWS refuses what is five minutes off.

    Returns:
        The headers to send: those given, the date, the session token if there is one, and the signature.
    """
    timestamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time_s))
    signed = {**headers, "x-amz-date": timestamp}
    if credentials.session_token:
        signed["x-amz-security-token"] = credentials.session_token
    names = sorted(signed)
    signed_names = ";".join(names)
    lines = [method, quote(path, safe="/~"), ""]  # the empty line is the query
    lines += [f"{name}:{' '.join(signed[name].split())}" for name in names]
    lines += ["", signed_names, payload.sha256]
    date = timestamp[:8]
    scope = f"{date}/{region}/{service}/aws4_request"
    request_hash = sha256("\n".join(lines).encode()).hexdigest()
    string_to_sign = f"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{request_hash}"
    key = _derive_key(credentials.secret_access_key, date, region, service)
    signed["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key_id}/{scope}, SignedHeaders={signed_names}, "
        f"Signature={hmac.digest(key, string_to_sign.encode(), 'sha256').hex()}"
    )
    return signed


# A container sees one key at a time, and two when the day or the credentials change.
@lru_cache(maxsize=4)
def _derive_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
