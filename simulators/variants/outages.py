"""Variants of services that need others which are out of operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.severity import Severity
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable


def _answering(status: int) -> Callable[[], int]:
    return lambda: status


VARIANTS = tuple(
    Variant(
        id=f"common.outage-{status}",
        service="common",
        summary=f"A service that needs another one which is out of operation answers {status}.",
        sources=("RFC 9110 15.6",),
        lenient=level,
        strict=level,
        replaced={"outage.status": _answering(status)},
    )
    for status, level in ((500, Severity.INFO), (502, None), (504, Severity.INFO))
)
