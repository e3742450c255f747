"""When a certificate is valid: from its first second to its last, both included (RFC 5280 section 4.1.2.5).

Certificates count whole seconds, and so is a moment counted here: the last second is over when the next one
begins, not at its first instant. RFC 5280 can be read either way there; CAs of the Web PKI report by this
reading, and x509-limbo (`notafter-fractional`) expects it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Validity:
    """A span of time.

    Attributes:
        begin: Its first second, counted from 1970 (POSIX).
        end: Its last second, which belongs to it.
    """

    begin: float
    end: float

    @classmethod
    def between(cls, begin: datetime, end: datetime) -> Validity:
        """Return the span between two moments, both aware and both included."""
        return cls(begin.timestamp(), end.timestamp())

    def contains(self, moment: datetime | float) -> bool:
        """Return whether a moment, aware or in seconds since 1970, lies within."""
        return self.begin <= whole_second(moment) <= self.end

    def ended(self, moment: datetime | float) -> bool:
        """Return whether the span is over at a moment, aware or in seconds since 1970."""
        return self.end < whole_second(moment)


def whole_second(moment: datetime | float) -> int:
    """Return the second in which a moment lies, counted from 1970."""
    # Rounded down: to the nearest, a certificate would end in the middle of its last second.
    return math.floor(moment.timestamp() if isinstance(moment, datetime) else moment)


def contains_second(begin: Any, end: Any, second: Any) -> Any:
    """Return `Validity.contains` as a condition of SQL.

    Args:
        begin: The column of the first seconds.
        end: The column of the last seconds.
        second: A whole second (`whole_second`), or the parameter that stands for one.

    Returns:
        What the columns make of `<=` and `&`: an expression of SQL.
    """
    # `&` and no chained comparison: columns of SQL overload the one and not the other.
    return (begin <= second) & (end >= second)


def ended_before(end: Any, second: Any) -> Any:
    """Return `Validity.ended` as an expression of SQL; parameters as of `contains_second`."""
    return end < second
