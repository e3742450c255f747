"""What an exchange does otherwise than the contract says."""

from __future__ import annotations

import dataclasses
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

Profile = Literal["lenient", "strict"]
"""`strict` holds an implementation to the literal text where `lenient` only warns."""


class Kind(StrEnum):
    """What is wrong."""

    STATUS = "undocumented-status"
    MEDIA_TYPE = "media-type"
    CHARSET = "charset"
    ENCODING = "encoding"
    MISSING_BODY = "missing-body"
    NOT_JSON = "not-json"
    DUPLICATE_MEMBER = "duplicate-member"
    SCHEMA = "schema"
    MISSING_HEADER = "missing-header"
    REPEATED_HEADER = "repeated-header"
    MISSING_PARAMETER = "missing-parameter"
    REPEATED_PARAMETER = "repeated-parameter"
    HEADER = "header"
    PARAMETER = "parameter"


_IN_HEADERS = {Kind.MEDIA_TYPE, Kind.CHARSET, Kind.MISSING_HEADER, Kind.REPEATED_HEADER, Kind.HEADER}
_IN_URL = {Kind.MISSING_PARAMETER, Kind.REPEATED_PARAMETER, Kind.PARAMETER}


@dataclasses.dataclass(frozen=True, slots=True)
class Deviation:
    """One deviation of a request or an answer from the contract.

    Attributes:
        kind: What is wrong.
        where: A JSON pointer into the body (empty for the whole body), or the name of a header or
            parameter, or `status`.
        expected: What the contract says, in words.
        seen: What was there, shortened, safe to print.
        errata: Errata that touch this place of the contract, the one that grades the deviation first.
        severity: The weight that the erratum gives it; `fail` where none does.
    """

    kind: Kind
    where: str
    expected: str
    seen: str
    errata: tuple[str, ...] = ()
    severity: Severity = Severity.FAIL

    @property
    def what(self) -> str:
        """The kind of deviation."""
        return self.kind.value

    @property
    def inside(self) -> str:
        """Nothing: a pointer leads to the very member."""
        return ""

    @property
    def place(self) -> str:
        """Where in the exchange it was seen: `where`, with `header` or `url` before a name, or `body`."""
        if self.kind in _IN_HEADERS:
            return f"header {self.where}"
        return f"url {self.where}" if self.kind in _IN_URL else self.where or "body"

    @property
    def erratum(self) -> str:
        """The erratum that grades this deviation; empty where none does."""
        return self.errata[0] if self.errata else ""

    def __str__(self) -> str:
        erratum = f" ({self.erratum})" if self.erratum else ""
        place = f" at {self.where}" if self.where else ""
        return f"{self.severity}: {self.kind}{place}: expected {self.expected}, seen {self.seen}{erratum}"


def shortened(value: Any, limit: int = 80) -> str:
    """Return a decoded JSON value, text or bytes as printable ASCII, cut in the middle."""
    # ASCII with escapes: what a peer sent must not steer the terminal that shows it.
    text = repr(value)[1:] if isinstance(value, bytes) else json.dumps(value, default=repr)
    return text if len(text) <= limit else f"{text[: limit - 20]}...{text[-15:]}"


def weighed(found: Iterable[Deviation], profile: Profile) -> tuple[Deviation, ...]:
    """Give deviations their weight in a profile and drop warnings where the same place already fails.

    Args:
        found: Deviations as graded by the errata.
        profile: In `strict` a warning is a failure.

    Returns:
        The deviations without repetition, in the order they were found.
    """
    unique = dict.fromkeys(found)
    failed = {each.where for each in unique if each.severity is Severity.FAIL}
    # A narrower schema fails where the wider one does: the warning would say the same again.
    kept = [each for each in unique if each.severity is Severity.FAIL or each.where not in failed]
    if profile == "lenient":
        return tuple(kept)
    return tuple(
        dataclasses.replace(each, severity=Severity.FAIL) if each.severity is Severity.WARN else each
        for each in kept
    )
