"""The server's frames, as docs/protocol.md writes them."""

from __future__ import annotations

from typing import Any

Frame = dict[str, Any]


def entry(seq: int, *, user: str = "bob", request_id: str | None = None, text: str | None = None) -> Frame:
    return {
        "type": "message",
        "seq": seq,
        "id": request_id or f"{user}-{seq}",
        "from": user,
        "name": user,
        "text": text or f"text {seq}",
        "at": 1_700_000_000_000 + seq,
    }


def push(seq: int, *, room: str = "lobby", epoch: str = "A", **fields: Any) -> Frame:
    return {**entry(seq, **fields), "room": room, "epoch": epoch}


def page(
    *seqs: int, epoch: str | None = "A", more: bool = False, reset: bool = False, truncated: bool = False
) -> Frame:
    entries = [entry(seq) for seq in seqs]
    return {"epoch": epoch, "entries": entries, "more": more, "reset": reset, "truncated": truncated}


def joined(request_id: str, *seqs: int, room: str = "lobby", **fields: Any) -> Frame:
    head = max(seqs, default=0)
    return {"type": "joined", "id": request_id, "room": room, "head": head, "members": 2, **page(*seqs, **fields)}


def history(request_id: str, *seqs: int, room: str = "lobby", **fields: Any) -> Frame:
    return {"type": "history", "id": request_id, "room": room, **page(*seqs, **fields)}


def synced(request_id: str, **rooms: Frame) -> Frame:
    return {"type": "synced", "id": request_id, "rooms": rooms}


def ack(request_id: str, seq: int, *, room: str = "lobby", epoch: str = "A") -> Frame:
    return {"type": "ack", "id": request_id, "room": room, "epoch": epoch, "seq": seq, "at": 1_700_000_000_000 + seq}


def error(request_id: str | None, code: str, *, retryable: bool = False, retry_after_ms: int | None = None) -> Frame:
    fields = {"type": "error", "id": request_id, "code": code, "message": f"about {code}", "retryable": retryable}
    return fields if retry_after_ms is None else {**fields, "retry_after_ms": retry_after_ms}


def done(request_id: str, **fields: Any) -> Frame:
    """An `ack` of what becomes no entry."""
    return {"type": "ack", "id": request_id, **fields}
