"""Price lists, and bills."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from chat_stack.cost.prices import PRICES, CostError, PriceList, read_prices
from chat_stack.cost.usage import METERS, Usage


def test_each_meter_has_a_price_and_a_source() -> None:
    entries = tomllib.loads(PRICES.read_text())["price"]
    assert sorted(entry["meter"] for entry in entries) == sorted(METERS)
    assert all(entry["source"].startswith("https://aws.amazon.com/") for entry in entries)


def test_a_bill_is_by_service(prices: PriceList) -> None:
    bill = prices.charge(Usage(api_messages=3e6, connection_minutes=4e6, read_units=8e6, write_units=2e6))
    assert bill["API Gateway"] == pytest.approx(3 * 1.00 + 4 * 0.25)
    assert bill["DynamoDB"] == pytest.approx(8 * 0.125 + 2 * 0.625)
    assert bill["Lambda"] == 0


def test_what_goes_beyond_a_billion_messages_costs_less(prices: PriceList) -> None:
    assert prices.charge(Usage(api_messages=3e9))["API Gateway"] == pytest.approx(1_000 + 2_000 * 0.80)


def test_usage_adds_up_and_multiplies() -> None:
    assert (Usage(traces=1) + Usage(traces=2, log_gb=1)) * 3 == Usage(traces=9, log_gb=3)


def test_a_list_that_lacks_a_meter_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(PRICES.read_text().replace('"traces"', '"other"'))
    with pytest.raises(CostError, match=r"prices\.toml has no price for traces"):
        read_prices(path)
