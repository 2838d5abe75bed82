"""Sockets and one fixed request, without signing or parsing: what the loopback server can do at most."""

from __future__ import annotations

import select
import socket
import ssl
from urllib.parse import urlsplit

from benchmarks.clients.workload import BODY, Workload, measure, read_workload


def run(workload: Workload) -> None:
    """Do the workload, over warm connections."""
    url = urlsplit(workload.url)
    context = ssl.create_default_context() if url.scheme == "https" else None
    poll, sockets = select.epoll(), {}
    for _ in range(workload.concurrency):
        opened = socket.create_connection((str(url.hostname), url.port))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened = context.wrap_socket(opened, server_hostname=url.hostname) if context else opened
        opened.settimeout(0)
        poll.register(opened, select.EPOLLIN)
        sockets[opened.fileno()] = opened
    request = (
        f"POST {url.path}/@connections/x HTTP/1.1\r\nhost: {url.netloc}\r\ncontent-length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY
    _post(sockets, poll, request, workload.posts)
    with measure():
        _post(sockets, poll, request, workload.posts)


def _post(sockets: dict[int, socket.socket], poll: select.epoll, request: bytes, posts: int) -> None:
    waiting = 0
    for opened in list(sockets.values())[:posts]:
        opened.send(request)
        waiting += 1
    sent = waiting
    while waiting:
        for number, _ in poll.poll():
            try:
                # The server's replies are short, and arrive in one piece.
                sockets[number].recv(65536)
            except ssl.SSLWantReadError:
                continue
            waiting -= 1
            if sent < posts:
                sockets[number].send(request)
                sent, waiting = sent + 1, waiting + 1


if __name__ == "__main__":
    run(read_workload())
