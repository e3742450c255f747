"""How much it weighs that something is not as it should be."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Severity(StrEnum):
    """The weight of a deviation: a warning passes the lenient profile and fails the strict one."""

    INFO = "info"
    WARN = "warn"
    FAIL = "fail"


class Deviation(Protocol):
    """One thing that is not as the contract or a standard wants it, whoever has found it."""

    @property
    def what(self) -> str:
        """What is wrong, in a stable word."""

    @property
    def where(self) -> str:
        """The place, such as a JSON pointer, a header, or one certificate of several; may be empty."""

    @property
    def inside(self) -> str:
        """The path to it inside of what was read, such as a field of a certificate; may be empty."""

    @property
    def expected(self) -> str:
        """What should be there."""

    @property
    def seen(self) -> str:
        """What is there, safe to print."""

    @property
    def erratum(self) -> str:
        """The erratum whose reading was applied, such as `ERR-030`; empty where none was."""

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
