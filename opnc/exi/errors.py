"""What the codec says when it refuses: every failure of this package is an `ExiError`."""

from __future__ import annotations

from opnc.problem import Problem


class ExiError(Problem):
    """An EXI stream, or a value to be made into one, is refused.

    Attributes:
        path: The element or attribute concerned, from the root, for example `V2G_Message/Header/SessionID`.
        reason: What is wrong with it, in one sentence.
    """

    def __init__(self, path: str, reason: str, *, what: str = "", hint: str = "") -> None:
        super().__init__(what or reason, where=path, hint=hint)
        self.path = path
        self.reason = reason


class DecodeError(ExiError):
    """The bytes are no EXI stream of the expected grammar.

    Attributes:
        bit: Position of the bit, counted from 0 at the start of the stream, where reading stopped.
    """

    def __init__(self, bit: int, path: str, reason: str) -> None:
        super().__init__(path, reason, what=f"bit {bit}: {reason}")
        self.bit = bit


class Truncated(DecodeError):
    """The stream ends before its grammar does, or announces more than follows."""


class EncodeError(ExiError):
    """The value does not fit the grammar: a facet is broken, something is missing or of another type."""


class NoRoot(DecodeError):
    """The first event code is that of no root element of the schemas."""


class NotRead(DecodeError):
    """The stream is a message that this codec does not read, although the standard has it.

    Attributes:
        message: What it is, for example `ISO 15118-2 PreChargeReq`.
    """

    def __init__(self, bit: int, path: str, message: str) -> None:
        super().__init__(bit, path, f"{message}; not read by this tool")
        self.what = self.reason
        self.message = message


class TooMany(EncodeError):
    """A list is longer than the schema allows."""
