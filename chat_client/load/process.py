"""What a process has to arrange for thousands of connections."""

from __future__ import annotations

import ssl
import urllib.request
from functools import cache
from importlib.util import find_spec

# Beside its sockets a process has files, libraries, the sockets of sign-ins.
_OTHER_FILES = 200


class TooFewFilesError(Exception):
    """The system allows this process fewer open files than there would be connections."""


@cache
def share_tls() -> ssl.SSLContext:
    """Return the one TLS context of all connections: each one of its own would read all root certificates again."""
    context = ssl.create_default_context()
    urllib.request.install_opener(urllib.request.build_opener(urllib.request.HTTPSHandler(context=context)))
    return context


def allow_connections(count: int) -> None:
    """Raise this process's limit of open files, where it has one, as far as it may.

    Raises:
        TooFewFilesError: it may not be raised far enough.
    """
    if not find_spec("resource"):
        return
    import resource  # noqa: PLC0415 - Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = count + _OTHER_FILES
    if soft >= needed or soft == resource.RLIM_INFINITY:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise TooFewFilesError(
            f"{count} clients need {needed} open files, and this system allows {hard}: raise its limit (`ulimit -Hn`), "
            "or have fewer clients"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
