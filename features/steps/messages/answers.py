"""Steps about answers as such: their status and their error body. `answer` is the latest exchange."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from fixtures.judgements.findings import info
from fixtures.judging import expect, expect_equal, expect_in
from reports.model import FindingLevel

if TYPE_CHECKING:
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge


@then(parsers.re(r"the answer is (?:one of )?(?P<statuses>\d{3}(?:(?:, | or )\d{3})*)"))
def is_status(answer: Exchange, statuses: str) -> None:
    """Demand one of the statuses named."""
    expected = tuple(map(int, re.findall(r"\d+", statuses)))
    expect_in(f"status of {answer.operation.id}", expected=expected, seen=answer.answer.status)


@then(
    parsers.re(r'the answer is (?P<status>\d{3}) with an error body(?: that names "(?P<name>.+)")?'),
    converters={"status": int},
)
def is_error(answer: Exchange, judge: Judge, status: int, name: str | None) -> None:
    """Demand a status and a body that says what is wrong; its form is checked with every exchange.

    Whether the message names the member is noted: texts are informative (ERR-042).
    """
    expect_equal(f"status of {answer.operation.id}", expected=status, seen=answer.answer.status)
    told = " / ".join(_messages(answer))
    if name is None:
        expected = "errorMessages that say what is wrong"
        expect(told, "the error body", expected=expected, seen=answer.answer.content)
    elif name not in told:
        judge.require(
            [
                info(
                    "errorMessages",
                    expected=f"a message about {name}",
                    seen=told or "none",
                    erratum="ERR-042",
                )
            ]
        )


OF_OTHERS = {403: None, 404: FindingLevel.INFO, 400: FindingLevel.WARN}
"""How a refusal to touch what belongs to somebody else weighs, by its status (ERR-156)."""


@then("the request is refused, for it is about something of another")
def is_refused_as_of_another(answer: Exchange, judge: Judge) -> None:
    """Demand 403 and note the other refusals that are in use (ERR-156)."""
    status = answer.answer.status
    expect_in(f"status of {answer.operation.id}", expected=tuple(OF_OTHERS), seen=status)
    if level := OF_OTHERS[status]:
        judge.require(
            [replace(info("status", expected="403", seen=str(status), erratum="ERR-156"), level=level)]
        )


REFUSALS: dict[str, tuple[str, frozenset[int]]] = {
    "": ("4xx", frozenset(range(400, 500))),  # ERR-014
    " for its content": ("4xx other than 401 and 403", frozenset(range(400, 500)) - {401, 403}),  # ERR-110
    " with 400": ("400, 413, 415 or 422", frozenset({400, 413, 415, 422})),
}
"""How scenarios say that a request is refused -> the statuses that do so.

Where 400 is demanded a media type or size that is refused as such counts too.
"""


@then(parsers.re(f"the request is refused(?P<how>{'|'.join(REFUSALS)})"))
def is_refused(answer: Exchange, how: str) -> None:
    """Demand a refusal."""
    (expected, statuses), seen = REFUSALS[how], answer.answer.status
    expect(seen in statuses, f"status of {answer.operation.id}", expected=expected, seen=seen)


def _messages(answer: Exchange) -> list[str]:
    try:
        body = answer.answer.json()
    except ValueError:
        return []
    messages = body.get("errorMessages") if isinstance(body, dict) else None
    stated = messages if isinstance(messages, list) else []
    return [message for message in stated if isinstance(message, str) and message]
