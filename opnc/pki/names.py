"""Distinguished names: out of certificates, out of the API's strings, and whether two are the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import NameOID

from opnc.pki import der
from opnc.pki.deviations import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHORT = {
    NameOID.COMMON_NAME.dotted_string: "CN",
    NameOID.ORGANIZATION_NAME.dotted_string: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME.dotted_string: "OU",
    NameOID.DOMAIN_COMPONENT.dotted_string: "DC",
    NameOID.COUNTRY_NAME.dotted_string: "C",
    NameOID.LOCALITY_NAME.dotted_string: "L",
    NameOID.STATE_OR_PROVINCE_NAME.dotted_string: "ST",
    NameOID.STREET_ADDRESS.dotted_string: "STREET",
    NameOID.USER_ID.dotted_string: "UID",
    NameOID.SERIAL_NUMBER.dotted_string: "SERIALNUMBER",
    NameOID.EMAIL_ADDRESS.dotted_string: "EMAILADDRESS",
}
"""The keywords this project writes; all other attributes by their number and the octets of their value."""

_KEYWORDS = {
    **{short: short for short in _SHORT.values()},
    # As Java, OpenSSL, BouncyCastle, Windows and the schemas of LDAP call them.
    "COMMONNAME": "CN",
    "ORGANIZATIONNAME": "O",
    "ORGANIZATION": "O",
    "ORGANIZATIONALUNITNAME": "OU",
    "ORGANIZATIONALUNIT": "OU",
    "DOMAINCOMPONENT": "DC",
    "COUNTRYNAME": "C",
    "COUNTRY": "C",
    "LOCALITYNAME": "L",
    "LOCALITY": "L",
    "STATEORPROVINCENAME": "ST",
    "S": "ST",
    "SP": "ST",
    "STREETADDRESS": "STREET",
    "USERID": "UID",
    "E": "EMAILADDRESS",
    "EMAIL": "EMAILADDRESS",
    "DEVICESERIALNUMBER": "SERIALNUMBER",
    "ORGANIZATIONIDENTIFIER": "2.5.4.97",
    "GIVENNAME": "2.5.4.42",
    "GN": "2.5.4.42",
    "G": "2.5.4.42",
    "SURNAME": "2.5.4.4",
    "SN": "2.5.4.4",
    "TITLE": "2.5.4.12",
    "T": "2.5.4.12",
    "DESCRIPTION": "2.5.4.13",
    "BUSINESSCATEGORY": "2.5.4.15",
    "POSTALCODE": "2.5.4.17",
    "NAME": "2.5.4.41",
    "INITIALS": "2.5.4.43",
    "GENERATIONQUALIFIER": "2.5.4.44",
    "GENERATION": "2.5.4.44",
    "DNQUALIFIER": "2.5.4.46",
    "DNQ": "2.5.4.46",
    "PSEUDONYM": "2.5.4.65",
}
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_SLASHED = re.compile(r"(?<!\\)/(?=(?:[A-Za-z][A-Za-z0-9-]*|[0-9][0-9.]*)\s*=)")
_ENCODINGS = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "latin-1",
    0x14: "latin-1",
    0x16: "latin-1",
    0x1A: "latin-1",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
"""How the string types of ASN.1 hold characters, by tag."""

_SPECIAL = re.compile(r'([,+"\\<>;])')

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

    def values(self, kind: str) -> tuple[str, ...]:
        """Return all values of an attribute, in the order of the certificate."""
        return tuple(value for rdn in self.rdns for seen, value in sorted(rdn) if seen == kind)

    def has_same_rdns(self, other: DistinguishedName) -> bool:
        """Return whether both hold the same relative names in whatever order (OPNC erratum ERR-020)."""
        # Counted, no sets: a name may hold the same relative name twice, several OU for example.
        return Counter(self._folded) == Counter(other._folded)

    def within(self, base: DistinguishedName) -> bool:
        """Return whether a name stands in the subtree of another: begins as that does (RFC 5280 4.2.1.10)."""
        return self._folded[: len(base.rdns)] == base._folded

    def __str__(self) -> str:
        return self.text


def _fold(value: str) -> str:
    """Prepare a value for comparison: case, compatibility forms and runs of blanks do not count."""
    # About what RFC 4518 prepares, to which RFC 5280 section 7.1 refers; case folds for all attributes.
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def from_x509(name: x509.Name) -> DistinguishedName:
    """Take over a name that the `cryptography` library has read."""
    rdns, written = [], []
    for rdn in name.rdns:
        parts = [(part.oid.dotted_string, part) for part in rdn]
        rdns.append(frozenset((_SHORT.get(oid, oid), _value(part)) for oid, part in parts))
        written.append(
            "+".join(
                f"{_SHORT[oid]}={_escaped(_value(part))}"
                if oid in _SHORT
                else f"{oid}=#{_octets(part).hex()}"
                for oid, part in parts
            )
        )
    return DistinguishedName(tuple(rdns), ",".join(reversed(written)))


def _value(part: x509.NameAttribute[str | bytes]) -> str:
    return part.value if isinstance(part.value, str) else part.value.hex()


def _octets(part: x509.NameAttribute[str | bytes]) -> bytes:
    """Return the value as DER: the form of RFC 4514 section 2.4 for attributes without a keyword."""
    name = x509.Name([x509.RelativeDistinguishedName([part])]).public_bytes()
    (rdn,) = der.read_one(name).children()
    (attribute,) = rdn.children()
    return attribute.children()[1].raw


def _escaped(value: str) -> str:
    text = _SPECIAL.sub(r"\\\1", value).replace("\0", "\\00")
    if text[:1] in ("#", " "):
        text = f"\\{text}"
    # A lone blank has its backslash already.
    return f"{text[:-1]}\\ " if len(text) > 1 and text.endswith(" ") and not text.endswith("\\ ") else text


def read_name(text: object, *, where: str = "") -> DistinguishedName:
    """Read a distinguished name from text, whatever tool wrote it.

    Read are RFC 4514 with blanks around the separators, in either order; the octets of a value in hexadecimal
    digits behind a number sign, quotes and `OID.` as Java and RFC 1779 write them; long names of attributes;
    and the form of OpenSSL with slashes.

    Args:
        text: The name, for example `CN=V2G Root, DC=V2G, O=Example`.
        where: The member's name, for the error.

    Raises:
        Unreadable: `not-a-name`.
    """
    if not isinstance(text, str) or not text.strip():
        raise Unreadable("not-a-name", f"expected a distinguished name, seen {text!r}", where=where)
    try:
        rdns = list(_rdns(text.strip()))
    except ValueError as error:
        what = f"{text[:120]!r} is no distinguished name: {str(error) or 'unknown syntax'}"
        hint = "write it as RFC 4514 does, for example CN=V2G Root CA,DC=V2G,O=Example,C=DE"
        raise Unreadable("not-a-name", what, where=where, hint=hint) from None
    # The slashes of OpenSSL go from the country down, as the certificate does; all others upwards.
    ordered = rdns if text.strip().startswith("/") else rdns[::-1]
    return DistinguishedName(tuple(map(frozenset, ordered)), _written(ordered))


def _written(rdns: Sequence[Sequence[tuple[str, str]]]) -> str:
    return ",".join(
        "+".join(f"{kind}={_spelt(kind, value)}" for kind, value in rdn) for rdn in reversed(rdns)
    )


def _spelt(kind: str, value: str) -> str:
    # Its type is not told by text, so that of all newer certificates is taken.
    return _escaped(value) if kind in _OWN else f"#{der.write(0x0C, value.encode()).hex()}"


_OWN = frozenset(_SHORT.values())


def _rdns(text: str) -> Iterator[list[tuple[str, str]]]:
    """Yield the relative names in the order of the text."""
    if text.startswith("/"):
        _, *parts = _SLASHED.split(text)
        if not parts:
            raise ValueError("a slash without an attribute")
        for part in parts:
            reader = _Reader(part.replace("\\/", "/"), separators="")
            yield [reader.attribute()]
            reader.end()
        return
    reader = _Reader(text, separators=",;")
    while True:
        rdn = [reader.attribute()]
        while reader.takes("+"):
            rdn.append(reader.attribute())
        yield rdn
        if not (reader.takes(",") or reader.takes(";")):
            reader.end()
            return


class _Reader:
    """A position in the text of a name."""

    def __init__(self, text: str, separators: str) -> None:
        self._text = text
        self._place = 0
        self._ends = f"{separators}+" if separators else ""

    def takes(self, character: str) -> bool:
        found = self._text.startswith(character, self._place)
        self._place += found
        return found

    def end(self) -> None:
        if self._place < len(self._text):
            raise ValueError(f"{self._text[self._place]!r} at position {self._place}")

    def attribute(self) -> tuple[str, str]:
        kind, equals, _ = self._text[self._place :].partition("=")
        if not equals:
            raise ValueError("an attribute without '='")
        self._place += len(kind) + 1
        name = _kind(kind.strip())
        self._blanks()
        if self.takes('"'):
            value = self._quoted()
        elif self._text.startswith("#", self._place):
            return name, self._encoded()
        else:
            value = self._plain()
        if not value:
            raise ValueError(f"{name} without a value")
        if name == "C" and len(value) != 2:
            raise ValueError(f"C={value!r:.40}, where a country has two letters")
        return name, value

    def _blanks(self) -> None:
        while self._text[self._place : self._place + 1].isspace():
            self._place += 1

    def _plain(self) -> str:
        octets, kept = bytearray(), 0
        while self._place < len(self._text) and self._text[self._place] not in self._ends:
            character = self._text[self._place]
            octets += self._character()
            # Blanks at the end belong to the value only where a backslash stands before them.
            if character == "\\" or not character.isspace():
                kept = len(octets)
        return octets[:kept].decode("utf-8")

    def _quoted(self) -> str:
        octets = bytearray()
        while not self.takes('"'):
            if self._place >= len(self._text):
                raise ValueError("a quote without its end")
            octets += self._character()
        self._blanks()
        return octets.decode("utf-8")

    def _character(self) -> bytes:
        character = self._text[self._place]
        self._place += 1
        if character != "\\":
            return character.encode()
        pair = self._text[self._place : self._place + 2]
        if re.fullmatch("[0-9A-Fa-f]{2}", pair):
            self._place += 2
            return bytes.fromhex(pair)
        if not pair:
            raise ValueError("a backslash at the end")
        self._place += 1
        return pair[0].encode()

    def _encoded(self) -> str:
        """Read a value in the octets of its BER (RFC 4514 section 2.4)."""
        digits = self._text[self._place + 1 :]
        end = min((digits.index(each) for each in self._ends if each in digits), default=len(digits))
        self._place += end + 1
        digits = digits[:end].strip()
        if not _HEX.fullmatch(digits):
            raise ValueError(f"#{digits[:40]} is no value in hexadecimal digits")
        element = der.read_one(bytes.fromhex(digits))
        if len(element.raw) != len(digits) // 2:
            raise ValueError("octets behind a value")
        encoding = _ENCODINGS.get(element.tag)
        # As the value of a certificate that is no string is kept too.
        return element.content.decode(encoding) if encoding else element.content.hex()


def _kind(text: str) -> str:
    upper = text.upper()
    dotted = upper.removeprefix("OID.")
    if _OID.fullmatch(dotted):
        return _SHORT.get(dotted, dotted)
    if upper not in _KEYWORDS:
        raise ValueError(f"{text!r} is no attribute")
    return _KEYWORDS[upper]
