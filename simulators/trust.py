"""The roots an ecosystem starts with: one of each type that OPNC knows, and one of two types."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from opnc.pki.issue import Issuer, Order, Subject, issue
from opnc.pki.keys import Seed
from opnc.pki.profiles import profile

if TYPE_CHECKING:
    from datetime import datetime

_ROOTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("V2G Root CA", "iso2/v2g-root", ("v2g",)),
    ("OEM Root CA", "iso2/oem-root", ("oem",)),
    ("eMSP Root CA", "iso2/emsp-root", ("emsp",)),
    ("OEM and eMSP Root CA", "iso2/oem-root", ("oem", "emsp")),
)


@dataclass(frozen=True, slots=True)
class Root:
    """A root certificate (DER) and its types, lower case."""

    certificate: bytes
    types: tuple[str, ...]


class Trust:
    """The certification authorities of one ecosystem; the same name gives the same keys."""

    def __init__(self, name: str) -> None:
        self._name = name

    def roots(self, at: datetime) -> tuple[Root, ...]:
        """Return the roots, valid from the given moment on."""
        return _roots(self._name, at)


@cache
def _roots(name: str, at: datetime) -> tuple[Root, ...]:
    return tuple(Root(_root(name, title, kind, at), types) for title, kind, types in _ROOTS)


def _root(name: str, title: str, kind: str, at: datetime) -> bytes:
    seed, subject, form = Seed(f"ecosystem {name}"), Subject(f"{title} {name}", "OPNC test"), profile(kind)
    key = seed.key(title)
    order = Order(subject, key.public_key(), seed.serial(title), at)
    return issue(form, order, Issuer.self_signing(form, subject, key))
