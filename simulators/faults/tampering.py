"""Ways to spoil an answer, shared by the faults of all services."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulators.kernel.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.messages import Call
    from simulators.kernel.misbehaviour import Tamper


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
