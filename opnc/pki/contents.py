"""Whatever lies on a disk about certificates: these, CRLs, OCSP responses, requests, PKCS#7 and #12."""

from __future__ import annotations

import base64
import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from opnc import json_body
from opnc.exi.hexadecimal import read_hex
from opnc.pki import der
from opnc.pki.crl import ReadCrl, read_crl
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.est import read_certificates
from opnc.pki.files import MAX_FILE_BYTES, OF_PKCS7, OF_PKCS12, first_tag
from opnc.pki.library import der_of
from opnc.pki.ocsp import StatusResponse, read_response
from opnc.pki.reading import ReadCertificate, read_certificate, read_certificate_text
from opnc.pki.requests import ReadRequest, read_request
from opnc.pki.texts import read_base64
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----")
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

_STARTS = ("-----BEGIN ", "MI")
"""What PEM begins with, and base64 of a SEQUENCE whose length takes more than one octet."""

_SHORTEST = 100

Item = ReadCertificate | ReadCrl | StatusResponse | ReadRequest


@dataclass(frozen=True, slots=True)
class Content:
    """One thing in a file.

    Attributes:
        item: What was read.
        octets: Its DER as received.
        place: Where in the file; empty where it is alone.
        findings: In which form it came.
    """

    item: Item
    octets: bytes = field(repr=False)
    place: str = ""
    findings: tuple[Deviation, ...] = ()


def read_contents(data: bytes, password: bytes | None = None) -> Iterator[Content]:
    """Read everything in a file: PEM, DER, base64, hexadecimal digits, escaped or in quotes.

    Args:
        data: The file.
        password: That of PKCS#12; None where there is none.

    Raises:
        Unreadable: There is nothing in it, it was cut off, or something in it cannot be read.
    """
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable("too-long", f"{len(data)} bytes, at most {MAX_FILE_BYTES} are read")
    # "0" is a digit of base64 too; a length octet above 0x7F is no text.
    if data[:1] == b"0" and data[1:2] >= b"\x80":
        yield from _of_der(data, password)
        return
    members = _strings(data)
    if members:
        for pointer, member in members:
            for content in read_contents(member.encode(), password):
                place = f"{pointer}, {content.place}" if content.place else pointer
                yield Content(content.item, content.octets, place, (_form("json", "JSON"), *content.findings))
        return
    text, findings = _text(data)
    if _BEGIN.search(text):
        yield from _of_pem(text, password, findings)
    else:
        yield from _of_text(text, password, findings)


def _strings(data: bytes) -> list[tuple[str, str]]:
    """Return the members of JSON that can be certificates or their kin, with their pointers."""
    if data.lstrip()[:1] not in (b"{", b"["):
        return []
    try:
        document = json_body.decode(data)
    except json_body.NotJson:
        return []
    return [
        (pointer, value)
        for pointer, value in json_body.strings(document)
        if value.lstrip().startswith(_STARTS) and len(value) > _SHORTEST
    ]


def _form(name: str, seen: str) -> Deviation:
    return Deviation(name, "file", "PEM, DER or base64", seen, severity=Severity.INFO)


def _text(data: bytes) -> tuple[str, tuple[Deviation, ...]]:
    """Return a file as text, its escapes and quotes taken away."""
    encoding = next((name for mark, name in _BOMS.items() if data.startswith(mark)), "latin-1")
    if encoding == "latin-1" and data[1:2] == b"\0":
        encoding = "utf-16-le"
    text = data.decode(encoding, "replace").lstrip("\ufeff")
    findings = [_form("utf-16", "UTF-16")] if encoding.startswith("utf-16") else []
    if re.search(r"\\[nr/]", text):
        text = text.replace("\\r", "\r").replace("\\n", "\n").replace("\\/", "/")
        findings.append(_form("escapes", "a text with escapes"))
    stripped = text.strip().rstrip(",").strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
        text = stripped[1:-1]
        findings.append(_form("quotes", "a text in quotes"))
    return text, tuple(findings)


def _of_pem(text: str, password: bytes | None, findings: tuple[Deviation, ...]) -> Iterator[Content]:
    blocks = list(_BLOCK.finditer(text))
    begun = len(_BEGIN.findall(text))
    if begun > len(blocks):
        kinds = [match[1] for match in _BEGIN.finditer(text)]
        ended = [match.start() for match in blocks]
        number, kind = next(
            (number, kind)
            for number, (match, kind) in enumerate(zip(_BEGIN.finditer(text), kinds, strict=True), 1)
            if match.start() not in ended
        )
        what = f"the block {kind} has no END: the file was cut off"
        raise Unreadable("cut-off", what, where=f"PEM block {number}")
    found = False
    for number, block in enumerate(blocks, 1):
        where = f"PEM block {number}"
        for content in _of_block(block[1], block[2], password, where):
            found = True
            yield Content(content.item, content.octets, where, (*findings, *content.findings))
    if not found:
        kinds_seen = ", ".join(block[1] for block in blocks)
        raise Unreadable("no-certificate", f"no certificate among the PEM blocks: {kinds_seen}")


def _of_block(kind: str, body: str, password: bytes | None, where: str) -> Iterator[Content]:
    # Keys in between are passed over. `X509 CERTIFICATE` is an old label (RFC 7468 section 5.1).
    if "KEY" in kind or kind.endswith("PARAMETERS"):
        return
    text = "".join(body.split())
    if kind.endswith("CERTIFICATE"):
        read = read_certificate_text(text, where=where)
        yield Content(read, read.der)
        return
    yield from _of_der(read_base64(text, where=where, limit=2 * MAX_FILE_BYTES).data, password, where)


def _of_text(text: str, password: bytes | None, findings: tuple[Deviation, ...]) -> Iterator[Content]:
    digits = read_hex(text)
    # Base64 of DER begins with an M, which is no digit of hex.
    if digits[:1] == b"0":
        yield from _noted(_of_der(digits, password), (*findings, _form("hex", "hexadecimal digits")))
        return
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.startswith("MII") for line in lines):
        for number, line in enumerate(lines, 1):
            octets = read_base64(line).data
            yield from _noted(_of_der(octets, password, f"line {number}"), findings)
        return
    decoded = read_base64("".join(text.split()), limit=2 * MAX_FILE_BYTES)
    yield from _noted(_of_der(decoded.data, password), (*findings, *decoded.findings))


def _noted(contents: Iterator[Content], findings: tuple[Deviation, ...]) -> Iterator[Content]:
    for content in contents:
        yield Content(content.item, content.octets, content.place, (*findings, *content.findings))


def _of_der(data: bytes, password: bytes | None, where: str = "") -> Iterator[Content]:
    inside = first_tag(data)
    if inside == OF_PKCS12:
        yield from _of_pkcs12(data, password)
    elif inside == OF_PKCS7:
        for number, read in enumerate(read_certificates(base64.b64encode(data)).certificates, 1):
            yield Content(read, read.der, where or f"certificate {number} of the PKCS#7")
    else:
        yield from _of_elements(data, where)


def _of_elements(data: bytes, where: str) -> Iterator[Content]:
    """Read what is one element of DER, or several one behind the other."""
    try:
        elements = der.read_all(data)
    except der.Malformed:
        elements = ()
    if len(elements) > 1 and all(each.tag == der.SEQUENCE for each in elements):
        for number, element in enumerate(elements, 1):
            yield from _of_one(element.raw, f"certificate {number}")
    else:
        yield from _of_one(data, where)


def _of_one(data: bytes, where: str) -> Iterator[Content]:
    what = der_of(data)
    if what == "a CRL":
        yield Content(read_crl(data), data, where)
    elif what.startswith("a certification request"):
        yield Content(read_request(data), data, where)
    elif what == "an OCSP response":
        yield Content(read_response(data), data, where)
    else:
        yield from _unsure(data, where)


def _unsure(data: bytes, where: str) -> Iterator[Content]:
    """Read what the library refuses as any structure: with deviations it may be one all the same."""
    try:
        yield Content(read_certificate(data), data, where)
    except Unreadable as refusal:
        for read in (read_crl, read_response):
            try:
                item: Item = read(data)
            except Unreadable:
                continue
            yield Content(item, data, where)
            return
        raise Unreadable(refusal.name, refusal.what, where=where, hint=refusal.hint) from None


def _of_pkcs12(data: bytes, password: bytes | None) -> Iterator[Content]:
    if password is None:
        hint = "put it into OPNC_PKI_PASSWORD"
        raise Unreadable("pkcs12", "this is PKCS#12, which needs its password", hint=hint)
    try:
        store = load_pkcs12(data, password)
    except ValueError:
        raise Unreadable("pkcs12", "this is PKCS#12, which the password does not open") from None
    certificates = [store.cert, *store.additional_certs]
    for number, each in enumerate((each for each in certificates if each is not None), 1):
        octets = each.certificate.public_bytes(Encoding.DER)
        yield Content(read_certificate(octets), octets, f"certificate {number} of the PKCS#12")
