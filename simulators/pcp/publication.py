"""The certificates that come with a publication: read, and held against what must be true of them as such."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from opnc import vehicles
from opnc.identifiers import Pcid
from opnc.pki.chains import check_chain, check_order, check_validity
from opnc.pki.deviations import Unreadable
from opnc.pki.profiles import find
from opnc.pki.texts import read_key_identifier
from opnc.severity import Severity
from simulators.kernel import Refusal
from simulators.kernel.refusals import certificate, demand_usable, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from opnc.pki.reading import ReadCertificate

MEMBER_LABELS = {"certificate": "vehicleCertificate"}
"""How the published error texts call a member that has another name (ERR-042)."""


@dataclass(frozen=True, slots=True)
class PublishedChain:
    """The chain of a vehicle without its root.

    Attributes:
        members: Member of the chain object -> certificate, from the leaf up.
    """

    members: Mapping[str, ReadCertificate]

    @property
    def leaf(self) -> ReadCertificate:
        """The provisioning certificate."""
        return self.members["certificate"]

    @property
    def certificates(self) -> tuple[ReadCertificate, ...]:
        """All of them, from the leaf up."""
        return tuple(self.members.values())

    @property
    def pcid(self) -> Pcid:
        """The vehicle: the common name of the leaf (ERR-043)."""
        return Pcid.parse(self.leaf.common_name or "")

    def issuer(self, of: ReadCertificate, roots: Sequence[ReadCertificate]) -> ReadCertificate | None:
        """Return who issued a certificate, if that is known."""
        # By name and by signature: two CAs may have one name, for example after a change of key.
        named = (each for each in (*self.certificates, *roots) if each.subject == of.issuer)
        return next((each for each in named if of.signed_by(each)), None)


def read_publication(body: Mapping[str, Any]) -> PublishedChain:
    """Read the chain of a provisioning certificate object.

    Raises:
        Refusal: 400, naming the member that is no certificate.
    """
    chain = body[vehicles.CHAIN]
    return _read(tuple((name, chain[name]) for name in vehicles.MEMBERS if name in chain))


@lru_cache(maxsize=64)
def _read(texts: tuple[tuple[str, str], ...]) -> PublishedChain:
    """Read each certificate once, though every control looks at it.

    By the texts, since a decoded body cannot be hashed; what is returned is not changed by anybody.
    """
    return PublishedChain({name: certificate(text, member_label(name)) for name, text in texts})


def check_leaf(chain: PublishedChain) -> None:
    """Make sure that the leaf can be a provisioning certificate at all.

    Raises:
        Refusal: 400, naming the field.
    """
    profile = find("oem", "leaf", vehicles.version_of(chain.leaf))
    demand_usable(chain.leaf, profile, member_label("certificate"))


def check_v2g_roots(body: Mapping[str, Any]) -> None:
    """Make sure that what names the V2G roots in the vehicle are key identifiers, in either form (ERR-021).

    Raises:
        Refusal: 400.
    """
    for text in body.get(vehicles.V2G_ROOTS, ()):
        try:
            read_key_identifier(text)
        except Unreadable as problem:
            raise Refusal(400, f"{vehicles.V2G_ROOTS}: {problem.what}") from problem


def check_pcid(chain: PublishedChain) -> None:
    """Make sure that the common name is a PCID.

    Raises:
        Refusal: 400.
    """
    if not Pcid.valid(chain.leaf.common_name or ""):
        raise Refusal(400, "pcid: the common name of the certificate must match ^[a-zA-Z0-9]{17,18}$")


def check_dates(chain: PublishedChain, now: datetime) -> None:
    """Make sure that all certificates are valid now (shell model).

    Raises:
        Refusal: 400, naming the member.
    """
    # One by one and not as a chain, so that the member can be named.
    for name, read in chain.members.items():
        for found in check_validity((read,), now):
            raise refusal(member_label(name), found)


def check_chain_to_root(chain: PublishedChain, roots: Sequence[ReadCertificate]) -> None:
    """Make sure that the chain is in order and leads to one of the roots.

    Raises:
        Refusal: 400, naming the first defect.
    """
    leaf, *above = chain.certificates
    # No moment: dates are a control step of their own, which stands at another place in the prescribed order.
    for found in (*check_order(chain.certificates), *check_chain(leaf, above, roots, None).findings):
        if found.severity is Severity.FAIL:
            raise refusal(vehicles.CHAIN, found)


def root_or_highest_of(chain: PublishedChain, roots: Sequence[ReadCertificate]) -> ReadCertificate:
    """Return the root above a chain; the highest certificate where nobody known has issued that."""
    highest = chain.certificates[-1]
    return chain.issuer(highest, roots) or highest


def member_label(member: str) -> str:
    """Return how error messages call a member of the chain object."""
    return f"{vehicles.CHAIN}: {MEMBER_LABELS.get(member, member)}"
