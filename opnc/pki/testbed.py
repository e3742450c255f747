"""A whole test PKI out of a seed: several V2G roots with everything below them, own roots of OEM and eMSP.

    pki = SeededPki(Seed("42"), now)
    vehicle = pki.vehicle("WDBTEST1234567890")
    contract = pki.contract("DEABCC12345678", V2G_20)

The same seed and day give the same certificates, byte for byte. CAs are made when first needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from opnc.pki.credentials import Credential
from opnc.pki.issue import Issuer, Order, Subject, issue
from opnc.pki.keys import algorithm_of, key_identifier
from opnc.pki.profiles import find

if TYPE_CHECKING:
    from datetime import datetime

    from opnc.pki.issue import Extension
    from opnc.pki.keys import Seed
    from opnc.pki.profiles import Algorithm, Kind, Profile, Version
    from opnc.pki.signatures import PrivateKey


@dataclass(frozen=True, slots=True)
class Tree:
    """One root with what stands below it.

    Attributes:
        root: `v2g`, `oem` or `emsp`.
        number: Which of several such roots; each has a name of its own.
        version: The generation of its certificates.
        algorithm: The algorithm of all its keys.
        edition: Another edition has the same names and other keys: an evil twin.
    """

    root: str = "v2g"
    number: int = 1
    version: Version = "ISO15118-2"
    algorithm: Algorithm = "secp256r1"
    edition: int = 1

    @property
    def label(self) -> str:
        """A short text that tells the names of trees apart, for example `V2G1` or `V2G1-20`."""
        generation = "" if self.version == "ISO15118-2" else "-20"
        return f"{self.root.upper()}{self.number}{generation}{'E' if self.algorithm == 'ed448' else ''}"


V2G = Tree()
V2G_20 = Tree(version="ISO15118-20", algorithm="secp521r1")
V2G_20_ED448 = Tree(version="ISO15118-20", algorithm="ed448")
OEM = Tree("oem")
EMSP = Tree("emsp")


@dataclass(frozen=True, slots=True)
class Variation:
    """How a leaf differs from the ordinary one.

    Attributes:
        key: Which key of the holder; a changed key pair has another number.
        issue: Which issue; a renewal has another number, and so another serial number.
        not_before: Start of validity; that of the PKI when absent.
        not_after: End of validity; by the profile when absent.
        profile: The profile to issue by; that of the domain when absent.
        algorithm: The algorithm of the key; that of the tree when absent.
        extensions: Extensions on top of those of the profile.
    """

    key: int = 1
    issue: int = 1
    not_before: datetime | None = None
    not_after: datetime | None = None
    profile: Profile | None = None
    algorithm: Algorithm | None = None
    extensions: tuple[Extension, ...] = ()


ORDINARY = Variation()


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the status of certificates is told.

    Attributes:
        ocsp: The URL of the OCSP responder; empty: certificates name none.
        crl: The URL of the CRLs, `{ca}` standing for `crl_name` of the CA; empty: certificates name none.
    """

    ocsp: str = "http://ocsp.alpha.opnc.test"
    crl: str = "http://crl.alpha.opnc.test/{ca}.crl"


def crl_name(key_identifier: bytes) -> str:
    """Return the name of a CA in the URL of its CRL: the first half of its key identifier in hex."""
    return key_identifier[:4].hex()


@dataclass(frozen=True, slots=True, eq=False)
class SeededPki:
    """A test PKI.

    Attributes:
        seed: What all keys and serial numbers come from.
        now: A moment of the day the certificates start with, aware; they are valid from the midnight before.
        organization: The O of all subjects.
        addresses: Where the status of its certificates is told.
    """

    seed: Seed
    now: datetime
    organization: str = "OPNC Test"
    addresses: Addresses = Addresses()
    _authorities: dict[tuple[Tree, str, Kind], Credential] = field(
        default_factory=dict, init=False, repr=False
    )
    _issuers: dict[bytes, Issuer] = field(default_factory=dict, init=False, repr=False)

    @property
    def start(self) -> datetime:
        """Start of validity: a day early, for peers whose clocks are behind."""
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)

    def root(self, tree: Tree = V2G) -> Credential:
        """Return the root of a tree."""
        return self.authority(tree.root, "root", tree)

    def authority(self, domain: str, kind: Kind, tree: Tree = V2G) -> Credential:
        """Return a CA of a tree.

        Args:
            domain: OPNC's `caDomain`; that of the tree for a root.
            kind: `root`, `sub1` or `sub2`.
            tree: The tree it stands in.
        """
        place = (tree, domain, kind)
        if place not in self._authorities:
            self._authorities[place] = self._make_authority(domain, kind, tree)
        return self._authorities[place]

    def issuer(self, ca: Credential) -> Issuer:
        """Return a CA as issuer, with the addresses that what it issues shall name."""
        if ca.der not in self._issuers:
            # `replace`, not `format`: braces elsewhere in a user's address mean nothing.
            crl = self.addresses.crl.replace("{ca}", crl_name(key_identifier(ca.key.public_key())))
            self._issuers[ca.der] = Issuer.of(ca.der, ca.key, ocsp_url=self.addresses.ocsp, crl_url=crl)
        return self._issuers[ca.der]

    def vehicle(self, pcid: str, tree: Tree = OEM, variation: Variation = ORDINARY) -> Credential:
        """Return a vehicle with its OEM provisioning certificate."""
        return self.leaf("oem", pcid, tree, variation)

    def contract(self, emaid: str, tree: Tree = V2G, variation: Variation = ORDINARY) -> Credential:
        """Return a contract with its contract certificate."""
        return self.leaf("emsp", emaid, tree, variation)

    def secc(self, evseid: str, tree: Tree = V2G, variation: Variation = ORDINARY) -> Credential:
        """Return a charge point with its SECC certificate."""
        return self.leaf("cpo", evseid, tree, variation)

    def cps(self, name: str = "CPS", tree: Tree = V2G, variation: Variation = ORDINARY) -> Credential:
        """Return a certificate provisioning service with its signing certificate."""
        return self.leaf("cps", name, tree, variation)

    def leaf(self, domain: str, name: str, tree: Tree = V2G, variation: Variation = ORDINARY) -> Credential:
        """Return a leaf under the Sub-CA 2 of a domain.

        Args:
            domain: OPNC's `caDomain`.
            name: The common name.
            tree: The tree it stands in.
            variation: How it differs from the ordinary one.
        """
        profile = find(domain, "leaf", tree.version)
        return self.below(self.authority(domain, "sub2", tree), profile, name, variation)

    def ocsp_responder(self, ca: Credential, variation: Variation = ORDINARY) -> Credential:
        """Return a responder to which a CA delegates: RFC 6960 wants it issued by that CA itself."""
        version: Version = "ISO15118-2" if ca.certificate.key_algorithm == "secp256r1" else "ISO15118-20"
        # 64 characters are the most of a common name (RFC 5280 appendix A.1).
        name = f"OCSP of {ca.certificate.common_name}"[:64]
        return self.below(ca, find("v2g", "responder", version), name, variation)

    def below(
        self, ca: Credential, profile: Profile, name: str, variation: Variation = ORDINARY
    ) -> Credential:
        """Return what a CA issues; any other credential serves as well, for chains that must be refused.

        Args:
            ca: Who issues.
            profile: The profile, unless the variation brings its own.
            name: The common name.
            variation: How it differs from the ordinary one.
        """
        issuer = self.issuer(ca)
        # By the issuer's key, not its name: leaves below an evil twin must not share keys with the real ones.
        place = f"{issuer.key_identifier.hex()}/{profile.name}/{name}/{variation.key}"
        key = self.seed.key(place, variation.algorithm or algorithm_of(ca.key))
        order = Order(
            Subject(name, self.organization),
            key.public_key(),
            self.seed.serial(f"{place}/{variation.issue}"),
            variation.not_before or self.start,
            variation.not_after,
            variation.extensions,
        )
        return Credential((issue(variation.profile or profile, order, issuer), *ca.chain), key)

    def cross_signed(self, domain: str, tree: Tree, by: Tree) -> Credential:
        """Return the Sub-CA 1 of a domain with a second certificate: same name and key, by another root."""
        ca, root = self.authority(domain, "sub1", tree), self.root(by)
        order = self._order(find(domain, "sub1", tree.version), tree, ca.key)
        # Another serial number, for another CA issues it and the two certificates must be told apart.
        order = replace(order, serial=self.seed.serial(f"{tree}/{domain}/{by}"))
        der = issue(find(domain, "sub1", tree.version), order, self.issuer(root))
        return Credential((der, *root.chain), ca.key)

    def _make_authority(self, domain: str, kind: Kind, tree: Tree) -> Credential:
        profile = find(domain, kind, tree.version)
        # All fields of the tree are in its text: another edition has the same subject and another key.
        key = self.seed.key(f"{tree}/{profile.name}", tree.algorithm)
        order = self._order(profile, tree, key)
        if kind == "root":
            return Credential((issue(profile, order, Issuer.self_signing(profile, order.subject, key)),), key)
        above = self.root(tree) if kind == "sub1" else self.authority(domain, "sub1", tree)
        return Credential((issue(profile, order, self.issuer(above)), *above.chain), key)

    def _order(self, profile: Profile, tree: Tree, key: PrivateKey) -> Order:
        # Without a country, which no profile demands: a name stands in two certificates, and those of ISO
        # 15118-2 are to stay well below the 600 bytes that a literal reader takes (ERR-030).
        subject = Subject(f"{profile.title} {tree.label}", self.organization)
        return Order(subject, key.public_key(), self.seed.serial(f"{tree}/{profile.name}"), self.start)
