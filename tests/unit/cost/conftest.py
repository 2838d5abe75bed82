"""Calls, prices and assumptions that are easy to work out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat_stack.cost.actions import Actions
from chat_stack.cost.assumptions import Assumptions
from chat_stack.cost.prices import PriceList, read_prices

CALLS = {
    "send": "GetItem 1, BatchGetItem 1, UpdateItem 1, Query 2, PutItem 1, POST N",
    "join": "Query 3, BatchGetItem 2, UpdateItem 2, PutItem 1, POST N",
    "$disconnect": "Query R+1, DeleteItem R+1, POST N*R",
    "typing": "GetItem 1, POST N",
    "POST /ticket": "GetItem 1, PutItem 1",
    "send to a room of over 200": "GetItem 2, BatchGetItem 1, UpdateItem 1, Query 2, PutItem 1, SendMessageBatch 1",
    "deliver": "Query 4, POST N",
}


@pytest.fixture
def actions() -> Actions:
    return Actions(CALLS, Assumptions())


@pytest.fixture
def prices() -> PriceList:
    return read_prices()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    rows = [f"| `{name}` | {calls} | what for |" for name, calls in CALLS.items()]
    path = tmp_path / "calls.md"
    path.write_text("\n".join(["| action | AWS calls | what for |", "|---|---|---|", *rows]) + "\n")
    return path
