"""The record of what reached an ecosystem: who asked what, when, with which outcome."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import deque
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

import jwt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from opnc.clock import Clock
    from simulators.kernel.messages import Answer, Call

MAX_ENTRIES = 10_000
FULL_RECORDS = 200
"""Calls that are kept with all that was said; bodies are long."""

CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie"})
"""Headers that are told to nobody."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One answered call; holds no bodies and no credentials."""

    at: datetime
    service: str
    operation: str
    subject: str | None
    status: int
    trace_id: str


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One answered call with what was said, for those who judge the caller; credentials are left out.

    Attributes:
        number: Counts the calls of the ecosystem from 1.
        operation: Its id.
        subject: The account; None where the token named none.
        path: Values of the path's parameters.
        headers: Names in lower case.
        answered: The body of the answer, `media_type` its type.
        token: Tells the access token from others: the beginning of its SHA-256; empty without one.
        expires: When that token expires, seconds since 1970; None where it does not say.
    """

    number: int
    operation: str
    subject: str | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes
    status: int
    media_type: str
    answered: bytes
    token: str = ""
    expires: float | None = None

    @classmethod
    def of(cls, number: int, call: Call, answer: Answer) -> Self:
        """Return an answered call without its credentials.

        A call that was refused for its token is told as one of the account that the token names: it may have
        lapsed, or never have been good.
        """
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        # Of other schemes, such as Basic, there is no token that could be told from others.
        token = token.strip() if scheme.lower() == "bearer" else ""
        claims = _claims(token)
        return cls(
            number=number,
            operation=call.operation.id,
            subject=call.principal.subject if call.principal else claims.get("sub"),
            path=call.path,
            query=call.query,
            headers={name: text for name, text in call.headers.items() if name not in CREDENTIALS},
            content=call.content,
            status=answer.status,
            media_type=answer.media_type,
            answered=answer.content,
            token=sha256(token.encode()).hexdigest()[:12] if token else "",
            expires=claims.get("exp"),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object, the bodies in base64."""
        bodies = {"content": self.content, "answered": self.answered}
        return {**asdict(self), **{name: b64encode(body).decode() for name, body in bodies.items()}}

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> Self:
        """Read what `to_json` has written.

        Raises:
            ValueError: If it is something else.
        """
        try:
            bodies = {name: b64decode(members[name]) for name in ("content", "answered")}
            return cls(**{**members, **bodies})
        except (KeyError, TypeError) as error:
            raise ValueError(f"this is no recorded call: {error}") from error


def _claims(token: str) -> Mapping[str, Any]:
    """Return the claims of a token as they stand there; none where it is no JWT (RFC 7519)."""
    try:
        claims: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return {}
    return claims


class Log:
    """The latest entries, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[LogEntry] = deque(maxlen=MAX_ENTRIES)
        self._calls: deque[tuple[int, Call, Answer]] = deque(maxlen=FULL_RECORDS)
        self._count = 0

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(self._entries)

    def add(self, service: str, call: Call, answer: Answer) -> None:
        """Record an answered call."""
        # Entries are many and small, calls few and whole.
        subject = call.principal.subject if call.principal else None
        entry = LogEntry(self._clock.now(), service, call.operation.id, subject, answer.status, call.trace_id)
        self._entries.append(entry)
        self._count += 1
        # Nothing is made of it yet: most calls are never looked at.
        self._calls.append((self._count, call, answer))

    @property
    def count(self) -> int:
        """How many calls have been answered."""
        return self._count

    def calls_of(self, subject: str | None, after: int) -> list[RecordedCall]:
        """Return the calls of an account after one with a number, oldest first, as far as still kept.

        Args:
            subject: The account; None: whoever has called.
            after: Number of the last call that is known already; 0 for none.
        """
        late = (RecordedCall.of(*each) for each in self._calls if each[0] > after)
        return [call for call in late if subject is None or call.subject == subject]

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._calls.clear()
        self._count = 0
