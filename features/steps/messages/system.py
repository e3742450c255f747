"""What is done with requests as such, whatever they are about: flawed, malformed, to the wrong place."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_bdd import parsers, when

from fixtures.client.probes import Probe, probe
from fixtures.testdata.body_mutations import (
    HOSTILE_IDS,
    MALFORMED_BODIES,
    flawed,
    for_unknown_object,
    misspelled,
    with_id,
)
from fixtures.testdata.requests import REPRESENTATIVES, PreparedRequest, prepare
from opnc import contract, negatives

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.request_context import RequestContext
    from opnc.contract import Operation

NAMESPACE = "xsdMsgDefNamespace"

_VERSION = re.compile(r"/opnc/v\d+/")


def _sent_to(prepared: PreparedRequest, party: Party, where: Probe) -> Exchange:
    """Send a request to another place, or with another method."""
    return party.ask(
        where, path=prepared.path, query=prepared.query, headers=prepared.headers, body=prepared.body
    )


def _operation(prepared: PreparedRequest) -> Operation:
    return contract.load().operation(prepared.operation)


# To the wrong place


@when("every service of the target is asked for something", target_fixture="several_answers")
def ask_every_service(request_context: RequestContext, parties: Parties, target: Target) -> list[Exchange]:
    """Make one request of each service."""
    return [
        prepare(operation, replace(request_context, caller=party)).ask(parties[party])
        for service, (operation, party) in REPRESENTATIVES.items()
        if service in target.services
    ]


@when(parsers.parse('the {party} makes that request under the version "{version}"'), target_fixture="answer")
def under_version(parties: Parties, prepared: PreparedRequest, party: str, version: str) -> Exchange:
    """Call under another version."""
    where = probe(
        _operation(prepared), rewrite_url=lambda url: _VERSION.sub(f"/opnc/{version}/", url, count=1)
    )
    return _sent_to(prepared, parties[party], where)


def _ending_in_slash(operation: Operation, url: str) -> str:  # noqa: ARG001 - as all of them
    address, mark, query = url.partition("?")
    return f"{address}/{mark}{query}"


def _with_double_slash(operation: Operation, url: str) -> str:
    fixed = operation.path.partition("{")[0].rstrip("/")
    return url.replace(fixed, f"/{fixed}", 1)


def _in_capitals(operation: Operation, url: str) -> str:
    fixed = operation.path.partition("{")[0].rpartition("/v1/")[2]
    return url.replace(fixed, fixed.upper(), 1)


CHANGED_PATHS: Mapping[str, Callable[[Operation, str], str]] = {
    "that ends in a slash": _ending_in_slash,
    "with a double slash": _with_double_slash,
    "in capitals": _in_capitals,
}
"""How a path may be spelled in another way."""


@when(parsers.parse("the {party} makes that request at a path {changed}"), target_fixture="answer")
def at_changed_path(parties: Parties, prepared: PreparedRequest, party: str, changed: str) -> Exchange:
    """Call at a path that is spelled in another way."""
    change = CHANGED_PATHS[changed]
    served = _operation(prepared)
    # What is served at two paths is looked for at the one that was meant.
    operation = replace(served, path=served.also[0] if served.also else served.path)
    return _sent_to(
        prepared, parties[party], probe(operation, rewrite_url=lambda url: change(operation, url))
    )


@when(
    parsers.re(r"the (?P<party>.+) makes that request with the method (?P<method>[A-Z]+)"),
    target_fixture="answer",
)
@when(
    parsers.re(r"the (?P<party>.+) makes that request with the method (?P<method>[A-Z]+) as well"),
    target_fixture="second",
)
def with_method(parties: Parties, prepared: PreparedRequest, party: str, method: str) -> Exchange:
    """Call with another method."""
    return _sent_to(prepared, parties[party], probe(_operation(prepared), method=method))


@when("somebody without credentials makes that request with the method OPTIONS", target_fixture="answer")
def anonymous_options(parties: Parties, prepared: PreparedRequest) -> Exchange:
    """Ask what may be done at all."""
    where = probe(_operation(prepared), method="OPTIONS")
    return parties.any_party().ask_with(None, where, path=prepared.path, query=prepared.query)


# With something wrong in it


@when(parsers.parse("the {party} makes that request, but {place} is {flaw}"), target_fixture="answer")
def with_flaw(parties: Parties, prepared: PreparedRequest, party: str, place: str, flaw: str) -> Exchange:
    """Spoil one thing."""
    return flawed(prepared, negatives.case(prepared.operation, place, flaw)).ask(parties[party])


@when(
    parsers.parse("the {party} makes that request about something that does not exist"),
    target_fixture="answer",
)
@when(
    parsers.parse("the {party} makes that request about something that does not exist once more"),
    target_fixture="second",
)
def about_what_does_not_exist(
    parties: Parties, data: TestData, prepared: PreparedRequest, party: str
) -> Exchange:
    """Ask for what nobody has ever made."""
    return for_unknown_object(prepared, data).ask(parties[party])


@when(parsers.parse("the {party} makes that request with {content} as its body"), target_fixture="answer")
def with_malformed_body(parties: Parties, prepared: PreparedRequest, party: str, content: str) -> Exchange:
    """Send what is no JSON object."""
    return replace(prepared, body=MALFORMED_BODIES[content](prepared.body)).ask(parties[party])


@when(parsers.parse("the {party} makes that request with its body compressed"), target_fixture="answer")
def with_compressed_body(parties: Parties, prepared: PreparedRequest, party: str) -> Exchange:
    """Send a body in the coding gzip."""
    body = gzip.compress(json.dumps(prepared.body).encode(), mtime=0)
    return replace(prepared, body=body, headers={"Content-Encoding": "gzip"}).ask(parties[party])


@when(parsers.parse('the {party} makes that request with its body in "{encoding}"'), target_fixture="answer")
def with_encoding(parties: Parties, prepared: PreparedRequest, party: str, encoding: str) -> Exchange:
    """Send a body in another encoding, and say so; JSON itself knows UTF-8 alone (RFC 8259 section 8.1)."""
    body = json.dumps(prepared.body, ensure_ascii=False).encode(encoding)
    headers = {"Content-Type": f"application/json; charset={encoding}"}
    return replace(prepared, body=body, headers=headers).ask(parties[party])


@when(parsers.parse('the {party} makes that request, accepting "{media_type}"'), target_fixture="answer")
def accepting(parties: Parties, prepared: PreparedRequest, party: str, media_type: str) -> Exchange:
    """Say what is understood (RFC 9110 section 12.5.1)."""
    return replace(prepared, headers={"Accept": media_type}).ask(parties[party])


@when(
    parsers.parse('the {party} makes that request with a body called "{media_type}"'),
    target_fixture="answer",
)
def with_media_type(parties: Parties, prepared: PreparedRequest, party: str, media_type: str) -> Exchange:
    """Send the same body under another name."""
    return replace(prepared, headers={"Content-Type": media_type}).ask(parties[party])


@when(
    parsers.parse("the {party} makes that request with a member that nobody knows"), target_fixture="answer"
)
def with_unknown_member(parties: Parties, prepared: PreparedRequest, party: str) -> Exchange:
    """Send more than was asked for."""
    return replace(prepared, body={**prepared.body, "xOpncTest": "unknown"}).ask(parties[party])


@when(
    parsers.parse("the {party} makes that request with {member} spelled {spelling}"), target_fixture="answer"
)
def with_misspelled_member(
    parties: Parties, prepared: PreparedRequest, party: str, member: str, spelling: str
) -> Exchange:
    """Send a member under another name."""
    return misspelled(prepared, member, spelling).ask(parties[party])


@when(
    parsers.parse('the {party} makes that request with the namespace "{namespace}"'), target_fixture="answer"
)
def with_namespace(parties: Parties, prepared: PreparedRequest, party: str, namespace: str) -> Exchange:
    """Say which edition of ISO 15118 is meant, in the body or as a parameter."""
    stated = {NAMESPACE: namespace}
    if isinstance(prepared.body, dict):
        return replace(prepared, body={**prepared.body, **stated}).ask(parties[party])
    return replace(prepared, query={**prepared.query, **stated}).ask(parties[party])


@when(parsers.parse("the {party} makes that request with {text} as its id"), target_fixture="answer")
def with_hostile_id(parties: Parties, prepared: PreparedRequest, party: str, text: str) -> Exchange:
    """Send an id that is none."""
    return with_id(prepared, HOSTILE_IDS[text]).ask(parties[party])


PROVOCATIONS: Mapping[str, Callable[[PreparedRequest, Party], Exchange]] = {
    "a token that is none": lambda prepared, party: prepared.ask_with(party, "Bearer none"),
    "a path that does not exist": lambda prepared, party: _sent_to(
        prepared, party, probe(_operation(prepared), rewrite_url=lambda url: f"{url}/none/such")
    ),
    "a method that does not exist": lambda prepared, party: _sent_to(
        prepared, party, probe(_operation(prepared), method="FOO")
    ),
    "a query that cannot be read": lambda prepared, party: _sent_to(
        prepared, party, probe(_operation(prepared), rewrite_url=lambda url: f"{url}?%zz=%00&&=")
    ),
}
"""How an error can be provoked at any operation."""


@when(parsers.parse("the {party} provokes an error by {means}"), target_fixture="answer")
def provoke(parties: Parties, prepared: PreparedRequest, party: str, means: str) -> Exchange:
    """Do something wrong."""
    return PROVOCATIONS[means](prepared, parties[party])
