"""Messages in whatever form they lie in logs, mails, debuggers and files: found, taken out, the form named.

for source in read_sources(data):
    source.octets, source.place, [finding.name for finding in source.findings]
"""

from __future__ import annotations

import ast
import codecs
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from opnc import json_body
from opnc.exi.captures import is_capture, payloads
from opnc.exi.codec import begins_message
from opnc.exi.hexadecimal import read_dump, read_hex, runs
from opnc.exi.reading import names_message
from opnc.exi.v2gtp import HEADER, begins_frame, frames
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.texts import read_base64
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_CHARACTERS = 16 * 1024 * 1024
"""Characters of a text that are looked at."""

_MAX_MESSAGES = 1000
_SHORTEST = 4
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BASE64_RUN = re.compile(r"(?<![A-Za-z0-9+/_-])(?:g[A-P]|Af6[AB])[A-Za-z0-9+/_-]{6,}={0,2}")
"""Base64 of what begins with the header of EXI, or of V2GTP."""

_DATA_URI = re.compile(r"data:[^,]{0,100};base64,", re.IGNORECASE)
_LITERAL = re.compile(
    r"""(?:^|[\s(=,{])b?('\\x(?:80|01)(?:\\.|[^'\\\r\n]){3,}'|"\\x(?:80|01)(?:\\.|[^"\\\r\n]){3,}")"""
)
_ESCAPE = re.compile(r"\\(?:[nrt/\"\\]|u00[0-7][0-9A-Fa-f])")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Source:
    """Octets that are meant to be a message, or several one behind the other.

    Attributes:
        octets: The EXI stream.
        place: Where it stood, for example a JSON pointer or a line; empty where it was all there is.
        findings: In which form it came, and what deviates in it; empty for octets and plain base64.
    """

    octets: bytes
    place: str = ""
    findings: tuple[Deviation, ...] = ()


def read_sources(data: bytes) -> tuple[Source, ...]:
    """Take messages out of a file.

    Args:
        data: Octets of EXI, V2GTP frames or a capture of packets; or a text with such octets in it, in
            hexadecimal digits or base64, alone, in JSON, in a dump or among other words.

    Raises:
        Unreadable: `not-exi`; nothing in it can be a message.
        Problem: It is a capture, and the library that reads them is not installed.
    """
    if is_capture(data):
        return tuple(
            Source(
                frame.payload, f"packet {number}", (_form("pcap", "a capture of packets"), *frame.findings)
            )
            for number, stream in payloads(data)
            for frame in frames(stream)
        ) or _none("a capture without V2GTP frames that carry EXI")
    if begins_message(data) or begins_frame(data):
        return _unframed(Source(data))
    return read_text(_text(data))


def read_text(text: str) -> tuple[Source, ...]:
    """Take messages out of a text, for example an argument of the command line.

    Raises:
        Unreadable: `not-exi`; nothing in it can be a message.
    """
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("too-long", f"{len(text)} characters, at most {MAX_CHARACTERS} are read")
    for way in _WAYS:
        found = tuple(each for source in way(text) for each in _unframed(source))
        if found:
            return found
    if text.lstrip()[:1] in ("{", "[") and '"' in text:
        # What decode has written is no stream any more.
        made = '"schema"' in text and '"root"' in text
        return _none(
            "JSON as decode writes it, which encode reads" if made else "JSON without a message in it"
        )
    # What can be octets at all goes on: its reader says where it stops. Of anything else the words of base64
    # say best what is wrong: where the first character stands that cannot be one.
    octets = read_hex(text)
    if octets:
        return (Source(octets),)
    decoded = read_base64(text.strip(), limit=MAX_CHARACTERS)
    return (Source(decoded.data, findings=decoded.findings),)


def _none(seen: str) -> tuple[Source, ...]:
    raise Unreadable("not-exi", seen, hint="EXI begins with the octet 80, a V2GTP frame with 01 FE")


def _form(name: str, seen: str, severity: Severity = Severity.INFO) -> Deviation:
    return Deviation(name, "input", "octets of EXI, or their base64 on one line", seen, severity=severity)


def _text(data: bytes) -> str:
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    # Text of Windows without its mark: every other octet is zero.
    if data[1:2] == b"\0" and not data[::2].count(0):
        return data.decode("utf-16-le", "replace")
    return data.decode("utf-8", "replace")


def _unframed(source: Source) -> tuple[Source, ...]:
    """Take the V2GTP headers off; whatever begins otherwise than a message or a frame is no source."""
    if begins_frame(source.octets):
        return tuple(
            replace(source, octets=frame.payload, findings=(*source.findings, *frame.findings))
            for frame in frames(source.octets)
        )
    return (source,) if begins_message(source.octets) else ()


def _plain(text: str) -> Iterator[Source]:
    """Yield what plain base64 on one line holds: the form of OPNC, nothing to be said."""
    yield from _base64(text)


def _base64(text: str) -> Iterator[Source]:
    try:
        decoded = read_base64(text.strip(), limit=MAX_CHARACTERS)
    except Unreadable:
        return
    # Digits are letters of base64 as well: so only what begins a message then is taken for base64.
    yield Source(decoded.data, findings=decoded.findings)


def _hexadecimal(text: str) -> Iterator[Source]:
    yield Source(read_hex(text), findings=(_form("hex", "hexadecimal digits"),))


def _dump(text: str) -> Iterator[Source]:
    octets = read_dump(text)
    form = (_form("hex-dump", "a hex dump"),)
    if begins_message(octets) or begins_frame(octets):
        yield Source(octets, findings=form)
        return
    # Of packets: the frame stands behind the headers of Ethernet, IP and TCP.
    start = octets.find(HEADER + b"\x80")
    if start > 0:
        yield Source(octets[start:], findings=form)


def _json(text: str) -> Iterator[Source]:
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return
    try:
        document = json_body.decode(text.strip().encode())
    except json_body.NotJson:
        return
    if isinstance(document, str):
        yield from _named("quotes", "a text in quotes", _inside(document))
        return
    numbers = _octets_of(document)
    if numbers:
        yield Source(numbers, findings=(_form("numbers", "a list of numbers"),))
        return
    for pointer, value in json_body.strings(document):
        for source in _inside(value) if len(value) >= _SHORTEST else ():
            # By their content, not by the names of members: those of OPNC, OPCP and OCPP differ.
            if names_message(source.octets):
                yield replace(source, place=pointer, findings=(_form("json", "JSON"), *source.findings))


def _octets_of(document: Any) -> bytes:
    """Return a list of numbers as octets, signed ones as Java writes them too; else none."""
    if not isinstance(document, list) or not all(type(each) is int for each in document):
        return b""
    return bytes(each & 0xFF for each in document) if all(-128 <= each < 256 for each in document) else b""


def _inside(text: str) -> Iterator[Source]:
    """Yield what a text holds that stood within another form: in a member of JSON, between quotes."""
    for way in (_plain, _hexadecimal, _json, _escapes, _percent, _blanks):
        found = [each for source in way(text) for each in _unframed(source)]
        if found:
            yield from found
            return


def _literal(text: str) -> Iterator[Source]:
    """Yield the octets of a literal of Python or C, in which characters stand beside escapes."""
    match = _LITERAL.search(text)
    if match:
        try:
            octets = ast.literal_eval(f"b{match[1]}")
        except (ValueError, SyntaxError):
            return
        yield Source(octets, findings=(_form("literal", "a literal of octets"),))


def _quotes(text: str) -> Iterator[Source]:
    stripped = text.strip().rstrip(",;").strip()
    if len(stripped) > 2 and stripped[0] == stripped[-1] and stripped[0] in "'\"`":
        yield from _named("quotes", "a text in quotes", _inside(stripped[1:-1]))


def _named(name: str, seen: str, sources: Iterator[Source]) -> Iterator[Source]:
    for source in sources:
        yield replace(source, findings=(_form(name, seen), *source.findings))


def _escapes(text: str) -> Iterator[Source]:
    if not _ESCAPE.search(text):
        return
    plain = _ESCAPE.sub(_unescaped, text)
    # Twice, for JSON within JSON escapes its escapes.
    plain = _ESCAPE.sub(_unescaped, plain)
    inner = plain.strip().strip("\"'")
    yield from _named("escapes", "a text with escapes", _inside(inner))


def _unescaped(match: re.Match[str]) -> str:
    escape = match[0][1:]
    return chr(int(escape[1:], 16)) if escape[0] == "u" else _ESCAPED.get(escape, escape)


def _percent(text: str) -> Iterator[Source]:
    if re.search("%[0-9A-Fa-f]{2}", text):
        yield from _named("percent-encoding", "a text encoded for a URL", _inside(unquote(text)))


def _data_uri(text: str) -> Iterator[Source]:
    match = _DATA_URI.search(text)
    if match:
        yield from _named("data-uri", "a data: URI", _inside(text[match.end() :].strip().rstrip("\"')")))


def _blanks(text: str) -> Iterator[Source]:
    """Yield what base64 holds whose plus signs a form of HTML has turned into blanks."""
    stripped = text.strip()
    if " " in stripped and "\n" not in stripped:
        form = _form("plus-as-blank", "blanks where base64 has plus signs", Severity.WARN)
        for source in _base64(stripped.replace(" ", "+")):
            yield replace(source, findings=(form, *source.findings))


def _lines(text: str) -> Iterator[Source]:
    """Yield the messages of a text that has one in each of its lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not 1 < len(lines) <= _MAX_MESSAGES:
        return
    found = [list(_inside(line)) for line in lines]
    if all(sources and names_message(sources[0].octets) for sources in found):
        for number, sources in enumerate(found, 1):
            for source in sources:
                yield replace(source, place=f"line {number}")


def _embedded(text: str) -> Iterator[Source]:
    """Yield the messages that stand among other words, as in a log."""
    places = [(start, octets, "hex") for start, octets in runs(text)]
    places += [
        (match.start(), source.octets, "base64")
        for match in _BASE64_RUN.finditer(text)
        for source in _base64(match[0])
    ]
    for start, octets, form in sorted(places)[:_MAX_MESSAGES]:
        for source in _unframed(Source(octets)):
            if names_message(source.octets):
                place = f"line {text.count(chr(10), 0, start) + 1}"
                seen = f"{form} among other words"
                yield replace(
                    source, place=place, findings=(_form(f"{form}-in-text", seen), *source.findings)
                )


def _unlike(way: Callable[[str], Iterator[Source]]) -> Callable[[str], Iterator[Source]]:
    """Return a way that is gone only where it leads to a message, because what it takes looks like others."""

    def certain(text: str) -> Iterator[Source]:
        found = list(way(text))
        # A text with frames counts by its first payload.
        if found and any(names_message(each.octets) for source in found for each in _unframed(source)):
            yield from found

    return certain


_WAYS: tuple[Callable[[str], Iterator[Source]], ...] = (
    _unlike(_plain),
    _quotes,
    _hexadecimal,
    _unlike(_literal),
    _json,
    _lines,
    _dump,
    _data_uri,
    _percent,
    _unlike(_blanks),
    _escapes,
    _embedded,
    # At last whatever can be base64 at all, so that what is wrong is told of the octets in it.
    _base64,
)
"""The forms in the order of trying: what leaves the least room for doubt comes first."""
