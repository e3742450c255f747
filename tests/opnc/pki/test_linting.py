"""What RFC 5280 forbids and no profile speaks of: judged by `pkilint`, told in our words."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from opnc.pki import der
from opnc.pki.linting import LEFT_OUT, lint_certificate, lint_crl, lint_ocsp_response
from opnc.pki.reading import read_certificate
from tests.opnc.pki.lookalikes import Parts, take_apart

if TYPE_CHECKING:
    from opnc.pki.testbed import SeededPki


@pytest.fixture
def parts(pki: SeededPki) -> Parts:
    return take_apart(pki.contract("DETSTC00000001").der)


def found(certificate: bytes) -> list[str]:
    return [finding.name for finding in lint_certificate(certificate)]


def test_the_certificates_of_plug_and_charge_keep_rfc_5280(pki: SeededPki) -> None:
    holders = [pki.secc("DETSTE0000001"), pki.contract("DETSTC00000001"), pki.vehicle("TSTPNC00000000001")]
    for certificate in {each for holder in holders for each in holder.chain}:
        assert found(certificate) == []


def test_left_out_is_what_pkilint_knows(parts: Parts) -> None:
    assert all(code.startswith("pkix.") for code in LEFT_OUT)
    assert found(parts.signed()) == []


CRITICAL = "0101ff"


@pytest.mark.parametrize(
    ("oid", "value", "critical", "name"),
    [
        ("551d0e", "04084142434445464748", CRITICAL, "critical"),
        ("551d23", "300a80084142434445464748", CRITICAL, "critical"),
        ("551d0f", "03020780", CRITICAL, None),
        ("551d0f", "03020080", CRITICAL, "syntax"),
        ("551d11", "3000", "", "syntax"),
        ("551d20", "300c300406022a03300406022a03", "", "duplicate"),
    ],
)
def test_what_rfc_5280_forbids_of_extensions_is_found(
    parts: Parts, oid: str, value: str, critical: str, name: str | None
) -> None:
    names = found(parts.with_extension(oid, value, critical).signed())
    read = read_certificate(parts.with_extension(oid, value, critical).signed()).findings
    if name is None:
        assert names == []
    else:
        assert names or read, name


def test_a_generalized_time_before_2050_is_found(parts: Parts) -> None:
    start = der.read_one(parts.validity).children()[0].raw
    late = der.write(0x18, b"20270301000000Z")
    assert "wrong-time-useful-type" in found(
        replace(parts, validity=der.write(der.SEQUENCE, start, late)).signed()
    )


def test_a_domain_component_of_another_type_is_found(parts: Parts) -> None:
    subject = parts.with_subject(0x0C, b"CPO", "550406").subject
    assert "invalid-asn1-syntax" in found(replace(parts, subject=subject).signed())


def test_what_reading_has_named_is_not_told_twice(parts: Parts) -> None:
    certificate = replace(parts, version=b"").signed()
    assert "certificate-version-is-not-v3" in found(certificate)
    named = [finding.name for finding in read_certificate(certificate).findings]
    assert lint_certificate(certificate, named) == ()


@pytest.mark.parametrize("lint", [lint_certificate, lint_crl, lint_ocsp_response])
def test_what_cannot_be_linted_is_told_in_a_line(lint: object, caplog: pytest.LogCaptureFixture) -> None:
    assert callable(lint)
    with caplog.at_level(logging.DEBUG):
        (finding,) = lint(b"\x30\x03\x02\x01\x01")
    assert "\n" not in finding.seen
    assert "Traceback" not in caplog.text
