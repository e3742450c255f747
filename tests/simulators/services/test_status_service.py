from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from opnc.clock import START
from opnc.pki import crl, ocsp
from opnc.pki.status import check_crl, check_response, ocsp_status
from opnc.pki.testbed import Addresses
from simulators.ecosystem import Ecosystem
from simulators.pki.ocsp_crl import CRL_LIFETIME, CRL_PERIOD

if TYPE_CHECKING:
    from opnc.pki.credentials import Credential
    from opnc.pki.crl import ReadCrl
    from opnc.pki.revocation import Status
    from tests.simulators.services.conftest import Line


@pytest.fixture
def charger(line: Line) -> Credential:
    made = line.pki.secc("DE*CPO*E1")
    line.ecosystem.register.issue(made.certificate, "DECPO")
    return made


def revoke(line: Line, holder: Credential, reason: str = "superseded") -> int:
    sent = {"certificate": base64.b64encode(holder.der).decode(), "revocationReason": reason}
    return line.ask("cpo", "revokeCertV1", body=sent).status_code


def status(line: Line, holder: Credential, place: int = 0) -> Status | None:
    certificate, issuer = holder.certificates[place : place + 2]
    asked = ocsp.build_request(certificate, issuer, hash_name="sha256", nonce=b"n" * 16)
    answer = line.http.post(line.pki.addresses.ocsp, content=asked)
    response = ocsp.read_response(answer.content)
    assert check_response(response, certificate, issuer, line.ecosystem.clock.now(), b"n" * 16) == ()
    return ocsp_status(response, certificate, issuer)


def revocation_list(line: Line, holder: Credential) -> ReadCrl:
    answer = line.http.get(holder.certificate.extensions.crl_urls[0])
    assert answer.headers["content-type"] == "application/pkix-crl"
    read = crl.read_crl(answer.content)
    assert check_crl(read, holder.certificates[1], line.ecosystem.clock.now()) == ()
    return read


@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_certificate_below_the_root_has_a_status(line: Line, charger: Credential, place: int) -> None:
    found = status(line, charger, place)
    assert found is not None
    assert found.state == "good"


def test_what_the_ca_has_not_issued_is_unknown(line: Line) -> None:
    found = status(line, line.pki.secc("DE*CPO*E2"))
    assert found is not None
    assert found.state == "unknown"


def test_ocsp_and_crl_tell_of_one_revocation_alike(line: Line, charger: Credential) -> None:
    line.ecosystem.advance(timedelta(hours=5))
    assert revoke(line, charger, "privilegeWithdrawn") == 200
    by_ocsp = status(line, charger)
    by_crl = revocation_list(line, charger).status(charger.certificate.serial)
    assert by_ocsp == by_crl
    assert by_crl.revocation is not None
    assert by_crl.revocation.at == START + timedelta(hours=5)
    assert by_crl.revocation.reason == "privilegeWithdrawn"


def test_a_second_revocation_is_refused_and_changes_nothing(line: Line, charger: Credential) -> None:
    revoke(line, charger, "superseded")
    before = status(line, charger)
    line.ecosystem.advance(timedelta(days=1))
    assert revoke(line, charger, "keyCompromise") == 400
    assert status(line, charger) == before


def test_the_number_of_the_crl_rises_with_every_revocation_and_every_period(
    line: Line, charger: Credential
) -> None:
    numbers = [revocation_list(line, charger).number]
    revoke(line, charger)
    numbers.append(revocation_list(line, charger).number)
    line.ecosystem.advance(CRL_PERIOD)
    numbers.append(revocation_list(line, charger).number)
    assert all(number is not None for number in numbers)
    assert numbers == sorted(set(numbers), key=lambda number: number or 0)


def test_a_crl_is_not_of_the_future_when_the_clock_was_put_back(line: Line, charger: Credential) -> None:
    line.ecosystem.advance(timedelta(days=2))
    revoke(line, charger)
    line.ecosystem.clock.reset()
    assert revocation_list(line, charger).this_update <= line.ecosystem.clock.now()


def test_a_crl_says_when_the_next_is_due(line: Line, charger: Credential) -> None:
    read, now = revocation_list(line, charger), line.ecosystem.clock.now()
    assert read.next_update is not None
    assert now - CRL_PERIOD < read.this_update <= now < read.next_update <= now + CRL_LIFETIME


def test_an_ocsp_response_is_signed_by_a_delegate_and_not_by_the_ca(line: Line, charger: Credential) -> None:
    certificate, issuer, *_ = charger.certificates
    answer = line.http.post(line.pki.addresses.ocsp, content=ocsp.build_request(certificate, issuer))
    (delegate,) = ocsp.read_response(answer.content).certificates
    assert not delegate.is_ca
    assert "OCSPSigning" in delegate.extensions.extended_key_usage
    assert delegate.signed_by(issuer)


@pytest.mark.parametrize(("kind", "allowed"), [("ocsp", "GET, POST"), ("crl", "GET, HEAD")])
def test_other_methods_are_refused(line: Line, kind: str, allowed: str) -> None:
    host = f"http://{kind}.{line.ecosystem.name}.opnc.test/"
    answer = line.http.delete(host)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_an_ecosystem_under_one_address_names_its_sources_there() -> None:
    ecosystem = Ecosystem(base_url="https://plugfest.example", status_url="http://plugfest.example:8080")
    try:
        expected = Addresses("http://plugfest.example:8080/ocsp", "http://plugfest.example:8080/crl/{ca}.crl")
        assert ecosystem.trust.pki.addresses == expected
        assert {"/ocsp", "/crl"} <= set(ecosystem.paths)
    finally:
        ecosystem.close()
