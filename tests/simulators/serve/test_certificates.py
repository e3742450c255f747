"""The certificate of the server and the CA behind it."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from opnc.problem import Problem
from simulators.serve import certificates, private_files
from simulators.serve.certificates import identity
from tests.support.peers import make_identity

NAMES = ("server.example", "localhost", "127.0.0.1", "::1")


def test_what_is_made_is_trusted_by_whoever_trusts_the_ca(tmp_path: Path) -> None:
    made = identity(tmp_path, NAMES)
    context = ssl.create_default_context(cafile=made.ca)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.certificate, made.key)
    for name in NAMES:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client_side = context.wrap_bio(incoming, outgoing, server_hostname=name)
        server_side = server.wrap_bio(outgoing, incoming, server_side=True)
        for side in (client_side, server_side, client_side, server_side):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
        assert client_side.version() == "TLSv1.3"


def test_the_ca_stays_and_the_certificate_follows_the_names(tmp_path: Path) -> None:
    first = identity(tmp_path, ("a.example",))
    ca, certificate = first.ca.read_bytes(), first.certificate.read_bytes()
    second = identity(tmp_path, ("b.example",))
    assert second.ca.read_bytes() == ca
    assert second.certificate.read_bytes() != certificate
    names = x509.load_pem_x509_certificate(second.certificate.read_bytes()).extensions
    found = names.get_extension_for_class(x509.SubjectAlternativeName).value
    assert found.get_values_for_type(x509.DNSName) == ["b.example"]


def test_files_of_somebodys_own_are_used_as_they_are(tmp_path: Path) -> None:
    own = make_identity(tmp_path / "own")
    folder = tmp_path / "tls"
    folder.mkdir()
    for name, path in (("server.pem", own.certificate), ("server.key", own.key), ("ca.pem", own.ca)):
        (folder / name).write_bytes(path.read_bytes())
    assert identity(folder, NAMES).certificate.read_bytes() == own.certificate.read_bytes()
    assert not (folder / "ca.key").exists()
    (folder / "ca.pem").unlink()
    with pytest.raises(Problem, match=r"cannot be read"):
        identity(folder, NAMES)


@pytest.mark.parametrize(
    ("name", "content", "seen"),
    [
        ("ca.pem", b"garbage", "the CA cannot be read"),
        ("ca.key", b"garbage", "the CA cannot be read"),
        ("ca.key", None, r"ca\.key is not the key of this certificate"),
    ],
)
def test_a_ca_that_is_broken_is_told(tmp_path: Path, name: str, content: bytes | None, seen: str) -> None:
    identity(tmp_path / "tls", NAMES)
    other = make_identity(tmp_path / "other")
    (tmp_path / "tls" / name).write_bytes(other.key.read_bytes() if content is None else content)
    with pytest.raises(Problem, match=seen) as caught:
        identity(tmp_path / "tls", NAMES)
    assert "to have a new CA made" in caught.value.hint


def test_a_ca_that_has_expired_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "CA_LASTS", timedelta(minutes=-30))
    identity(tmp_path, NAMES)
    with pytest.raises(Problem, match="the CA expired on"):
        identity(tmp_path, NAMES)


# Private files


def test_a_secret_is_drawn_once_and_kept(tmp_path: Path) -> None:
    secret = private_files.keeper(tmp_path / "secrets")
    first = secret("oem")
    assert len(first) >= 32
    assert private_files.keeper(tmp_path / "secrets")("oem") == first
    assert secret("cpo") != first
    assert (tmp_path / "secrets" / "oem").stat().st_mode & 0o077 == 0


def test_two_first_calls_at_once_give_one_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (private_files.keeper(tmp_path / "secrets") for _ in range(2))
    first = one("oem")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert other("oem") == first


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="cannot be written"):
        private_files.write(tmp_path / "file" / "inside", b"")
