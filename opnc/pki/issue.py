"""Issuing certificates by profile. Nothing is random, no clock is read: what is handed in decides every byte.

    order = Order(Subject("DEABCE0001", "Example"), key.public_key(), seed.serial("DEABCE0001"), now)
    der = issue(profile("iso2/secc"), order, sub_ca_2)

Nothing is refused either, so that certificates which are wrong on purpose can be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from opnc.pki.extensions import USAGES
from opnc.pki.keys import algorithm_of, key_identifier
from opnc.pki.signatures import deterministic, signing_hash

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from opnc.pki.profiles import Profile
    from opnc.pki.signatures import PrivateKey, PublicKey

_EXTENDED_USAGES = {
    "OCSPSigning": ExtendedKeyUsageOID.OCSP_SIGNING,
    "serverAuth": ExtendedKeyUsageOID.SERVER_AUTH,
    "clientAuth": ExtendedKeyUsageOID.CLIENT_AUTH,
}

Extension = tuple[x509.ExtensionType, bool]
"""An extension's value and whether it is critical."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate is for; an empty attribute is left out, the DC comes from the profile."""

    common_name: str
    organization: str = ""
    country: str = ""

    def name(self, dc: str | None) -> x509.Name:
        """Return the distinguished name, from the country down to the common name."""
        attributes = (
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.ORGANIZATION_NAME, self.organization),
            (NameOID.DOMAIN_COMPONENT, dc),
            (NameOID.COMMON_NAME, self.common_name),
        )
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes if value])


# Hashed by identity, as the key of a cache below: private keys do not compare.
@dataclass(frozen=True, slots=True, eq=False)
class Issuer:
    """Who signs certificates; whether it is a CA is not asked.

    Attributes:
        name: The issuer's distinguished name.
        key: Its private key.
        key_identifier: Its SubjectKeyIdentifier.
        ocsp_url: The responder named in what it issues; empty: none.
        crl_url: The CRL named in what it issues; empty: none.
    """

    name: x509.Name
    key: PrivateKey
    key_identifier: bytes
    ocsp_url: str = ""
    crl_url: str = ""

    @classmethod
    def of(cls, der: bytes, key: PrivateKey, *, ocsp_url: str = "", crl_url: str = "") -> Self:
        """Return the issuer that a certificate and its key make."""
        certificate = x509.load_der_x509_certificate(der)
        identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        return cls(certificate.subject, key, identifier, ocsp_url, crl_url)

    @classmethod
    def self_signing(cls, profile: Profile, subject: Subject, key: PrivateKey) -> Self:
        """Return the issuer of a root: issue to the same subject and key."""
        return cls(subject.name(profile.dc), key, key_identifier(key.public_key()))


@dataclass(frozen=True, slots=True)
class Order:
    """What one certificate shall hold besides what its profile says.

    Attributes:
        subject: Whom it is for.
        public_key: The subject's key; whether it fits the profile is not asked.
        serial: The serial number.
        not_before: Start of validity, aware.
        not_after: End of validity; as long as the profile says when absent.
        extensions: Extensions that replace those of the profile, or come on top.
    """

    subject: Subject
    public_key: PublicKey
    serial: int
    not_before: datetime
    not_after: datetime | None = None
    extensions: tuple[Extension, ...] = ()


def issue(profile: Profile, order: Order, issuer: Issuer) -> bytes:
    """Issue a certificate and return its DER: byte for byte the same for the same arguments."""
    certificate = (
        _with_extensions(profile, order, issuer)
        .subject_name(order.subject.name(profile.dc))
        .public_key(order.public_key)
        .serial_number(order.serial)
        .not_valid_before(order.not_before)
        .not_valid_after(order.not_after or order.not_before + timedelta(days=profile.days))
        .sign(issuer.key, signing_hash(issuer.key), ecdsa_deterministic=deterministic(issuer.key))
    )
    return certificate.public_bytes(Encoding.DER)


def _with_extensions(profile: Profile, order: Order, issuer: Issuer) -> x509.CertificateBuilder:
    algorithm = algorithm_of(order.public_key)
    identifier = x509.SubjectKeyIdentifier(key_identifier(order.public_key))
    # Nearly all certificates: what they share is built once, the key identifier alone is their own.
    if not order.extensions:
        return _template(profile, issuer, algorithm).add_extension(identifier, critical=False)
    own = (*_extensions(profile, issuer, algorithm), (identifier, False))
    # By OID: an extension of the order takes the place of the profile's, for each may be there once only.
    return _builder(issuer, {value.oid: (value, critical) for value, critical in (*own, *order.extensions)})


# A builder never changes, each addition makes another one; so all certificates of a profile can share it.
@lru_cache(maxsize=256)
def _template(profile: Profile, issuer: Issuer, algorithm: str) -> x509.CertificateBuilder:
    """Return a builder with all that is the same for every certificate of a profile by one issuer."""
    own = _extensions(profile, issuer, algorithm)
    return _builder(issuer, {value.oid: (value, critical) for value, critical in own})


def _builder(issuer: Issuer, extensions: dict[x509.ObjectIdentifier, Extension]) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().issuer_name(issuer.name)
    for value, critical in extensions.values():
        builder = builder.add_extension(value, critical=critical)
    return builder


def _extensions(profile: Profile, issuer: Issuer, algorithm: str) -> Iterable[Extension]:
    yield x509.BasicConstraints(profile.ca, profile.path_length), True
    yield key_usage(profile.usages_with(algorithm)), True
    yield x509.AuthorityKeyIdentifier(issuer.key_identifier, None, None), False
    if profile.extended_usages:
        yield x509.ExtendedKeyUsage([_EXTENDED_USAGES[usage] for usage in profile.extended_usages]), False
    if "OCSPSigning" in profile.extended_usages and not profile.ca:
        # Otherwise the status of the responder would have to be asked of itself (RFC 6960 section 4.2.2.2.1).
        yield x509.OCSPNoCheck(), False
    if profile.status:
        yield from _status_extensions(issuer)


def _status_extensions(issuer: Issuer) -> Iterable[Extension]:
    if issuer.ocsp_url:
        responder = x509.UniformResourceIdentifier(issuer.ocsp_url)
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, responder)
        yield x509.AuthorityInformationAccess([access]), False
    if issuer.crl_url:
        place = [x509.UniformResourceIdentifier(issuer.crl_url)]
        yield x509.CRLDistributionPoints([x509.DistributionPoint(place, None, None, None)]), False


def key_usage(usages: Iterable[str]) -> x509.KeyUsage:
    """Return the keyUsage extension with these bits, named as in RFC 5280."""
    wanted = set(usages)
    bits = {bit: name in wanted for name, bit in USAGES.items()}
    # Both refine keyAgreement, and no profile of ISO 15118 uses them.
    return x509.KeyUsage(**bits, encipher_only=False, decipher_only=False)
