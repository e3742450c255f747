"""What is done with requests as such, whatever they are about: changed, malformed, to the wrong place."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from features.steps.messages.shared import (
    ADDRESS,
    CHANGE,
    MEANS,
    SECOND,
    STATING,
    THAT,
    operation_of,
    send_to,
    under_version,
)
from features.vocabulary.steps import when
from features.vocabulary.tables import Vocabulary
from fixtures.client.party_headers import NAMES, addressee, name_of, naming, originator
from fixtures.client.probes import Probe, probe
from fixtures.doctor import safe_reads
from fixtures.judging import NotApplicable
from fixtures.testdata.body_mutations import flawed, for_unknown_object, misspelled
from fixtures.testdata.requests import REPRESENTATIVES, PreparedRequest, prepare
from opnc import negatives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.request_context import RequestContext


@when("{party} makes {call}[unknown= about something that does not exist][ once more]")
def makes(party: Party, call: PreparedRequest, data: TestData, *, unknown: bool) -> Exchange:
    """Make the request as it was prepared, or the same about what nobody has ever made."""
    return (for_unknown_object(call, data) if unknown else call).ask(party)


@when("every service of the target is asked for something[harmless= harmless]")
def asks_every_service(
    request_context: RequestContext,
    parties: Parties,
    target: Target,
    answers: Answers,
    *,
    harmless: bool,
) -> None:
    """Make one request of each service; a harmless one is a read that some declared party may make."""
    for exchange in _safe_reads(target, parties) if harmless else _representatives(request_context, target):
        answers.file(exchange)


def _safe_reads(target: Target, parties: Parties) -> Iterator[Exchange]:
    refusals = []
    for service in target.services:
        try:
            yield safe_reads.ask(service, target, parties)
        except NotApplicable as reason:
            refusals.append(reason)
    if len(refusals) == len(target.services):
        raise refusals[0]


def _representatives(context: RequestContext, target: Target) -> Iterator[Exchange]:
    for service, (operation, party) in REPRESENTATIVES.items():
        if service in target.services:
            yield prepare(operation, replace(context, caller=party)).ask(context.parties[party])


# To the wrong place


@when(
    "{party} makes {call} (under the version {version:text}|with the method {method:word}[ as well]"
    "|{ADDRESS})",
    ADDRESS=ADDRESS,
)
def makes_elsewhere(
    party: Party,
    call: PreparedRequest,
    version: str | None,
    method: str | None,
    address: Callable[[PreparedRequest], Probe] | None,
) -> Exchange:
    """Call under another version, with another method, or at an address that is spelled in another way."""
    if version is not None:
        where = under_version(call, version)
    elif address is not None:
        where = address(call)
    else:
        where = probe(operation_of(call), method=method or "")
    return send_to(call, party, where)


# With something else in it


@when("{party} makes {call} with {CHANGE}", CHANGE=CHANGE)
def makes_changed(
    party: Party, call: PreparedRequest, change: Callable[[PreparedRequest], PreparedRequest]
) -> Exchange:
    """Change one thing: write an id in another way, send what is no id, or what is no JSON object."""
    return change(call).ask(party)


@when("{party} makes {call}{STATING} {text}", STATING=STATING)
def makes_stating(
    party: Party,
    call: PreparedRequest,
    stating: Callable[[PreparedRequest, str], PreparedRequest],
    text: str,
) -> Exchange:
    """Say in which form something is sent, what is understood, or which edition of ISO 15118 is meant."""
    return stating(call, text).ask(party)


@when("{party} makes {call} with {member:word} spelled {spelling:word}")
def makes_misspelled(party: Party, call: PreparedRequest, member: str, spelling: str) -> Exchange:
    """Send a member under another name; dots lead to members of members."""
    return misspelled(call, member, spelling).ask(party)


@when("{party} makes {call}, but {place} is {flaw:any}")
def makes_flawed(party: Party, call: PreparedRequest, place: str, flaw: str) -> Exchange:
    """Spoil one thing: a parameter, or a member of the body."""
    return flawed(call, negatives.case(call.operation, place, flaw)).ask(party)


@when("{party} provokes an error by {MEANS}", MEANS=MEANS)
def provokes_an_error(
    party: Party, calls: Register[PreparedRequest], means: Callable[[PreparedRequest, Party], Exchange]
) -> Exchange:
    """Do something wrong at the operation of that request."""
    return means(calls[THAT], party)


# With headers that name the parties of the request

NAME = Vocabulary("way to call a party", {by: by for by in NAMES})


@when("{party} makes the first without and the second with the party headers")
def makes_both_without_and_with(
    party: Party, calls: Register[PreparedRequest], target: Target, answers: Answers
) -> None:
    """Make the same request twice, and name the caller and the service truly in the second."""
    headers = originator(party.account, target) | addressee(calls[SECOND].service, target)
    answers.file(calls[THAT].ask(party))
    answers.file(replace(calls[SECOND], headers=headers).ask(party))


@when("{party} makes them with {value:text} in {spelling:word} and in {other:word}")
def makes_both_with(
    party: Party, calls: Register[PreparedRequest], answers: Answers, value: str, spelling: str, other: str
) -> None:
    """Send one header under its name in different letter cases."""
    for call, header in ((calls[THAT], spelling), (calls[SECOND], other)):
        answers.file(replace(call, headers={header: value}).ask(party))


@when(
    "{party} makes {call} with ({value:text} in {header:word}"
    "|{header:word} twice, as {value:text} and {other:text})"
)
def makes_with_header(
    party: Party, call: PreparedRequest, header: str, value: str, other: str | None
) -> Exchange:
    """Send one header, once or twice."""
    # Fields whose names differ in letter case are fields of one name, on lines of their own.
    second = {} if other is None else {header.lower(): other}
    return replace(call, headers={header: value} | second).ask(party)


@when("{party} makes {call} in the name of {other:party}")
def makes_in_the_name_of(party: Party, call: PreparedRequest, target: Target, other: Party) -> Exchange:
    """Let a party claim to be another."""
    return replace(call, headers=originator(other.account, target)).ask(party)


@when(
    "{party} makes {call} (way=from|for) (the {role:word} called ({called:text}|{by:NAME})"
    "|a {role:word} that nobody knows)",
    NAME=NAME,
)
def makes_naming(
    party: Party,
    call: PreparedRequest,
    target: Target,
    data: TestData,
    way: str,
    role: str,
    called: str | None,
    by: str | None,
) -> Exchange:
    """Name the caller or the service: truly, by some text, or as one below a root that does not exist."""
    if by is not None:
        called = name_of(party.account, target, by)
    elif called is None:
        called = sha256(data.uuid().encode()).hexdigest()
    return replace(call, headers=naming(way, role, called)).ask(party)
