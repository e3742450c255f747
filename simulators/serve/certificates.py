"""The certificate of the server, and the CA behind it: made on first use, then kept.

A folder with `server.pem` and `server.key` but without `ca.key` is somebody's own: it is used as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from opnc.problem import Problem
from simulators.serve import private_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CA_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=365)
EARLIER = timedelta(hours=1)
"""How long before now a certificate begins, for peers whose clocks are behind."""

_CA_USAGE = {"key_cert_sign": True, "crl_sign": True}
_SERVER_USAGE = {"digital_signature": True}
_USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """The PEM files by which a server shows who it is.

    Attributes:
        ca: What clients have to trust.
        certificate: The server's own and, where there are any, those between it and the CA.
        key: Its private key.
    """

    ca: Path
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def identity(folder: Path, names: Sequence[str]) -> ServerIdentity:
    """Return the identity kept in a folder; what is missing is made.

    Args:
        folder: Where the files are; made if need be.
        names: Host names and IP addresses that the server's certificate is to be good for.

    Raises:
        Problem: If files cannot be read, written or used.
    """
    found = ServerIdentity(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    # Files without the key of the CA were put there by the operator, and are left as they are.
    own = found.certificate.exists() and not (folder / "ca.key").exists()
    if own:
        for path in (found.ca, found.key):
            private_files.read(path)
        return found
    # The server's certificate is made anew each time, for it lasts a year and its names may have changed; the
    # CA is what clients keep.
    authority = _authority(found.ca, folder / "ca.key")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _server(names, key.public_key(), authority)
    private_files.write(found.key, _private(key))
    private_files.write(found.certificate, certificate.public_bytes(Encoding.PEM), mode=0o644)
    return found


def _authority(ca: Path, key_file: Path) -> _Authority:
    """Return the CA: a server that comes back is trusted by those who trusted it before."""
    if key_file.exists():
        return _kept(ca, key_file)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OPNC test server CA")])
    certificate = (
        _builder(name, key.public_key(), CA_LASTS)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(_CA_USAGE), critical=True)
        .sign(key, hashes.SHA256())
    )
    private_files.write(ca, certificate.public_bytes(Encoding.PEM), mode=0o644)
    private_files.write(key_file, _private(key))
    return _Authority(certificate, key)


def _kept(ca: Path, key_file: Path) -> _Authority:
    hint = f"remove {ca} and {key_file} to have a new CA made"
    try:
        certificate = x509.load_pem_x509_certificate(private_files.read(ca))
        key = load_pem_private_key(private_files.read(key_file), password=None)
    except (ValueError, TypeError) as error:
        raise Problem(f"the CA cannot be read: {error}", where=str(ca), hint=hint) from error
    # Else TLS would begin, and every client would refuse it for a reason that leads nowhere.
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate.public_key() != key.public_key():
        raise Problem(f"{key_file.name} is not the key of this certificate", where=str(ca), hint=hint)
    if certificate.not_valid_after_utc <= datetime.now(UTC):
        raise Problem(f"the CA expired on {certificate.not_valid_after_utc:%F}", where=str(ca), hint=hint)
    return _Authority(certificate, key)


def _server(
    names: Sequence[str], public_key: ec.EllipticCurvePublicKey, authority: _Authority
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    issuer_key = authority.key.public_key()
    return (
        _builder(subject, public_key, SERVER_LASTS)
        .issuer_name(authority.certificate.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(_SERVER_USAGE), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
        .sign(authority.key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, public_key: ec.EllipticCurvePublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(granted: dict[str, bool]) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: granted.get(name, False) for name in _USAGES})


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
