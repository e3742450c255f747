"""The text forms in which the OPNC API carries certificates, key identifiers and serial numbers.

Each reader decodes what can be decoded and names what deviates; a strict receiver refuses on any deviation.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from typing import Literal

from opnc.pki.deviations import Deviation, Unreadable
from opnc.severity import Severity

MAX_TEXT_CHARACTERS = 65_536
"""Characters of a base64 text that are looked at; thirty times the largest certificate of ISO 15118-20."""

_ARMOUR = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_BLANK = re.compile(r"\s+")
_FOREIGN = re.compile(r"[^A-Za-z0-9+/=]")
_URL_SAFE = str.maketrans("-_", "+/")
_HEX_PAIRS = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2})+")
_BARE_HEX = re.compile(r"([0-9a-fA-F]{16}|[0-9a-fA-F]{40})")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The bytes of a base64 text.

    Attributes:
        data: The decoded bytes.
        findings: What deviates from plain base64 (RFC 4648 section 4) on one line; empty when nothing does.
    """

    data: bytes
    findings: tuple[Deviation, ...] = ()


def read_base64(text: object, *, limit: int = MAX_TEXT_CHARACTERS, where: str = "") -> Decoded:
    """Decode a base64 member of the API, tolerantly.

    Line breaks, blanks, the URL-safe alphabet, wrong padding and PEM armour, outside or inside the base64,
    are decoded and named (OPNC erratum ERR-033).

    Args:
        text: The member's value as it came out of the JSON; anything but a string is refused.
        limit: The most characters accepted.
        where: The member's name, for the error.

    Raises:
        Unreadable: `not-text`, `empty`, `too-long` or `not-base64`.
    """
    if not isinstance(text, str):
        raise Unreadable("not-text", f"expected a base64 string, seen {type(text).__name__}", where=where)
    if len(text) > limit:
        raise Unreadable("too-long", f"{len(text)} characters, at most {limit} are read", where=where)
    findings: list[Deviation] = []
    data = _plain(text) or _tolerantly(text, findings, where)
    inside = data.decode("latin-1")
    if _ARMOUR.match(inside.lstrip()):
        # Some descriptions say PEM, so that who sends it is warned of the clients that read DER alone.
        found = _base64_deviation("base64-of-pem", "base64 of DER", "base64 of PEM", "ERR-033")
        findings.append(replace(found, severity=Severity.WARN))
        # Comes to an end, for each turn leaves three quarters of the text. Its armour and breaks are named by
        # the finding above.
        inner = read_base64(inside, limit=limit, where=where)
        return Decoded(inner.data, tuple(findings))
    return Decoded(data, tuple(findings))


def _plain(text: str) -> bytes:
    """Return what plain base64 holds; nothing where the text is empty or deviates in any way."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    # Encoded again, because decoding forgives bits set behind the last byte (RFC 4648 section 3.5).
    return data if base64.b64encode(data).decode() == text else b""


def _tolerantly(text: str, findings: list[Deviation], where: str) -> bytes:
    """Return what a text holds that deviates from plain base64, naming how."""
    body = _unwrap(text, findings)
    if not body:
        raise Unreadable("empty", "expected base64, seen no characters", where=where)
    return _decode(body, findings, where)


def _base64_deviation(name: str, expected: str, seen: str, clause: str = "RFC 4648 section 4") -> Deviation:
    return Deviation(name, "base64", expected, seen, clause)


def _unwrap(text: str, findings: list[Deviation]) -> str:
    """Take off armour, blanks and the URL-safe alphabet, naming each."""
    armour = _ARMOUR.search(text)
    if armour:
        seen = f"PEM armour of {armour[1]}"
        findings.append(_base64_deviation("pem-armour", "base64 alone", seen, "ERR-033"))
    body = armour[2].strip() if armour else text
    if not armour and _BLANK.search(body):
        breaks = "\n" in body or "\r" in body
        name, seen = ("line-breaks", "line breaks") if breaks else ("blanks", "blanks")
        findings.append(_base64_deviation(name, "one line without blanks", seen))
    body = _BLANK.sub("", body)
    # Half an armour is no other alphabet: its hyphens are named as foreign characters.
    if "-----" not in body and ("-" in body or "_" in body):
        findings.append(_base64_deviation("base64url", "the alphabet with + and /", "that with - and _"))
        body = body.translate(_URL_SAFE)
    return body


def _decode(body: str, findings: list[Deviation], where: str) -> bytes:
    foreign = _FOREIGN.search(body)
    if foreign:
        seen = f"the character {foreign[0]!r} at position {foreign.start()} is not base64"
        raise Unreadable("not-base64", seen, where=where, hint="send the DER bytes in base64, on one line")
    core = body.rstrip("=")
    # One character alone holds six bits, which is no byte.
    if not core or "=" in core or len(core) % 4 == 1:
        raise Unreadable("not-base64", f"{len(body)} characters that cannot be base64", where=where)
    padding = "=" * (-len(core) % 4)
    if body != core + padding:
        expected, seen = (f"{len(form)} '='" for form in (padding, body[len(core) :]))
        findings.append(_base64_deviation("base64-padding", expected, seen))
    # Not strict: spare bits are forgiven here and named below.
    data = base64.b64decode(core + padding)
    if base64.b64encode(data).decode() != core + padding:
        expected, clause = "zero bits behind the last byte", "RFC 4648 section 3.5"
        findings.append(_base64_deviation("base64-spare-bits", expected, "other bits", clause))
    return data


@dataclass(frozen=True, slots=True)
class KeyIdentifier:
    """A key identifier that came as text.

    Attributes:
        value: The key identifier as in the certificate's extension.
        form: The form it came in: the RCP writes base64, the PCP colon hex (OPNC erratum ERR-021).
    """

    value: bytes
    form: Literal["base64", "colon-hex", "hex"]


def read_key_identifier(text: object, *, where: str = "") -> KeyIdentifier:
    """Decode a key identifier in base64 or hex (OPNC erratum ERR-021).

    Sixteen or forty hex digits without colons are hex: as base64 they would not be 8 or 20 bytes.

    Raises:
        Unreadable: `not-a-key-identifier`.
    """
    seen = text.strip() if isinstance(text, str) else ""
    if _HEX_PAIRS.fullmatch(seen):
        return KeyIdentifier(bytes.fromhex(seen.replace(":", "")), "colon-hex")
    if _BARE_HEX.fullmatch(seen):
        return KeyIdentifier(bytes.fromhex(seen), "hex")
    try:
        # 128 characters: identifiers of SHA-512 still fit, certificates in the wrong member do not.
        return KeyIdentifier(read_base64(seen, limit=128).data, "base64")
    except Unreadable as problem:
        what = f"{str(text)[:60]!r} is no key identifier: {problem.what}"
        hint = "base64 such as S0X/giX8EJY=, or hex such as 4b:45:ff:82:25:fc:10:96"
        raise Unreadable("not-a-key-identifier", what, where=where, hint=hint) from None


def read_serial_number(text: object, *, where: str = "") -> int:
    """Read a serial number in hex, in any case, with or without leading zeros and colons (ERR-022).

    Raises:
        Unreadable: `not-a-serial-number`.
    """
    digits = text.strip().replace(":", "") if isinstance(text, str) else ""
    # 64 digits: more than the 40 of RFC 5280, so that one too long is compared and not called unreadable.
    if not re.fullmatch(r"(0[xX])?[0-9a-fA-F]{1,64}", digits):
        what = f"{str(text)[:80]!r} is no serial number in hex"
        raise Unreadable("not-a-serial-number", what, where=where)
    return int(digits, 16)


def same_octets(text: str, digits: str) -> bool:
    """Tell whether two texts are the same octets in hex, however they are written.

    Args:
        text: Hex digits in any letter case, which colons, hyphens or blanks may stand between.
        digits: Hex digits, lower case, with nothing between them.
    """
    return _BETWEEN_OCTETS.sub("", text).lower() == digits


_BETWEEN_OCTETS = re.compile(r"[:\s-]")
