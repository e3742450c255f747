"""Where no clock can be moved, the tester waits for what comes soon, and says how long the rest takes."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from features.steps.access.given import passing_token
from features.steps.access.shared import SHORT_LEEWAY, SpentTokens
from features.steps.access.when import has_expired
from features.steps.events.when import MARGIN, intervals_pass
from fixtures.evidence.redaction import Redactor
from fixtures.judging import NotApplicable
from fixtures.target.declaration import CLOCK, AuthScheme

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
    return SimpleNamespace(meets=frozenset(meets), retry_interval=timedelta(seconds=3))


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


@pytest.mark.parametrize(("meets", "waits"), [((), 4), ((CLOCK,), 0)])
def test_short_intervals_between_retries_are_waited_for(meets: tuple[str, ...], waits: int) -> None:
    bench: Any = Bench()
    intervals_pass(bench, target(*meets), 4)
    assert bench.waited == [timedelta(seconds=3) * MARGIN] * waits
    assert len(bench.moved) == 4 - waits
