"""What the steps about roots share: making a root, sending it, reading the list."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING

from features.vocabulary.resolving import facet, literal
from features.vocabulary.things import Registered
from fixtures.answers import roots as root_answers
from fixtures.answers.bodies import place_of
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive, UnreadableAnswer, expect
from fixtures.testdata.certificates import ChainSpec
from opnc.roots import TYPES, stated_types
from reports import places

if TYPE_CHECKING:
    import pytest

    from features.vocabulary.plans import RootPlan
    from features.vocabulary.references import Register
    from fixtures.answers.roots import Root
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from opnc.pki.reading import ReadCertificate

LIST, READ = "getRootCertificatesV1", "getRootCertificateV1"
PUT, DELETE = "putRootCertificateV1", "deleteRootCertificateV1"
REVOCATION_LIST = "root.crl"
"""Where the tester publishes the revocation list of a root."""


def listed(answer: Exchange) -> list[Root]:
    """Return the roots of a list answer; 404 means that there are none (ERR-016)."""
    expect_status(answer, 200, 404, of="the list")
    return root_answers.collection(answer.answer.json()) if answer.answer.status == 200 else []


def expect_listed(found: list[Root], answer: Exchange, name: str) -> None:
    """Demand that a root was found in a list.

    Raises:
        UnreadableAnswer: If it was not, and there are certificates in the list that cannot be read.
        Mismatch: If it is missing.
    """
    unread = [each for each in listed(answer) if root_answers.certificate(each) is None]
    place, number = places.pointer(root_answers.COLLECTION), answer.number
    if unread and not found:
        seen = f"{len(unread)} certificates that cannot be read"
        raise UnreadableAnswer(name, expected="in the list", seen=seen, place=place, exchange=number)
    expect(found, name, expected="in the list", seen="not in the list", place=place, exchange=number)


def expect_unlisted(found: list[Root], answer: Exchange, name: str) -> None:
    """Demand that a root was not found in a list.

    Raises:
        Mismatch: If it was.
    """
    expected, seen = "not in the list", "in the list"
    place = place_of(found[0]) if found else ""
    expect(not found, name, expected=expected, seen=seen, place=place, exchange=answer.number)


def all_roots(party: Party) -> list[Root]:
    """Read the whole list."""
    return listed(party.ask(LIST))


def roots_of(parties: Parties, *types: str) -> list[ReadCertificate]:
    """Return the roots of the pool that are of one of some types.

    Raises:
        Inconclusive: If the pool gives none.
    """
    answer = parties.any_party().ask(LIST)
    body = answer.answer.json() if answer.answer.status == 200 else {}
    of_types = [each for each in root_answers.collection(body) if set(types) & set(stated_types(each))]
    found = [read for each in of_types if (read := root_answers.certificate(each))]
    if not found:
        raise Inconclusive(f"the root certificate pool gave no root of type {' or '.join(types)}")
    return found


def make(plan: RootPlan, request: pytest.FixtureRequest) -> Registered:
    """Make what the clauses of a sentence say; nothing is sent yet."""
    data: TestData = request.getfixturevalue("data")
    if plan.revocation_list:
        scenario_endpoints: ScenarioEndpoints = request.getfixturevalue("scenario_endpoints")
        made = data.revocable_root(scenario_endpoints.url_of(REVOCATION_LIST))
        scenario_endpoints.publish(REVOCATION_LIST, made.revocation_list(revoked=False))
        return Registered(made.certificate, plan.types, made=made)
    if plan.of is not None:
        neighbours: Neighbours = request.getfixturevalue("neighbours")
        by_type = {each.root: each.ca for each in neighbours.supplied(plan.of)}
        return Registered(by_type[plan.types[0]].der, plan.types)
    return Registered(
        id=data.uuid() if plan.own_id else "", certificate=_certificate(plan, data), types=plan.types
    )


def _certificate(plan: RootPlan, data: TestData) -> bytes:
    lasts = None if plan.days is None else timedelta(days=plan.days)
    if plan.own:
        return data.pki.own_root(lasts).der
    if plan.twin:
        return data.pki.top(ChainSpec(trust="twin")).der
    if plan.no_root is not None:
        return data.non_root_certificate(plan.no_root)
    if plan.size is not None:
        return data.root_of_size(plan.size)
    return b"" if plan.garbage is not None else data.root(lasts=lasts)


def body(root: Registered) -> Root:
    """Return the object by which a root is registered."""
    own = {"rootCertificateId": root.id} if root.id else {}
    return {
        **own,
        "caCertificate": b64encode(root.certificate).decode(),
        "rootTypeList": [TYPES.get(name, name) for name in root.types],
    }


def spoilt(whole: Root, plan: RootPlan, data: TestData) -> Root:
    """Take out of the object, or put into it, what the clauses of a sentence say."""
    if plan.garbage is not None:
        return {**whole, "caCertificate": data.garbage(plan.garbage)}
    members = {"certificate": {"caCertificate"}, "types": {"rootTypeList"}, "any member": set(whole)}
    dropped = members[plan.without] if plan.without else set()
    return {name: value for name, value in whole.items() if name not in dropped}


def register(party: Party, root: Registered) -> Registered:
    """Register a root and look up its id.

    Raises:
        Inconclusive: If the pool does not take it, or its list does not show it.
    """
    answer = party.ask(PUT, body=body(root))
    if answer.answer.status != 200:
        raise Inconclusive(f"the precondition, a registered root, was answered {answer.answer.status}")
    found = root_answers.find(all_roots(party), root.certificate)
    if not found:
        missing = party.missing("the list")
        raise Inconclusive(f"the precondition, a registered root, was accepted and {missing}")
    return Registered(root.certificate, root.types, str(found[0].get("rootCertificateId")), root.made)


def delete(party: Party, root: Registered) -> Exchange:
    """Remove a root."""
    return party.ask(DELETE, path={"rootCertificateId": root.id})


@literal("root")
def _by_id(_request: pytest.FixtureRequest, root_id: str) -> Registered:
    return Registered(b"", (), root_id)


@facet("root", "unknown")
def _unknown(request: pytest.FixtureRequest, _that: Registered | None) -> Registered:
    data: TestData = request.getfixturevalue("data")
    return Registered(b"", (), data.uuid())


@facet("root", "first of the list")
def _first(request: pytest.FixtureRequest, _that: Registered | None) -> Registered:
    pool: list[Root] = request.getfixturevalue("pool")
    if not pool:
        raise Inconclusive("the pool holds no root")
    return Registered(b"", (), str(pool[0].get("rootCertificateId")))


@facet("root", "further")
def _further(request: pytest.FixtureRequest, _that: Registered | None) -> tuple[Registered, ...]:
    roots: Register[Registered] = request.getfixturevalue("roots")
    return tuple(roots.all("further"))


@facet("root", "declared")
def _declared(request: pytest.FixtureRequest, _that: Registered | None) -> tuple[Registered, ...]:
    target: Target = request.getfixturevalue("target")
    return tuple(Registered(each.certificate, each.types) for each in target.roots)
