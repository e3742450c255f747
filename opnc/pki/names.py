"""Distinguished names: out of certificates, out of the API's strings, and whether two are the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.x509.oid import NameOID

from opnc.pki.deviations import Unreadable

_SHORT = {
    NameOID.COMMON_NAME: "CN",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.DOMAIN_COMPONENT: "DC",
    NameOID.COUNTRY_NAME: "C",
    NameOID.LOCALITY_NAME: "L",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.STREET_ADDRESS: "STREET",
    NameOID.USER_ID: "UID",
    NameOID.SERIAL_NUMBER: "SERIALNUMBER",
    NameOID.EMAIL_ADDRESS: "EMAILADDRESS",
}
_OIDS = {short: oid for oid, short in _SHORT.items()} | {"E": NameOID.EMAIL_ADDRESS}

# One part of a name up to the separator; an escaped separator belongs to the part.
_PART = re.compile(r"((?:\\.?|[^,;+\\])*)([,;+]|$)", re.DOTALL)
_BLANKS_AT_END = re.compile(r"(?<!\\)\s+$")

_Rdn = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DistinguishedName:
    """A distinguished name; two are equal when they match by the rules of RFC 5280 section 7.1.

    Attributes:
        rdns: The relative names in the order of the certificate: sets of (type, value), the type as a
            keyword such as `CN` or, where it has none, as dotted OID.
        text: The name as RFC 4514 writes it: last relative name first.
    """

    rdns: tuple[_Rdn, ...] = field(compare=False)
    text: str = field(compare=False)
    # The only field that compares: two spellings of one name have to be one key of a dictionary.
    _folded: tuple[_Rdn, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        folded = tuple(frozenset((kind, _fold(value)) for kind, value in rdn) for rdn in self.rdns)
        object.__setattr__(self, "_folded", folded)

    def get(self, kind: str) -> str | None:
        """Return the value of an attribute such as `CN`; that of the last one where there are several."""
        # The last: certificates write names from the country down, so it is the most specific one.
        return next(
            (value for rdn in reversed(self.rdns) for seen, value in rdn if seen == kind),
            None,
        )

    def has_same_rdns(self, other: DistinguishedName) -> bool:
        """Return whether both hold the same relative names in whatever order (OPNC erratum ERR-020)."""
        # Counted, no sets: a name may hold the same relative name twice, several OU for example.
        return Counter(self._folded) == Counter(other._folded)

    def __str__(self) -> str:
        return self.text


def _fold(value: str) -> str:
    """Prepare a value for comparison: case, compatibility forms and runs of blanks do not count."""
    # About what RFC 4518 prepares, to which RFC 5280 section 7.1 refers; case folds for all attributes.
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def from_x509(name: x509.Name) -> DistinguishedName:
    """Take over a name that the `cryptography` library has read."""
    rdns = tuple(
        frozenset((_SHORT.get(part.oid, part.oid.dotted_string), str(part.value)) for part in rdn)
        for rdn in name.rdns
    )
    return DistinguishedName(rdns, name.rfc4514_string(_SHORT))


def read_name(text: object, *, where: str = "") -> DistinguishedName:
    """Read a distinguished name from text: RFC 4514 with blanks around the separators, in either order.

    Args:
        text: The name, for example `CN=V2G Root, DC=V2G, O=Example`.
        where: The member's name, for the error.

    Raises:
        Unreadable: `not-a-name`.
    """
    if not isinstance(text, str) or not text.strip():
        raise Unreadable("not-a-name", f"expected a distinguished name, seen {text!r}", where=where)
    try:
        return from_x509(x509.Name.from_rfc4514_string(_without_blanks(text), _OIDS))
    except ValueError as error:
        what = f"{text[:120]!r} is no distinguished name: {str(error) or 'unknown syntax'}"
        hint = "write it as RFC 4514 does, for example CN=V2G Root CA,DC=V2G,O=Example,C=DE"
        raise Unreadable("not-a-name", what, where=where, hint=hint) from None


def _without_blanks(text: str) -> str:
    parts = []
    for part, separator in _PART.findall(text.strip()):
        kind, equals, value = part.partition("=")
        # A blank behind a backslash belongs to the value (RFC 4514 section 2.4).
        value = _BLANKS_AT_END.sub("", value.lstrip())
        # Semicolons separate in names of LDAPv2 (RFC 1779).
        parts.append(f"{kind.strip().upper()}{equals}{value}{separator.replace(';', ',')}")
    return "".join(parts)
