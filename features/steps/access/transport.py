"""Steps about the transport below the requests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_bdd import parsers, then, when

from fixtures.client import tls
from fixtures.client.probes import probe
from fixtures.judgements import transport as judgements
from fixtures.judging import NotApplicable, Unreachable
from fixtures.testdata.requests import REPRESENTATIVES, prepare
from opnc import contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from fixtures.client.parties import Parties, Party
    from fixtures.client.tls import Handshake
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.target.declaration import Target
    from fixtures.testdata.request_context import RequestContext
    from fixtures.testdata.requests import PreparedRequest


def _base(target: Target, service: str) -> str:
    if service not in target.services:
        raise NotApplicable(f"the target declares no {service} service")
    return target.services[service]


def _at_same_port(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(scheme="http", netloc=f"{parts.hostname}:{parts.port or 443}").geturl()


def _at_usual_port(url: str) -> str:
    """Return the address at port 80, which belongs to the service where the other port is the usual one."""
    parts = urlsplit(url)
    host = str(parts.hostname) if parts.port in {None, 443} else parts.netloc
    return parts._replace(scheme="http", netloc=host).geturl()


PLAIN = (_at_same_port, _at_usual_port)
"""Where plain HTTP may be beside HTTPS."""


@when(
    parsers.parse("somebody asks the {service} service for something by plain HTTP"),
    target_fixture="several_answers",
)
def ask_plainly(
    request_context: RequestContext, parties: Parties, target: Target, service: str
) -> list[Exchange]:
    """Call without encryption, and without a token, which everybody could read; keep what is answered."""
    _base(target, service)
    operation, party = REPRESENTATIVES[service]
    asked = prepare(operation, replace(request_context, caller=party))
    found = (_asked_plainly(parties[party], asked, change) for change in PLAIN)
    return [answer for answer in found if answer is not None]


def _asked_plainly(party: Party, asked: PreparedRequest, change: Callable[[str], str]) -> Exchange | None:
    """Return the answer of plain HTTP; None where there is none, which is what is wanted."""
    where = probe(contract.load().operation(asked.operation), rewrite_url=change)
    try:
        return party.ask_with(None, where, path=asked.path, query=asked.query)
    except Unreachable:
        return None


@when(
    parsers.parse("somebody connects to the {service} service by TLS {version} alone"),
    target_fixture="connection",
)
def connect(target: Target, service: str, version: str) -> Handshake:
    """Open a connection and close it again."""
    return tls.handshake(_base(target, service), version)


@when(
    parsers.parse("somebody offers the {service} service TLS 1.2 {suites} alone"),
    target_fixture="connection",
)
def connect_weakly(target: Target, service: str, suites: str) -> Handshake:
    """Offer weak suites and nothing else."""
    return tls.handshake(_base(target, service), "1.2", suites)


@then("it is not served there")
def is_not_served(judge: Judge, several_answers: list[Exchange]) -> None:
    """Demand that nothing is had by plain HTTP."""
    judge.require(judgements.encrypted_only(several_answers))


@then("the connection should be made")
def is_made(judge: Judge, connection: Handshake) -> None:
    """Look for a connection."""
    judge.require(judgements.offered(connection))


@then("the connection is refused")
def is_refused(judge: Judge, connection: Handshake) -> None:
    """Demand that there is none."""
    judge.require(judgements.refused(connection))


@then(parsers.parse("there is no connection {suites}"))
def is_strong(judge: Judge, connection: Handshake, suites: str) -> None:
    """Demand that weak suites are refused."""
    judge.require(judgements.strong(connection, suites))
