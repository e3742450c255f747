"""What steps demand of answers as such, whatever they are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_bdd import parsers, then

from fixtures.evidence import schema_paths
from fixtures.evidence.observations import discloses_implementation
from fixtures.judgements import system as judgements
from fixtures.judging import Inconclusive, NotApplicable, expect_equal
from reports.model import FindingLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from features.vocabulary.things import Received
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.requests import PreparedRequest
    from reports.model import Finding

OF_ONE: Mapping[str, Callable[[Exchange], Iterator[Finding]]] = {
    'its URI has the form "https://{domain}/opnc/v1/{service}/{object}"': judgements.uri,
    "there is nothing, or what is there is noted": judgements.other_path,
    "the method is refused": judgements.refused_method,
    "the request should be refused with 400": judgements.refused_for_content,
    "it is understood, or refused with 400 or 415": judgements.understood_or_refused,
    "it is served all the same, or refused with 406": judgements.served_or_not_acceptable,
    "there is nothing of that name": judgements.nothing_there,
    "it has messages and a trace id": lambda exchange: judgements.error_body(exchange.answer),
    "the answer gives away neither the inside of the software nor its version": lambda exchange: (
        discloses_implementation(exchange.answer, FindingLevel.FAIL)
    ),
}
"""What can be said of one answer -> how it is judged."""


@then(parsers.re(f"(?P<what>{'|'.join(map(re.escape, OF_ONE))})"))
def is_so(judge: Judge, answer: Exchange, what: str) -> None:
    """Judge the latest answer."""
    judge.require(OF_ONE[what](answer))


@then("all of them are there, under the same version")
def have_one_version(judge: Judge, several_answers: list[Exchange]) -> None:
    """Compare the URIs of the services."""
    if len(several_answers) < 2:
        raise NotApplicable("the target declares one service only, so there is nothing to compare")
    judge.require(judgements.one_version(several_answers))


@then("both have the same status, and the second no body")
def head_is_like_get(judge: Judge, answer: Exchange, second: Exchange) -> None:
    """Compare GET and HEAD."""
    judge.require(judgements.head(answer, second))


@then("the answer holds nothing of what the service keeps")
def holds_nothing(judge: Judge, answer: Exchange, prepared: PreparedRequest) -> None:
    """Look for what the request was about."""
    judge.require(judgements.nothing_kept(answer, prepared.subject))


@then("every event names ISO 15118-20")
def events_name_20(judge: Judge, received: list[Received]) -> None:
    """Look at the namespace of the events."""
    told = [delivery.message for each in received for delivery in each.deliveries]
    judge.require(judgements.names_20(told))


@then("the trace ids of both answers differ")
def trace_ids_differ(judge: Judge, answer: Exchange, second: Exchange) -> None:
    """Compare two errors."""
    judge.require(judgements.different_trace_ids(answer.answer, second.answer))


@then("every date in the answer is one of RFC 3339")
def has_proper_dates(judge: Judge, answer: Exchange) -> None:
    """Look at all members that are dates."""
    judge.require(judgements.dates(_found(schema_paths.is_date, answer, "date")))


@then("every certificate in the answer is DER in base64 without line breaks")
def has_proper_certificates(judge: Judge, answer: Exchange) -> None:
    """Look at all members that are certificates."""
    judge.require(judgements.certificates(_found(schema_paths.is_certificate, answer, "certificate")))


def _found(kind: schema_paths.SchemaPredicate, answer: Exchange, what: str) -> list[tuple[str, Any]]:
    expect_equal(f"status of {answer.operation.id}", expected=200, seen=answer.answer.status)
    found = list(schema_paths.values_of(kind, answer))
    if not found:
        raise Inconclusive(f"the answer holds no {what} that could be judged")
    return found
