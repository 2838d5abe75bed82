"""Signatures against botocore's, and against the example that AWS publishes."""

import calendar
import hashlib
import time
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from chat.aws.client import Payload, signature
from chat.aws.client.environment import Credentials, is_path
from chat.aws.client.signature import PreparedRequest

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
PATH_PIECES = [*"abcXYZ019-._~!$&'()*+,;=:@", "%3D", "%2F", "%25", "%c3%a9", "/"]


class Case(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    credentials: Credentials
    region: str
    service: str
    time_s: float


def generate(dice: Random) -> Case:
    def text(alphabet: str, longest: int) -> str:
        return "".join(dice.choices(alphabet, k=dice.randint(0, longest)))

    path = ""
    while not is_path(path) or not path:
        path = "/" + "".join(dice.choices(PATH_PIECES, k=dice.randint(0, 30)))
    headers = {f"x-{text('abcxyz0189-', 9)}": text(PRINTABLE, 40) for _ in range(dice.randint(0, 5))}
    secret = "AWS" + text(PRINTABLE, 40)
    return Case(
        method=dice.choice(["GET", "POST", "PUT", "DELETE", "HEAD"]),
        path=path,
        headers={"host": dice.choice(["example.com", "localhost:4566", "[::1]:80"]), **headers},
        body=dice.randbytes(dice.choice([0, 1, 1000])),
        credentials=Credentials("AKIDEXAMPLE", secret, dice.choice([None, text(PRINTABLE, 300).strip() or None])),
        region=dice.choice(["eu-west-1", "cn-north-1"]),
        service=dice.choice(["dynamodb", "execute-api"]),
        time_s=dice.randrange(4_000_000_000),
    )


def sign_case(case: Case) -> dict[str, str]:
    prepared = PreparedRequest(
        case.method,
        case.headers,
        Payload(case.body),
        credentials=case.credentials,
        region=case.region,
        service=case.service,
        time_s=case.time_s,
    )
    head, _, body = prepared.write(case.path).partition(b"\r\n\r\n")
    request_line, *lines = head.decode().split("\r\n")
    assert (request_line, body) == (f"{case.method} {case.path} HTTP/1.1", case.body)
    headers = dict(line.split(": ", 1) for line in lines)
    assert int(headers.pop("content-length", "0")) == len(case.body)
    return headers


def sign_with_botocore(case: Case) -> dict[str, str]:
    request = AWSRequest(case.method, f"http://{case.headers['host']}{case.path}", case.headers, case.body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: datetime.fromtimestamp(case.time_s, UTC))
        SigV4Auth(BotocoreCredentials(*case.credentials), case.service, case.region).add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


def test_signatures_equal_botocores() -> None:
    dice = Random(4)
    for _ in range(3000):
        case = generate(dice)
        assert sign_case(case) == sign_with_botocore(case), case


def test_signature_equals_the_published_example() -> None:
    """Case "get-vanilla" of AWS's test suite for Signature Version 4."""
    case = Case(
        method="GET",
        path="/",
        headers={"host": "example.amazonaws.com"},
        body=b"",
        credentials=Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        region="us-east-1",
        service="service",
        time_s=calendar.timegm(time.strptime("20150830T123600", "%Y%m%dT%H%M%S")),
    )

    assert sign_case(case) == {
        "host": "example.amazonaws.com",
        "x-amz-date": "20150830T123600Z",
        "authorization": (
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        ),
    }


def test_a_payload_is_hashed_once_for_any_number_of_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[bytes] = []

    def sha256(data: bytes) -> "hashlib._Hash":
        hashed.append(data)
        return hashlib.sha256(data)

    monkeypatch.setattr(signature, "sha256", sha256)
    prepared = PreparedRequest(
        "POST",
        {"host": "example.com"},
        Payload(b"one body"),
        credentials=Credentials("id", "secret"),
        region="eu-west-1",
        service="execute-api",
        time_s=0,
    )
    for path in ("/a", "/b", "/c"):
        prepared.write(path)

    assert hashed.count(b"one body") == 1
