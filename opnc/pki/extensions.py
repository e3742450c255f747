"""The certificate extensions that matter in ISO 15118, read one by one so that a bad one hides no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID

from opnc.pki import der
from opnc.pki.deviations import Deviation
from opnc.pki.library import REFUSALS
from opnc.pki.names import from_x509

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opnc.pki.names import DistinguishedName

NAMES = {
    "2.5.29.14": "subjectKeyIdentifier",
    "2.5.29.15": "keyUsage",
    "2.5.29.17": "subjectAltName",
    "2.5.29.18": "issuerAltName",
    "2.5.29.19": "basicConstraints",
    "2.5.29.30": "nameConstraints",
    "2.5.29.31": "cRLDistributionPoints",
    "2.5.29.32": "certificatePolicies",
    "2.5.29.33": "policyMappings",
    "2.5.29.35": "authorityKeyIdentifier",
    "2.5.29.36": "policyConstraints",
    "2.5.29.37": "extKeyUsage",
    "2.5.29.46": "freshestCRL",
    "2.5.29.54": "inhibitAnyPolicy",
    "1.3.6.1.5.5.7.1.1": "authorityInfoAccess",
    "1.3.6.1.5.5.7.1.11": "subjectInfoAccess",
    "1.3.6.1.5.5.7.48.1.5": "ocsp-nocheck",
}
"""Names of RFC 5280 and RFC 6960 by OID."""

USAGES = {
    "digitalSignature": "digital_signature",
    "nonRepudiation": "content_commitment",
    "keyEncipherment": "key_encipherment",
    "dataEncipherment": "data_encipherment",
    "keyAgreement": "key_agreement",
    "keyCertSign": "key_cert_sign",
    "cRLSign": "crl_sign",
}
"""The names RFC 5280 gives the bits of keyUsage, with those of `cryptography`."""

_EXTENDED_USAGES = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
}

_EXTENSIONS = 0xA3
_T = TypeVar("_T", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    """Whether the subject is a CA, and how many CAs may follow below it; None: as many as may be."""

    ca: bool
    path_length: int | None


@dataclass(frozen=True, slots=True)
class Extensions:
    """The extensions of a certificate; None or empty where one is absent or unreadable.

    Attributes:
        present: Names of all extensions (`NAMES`, else the dotted OID), readable or not.
        critical: Those of them that are marked critical.
        basic_constraints: BasicConstraints.
        key_usage: The usages, named as in RFC 5280.
        extended_key_usage: `serverAuth`, `clientAuth`, `OCSPSigning` or a dotted OID.
        subject_key_identifier: The key identifier's bytes.
        authority_key_identifier: The issuer's key identifier; None also where only name and serial are given.
        authority_issuers: The names of who issued the issuer, as the authority key identifier gives them.
        authority_serial: The serial number of the issuer's certificate; None where it is not given.
        alternative_names: The names of subjectAltName.
        name_constraints: Which names may stand below a CA; None where it does not say.
        policies: The OIDs of certificatePolicies; None where the extension is absent.
        explicit_policy: After how many certificates a policy is required; None where it does not say.
        ocsp_urls: The responders of AuthorityInfoAccess.
        crl_urls: The CRL distribution points.
        findings: The extensions that could not be read.
    """

    present: frozenset[str]
    critical: frozenset[str]
    basic_constraints: BasicConstraints | None
    key_usage: frozenset[str] | None
    extended_key_usage: tuple[str, ...]
    subject_key_identifier: bytes | None
    authority_key_identifier: bytes | None
    ocsp_urls: tuple[str, ...]
    crl_urls: tuple[str, ...]
    findings: tuple[Deviation, ...]
    authority_issuers: tuple[DistinguishedName, ...] = ()
    authority_serial: int | None = None
    alternative_names: tuple[x509.GeneralName, ...] = ()
    name_constraints: x509.NameConstraints | None = None
    policies: frozenset[str] | None = None
    explicit_policy: int | None = None


def read(certificate: x509.Certificate) -> Extensions:
    """Read the extensions of a loaded certificate; one that cannot be read becomes a finding."""
    findings: list[Deviation] = []
    try:
        # The quick way first: hardly any certificate needs the slow one.
        loaded = list(certificate.extensions)
    except REFUSALS:
        loaded = list(_read_apart(certificate, findings))
    values = {type(extension.value): extension.value for extension in loaded}
    authority = _get(values, x509.AuthorityKeyIdentifier)
    constraints = _get(values, x509.PolicyConstraints)
    named = {_name(extension.oid.dotted_string): extension.critical for extension in loaded}
    return Extensions(
        # An unreadable extension is present all the same: that it is missing would be another defect.
        present=frozenset(named) | {finding.field for finding in findings},
        critical=frozenset(name for name, critical in named.items() if critical),
        basic_constraints=_basic_constraints(_get(values, x509.BasicConstraints)),
        key_usage=_key_usage(_get(values, x509.KeyUsage)),
        extended_key_usage=_extended_key_usage(_get(values, x509.ExtendedKeyUsage)),
        subject_key_identifier=_subject_key_identifier(_get(values, x509.SubjectKeyIdentifier)),
        authority_key_identifier=authority.key_identifier if authority else None,
        ocsp_urls=tuple(_ocsp_urls(_get(values, x509.AuthorityInformationAccess))),
        crl_urls=tuple(_crl_urls(_get(values, x509.CRLDistributionPoints))),
        findings=tuple(findings),
        authority_issuers=_authority_issuers(authority) if authority else (),
        authority_serial=authority.authority_cert_serial_number if authority else None,
        alternative_names=tuple(_get(values, x509.SubjectAlternativeName) or ()),
        name_constraints=_get(values, x509.NameConstraints),
        policies=_policies(_get(values, x509.CertificatePolicies)),
        explicit_policy=constraints.require_explicit_policy if constraints else None,
    )


def _name(oid: str) -> str:
    return NAMES.get(oid, oid)


def _read_apart(
    certificate: x509.Certificate, findings: list[Deviation]
) -> Iterator[x509.Extension[x509.ExtensionType]]:
    """Read each extension in a copy of the certificate that holds no other; the library reads all or none."""
    tbs, algorithm, signature = der.read_one(certificate.public_bytes(Encoding.DER)).children()
    # Extensions are the last member of a TBSCertificate (RFC 5280 section 4.1).
    *members, holder = tbs.children()
    (listed,) = holder.children()
    for extension in listed.children():
        alone = der.write(_EXTENSIONS, der.write(der.SEQUENCE, extension.raw))
        copy = der.write(der.SEQUENCE, *(member.raw for member in members), alone)
        loaded = x509.load_der_x509_certificate(der.write(der.SEQUENCE, copy, algorithm.raw, signature.raw))
        try:
            yield from loaded.extensions
        except REFUSALS as refusal:
            oid = extension.children()[0].content
            findings.append(_unreadable(oid, extension.children()[-1].content, refusal))


def _unreadable(oid: bytes, value: bytes, refusal: Exception) -> Deviation:
    name = _name(der.dotted(oid))
    seen = f"{value.hex()[:40]} ({refusal})"
    return Deviation("extension-unreadable", name, "a value as in RFC 5280", seen, "RFC 5280 section 4.2")


def _get(values: dict[type[x509.ExtensionType], x509.ExtensionType], kind: type[_T]) -> _T | None:
    value = values.get(kind)
    return value if isinstance(value, kind) else None


def _basic_constraints(value: x509.BasicConstraints | None) -> BasicConstraints | None:
    return BasicConstraints(value.ca, value.path_length) if value else None


def _key_usage(value: x509.KeyUsage | None) -> frozenset[str] | None:
    return frozenset(name for name, bit in USAGES.items() if getattr(value, bit)) if value else None


def _extended_key_usage(value: x509.ExtendedKeyUsage | None) -> tuple[str, ...]:
    return tuple(_EXTENDED_USAGES.get(oid.dotted_string, oid.dotted_string) for oid in value or ())


def _subject_key_identifier(value: x509.SubjectKeyIdentifier | None) -> bytes | None:
    return value.digest if value else None


def _authority_issuers(value: x509.AuthorityKeyIdentifier) -> tuple[DistinguishedName, ...]:
    given = value.authority_cert_issuer or ()
    return tuple(from_x509(name.value) for name in given if isinstance(name, x509.DirectoryName))


def _policies(value: x509.CertificatePolicies | None) -> frozenset[str] | None:
    return None if value is None else frozenset(each.policy_identifier.dotted_string for each in value)


def _ocsp_urls(value: x509.AuthorityInformationAccess | None) -> Iterator[str]:
    for access in value or ():
        location = access.access_location
        if access.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            location, x509.UniformResourceIdentifier
        ):
            yield location.value


def _crl_urls(value: x509.CRLDistributionPoints | None) -> Iterator[str]:
    for point in value or ():
        for name in point.full_name or ():
            if isinstance(name, x509.UniformResourceIdentifier):
                yield name.value
