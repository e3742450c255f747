"""What is done with root certificates and the pool that holds them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, when

from fixtures.answers import roots as root_answers
from fixtures.judging import Inconclusive, expect_in
from opnc.roots import TYPES, stated_types

if TYPE_CHECKING:
    from fixtures.answers.roots import Root
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.testdata.generator import TestData

LIST, READ = "getRootCertificatesV1", "getRootCertificateV1"
PUT, DELETE = "putRootCertificateV1", "deleteRootCertificateV1"


@dataclass(frozen=True, slots=True)
class Registered:
    """A root that the administrator has registered."""

    certificate: bytes
    types: tuple[str, ...]
    id: str


def listed(answer: Exchange) -> list[Root]:
    """Return the roots of a list answer; 404 means that there are none (ERR-016)."""
    expect_in("status of the list", expected=(200, 404), seen=answer.answer.status)
    return root_answers.collection(answer.answer.json()) if answer.answer.status == 200 else []


def _all_roots(party: Party) -> list[Root]:
    return listed(party.ask(LIST))


def _object(certificate: bytes, types: tuple[str, ...]) -> Root:
    return {
        "caCertificate": b64encode(certificate).decode(),
        "rootTypeList": [TYPES.get(name, name) for name in types],
    }


def _names(types: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in types.split(","))


def register_root(parties: Parties, certificate: bytes, types: tuple[str, ...]) -> Registered:
    """Register a root and look up its id.

    Raises:
        Inconclusive: If the pool does not take it.
    """
    administrator = parties["administrator"]
    answer = administrator.ask(PUT, body=_object(certificate, types))
    found = root_answers.find(_all_roots(administrator), certificate)
    if answer.answer.status != 200 or not found:
        raise Inconclusive(f"the precondition, a registered root, was answered {answer.answer.status}")
    return Registered(certificate, types, str(found[0].get("rootCertificateId")))


# What stands before


@given("the list of all root certificates", target_fixture="pool")
def all_roots(parties: Parties) -> list[Root]:
    """Read the pool."""
    return _all_roots(parties.any_party())


@given(
    parsers.re(r'the administrator has registered a root of types? "(?P<types>[^"]+)"'), target_fixture="root"
)
@when(parsers.re(r'the administrator adds a root of types? "(?P<types>[^"]+)"'), target_fixture="root")
def registered(parties: Parties, data: TestData, types: str) -> Registered:
    """Register a root made for this scenario."""
    return register_root(parties, data.root(), _names(types))


@given(
    parsers.parse("the administrator has registered a root that expires in {days:d} days"),
    target_fixture="root",
)
def registered_for_days(parties: Parties, data: TestData, days: int) -> Registered:
    """Register a root that does not last long."""
    return register_root(parties, data.root(lasts=timedelta(days=days)), ("v2g",))


@given(
    parsers.re(
        "the administrator has registered the tester's own OEM root(?:, which lasts for (?P<days>\\d+) days)?"
    ),
    target_fixture="root",
)
def own_root(parties: Parties, data: TestData, days: str | None) -> Registered:
    """Let the root certificate pool know the root of the tester."""
    lasts = timedelta(days=int(days)) if days else None
    return register_root(parties, data.pki.own_root(lasts).der, ("oem",))


@given("the administrator has deleted that root")
def root_is_deleted(parties: Parties, root: Registered) -> None:
    """Take the root out of the root certificate pool again."""
    answer = _delete(parties["administrator"], root.id)
    if answer.answer.status != 200:
        raise Inconclusive(f"the precondition, a deleted root, was answered {answer.answer.status}")


@given("a root type that no root of the list has", target_fixture="unused_type")
def unused_type(parties: Parties) -> str:
    """Find a type of the vocabulary that the pool has no root of."""
    used = {name for root in _all_roots(parties.any_party()) for name in stated_types(root)}
    unused = [name for name in TYPES if name not in used]
    if not unused:
        raise Inconclusive("the pool holds roots of every type, so no filter comes up empty")
    return unused[-1]


# Reading


@when("a party lists the root certificates", target_fixture="answer")
def list_roots(parties: Parties) -> Exchange:
    """Ask for all roots."""
    return parties.any_party().ask(LIST)


@when(parsers.parse("a party lists the root certificates {times:d} times more"), target_fixture="answers")
def list_often(parties: Parties, times: int) -> list[Exchange]:
    """Ask for all roots, again and again."""
    return [parties.any_party().ask(LIST) for _ in range(times)]


@when(parsers.parse('a party lists the root certificates of type "{pki_type}"'), target_fixture="answer")
def list_of_type(parties: Parties, pki_type: str) -> Exchange:
    """Ask for the roots of one type."""
    return parties.any_party().ask(LIST, query={"pkiType": pki_type})


@when("a party lists the root certificates of that type", target_fixture="answer")
def list_of_that_type(parties: Parties, unused_type: str) -> Exchange:
    """Ask for the roots of the type found before."""
    return list_of_type(parties, unused_type)


@when("a party reads the first root of the list", target_fixture="answer")
def read_first(parties: Parties, pool: list[Root]) -> Exchange:
    """Ask for a root by the id in the list."""
    return parties.any_party().ask(READ, path={"rootCertificateId": _first_id(pool)})


@when(
    parsers.re('a party reads the root with (?:an id nobody was given|the id "(?P<root_id>.*)")'),
    target_fixture="answer",
)
def read_by_id(parties: Parties, data: TestData, root_id: str | None) -> Exchange:
    """Ask for a root that is not there."""
    return parties.any_party().ask(
        READ, path={"rootCertificateId": data.uuid() if root_id is None else root_id}
    )


# Registering


@when(parsers.re(r'the (?P<party>.+) registers a root of types "(?P<types>[^"]+)"'), target_fixture="answer")
def register(parties: Parties, data: TestData, party: str, types: str) -> Exchange:
    """Send a root made for this scenario."""
    return parties[party].ask(PUT, body=_object(data.root(), _names(types)))


@when("somebody without credentials registers a root", target_fixture="answer")
def register_anonymously(parties: Parties, data: TestData) -> Exchange:
    """Send a root without a token."""
    return parties.any_party().ask_with(None, PUT, body=_object(data.root(), ("v2g",)))


@when("the administrator registers that root again", target_fixture="answer")
def register_again(parties: Parties, root: Registered) -> Exchange:
    """Send the same root once more."""
    return parties["administrator"].ask(PUT, body=_object(root.certificate, root.types))


@when("the administrator registers a root with an id of their own", target_fixture="answer")
def register_with_id(parties: Parties, data: TestData) -> Exchange:
    """Send a root that brings an id."""
    sent = {"rootCertificateId": data.uuid(), **_object(data.root(), ("v2g",))}
    return parties["administrator"].ask(PUT, body=sent)


@when(parsers.parse('the administrator registers a root object without "{member}"'), target_fixture="answer")
def register_without(parties: Parties, data: TestData, member: str) -> Exchange:
    """Send a root object that lacks something."""
    dropped = {"certificate": {"caCertificate"}, "types": {"rootTypeList"}}
    whole = _object(data.root(), ("v2g",))
    sent = {name: value for name, value in whole.items() if name not in dropped.get(member, whole)}
    return parties["administrator"].ask(PUT, body=sent)


@when(
    parsers.parse("the administrator registers a root whose certificate is {garbage}"),
    target_fixture="answer",
)
def register_garbage(parties: Parties, data: TestData, garbage: str) -> Exchange:
    """Send a root object whose certificate cannot be read."""
    sent = {**_object(b"", ("v2g",)), "caCertificate": data.garbage(garbage)}
    return parties["administrator"].ask(PUT, body=sent)


@when(parsers.parse("the administrator registers {what} as a root"), target_fixture="answer")
def register_no_root(parties: Parties, data: TestData, what: str) -> Exchange:
    """Send a certificate that is no root."""
    return parties["administrator"].ask(PUT, body=_object(data.non_root_certificate(what), ("v2g",)))


@when("the administrator registers a root that has expired", target_fixture="answer")
def register_expired(parties: Parties, data: TestData) -> Exchange:
    """Send a root whose time is over."""
    return parties["administrator"].ask(PUT, body=_object(data.root(lasts=timedelta(days=-1)), ("v2g",)))


@when(parsers.parse("the administrator registers a root of {size:d} bytes"), target_fixture="answer")
def register_of_size(parties: Parties, data: TestData, size: int) -> Exchange:
    """Send a root of a certain size."""
    return parties["administrator"].ask(PUT, body=_object(data.root_of_size(size), ("v2g",)))


# Removing


@when(parsers.re(r"the (?P<party>.+) deletes that root"), target_fixture="answer")
def delete(parties: Parties, root: Registered, party: str) -> Exchange:
    """Remove the root that was registered."""
    return _delete(parties[party], root.id)


@when(
    parsers.re('the administrator deletes the root with (?:an id nobody was given|the id "(?P<root_id>.*)")'),
    target_fixture="answer",
)
def delete_by_id(parties: Parties, data: TestData, root_id: str | None) -> Exchange:
    """Try to remove a root that is not there."""
    return _delete(parties["administrator"], data.uuid() if root_id is None else root_id)


def _delete(party: Party, root_id: str) -> Exchange:
    return party.ask(DELETE, path={"rootCertificateId": root_id})


def _first_id(pool: list[Root]) -> str:
    if not pool:
        raise Inconclusive("the pool holds no root")
    return str(pool[0].get("rootCertificateId"))


@when("a party reads that root", target_fixture="reading")
def read_that(parties: Parties, root: Registered) -> Exchange:
    """Ask for the root that was registered."""
    return parties.any_party().ask(READ, path={"rootCertificateId": root.id})


@when("the list of roots is read again", target_fixture="afterwards")
def read_again(parties: Parties) -> list[Root]:
    """Read the pool after something was done to it."""
    return _all_roots(parties.any_party())
