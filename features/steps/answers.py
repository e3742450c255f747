"""Steps about answers as such: their status and their error body. `answer` is the latest exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from fixtures.judging import expect, expect_equal, expect_in
from reports.model import Finding, FindingLevel

if TYPE_CHECKING:
    from fixtures.evidence import Exchange
    from fixtures.judging import Judge


@then(parsers.re(r"the answer is (?P<status>\d{3})"), converters={"status": int})
def is_status(answer: Exchange, status: int) -> None:
    """Demand one status."""
    expect_equal(f"status of {answer.operation.id}", expected=status, seen=answer.answer.status)


@then(
    parsers.re(r"the answer is (?P<first>\d{3}) or (?P<second>\d{3})"),
    converters={"first": int, "second": int},
)
def is_either(answer: Exchange, first: int, second: int) -> None:
    """Demand one of two statuses."""
    expect_in(f"status of {answer.operation.id}", expected=(first, second), seen=answer.answer.status)


@then(parsers.parse("the answer is one of {statuses}"))
def is_one_of(answer: Exchange, statuses: str) -> None:
    """Demand one of several statuses."""
    expected = tuple(map(int, statuses.split(", ")))
    expect_in(f"status of {answer.operation.id}", expected=expected, seen=answer.answer.status)


@then(parsers.re(r"the answer is (?P<status>\d{3}) with an error body"), converters={"status": int})
def is_error(answer: Exchange, status: int) -> None:
    """Demand a status and a body that says what is wrong; its form is checked with every exchange."""
    is_status(answer, status)
    messages = _messages(answer)
    expect(
        messages,
        "the error body",
        expected="errorMessages that say what is wrong",
        seen=answer.answer.content,
    )


@then(
    parsers.re(r'the answer is (?P<status>\d{3}) with an error body that names "(?P<name>.+)"'),
    converters={"status": int},
)
def is_error_naming(answer: Exchange, judge: Judge, status: int, name: str) -> None:
    """Demand a status; whether the message names the member is noted, texts are informative (ERR-042)."""
    is_status(answer, status)
    messages = " / ".join(_messages(answer))
    if name not in messages:
        judge.hold(
            [
                Finding(
                    level=FindingLevel.INFO,
                    message="errorMessages",
                    expected=f"a message about {name}",
                    seen=messages or "none",
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
        judge.hold(
            [Finding(level=level, message="status", expected="403", seen=str(status), erratum="ERR-156")]
        )


@then("the request is refused")
def is_refused(answer: Exchange) -> None:
    """Demand any client error (ERR-014)."""
    refused = 400 <= answer.answer.status < 500
    expect(refused, f"status of {answer.operation.id}", expected="4xx", seen=answer.answer.status)


@then("the request is refused for its content")
def is_refused_but_not_for_who_asks(answer: Exchange) -> None:
    """Demand a client error that is not about who asks (ERR-110)."""
    status = answer.answer.status
    refused = 400 <= status < 500 and status not in {401, 403}
    expect(refused, f"status of {answer.operation.id}", expected="4xx other than 401 and 403", seen=status)


@then("the request is refused with 400")
def is_refused_for_content(answer: Exchange) -> None:
    """Demand a refusal for what was sent; a media type or size that is refused as such counts too."""
    expect_in(f"status of {answer.operation.id}", expected=(400, 413, 415, 422), seen=answer.answer.status)


def _messages(answer: Exchange) -> list[str]:
    try:
        body = answer.answer.json()
    except ValueError:
        return []
    messages = body.get("errorMessages") if isinstance(body, dict) else None
    stated = messages if isinstance(messages, list) else []
    return [message for message in stated if isinstance(message, str) and message]
