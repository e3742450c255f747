"""Ways to spoil an answer, shared by the faults of all services."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulators.kernel.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opnc.contract import Operation
    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call


def edited(edit: Callable[[Any], Any], *, status: int = 200) -> Tamper:
    """Change the JSON of answers with a status; what `edit` returns is sent."""

    def tamper(_call: Call, answer: Answer) -> Answer:
        if answer.status != status or not answer.content:
            return answer
        return replace(answer, content=json.dumps(edit(answer.value())).encode())

    return tamper


def answered(
    status: int, instead_of: int, content: bytes | None = None, media_type: str | None = None
) -> Tamper:
    """Answer with another status, and another body or media type where given."""

    def tamper(_call: Call, answer: Answer) -> Answer:
        if answer.status != instead_of:
            return answer
        return Answer(
            status,
            answer.content if content is None else content,
            answer.media_type if media_type is None else media_type,
            answer.headers,
        )

    return tamper


def each(
    operation: str, collection: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Tamper]:
    """Change every object of a collection that an operation answers with."""
    return {operation: edited(lambda body: {collection: [change(item) for item in body[collection]]})}


def first(operation: str, collection: str) -> dict[str, Tamper]:
    """Send the first object of a collection only."""
    return {operation: edited(lambda body: {collection: body[collection][:1]})}


def when(condition: Callable[[Call], object], status: int) -> Tamper:
    """Answer the calls that meet a condition with a status."""

    def tamper(call: Call, answer: Answer) -> Answer:
        return Answer(status, media_type="") if condition(call) else answer

    return tamper


def everywhere(tamper: Tamper, operations: Iterable[Operation]) -> dict[str, Tamper]:
    """Do the same to the answers of several operations."""
    return {operation.id: tamper for operation in operations}


def let_pass(*statuses: int) -> Tamper:
    """Answer with success where one of the statuses is right."""

    def tamper(call: Call, answer: Answer) -> Answer:
        success = min(status for status in call.operation.responses if isinstance(status, int))
        return Answer(success, media_type="") if answer.status in statuses else answer

    return tamper


def once(operation: str, collection: str) -> dict[str, Tamper]:
    """Carry out the same call once, and refuse it from then on.

    Calls are the same that agree in path and, where contracts are delivered, in their EMAIDs.
    """
    seen: set[tuple[str, ...]] = set()

    def tamper(call: Call, answer: Answer) -> Answer:
        items = answer.value().get(collection, []) if answer.content else []
        key = (*call.path.values(), *(str(item.get("emaid")) for item in items))
        if key in seen:
            return Answer.json(404, {"errorMessages": ["done already"]})
        seen.add(key)
        return answer

    return {operation: tamper}
