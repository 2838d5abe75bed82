"""The settings that a client reads from the environment, under the names that every AWS SDK uses."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

# The characters of RFC 3986's segments: others could end the request line and begin a request of their own.
_SEGMENTS = re.compile(r"(?:/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+)*/?")
_DOT_SEGMENT = re.compile(r"/\.\.?(?:/|$)")
_HOST = re.compile(r"[A-Za-z0-9\-._:]+")
_REGIONAL = ("dynamodb", "lambda", "sqs")


class Credentials(NamedTuple):
    """An AWS identity; only temporary credentials have a session token."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Credentials":
        """Read AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if it is set, AWS_SESSION_TOKEN.

        Raises:
            ValueError: one of the first two is missing.
        """
        return cls(
            _require(environment, "AWS_ACCESS_KEY_ID"),
            _require(environment, "AWS_SECRET_ACCESS_KEY"),
            environment.get("AWS_SESSION_TOKEN") or None,
        )


class Endpoint(NamedTuple):
    """Where a service listens; `authority` is its Host header, `base_path` the start of every path."""

    is_tls: bool
    host: str
    port: int
    authority: str
    base_path: str

    @classmethod
    def from_url(cls, url: str) -> "Endpoint":
        """Parse an endpoint's URL.

        Raises:
            ValueError: it is no http or https URL, or has more than a host, a port and a path.
        """
        parts = urlsplit(url)
        host, base_path = parts.hostname or "", parts.path.rstrip("/")
        if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or url != url.strip():
            raise ValueError(f"{url!r} is no endpoint: it must be an http or https URL")
        if parts.username is not None or parts.query or parts.fragment or not is_path(base_path):
            raise ValueError(f"{url!r} is no endpoint: it may have a host, a port and a path, nothing else")
        default_port = 443 if parts.scheme == "https" else 80
        port = default_port if parts.port is None else parts.port
        bracketed = f"[{host}]" if ":" in host else host
        authority = bracketed if port == default_port else f"{bracketed}:{port}"
        return cls(parts.scheme == "https", host, port, authority, base_path)

    @classmethod
    def from_environment(cls, service: str, region: str, environment: Mapping[str, str]) -> "Endpoint":
        """Read AWS_ENDPOINT_URL_<SERVICE>, else AWS_ENDPOINT_URL; a regional endpoint needs neither.

        Raises:
            ValueError: no endpoint is set for a service that has no regional one, or it is no endpoint.
        """
        variable = f"AWS_ENDPOINT_URL_{service.upper()}"
        url = environment.get(variable) or environment.get("AWS_ENDPOINT_URL")
        if not url and service in _REGIONAL:
            suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
            url = f"https://{service}.{region}.{suffix}"
        return cls.from_url(url or _require(environment, variable))


def is_path(text: str) -> bool:
    """Tell whether text is a path as requests carry it: percent-encoded, no empty and no dot segments."""
    return _SEGMENTS.fullmatch(text) is not None and _DOT_SEGMENT.search(text) is None


def read_region(environment: Mapping[str, str]) -> str:
    """Read AWS_REGION, which Lambda sets, else AWS_DEFAULT_REGION.

    Raises:
        ValueError: neither is set.
    """
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    return region or _require(environment, "AWS_REGION")


def _require(environment: Mapping[str, str], variable: str) -> str:
    value = environment.get(variable)
    if not value:
        raise ValueError(f"the environment variable {variable} is not set: the AWS client needs it")
    return value
