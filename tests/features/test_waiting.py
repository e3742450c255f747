"""Where no clock can be moved, the tester waits for what comes soon, and says how long the rest takes."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from features.steps.access.given import passing_token
from features.steps.access.shared import SHORT_LEEWAY, SpentTokens
from features.steps.access.when import has_expired
from features.steps.events.when import MARGIN, MOST_INTERVALS, intervals_pass, is_owed
from fixtures.evidence.redaction import Redactor
from fixtures.judging import NotApplicable
from fixtures.target.declaration import CLOCK, AuthScheme

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class Bench:
    """A bench that notes how time was made to pass."""

    def __init__(self) -> None:
        self.clock = SimpleNamespace(now=lambda: NOW)
        self.waited: list[timedelta] = []
        self.moved: list[timedelta] = []

    def wait(self, by: timedelta) -> None:
        self.waited.append(by)

    def advance(self, by: timedelta) -> None:
        self.moved.append(by)


def token_for(seconds: float) -> str:
    claims = {"exp": int((NOW + timedelta(seconds=seconds)).timestamp())}
    parts: tuple[dict[str, Any], ...] = ({"alg": "ES256"}, claims, {})
    return ".".join(urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts)


def target(*meets: str) -> Any:
    return SimpleNamespace(
        meets=frozenset(meets), retry_interval=timedelta(seconds=3), delivery_window=timedelta(seconds=1)
    )


def expire(bench: Any, token: str, spent: SpentTokens, *meets: str) -> None:
    has_expired(bench, target(*meets), spent, token)


def test_a_short_token_is_waited_for() -> None:
    bench = Bench()
    expire(bench, token_for(20), SpentTokens())
    assert bench.waited == [timedelta(seconds=20) + SHORT_LEEWAY]


def test_a_long_token_is_not_and_the_reason_says_how_long_it_lasts() -> None:
    bench = Bench()
    with pytest.raises(NotApplicable, match="a token lasts for 900 s, and the tester waits for 60 s at most"):
        expire(bench, token_for(900), SpentTokens())
    assert bench.waited == []


def test_where_the_clock_can_be_moved_nobody_waits() -> None:
    bench = Bench()
    expire(bench, token_for(20), SpentTokens(), CLOCK)
    assert bench.waited == []
    assert len(bench.moved) == 1


def test_each_account_is_waited_for_once_in_a_run() -> None:
    bench, spent, tokens = Bench(), SpentTokens(), iter((token_for(20), token_for(21)))
    account = SimpleNamespace(scheme=AuthScheme.OAUTH2)
    party: Any = SimpleNamespace(name="oem", account=account, token=lambda: next(tokens))
    had = set()
    for _ in range(3):
        redactor = Redactor()
        token = passing_token(party, spent, redactor)
        # Every scenario hides it, also the one that has not asked for it.
        assert token not in redactor.sentence(f"with {token}")
        had.add(token)
        expire(bench, token, spent)
    assert len(had) == len(bench.waited) == 1


class Endpoints:
    """Addresses that note how they were waited for."""

    def __init__(self) -> None:
        self.waited: list[tuple[float, bool]] = []

    def wait(self, at_most: float, until: Callable[[], bool]) -> None:
        self.waited.append((at_most, until()))


def webhook(*statuses: int) -> Any:
    attempts = [
        SimpleNamespace(exchange=SimpleNamespace(answer=SimpleNamespace(status=each))) for each in statuses
    ]
    return SimpleNamespace(deliveries=attempts)


@pytest.mark.parametrize(("meets", "waits"), [((), 4), ((CLOCK,), 0)])
def test_short_intervals_between_retries_are_waited_for(meets: tuple[str, ...], waits: int) -> None:
    bench: Any = Bench()
    endpoints: Any = Endpoints()
    subscribed: Any = [SimpleNamespace(webhook=webhook(503, 503))]
    intervals_pass(bench, target(*meets), endpoints, subscribed, 4)
    assert bench.waited == [timedelta(seconds=3) * MARGIN] * waits
    assert len(bench.moved) == 4 - waits
    # Two more attempts are owed, so that they are waited for.
    assert endpoints.waited == ([] if meets else [(1.0, False)])


def test_nobody_waits_for_a_day_in_real_time() -> None:
    bench: Any = Bench()
    endpoints: Any = Endpoints()
    intervals_pass(bench, target(), endpoints, [], 24)
    assert len(bench.waited) == MOST_INTERVALS
    assert endpoints.waited == [(1.0, True)]


@pytest.mark.parametrize(
    ("statuses", "intervals", "owed"),
    [
        ((), 1, True),
        ((503,), 1, True),
        ((503, 200), 1, False),
        ((503, 503), 1, False),
        ((503, 503), 4, True),
        ((503, 503, 503, 503), 4, False),
        ((503, 503, 503, 503), 24, False),
        ((400,), 4, False),
    ],
)
def test_an_attempt_is_owed_until_one_is_taken(statuses: tuple[int, ...], intervals: int, owed: bool) -> None:  # noqa: FBT001 - what is expected
    assert is_owed(webhook(*statuses), intervals) is owed
