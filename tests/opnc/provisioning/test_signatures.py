"""Signatures: those of foreign stacks verify, ours verify, and what is wrong is named."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from opnc.exi import ISO2, ISO20, XMLDSIG, decode, encode, iso20
from opnc.exi.roots import ISO2_TYPED_EMAID
from opnc.exi.strings import StringsWritten
from opnc.exi.xmldsig import SignatureType, TransformsType, TransformType
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import V2G, V2G_20, V2G_20_ED448, SeededPki
from opnc.problem import Problem
from opnc.provisioning.algorithms import SUITES, make_signature_value
from opnc.provisioning.contract_data import ContractBundle, Session, installation_response
from opnc.provisioning.messages import (
    certificates,
    content_of,
    schema_of,
    signed_elements,
    signer_chain,
    with_signature,
)
from opnc.provisioning.signing import reference, seal, sign, signed_info
from opnc.provisioning.verification import SignatureReport, verify

if TYPE_CHECKING:
    from opnc.exi.xmldsig import ReferenceType, SignedInfoType
    from opnc.pki.credentials import Credential
    from opnc.provisioning.messages import Message

SUITE = SUITES["secp256r1"]
FOUR = ("ContractSignatureCertChain", "ContractSignatureEncryptedPrivateKey", "DHpublickey", "eMAID")


def key_of(message: Message) -> Any:
    return read_certificate(signer_chain(message)[0]).public_key


def names(report: SignatureReport) -> list[tuple[str, str]]:
    return [(finding.name, finding.field) for finding in report.findings]


@pytest.mark.parametrize(
    "name",
    [
        "iso2_CertificateInstallationReq_signed",
        "iso2_CertificateInstallationRes_signed",
        "iso20_CertificateInstallationReq_signed",
        "iso20_CertificateInstallationRes_signed",
    ],
)
def test_signatures_made_by_another_stack_verify(vectors: dict[str, Any], name: str) -> None:
    schema = ISO2 if name.startswith("iso2_") else ISO20
    message = decode(bytes.fromhex(vectors[name]["exi_hex"]), schema).value
    report = verify(message, key_of(message))
    assert report.valid
    assert report.authentic
    assert {check.form for check in report.references} == {"standard"}
    assert report.signed_info_form == "standard"


def test_the_signature_in_the_opnc_text_verifies(example: bytes) -> None:
    message = decode(example, ISO2).value
    report = verify(message, key_of(message))
    assert [(check.element, check.form) for check in report.references] == [
        (name, "standard") for name in FOUR
    ]
    assert report.findings == ()


@pytest.mark.parametrize(
    ("digest_input", "schema"),
    [
        ("iso2_frag_ContractSignatureCertChain", ISO2),
        ("iso2_frag_ContractSignatureEncryptedPrivateKey", ISO2),
        ("iso2_frag_DHpublickey", ISO2),
        ("iso2_frag_eMAID", ISO2),
        ("iso2_frag_CertificateInstallationReq", ISO2),
        ("iso20_frag_OEMProvisioningCertificateChain", ISO20),
        ("iso20_frag_SignedInstallationData", ISO20),
    ],
)
def test_a_reference_digests_what_another_stack_digests(
    vectors: dict[str, Any], digest_input: str, schema: Any
) -> None:
    octets = bytes.fromhex(vectors[digest_input]["exi_hex"])
    documents = {
        decode(bytes.fromhex(vector["exi_hex"]), schema).value
        for vector in vectors.values()
        if vector["kind"] == "document" and vector["schema"] == schema.name and "signed" in vector["name"]
    }
    value = decode(octets, schema, fragment=True).value
    element = next(e for document in documents for e in signed_elements(document) if e.value == value)
    digest = "http://www.w3.org/2001/04/xmlenc#sha512"
    assert reference(element, digest).DigestValue == hashlib.sha512(octets).digest()


# What follows is made here, so that it can be made wrong.


@pytest.fixture(scope="module")
def cps(pki: SeededPki) -> Credential:
    return pki.cps()


@pytest.fixture(scope="module")
def response(pki: SeededPki, cps: Credential) -> Message:
    bundle = ContractBundle(
        pcid="WP0TESTPCID000010",
        emaid="DEABCC12345678",
        chain=pki.contract("DEABCC12345678").chain[:3],
        encrypted_key=bytes(range(48)),
        dh_public_key=bytes(65),
    )
    return installation_response(bundle, cps, Session(b"\x00"))


def with_content(message: Any, content: Any) -> Message:
    """Put another response into a message of ISO 15118-2; None empties the body."""
    changed: Message = replace(message, Body=replace(message.Body, CertificateInstallationRes=content))
    return changed


def references_of(message: Message) -> list[ReferenceType]:
    return [reference(element, SUITE.digest) for element in signed_elements(message)]


def sealed(message: Message, references: list[ReferenceType], cps: Credential) -> Message:
    return with_signature(message, seal(signed_info(references, SUITE), cps.key))


def with_value(message: Message, value: bytes) -> Message:
    signature = message.Header.Signature
    assert signature
    changed = replace(signature, SignatureValue=replace(signature.SignatureValue, value=value))
    return with_signature(message, changed)


def sign_as(cps: Credential, octets: bytes) -> bytes:
    return make_signature_value(cps.key, SUITE.signature, octets)


def info_of(message: Message) -> SignedInfoType:
    assert message.Header.Signature
    return message.Header.Signature.SignedInfo


@pytest.mark.parametrize("tree", [V2G, V2G_20, V2G_20_ED448], ids=["-2", "-20", "-20 Ed448"])
def test_what_we_sign_verifies(pki: SeededPki, tree: Any, vectors: dict[str, Any]) -> None:
    name = (
        "iso2_CertificateInstallationRes_signed" if tree is V2G else "iso20_CertificateInstallationRes_signed"
    )
    foreign = decode(bytes.fromhex(vectors[name]["exi_hex"]), ISO2 if tree is V2G else ISO20).value
    credential = pki.cps(tree=tree)
    signed = sign(foreign, credential.key)
    report = verify(signed, credential.certificate.public_key)  # type: ignore[arg-type]  # known kinds only
    assert report.findings == ()
    lengths = {"secp256r1": 64, "secp521r1": 132, "ed448": 114}
    assert len(signed.Header.Signature.SignatureValue.value) == lengths[tree.algorithm]


def test_signing_is_reproducible(response: Message, cps: Credential) -> None:
    assert sign(response, cps.key) == sign(response, cps.key)


def test_a_signature_of_ours_verifies_with_plain_ecdsa(response: Message, cps: Credential) -> None:
    """Without this project's code: the standard library's hash, DER made by hand."""
    value = response.Header.Signature.SignatureValue.value  # type: ignore[union-attr]  # it is signed
    r, s = (int.from_bytes(half, "big") for half in (value[:32], value[32:]))
    octets = encode(info_of(response), XMLDSIG, fragment=True)
    parts = b"".join(
        b"\x02" + bytes([len(n)]) + n for n in (i.to_bytes(i.bit_length() // 8 + 1, "big") for i in (r, s))
    )
    public = cps.certificate.public_key
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(b"\x30" + bytes([len(parts)]) + parts, octets, ec.ECDSA(hashes.SHA256()))


def test_a_message_without_signature_is_found(response: Message) -> None:
    report = verify(with_signature(response, None), key_of(response))
    assert names(report) == [("signature-missing", "Header/Signature")]
    assert not report.authentic


@pytest.mark.parametrize("place", range(4))
def test_the_element_whose_digest_is_wrong_is_named(response: Message, cps: Credential, place: int) -> None:
    references = references_of(response)
    references[place] = replace(references[place], DigestValue=bytes(32))
    report = verify(sealed(response, references, cps), key_of(response))
    assert names(report) == [("digest-wrong", FOUR[place])]
    assert [check.form for check in report.references].count(None) == 1


def test_references_may_come_in_any_order(response: Message, cps: Credential) -> None:
    assert verify(sealed(response, references_of(response)[::-1], cps), key_of(response)).valid


def test_swapped_references_are_named(response: Message, cps: Credential) -> None:
    one, two, three, four = references_of(response)
    swapped = [replace(one, URI=two.URI), replace(two, URI=one.URI), three, four]
    report = verify(sealed(response, swapped, cps), key_of(response))
    assert names(report) == [("references-swapped", FOUR[0]), ("references-swapped", FOUR[1])]
    assert report.findings[0].seen == f"that of {FOUR[1]}"


def test_a_missing_reference_is_named(response: Message, cps: Credential) -> None:
    report = verify(sealed(response, references_of(response)[:3], cps), key_of(response))
    assert names(report) == [("reference-missing", "eMAID")]


@pytest.mark.parametrize("uri", ["#id9", "id1", None])
def test_an_extra_reference_is_named(response: Message, cps: Credential, uri: str | None) -> None:
    references = references_of(response)
    extra = replace(references[0], URI=uri)
    report = verify(sealed(response, [*references, extra], cps), key_of(response))
    assert names(report) == [("reference-extra", str(uri))]


def test_a_repeated_reference_is_named(response: Message, cps: Credential) -> None:
    references = references_of(response)
    report = verify(sealed(response, [*references, references[0]], cps), key_of(response))
    assert names(report) == [("reference-repeated", "#id1")]


def test_an_id_of_two_elements_is_named(response: Message, cps: Credential) -> None:
    content: Any = content_of(response)
    twin = replace(content, DHpublickey=replace(content.DHpublickey, Id="id2"))
    message = with_content(response, twin)
    report = verify(sign(message, cps.key), key_of(response))
    assert ("id-repeated", "id2") in names(report)
    assert not report.valid


def test_the_form_of_the_emaid_that_libcbv2g_digests_is_named(response: Message, cps: Credential) -> None:
    references = references_of(response)
    typed = encode(signed_elements(response)[3].value, ISO2_TYPED_EMAID, fragment=True)
    references[3] = replace(references[3], DigestValue=hashlib.sha256(typed).digest())
    report = verify(sealed(response, references, cps), key_of(response))
    assert names(report) == [("digest-typed-emaid", "eMAID")]
    assert report.references[3].form == "typed"
    assert report.authentic
    assert not report.valid


def test_signed_info_in_the_grammar_of_the_message_is_named(response: Message, cps: Credential) -> None:
    octets = encode(info_of(response), schema_of(response), fragment=True)
    report = verify(with_value(response, sign_as(cps, octets)), key_of(response))
    assert names(report) == [("signed-info-message-schema", "SignedInfo")]
    assert (report.signed_info_form, report.authentic) == ("message-schema", True)


def test_signed_info_with_string_tables_is_named(response: Message, cps: Credential) -> None:
    octets = encode(info_of(response), XMLDSIG, fragment=True, strings=StringsWritten())
    report = verify(with_value(response, sign_as(cps, octets)), key_of(response))
    assert names(report) == [("signed-info-string-tables", "SignedInfo")]


def test_our_string_tables_are_those_of_exificient(vectors: dict[str, Any]) -> None:
    foreign = bytes.fromhex(vectors["xmldsig_frag_SignedInfo_with_string_table_hits"]["exi_hex"])
    info = decode(foreign, XMLDSIG, fragment=True).value
    assert encode(info, XMLDSIG, fragment=True, strings=StringsWritten()) == foreign


def test_a_signature_in_der_is_named(response: Message, cps: Credential) -> None:
    octets = encode(info_of(response), XMLDSIG, fragment=True)
    assert isinstance(cps.key, ec.EllipticCurvePrivateKey)
    der = cps.key.sign(octets, ec.ECDSA(hashes.SHA256()))
    report = verify(with_value(response, der), key_of(response))
    assert names(report) == [("signature-der", "SignatureValue")]
    assert report.authentic


def test_a_signature_by_another_known_key_is_named(response: Message, pki: SeededPki) -> None:
    contract = pki.contract("DEABCC12345678")
    holder = {"CN=DEABCC12345678": read_certificate(contract.der).public_key}
    message = with_signature(response, seal(info_of(response), contract.key))
    report = verify(message, key_of(response), holder)  # type: ignore[arg-type]  # known kinds only
    assert names(report) == [("signature-wrong-key", "SignatureValue")]
    assert report.findings[0].seen == "one of CN=DEABCC12345678"
    assert not report.authentic


@pytest.mark.parametrize(
    ("value", "name"),
    [(bytes(64), "signature-invalid"), (b"\x01" * 64, "signature-invalid"), (b"", "signature-length")],
)
def test_a_signature_by_nobody_is_named(response: Message, value: bytes, name: str) -> None:
    report = verify(with_value(response, value), key_of(response))
    assert names(report) == [(name, "SignatureValue")]


def test_other_algorithms_are_named(response: Message, cps: Credential) -> None:
    references = [
        replace(
            reference(element, SUITES["secp521r1"].digest),
            Transforms=TransformsType(Transform=(TransformType(Algorithm="http://www.w3.org/TR/xml-c14n"),)),
        )
        for element in signed_elements(response)
    ]
    info = signed_info(references, SUITES["secp521r1"])
    info = replace(info, CanonicalizationMethod=replace(info.CanonicalizationMethod, Algorithm="c14n"))
    report = verify(with_signature(response, seal(info, cps.key)), key_of(response))
    found = [finding.name for finding in report.findings]
    assert found == ["canonicalization", "signature-algorithm", *["digest-algorithm", "transform"] * 4]
    assert report.authentic


def test_an_unknown_digest_algorithm_fits_nothing(response: Message, cps: Credential) -> None:
    references = references_of(response)
    method = replace(references[0].DigestMethod, Algorithm="urn:nothing")
    references[0] = replace(references[0], DigestMethod=method)
    report = verify(sealed(response, references, cps), key_of(response))
    assert [finding.name for finding in report.findings] == ["digest-algorithm", "digest-wrong"]


def test_an_element_without_id_cannot_be_signed(response: Message, cps: Credential) -> None:
    content: Any = content_of(response)
    bare = replace(content, ContractSignatureCertChain=replace(content.ContractSignatureCertChain, Id=None))
    message = with_content(response, bare)
    with pytest.raises(Problem, match="without an Id cannot be signed"):
        sign(message, cps.key)
    assert ("reference-missing", FOUR[0]) in names(verify(message, key_of(response)))


def test_a_message_with_an_empty_body_has_nothing_to_sign(response: Message) -> None:
    empty = with_content(response, None)
    with pytest.raises(Problem, match="body of the message is empty"):
        verify(empty, key_of(response))


def test_every_kind_of_message_names_who_signs(vectors: dict[str, Any]) -> None:
    update = decode(bytes.fromhex(vectors["iso2_CertificateUpdateReq"]["exi_hex"]), ISO2).value
    chain = content_of(update).ContractSignatureCertChain
    assert signer_chain(update) == certificates(chain)
    assert [element.name for element in signed_elements(update)] == ["CertificateUpdateReq"]
    answer = decode(bytes.fromhex(vectors["iso2_CertificateUpdateRes"]["exi_hex"]), ISO2).value
    assert [element.name for element in signed_elements(answer)] == list(FOUR)


def test_a_signature_survives_its_message(response: Message) -> None:
    read = decode(encode(response, ISO2), ISO2).value
    assert isinstance(read.Header.Signature, SignatureType)
    assert verify(read, key_of(read)).valid
    assert not isinstance(read, iso20.CertificateInstallationResType)
