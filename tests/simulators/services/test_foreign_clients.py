"""What the simulated PKI answers, judged by what participants use: openssl."""

from __future__ import annotations

import base64
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from opnc.pki import est
from opnc.pki.files import to_pem
from opnc.pki.issue import Subject
from opnc.pki.keys import Seed
from opnc.pki.requests import build_request
from tests.simulators.services.conftest import line_to_ecosystem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opnc.pki.reading import ReadCertificate
    from tests.opnc.pki.conftest import Program
    from tests.simulators.services.conftest import Line

EVSE_ID = "DE*CPO*E123456*1"


def enrolled(line: Line) -> ReadCertificate:
    request = build_request(Subject(EVSE_ID, "Example", "DE"), Seed("charger").key("charger"), "CPO")
    query = {"caDomain": "cpo", "iso15118Version": "ISO15118-2"}
    answer = line.ask("cpo", "simpleEnrollCertV1", query=query, body=est.encode_body(request))
    assert answer.status_code == 200
    return est.read_certificates(answer.content).certificates[0]


def above(line: Line) -> list[bytes]:
    query = {"caDomain": "cpo", "iso15118Version": "ISO15118-2"}
    answer = line.ask("cpo", "getCaCertsV1", query=query)
    return [each.der for each in est.read_certificates(answer.content).certificates]


def revoke(line: Line, certificate: ReadCertificate) -> None:
    sent = {
        "certificate": base64.b64encode(certificate.der).decode(),
        "revocationReason": "keyCompromise",
    }
    assert line.ask("cpo", "revokeCertV1", body=sent).status_code == 200


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    """An ecosystem of today: openssl takes the time of day for the present."""
    with line_to_ecosystem(datetime.now(UTC) - timedelta(minutes=1)) as line:
        yield line


@pytest.fixture
def responder(line: Line) -> Iterator[str]:
    """The OCSP responder at an address of this machine."""
    with make_server("127.0.0.1", 0, line.ecosystem.status.ocsp, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def asked(openssl: Program, line: Line, certificate: ReadCertificate, responder: str, *options: str) -> str:
    sub_ca_2, *_, root = chain = above(line)
    return openssl(
        "ocsp",
        # The hash must be named before the certificate it is for.
        *options,
        *("-url", responder, "-issuer", openssl.file("issuer.pem", to_pem([sub_ca_2]))),
        *("-cert", openssl.file("leaf.pem", to_pem([certificate.der]))),
        *("-CAfile", openssl.file("root.pem", to_pem([root]))),
        *("-verify_other", openssl.file("above.pem", to_pem(chain[:-1]))),
        expect=None,
    )


@pytest.mark.parametrize("options", [(), ("-no_nonce",), ("-sha256",)], ids=["nonce", "no nonce", "SHA-256"])
def test_openssl_ocsp_believes_that_a_certificate_is_good(
    openssl: Program, line: Line, responder: str, options: tuple[str, ...]
) -> None:
    certificate = enrolled(line)
    said = asked(openssl, line, certificate, responder, *options)
    assert "Response verify OK" in said
    assert "leaf.pem: good" in said


def test_openssl_ocsp_learns_that_a_certificate_is_revoked_and_why(
    openssl: Program, line: Line, responder: str
) -> None:
    certificate = enrolled(line)
    revoke(line, certificate)
    said = asked(openssl, line, certificate, responder)
    assert "Response verify OK" in said
    assert "leaf.pem: revoked" in said
    assert "Reason: keyCompromise" in said


def test_openssl_ocsp_learns_that_a_certificate_is_unknown(
    openssl: Program, line: Line, responder: str
) -> None:
    never_noted = line.pki.secc("DECPOE999")
    said = asked(openssl, line, never_noted.certificate, responder)
    assert "leaf.pem: unknown" in said


def test_openssl_reads_the_pkcs7_of_est_in_order(openssl: Program, line: Line) -> None:
    query = {"caDomain": "cpo", "iso15118Version": "ISO15118-2"}
    body = line.ask("cpo", "getCaCertsV1", query=query).content
    der = openssl.file("cacerts.p7", base64.b64decode(body))
    said = openssl("pkcs7", "-inform", "DER", "-in", der, "-print_certs")
    subjects = [text for text in said.splitlines() if text.startswith("subject=")]
    expected = ["CPO Sub-CA 2", "CPO Sub-CA 1", "V2G Root CA"]
    assert [next((name for name in expected if name in each), each) for each in subjects] == expected


def test_openssl_verifies_what_was_enrolled_under_what_cacerts_gave(openssl: Program, line: Line) -> None:
    *sub_cas, root = above(line)
    leaf = openssl.file("leaf.pem", to_pem([enrolled(line).der]))
    roots, untrusted = openssl.file("root.pem", to_pem([root])), openssl.file("subs.pem", to_pem(sub_cas))
    said = openssl("verify", "-x509_strict", "-CAfile", roots, "-untrusted", untrusted, leaf)
    assert "leaf.pem: OK" in said


def test_openssl_verifies_the_crl_and_refuses_what_it_lists(openssl: Program, line: Line) -> None:
    certificate = enrolled(line)
    revoke(line, certificate)
    url = certificate.extensions.crl_urls[0]
    crl = openssl.file("list.crl", line.http.get(url).content)
    *sub_cas, root = above(line)
    issuer = openssl.file("issuer.pem", to_pem(sub_cas[:1]))
    said = openssl("crl", "-inform", "DER", "-in", crl, "-CAfile", issuer, "-noout", "-text")
    assert "verify OK" in said
    assert f"{certificate.serial:X}" in said
    assert "Key Compromise" in said
    pem = openssl.file("list.pem", openssl("crl", "-inform", "DER", "-in", crl).encode())
    trusted = openssl.file("all.pem", to_pem([*sub_cas, root]))
    leaf = openssl.file("leaf.pem", to_pem([certificate.der]))
    refused = openssl("verify", "-crl_check", "-CRLfile", pem, "-CAfile", trusted, leaf, expect=None)
    assert "certificate revoked" in refused


def test_a_request_by_get_that_openssl_has_made_is_answered(openssl: Program, line: Line) -> None:
    certificate = enrolled(line)
    openssl(
        *("ocsp", "-issuer", openssl.file("issuer.pem", to_pem(above(line)[:1]))),
        *("-cert", openssl.file("leaf.pem", to_pem([certificate.der])), "-reqout", "request.der"),
    )
    path = base64.b64encode((openssl.folder / "request.der").read_bytes()).decode().replace("/", "%2F")
    answer = line.http.get(f"{certificate.extensions.ocsp_urls[0]}/{path}")
    said = openssl("ocsp", "-respin", openssl.file("response.der", answer.content), "-noverify", "-text")
    assert answer.headers["content-type"] == "application/ocsp-response"
    assert "Cert Status: good" in said
