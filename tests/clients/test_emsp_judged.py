"""What the backend of an eMSP asks is judged by its content, and by the key of the vehicle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fixtures.judgements import clients_emsp as clients
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.testdata.vehicles import Vehicle
from opnc.pki.keys import Seed
from opnc.pki.testbed import SeededPki, Tree
from opnc.provisioning.contract_data import make_bundle
from tests.clients.seeing import EMSP, done, failures, seen
from tests.fixtures.exchanges import NOW

if TYPE_CHECKING:
    from fixtures.backends.use_case_runs import Performance, Seen

PCID, EMAID = "WDB00000000000001", "DEOWN000000001"
PKI = SeededPki(Seed("backends"), NOW)
VEHICLE = Vehicle.of(PKI.vehicle(PCID))
FETCHED = seen(clients.FETCH, pcid=PCID)


def signing(
    vehicle: Vehicle = VEHICLE,
    emaid: str = EMAID,
    *,
    answer: Any = None,
    members: dict[str, Any] | None = None,
) -> Seen:
    """Make a request to sign a bundle, with other members; None takes one away."""
    made = make_bundle(PCID, emaid, PKI.contract(emaid), vehicle.leaf, bytes_of)
    changed = {**made.to_json(), **(members or {})}
    bundle = {name: value for name, value in changed.items() if value is not None}
    return seen(clients.SIGN, {clients.BUNDLE: bundle}, answer=answer)


def bytes_of(count: int) -> bytes:
    return bytes(range(1, count + 1))


def by(*requests: Seen) -> Performance:
    return done(*requests, account=EMSP)


def test_a_bundle_for_the_vehicle_is_as_it_should_be() -> None:
    assert failures(clients.complete(by(signing()), VEHICLE)) == []
    assert failures(clients.decrypts(by(signing()), VEHICLE)) == []


@pytest.mark.parametrize("member", ["dHpublickey", "contractCertificateChain", "emaid", "pcid"])
def test_a_bundle_has_all_its_members(member: str) -> None:
    (found,) = clients.complete(by(signing(members={member: None})), VEHICLE)
    assert member in str(found.seen)
    assert found.erratum == "ERR-061"


@pytest.mark.parametrize("body", [None, [], {}, {clients.BUNDLE: []}])
def test_what_is_no_bundle_is_told(body: Any) -> None:
    assert len(failures(clients.complete(by(seen(clients.SIGN, body)), VEHICLE))) == 1
    assert len(failures(clients.decrypts(by(seen(clients.SIGN, body)), VEHICLE))) == 1


def test_ids_of_a_bundle_are_those_of_vehicle_and_contract() -> None:
    for member, other in (("pcid", "WDB00000000000002"), ("emaid", "DEOWN000000002")):
        wrong = by(signing(members={member: other}))
        assert failures(clients.complete(wrong, VEHICLE)) == [f"fail: contractCertificateBundle.{member}"]


def test_a_key_for_another_vehicle_cannot_be_used() -> None:
    other = Vehicle.of(PKI.vehicle("WDB00000000000002"))
    assert failures(clients.decrypts(by(signing(other)), VEHICLE)) != []


def test_a_contract_of_the_other_edition_cannot_be_used() -> None:
    new = Vehicle.of(PKI.vehicle(PCID + "7", Tree("oem", 1, "ISO15118-20", "secp521r1")))
    assert failures(clients.decrypts(by(signing()), new)) == ["fail: public key: contract-key-algorithm"]


def test_the_vehicle_is_fetched_before_anything_is_signed() -> None:
    assert failures(clients.fetched_first(by(FETCHED, signing()), PCID)) == []
    assert len(failures(clients.fetched_first(by(signing(), FETCHED), PCID))) == 1
    assert len(failures(clients.fetched_first(by(seen(clients.FETCH, pcid="X"), signing()), PCID))) == 1
    assert len(failures(clients.fetched_first(by(), PCID))) == 1


def test_whoever_did_nothing_at_all_was_not_stopped_by_the_chain() -> None:
    with pytest.raises(Inconclusive, match="asked for nothing"):
        list(clients.stopped(by(), PCID))
    assert failures(clients.stopped(by(FETCHED), PCID)) == []
    assert len(failures(clients.stopped(by(FETCHED, signing()), PCID))) == 1
    assert len(failures(clients.stopped(by(seen(clients.GENERATE, {})), PCID))) == 1


def test_an_emsp_without_pki_makes_no_bundles() -> None:
    with pytest.raises(NotApplicable, match="no PKI of its own"):
        clients.demand_own_pki(by(seen(clients.GENERATE, {})))
    clients.demand_own_pki(by(signing()))


def test_what_was_signed_is_stored_as_it_is() -> None:
    data = {"emaid": EMAID, clients.MESSAGE: "QUJD"}
    signed = signing(answer={clients.SIGNED: data})
    assert failures(clients.stored(by(signed, seen(clients.STORE, data)))) == []
    assert failures(clients.stored(by(seen(clients.STORE, data)))) == []
    assert len(failures(clients.stored(by(signed)))) == 1
    changed = seen(clients.STORE, {**data, clients.MESSAGE: "REVG"})
    assert len(failures(clients.stored(by(signed, changed)))) == 1
    with pytest.raises(Inconclusive, match="signed nothing"):
        list(clients.stored(by(signing(), seen(clients.STORE, data))))


def test_every_contract_has_a_name_of_its_own_and_of_the_provider() -> None:
    ids = EMSP.provider_ids
    first, second = by(signing()), by(signing(emaid="DEOWN000000002"))
    assert failures(clients.own_names(ids, first, second)) == []
    assert failures(clients.own_names(ids, first, first)) == ["fail: EMAID of another contract"]
    assert failures(clients.own_names(ids, by(seen(clients.GENERATE, {"emaid": "NLXYZ000000001"})))) == [
        "fail: provider id in the EMAID"
    ]
    assert failures(clients.own_names(ids, by(seen(clients.STORE, {"emaid": 7})))) == ["fail: emaid"]
    assert failures(clients.own_names(ids, by())) == ["fail: requests of the backend"]


def test_data_signed_and_then_stored_are_one_contract() -> None:
    both = by(signing(), seen(clients.STORE, {"emaid": EMAID}))
    assert failures(clients.own_names(EMSP.provider_ids, both)) == []


def test_after_a_reset_nothing_is_made_for_contract_or_vehicle() -> None:
    def judged(request: Seen) -> list[str]:
        return failures(clients.nothing_made(by(request), PCID, EMAID))

    assert judged(seen(clients.FETCH, pcid=PCID)) == []
    assert judged(seen(clients.GENERATE, {"emaid": "DEOWN000000009", "pcid": "WDB00000000000009"})) == []
    assert len(judged(seen(clients.GENERATE, {"emaid": EMAID, "pcid": "WDB00000000000009"}))) == 1
    assert len(judged(seen(clients.GENERATE, {"emaid": "DEOWN000000009", "pcid": PCID}))) == 1
    assert len(judged(signing())) == 1
