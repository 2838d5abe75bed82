"""The price list, and the bill for a usage."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chat_stack.cost.usage import METERS, Usage

PRICES = Path(__file__).parent / "prices.toml"


class CostError(Exception):
    """A price, a call or a quota is missing; says which, and where it belongs."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one meter costs: dollars for so many, and less for what goes beyond an amount."""

    service: str
    dollars: float
    per: float
    beyond_amount: float
    beyond_dollars: float

    def charge(self, amount: float) -> float:
        """Return the dollars for an amount in a month."""
        beyond = max(0.0, amount - self.beyond_amount)
        return ((amount - beyond) * self.dollars + beyond * self.beyond_dollars) / self.per


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of one region at one date, by meter."""

    date: str
    region: str
    prices: Mapping[str, Price]

    def charge(self, usage: Usage) -> dict[str, float]:
        """Return the dollars by service, for the usage of a month."""
        bill: dict[str, float] = {}
        for meter in METERS:
            price = self.prices[meter]
            bill[price.service] = bill.get(price.service, 0.0) + price.charge(getattr(usage, meter))
        return bill


def read_prices(path: Path = PRICES) -> PriceList:
    """Read a price list.

    Args:
        path: a file like prices.toml; another region has its own.

    Raises:
        CostError: a meter has no price.
    """
    document = tomllib.loads(path.read_text())
    prices = {entry["meter"]: _price(entry) for entry in document["price"]}
    missing = sorted(set(METERS) - set(prices))
    if missing:
        raise CostError(f"{path} has no price for {', '.join(missing)}; add a [[price]] for each")
    return PriceList(str(document["date"]), document["region"], prices)


def _price(entry: Mapping[str, Any]) -> Price:
    beyond = entry.get("beyond", {"amount": float("inf"), "dollars": 0.0})
    return Price(
        entry["service"], float(entry["dollars"]), float(entry["per"]), float(beyond["amount"]), beyond["dollars"]
    )
