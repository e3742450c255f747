"""A stock EST client, strongSwan's, against `opnc serve` over TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixtures.target.file import load
from opnc.pki.issue import Subject
from opnc.pki.keys import Seed
from opnc.pki.requests import build_request
from tests.opnc.pki.conftest import Program, look_up, openssl
from tests.support.servers import serving_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.servers import Served

__all__ = ["openssl"]

EVSE_ID = "DE*CPO*E777*1"

SETTINGS = b"pki { tls { version_max = 1.3 } }"
"""What opnc serves is TLS 1.3 alone; this client must be told that it may."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    look_up("pki")
    with serving_in(tmp_path_factory.mktemp("served")) as running:
        yield running


def account(served: Served, party: str) -> str:
    known = load(served.target).target.accounts[party]
    return f"{known.client_id}:{known.client_secret}"


@pytest.fixture
def strongswan(tmp_path: Path) -> Program:
    program = Program(look_up("pki"), tmp_path, {"STRONGSWAN_CONF": "strongswan.conf"})
    program.file("strongswan.conf", SETTINGS)
    if "strongSwan" not in program("--help", expect=None):
        pytest.skip("the program pki is not that of strongSwan")
    return program


def ca_certificates(strongswan: Program, served: Served, label: str) -> str:
    return strongswan(
        *("--estca", "--url", f"{served.server.url}/est/{label}", "--outform", "pem"),
        *(
            "--cacert",
            strongswan.file("tls.pem", served.server.identity.ca.read_bytes()),
            "--caout",
            "ca.pem",
        ),
    )


def enrolled(strongswan: Program, served: Served, who: str, *, status: int = 0) -> str:
    key = Seed("strongSwan").key("charger")
    request = build_request(Subject(EVSE_ID, "Example", "DE"), key, "CPO")
    return strongswan(
        *("--est", "--url", f"{served.server.url}/est/cpo", "--in", strongswan.file("request.der", request)),
        *("--cacert", "tls.pem", "--cacert", "ca.pem", "--userpass", who, "--outform", "pem"),
        expect=status,
    )


@pytest.mark.parametrize("label", ["cpo", "emsp", "oem", "cps", "cpo-20", "veh-20"])
def test_strongswan_reads_the_ca_certificates_and_trusts_the_chain(
    strongswan: Program, served: Served, label: str
) -> None:
    said = ca_certificates(strongswan, served, label)
    assert said.count("Sub CA cert is trusted") == 2
    assert sorted(each.name for each in strongswan.folder.glob("ca*.pem")) == [
        "ca-1.pem",
        "ca-2.pem",
        "ca.pem",
    ]


def test_strongswan_enrolls_a_certificate_that_verifies(
    strongswan: Program, served: Served, openssl: Program
) -> None:
    ca_certificates(strongswan, served, "cpo")
    _, begin, rest = enrolled(strongswan, served, account(served, "cpo")).partition("-----BEGIN")
    leaf = openssl.file("leaf.pem", (begin + rest).encode())
    untrusted = ("-untrusted", "ca-1.pem", "-untrusted", "ca-2.pem")
    assert "leaf.pem: OK" in openssl("verify", "-x509_strict", "-CAfile", "ca.pem", *untrusted, leaf)
    assert EVSE_ID in openssl("x509", "-in", leaf, "-noout", "-subject")


def test_openssl_learns_the_status_where_the_certificate_says_without_tls(
    strongswan: Program, served: Served, openssl: Program
) -> None:
    ca_certificates(strongswan, served, "cpo")
    _, begin, rest = enrolled(strongswan, served, account(served, "cpo")).partition("-----BEGIN")
    leaf = openssl.file("leaf.pem", (begin + rest).encode())
    url = openssl("x509", "-in", leaf, "-noout", "-ocsp_uri").strip()
    assert url.startswith("http://127.0.0.1:")
    above = ("-CAfile", "ca.pem", "-verify_other", "ca-2.pem")
    said = openssl("ocsp", "-url", url, "-issuer", "ca-2.pem", "-cert", leaf, *above, expect=None)
    assert "leaf.pem: good" in said, said


@pytest.mark.parametrize(
    ("who", "status"), [("cpo:wrong", 401), ("nobody:", 401), ("other cpo", 403), ("oem", 403)]
)
def test_strongswan_is_refused_for_an_account_that_may_not(
    strongswan: Program, served: Served, who: str, status: int
) -> None:
    ca_certificates(strongswan, served, "cpo")
    named = who if ":" in who else account(served, who)
    assert f"HTTP {status}" in enrolled(strongswan, served, named, status=1)
