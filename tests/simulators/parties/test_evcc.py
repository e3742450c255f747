"""The vehicle asks, and installs what holds."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from opnc.exi import ISO2, decode, iso2, iso20
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import EMSP, V2G, V2G_20, V2G_20_ED448, SeededPki, Tree, Variation
from opnc.problem import Problem
from opnc.provisioning.contract_data import Session, installation_response
from opnc.provisioning.messages import signer_chain
from opnc.provisioning.requests import Wishes
from opnc.provisioning.verification import verify
from tests.simulators.parties.responses import EMAID, NOW, PCID, bundle_of, exi, response_of, vehicle_of

if TYPE_CHECKING:
    from simulators.parties.evcc import Evcc


def test_a_contract_is_asked_for_and_installed(pki: SeededPki, vehicle: Evcc) -> None:
    request = vehicle.request("ISO15118-2", NOW)
    asked = decode(request.exi, ISO2).value
    public = read_certificate(signer_chain(asked)[0]).public_key
    assert public
    assert verify(asked, public).valid
    response = installation_response(bundle_of(pki), pki.cps(), Session(request.session_id))
    outcome = vehicle.install(exi(response), NOW, session_id=request.session_id)
    assert outcome.findings == ()
    assert outcome.contract
    assert outcome.contract.emaid == EMAID
    assert outcome.contract.chain == pki.contract(EMAID).chain[:3]
    assert outcome.contract.key.public_key() == read_certificate(pki.contract(EMAID).der).public_key
    assert vehicle.contracts() == (outcome.contract,)
    assert vehicle.default() == outcome.contract


def test_base64_as_opnc_carries_it_is_installed(pki: SeededPki, vehicle: Evcc) -> None:
    text = base64.b64encode(exi(response_of(pki))).decode()
    assert vehicle.install(text, NOW).contract
    assert vehicle.request("ISO15118-2", NOW).text.startswith("gJg")


@pytest.mark.parametrize("tree", [V2G_20, V2G_20_ED448])
def test_a_contract_of_iso_20_is_asked_for_and_installed(pki: SeededPki, tree: Tree) -> None:
    vehicle = vehicle_of(
        pki,
        credentials={"ISO15118-20": pki.vehicle(PCID, tree)},
        v2g_roots=(pki.root(tree).certificate,),
    )
    request = vehicle.request("ISO15118-20", NOW, wishes=Wishes(2, (EMAID,)))
    assert isinstance(request.message, iso20.CertificateInstallationReqType)
    assert request.message.MaximumContractCertificateChains == 2
    session = Session(request.session_id, NOW)
    response = installation_response(bundle_of(pki, tree=tree), pki.cps(tree=tree), session)
    outcome = vehicle.install(exi(response), NOW, "ISO15118-20", request.session_id)
    assert outcome.findings == ()
    assert vehicle.contracts("ISO15118-20") == (outcome.contract,)
    assert vehicle.contracts("ISO15118-2") == ()


def test_a_contract_below_an_unknown_root_of_its_emsp_is_installed(pki: SeededPki, vehicle: Evcc) -> None:
    contract = pki.contract(EMAID, EMSP)
    assert vehicle.install(exi(response_of(pki, contract=contract)), NOW).findings == ()


def test_the_same_seed_makes_the_same_request(pki: SeededPki) -> None:
    first, second = (vehicle_of(pki).request("ISO15118-2", NOW) for _ in range(2))
    assert first == second
    assert len(first.session_id) == 8


def test_a_request_names_the_first_20_roots(pki: SeededPki) -> None:
    roots = tuple(pki.root(Tree(number=number)).certificate for number in range(1, 23))
    request = vehicle_of(pki, v2g_roots=roots).request("ISO15118-2", NOW, session_id=b"")
    assert isinstance(request.message, iso2.V2GMessage)
    asked = request.message.Body.CertificateInstallationReq
    assert asked
    serials = [named.X509SerialNumber for named in asked.ListOfRootCertificateIDs.RootCertificateID]
    assert serials == [root.serial for root in roots[:20]]


def test_several_contracts_and_a_default(pki: SeededPki, vehicle: Evcc) -> None:
    other = "DEXYZC87654321"
    for emaid in (EMAID, other):
        assert vehicle.install(exi(response_of(pki, emaid=emaid)), NOW).contract
    assert [contract.emaid for contract in vehicle.contracts()] == [EMAID, other]
    assert vehicle.default() == vehicle.contracts()[0]
    vehicle.set_default(other)
    assert vehicle.default() == vehicle.contracts()[1]
    vehicle.remove(other)
    assert vehicle.default() == vehicle.contracts()[0]
    vehicle.remove(EMAID)
    assert vehicle.default() is None
    for refused in (vehicle.set_default, vehicle.remove):
        with pytest.raises(Problem, match="no contract 'DEABCC12345678' of ISO15118-2 is installed"):
            refused(EMAID)


def test_removing_another_contract_keeps_the_default(pki: SeededPki, vehicle: Evcc) -> None:
    other = "DEXYZC87654321"
    for emaid in (EMAID, other):
        vehicle.install(exi(response_of(pki, emaid=emaid)), NOW)
    vehicle.remove(other)
    assert vehicle.default() == vehicle.contracts()[0]


def test_a_renewed_contract_replaces_the_old_one(pki: SeededPki, vehicle: Evcc) -> None:
    vehicle.install(exi(response_of(pki)), NOW)
    renewed = pki.contract(EMAID, V2G, Variation(key=2, issue=2))
    outcome = vehicle.install(exi(response_of(pki, contract=renewed)), NOW)
    assert vehicle.contracts() == (outcome.contract,)


def test_a_vehicle_of_one_generation_cannot_ask_in_the_other(pki: SeededPki) -> None:
    vehicle = vehicle_of(pki, credentials={"ISO15118-2": pki.vehicle(PCID)})
    with pytest.raises(Problem, match="no provisioning certificate of ISO15118-20"):
        vehicle.request("ISO15118-20", NOW)
