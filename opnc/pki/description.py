"""What is in a certificate and its kin, for people: what `openssl x509 -text` would be asked for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography import x509

from opnc.pki.crl import ReadCrl
from opnc.pki.names import from_x509
from opnc.pki.ocsp import StatusResponse
from opnc.pki.reading import ReadCertificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from opnc.pki.contents import Item
    from opnc.pki.requests import ReadRequest

_SHOWN_ENTRIES = 20


def kind(item: Item) -> str:
    """Return what a thing is called."""
    if isinstance(item, ReadCertificate):
        return "certificate"
    if isinstance(item, ReadCrl):
        return "CRL"
    return "OCSP response" if isinstance(item, StatusResponse) else "certification request"


def facts(item: Item, octets: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and value of each fact, those left out that a thing does not have.

    Args:
        item: What was read.
        octets: Its DER as received.
    """
    if isinstance(item, ReadCertificate):
        yield from _of_certificate(item)
    elif isinstance(item, ReadCrl):
        yield from _of_crl(item)
    elif isinstance(item, StatusResponse):
        yield from _of_response(item)
    else:
        yield from _of_request(item)
    yield "size", f"{len(octets)} octets, {-(-len(octets) // 3) * 4} characters in base64"
    yield "SHA-256", _colons(hashlib.sha256(octets).digest())


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%SZ}"


def _colons(octets: bytes) -> str:
    return octets.hex(":")


def _serial(number: int) -> str:
    return f"{number:x} ({number})" if number < 1 << 64 else f"{number:x}"


def _of_certificate(certificate: ReadCertificate) -> Iterator[tuple[str, str]]:
    yield "subject", str(certificate.subject)
    yield "issuer", str(certificate.issuer)
    yield "serial number", _serial(certificate.serial)
    yield "valid from", _time(certificate.not_before)
    yield "valid until", _time(certificate.not_after)
    yield "key", certificate.key_algorithm
    yield "signature", certificate.signature_algorithm
    yield from _of_extensions(certificate)
    yield "SHA-1", _colons(hashlib.sha1(certificate.der, usedforsecurity=False).digest())
    yield "SHA-256 of the key", _colons(hashlib.sha256(certificate.spki).digest())


def _of_extensions(certificate: ReadCertificate) -> Iterator[tuple[str, str]]:
    extensions = certificate.extensions
    own, constraints = extensions.subject_key_identifier, extensions.basic_constraints
    if own is not None:
        yield "subject key id", _colons(own)
    if extensions.authority_key_identifier is not None:
        yield "authority key id", _colons(extensions.authority_key_identifier)
    for name in extensions.authority_issuers:
        yield "authority issuer", str(name)
    if extensions.authority_serial is not None:
        yield "authority serial", _serial(extensions.authority_serial)
    if constraints is not None:
        length = "" if constraints.path_length is None else f", path length {constraints.path_length}"
        yield "basic constraints", f"{'CA' if constraints.ca else 'no CA'}{length}"
    lists = {
        "key usage": sorted(extensions.key_usage or ()),
        "extended key usage": extensions.extended_key_usage,
        "alternative names": [_name(each) for each in extensions.alternative_names],
        "policies": sorted(extensions.policies or ()),
        "OCSP": extensions.ocsp_urls,
        "CRL": extensions.crl_urls,
        "critical": sorted(extensions.critical),
    }
    for title, values in lists.items():
        if values:
            yield title, ", ".join(values)


def _name(name: x509.GeneralName) -> str:
    value = from_x509(name.value) if isinstance(name, x509.DirectoryName) else name.value
    return f"{type(name).__name__} {value}"


def _of_crl(crl: ReadCrl) -> Iterator[tuple[str, str]]:
    yield "issuer", str(crl.issuer)
    yield "number", "none" if crl.number is None else str(crl.number)
    yield "this update", _time(crl.this_update)
    yield "next update", _time(crl.next_update) if crl.next_update else "none"
    yield "signature", crl.signature_algorithm
    yield "revoked", str(len(crl.revoked))
    for number, (serial, revocation) in enumerate(crl.revoked.items()):
        if number == _SHOWN_ENTRIES:
            yield "", f"and {len(crl.revoked) - number} more"
            break
        yield "", f"{serial:x}, {_time(revocation.at)}, {revocation.reason}"


def _of_response(response: StatusResponse) -> Iterator[tuple[str, str]]:
    responder = response.responder
    yield "responder", _colons(responder) if isinstance(responder, bytes) else str(responder)
    yield "produced at", _time(response.produced_at)
    if response.nonce is not None:
        yield "nonce", response.nonce.hex()
    yield "signature", response.signature_algorithm
    for single in response.singles:
        yield "serial number", _serial(single.cert_id.serial)
        revocation = single.status.revocation
        when = f" since {_time(revocation.at)}, {revocation.reason}" if revocation else ""
        yield "status", f"{single.status.state}{when}"
        yield "this update", _time(single.this_update)
        yield "next update", _time(single.next_update) if single.next_update else "none"
    for certificate in response.certificates:
        yield "certificate sent", f"{certificate.subject}, issued by {certificate.issuer}"


def _of_request(request: ReadRequest) -> Iterator[tuple[str, str]]:
    yield "subject", str(request.subject)
    yield "key", request.key_algorithm
    yield "signature", f"{request.signature_algorithm}, {'valid' if request.proven else 'NOT VALID'}"
    yield "SHA-256 of the key", _colons(hashlib.sha256(request.spki).digest())
