"""What is done with vehicles and the pool that holds their provisioning certificates."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, parsers, when

from fixtures.judging import Inconclusive, NotApplicable
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.sizes import padding
from fixtures.testdata.vehicles import VEHICLE_KINDS, Vehicle, publish, wmi
from opnc.contract.beside import outside
from opnc.pki.revocation import UNKNOWN
from opnc.pki.testbed import Variation

if TYPE_CHECKING:
    from collections.abc import Callable

    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.ocsp_crl import TesterStatusService
    from fixtures.target.declaration import Target
    from fixtures.testdata.certificates import TesterPki
    from fixtures.testdata.generator import TestData
    from opnc.pki.credentials import Credential
    from opnc.pki.issue import Extension
    from opnc.pki.profiles import Algorithm
    from opnc.pki.reading import ReadCertificate

DELETE = "deleteProvisioningCertificateV1"
READ, LOOKUP = "getProvisioningCertificateV1", "lookupVehicleV1"

DOING = {"reads": READ, "looks up": LOOKUP, "deletes": DELETE}
LISTING = outside(
    "listProvisioningCertificates", "pcp", "GET", "Read a list, which no pool offers.", (400, 403)
)


# What stands before


@given(parsers.re(r"a vehicle of the (?P<party>OEM|other OEM|OEM of \w+)"), target_fixture="vehicle")
def vehicle_of(parties: Parties, data: TestData, party: str) -> Vehicle:
    """Make a vehicle that nobody has published yet."""
    return Vehicle.of(data.pki.vehicle(data.pcid(wmi(parties[party]))))


@given(
    parsers.re(f"a vehicle of the OEM,? (?P<kind>{'|'.join(map(re.escape, VEHICLE_KINDS))})"),
    target_fixture="vehicle",
)
def vehicle_of_kind(parties: Parties, data: TestData, kind: str) -> Vehicle:
    """Make a vehicle that is special in some way."""
    return VEHICLE_KINDS[kind](data.pki, data.pcid(wmi(parties["oem"])))


@given(
    parsers.re("a vehicle of the OEM whose (?P<member>certificate|subCa[12]Certificate) is (?P<garbage>.+)"),
    target_fixture="vehicle",
)
def vehicle_with_garbage(parties: Parties, data: TestData, member: str, garbage: str) -> Vehicle:
    """Make a vehicle with something else in the place of a certificate."""
    return vehicle_of(parties, data, "OEM").with_chain(**{member: data.garbage(garbage)})


@given(
    parsers.re(
        r"a vehicle of the OEM(?: with (?P<algorithm>\w+) keys)? whose certificate has (?P<size>\d+) bytes"
    ),
    target_fixture="vehicle",
    converters={"size": int},
)
def vehicle_of_size(
    parties: Parties, data: TestData, target: Target, algorithm: Algorithm | None, size: int
) -> Vehicle:
    """Make a vehicle whose certificate has a certain size."""
    if algorithm is not None:
        target.demand_declared("iso15118_20", default=True)
    pcid, plan = data.pcid(wmi(parties["oem"])), ChainSpec(algorithm=algorithm or "secp256r1")

    def make(extensions: tuple[Extension, ...]) -> Credential:
        return data.pki.vehicle(pcid, replace(plan, leaf=Variation(extensions=extensions)))

    return Vehicle.of(make(padding(lambda extensions: make(extensions).chain[0], size)))


@given(parsers.re("the (?P<party>.+) has (?P<done>published|deleted) that vehicle"))
def has_done(parties: Parties, vehicle: Vehicle, party: str, done: str) -> None:
    """Publish or delete a vehicle, and stop where that does not work."""
    if done == "published":
        answer = publishes(parties, vehicle, party)
    else:
        answer = does_with_vehicle(parties, vehicle, party, "deletes")
    if answer.answer.status != 200:
        raise Inconclusive(f"the precondition, a vehicle {done}, was answered {answer.answer.status}")


RENEWALS: dict[str, Callable[[TesterPki], Variation]] = {
    "with the same key": lambda _pki: Variation(issue=2),
    "with a new key": lambda _pki: Variation(issue=2, key=2),
    "that has expired already": lambda pki: replace(pki.expired(), issue=2),
}


@given(
    parsers.re(f"a new certificate of that vehicle (?P<how>{'|'.join(RENEWALS)})"), target_fixture="renewal"
)
def renewal(data: TestData, vehicle: Vehicle, how: str) -> Vehicle:
    """Make another certificate for the same vehicle."""
    algorithm: Any = vehicle.leaf.key_algorithm
    return Vehicle.of(
        data.pki.vehicle(vehicle.pcid, ChainSpec(algorithm=algorithm, leaf=RENEWALS[how](data.pki)))
    )


# The status of certificates


@given("the CA of that vehicle does not know its certificate")
def is_unknown(status: TesterStatusService, vehicle: Vehicle) -> None:
    """Let the tester's responder answer that the status is unknown."""
    status.set(_told_by_tester(vehicle, "certificate", status), UNKNOWN)


@given("nobody answers where the status of that vehicle is told")
def is_unreachable(status: TesterStatusService, vehicle: Vehicle) -> None:
    """Take the tester's responder off the net."""
    _told_by_tester(vehicle, "certificate", status)
    status.fail("refuses")


def _told_by_tester(vehicle: Vehicle, which: str, status: TesterStatusService) -> ReadCertificate:
    certificate = vehicle.certificates[which]
    if not status.is_named_in(certificate):
        raise NotApplicable(f"the status of the {which} is not told by the tester")
    return certificate


# Acting


@when(parsers.re("the (?P<party>.+) publishes that vehicle"), target_fixture="answer")
def publishes(parties: Parties, vehicle: Vehicle, party: str) -> Exchange:
    """Publish a vehicle."""
    return publish(parties[party], vehicle)


@when("the OEM publishes the new certificate", target_fixture="answer")
def publishes_renewal(parties: Parties, renewal: Vehicle) -> Exchange:
    """Publish another certificate of a vehicle."""
    return publishes(parties, renewal, "oem")


@when(
    parsers.re(
        "the (?P<party>.+?) (?P<does>reads|looks up|deletes) that vehicle(?P<here> in this pool alone)?"
    ),
    target_fixture="answer",
)
def does_with_vehicle(
    parties: Parties, vehicle: Vehicle, party: str, does: str, here: str | None = None
) -> Exchange:
    """Call an operation on a vehicle; in this pool alone, as another pool would that passes a call on."""
    headers = {"broadcast": "true"} if here else {}
    return parties[party].ask(DOING[does], path={"pcid": vehicle.pcid}, headers=headers)


@when(
    parsers.re('the (?P<party>.+?) (?P<does>reads|looks up|deletes) the PCID "(?P<pcid>.*)"'),
    target_fixture="answer",
)
def does_with_pcid(parties: Parties, party: str, does: str, pcid: str) -> Exchange:
    """Call an operation on a PCID that need not be one."""
    return parties[party].ask(DOING[does], path={"pcid": pcid})


@when("the eMSP reads that vehicle afterwards", target_fixture="reading")
def reads_afterwards(parties: Parties, vehicle: Vehicle) -> Exchange:
    """See what has become of a vehicle."""
    return parties["emsp"].ask(READ, path={"pcid": vehicle.pcid}, headers={"broadcast": "true"})


@when("the eMSP looks that vehicle up afterwards", target_fixture="lookup")
def looks_up_afterwards(parties: Parties, vehicle: Vehicle) -> Exchange:
    """See whether a vehicle is known."""
    return parties["emsp"].ask(LOOKUP, path={"pcid": vehicle.pcid})


@when(parsers.parse("the {party} asks for {path} without saying which vehicle"), target_fixture="answer")
def asks_for_list(parties: Parties, party: str, path: str) -> Exchange:
    """Try to get a list of what the pool holds."""
    return parties[party].ask(replace(LISTING, path=path))
