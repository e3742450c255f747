"""The certification authorities of an ecosystem.

One V2G root with the branches of CPO, CPS and eMSP below it, roots of their own for OEM and eMSP, all of
that for ISO 15118-2 and, with longer keys, for ISO 15118-20; a second V2G root; and one root of two types.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from opnc.pki.keys import Seed
from opnc.pki.testbed import Addresses, SeededPki, Tree
from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Algorithm, Version

ALGORITHMS: dict[Version, tuple[Algorithm, ...]] = {
    "ISO15118-2": ("secp256r1",),
    "ISO15118-20": ("secp521r1", "ed448"),
}
"""The algorithms of each edition, the usual one first."""

DOMAINS = {"emsp": "v2g", "cpo": "v2g", "cps": "v2g", "oem": "oem", "veh": "oem"}
"""OPNC's `caDomain` -> the root its branch hangs on in the ecosystem's own PKI."""

_BRANCHES = {"v2g": ("cpo", "cps", "emsp"), "oem": ("oem", "veh"), "emsp": ("emsp",)}
_SECOND_V2G = Tree("v2g", number=2)
# A root may have several types (ERR-011), and filters have to find it under each of them.
_TWO_TYPES = Tree("oem", number=2)


@dataclass(frozen=True, slots=True)
class Root:
    """A root certificate (DER) and its types, lower case."""

    certificate: bytes
    types: tuple[str, ...]


class Authorities:
    """The certification authorities of one ecosystem; the same name and day give the same keys.

    Attributes:
        pki: Where they come from.
    """

    def __init__(self, name: str, now: datetime, addresses: Addresses) -> None:
        # By the day: ecosystems of one name share the PKI that `_pki` keeps.
        self.pki = _pki(name, now.replace(hour=0, minute=0, second=0, microsecond=0), addresses)

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        """The roots the ecosystem starts with."""
        own = tuple(Root(self.pki.root(tree).der, (tree.root,)) for tree in _trees())
        return (*own, Root(self.pki.root(_TWO_TYPES).der, ("oem", "emsp")))

    @cached_property
    def authorities(self) -> tuple[Credential, ...]:
        """Every CA of the ecosystem, roots included."""
        return tuple(self._authorities())

    def issuing(self, domain: str, version: Version, algorithm: Algorithm | None = None) -> Credential:
        """Return the Sub-CA 2 that issues the leaves of a certification domain.

        Args:
            domain: OPNC's `caDomain`.
            version: The value of `iso15118Version`.
            algorithm: The algorithm of its key; the usual one of the edition when absent.

        Raises:
            Problem: The ecosystem has no such CA.
        """
        algorithm = algorithm or ALGORITHMS[version][0]
        if algorithm not in ALGORITHMS[version]:
            raise Problem(
                f"there is no {algorithm} in {version}", hint=f"use {' or '.join(ALGORITHMS[version])}"
            )
        return self.pki.authority(domain, "sub2", Tree(DOMAINS[domain], 1, version, algorithm))

    def below(self, domain: str, version: Version) -> tuple[Credential, ...]:
        """Return every Sub-CA 2 of a certification domain, the usual one of the edition first."""
        trees = (tree for tree in _trees() if tree.version == version and domain in _BRANCHES[tree.root])
        return tuple(self.pki.authority(domain, "sub2", tree) for tree in trees)

    def _authorities(self) -> Iterator[Credential]:
        for tree in (*_trees(), _TWO_TYPES):
            yield self.pki.root(tree)
            for domain in _BRANCHES[tree.root]:
                # Certificates of vehicles beside those for provisioning are new in ISO 15118-20.
                if domain != "veh" or tree.version == "ISO15118-20":
                    yield self.pki.authority(domain, "sub1", tree)
                    yield self.pki.authority(domain, "sub2", tree)


def _trees() -> Iterator[Tree]:
    for version, algorithms in ALGORITHMS.items():
        for algorithm in algorithms:
            for root in _BRANCHES:
                yield Tree(root, 1, version, algorithm)
    yield _SECOND_V2G


@lru_cache(maxsize=8)
def _pki(name: str, day: datetime, addresses: Addresses) -> SeededPki:
    """Return the PKI of an ecosystem; all of its CAs take 50 ms to make, so a process makes them once."""
    return SeededPki(Seed(f"ecosystem {name}"), day, f"OPNC {name}", addresses)
