"""Whether a certificate keeps its profile: one deviation per field, with what was expected and what was seen.

    for deviation in check_profile(certificate, profile("iso2/secc")):
        print(deviation)

Chain and validity in time are judged by `opnc.pki.chains`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from opnc.identifiers.evse import EvseId, SeccId
from opnc.pki.deviations import Deviation
from opnc.pki.profiles import Profile, profiles
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opnc.pki.names import DistinguishedName
    from opnc.pki.reading import ReadCertificate

_Found = Iterator[Deviation]
_FORMS = {
    "CN": ("1 to 64 characters", r".{1,64}"),
    "O": ("1 to 64 characters", r".{1,64}"),
    "C": ("two letters", r"[A-Za-z]{2}"),
}
"""How the attributes of a name must be formed (RFC 5280 appendix A.1)."""


def check_profile(certificate: ReadCertificate, profile: Profile) -> tuple[Deviation, ...]:
    """Return what in a certificate deviates from a profile."""
    return _sourced(profile, *(check(certificate, profile) for check in _CHECKS))


def check_request(subject: DistinguishedName, key_algorithm: str, profile: Profile) -> tuple[Deviation, ...]:
    """Return what in a certification request deviates from the profile of the certificate asked for.

    Args:
        subject: The subject of the request.
        key_algorithm: Its key's algorithm, for example `secp256r1`.
        profile: The profile to be issued by.
    """
    return _sourced(profile, _subject_name(subject, profile), _key_algorithm(key_algorithm, profile))


def _sourced(profile: Profile, *found: _Found) -> tuple[Deviation, ...]:
    """Give the deviations that name no clause of their own that of the profile."""
    deviations = (deviation for some in found for deviation in some)
    return tuple(
        deviation if deviation.clause else replace(deviation, clause=profile.source)
        for deviation in deviations
    )


def nearest_profile(certificate: ReadCertificate) -> Profile:
    """Return the profile that a certificate keeps best; the first of the table among equals."""

    def badness(profile: Profile) -> tuple[int, int]:
        found = check_profile(certificate, profile)
        # Failures first: a profile that gives many remarks fits better than one with a single breach.
        return sum(deviation.severity is Severity.FAIL for deviation in found), len(found)

    return min(profiles().values(), key=badness)


def _is_identifier(common_name: str, profile: Profile) -> bool:
    if re.fullmatch(profile.common_name, common_name, re.ASCII):
        return True
    # The published patterns are narrower than the standards they quote (ERR-111).
    evse, secc = "EVSEID" in profile.identifier, "SECCID" in profile.identifier
    return (evse and EvseId.valid_in_docs(common_name)) or (secc and SeccId.valid(common_name))


def _subject_name(subject: DistinguishedName, profile: Profile) -> _Found:
    common_name = subject.get("CN")
    if not common_name:
        yield Deviation("common-name", "subject.CN", profile.identifier or "a common name", "none")
    elif profile.common_name and not _is_identifier(common_name, profile):
        expected = f"{profile.identifier} ({profile.common_name})"
        yield Deviation("common-name", "subject.CN", expected, common_name)
    if not subject.get("O"):
        yield Deviation("organization", "subject.O", "an organization", "none")
    for kind, (expected, form) in _FORMS.items():
        value = subject.get(kind)
        # DOTALL, for a line break in a name is one character like any other here.
        if value and not re.fullmatch(form, value, re.DOTALL):
            seen, clause = f"{len(value)}: {value[:64]!r}", "RFC 5280 appendix A.1"
            yield Deviation("attribute-form", f"subject.{kind}", expected, seen, clause)
    if len(subject.values("CN")) > 1:
        # Which of them counts depends on the reader: the last for some, the first for others.
        seen, clause = " and ".join(subject.values("CN")), "RFC 5280 section 4.1.2.6"
        yield Deviation("common-name-repeated", "subject.CN", "one", seen, clause, Severity.WARN)
    dc = subject.get("DC")
    if profile.dc and dc != profile.dc:
        # Where no clause demands it the domain component is a habit; public examples differ.
        severity = Severity.FAIL if profile.dc_clause else Severity.INFO
        yield Deviation(
            "domain-component", "subject.DC", profile.dc, dc or "none", profile.dc_clause, severity
        )


def _key_algorithm(algorithm: str, profile: Profile) -> _Found:
    if algorithm not in profile.algorithms:
        expected = " or ".join(profile.algorithms)
        yield Deviation("key-algorithm", "subjectPublicKeyInfo", expected, algorithm)


def _subject(certificate: ReadCertificate, profile: Profile) -> _Found:
    yield from _subject_name(certificate.subject, profile)


def _key(certificate: ReadCertificate, profile: Profile) -> _Found:
    yield from _key_algorithm(certificate.key_algorithm, profile)


def _signature(certificate: ReadCertificate, profile: Profile) -> _Found:
    if certificate.signature_algorithm not in profile.signatures:
        expected, seen = " or ".join(profile.signatures), certificate.signature_algorithm
        yield Deviation("signature-algorithm", "signatureAlgorithm", expected, seen)


def _size(certificate: ReadCertificate, profile: Profile) -> _Found:
    size, literal = len(certificate.der), profile.largest_by_text
    if size > profile.largest:
        expected = f"at most {profile.largest} bytes"
        yield Deviation("size", "certificate", expected, f"{size} bytes", "[V2G2-010]; ERR-030")
    elif literal and size > literal:
        expected = f"at most {literal} bytes, 800 characters in base64"
        yield Deviation("size-as-text", "certificate", expected, f"{size} bytes", "ERR-030", Severity.INFO)


def _serial(certificate: ReadCertificate, _: Profile) -> _Found:
    # 159 bits: the first of the 20 octets has the sign of the INTEGER.
    if not 0 < certificate.serial < 1 << 159:
        expected, clause = "positive, at most 20 bytes", "RFC 5280 section 4.1.2.2"
        yield Deviation("serial-number", "serialNumber", expected, str(certificate.serial), clause)


def _validity(certificate: ReadCertificate, profile: Profile) -> _Found:
    days = (certificate.not_after - certificate.not_before).days
    if certificate.not_after <= certificate.not_before:
        seen = f"{certificate.not_before} to {certificate.not_after}"
        yield Deviation("validity", "validity", "an end after its start", seen)
    # No failure: the lengths are those that operators use, and they differ from PKI to PKI.
    elif days > profile.days:
        yield Deviation(
            "validity-long", "validity", f"about {profile.days} days", f"{days} days", severity=Severity.INFO
        )


def _basic_constraints(certificate: ReadCertificate, profile: Profile) -> _Found:
    constraints = certificate.extensions.basic_constraints
    field, expected = "basicConstraints", _constraints(ca=profile.ca, path_length=profile.path_length)
    # In a leaf absence means the same as FALSE (RFC 5280 section 4.2.1.9), so peers manage.
    if constraints is None:
        severity = Severity.FAIL if profile.ca else Severity.WARN
        yield Deviation("basic-constraints", field, expected, "none", severity=severity)
        return
    seen = _constraints(ca=constraints.ca, path_length=constraints.path_length)
    if seen != expected:
        yield Deviation("basic-constraints", field, expected, seen)
    yield from _critical(certificate, field)


def _constraints(*, ca: bool, path_length: int | None) -> str:
    length = "" if path_length is None else f", path length {path_length}"
    return f"{'CA' if ca else 'no CA'}{length}"


def _key_usage(certificate: ReadCertificate, profile: Profile) -> _Found:
    usage = certificate.extensions.key_usage
    wanted = profile.usages_with(certificate.key_algorithm)
    # The usages of the profile count as allowed even where an Ed448 key has no use for them.
    if usage is None or not wanted <= usage <= wanted | profile.usages | profile.allowed:
        further = f" (allowed: {_listed(profile.allowed)})" if profile.allowed else ""
        seen = "none" if usage is None else _listed(usage)
        yield Deviation("key-usage", "keyUsage", f"{_listed(wanted)}{further}", seen)
    if usage is not None:
        yield from _critical(certificate, "keyUsage")


def _extended_key_usage(certificate: ReadCertificate, profile: Profile) -> _Found:
    seen, wanted = set(certificate.extensions.extended_key_usage), set(profile.extended_usages)
    if seen != wanted:
        # A purpose too many works: a V2G root in the field carries OCSPSigning, though TLS stacks stumble
        # over it.
        severity = Severity.WARN if wanted <= seen else Severity.FAIL
        yield Deviation(
            "extended-key-usage", "extKeyUsage", _listed(wanted), _listed(seen), severity=severity
        )


def _key_identifiers(certificate: ReadCertificate, profile: Profile) -> _Found:
    own, length = certificate.extensions.subject_key_identifier, profile.key_identifier_bytes
    clause = "RFC 5280 section 4.2.1.2"
    if own is None:
        severity = Severity.FAIL if profile.ca else Severity.WARN
        yield Deviation(
            "key-identifier", "subjectKeyIdentifier", "a key identifier", "none", clause, severity
        )
    elif not own or (own[0] == 0x04 and len(own) == own[1] + 2):
        expected, seen = "a key identifier", "an empty one" if not own else "an OCTET STRING within it"
        yield Deviation(
            "key-identifier",
            "subjectKeyIdentifier",
            expected,
            seen,
            clause,
            Severity.WARN if own else Severity.FAIL,
        )
    # A warning, for it matters only when a contract key of ISO 15118-20 is bound to it.
    elif length and len(own) != length:
        expected, seen = f"{length} bytes", f"{len(own)} bytes"
        yield Deviation(
            "key-identifier", "subjectKeyIdentifier", expected, seen, "[V2G20-2492]", Severity.WARN
        )
    if certificate.extensions.authority_key_identifier is None and profile.kind != "root":
        field, clause = "authorityKeyIdentifier", "RFC 5280 section 4.2.1.1"
        yield Deviation(
            "authority-key-identifier", field, "the issuer's key identifier", "none", clause, Severity.WARN
        )


def _issuer(certificate: ReadCertificate, profile: Profile) -> _Found:
    wanted = profile.kind == "root"
    # The signature counts: a CA that has the name of its issuer is no root yet.
    if certificate.self_signed != wanted:
        forms = {True: "self-signed", False: "signed by another certificate"}
        yield Deviation("issuer", "issuer", forms[wanted], forms[not wanted])


def _status(certificate: ReadCertificate, profile: Profile) -> _Found:
    urls = certificate.extensions.ocsp_urls + certificate.extensions.crl_urls
    if profile.status and not urls:
        expected, clause = "an OCSP responder or a CRL", "ERR-114"
        yield Deviation("status-address", "authorityInfoAccess", expected, "neither", clause, Severity.WARN)
    # To fetch over https the status of another certificate would be needed first (RFC 5280 section 8).
    foreign = [url for url in urls if not url.lower().startswith("http://")]
    if foreign:
        seen = ", ".join(foreign)
        yield Deviation("status-scheme", "authorityInfoAccess", "http URLs", seen, severity=Severity.WARN)


def _critical(certificate: ReadCertificate, name: str) -> _Found:
    if name not in certificate.extensions.critical:
        yield Deviation("not-critical", name, "critical", "not critical")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


_CHECKS: tuple[Callable[[ReadCertificate, Profile], _Found], ...] = (
    _subject,
    _key,
    _signature,
    _size,
    _serial,
    _validity,
    _basic_constraints,
    _key_usage,
    _extended_key_usage,
    _key_identifiers,
    _issuer,
    _status,
)
