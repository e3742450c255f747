"""The vehicle asks, installs what holds, and names what does not."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from opnc.exi import ISO2, XMLDSIG, decode, encode, iso2, iso20
from opnc.pki.keys import Seed
from opnc.pki.profiles import profile
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import EMSP, OEM, V2G, V2G_20, V2G_20_ED448, SeededPki, Tree, Variation
from opnc.problem import Problem
from opnc.provisioning.algorithms import SUITES, make_signature_value
from opnc.provisioning.contract_data import ContractBundle, Session, installation_response, make_bundle
from opnc.provisioning.failures import Failure, failure_response
from opnc.provisioning.keywrap import CURVE, wrap_scalar, x963_kdf
from opnc.provisioning.messages import schema_of, signed_elements, signer_chain, with_signature
from opnc.provisioning.namespaces import schema_of_version
from opnc.provisioning.requests import Wishes
from opnc.provisioning.signing import reference, seal, sign, signed_info
from opnc.provisioning.verification import verify
from simulators.vehicle import Equipment, Vehicle
from tests.exi.vectors import opnc_example

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.exi.xmldsig import ReferenceType
    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Version
    from opnc.provisioning.installation import Outcome
    from opnc.provisioning.messages import Message

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PCID = "WP0TESTPCID0000101"
EMAID = "DEABCC12345678"
SESSION = Session(b"\x01", NOW)
SUITE = SUITES["secp256r1"]
ELEMENTS = ("ContractSignatureCertChain", "ContractSignatureEncryptedPrivateKey", "DHpublickey", "eMAID")


@pytest.fixture(scope="module")
def pki() -> SeededPki:
    return SeededPki(Seed("vehicle"), NOW)


def randomness() -> Callable[[int], bytes]:
    calls = count()
    return lambda size: Seed("vehicle").octets(str(next(calls)), size)


def vehicle_of(pki: SeededPki, **changes: Any) -> Vehicle:
    equipment = Equipment(
        PCID,
        {"ISO15118-2": pki.vehicle(PCID), "ISO15118-20": pki.vehicle(PCID, V2G_20)},
        (pki.root().certificate, pki.root(V2G_20).certificate),
    )
    return Vehicle(replace(equipment, **changes), randomness())


@pytest.fixture
def vehicle(pki: SeededPki) -> Vehicle:
    return vehicle_of(pki)


def bundle_of(
    pki: SeededPki,
    *,
    emaid: str = EMAID,
    contract: Credential | None = None,
    vehicle: Credential | None = None,
    tree: Tree = V2G,
) -> ContractBundle:
    contract = contract or pki.contract(emaid, tree)
    vehicle = vehicle or pki.vehicle(PCID, tree if tree is not V2G else OEM)
    return make_bundle(PCID, emaid, contract, vehicle.certificate, randomness())


def exi(message: Message) -> bytes:
    return encode(message, schema_of(message))


def response_of(pki: SeededPki, **choices: Any) -> Any:
    return installation_response(bundle_of(pki, **choices), pki.cps(), SESSION)


def changed(pki: SeededPki, content: Callable[[Any], Any]) -> bytes:
    """A response that was changed before it was signed."""
    message = response_of(pki)
    body = replace(message.Body, CertificateInstallationRes=content(message.Body.CertificateInstallationRes))
    return exi(sign(replace(message, Body=body), pki.cps().key))


def signed_with(pki: SeededPki, change: Callable[[list[ReferenceType]], list[ReferenceType]]) -> bytes:
    """A response whose references were changed before they were signed."""
    message = response_of(pki)
    references = [reference(element, SUITE.digest) for element in signed_elements(message)]
    return exi(with_signature(message, seal(signed_info(change(references), SUITE), pki.cps().key)))


def names(outcome: Outcome) -> list[str]:
    assert outcome.contract is None
    return [finding.name for finding in outcome.findings if finding.level == "fail"]


def fields(outcome: Outcome) -> list[tuple[str, str]]:
    return [(finding.name, finding.field) for finding in outcome.findings]


# What holds is installed.


def test_a_contract_is_asked_for_and_installed(pki: SeededPki, vehicle: Vehicle) -> None:
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


def test_base64_as_opnc_carries_it_is_installed(pki: SeededPki, vehicle: Vehicle) -> None:
    text = base64.b64encode(exi(response_of(pki))).decode()
    assert vehicle.install(text, NOW).contract
    assert vehicle.request("ISO15118-2", NOW).text.startswith("gJg")


@pytest.mark.parametrize("tree", [V2G_20, V2G_20_ED448])
def test_a_contract_of_iso_20_is_asked_for_and_installed(pki: SeededPki, tree: Tree) -> None:
    vehicle = vehicle_of(
        pki,
        provisioning={"ISO15118-20": pki.vehicle(PCID, tree)},
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


def test_a_contract_below_an_unknown_root_of_its_emsp_is_installed(pki: SeededPki, vehicle: Vehicle) -> None:
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


def test_several_contracts_and_a_default(pki: SeededPki, vehicle: Vehicle) -> None:
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


def test_removing_another_contract_keeps_the_default(pki: SeededPki, vehicle: Vehicle) -> None:
    other = "DEXYZC87654321"
    for emaid in (EMAID, other):
        vehicle.install(exi(response_of(pki, emaid=emaid)), NOW)
    vehicle.remove(other)
    assert vehicle.default() == vehicle.contracts()[0]


def test_a_renewed_contract_replaces_the_old_one(pki: SeededPki, vehicle: Vehicle) -> None:
    vehicle.install(exi(response_of(pki)), NOW)
    renewed = pki.contract(EMAID, V2G, Variation(key=2, issue=2))
    outcome = vehicle.install(exi(response_of(pki, contract=renewed)), NOW)
    assert vehicle.contracts() == (outcome.contract,)


def test_a_vehicle_of_one_generation_cannot_ask_in_the_other(pki: SeededPki) -> None:
    vehicle = vehicle_of(pki, provisioning={"ISO15118-2": pki.vehicle(PCID)})
    with pytest.raises(Problem, match="no provisioning certificate of ISO15118-20"):
        vehicle.request("ISO15118-20", NOW)


# What does not hold is named, and nothing is installed.


@pytest.mark.parametrize("place", range(4))
def test_a_wrong_digest_is_refused_by_element(pki: SeededPki, vehicle: Vehicle, place: int) -> None:
    def spoil(references: list[ReferenceType]) -> list[ReferenceType]:
        references[place] = replace(references[place], DigestValue=bytes(32))
        return references

    outcome = vehicle.install(signed_with(pki, spoil), NOW)
    assert fields(outcome) == [("digest-wrong", ELEMENTS[place])]
    assert names(outcome) == ["digest-wrong"]
    assert vehicle.contracts() == ()


def test_swapped_references_are_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    def swap(references: list[ReferenceType]) -> list[ReferenceType]:
        one, two, *rest = references
        return [replace(one, URI=two.URI), replace(two, URI=one.URI), *rest]

    assert names(vehicle.install(signed_with(pki, swap), NOW)) == ["references-swapped"] * 2


def test_three_references_are_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    outcome = vehicle.install(signed_with(pki, lambda references: references[:3]), NOW)
    assert fields(outcome) == [("reference-missing", "eMAID")]
    assert names(outcome) == ["reference-missing"]


def test_signed_info_in_the_wrong_grammar_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    message = response_of(pki)
    signature = message.Header.Signature
    octets = encode(signature.SignedInfo, ISO2, fragment=True)
    value = make_signature_value(pki.cps().key, SUITE.signature, octets)
    wrong = replace(signature, SignatureValue=replace(signature.SignatureValue, value=value))
    assert names(vehicle.install(exi(with_signature(message, wrong)), NOW)) == ["signed-info-message-schema"]


def test_a_der_signature_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    message, key = response_of(pki), pki.cps().key
    signature = message.Header.Signature
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    der = key.sign(encode(signature.SignedInfo, XMLDSIG, fragment=True), ec.ECDSA(hashes.SHA256()))
    wrong = replace(signature, SignatureValue=replace(signature.SignatureValue, value=der))
    assert names(vehicle.install(exi(with_signature(message, wrong)), NOW)) == ["signature-der"]


def test_an_unsigned_response_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    outcome = vehicle.install(exi(with_signature(response_of(pki), None)), NOW)
    assert names(outcome) == ["signature-missing"]


def test_a_signature_by_the_contract_key_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    message = sign(response_of(pki), pki.contract(EMAID).key)
    assert names(vehicle.install(exi(message), NOW)) == ["signature-wrong-key"]


def test_a_cps_leaf_without_its_domain_component_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    bare = pki.cps(variation=Variation(profile=replace(profile("iso2/cps"), dc=None)))
    message = installation_response(bundle_of(pki), bare, SESSION)
    assert names(vehicle.install(exi(message), NOW)) == ["cps-domain-component"]


def test_a_cps_below_an_unknown_root_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    foreign = pki.cps(tree=Tree(number=2))
    message = installation_response(bundle_of(pki), foreign, SESSION)
    outcome = vehicle.install(exi(message), NOW)
    assert names(outcome) == ["issuer-missing"]
    assert outcome.findings[0].where.startswith("CPS chain, ")


def test_a_cps_below_the_evil_twin_of_a_root_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    twin = pki.cps(tree=Tree(edition=2))
    message = installation_response(bundle_of(pki), twin, SESSION)
    assert names(vehicle.install(exi(message), NOW)) == ["signature-invalid"]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ((0, 2), ["chain-broken", "issuer-missing"]),
        ((0,), ["issuer-missing"]),
        ((0, 3, 2), ["chain-broken", "issuer-missing"]),
        ((0, 1, 2, 3), ["chain-broken"]),
    ],
    ids=["Sub-CA 2 left out", "leaf alone", "another Sub-CA 2", "one too many"],
)
def test_a_broken_contract_chain_is_refused(
    pki: SeededPki, vehicle: Vehicle, sent: tuple[int, ...], found: list[str]
) -> None:
    contract = pki.contract(EMAID)
    at_hand = (*contract.chain[:3], pki.authority("cpo", "sub2").der)
    broken = replace(contract, chain=tuple(at_hand[place] for place in sent))
    outcome = vehicle.install(exi(response_of(pki, contract=broken)), NOW)
    assert sorted(set(names(outcome))) == found
    assert all("contract chain" in (finding.where or finding.field) for finding in outcome.findings)


def test_a_contract_signed_by_another_key_of_the_same_name_is_refused(
    pki: SeededPki, vehicle: Vehicle
) -> None:
    contract, twin = pki.contract(EMAID), pki.authority("emsp", "sub2", Tree(edition=2))
    broken = replace(contract, chain=(contract.der, twin.der, *contract.chain[2:3]))
    assert "signature-invalid" in names(vehicle.install(exi(response_of(pki, contract=broken)), NOW))


@pytest.mark.parametrize(
    ("variation", "name"),
    [
        (Variation(not_after=NOW - timedelta(hours=1)), "expired"),
        (Variation(not_before=NOW + timedelta(hours=1)), "not-yet-valid"),
    ],
)
def test_a_contract_out_of_time_is_refused(
    pki: SeededPki, vehicle: Vehicle, variation: Variation, name: str
) -> None:
    contract = pki.contract(EMAID, V2G, variation)
    assert names(vehicle.install(exi(response_of(pki, contract=contract)), NOW)) == [name]


def test_an_expired_cps_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    outcome = vehicle.install(exi(response_of(pki)), NOW + timedelta(days=91))
    assert names(outcome) == ["expired"]
    assert outcome.findings[0].where.startswith("CPS chain, ")


def test_an_emaid_that_is_not_the_contracts_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    response = response_of(pki, emaid="DEABCC99999999", contract=pki.contract(EMAID))
    assert names(vehicle.install(exi(response), NOW)) == ["emaid-differs"]


def test_an_emaid_may_be_spelt_otherwise(pki: SeededPki, vehicle: Vehicle) -> None:
    spelt = exi(response_of(pki, emaid="deabcc12345678", contract=pki.contract(EMAID)))
    assert vehicle.install(spelt, NOW).contract


def test_a_key_wrapped_for_another_vehicle_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    other = pki.vehicle("WP0TESTPCID0000202")
    assert names(vehicle.install(exi(response_of(pki, vehicle=other)), NOW)) == ["key-mismatch"]


def with_key(pki: SeededPki, scalar: int, **how: Any) -> bytes:
    recipient = pki.vehicle(PCID).certificate.public_key
    assert isinstance(recipient, ec.EllipticCurvePublicKey)
    wrapped = wrap_scalar(scalar.to_bytes(32, "big"), recipient, randomness(), **how)
    return changed(
        pki,
        lambda content: replace(
            content,
            ContractSignatureEncryptedPrivateKey=replace(
                content.ContractSignatureEncryptedPrivateKey, value=wrapped.encrypted
            ),
            DHpublickey=replace(content.DHpublickey, value=wrapped.public),
        ),
    )


def test_the_wrong_key_derivation_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    key = pki.contract(EMAID).key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    response = with_key(pki, key.private_numbers().private_value, kdf=x963_kdf)
    assert names(vehicle.install(response, NOW)) == ["kdf-x963"]


@pytest.mark.parametrize(
    ("scalar", "name"), [(0, "scalar-zero"), (CURVE.group_order, "scalar-out-of-range"), (7, "key-mismatch")]
)
def test_a_number_that_is_not_the_contract_key_is_refused(
    pki: SeededPki, vehicle: Vehicle, scalar: int, name: str
) -> None:
    assert names(vehicle.install(with_key(pki, scalar), NOW)) == [name]


def off_the_curve(content: Any) -> Any:
    point = content.DHpublickey.value
    return replace(
        content, DHpublickey=replace(content.DHpublickey, value=point[:-1] + bytes([point[-1] ^ 1]))
    )


def with_encrypted(change: Callable[[bytes], bytes]) -> Callable[[Any], Any]:
    def spoil(content: Any) -> Any:
        key = content.ContractSignatureEncryptedPrivateKey
        return replace(content, ContractSignatureEncryptedPrivateKey=replace(key, value=change(key.value)))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (off_the_curve, "point-not-on-curve"),
        (with_encrypted(lambda octets: octets[16:]), "iv-missing"),
        (with_encrypted(lambda octets: octets[:47]), "encrypted-key-length"),
    ],
)
def test_a_wrapped_key_of_the_wrong_form_is_refused(
    pki: SeededPki, vehicle: Vehicle, spoil: Callable[[Any], Any], name: str
) -> None:
    assert names(vehicle.install(changed(pki, spoil), NOW)) == [name]


def test_a_contract_key_of_another_kind_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    foreign = pki.contract(EMAID, V2G_20).chain[:3]

    def exchange(content: Any) -> Any:
        leaf, *above = foreign
        sub = iso2.SubCertificatesType(Certificate=tuple(above))
        chain = replace(content.ContractSignatureCertChain, Certificate=leaf, SubCertificates=sub)
        return replace(content, ContractSignatureCertChain=chain)

    assert names(vehicle.install(changed(pki, exchange), NOW)) == ["contract-key-algorithm"]


@pytest.mark.parametrize("element", ["SAProvisioningCertificateChain", "ContractSignatureCertChain"])
def test_a_certificate_that_is_none_is_refused(pki: SeededPki, vehicle: Vehicle, element: str) -> None:
    def spoil(content: Any) -> Any:
        return replace(content, **{element: replace(getattr(content, element), Certificate=b"no DER")})

    outcome = vehicle.install(changed(pki, spoil), NOW)
    assert "certificate-unreadable" in names(outcome)


def test_truncated_exi_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    data = exi(response_of(pki))
    outcome = vehicle.install(data[:-10], NOW)
    assert names(outcome) == ["exi-truncated"]
    assert outcome.findings[0].field.startswith("V2G_Message/Body/CertificateInstallationRes/")


def test_exi_that_is_none_is_refused(vehicle: Vehicle) -> None:
    assert names(vehicle.install(b"\x80\xff\xff\xff", NOW)) == ["exi-invalid"]
    assert names(vehicle.install(b"", NOW)) == ["exi-truncated"]


def test_the_exi_of_another_message_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    request = vehicle.request("ISO15118-2", NOW).exi
    late = vehicle.request("ISO15118-20", NOW).exi
    empty = exi(iso2.V2GMessage(Header=iso2.MessageHeaderType(SessionID=b""), Body=iso2.BodyType()))
    fragment = encode(signed_elements(response_of(pki))[3].value, ISO2, fragment=True)
    seen = [vehicle.install(octets, NOW).findings for octets in (request, late, empty, fragment)]
    assert [(finding.name, finding.seen) for (finding,) in seen] == [
        ("other-message", "CertificateInstallationReq"),
        ("other-message", "CertificateInstallationReq of iso20"),
        ("other-message", "an empty body"),
        ("other-message", "eMAID of iso2"),
    ]


def test_base64_with_line_breaks_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    text = base64.encodebytes(exi(response_of(pki))).decode()
    assert names(vehicle.install(text, NOW)) == ["line-breaks"]


def test_text_that_is_no_base64_is_refused(vehicle: Vehicle) -> None:
    assert names(vehicle.install("not base64!", NOW)) == ["base64-invalid"]


def test_one_octet_too_many_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    assert names(vehicle.install(exi(response_of(pki)) + b"\x00", NOW)) == ["trailing-octet"]


def test_the_response_of_another_session_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    outcome = vehicle.install(exi(response_of(pki)), NOW, session_id=b"\x02")
    assert names(outcome) == ["session-id"]


@pytest.mark.parametrize("failure", list(Failure))
def test_a_failure_installs_nothing(vehicle: Vehicle, failure: Failure) -> None:
    outcome = vehicle.install(exi(failure_response(failure, "ISO15118-2", SESSION)), NOW)
    assert names(outcome) == ["response-code"]


def test_a_key_of_iso_20_that_does_not_open_is_not_judged(pki: SeededPki, vehicle: Vehicle) -> None:
    bundle = bundle_of(pki, tree=V2G_20, vehicle=pki.vehicle("WP0TESTPCID0000202", V2G_20))
    message = installation_response(bundle, pki.cps(tree=V2G_20), Session(bytes(8), NOW))
    outcome = vehicle.install(exi(message), NOW, "ISO15118-20")
    assert (outcome.contract, outcome.inconclusive, names(outcome)) == (None, True, [])
    assert [finding.name for finding in outcome.findings] == ["key-not-opened"]


def test_a_pcid_without_check_digit_leaves_a_key_of_iso_20_open(pki: SeededPki) -> None:
    vehicle = vehicle_of(pki, pcid=PCID[:17])
    message = installation_response(bundle_of(pki, tree=V2G_20), pki.cps(tree=V2G_20), Session(bytes(8), NOW))
    outcome = vehicle.install(exi(message), NOW, "ISO15118-20")
    assert ([finding.name for finding in outcome.findings], outcome.inconclusive) == (["key-binding"], True)


def test_a_key_for_a_tpm_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    message: Any = installation_response(
        bundle_of(pki, tree=V2G_20), pki.cps(tree=V2G_20), Session(bytes(8), NOW)
    )
    data = replace(
        message.SignedInstallationData, SECP521_EncryptedPrivateKey=None, TPM_EncryptedPrivateKey=bytes(206)
    )
    tpm = sign(replace(message, SignedInstallationData=data), pki.cps(tree=V2G_20).key)
    assert names(vehicle.install(exi(tpm), NOW, "ISO15118-20")) == ["tpm-key"]


def test_a_curve_that_does_not_fit_the_key_is_refused(pki: SeededPki, vehicle: Vehicle) -> None:
    message: Any = installation_response(
        bundle_of(pki, tree=V2G_20), pki.cps(tree=V2G_20), Session(bytes(8), NOW)
    )
    data = replace(message.SignedInstallationData, ECDHCurve="X448")
    wrong = sign(replace(message, SignedInstallationData=data), pki.cps(tree=V2G_20).key)
    assert names(vehicle.install(exi(wrong), NOW, "ISO15118-20")) == ["ecdh-curve"]


def test_every_defect_is_told_at_once(pki: SeededPki, vehicle: Vehicle) -> None:
    foreign = pki.cps(tree=Tree(number=2))
    bundle = replace(bundle_of(pki, vehicle=pki.vehicle("WP0TESTPCID0000202")), emaid="DEABCC99999999")
    outcome = vehicle.install(exi(installation_response(bundle, foreign, SESSION)), NOW)
    assert names(outcome) == ["issuer-missing", "emaid-differs", "key-mismatch"]


def test_another_success_is_no_answer_to_an_installation(pki: SeededPki, vehicle: Vehicle) -> None:
    joined = changed(pki, lambda content: replace(content, ResponseCode="OK_OldSessionJoined"))
    assert names(vehicle.install(joined, NOW)) == ["response-code"]
    soon = changed(pki, lambda content: replace(content, ResponseCode="OK_CertificateExpiresSoon"))
    assert vehicle.install(soon, NOW).contract


def signed_part(octets: bytes, version: Version) -> Any:
    message = decode(octets, schema_of_version(version)).value
    return message.Header.Signature, [element.value for element in signed_elements(message)]


@pytest.mark.parametrize("tree", [V2G, V2G_20])
def test_a_changed_octet_of_the_signed_part_is_refused(pki: SeededPki, vehicle: Vehicle, tree: Tree) -> None:
    """Every thirteenth octet here, every single one in benchmarks/mutations.py."""
    session = Session(bytes(range(8)), NOW)
    data = exi(installation_response(bundle_of(pki, tree=tree), pki.cps(tree=tree), session))
    installed = 0
    for place in range(0, len(data), 13):
        mutated = data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]
        outcome = vehicle.judge(mutated, NOW, tree.version, session.id)
        if outcome.contract:
            installed += 1
            assert signed_part(mutated, tree.version) == signed_part(data, tree.version)
        else:
            assert outcome.findings
    assert installed < 3, "a time stamp at most"


def test_the_response_of_the_opnc_text_lacks_only_its_root_and_our_key(pki: SeededPki) -> None:
    """Four digests, signature, both chains and the EMAID hold at a clock of its time."""
    vehicle = vehicle_of(pki, v2g_roots=())
    outcome = vehicle.judge(bytes.fromhex(opnc_example()["exi_hex"]), datetime(2025, 1, 1, tzinfo=UTC))
    assert names(outcome) == ["issuer-missing", "key-mismatch"]
    assert outcome.findings[0].expected.startswith("a certificate of CN=V2G Root CA QA G1")
