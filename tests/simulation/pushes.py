"""What was pushed to whom, against the promise of an ack: stored, and pushed to everybody present or durably queued."""

from __future__ import annotations

import json
from typing import Any

from chat.aws.connections import OWN_ROW, ROOM_INDEX, USER_INDEX
from chat.domain.model import Shard
from chat.protocol.fields import split_direct_room
from tests.fakes.ports import is_in
from tests.simulation.gateway import FRAME_BYTES, Connection
from tests.simulation.sqs import QueuedMessage
from tests.simulation.tables import Table
from tests.simulation.violations import Judge

PUSHED = "an ack means: pushed to everybody present, or queued"
EMPTIED = "what is queued is delivered, or a dead letter"
FITS = "no frame is longer than 32 KB"
_ENTRIES = ("message", "edited", "deleted", "reacted")

Place = tuple[str, int]


class Pushes:
    """Posts and jobs, by connection and entry."""

    def __init__(self, judge: Judge, table: Table, connections: dict[str, Connection]) -> None:
        self._judge = judge
        self._table = table
        self._connections = connections
        self._posted: set[tuple[str, Place]] = set()
        self._jobs: dict[Place, list[dict[str, Any]]] = {}
        # Who is to get what from the queue, and since when they must have been there for that.
        self._expected: dict[tuple[str, Place], float] = {}

    def see_post(self, connection_id: str, body: bytes, status: int) -> list[Place]:
        """Note a post; return the entries in it."""
        self._judge.check(FITS, len(body) <= FRAME_BYTES, lambda: f"{len(body)} bytes to {connection_id}")
        frame = json.loads(body)
        events = frame["events"] if frame["type"] == "batch" else [frame]
        places = [(event["room"], event["seq"]) for event in events if event["type"] in _ENTRIES]
        if status == 200:
            self._posted.update((connection_id, place) for place in places)
        return places

    def see_job(self, message: QueuedMessage) -> None:
        """Note a job."""
        job = json.loads(message.body)
        self._jobs.setdefault(_find_place(job), []).append(job)

    def see_ack(self, sender: str, place: Place, since_s: float, what: str) -> None:
        """Check that an entry that is acked has gone to all who have been there since then."""
        self._judge.checks[PUSHED] += 1
        for connection_id in self._list_present(place[0], since_s):
            if connection_id == sender or (connection_id, place) in self._posted:
                continue
            queued = any(self._is_for(job, connection_id) for job in self._jobs.get(place, []))
            self._judge.check(PUSHED, queued, f"{place} by {what}, not to {connection_id}")
            self._expected[connection_id, place] = since_s

    def check_queue(self, waiting: list[QueuedMessage], dead: list[QueuedMessage]) -> None:
        """Check, once all is quiet, that the queue is empty and everybody got what it held for them."""
        self._judge.check(EMPTIED, not waiting, lambda: f"{len(waiting)} messages stay in the queue")
        given_up: dict[Place, list[dict[str, Any]]] = {}
        for message in dead:
            job = json.loads(message.body)
            given_up.setdefault(_find_place(job), []).append(job)
        for (connection_id, place), since_s in self._expected.items():
            is_given_up = any(self._is_for(job, connection_id) for job in given_up.get(place, []))
            if not is_given_up and connection_id in self._list_present(place[0], since_s):
                self._judge.check(
                    EMPTIED,
                    (connection_id, place) in self._posted,
                    f"{place} has not come to {connection_id}",
                )

    def _is_for(self, job: dict[str, Any], connection_id: str) -> bool:
        """Tell whether a job is for a connection: it names it, or its user belongs to the job's shard."""
        if job["connections"]:
            return connection_id in job["connections"]
        return is_in(Shard(job["shard"], job["shards"]), self._connections[connection_id].user)

    def _list_present(self, room: str, since_s: float) -> list[str]:
        """List the connections that every read of the index has shown since then, and which are open."""
        users = split_direct_room(room)
        index = self._table.indexes[USER_INDEX if users else ROOM_INDEX]
        present = []
        for connection in self._connections.values():
            if not connection.is_open or connection.opened_s >= since_s or (users and connection.user not in users):
                continue
            shown_s = index.shows_since((connection.id, OWN_ROW if users else room))
            if shown_s is not None and shown_s < since_s:
                present.append(connection.id)
        return present


def _find_place(job: dict[str, Any]) -> Place:
    return job["room"], int(job["id"].rpartition(":")[2])
