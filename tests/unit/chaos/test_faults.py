"""Which request meets which fault, and how services refuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from chaos.faults import EVERY_LEAST, KINDS, Dealer, Kind, Request, Service, write_refusal
from chat.aws.client.errors import is_transient
from chat.aws.client.messages import Buffer, Reply, read_reply

NEVER_S = 1e9


class FakeClock:
    """Stands still unless it is told to go on."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def make_request(service: Service | None, *, function: str = "ticket", method: str = "POST") -> Request:
    return Request(function, service, method, "/", b"")


def make_dealer(seed: int = 0, *, every: int = 40) -> Dealer:
    """One whose first victim is the message function, and whose second comes never."""
    return Dealer(seed, every=every, kill_every_s=NEVER_S, clock=FakeClock())


def count(dealer: Dealer, service: Service, requests: int) -> Counter[Kind]:
    faults = [dealer.choose(make_request(service)) for _ in range(requests)]
    return Counter(fault.kind for fault in faults if fault)


@pytest.mark.parametrize(
    ("service", "requests"), [(Service.DYNAMODB, 40), (Service.CONNECTIONS, 20), (Service.SQS, 10)]
)
def test_each_kind_strikes_once_in_so_many_requests(service: Service, requests: int) -> None:
    dealer = make_dealer(every=40)
    for _ in range(3):
        assert count(dealer, service, requests) == dict.fromkeys(KINDS[service], 1)


def test_even_the_most_faults_leave_room_for_each_kind() -> None:
    for service, kinds in KINDS.items():
        assert count(make_dealer(every=EVERY_LEAST), service, 300).keys() == set(kinds)


def test_the_same_seed_deals_the_same_and_another_one_other_faults() -> None:
    def deal(seed: int) -> list[Kind | None]:
        dealer = make_dealer(seed)
        faults = [dealer.choose(make_request(Service.DYNAMODB)) for _ in range(100)]
        return [fault.kind if fault else None for fault in faults]

    assert deal(1) == deal(1) != deal(2)


def test_what_is_slow_is_so_for_a_moment_and_nothing_else_is() -> None:
    dealer = make_dealer()
    faults = [dealer.choose(make_request(Service.SQS)) for _ in range(200)]
    assert all((fault.kind is Kind.SLOW) == (0.05 <= fault.delay_s <= 0.3) for fault in faults if fault)


def test_only_a_post_finds_a_connection_gone() -> None:
    dealer = make_dealer()
    faults = [dealer.choose(make_request(Service.CONNECTIONS, method="DELETE")) for _ in range(200)]
    assert Kind.GONE not in {fault.kind for fault in faults if fault}


def test_other_services_are_left_alone() -> None:
    dealer = make_dealer()
    assert [dealer.choose(make_request(None, function="message")) for _ in range(200)] == [None] * 200


def list_deaths(dealer: Dealer, clock: FakeClock, *functions: str) -> Iterator[str]:
    """Let functions call one after the other, for ten minutes, ten times a second."""
    for _ in range(6000):
        clock.now_s += 0.1
        for function in functions:
            fault = dealer.choose(make_request(Service.DYNAMODB, function=function))
            if fault and fault.kind is Kind.KILLED:
                yield function


def test_functions_die_at_the_rate_that_was_asked_for_and_in_turn() -> None:
    clock = FakeClock()
    deaths = Counter(list_deaths(Dealer(3, every=40, kill_every_s=5, clock=clock), clock, "message", "deliver", "x"))
    # In ten minutes 120 are doomed, one third of them each of these two.
    assert deaths.keys() == {"message", "deliver"}
    assert all(36 <= times <= 44 for times in deaths.values())


def test_a_function_dies_at_any_of_its_requests() -> None:
    reached = set()
    for seed in range(100):
        dealer = make_dealer(seed)
        asked = 1
        while (fault := dealer.choose(make_request(Service.DYNAMODB, function="message"))) is None or (
            fault.kind is not Kind.KILLED
        ):
            asked += 1
        reached.add(asked)
    assert reached == set(range(1, 11))


def read(content: bytes) -> Reply:
    buffer = Buffer()
    buffer.feed(content)
    with pytest.raises(StopIteration) as stopped:
        next(read_reply(buffer, "POST"))
    reply, is_persistent = stopped.value.value
    assert is_persistent
    assert isinstance(reply, Reply)
    return reply


@pytest.mark.parametrize("kind", [Kind.THROTTLED, Kind.FAILED])
@pytest.mark.parametrize("service", Service)
def test_the_functions_client_takes_a_refusal_for_one_that_passes(service: Service, kind: Kind) -> None:
    assert is_transient(read(write_refusal(service, kind)))


def test_gone_is_answered_as_api_gateway_does() -> None:
    reply = read(write_refusal(Service.CONNECTIONS, Kind.GONE))
    assert (reply.status, reply.headers["x-amzn-errortype"]) == (410, "GoneException")
