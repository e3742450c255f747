"""Steps that let time pass."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import parsers, when

if TYPE_CHECKING:
    from fixtures.bench import Bench


@when(parsers.parse("{days:d} days and the cleansing interval have passed"))
def days_pass(bench: Bench, days: int) -> None:
    """Let certificates run out and the pool notice."""
    bench.advance(timedelta(days=days))
    bench.advance(bench.target.cleansing_interval)
