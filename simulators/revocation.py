"""Whether a root revokes itself in the revocation list that it names (RFC 5280 sections 4.2.1.13 and 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.pki.crl import read_crl
from opnc.pki.deviations import Unreadable
from opnc.pki.status import check_crl

if TYPE_CHECKING:
    from datetime import datetime

    from opnc.pki.reading import ReadCertificate
    from simulators.outbound import Outbound

LONGEST_LIST = 256 * 1024
"""Bytes; the list of a root names a few CAs and, at its end, the root itself."""


def is_revoked(root: ReadCertificate, outbound: Outbound, now: datetime) -> bool:
    """Fetch the lists that a root names and tell whether one that can be relied on has the root on it."""
    return any(_lists(root, outbound.fetch(url, LONGEST_LIST), now) for url in root.extensions.crl_urls)


def _lists(root: ReadCertificate, content: bytes | None, now: datetime) -> bool:
    if content is None:
        return False
    try:
        crl = read_crl(content)
    except Unreadable:
        return False
    sound = all(finding.level != "fail" for finding in check_crl(crl, root, now))
    return sound and crl.status(root.serial).state == "revoked"
