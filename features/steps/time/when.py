"""Steps that let time pass."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from features.vocabulary.steps import when

if TYPE_CHECKING:
    from features.vocabulary.nouns import Time
    from fixtures.bench.interface import Bench


@when("{time} (has|have) passed")
def passes(bench: Bench, time: Time) -> None:
    """Let certificates run out, what is renewed daily be renewed, and the target clean up if it says so."""
    bench.advance(timedelta(days=time.days))
    if time.cleansing:
        bench.advance(bench.target.cleansing_interval)
