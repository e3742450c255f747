"""What is demanded of answers as such: their status, their error body, their form."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from features.steps.messages.shared import THAT
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers.statuses import published_status
from fixtures.evidence import schema_paths
from fixtures.evidence.observations import discloses_implementation
from fixtures.judgements import editions, headers, roots, system
from fixtures.judgements.findings import finding, info, warn
from fixtures.judgements.ownership import denied, withheld
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.testdata.enrollment import demand_vehicle_domain
from reports.model import FindingLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.requests import PreparedRequest
    from reports.model import Finding

    OfOne = Callable[[Exchange], Iterable[Finding]]
    OfBoth = Callable[[Exchange, Exchange], Iterable[Finding]]


# Status


@then("{answer} is {statuses}[error= with an error body[ that names {name:text}]]")
def is_status(
    answer: Exchange, judge: Judge, statuses: tuple[int, ...], name: str | None, *, error: bool
) -> None:
    """Demand one of the statuses named, and note what its error body lacks (ERR-170).

    Whether its messages name the member is noted: texts are informative (ERR-042).
    """
    expect_status(answer, *statuses, published=True)
    if error:
        judge.require([*system.error_body(answer), *_naming(answer, name)], exchange=answer.number)


def _naming(answer: Exchange, name: str | None) -> Iterator[Finding]:
    told = " / ".join(_messages(answer))
    if name is not None and name not in told:
        yield info(
            "errorMessages", expected=f"a message about {name}", seen=told or "none", erratum="ERR-042"
        )


def _messages(answer: Exchange) -> list[str]:
    try:
        body = answer.answer.json()
    except ValueError:
        return []
    messages = body.get("errorMessages") if isinstance(body, dict) else None
    stated = messages if isinstance(messages, list) else []
    return [message for message in stated if isinstance(message, str) and message]


def _status_is(statuses: Collection[int], expected: str, answer: Exchange) -> tuple[()]:
    expect_status(answer, within=statuses, expected=expected, published=True)
    return ()


def _by_cell(answer: Exchange, *, served: bool, erratum: str) -> Iterator[Finding]:
    """Demand what the cell of the rights table says, and warn of what another reading of the table says."""
    status = answer.answer.status
    success = 200 <= status < 300
    if not success and not served:
        yield from denied(answer)
        return
    # Whoever may be served is refused as the party that he is, and not as somebody who asks for too much.
    expect_status(answer, within={*range(200, 300), 403}, expected="2xx or 403")
    if success != served:
        what = f"status of {answer.operation.id}"
        expected = "2xx" if served else "403"
        yield warn(what, expected=expected, seen=str(status), erratum=erratum, place="status")


def _refused_by_control_step(answer: Exchange) -> Iterator[Finding]:
    """Demand 400, and warn of the other statuses that a control step may have (ERR-044)."""
    seen, what = answer.answer.status, f"status of {answer.operation.id}"
    expect_status(answer, within={400, 404, 409, 422}, expected="400")
    if seen != 400:
        yield warn(what, expected="400", seen=str(seen), erratum="ERR-044", place="status")


def _refused_or_served(
    answer: Exchange, *, statuses: tuple[int, ...], level: FindingLevel, erratum: str
) -> Iterator[Finding]:
    """Demand one of the statuses of a refusal, and note success where an erratum lets it pass."""
    seen, what = published_status(answer), f"status of {answer.operation.id}"
    refused = " or ".join(map(str, statuses))
    served = 200 <= seen < 300
    allowed = {*range(200, 300), *statuses}
    expect_status(answer, within=allowed, expected=f"{refused} or 2xx", published=True)
    if served:
        yield finding(level, what, expected=refused, seen=str(seen), erratum=erratum, place="status")


CHECK_DIGITS = {"ERR-161": FindingLevel.INFO, "ERR-162": FindingLevel.WARN}
"""How it weighs to refuse an id for its check digit, which nobody has to look at."""


def _served_or_refused(answer: Exchange, *, level: FindingLevel, erratum: str) -> Iterator[Finding]:
    """Demand success, and note a refusal with 400 where an erratum lets it pass."""
    seen, what = published_status(answer), f"status of {answer.operation.id}"
    served = 200 <= seen < 300
    expect_status(answer, within={*range(200, 300), 400}, expected="2xx or 400", published=True)
    if not served:
        yield finding(level, what, expected="2xx", seen=str(seen), erratum=erratum, place="status")


REFUSALS = frozenset(range(400, 500))


def _refused_as_unknown(answer: Exchange) -> Iterator[Finding]:
    """Demand a refusal, and warn of a failure: what the service has no operation for it need not know."""
    status, what = answer.answer.status, f"status of {answer.operation.id}"
    expect_status(answer, within=range(400, 600), expected="4xx")
    if status >= 500:
        yield warn(what, expected="4xx", seen=str(status), erratum="ERR-177", place="status")


def _refused_for_the_status(answer: Exchange) -> Iterator[Finding]:
    """Demand that the service says whose fault it is; a refusal or a success is noted (ERR-047)."""
    seen, what = published_status(answer), f"status of {answer.operation.id}"
    expected, noted = "502, 503 or 504", {200, 400, 409}
    expect_status(answer, 502, 503, 504, *noted, published=True, expected=expected)
    if seen in noted:
        yield warn(what, expected=expected, seen=str(seen), erratum="ERR-047", place="status")


OUTCOME: Vocabulary[OfOne] = Vocabulary(
    "outcome of a request",
    {
        "served": partial(_status_is, range(200, 300), "2xx"),
        "refused": partial(_status_is, REFUSALS, "4xx"),  # ERR-014
        "refused for its content": partial(
            _status_is, REFUSALS - {401, 403}, "4xx other than 401 and 403"
        ),  # ERR-110
        # A media type or a size that is refused as such counts too.
        "refused with 400": editions.or_unknown_edition(
            partial(_status_is, system.REFUSALS_FOR_CONTENT, "400, 413, 415 or 422")
        ),
        "refused, or fails as ERR-177 allows": _refused_as_unknown,
        **{
            f"served, or refused as {erratum} allows": partial(
                _served_or_refused, level=FindingLevel.INFO, erratum=erratum
            )
            for erratum in ("ERR-085", "ERR-160")
        },
        "refused with 400, or with another status as ERR-044 allows": _refused_by_control_step,
        "refused, for it is about something of another": withheld,
        "refused, for the party has no right to it": denied,
        "refused with 404 or 400, or served as ERR-067 allows": partial(
            _refused_or_served, statuses=(404, 400), level=FindingLevel.WARN, erratum="ERR-067"
        ),
        **{
            f"served, or refused for its check digit as {erratum} allows": partial(
                _served_or_refused, level=level, erratum=erratum
            )
            for erratum, level in CHECK_DIGITS.items()
        },
        **{
            f"refused with 404, or served as {erratum} allows": partial(
                _refused_or_served, statuses=(404,), level=FindingLevel.WARN, erratum=erratum
            )
            for erratum in ("ERR-087", "ERR-162")
        },
        "refused with 502, 503 or 504, or as ERR-047 allows": _refused_for_the_status,
        **{
            f"refused with 400, or served as {erratum} allows": partial(
                _refused_or_served, statuses=(400,), level=FindingLevel.INFO, erratum=erratum
            )
            for erratum in ("ERR-069", "ERR-083")
        },
        "served, or refused as the grant column has it (ERR-151)": partial(
            _by_cell, served=True, erratum="ERR-151"
        ),
        "refused, or served as the grant column has it (ERR-151)": partial(
            _by_cell, served=False, erratum="ERR-151"
        ),
        'refused, or served as "POST" may be read (ERR-150)': partial(
            _by_cell, served=False, erratum="ERR-150"
        ),
    },
)


@then("the request is {OUTCOME}", OUTCOME=OUTCOME)
def request_is(answers: Answers, judge: Judge, outcome: OfOne) -> None:
    """Demand success or a refusal, by the status of the answer."""
    judge.require(outcome(answers.latest), exchange=answers.latest.number)


# One answer


def _found(kind: schema_paths.SchemaPredicate, answer: Exchange, what: str) -> list[tuple[str, Any]]:
    expect_status(answer, 200)
    found = list(schema_paths.values_of(kind, answer))
    if not found:
        raise Inconclusive(f"the answer holds no {what} that could be judged")
    return found


OF_ONE: Vocabulary[OfOne] = Vocabulary(
    "judgement of an answer",
    {
        'its URI has the form "https://{domain}/opnc/v1/{service}/{object}"': system.uri,
        "there is nothing, or what is there is noted": system.other_path,
        "there is nothing of that name": system.nothing_there,
        "the method is refused": system.refused_method,
        "the request should be refused with 400": editions.or_unknown_edition(system.refused_for_content),
        "it is understood, or refused with 400 or 415": system.understood_or_refused,
        "it is served all the same, or refused with 406": system.served_or_not_acceptable,
        "it is forwarded or refused, or noted as served in its place": headers.for_another,
        "the header is refused or ignored": headers.meaningless_header,
        "the type is refused, or understood as ERR-013 allows": roots.in_other_words,
        "it has messages and a trace id": system.error_body,
        "it is told that this cannot be answered now": system.cannot_now,
        "the answer gives away neither the inside of the software nor its version": lambda answer: (
            discloses_implementation(answer.answer, FindingLevel.FAIL)
        ),
        "every date in the answer is one of RFC 3339": lambda answer: system.dates(
            _found(schema_paths.is_date, answer, "date")
        ),
        "every certificate in the answer is DER in base64 without line breaks": lambda answer: (
            system.certificates(_found(schema_paths.is_certificate, answer, "certificate"))
        ),
    },
)


@then("{OF_ONE}", OF_ONE=OF_ONE)
def one_is(answers: Answers, judge: Judge, of_one: OfOne) -> None:
    """Judge the answer."""
    judge.require(of_one(answers.latest), exchange=answers.latest.number)


@then("the answer holds nothing of what the service keeps")
def holds_nothing(answers: Answers, calls: Register[PreparedRequest], judge: Judge) -> None:
    """Look for what the request was about."""
    judge.require(system.nothing_kept(answers.latest, calls[THAT].subject), exchange=answers.latest.number)


# Several answers


def _served_alike(first: Exchange, second: Exchange) -> Iterator[Finding]:
    demand_vehicle_domain(first)
    yield from (replace(each, exchange=first.number) for each in headers.served(first))
    yield from headers.same_outcome(first, second)


OF_BOTH: Vocabulary[OfBoth] = Vocabulary(
    "judgement of the last two answers",
    {
        "both are served alike": _served_alike,
        "both are answered alike": headers.same_outcome,
        "both have the same status, and the second no body": system.head,
        "the trace ids of both answers differ": lambda first, second: system.different_trace_ids(
            first.answer, second.answer
        ),
    },
)


@then("{OF_BOTH}", OF_BOTH=OF_BOTH)
def both_are(answers: Answers, judge: Judge, of_both: OfBoth) -> None:
    """Compare the last two answers."""
    first, second = answers.both
    judge.require(of_both(first, second), exchange=second.number)


def _at_its_address(answers: Iterable[Exchange]) -> Iterable[Finding]:
    """Demand success, or the answer of an operation that there is nothing of the kind."""
    return (finding for answer in answers for finding in system.served(answer))


def _under_one_version(answers: Collection[Exchange]) -> Iterable[Finding]:
    if len(answers) < 2:
        raise NotApplicable("the target declares one service only, so there is nothing to compare")
    return system.one_version(answers)


OF_ALL: Vocabulary[Callable[[Collection[Exchange]], Iterable[Finding]]] = Vocabulary(
    "judgement of all answers",
    {
        "every service has answered at its address": _at_its_address,
        "all of them are there, under the same version": _under_one_version,
        "no answer is a failure of the server": system.no_failures,
    },
)


@then("{OF_ALL}", OF_ALL=OF_ALL)
def all_are(
    answers: Answers, judge: Judge, of_all: Callable[[Collection[Exchange]], Iterable[Finding]]
) -> None:
    """Judge all that was answered."""
    judge.require(of_all(answers.all))
