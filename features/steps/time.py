"""Steps that let time pass."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import parsers, when

if TYPE_CHECKING:
    from fixtures.bench.interface import Bench


@when(parsers.re(r"(?:(?P<days>\d+) days? and )?the cleansing interval (?:has|have) passed"))
def days_pass(bench: Bench, days: str | None) -> None:
    """Let certificates run out and the pool notice."""
    bench.advance(timedelta(days=int(days or 0)))
    bench.advance(bench.target.cleansing_interval)


@when(parsers.re(r"(?P<days>\d+) days? (?:has|have) passed"))
def only_days_pass(bench: Bench, days: str) -> None:
    """Let certificates run out, and what is renewed daily be renewed."""
    bench.advance(timedelta(days=int(days)))
