"""Steps about the ids of contracts and vehicles: how they are written, and texts that are none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, then, when

from fixtures.client.probes import probe
from fixtures.judgements import identifiers as judgements
from fixtures.testdata.requests import prepare
from fixtures.testdata.spellings import EMAID_SPELLINGS, INVALID_EMAIDS, INVALID_PCIDS, respelled, stated
from opnc import contract
from opnc.identifiers import Emaid

if TYPE_CHECKING:
    from features.steps.events.events import Received
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.target.declaration import Target
    from fixtures.testdata.request_context import RequestContext
    from fixtures.testdata.requests import PreparedRequest

CHECK_DIGIT = "7"


def _emaid(prepared: PreparedRequest) -> Emaid:
    return Emaid.parse(stated(prepared, "emaid"))


# What stands before


@given(
    parsers.re(
        r"a valid request of (?P<operation>\S+)"
        r" about a PCID of (?P<length>17|18) characters of the (?P<caller>.+)"
    ),
    target_fixture="prepared",
)
def request_of_length(
    request_context: RequestContext, operation: str, length: str, caller: str
) -> PreparedRequest:
    """Prepare a request about a vehicle whose PCID is that long."""
    check_digit = CHECK_DIGIT if length == "18" else ""
    return prepare(operation, replace(request_context, caller=caller, check_digit=check_digit))


@given(
    parsers.re(
        r'a valid request of (?P<operation>\S+) about a PCID of the (?P<caller>.+) that ends in "(?P<last>.)"'
    ),
    target_fixture="prepared",
)
def request_of_check_digit(
    request_context: RequestContext, operation: str, caller: str, last: str
) -> PreparedRequest:
    """Prepare a request about a vehicle whose PCID has some check digit, right or wrong."""
    return prepare(operation, replace(request_context, caller=caller, check_digit=last))


@given(
    parsers.re(
        r"a valid request of (?P<operation>\S+) in ISO 15118-20 about something of the (?P<caller>.+)"
    ),
    target_fixture="prepared",
)
def request_in_20(
    request_context: RequestContext, target: Target, operation: str, caller: str
) -> PreparedRequest:
    """Prepare a request about a vehicle of the newer edition."""
    target.demand_declared("iso15118_20", default=True)
    return prepare(
        operation, replace(request_context, caller=caller, check_digit=CHECK_DIGIT, algorithm="secp521r1")
    )


# Writing ids


@when(parsers.parse("the {party} makes that request with its EMAID {written}"), target_fixture="answer")
def with_spelling(parties: Parties, prepared: PreparedRequest, party: str, written: str) -> Exchange:
    """Call with another spelling of the same EMAID."""
    return respelled(prepared, "emaid", EMAID_SPELLINGS[written](_emaid(prepared))).ask(parties[party])


@when(
    parsers.parse("the {party} makes that request with every character of its EMAID encoded"),
    target_fixture="answer",
)
def with_encoded_emaid(parties: Parties, prepared: PreparedRequest, party: str) -> Exchange:
    """Write every character of an EMAID with hyphens as a code (RFC 3986 section 6.2.2.2)."""
    text = stated(prepared, "emaid")
    encoded = "".join(
        f"%{ord(character):02X}" for character in EMAID_SPELLINGS["with hyphens"](_emaid(prepared))
    )
    where = probe(
        contract.load().operation(prepared.operation), rewrite_url=lambda url: url.replace(text, encoded, 1)
    )
    return parties[party].ask(where, path=prepared.path, query=prepared.query)


@when(parsers.parse("the {party} makes that request with an EMAID {wrong}"), target_fixture="answer")
def with_wrong_emaid(parties: Parties, prepared: PreparedRequest, party: str, wrong: str) -> Exchange:
    """Call with what is no EMAID."""
    text = INVALID_EMAIDS[wrong](stated(prepared, "emaid"))
    return respelled(prepared, "emaid", text).ask(parties[party])


@when(parsers.parse("the {party} makes that request with its PCID in lower case"), target_fixture="answer")
def with_pcid_in_lower_case(parties: Parties, prepared: PreparedRequest, party: str) -> Exchange:
    """Call with another spelling of the same PCID."""
    return respelled(prepared, "pcid", stated(prepared, "pcid").lower()).ask(parties[party])


@when(parsers.parse("the {party} makes that request with a PCID {wrong}"), target_fixture="answer")
def with_wrong_pcid(parties: Parties, prepared: PreparedRequest, party: str, wrong: str) -> Exchange:
    """Call with what is no PCID."""
    text = INVALID_PCIDS[wrong](stated(prepared, "pcid"))
    return respelled(prepared, "pcid", text).ask(parties[party])


# What comes of it


@then("every event names the EMAID in normal form")
def events_name_it(judge: Judge, received: list[Received], prepared: PreparedRequest) -> None:
    """Look at what the events say."""
    told = [delivery.message for each in received for delivery in each.deliveries]
    judge.require(judgements.told(told, _emaid(prepared).normalised))
