"""`opnc pki check` and `opnc pki show` on whatever lies on a disk, and what both keep from the terminal."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from opnc.pki import crl, der
from opnc.pki import ocsp as answers
from opnc.pki.files import to_pem, to_pkcs12
from opnc.pki.issue import Order, Subject, issue
from opnc.pki.keys import Seed
from opnc.pki.profiles import profile
from opnc.pki.reading import read_certificate
from opnc.pki.requests import build_request
from opnc.pki.revocation import GOOD, Revocation, revoked
from opnc.pki.status import check_crl, check_response, ocsp_status
from opnc_conformance.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    from opnc.pki.credentials import Credential
    from opnc.pki.testbed import SeededPki

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def check(*arguments: object) -> int:
    return main(["pki", "check", *map(str, arguments), "--at", AT.isoformat()])


@pytest.fixture
def holder(pki: SeededPki) -> Credential:
    return pki.secc("DETSTE0000001")


def written(folder: Path, content: bytes | str, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def forms(der: bytes) -> dict[str, bytes]:
    pem = to_pem([der])
    text = base64.b64encode(der).decode()
    return {
        "hex": der.hex().encode(),
        "colons": der.hex(":").encode(),
        "escaped": pem.replace(b"\n", b"\\n"),
        "quoted": b'"' + pem.replace(b"\n", b"\\n") + b'"',
        "utf-16": pem.decode().encode("utf-16"),
        "two lines": f"{text}\n{text}\n".encode(),
        "der twice": der + der,
        "crlf": pem.replace(b"\n", b"\r\n"),
        "bom": b"\xef\xbb\xbf" + pem,
    }


def test_every_further_form_of_file_is_read(
    holder: Credential, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in forms(holder.der).items():
        assert check(written(tmp_path, content, name)) == 0, name
        assert "CN=DETSTE0000001" in capsys.readouterr().out


def test_standard_input_is_read(
    holder: Credential, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(to_pem(holder.chain))))
    assert check("-") == 0
    assert capsys.readouterr().out.count("no findings") == 4


def test_the_certificates_in_json_are_told_by_their_pointers(
    holder: Credential, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leaf, sub2, sub1, _ = (base64.b64encode(each).decode() for each in holder.chain)
    body = {
        "chain": {"certificate": leaf, "subCa2Certificate": sub2},
        "more": [to_pem([holder.chain[2]]).decode()],
    }
    assert sub1
    file = written(tmp_path, json.dumps(body))
    assert check(file) == 0
    assert main(["pki", "show", str(file)]) == 0
    assert "(/chain/certificate): certificate" in capsys.readouterr().out


def test_a_hint_stands_in_a_line_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(written(tmp_path, bytes.fromhex("3082010002010330"))) == 1
    assert "\n  hint: " in capsys.readouterr().err


@pytest.mark.parametrize("cut", [20, 200])
def test_a_file_that_was_cut_off_fails(
    holder: Credential, tmp_path: Path, capsys: pytest.CaptureFixture[str], cut: int
) -> None:
    assert check(written(tmp_path, to_pem(holder.chain)[:-cut])) == 1
    assert "PEM block 4: the block CERTIFICATE has no END: the file was cut off" in capsys.readouterr().err


def test_pkcs12_is_opened_with_a_password_from_the_environment(
    holder: Credential, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, to_pkcs12(holder, "name", "a secret"))
    monkeypatch.setenv("OPNC_PKI_PASSWORD", "a secret")
    assert check(file) == 0
    monkeypatch.setenv("OPNC_PKI_PASSWORD", "another")
    assert check(file) == 1
    said = capsys.readouterr()
    assert said.out.count("no findings") == 4
    assert "which the password does not open" in said.err
    assert "another" not in said.out + said.err


def test_an_expired_certificate_fails_without_trust_too(
    holder: Credential, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, to_pem(holder.chain[:1]))
    assert main(["pki", "check", str(file), "--at", "2030-01-01"]) == 1
    assert "validity: expected valid at 2030-01-01" in capsys.readouterr().out


def test_only_who_signs_itself_is_trusted(
    pki: SeededPki, holder: Credential, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leaf = written(tmp_path, to_pem(holder.chain[:1]), "leaf")
    above = written(tmp_path, to_pem(holder.chain[1:3]), "above")
    assert check(leaf, "--trust", above) == 1
    assert "[trust-not-root]" in capsys.readouterr().out
    bundle = written(tmp_path, to_pem(holder.chain[1:]), "bundle")
    assert check(leaf, "--trust", bundle) == 0
    assert "[trust-not-root]" in capsys.readouterr().out
    assert pki.root().certificate.self_signed


def test_nothing_of_a_certificate_moves_the_cursor(
    pki: SeededPki, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "DETSTE1\x1b[2K\r\u202efake"
    key = Seed("evil").key("leaf")
    order = Order(Subject(evil, "O\x07"), key.public_key(), 9, pki.start)
    der = issue(profile("iso2/secc"), order, pki.issuer(pki.authority("cpo", "sub2")))
    file = written(tmp_path, der)
    check(file, "--trust", written(tmp_path, pki.root().der, "root"))
    main(["pki", "show", str(file)])
    said = capsys.readouterr()
    assert all(each.isprintable() or each == "\n" for each in said.out + said.err)
    assert r"DETSTE1\x1b[2K\x0d\u202efake" in said.out


def test_show_tells_what_openssl_would_be_asked_for(
    holder: Credential, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pki", "show", str(written(tmp_path, holder.der))]) == 0
    said = capsys.readouterr().out
    certificate = holder.certificate
    for fact in (
        str(certificate.subject),
        str(certificate.issuer),
        f"{certificate.serial:x}",
        f"{certificate.not_after:%Y-%m-%d %H:%M:%SZ}",
        (certificate.extensions.subject_key_identifier or b"").hex(":"),
        (certificate.extensions.authority_key_identifier or b"").hex(":"),
        certificate.extensions.ocsp_urls[0],
        bytes.fromhex(certificate.fingerprint).hex(":"),
        "digitalSignature",
        "no CA",
    ):
        assert fact in said


@pytest.fixture
def kin(pki: SeededPki, holder: Credential, tmp_path: Path) -> dict[str, Path]:
    """Everything that goes with a certificate."""
    sub2 = pki.authority("cpo", "sub2")
    listed = crl.build_crl(pki.issuer(sub2), {5: Revocation(AT, "keyCompromise")}, 7, AT - HOUR, AT + HOUR)
    asked = answers.read_request(answers.build_request(holder.certificate, sub2.certificate))
    answer = answers.build_response(asked, GOOD, pki.ocsp_responder(sub2), AT - HOUR, AT + HOUR)
    request = build_request(Subject("DETSTE0000001", "OPNC Test"), holder.key, "CPO")
    return {
        "chain": written(tmp_path, to_pem(holder.chain), "chain.pem"),
        "crl": written(tmp_path, listed, "list.crl"),
        "ocsp": written(tmp_path, answer, "answer.der"),
        "request": written(tmp_path, request, "request.der"),
    }


def test_crls_ocsp_responses_and_requests_are_judged(
    kin: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(*kin.values()) == 0
    said = capsys.readouterr().out
    assert said.count("no findings") == 7, said
    for title in ("CRL of CN=CPO Sub-CA 2", "OCSP response", "request of CN=DETSTE0000001"):
        assert title in said
    assert main(["pki", "show", *map(str, kin.values())]) == 0
    shown = capsys.readouterr().out
    assert "keyCompromise" in shown
    assert "good" in shown


def test_without_their_issuer_they_are_not_verified(
    kin: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(kin["crl"], kin["ocsp"]) == 0
    assert capsys.readouterr().out.count("[not-verified]") == 2


def test_pem_of_them_is_read_too(
    kin: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pem = x509.load_der_x509_csr(kin["request"].read_bytes()).public_bytes(Encoding.PEM)
    pem += x509.load_der_x509_crl(kin["crl"].read_bytes()).public_bytes(Encoding.PEM)
    assert check(written(tmp_path, pem, "both.pem"), kin["chain"]) == 0
    assert "request of" in capsys.readouterr().out


def with_extension(pki: SeededPki, value: x509.ExtensionType, *, critical: bool = True) -> bytes:
    sub2 = pki.authority("cpo", "sub2")
    builder = x509.CertificateRevocationListBuilder(
        pki.issuer(sub2).name, AT - HOUR, AT + HOUR, [x509.Extension(value.oid, critical, value)]
    ).add_extension(x509.CRLNumber(7), critical=False)
    return builder.sign(sub2.key, hashes.SHA256()).public_bytes(Encoding.DER)


def point(**limits: bool) -> x509.IssuingDistributionPoint:
    names = (
        "only_contains_user_certs",
        "only_contains_ca_certs",
        "indirect_crl",
        "only_contains_attribute_certs",
    )
    given = {each: limits.get(each, False) for each in names}
    full = [x509.UniformResourceIdentifier("http://crl.example/")]
    return x509.IssuingDistributionPoint(
        full, None, given[names[0]], given[names[1]], None, given[names[2]], given[names[3]]
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (x509.DeltaCRLIndicator(4), ["crl-delta"]),
        (point(only_contains_ca_certs=True), ["crl-scope"]),
        (point(only_contains_attribute_certs=True), ["crl-scope"]),
        (point(indirect_crl=True), ["crl-scope"]),
        (point(), []),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"), ["crl-critical-extension"]),
    ],
)
def test_a_crl_that_says_nothing_about_others_is_not_relied_on(
    pki: SeededPki, value: x509.ExtensionType, expected: list[str]
) -> None:
    read = crl.read_crl(with_extension(pki, value))
    found = check_crl(read, pki.authority("cpo", "sub2").certificate, AT)
    assert [finding.name for finding in found] == expected


def answer(pki: SeededPki, *statuses: ocsp.OCSPCertStatus, critical: bool = False) -> bytes:
    sub2, leaf = pki.authority("cpo", "sub2"), pki.secc("DETSTE0000001")
    builder = ocsp.OCSPResponseBuilder().responder_id(
        ocsp.OCSPResponderEncoding.HASH, x509.load_der_x509_certificate(sub2.der)
    )
    own = answers.cert_id(leaf.certificate.serial, sub2.certificate)
    (status, *_) = statuses
    builder = builder.add_response_by_hash(
        own.issuer_name_hash,
        own.issuer_key_hash,
        own.serial,
        hashes.SHA1(),  # noqa: S303 - names a CA
        status,
        AT - HOUR,
        AT + HOUR,
        None,
        None,
    )
    if critical:
        unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00")
        builder = builder.add_extension(unknown, critical=True)
    return builder.sign(sub2.key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_critical_extension_of_an_answer_that_is_unknown_is_found(pki: SeededPki) -> None:
    read = answers.read_response(answer(pki, ocsp.OCSPCertStatus.GOOD, critical=True))
    leaf, sub2 = pki.secc("DETSTE0000001").certificate, pki.authority("cpo", "sub2").certificate
    assert [finding.name for finding in check_response(read, leaf, sub2, AT)] == ["ocsp-critical-extension"]


def test_of_two_answers_the_worse_counts(pki: SeededPki) -> None:

    read = answers.read_response(answer(pki, ocsp.OCSPCertStatus.GOOD))
    (single,) = read.singles
    both = replace(read, singles=(single, replace(single, status=revoked(AT))))
    leaf, sub2 = pki.secc("DETSTE0000001").certificate, pki.authority("cpo", "sub2").certificate
    status = ocsp_status(both, leaf, sub2)
    assert status is not None
    assert status.state == "revoked"
    assert "ocsp-contradiction" in [finding.name for finding in check_response(both, leaf, sub2, AT)]


def test_clocks_may_be_apart_by_some_minutes(pki: SeededPki) -> None:
    read = answers.read_response(answer(pki, ocsp.OCSPCertStatus.GOOD))
    leaf, sub2 = pki.secc("DETSTE0000001").certificate, pki.authority("cpo", "sub2").certificate
    begin = AT - HOUR
    for before, expected in ((timedelta(minutes=4), []), (timedelta(minutes=6), ["status-early"])):
        assert [each.name for each in check_response(read, leaf, sub2, begin - before)] == expected


def test_a_certificate_is_still_read_from_der(holder: Credential) -> None:
    assert read_certificate(holder.der) == holder.certificate


@pytest.mark.parametrize(
    ("at", "code", "told"),
    [
        ("2026-03-02", 0, []),
        ("2032-03-01", 0, ["validity-left"]),
        ("2065-01-01", 1, ["validity-left"]),
    ],
)
def test_the_rules_of_an_operator_are_chosen_as_a_profile(
    pki: SeededPki, tmp_path: Path, capsys: pytest.CaptureFixture[str], at: str, code: int, told: list[str]
) -> None:
    file = written(tmp_path, pki.root().der)
    assert main(["pki", "check", str(file), "--profile", "hubject", "--at", at]) == code
    said = capsys.readouterr().out
    assert [name for name in ("validity-left", "validity-whole") if f"[{name}]" in said] == told
    assert "against iso2/v2g-root, Hubject ecosystem" in said


def test_an_operator_may_allow_another_identifier(pki: SeededPki, tmp_path: Path) -> None:
    secc = "DETSTS" + "0" * 33 + "1"
    key = Seed("secc").key("leaf")
    order = Order(Subject(secc, "O"), key.public_key(), 9, pki.start)
    der = issue(profile("iso2/secc"), order, pki.issuer(pki.authority("cpo", "sub2")))
    assert check(written(tmp_path, der)) == 1
    assert check(written(tmp_path, der), "--profile", "hubject") == 0


def test_an_entry_with_an_unknown_reason_is_revoked_all_the_same(pki: SeededPki) -> None:
    sub2 = pki.authority("cpo", "sub2")
    listed = crl.build_crl(pki.issuer(sub2), {5: Revocation(AT, "keyCompromise")}, 7, AT - HOUR, AT + HOUR)
    # Reason 1 becomes 7, which is not used (RFC 5280 section 5.3.1).
    odd = listed.replace(bytes.fromhex("0a0101"), bytes.fromhex("0a0107"))
    read = crl.read_crl(odd)
    assert read.status(5).state == "revoked"
    assert [finding.name for finding in read.findings] == ["crl-entry"]


def test_times_and_algorithms_of_an_answer_are_read_as_those_of_certificates(pki: SeededPki) -> None:
    octets = answer(pki, ocsp.OCSPCertStatus.GOOD)
    status, holder = der.read_one(octets).children()
    kind, basic = holder.children()[0].children()
    tbs, algorithm, signature = der.read_one(basic.content).children()
    # The version written out, and a fraction of a second in the first time.
    responder, produced, *rest = tbs.children()
    assert produced.tag == 0x18
    members = [
        bytes.fromhex("a003020100"),
        responder.raw,
        der.write(0x18, produced.content[:-1] + b".5Z"),
        *(each.raw for each in rest),
    ]
    odd = der.write(der.SEQUENCE, der.write(der.SEQUENCE, *members), algorithm.raw, signature.raw)
    whole = der.write(der.SEQUENCE, kind.raw, der.write(der.OCTET_STRING, odd))
    read = answers.read_response(der.write(der.SEQUENCE, status.raw, der.write(holder.tag, whole)))
    assert read.singles[0].status == GOOD
    assert "time-form" in [finding.name for finding in read.findings]
