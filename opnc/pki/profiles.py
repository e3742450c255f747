"""The certificate profiles of ISO 15118-2 and ISO 15118-20: a table, and how to find a row in it.

    profile("iso2/secc"), find("cpo", "leaf", "ISO15118-20")

The same row is what `opnc.pki.issue` issues by and what `opnc.pki.conformance` judges by. A certificate that
is wrong on purpose is issued by a changed copy: `dataclasses.replace(profile("iso2/secc"), ca=True)`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal["root", "sub1", "sub2", "leaf", "responder"]
Version = Literal["ISO15118-2", "ISO15118-20"]
Algorithm = Literal["secp256r1", "secp521r1", "ed448"]

_TABLE = Path(__file__).with_name("profiles.toml")
_NOT_WITH_ED448 = frozenset({"keyAgreement", "keyEncipherment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One certificate profile.

    Attributes:
        name: Generation and certificate, for example `iso2/contract`.
        title: What it is called in subjects and reports, for example `MO Sub-CA 2`.
        version: The value of OPNC's parameter `iso15118Version`.
        kind: Its place in a chain.
        domain: OPNC's `caDomain` (`emsp`, `cpo`, `oem`, `cps`, `veh`); `v2g` for what stands above them.
        algorithms: The key algorithms; the first is the usual one.
        signatures: The signature algorithms the certificate may be signed with.
        ca: BasicConstraints cA.
        path_length: BasicConstraints pathLenConstraint; None where it is absent.
        usages: The keyUsage bits that must be set, and are when issuing.
        allowed: Further keyUsage bits that may be set.
        extended_usages: The purposes in extKeyUsage; empty: the extension is absent.
        dc: The domain component of the subject; None: issued without, judged free.
        dc_clause: Where the domain component is demanded; empty where it is a habit.
        common_name: Pattern of the subject's CN; empty where it is free.
        identifier: What the CN is, for messages.
        days: Validity in days.
        most_days: The days that a certificate may be valid at most; None: any number.
        status: Whether the certificate names an OCSP responder or a CRL.
        largest: The most bytes of DER.
        largest_by_text: The most bytes for a receiver that reads OPNC's limit literally; None: no limit.
        key_identifier_bytes: The length the SubjectKeyIdentifier must have; None: any.
        source: The clause the profile stands in.
    """

    name: str
    title: str
    version: Version
    kind: Kind
    domain: str
    algorithms: tuple[Algorithm, ...]
    signatures: tuple[str, ...]
    ca: bool
    path_length: int | None = None
    usages: frozenset[str]
    allowed: frozenset[str] = frozenset()
    extended_usages: tuple[str, ...] = ()
    dc: str | None = None
    dc_clause: str = ""
    common_name: str = ""
    identifier: str = ""
    days: int
    most_days: int | None = None
    status: bool = True
    largest: int
    largest_by_text: int | None = None
    key_identifier_bytes: int | None = None
    source: str

    def usages_with(self, algorithm: str) -> frozenset[str]:
        """Return the usages for a key: an Ed448 key only signs (RFC 8410 section 5)."""
        return self.usages - _NOT_WITH_ED448 if algorithm == "ed448" else self.usages


@cache
def profiles() -> Mapping[str, Profile]:
    """Return all profiles by name."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    # Read-only, for the cache hands the same mapping to everybody.
    return MappingProxyType({profile.name: profile for profile in _rows(table)})


def profile(name: str) -> Profile:
    """Return the profile of a name.

    Raises:
        Problem: There is none; the hint lists the names.
    """
    found = profiles().get(name)
    if found is None:
        raise Problem(f"no certificate profile {name!r}", hint=f"one of {', '.join(profiles())}")
    return found


# Asked for every certificate that is issued or checked; what is refused is not kept.
@cache
def find(domain: str, kind: Kind, version: Version = "ISO15118-2") -> Profile:
    """Return the profile of a certification domain, for example `find("cpo", "leaf")` for the SECC.

    Args:
        domain: OPNC's `caDomain`, or `v2g`.
        kind: The place in the chain.
        version: The value of `iso15118Version`.

    Raises:
        Problem: There is none, for example for `veh` in ISO 15118-2.
    """
    wanted = (domain, kind, version)
    for candidate in profiles().values():
        if (candidate.domain, candidate.kind, candidate.version) == wanted:
            return candidate
    raise Problem(f"no certificate profile for a {kind} of {domain} in {version}")


def _rows(table: Mapping[str, Any]) -> Iterator[Profile]:
    for generation, common in table["generations"].items():
        for name, row in table["certificates"].items():
            if row.get("only", generation) == generation:
                own = {key: value for key, value in row.items() if key not in ("iso20", "only")}
                late = row.get("iso20", {}) if generation == "iso20" else {}
                # From the general to the particular: later ones win.
                merged = common | table["kinds"][row["kind"]] | own | late
                yield Profile(
                    name=f"{generation}/{name}", **{key: _frozen(key, merged[key]) for key in merged}
                )


def _frozen(key: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    # Usages are bits without order; of algorithms the first is the usual one.
    return frozenset(value) if key in ("usages", "allowed") else tuple(value)
