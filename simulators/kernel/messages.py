"""What goes into and comes out of a role's rules."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opnc.contract import Operation
    from opnc.rights import Party

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, as the access token says.

    Attributes:
        subject: The account, for example `oem-1`.
        party: The column of the rights table that applies.
        wmis: World manufacturer identifiers the account may act for.
        provider_ids: Country code and provider id, five characters each.
        operator_ids: Country code and operator id, five characters each.
    """

    subject: str
    party: Party
    wmis: frozenset[str] = frozenset()
    provider_ids: frozenset[str] = frozenset()
    operator_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Call:
    """One request that reached an operation.

    Attributes:
        body: The decoded JSON body, or None where there is none.
        content: The body's bytes as received.
        headers: Names in lower case.
    """

    operation: Operation
    principal: Principal | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes
    body: Any
    trace_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    content: bytes = b""
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, status: int, value: Any) -> Answer:
        """Answer with a JSON body."""
        return cls(status, json.dumps(value, separators=(",", ":")).encode())

    def value(self) -> Any:
        """Decode the JSON body; an empty body is None."""
        return json.loads(self.content) if self.content else None


class Refusal(Exception):
    """A control refuses the call.

    Attributes:
        status: The HTTP status to answer with.
        message: What the caller did wrong, for `errorMessages`; names the field.
        headers: Further headers of the answer.
        answer: What is answered in place of an error object; None where that will do.
    """

    def __init__(
        self,
        status: int,
        message: str,
        headers: Mapping[str, str] | None = None,
        answer: Answer | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})
        self.answer = answer


class NotFoundLocally(Refusal):
    """What a call is about is not here; it may be elsewhere."""
