"""Requests that are prepared, whatever they are about: valid in all but what a scenario changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.messages.shared import SECOND, THAT, about, in_edition
from features.vocabulary.steps import given
from fixtures.testdata.requests import prepare
from opnc import contract

if TYPE_CHECKING:
    from features.vocabulary.nouns import Subject
    from features.vocabulary.references import Register
    from fixtures.testdata.request_context import RequestContext
    from fixtures.testdata.requests import PreparedRequest


@given("a valid request of {operation}[ in {edition}][ about {subject}]", introduces=[THAT])
def valid_request(
    request_context: RequestContext,
    calls: Register[PreparedRequest],
    operation: str,
    edition: str | None,
    subject: Subject | None,
) -> None:
    """Prepare a request, and make what it is about; only who makes it, or what is changed, can spoil it."""
    calls.add(THAT, prepare(operation, in_edition(about(request_context, subject), edition)))


@given("two valid requests of {operation} about {subject}", introduces=[THAT, SECOND])
def two_requests(
    request_context: RequestContext, calls: Register[PreparedRequest], operation: str, subject: Subject
) -> None:
    """Prepare a request twice; what only reads is the same both times."""
    context = about(request_context, subject)
    first = calls.add(THAT, prepare(operation, context))
    reads = contract.load().operation(first.operation).method == "GET"
    calls.add(SECOND, first if reads else prepare(operation, context))
