"""What the backend of an OEM asks is judged by what it says, however little sense it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fixtures.judgements import clients
from opnc import vehicles
from opnc.pki.keys import Seed
from opnc.pki.testbed import OEM as OEM_TREE
from opnc.pki.testbed import SeededPki, Variation
from tests.clients.seeing import done, failures, seen
from tests.fixtures.exchanges import NOW

if TYPE_CHECKING:
    from opnc.pki.credentials import Credential

PCID, EMAID = "WDB00000000000001", "DEOWN000000001"
PKI = SeededPki(Seed("backends"), NOW)
ROOTS = [PKI.root(OEM_TREE).certificate]


def entry(vehicle: Credential, **chain: Any) -> dict[str, Any]:
    return {vehicles.CHAIN: {**vehicles.chain_object(vehicle.chain[:-1]), **chain}}


def test_a_vehicle_with_its_chain_is_as_it_should_be() -> None:
    published = done(seen(clients.PUBLISH, entry(PKI.vehicle(PCID))))
    assert failures(clients.published(published, ROOTS)) == []
    assert clients.pcids(published) == [PCID]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("VF100000000000001", ["fail: WMI in the PCID"]),
        ("no PCID", ["fail: CN of the provisioning certificate"]),
    ],
)
def test_the_pcid_is_one_of_the_maker(name: str, expected: list[str]) -> None:
    assert (
        failures(clients.published(done(seen(clients.PUBLISH, entry(PKI.vehicle(name)))), ROOTS)) == expected
    )


@pytest.mark.parametrize("body", [None, [], {}, {vehicles.CHAIN: []}, {vehicles.CHAIN: {"certificate": "x"}}])
def test_what_is_no_chain_is_told(body: Any) -> None:
    published = done(seen(clients.PUBLISH, body))
    assert failures(clients.published(published, ROOTS)) == ["fail: provisioningCertificateChain.certificate"]
    assert clients.pcids(published) == []


def test_a_chain_under_another_root_leads_nowhere() -> None:
    published = done(seen(clients.PUBLISH, entry(PKI.vehicle(PCID))))
    other = SeededPki(Seed("another"), NOW).root(OEM_TREE).certificate
    assert any("fail" in each for each in failures(clients.published(published, [other])))


def test_nothing_published_is_a_failure() -> None:
    assert failures(clients.published(done(), ROOTS)) == ["fail: requests of the backend"]


def test_pcids_are_compared_in_any_letter_case() -> None:
    first = done(seen(clients.PUBLISH, entry(PKI.vehicle("WDBA0000000000001"))))
    second = done(seen(clients.PUBLISH, entry(PKI.vehicle("wdba0000000000001"))))
    assert failures(clients.own_names(first, second)) == ["fail: PCID of another vehicle"]
    assert failures(clients.own_names(first)) == []


@pytest.mark.parametrize(
    ("kinds", "missing"),
    [([""], 0), (["v2g", "emsp"], 0), (["V2G", "eMSP"], 0), (["v2g"], 1), (["oem"], 2), ([], 2)],
)
def test_roots_may_be_read_together_or_one_type_at_a_time(kinds: list[str], missing: int) -> None:
    reads = [seen(clients.ROOTS, **({"pkiType": kind} if kind else {})) for kind in kinds]
    assert len(failures(clients.roots_read(done(*reads), "v2g", "emsp"))) == missing


def test_a_renewal_is_an_update_with_another_certificate() -> None:
    before = PKI.vehicle(PCID)
    new = PKI.vehicle(PCID, variation=Variation(issue=2))
    other = PKI.vehicle("WDB00000000000002")

    def judged(*requests: Any) -> list[str]:
        return failures(clients.renewed(done(*requests), before.certificate))

    assert judged(seen(clients.PUBLISH, entry(new))) == []
    assert judged(seen(clients.PUBLISH, entry(before))) == ["fail: the renewed certificate"]
    assert judged(seen(clients.PUBLISH, entry(other))) == ["fail: PCID of the renewed certificate"]
    assert judged(seen(clients.PUBLISH, {})) == ["fail: PCID of the renewed certificate"]
    assert judged(seen(clients.REMOVE, pcid=PCID), seen(clients.PUBLISH, entry(new))) == [
        "fail: renewal of a vehicle"
    ]


def test_only_the_vehicle_that_was_meant_is_removed() -> None:
    assert failures(clients.removed(done(seen(clients.REMOVE, pcid=PCID.lower())), PCID)) == []
    assert failures(clients.removed(done(seen(clients.REMOVE, pcid="*")), PCID)) == [
        "fail: the vehicle that is deleted"
    ]


def test_the_default_is_the_one_chosen_for_the_vehicle() -> None:
    chosen = seen(clients.SET_DEFAULT, pcid=PCID, emaid="de-own-000000001")
    assert failures(clients.chosen(done(chosen), PCID, EMAID)) == []
    other = seen(clients.SET_DEFAULT, pcid="WDB00000000000002", emaid="DEOWN000000002")
    assert failures(clients.chosen(done(other), PCID, EMAID)) == [
        "fail: the vehicle whose default is set",
        "fail: the contract that becomes the default",
    ]
