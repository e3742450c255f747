"""OCSP: built, read and judged, with openssl on the other side."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, get_args

import pytest
from cryptography.x509 import ocsp as library
from hypothesis import given, settings
from hypothesis import strategies as st

from opnc.pki.deviations import Unreadable
from opnc.pki.files import key_to_pem, to_pem
from opnc.pki.ocsp import (
    MAX_REQUEST_BYTES,
    Refusal,
    StatusResponse,
    build_refusal,
    build_request,
    build_response,
    cert_id,
    from_path,
    read_request,
    read_response,
    to_path,
)
from opnc.pki.profiles import find, profile
from opnc.pki.revocation import GOOD, OPNC_REASONS, UNKNOWN, Status, revoked
from opnc.pki.status import check_response, ocsp_status
from opnc.pki.testbed import V2G, V2G_20, V2G_20_ED448, Tree, Variation

if TYPE_CHECKING:
    from opnc.pki.credentials import Credential
    from opnc.pki.testbed import SeededPki
    from tests.opnc.pki.conftest import Program

NONCE = bytes(range(16))
HOUR = timedelta(hours=1)
LOST = revoked(datetime.fromisoformat("2026-02-28T10:00:00Z"), "keyCompromise")


@pytest.fixture(scope="module")
def leaf(pki: SeededPki) -> Credential:
    return pki.contract("DETSTC00000001")


@pytest.fixture(scope="module")
def ca(pki: SeededPki) -> Credential:
    return pki.authority("emsp", "sub2")


@pytest.fixture(scope="module")
def responder(pki: SeededPki, ca: Credential) -> Credential:
    return pki.ocsp_responder(ca)


def answer(
    leaf: Credential, ca: Credential, responder: Credential, now: datetime, status: Status = GOOD
) -> StatusResponse:
    request = read_request(build_request(leaf.certificate, ca.certificate, nonce=NONCE))
    return read_response(build_response(request, status, responder, now, now + HOUR))


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_response(data)
    return caught.value.name


@pytest.mark.parametrize("hash_name", ["sha1", "sha256"])
def test_openssl_reads_a_request_and_its_identifiers_are_ours(
    leaf: Credential, ca: Credential, openssl: Program, hash_name: str
) -> None:
    certificate, issuer = (openssl.file(f"{n}.pem", to_pem(c.chain[:1])) for n, c in enumerate((leaf, ca)))
    openssl("ocsp", "-issuer", issuer, f"-{hash_name}", "-cert", certificate, "-reqout", "theirs.der")
    theirs = read_request((openssl.folder / "theirs.der").read_bytes())
    assert theirs.cert_id == cert_id(leaf.certificate.serial, ca.certificate, hash_name)
    assert theirs.nonce is not None
    assert theirs.cert_id.issued_by(ca.certificate)
    assert not theirs.cert_id.issued_by(leaf.certificate)
    ours = build_request(leaf.certificate, ca.certificate, nonce=NONCE)
    said = openssl("ocsp", "-reqin", openssl.file("ours.der", ours), "-req_text")
    assert f"{leaf.certificate.serial:X}" in said
    assert NONCE.hex().upper() in said


@pytest.mark.parametrize("tree", [V2G, V2G_20, V2G_20_ED448], ids=lambda tree: tree.label)
@pytest.mark.parametrize("status", [GOOD, UNKNOWN, LOST], ids=lambda status: status.state)
def test_openssl_verifies_a_response(pki: SeededPki, openssl: Program, tree: Tree, status: Status) -> None:
    leaf, ca = pki.contract("DETSTC00000001", tree), pki.authority("emsp", "sub2", tree)
    request = build_request(leaf.certificate, ca.certificate, nonce=NONCE)
    response = build_response(read_request(request), status, pki.ocsp_responder(ca), pki.now, pki.now + HOUR)
    common = (
        *("-respin", openssl.file("response.der", response)),
        *("-CAfile", openssl.file("roots.pem", to_pem(ca.chain))),
        *("-attime", str(int(pki.now.timestamp())), "-validity_period", "999999999"),
    )
    # with a request of ours openssl compares the nonce, with a certificate it tells the status
    said = openssl("ocsp", "-reqin", openssl.file("request.der", request), *common)
    assert "Response verify OK" in said
    issuer = openssl.file("ca.pem", to_pem(ca.chain[:1]))
    certificate = openssl.file("leaf.pem", to_pem(leaf.chain[:1]))
    said = openssl("ocsp", "-issuer", issuer, "-cert", certificate, "-no_nonce", *common)
    assert f"leaf.pem: {status.state}" in said
    if status.revocation:
        assert "Reason: keyCompromise" in said
        assert "Feb 28 10:00:00 2026" in said


@pytest.mark.parametrize(("letter", "expected"), [("V", "good"), ("R", "revoked"), ("", "unknown")])
def test_a_response_of_openssl_is_read_and_found_good(
    pki: SeededPki, leaf: Credential, openssl: Program, letter: str, expected: str
) -> None:
    ca = pki.authority("emsp", "sub2")
    # openssl takes the time from the machine, whatever that is
    responder = pki.ocsp_responder(ca, Variation(not_after=pki.now.replace(year=2099)))
    revoked_at = "260228100000Z,superseded" if letter == "R" else ""
    row = f"{letter}\t400101000000Z\t{revoked_at}\t{leaf.certificate.serial:X}\tunknown\t/CN=x\n"
    request = build_request(leaf.certificate, ca.certificate, nonce=NONCE)
    openssl(
        *("ocsp", "-index", openssl.file("index.txt", row.encode() if letter else b"")),
        *("-CA", openssl.file("ca.pem", to_pem(ca.chain[:1]))),
        *("-rsigner", openssl.file("signer.pem", to_pem(responder.chain[:1]))),
        *("-rkey", openssl.file("signer.key", key_to_pem(responder.key))),
        *("-reqin", openssl.file("request.der", request), "-respout", "response.der", "-ndays", "1"),
    )
    response = read_response((openssl.folder / "response.der").read_bytes())
    assert check_response(response, leaf.certificate, ca.certificate, response.produced_at, NONCE) == ()
    status = ocsp_status(response, leaf.certificate, ca.certificate)
    assert status
    assert status.state == expected
    if status.revocation:
        assert status.revocation.reason == "superseded"


def test_a_good_response_has_no_findings(
    leaf: Credential, ca: Credential, responder: Credential, now: datetime
) -> None:
    response = answer(leaf, ca, responder, now)
    assert check_response(response, leaf.certificate, ca.certificate, now, NONCE) == ()
    assert ocsp_status(response, leaf.certificate, ca.certificate) == GOOD


def test_the_ca_itself_may_answer(leaf: Credential, ca: Credential, now: datetime) -> None:
    response = answer(leaf, ca, ca, now)
    assert response.certificates == ()
    assert check_response(response, leaf.certificate, ca.certificate, now, NONCE) == ()


@pytest.mark.parametrize("reason", OPNC_REASONS)
def test_every_reason_of_opnc_comes_back(
    leaf: Credential, ca: Credential, responder: Credential, now: datetime, reason: str
) -> None:
    response = answer(leaf, ca, responder, now, revoked(now - HOUR, reason))
    assert ocsp_status(response, leaf.certificate, ca.certificate) == revoked(now - HOUR, reason)


def test_a_response_without_nonce_and_one_with_another_are_told_apart(
    leaf: Credential, ca: Credential, responder: Credential, now: datetime
) -> None:
    asked = read_request(build_request(leaf.certificate, ca.certificate, nonce=NONCE))
    for nonce, name in ((None, "ocsp-nonce-missing"), (b"another nonce...", "ocsp-nonce")):
        request = replace(asked, nonce=nonce)
        response = read_response(build_response(request, GOOD, responder, now, now + HOUR))
        found = check_response(response, leaf.certificate, ca.certificate, now, NONCE)
        assert [finding.name for finding in found] == [name]


def test_a_response_about_another_certificate_is_named(
    pki: SeededPki, leaf: Credential, ca: Credential, responder: Credential, now: datetime
) -> None:
    response = answer(pki.contract("DETSTC00000002"), ca, responder, now)
    assert ocsp_status(response, leaf.certificate, ca.certificate) is None
    found = check_response(response, leaf.certificate, ca.certificate, now, NONCE)
    assert [finding.name for finding in found] == ["ocsp-certificate"]


def test_a_response_about_the_same_serial_of_another_ca_is_named(
    pki: SeededPki, leaf: Credential, ca: Credential, responder: Credential, now: datetime
) -> None:
    other = pki.authority("cpo", "sub2")
    request = read_request(build_request(leaf.certificate, other.certificate))
    response = read_response(build_response(request, GOOD, responder, now, now + HOUR))
    assert ocsp_status(response, leaf.certificate, ca.certificate) is None


def test_a_response_that_is_old_or_early_is_named(
    leaf: Credential, ca: Credential, responder: Credential, now: datetime
) -> None:
    response = answer(leaf, ca, responder, now)
    for moment, name in ((now + 2 * HOUR, "status-late"), (now - HOUR, "status-early")):
        found = check_response(response, leaf.certificate, ca.certificate, moment, NONCE)
        assert [finding.name for finding in found] == [name]


def test_a_response_without_an_end_is_a_note(
    leaf: Credential, ca: Credential, responder: Credential, now: datetime
) -> None:
    request = read_request(build_request(leaf.certificate, ca.certificate))
    response = read_response(build_response(request, GOOD, responder, now))
    found = check_response(response, leaf.certificate, ca.certificate, now)
    assert [(finding.name, finding.severity) for finding in found] == [("status-without-end", "info")]


def test_a_changed_signature_is_named(
    leaf: Credential, ca: Credential, responder: Credential, now: datetime
) -> None:
    response = replace(answer(leaf, ca, responder, now), signature=b"\x30\x06\x02\x01\x01\x02\x01\x01")
    found = check_response(response, leaf.certificate, ca.certificate, now, NONCE)
    assert [finding.name for finding in found] == ["ocsp-signature"]


def test_a_responder_that_another_ca_appointed_is_named(
    pki: SeededPki, leaf: Credential, ca: Credential, now: datetime
) -> None:
    foreign = pki.ocsp_responder(pki.authority("cpo", "sub2"))
    found = check_response(answer(leaf, ca, foreign, now), leaf.certificate, ca.certificate, now, NONCE)
    assert [(finding.name, finding.seen) for finding in found] == [
        ("ocsp-responder", f"issued by {foreign.certificate.issuer}")
    ]


def test_a_responder_without_the_purpose_is_named(
    pki: SeededPki, leaf: Credential, ca: Credential, now: datetime
) -> None:
    without = replace(find("v2g", "responder"), extended_usages=())
    responder = pki.below(ca, without, "OCSP")
    found = check_response(answer(leaf, ca, responder, now), leaf.certificate, ca.certificate, now, NONCE)
    assert [(finding.name, finding.seen) for finding in found] == [("ocsp-responder", "no purpose")]


def test_a_responder_that_has_expired_is_named(
    pki: SeededPki, leaf: Credential, ca: Credential, now: datetime
) -> None:
    responder = pki.ocsp_responder(ca, Variation(not_after=now - HOUR))
    found = check_response(answer(leaf, ca, responder, now), leaf.certificate, ca.certificate, now, NONCE)
    assert [finding.name for finding in found] == ["ocsp-responder"]
    assert found[0].expected == f"valid at {now}"


def test_a_responder_may_name_itself(
    leaf: Credential, ca: Credential, responder: Credential, now: datetime
) -> None:
    response = replace(answer(leaf, ca, responder, now), responder=responder.certificate.subject)
    assert check_response(response, leaf.certificate, ca.certificate, now, NONCE) == ()
    other = replace(response, responder=ca.certificate.subject)
    found = check_response(other, leaf.certificate, ca.certificate, now, NONCE)
    assert [finding.name for finding in found] == ["ocsp-responder-id"]


def test_a_leaf_of_a_profile_without_purpose_is_no_delegate(
    pki: SeededPki, leaf: Credential, ca: Credential, now: datetime
) -> None:
    impostor = pki.below(ca, profile("iso2/contract"), "DETSTC00000009")
    found = check_response(answer(leaf, ca, impostor, now), leaf.certificate, ca.certificate, now, NONCE)
    assert "ocsp-responder" in [finding.name for finding in found]


@pytest.mark.parametrize("reason", get_args(Refusal))
def test_a_refusal_is_read_by_its_reason(reason: Refusal, openssl: Program) -> None:
    data = build_refusal(reason)
    assert refusal(data) == reason
    said = openssl("ocsp", "-respin", openssl.file("refusal.der", data), "-resp_text", expect=None)
    assert f"{reason.lower()}" in said.lower()


def test_a_request_travels_in_a_path(leaf: Credential, ca: Credential) -> None:
    request = build_request(leaf.certificate, ca.certificate, hash_name="sha256", nonce=NONCE)
    path = to_path(request)
    assert "/" not in path
    assert "+" not in path
    assert from_path(path) == request
    assert from_path(base64.b64encode(request).decode()) == request


def test_what_is_no_ocsp_is_refused_by_name(leaf: Credential) -> None:
    for data in (b"", b"garbage", leaf.der, b"\x30\x80"):
        assert refusal(data) == "not-ocsp"
        with pytest.raises(Unreadable, match="no OCSP request"):
            read_request(data)
    with pytest.raises(Unreadable, match="at most"):
        read_request(bytes(MAX_REQUEST_BYTES + 1))
    with pytest.raises(Unreadable):
        from_path("%%%")


@pytest.mark.parametrize("nonce", ["-nonce", "-no_nonce"])
def test_of_several_certificates_the_first_is_read(
    pki: SeededPki, leaf: Credential, ca: Credential, openssl: Program, nonce: str
) -> None:
    names = [
        openssl.file(f"{number}.pem", to_pem([each]))
        for number, each in enumerate((ca.der, leaf.der, pki.contract("DETSTC00000002").der))
    ]
    certificates = [part for name in names[1:] for part in ("-cert", name)]
    openssl("ocsp", nonce, "-issuer", names[0], *certificates, "-reqout", "several.der")
    data = (openssl.folder / "several.der").read_bytes()
    assert openssl("ocsp", "-reqin", "several.der", "-req_text").count("Serial Number") == 2
    request = read_request(data)
    assert request.cert_id == cert_id(leaf.certificate.serial, ca.certificate)
    assert (request.nonce is not None) == (nonce == "-nonce")


def test_a_request_with_a_nonce_of_any_length_is_read(leaf: Credential, ca: Credential) -> None:
    for nonce in (b"", bytes(64)):
        request = read_request(build_request(leaf.certificate, ca.certificate, nonce=nonce))
        assert request.nonce == nonce


@settings(deadline=None, derandomize=True)
@given(place=st.integers(0, 2000), bits=st.integers(1, 255))
def test_no_changed_byte_makes_reading_crash(
    pki: SeededPki, leaf: Credential, responder: Credential, place: int, bits: int
) -> None:
    issuer = pki.authority("emsp", "sub2").certificate
    request = read_request(build_request(leaf.certificate, issuer))
    data = bytearray(build_response(request, GOOD, responder, pki.now, pki.now + HOUR))
    data[place % len(data)] ^= bits
    with suppress(Unreadable):
        check_response(read_response(bytes(data)), leaf.certificate, issuer, pki.now)


def test_a_response_is_der_for_the_library_too(
    leaf: Credential, ca: Credential, responder: Credential, now: datetime
) -> None:
    request = read_request(build_request(leaf.certificate, ca.certificate))
    data = build_response(request, GOOD, responder, now, now + HOUR)
    assert library.load_der_ocsp_response(data).certificate_status is library.OCSPCertStatus.GOOD
