"""A million messages to rooms of several sizes, against what API Gateway asks of whoever sends them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat_stack.cost.actions import Actions
from chat_stack.cost.prices import PriceList
from chat_stack.cost.usage import Usage

SIZES = (10, 100, 1_000, 10_000, 100_000)
MESSAGES = 1_000_000
_MOST_OF_FLOOR = 1.05
_GOAL_FROM = 100
_TRANSFER = "Transfer"


@dataclass(frozen=True, slots=True)
class RoomCost:
    """A million messages to one room, in dollars.

    The bytes that leave AWS cost the same whoever sends them: they are told beside the bills, and in neither.

    Attributes:
        members: connections in the room, the sender's among them.
        floor: the messages that API Gateway charges for whatever stands behind it: one in, one out to each other.
        bill: by service, each message posted by itself.
        together: how many messages leave as one frame, where some wait; 1 where the room is too small to have a queue.
        together_bill: by service, so many together.
        transfer: for the bytes.
    """

    members: int
    floor: float
    bill: dict[str, float]
    together: int
    together_bill: dict[str, float]
    transfer: float

    @property
    def ratio(self) -> float:
        """The bill over the floor."""
        return sum(self.bill.values()) / self.floor

    @property
    def together_ratio(self) -> float:
        """The bill of those that leave together, over the floor."""
        return sum(self.together_bill.values()) / self.floor

    def judge(self) -> dict[str, bool]:
        """Say which goals there are for this room, and whether they are met."""
        goals = {}
        if self.members >= _GOAL_FROM:
            goals[f"at most {_MOST_OF_FLOOR} of the floor"] = self.ratio <= _MOST_OF_FLOOR
        if self.together > 1:
            goals["below the floor where messages leave together"] = self.together_ratio < 1
        return goals


def cost_rooms(actions: Actions, prices: PriceList, sizes: Sequence[int] = SIZES) -> Iterator[RoomCost]:
    """Work out what a million messages cost, room by room.

    Args:
        actions: what a message uses.
        prices: what that costs.
        sizes: members of the rooms, at least 2.
    """
    assumed = actions.assumptions
    for members in sizes:
        has_queue = members - 1 > assumed.inline_members
        together = assumed.fit_together(assumed.together) if has_queue else 1
        bill = prices.charge(actions.send(members) * MESSAGES)
        together_bill = prices.charge(actions.send(members, together) * MESSAGES)
        floor = sum(prices.charge(Usage(api_messages=members * MESSAGES)).values())
        transfer = bill.pop(_TRANSFER)
        del together_bill[_TRANSFER]
        yield RoomCost(members, floor, bill, together, together_bill, transfer)
