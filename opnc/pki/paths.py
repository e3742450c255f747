"""The ways from a certificate up to a root: names lead, signatures decide."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opnc.pki.reading import ReadCertificate

_MAX_DEPTH = 16
# Cross-signed CAs multiply: the paths through a few levels are more than anybody wants to see.
_MAX_PATHS = 64

Path = tuple["ReadCertificate", ...]
"""Certificates from the leaf up."""


def paths(
    leaf: ReadCertificate, others: Sequence[ReadCertificate], anchors: Sequence[ReadCertificate]
) -> Iterator[Path]:
    """Yield the paths from a certificate upwards, at least one, at most 64.

    A path ends at a trust anchor or, incomplete, where no issuer is found. Where nobody's key made a
    signature the path goes on by name alone, so that all defects of a broken chain are seen at once.

    Args:
        leaf: Where to start.
        others: Certificates that may stand above it, in any order.
        anchors: The trusted roots; tried before the others.
    """
    return islice(_grow((leaf,), (*anchors, *others), anchors), _MAX_PATHS)


def is_anchor(certificate: ReadCertificate, anchors: Iterable[ReadCertificate]) -> bool:
    """Return whether a certificate is a trust anchor: the same bytes, or the same key under the same name."""
    return any(
        # An anchor is a name and a key (RFC 5280 section 6.1.1 (d)): a root that was renewed stays trusted.
        certificate == anchor or (certificate.spki == anchor.spki and certificate.subject == anchor.subject)
        for anchor in anchors
    )


def _grow(path: Path, known: Sequence[ReadCertificate], anchors: Sequence[ReadCertificate]) -> Iterator[Path]:
    # A trusted certificate ends the search, even if it is no root: nothing above it could add trust.
    complete = is_anchor(path[-1], anchors) or len(path) > _MAX_DEPTH
    issuers = [] if complete else _issuers(path, known)
    if not issuers:
        yield path
    for issuer in issuers:
        yield from _grow((*path, issuer), known, anchors)


def _issuers(path: Path, known: Sequence[ReadCertificate]) -> list[ReadCertificate]:
    """Return who may have issued the last certificate: whose key signed it, else who has the name."""
    last = path[-1]
    # By key and name, not by bytes: two cross-signed CAs would lead in a circle for ever.
    passed = {(certificate.spki, certificate.subject) for certificate in path}
    named = [
        issuer
        for issuer in dict.fromkeys(known)  # a root may be given among the others too
        if issuer.subject == last.issuer and (issuer.spki, issuer.subject) not in passed
    ]
    signers = [issuer for issuer in named if last.signed_by(issuer)]
    # Above a root by its own signature there can only be namesakes.
    return signers if signers or last.self_signed else named
