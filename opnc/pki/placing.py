"""Which profile a certificate has to keep: its place in the chain says it, then its names, at last likeness.

A certificate that breaks its profile resembles another one; so what it resembles is asked last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opnc.identifiers.emaid import Emaid
from opnc.identifiers.evse import EvseId, SeccId
from opnc.pki.conformance import check_profile
from opnc.pki.profiles import profiles
from opnc.problem import Problem
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from opnc.pki.profiles import Kind, Profile
    from opnc.pki.reading import ReadCertificate

_DOMAINS = {"CPO": "cpo", "CSO": "cpo", "CPS": "cps", "OEM": "oem", "MO": "emsp", "V2G": "v2g"}
"""What the domain component of a subject tells; Sub-CAs of a CPO often have V2G there: that tells nothing."""

_VERSIONS = {"secp256r1": "ISO15118-2", "secp521r1": "ISO15118-20", "ed448": "ISO15118-20"}
_LEVELS: tuple[Kind, ...] = ("leaf", "sub2", "sub1")


@dataclass(frozen=True, slots=True)
class Placed:
    """A certificate with its profile.

    Attributes:
        certificate: The certificate.
        profile: The profile that its place and its names ask for.
        close: Another profile that it keeps as well, or as badly; None where there is none.
    """

    certificate: ReadCertificate
    profile: Profile
    close: Profile | None = None


def place(certificates: Sequence[ReadCertificate]) -> list[Placed]:
    """Find the profiles of certificates that came together.

    Args:
        certificates: Of one file or of several, in any order, with or without their roots.
    """
    above = {certificate: _issuer(certificate, certificates) for certificate in certificates}
    kinds = {certificate: _kinds(certificate, certificates, above) for certificate in certificates}
    domains = {certificate: _own_domain(certificate) for certificate in certificates}
    # The leaves first: a chain has one domain, which its leaf tells.
    for leaf in (each for each in certificates if not each.is_ca):
        domain = frozenset({_placed(leaf, kinds[leaf], domains[leaf]).profile.domain})
        here, steps = above[leaf], 0
        while here is not None and steps < len(above):
            if not here.self_signed and kinds[leaf] != {"responder"}:
                domains[here] = domain
            here, steps = above[here], steps + 1
    return [_placed(each, kinds[each], domains[each]) for each in certificates]


def _issuer(certificate: ReadCertificate, certificates: Iterable[ReadCertificate]) -> ReadCertificate | None:
    named = [
        other
        for other in certificates
        if other != certificate and other.subject == certificate.issuer and not certificate.self_issued
    ]
    signed = [other for other in named if certificate.signed_by(other)]
    return next(iter(signed or named), None)


def _kinds(
    certificate: ReadCertificate,
    certificates: Sequence[ReadCertificate],
    above: dict[ReadCertificate, ReadCertificate | None],
) -> frozenset[str]:
    """Return the kinds of profiles that a certificate can have by its place."""
    if certificate.self_signed:
        return frozenset({"root"})
    if not certificate.is_ca and "OCSPSigning" in certificate.extensions.extended_key_usage:
        return frozenset({"responder"})
    levels = [level for leaf in certificates if (level := _level(leaf, certificate, above)) is not None]
    if levels:
        return frozenset({_LEVELS[min(max(levels), 2)]})
    return frozenset({"sub1", "sub2"} if certificate.is_ca else {"leaf"})


def _level(
    leaf: ReadCertificate,
    certificate: ReadCertificate,
    above: dict[ReadCertificate, ReadCertificate | None],
) -> int | None:
    """Return how many certificates stand between a leaf and one above it; None where it is not above it."""
    if leaf.is_ca or leaf in above.values():
        return None
    level, here = 0, leaf
    while here != certificate:
        issuer = above[here]
        if issuer is None or level > len(above):
            return None
        level, here = level + 1, issuer
    return level


def _own_domain(certificate: ReadCertificate) -> frozenset[str]:
    told = _DOMAINS.get((certificate.domain_component or "").upper(), "")
    if told and (told != "v2g" or certificate.self_signed):
        return frozenset({told})
    name = certificate.common_name or ""
    return frozenset() if certificate.is_ca else _domain_of_name(name)


def _domain_of_name(name: str) -> frozenset[str]:
    plain = "".join(character for character in name if character.isalnum())
    if len(plain) in (17, 18) and "*" not in name:
        return frozenset({"oem"})
    for domain, parse in (("emsp", Emaid.parse), ("cpo", EvseId.parse), ("cpo", SeccId.parse)):
        try:
            parse(name)
        except Problem:
            continue
        return frozenset({domain})
    return frozenset()


def _placed(certificate: ReadCertificate, kinds: frozenset[str], domains: frozenset[str]) -> Placed:
    version = _VERSIONS.get(certificate.key_algorithm)
    candidates = list(profiles().values())
    # Each of the three narrows what is left, as long as anything is.
    for fits in (
        lambda one: one.kind in kinds,
        lambda one: version is None or one.version == version,
        lambda one: not domains or one.domain in domains or one.kind == "responder",
    ):
        candidates = [one for one in candidates if fits(one)] or candidates
    ranked = sorted(candidates, key=lambda one: badness(certificate, one))
    best, *others = ranked
    close = others[0] if others and badness(certificate, others[0]) == badness(certificate, best) else None
    # Of one that is kept nobody wants to know what else would be: the Sub-CAs of all domains are alike.
    return Placed(certificate, best, close if badness(certificate, best)[0] else None)


def badness(certificate: ReadCertificate, profile: Profile) -> tuple[int, int]:
    """Return how far a certificate is from a profile: failures first, then all else that was found."""
    found = check_profile(certificate, profile)
    # A profile that gives many remarks fits better than one with a single breach.
    return sum(deviation.severity is Severity.FAIL for deviation in found), len(found)
