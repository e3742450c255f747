"""The mark by which one pool knows that another has passed a request on to it (ERR-080).

The texts of PCP and CCP are opposite. Reading A, which the PCP and the process text have: `true` says that
this is a broadcast, which is not passed on again. Reading B, the letter of the CCP: `true` asks the pool to
pass it on.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Reading = Literal["A", "B"]
"""How a pool reads the mark; a PCP has the first reading only."""

HEADER: Final = "broadcast"

PASSED_ON: Final[Mapping[Reading, str]] = MappingProxyType({"A": "true", "B": "false"})
"""How a request that a pool passes on is marked."""


def may_pass_on(mark: str | None, reading: Reading) -> bool:
    """Say whether a request may be passed on.

    Args:
        mark: The value of the header; None where there is none, which stands for `false`.
        reading: How the pool that got the request reads it.
    """
    # Any other value counts as false, and so does none: the header is a boolean with that default.
    asked_not_to = mark == "true"
    return not asked_not_to if reading == "A" else asked_not_to


def reaching_all(reading: Reading) -> dict[str, str]:
    """Return the headers by which somebody who is no pool asks for other pools to be asked too.

    Returns:
        Name to value; empty where no mark says the same (reading A of ERR-080).
    """
    return {} if reading == "A" else {HEADER: "true"}


def reaching_one(reading: Reading) -> dict[str, str]:
    """Return the header, as name to value, by which a request is about one pool alone (ERR-080)."""
    return {HEADER: PASSED_ON[reading]}
