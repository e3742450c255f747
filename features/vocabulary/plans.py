"""What the clauses behind a new thing say about how it is made, read from the text alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from fixtures.testdata.vehicles import VEHICLE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

GARBAGE = (
    "not base64",
    "base64 of random bytes",
    "a truncated certificate",
    "PEM",
    "empty",
    "a number",
)
"""What may stand where a certificate belongs; `TestData.garbage` makes it."""

NO_ROOTS = (
    *("an end-entity certificate", "a Sub-CA certificate", "a self-signed end entity"),
    *("a CA that may not sign certificates", "a CA with an RSA key", "a CA with a secp384r1 key"),
    *("a certificate with a wrong signature", "a certificate that another key has signed in its name"),
)
"""Certificates that are no roots; `TestData.non_root_certificate` makes them."""

Form = Literal["contract data", "order", "signed contract data"]
"""What a contract is before it is one: unsigned data for the CPS, an order, signed data for the CCP."""


@dataclass(frozen=True, slots=True)
class VehiclePlan:
    """How a vehicle is made.

    Attributes:
        owner: Who has made it, such as `oem of beta` or `beta`; None: the sentence does not say.
        keys: `secp521r1` or `Ed448`; None for the usual ones.
        size: Bytes of its certificate.
        both_editions: Whether it has a certificate of each edition of ISO 15118.
        member, garbage: Which member of the object holds which garbage.
        root_of: The ecosystem whose root is above it.
        special: In which way it is special, a key of `VEHICLE_KINDS`; then there is no other clause.
    """

    owner: str | None = None
    keys: str | None = None
    size: int | None = None
    both_editions: bool = False
    member: str | None = None
    garbage: str | None = None
    root_of: str | None = None
    special: str | None = None


@dataclass(frozen=True, slots=True)
class RootPlan:
    """How a root is made, or what is sent in place of one.

    Attributes:
        types: The types stated; `v2g` unless the sentence says others.
        lasts: How long it is still valid, negative where it has expired; None: long.
        valid_later: Whether it becomes valid some days from now.
        size: Bytes of the certificate.
        revocation_list: Whether it names a revocation list of the tester.
        revoked: Whether it is on that list from the beginning.
        all_members: Whether the object has every member that only the administrator can know.
        own_id: Whether the object brings an id.
        without: What the object lacks: `certificate`, `types` or `any member`.
        garbage: What stands in place of the certificate.
        no_root: Which certificate that is no root is sent.
        own: Whether it is the root of the tester itself.
        twin: Whether it has the name of a known root.
        of: The ecosystem whose root it is.
    """

    types: tuple[str, ...] = ("v2g",)
    lasts: timedelta | None = None
    valid_later: bool = False
    size: int | None = None
    revocation_list: bool = False
    revoked: bool = False
    all_members: bool = False
    own_id: bool = False
    without: str | None = None
    garbage: str | None = None
    no_root: str | None = None
    own: bool = False
    twin: bool = False
    of: str | None = None


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """The form in which a contract is prepared."""

    form: Form


def _any(phrases: Iterable[str]) -> str:
    # The longest first: a search takes the first that fits, and one may begin another.
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


ECOSYSTEMS = "beta|gamma|delta|epsilon"

_SPECIAL = f",? (?:{_any(VEHICLE_KINDS)})"
_CLAUSES = (
    " with (?:secp521r1|Ed448) keys"
    r"| whose certificate has \d+ bytes"
    "| of both editions of ISO 15118"
    f"| whose (?:certificate|subCa[12]Certificate) is (?:{_any(GARBAGE)})"
    f"|,? below a root of (?:{ECOSYSTEMS})"
)
VEHICLE_CLAUSES = f"(?:{_SPECIAL}|(?:{_CLAUSES})*)"
"""The clauses that say how a vehicle is made, or the one that says how it is special."""


def vehicle_plan(text: str, owner: str | None) -> VehiclePlan:
    """Read the clauses behind a new vehicle."""
    keys = re.search(r" with (secp521r1|Ed448) keys", text)
    size = re.search(r" whose certificate has (\d+) bytes", text)
    wrong = re.search(rf" whose (certificate|subCa[12]Certificate) is ({_any(GARBAGE)})", text)
    root = re.search(rf" below a root of ({ECOSYSTEMS})", text)
    special = re.search(rf" ({_any(VEHICLE_KINDS)})$", text)
    return VehiclePlan(
        owner=owner,
        keys=keys[1] if keys else None,
        size=int(size[1]) if size else None,
        both_editions=" of both editions" in text,
        member=wrong[1] if wrong else None,
        garbage=wrong[2] if wrong else None,
        root_of=root[1] if root else None,
        special=special[1] if special else None,
    )


ROOT_CLAUSES = (
    ' of types? "[^"]+"'
    r"| that expires in \d+ (?:days|minutes)"
    r"| that (?:has expired|expired \d+ minutes ago)"
    "| that is not valid yet"
    r"| of \d+ bytes"
    "| with a revocation list(?: that names it)?"
    "| with every member that it may have"
    "| with an id of its own"
    '| without "[^"]+"'
    f"| whose certificate is (?:{_any(GARBAGE)})"
)

NEW_ROOT = (
    f"(?:a|another) root(?:{ROOT_CLAUSES})?"
    r"|the tester's own (?:OEM|eMSP) root(?:, which lasts for \d+ days)?"
    f"|the (?:V2G|OEM|eMSP) root of (?:{ECOSYSTEMS})"
    "|a second OEM root with the name of a known one"
    f"|(?:{_any(NO_ROOTS)}) as a root"
)
"""How a root is introduced."""


def root_plan(text: str) -> RootPlan:
    """Read how a root is introduced."""
    if text.startswith("a second OEM root"):
        return RootPlan(types=("oem",), twin=True)
    if foreign := re.fullmatch(rf"the (\w+) root of ({ECOSYSTEMS})", text):
        return RootPlan(types=(foreign[1].lower(),), of=foreign[2])
    if text.endswith(" as a root"):
        return RootPlan(no_root=text.removesuffix(" as a root"))
    own = text.startswith("the tester's own")
    types = re.search(r' of types? "([^"]+)"', text)
    stated = tuple(name.strip() for name in types[1].split(",")) if types else ("v2g",)
    size = re.search(r" of (\d+) bytes", text)
    without = re.search(r' without "([^"]+)"', text)
    garbage = re.search(rf" whose certificate is ({_any(GARBAGE)})", text)
    return RootPlan(
        types=("emsp" if "eMSP" in text else "oem",) if own else stated,
        lasts=_lasts(text),
        valid_later=text.endswith(" that is not valid yet"),
        size=int(size[1]) if size else None,
        revocation_list=" with a revocation list" in text,
        revoked=text.endswith(" that names it"),
        all_members=text.endswith(" with every member that it may have"),
        own_id=text.endswith(" with an id of its own"),
        without=without[1] if without else None,
        garbage=garbage[1] if garbage else None,
        own=own,
    )


def _lasts(text: str) -> timedelta | None:
    """Read how long a root is still valid."""
    if text.endswith(" that has expired"):
        return -timedelta(days=1)
    found = re.search(r"(expires in|lasts for|expired) (\d+) (days|minutes)", text)
    if not found:
        return None
    length = timedelta(**{found[3]: int(found[2])})
    return -length if found[1] == "expired" else length


def draft_plan(text: str) -> DraftPlan:
    """Read the form of a contract that is being prepared."""
    # The longest first, which holds another.
    forms: tuple[Form, ...] = ("signed contract data", "contract data", "order")
    return DraftPlan(next(form for form in forms if form in text))
