"""What the steps about vehicles share: making a vehicle, publishing it, the roots that it trusts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from features.steps.roots.shared import roots_of
from features.vocabulary.plans import ECOSYSTEMS
from features.vocabulary.resolving import facet, literal
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.sizes import padding
from fixtures.testdata.vehicles import VEHICLE_KINDS, Vehicle, publish, wmi
from opnc.pki.testbed import Variation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.vocabulary.plans import VehiclePlan
    from fixtures.client.parties import Parties, Party
    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.server.ocsp_crl import TesterStatusService
    from fixtures.target.declaration import Target
    from fixtures.testdata.certificates import TesterPki
    from fixtures.testdata.generator import TestData
    from opnc.pki.credentials import Credential
    from opnc.pki.issue import Extension
    from opnc.pki.profiles import Algorithm
    from opnc.pki.reading import ReadCertificate

READ, LOOKUP = "getProvisioningCertificateV1", "lookupVehicleV1"
DELETE = "deleteProvisioningCertificateV1"

KEYS: Mapping[str | None, Algorithm] = {None: "secp256r1", "secp521r1": "secp521r1", "Ed448": "ed448"}
"""How scenarios call the keys of vehicles -> their algorithm."""

CHECK_CHARACTER = "7"
"""The eighteenth character of a PCID, without which ISO 15118-20 cannot bind a key to the vehicle."""

PATIENCE_S = 60.0
"""For how long an answer is waited for while a responder is not reached: trying again takes its time."""

RENEWED = Variation(key=2, issue=2)
"""A certificate after the first, with a key of its own."""


@pytest.fixture
def v2g_roots(parties: Parties) -> list[ReadCertificate]:
    """The V2G roots of the pool, which the vehicles of a scenario trust.

    Whoever makes a vehicle asks for them too, so that they are read before anything is judged.
    """
    return roots_of(parties, "v2g")


def owner(plan: VehiclePlan, parties: Parties) -> Party:
    """Return the OEM that has made a vehicle: that of the target, unless the sentence names another."""
    named = plan.owner or "oem"
    return parties[f"oem of {named}" if named in ECOSYSTEMS.split("|") else named]


def make(plan: VehiclePlan, request: pytest.FixtureRequest, check_character: str = "") -> Vehicle:
    """Make what the clauses of a sentence say; nothing is published yet.

    Raises:
        NotApplicable: If the target does not support its keys.
    """
    if plan.keys:
        target: Target = request.getfixturevalue("target")
        target.demand_declared("iso15118_20", default=True)
    data: TestData = request.getfixturevalue("data")
    pki = data.pki
    if plan.root_of is not None:
        neighbours: Neighbours = request.getfixturevalue("neighbours")
        pki = replace(pki, supplied=neighbours.supplied(plan.root_of))
    pcid = data.pcid(wmi(owner(plan, request.getfixturevalue("parties")))) + check_character
    if plan.special is not None:
        return VEHICLE_KINDS[plan.special](pki, pcid)
    made = Vehicle.of(_credential(plan, pki, pcid))
    return made if plan.garbage is None else made.with_chain(**{str(plan.member): data.garbage(plan.garbage)})


def _credential(plan: VehiclePlan, pki: TesterPki, pcid: str) -> Credential:
    spec = ChainSpec(algorithm=KEYS[plan.keys])

    def make(extensions: tuple[Extension, ...]) -> Credential:
        return pki.vehicle(pcid, replace(spec, leaf=Variation(extensions=extensions)))

    if plan.size is None:
        return pki.vehicle(pcid, spec)
    return make(padding(lambda extensions: make(extensions).chain[0], plan.size))


def in_edition(vehicle: Vehicle, edition: str | None, data: TestData) -> Vehicle:
    """Return a vehicle of both editions of ISO 15118 with its certificate of the one named, if one is."""
    if edition != "ISO 15118-20":
        return vehicle
    return Vehicle.of(data.pki.vehicle(vehicle.pcid, ChainSpec(algorithm="secp521r1")))


def take(party: Party, vehicle: Vehicle) -> Vehicle:
    """Publish a vehicle.

    Raises:
        Inconclusive: If the pool does not take it.
    """
    answer = publish(party, vehicle)
    if answer.answer.status != 200:
        raise Inconclusive(f"the precondition, a published vehicle, was answered {answer.answer.status}")
    return vehicle


def told_by_tester(vehicle: Vehicle, which: str, status: TesterStatusService) -> ReadCertificate:
    """Return a certificate of a vehicle's chain whose status the tester tells.

    Raises:
        NotApplicable: If somebody else does.
    """
    certificate = vehicle.certificates[which]
    if not status.is_named_in(certificate):
        raise NotApplicable(f"the status of the {which} is not told by the tester")
    return certificate


@literal("vehicle")
def _by_pcid(_request: pytest.FixtureRequest, pcid: str) -> Vehicle:
    return Vehicle(pcid, None, None)


@facet("vehicle", "sibling")
def _sibling(request: pytest.FixtureRequest, vehicle: Vehicle) -> Vehicle:
    """A vehicle whose PCID differs in its last character alone."""
    data: TestData = request.getfixturevalue("data")
    last = "0" if vehicle.pcid[-1] != "0" else "1"
    return Vehicle.of(data.pki.vehicle(vehicle.pcid[:-1] + last))


@facet("vehicle", "longer sibling")
def _longer_sibling(request: pytest.FixtureRequest, vehicle: Vehicle) -> Vehicle:
    """A vehicle whose PCID has one character more."""
    data: TestData = request.getfixturevalue("data")
    return Vehicle.of(data.pki.vehicle(vehicle.pcid + CHECK_CHARACTER))


@facet("vehicle", "impostor")
def _impostor(request: pytest.FixtureRequest, vehicle: Vehicle) -> Vehicle:
    """A vehicle with the same PCID and another key."""
    data: TestData = request.getfixturevalue("data")
    return Vehicle.of(data.pki.vehicle(vehicle.pcid, ChainSpec(leaf=RENEWED)))
