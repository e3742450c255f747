"""`opnc exi decode SOURCE` shows an ISO 15118 message, `opnc exi encode FILE` makes one out of its JSON."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from opnc import json_body
from opnc.exi import decode, encode
from opnc.exi.json_form import from_json, to_json
from opnc.exi.reading import decode_any
from opnc.exi.xml_form import to_xml
from opnc.pki.deviations import Unreadable
from opnc.pki.texts import read_base64
from opnc.problem import Problem
from opnc.provisioning.summary import summarise

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from opnc.pki.deviations import Deviation

EXIT_DONE = 0
_EXI_HEADER = b"\x80"
_MAX_TEXT_CHARACTERS = 16 * 1024 * 1024


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    reading = actions.add_parser("decode", help="show a message; findings go to standard error")
    reading.add_argument("source", metavar="FILE|-|BASE64", help="the octets or their base64")
    form = reading.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON, which encode takes back")
    form.add_argument("--xml", action="store_true", help="as XML with every value spelt out")
    writing = actions.add_parser("encode", help="write the message that JSON of decode describes")
    writing.add_argument("source", metavar="FILE|-", help="the JSON")
    writing.add_argument("--base64", action="store_true", help="write base64 on one line, not octets")


def run(arguments: argparse.Namespace) -> int:
    """Run `opnc exi decode` or `opnc exi encode` and return the exit code."""
    return _decode(arguments) if arguments.action == "decode" else _encode(arguments)


def _decode(arguments: argparse.Namespace) -> int:
    octets, findings = _octets(arguments.source)
    decoded = decode_any(octets)
    findings += decoded.findings
    if arguments.json:
        _print(json.dumps(to_json(decoded), indent=2) + "\n")
    elif arguments.xml:
        _print(to_xml(decoded))
    else:
        xml, found = summarise(decoded)
        findings += found
        _print(xml)
    _report(findings)
    return EXIT_DONE


def _encode(arguments: argparse.Namespace) -> int:
    try:
        document = json_body.decode(_input(arguments.source))
    except json_body.NotJson as error:
        raise Problem(f"this is no JSON: {error}", where=arguments.source) from None
    value, schema, fragment = from_json(document)
    # Tolerant, so that whatever `decode` has shown can be written again, an empty eMAID included.
    octets = encode(value, schema, fragment=fragment, tolerant=True)
    if arguments.base64:
        _print(base64.b64encode(octets).decode("ascii") + "\n")
    else:
        sys.stdout.buffer.write(octets)
        sys.stdout.buffer.flush()
    # Read again for its findings: writing notes nothing.
    _report(decode(octets, schema, fragment=fragment).findings)
    return EXIT_DONE


def _octets(source: str) -> tuple[bytes, tuple[Deviation, ...]]:
    """Take EXI from a file, standard input or the command line: as it is, or in base64."""
    text: bytes | str = source
    if source == "-" or _is_file(source):
        text = _input(source)
        # 0x80 begins no ASCII text, so it cannot be base64.
        if text.startswith(_EXI_HEADER):
            return text, ()
    try:
        decoded = read_base64(_as_text(text), limit=_MAX_TEXT_CHARACTERS)
    except Unreadable as problem:
        where = source if len(source) < 60 else f"{source[:57]}..."
        hint = "give a file, - for standard input, or base64"
        raise Problem(f"neither EXI nor base64 of it: {problem.what}", where=where, hint=hint) from None
    return decoded.data, decoded.findings


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except OSError:  # a name that no file can have, such as a long base64 text
        return False


def _input(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", where=source) from None


def _as_text(octets: bytes | str) -> str:
    """Take text out of a file as editors leave it, with a line break at the end."""
    return octets if isinstance(octets, str) else octets.decode("ascii", "replace").strip()


def _print(text: str) -> None:
    """Write UTF-8 whatever the locale: it is XML and JSON."""
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def _report(findings: Iterable[Deviation]) -> None:
    for finding in findings:
        print(finding, file=sys.stderr)
