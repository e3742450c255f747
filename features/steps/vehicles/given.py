"""What stands before: vehicles that are made, published or deleted, and what their responder tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from features.steps.vehicles.shared import (
    CHECK_CHARACTER,
    DELETE,
    RENEWED,
    in_edition,
    make,
    owner,
    take,
    told_by_tester,
)
from features.vocabulary.references import Ref
from features.vocabulary.steps import given
from features.vocabulary.tables import Vocabulary
from fixtures.answers.statuses import published_status
from fixtures.judging import Inconclusive
from fixtures.target.declaration import BOTH_EDITIONS
from fixtures.testdata.certificates import DEFAULT_CHAIN, ChainSpec
from fixtures.testdata.vehicles import Vehicle, publish
from opnc.pki.revocation import UNKNOWN
from opnc.pki.testbed import Variation

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from features.vocabulary.references import Register
    from fixtures.client.parties import Parties, Party
    from fixtures.server.ocsp_crl import TesterStatusService
    from fixtures.target.declaration import Target
    from fixtures.testdata.certificates import TesterPki
    from fixtures.testdata.generator import TestData
    from opnc.pki.reading import ReadCertificate


@given("{new_vehicle}[ whose provisioning certificate nobody has published]")
def made(request: pytest.FixtureRequest, new_vehicle: Ref) -> Vehicle:
    """Make a vehicle that no pool knows yet."""
    return make(new_vehicle.plan, request)


@given("{new_vehicle} whose provisioning (certificate is|certificates are) published")
def made_and_published(
    request: pytest.FixtureRequest,
    data: TestData,
    parties: Parties,
    target: Target,
    v2g_roots: list[ReadCertificate],
    new_vehicle: Ref,
) -> Vehicle:
    """Make a vehicle that contracts can be made for; of one of both editions that of ISO 15118-2 is kept.

    Raises:
        NotApplicable: If the target does not support its keys, or does not keep both certificates.
    """
    del v2g_roots
    plan = new_vehicle.plan
    if plan.both_editions:
        target.demand_declared(BOTH_EDITIONS, default=False)
    vehicle = make(plan, request, CHECK_CHARACTER if plan.keys or plan.both_editions else "")
    if plan.both_editions:
        take(owner(plan, parties), in_edition(vehicle, "ISO 15118-20", data))
    return take(owner(plan, parties), vehicle)


@given("{party} has (done=published|deleted) {vehicle}")
def has_done(party: Party, done: str, vehicle: Vehicle) -> None:
    """Publish or delete a vehicle; a precondition, so it must work."""
    if done == "published":
        answer = publish(party, vehicle)
    else:
        answer = party.ask(DELETE, path={"pcid": vehicle.pcid})
    if published_status(answer) != 200:
        raise Inconclusive(f"the precondition, a vehicle {done}, was answered {answer.answer.status}")


def _renewed(leaf: Variation) -> ChainSpec:
    return ChainSpec(leaf=leaf)


RENEWAL: Vocabulary[Callable[[TesterPki], ChainSpec]] = Vocabulary(
    "way to renew a certificate",
    {
        "with the same key": lambda _pki: _renewed(Variation(issue=2)),
        "with a new key": lambda _pki: _renewed(RENEWED),
        "that has expired already": lambda pki: _renewed(replace(pki.expired(), issue=2)),
        "below other Sub-CAs": lambda _pki: ChainSpec(leaf=RENEWED, sub2=RENEWED, sub1=RENEWED),
        "below the tester's own root": lambda _pki: ChainSpec(leaf=RENEWED, trust="unknown"),
        "for ISO 15118-20": lambda _pki: ChainSpec(leaf=RENEWED, algorithm="secp521r1"),
    },
)


@given(
    "a new certificate of {vehicle} {RENEWAL}",
    RENEWAL=RENEWAL,
    introduces=[Ref("vehicle", "new", new=True)],
)
def renewed(
    data: TestData,
    vehicles: Register[Vehicle],
    vehicle: Vehicle,
    renewal: Callable[[TesterPki], ChainSpec],
) -> None:
    """Make another certificate for the same vehicle."""
    algorithm: Any = vehicle.leaf.key_algorithm
    spec = renewal(data.pki)
    if spec.algorithm == DEFAULT_CHAIN.algorithm:
        spec = replace(spec, algorithm=algorithm)
    vehicles.keep("new", Vehicle.of(data.pki.vehicle(vehicle.pcid, spec)))


@given("the responder of {vehicle} (aspect=cannot be reached|does not know its certificate)")
def responder_fails(status: TesterStatusService, vehicle: Vehicle, aspect: str) -> None:
    """Take the tester's responder off the net, or let it answer that the status is unknown."""
    certificate = told_by_tester(vehicle, "certificate", status)
    if aspect == "cannot be reached":
        status.fail("refuses")
    else:
        status.set(certificate, UNKNOWN)
