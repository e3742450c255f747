"""Chains: built from certificates in any order, checked against trust anchors, every defect named.

    checked = check_chain(leaf, others, anchors, now)
    checked.ok, checked.path, [finding.name for finding in checked.findings]

Names lead from a certificate to its issuer, but only keys are trusted: up to ten V2G roots may share one name
([V2G2-878]). Where several paths exist, as with Sub-CAs cross-signed by several roots, the best one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from opnc.pki.constraints import names_outside, policy_missing
from opnc.pki.deviations import Deviation
from opnc.pki.extensions import NAMES
from opnc.pki.paths import is_anchor, paths
from opnc.pki.signatures import der_of_raw, is_signed_by
from opnc.pki.syntax import name_octets
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from opnc.pki.paths import Path
    from opnc.pki.reading import ReadCertificate

MAX_BELOW_ROOT = 3
"""Certificates between root and end of a chain, the leaf counted ([V2G2-009])."""

_MAX_GIVEN = 32
# What is marked critical must be processed: mappings of policies and the like are not.
_KNOWN = frozenset(NAMES.values()) - {"policyMappings", "inhibitAnyPolicy", "freshestCRL"}
_CONTRADICTIONS = frozenset(
    {
        "extension-unreadable",
        "extension-twice",
        "extension-tag",
        "extensions-tag",
        "basicConstraints-tag",
        "signature-algorithm-mismatch",
        "certificate-version",
        "curve-parameters",
    }
)
"""Findings of reading by which a certificate means one thing to some and another thing to others."""

_DEFECTS: dict[str, tuple[str, str, Severity]] = {
    "chain-too-long": ("chain", "[V2G2-009]", Severity.FAIL),
    "critical-extension-unknown": ("extensions", "RFC 5280 section 4.2", Severity.FAIL),
    "expired": ("validity", "RFC 5280 section 6.1.3 (a)(2)", Severity.FAIL),
    "issuer-encoding": ("issuer", "RFC 5280 sections 4.1.2.4 and 4.1.2.6", Severity.WARN),
    "issuer-key-usage": ("keyUsage", "RFC 5280 section 6.1.4 (n)", Severity.FAIL),
    "issuer-missing": ("issuer", "RFC 5280 section 6.1.3 (a)(4)", Severity.FAIL),
    "issuer-not-ca": ("basicConstraints", "RFC 5280 section 6.1.4 (k)", Severity.FAIL),
    "key-identifier-mismatch": ("authorityKeyIdentifier", "RFC 5280 section 4.2.1.1", Severity.WARN),
    "name-constraints": ("nameConstraints", "RFC 5280 section 6.1.3 (b), (c)", Severity.FAIL),
    "not-yet-valid": ("validity", "RFC 5280 section 6.1.3 (a)(2)", Severity.FAIL),
    "path-length-exceeded": ("basicConstraints", "RFC 5280 section 6.1.4 (m)", Severity.FAIL),
    "policy-missing": ("certificatePolicies", "RFC 5280 section 6.1.3 (f)", Severity.FAIL),
    "root-untrusted": ("subjectPublicKeyInfo", "RFC 5280 section 6.1.1 (d)", Severity.FAIL),
    "signature-invalid": ("signatureValue", "RFC 5280 section 6.1.3 (a)(1)", Severity.FAIL),
    "wrong-order": ("issuer", "ERR-032", Severity.FAIL),
}
"""What can be wrong with a chain: the field it shows in, the clause it breaks, the level."""


@dataclass(frozen=True, slots=True)
class CheckedChain:
    """The best path found from a leaf, and what is wrong with it.

    Attributes:
        path: The certificates from the leaf up, the anchor last where one was reached.
        anchor: The trust anchor the path ends in; None where it ends in none.
        findings: One entry per defect.
    """

    path: Path
    anchor: ReadCertificate | None
    findings: tuple[Deviation, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing speaks against trusting the leaf."""
        return not any(finding.severity is Severity.FAIL for finding in self.findings)


def check_chain(
    leaf: ReadCertificate,
    others: Sequence[ReadCertificate],
    anchors: Sequence[ReadCertificate],
    now: datetime | None,
    *,
    max_below_root: int = MAX_BELOW_ROOT,
) -> CheckedChain:
    """Build the chain of a certificate and check it.

    Args:
        leaf: The certificate to be trusted; may itself be a CA.
        others: Certificates that may stand above it, in any order; roots among them are not trusted.
        anchors: The trusted roots.
        now: When every certificate must be valid (shell model), aware; None leaves validity out.
        max_below_root: The most certificates below the root, the leaf counted.
    """
    # Looking for issuers tries signatures, so a peer could make us work for hours.
    if len(others) > _MAX_GIVEN:
        return CheckedChain((leaf,), None, (_too_long(leaf, _MAX_GIVEN, len(others)),))
    candidates = [_judge(path, anchors, now, max_below_root) for path in paths(leaf, others, anchors)]
    return min(candidates, key=_badness)


def check_validity(certificates: Iterable[ReadCertificate], now: datetime) -> tuple[Deviation, ...]:
    """Return a finding for each certificate that is not valid at a moment (the shell model wants all)."""
    findings = []
    for certificate in certificates:
        if certificate.valid_at(now):
            continue
        if now < certificate.not_before:
            seen = f"not before {_utc(certificate.not_before)}"
            findings.append(_defect("not-yet-valid", certificate, f"valid at {_utc(now)}", seen))
        else:
            seen = f"not after {_utc(certificate.not_after)}"
            findings.append(_defect("expired", certificate, f"valid at {_utc(now)}", seen))
    return tuple(findings)


def check_order(certificates: Sequence[ReadCertificate]) -> tuple[Deviation, ...]:
    """Return a finding for each certificate that the next one did not issue.

    Args:
        certificates: Leaf, Sub-CA 2, Sub-CA 1 ..., as the members of OPNC's chain object name them (ERR-032).
    """
    return tuple(
        _defect("wrong-order", below, f"issued by {_label(above)}", f"issued by {below.issuer}")
        for below, above in pairwise(certificates)
        # The name as well as the key: namesakes are common among roots ([V2G2-878]), cross-signed CAs share a
        # key.
        if not (below.issuer == above.subject and below.signed_by(above))
    )


def _badness(checked: CheckedChain) -> tuple[bool, int, int, int]:
    fails = sum(finding.severity is Severity.FAIL for finding in checked.findings)
    # Trust first: a path with a flaw below a trusted root explains more than a clean one to nowhere.
    return checked.anchor is None, fails, len(checked.findings), len(checked.path)


def _judge(
    path: Path, anchors: Sequence[ReadCertificate], now: datetime | None, max_below_root: int
) -> CheckedChain:
    anchored = is_anchor(path[-1], anchors)
    findings = [*_check_length(path, max_below_root)]
    if not anchored:
        findings.append(_check_end(path[-1], anchors))
    for place, (below, above) in enumerate(pairwise(path)):
        findings += _check_link(below, above)
        # From 1: the end of a path never counts as an intermediate certificate, even if it is a CA (RFC 5280
        # section 4.2.1.9).
        findings += _check_issuer(above, path[1 : place + 1])
        findings += _check_names(above, path[: place + 1])
    for certificate in path:
        findings += check_extensions(certificate)
    requiring = policy_missing(path)
    if requiring:
        findings.append(_defect("policy-missing", requiring, "a policy on the whole path", "none"))
    findings += check_validity(path, now) if now else ()
    return CheckedChain(path, path[-1] if anchored else None, tuple(findings))


def _check_end(last: ReadCertificate, anchors: Sequence[ReadCertificate]) -> Deviation:
    """Say why a path ends outside the trust anchors."""
    if not last.self_issued:
        return _defect("issuer-missing", last, f"a certificate of {last.issuer}", "none")
    # Told apart, for whoever compares names alone takes this one for the trusted root.
    twin = any(anchor.subject == last.subject for anchor in anchors)
    seen = "another key under the name of a trusted root" if twin else "a root that is not trusted"
    return _defect("root-untrusted", last, "the key of a trusted root", seen)


def _check_length(path: Path, max_below_root: int) -> Iterator[Deviation]:
    # An incomplete path ends below its root, so all of it counts.
    below_root = len(path) - 1 if path[-1].self_issued else len(path)
    if below_root > max_below_root:
        yield _too_long(path[0], max_below_root, below_root)


def _check_link(below: ReadCertificate, above: ReadCertificate) -> Iterator[Deviation]:
    if not below.signed_by(above):
        spelt = " but in r and s, not in DER" if is_raw_signature(below, above) else " that does not verify"
        seen = f"a signature ({below.signature_algorithm}){spelt}"
        yield _defect("signature-invalid", below, f"a signature by {_label(above)}", seen)
    # The same name all the same, by RFC 5280 section 7.1; but who looks an issuer up by its octets, as Go and
    # OCSP do, finds none.
    if below.issuer == above.subject and name_octets(below.tbs)[0] != name_octets(above.tbs)[1]:
        yield _defect(
            "issuer-encoding", below, f"the octets of {_label(above)}", "other string types or spelling"
        )
    named, own = below.extensions.authority_key_identifier, above.extensions.subject_key_identifier
    # A warning: key identifiers help to find an issuer, validating a path (RFC 5280 section 6.1) does without
    # them.
    if named and own and named != own:
        yield _defect("key-identifier-mismatch", below, own.hex(":"), named.hex(":"))
    # OpenSSL goes by all three; a Sub-CA that was renewed has another serial number.
    serial, issuers = below.extensions.authority_serial, below.extensions.authority_issuers
    if serial is not None and serial != above.serial:
        expected, seen = f"serial number {above.serial:x}", f"serial number {serial:x}"
        yield _defect("key-identifier-mismatch", below, expected, seen)
    if issuers and above.issuer not in issuers:
        expected = f"the issuer of the issuer, {above.issuer}"
        yield _defect("key-identifier-mismatch", below, expected, " or ".join(map(str, issuers)))


def is_raw_signature(below: ReadCertificate, above: ReadCertificate) -> bool:
    """Return whether a signature would verify in DER: its numbers are bare, as in XML signatures."""
    rewritten = der_of_raw(below.signature)
    return bool(rewritten) and is_signed_by(below.tbs, rewritten, below.signature_algorithm, above.spki)


def _check_names(issuer: ReadCertificate, below: Sequence[ReadCertificate]) -> Iterator[Deviation]:
    """Check the names of the certificates below a CA, from the leaf up, against what it allows."""
    constraints = issuer.extensions.name_constraints
    if constraints is None:
        return
    for place, certificate in enumerate(below):
        # A CA that was renewed by itself counts as its elder did; a leaf always counts.
        if place and certificate.self_issued:
            continue
        for expected, seen in names_outside(certificate, constraints):
            yield _defect("name-constraints", certificate, expected, seen)


def _check_issuer(issuer: ReadCertificate, below: Sequence[ReadCertificate]) -> Iterator[Deviation]:
    """Check that a certificate may issue; `below` are the CAs between it and the leaf."""
    constraints, usage = issuer.extensions.basic_constraints, issuer.extensions.key_usage
    # Usage and path length mean nothing in what is no CA; they would only repeat the same defect.
    if constraints is None or not constraints.ca:
        yield _defect("issuer-not-ca", issuer, "a CA", "no CA")
        return
    # An absent keyUsage allows all (RFC 5280 section 6.1.4 (n)); that it is absent, the profile judges.
    if usage is not None and "keyCertSign" not in usage:
        yield _defect("issuer-key-usage", issuer, "keyCertSign", ", ".join(sorted(usage)) or "no usage")
    most = constraints.path_length
    # Self-issued certificates do not count (RFC 5280 section 4.2.1.9), such as those of a key change.
    seen = sum(certificate.is_ca and not certificate.self_issued for certificate in below)
    if most is not None and seen > most:
        yield _defect(
            "path-length-exceeded", issuer, f"at most {most} CAs between it and the leaf", str(seen)
        )


def check_extensions(certificate: ReadCertificate) -> Iterator[Deviation]:
    """Yield what in a certificate forbids to use it: contradictions, unreadable or unknown extensions."""
    for finding in certificate.findings:
        # What was not strict but could be read is no matter of trust, so it stays with the certificate.
        if finding.name in _CONTRADICTIONS:
            yield finding.at(_label(certificate))
    for name in sorted(certificate.extensions.critical - _KNOWN):
        yield _defect("critical-extension-unknown", certificate, "only known critical extensions", name)


def _too_long(leaf: ReadCertificate, most: int, seen: int) -> Deviation:
    return _defect("chain-too-long", leaf, f"at most {most} certificates below the root", str(seen))


def _defect(name: str, certificate: ReadCertificate, expected: str, seen: str) -> Deviation:
    field, clause, severity = _DEFECTS[name]
    return Deviation(name, field, expected, seen, clause, severity, where=_label(certificate))


def _label(certificate: ReadCertificate) -> str:
    """Return a text that tells a certificate from its namesakes."""
    return f"{certificate.subject} [{certificate.fingerprint[:8]}]"


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%SZ}"
