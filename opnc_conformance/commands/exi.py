"""`opnc exi decode` shows a message of ISO 15118, `check` judges it, `encode` makes one out of its JSON."""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from opnc import json_body
from opnc.exi import DecodeError, NotRead, encode
from opnc.exi.json_form import from_json, to_json
from opnc.exi.reading import decode_any, decode_row
from opnc.exi.sources import read_sources, read_text
from opnc.exi.xml_form import to_xml
from opnc.pki.deviations import Deviation, Unreadable
from opnc.problem import Problem
from opnc.provisioning.summary import Conversation, summarise
from opnc.severity import Severity
from opnc_conformance.commands import exi_check
from opnc_conformance.commands.terminal import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from opnc.exi import Decoded
    from opnc.exi.sources import Source

EXIT_DONE = 0
_HINT = "give a file, - for standard input, or the octets in base64 or hexadecimal digits"
_LIKE_A_FILE = re.compile(r"[\w .~:/\\+-]*[./\\][\w .~:/\\+-]*")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    reading = actions.add_parser("decode", help="show a message; findings go to standard error")
    reading.add_argument(
        "source", metavar="FILE|-|TEXT", help="octets, hex, base64, V2GTP, JSON, a dump, a log or a capture"
    )
    form = reading.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON, which encode takes back")
    form.add_argument("--xml", action="store_true", help="as XML with every value spelt out")
    checking = actions.add_parser("check", help="judge a message as the vehicle does that receives it")
    exi_check.configure(checking)
    writing = actions.add_parser("encode", help="write the message that JSON of decode describes")
    writing.add_argument("source", metavar="FILE|-", help="the JSON")
    writing.add_argument("--base64", action="store_true", help="write base64 on one line, not octets")
    writing.add_argument(
        "--lenient", action="store_true", help="write values that break facets, as test data"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `opnc exi decode`, `opnc exi check` or `opnc exi encode` and return the exit code."""
    if arguments.action == "check":
        return exi_check.run(arguments, _sources(arguments.source))
    return _decode(arguments) if arguments.action == "decode" else _encode(arguments)


def _decode(arguments: argparse.Namespace) -> int:
    shown: list[tuple[str, Decoded]] = []
    findings: list[Deviation] = []
    refusals: list[DecodeError] = []
    for source in _sources(arguments.source):
        read, noticed, refused = _row(source)
        shown += read
        findings += noticed
        refusals += refused
    # One that can be shown is worth more than the others' refusals, which are told beside it.
    if not shown:
        raise refusals[0]
    if arguments.json:
        documents = [to_json(decoded) for _, decoded in shown]
        _print(json.dumps(documents[0] if len(documents) == 1 else documents, indent=2) + "\n")
    else:
        findings += _show(shown, spelt=arguments.xml)
    findings += [_refused(refusal) for refusal in refusals]
    _report(findings)
    return EXIT_DONE


def _row(source: Source) -> tuple[list[tuple[str, Decoded]], list[Deviation], list[DecodeError]]:
    """Read the messages of a source, one behind the other, and what comes with them."""
    try:
        row = decode_row(source.octets)
    except DecodeError as refusal:
        return [], list(source.findings), [refusal]
    findings = [*source.findings]
    if len(row.streams) > 1 or row.rest:
        seen = f"{len(row.streams) + bool(row.rest)} messages one behind the other"
        findings.append(Deviation("several-messages", "EXI", "one message", seen, severity=Severity.INFO))
    findings += [finding for decoded in row.streams for finding in decoded.findings]
    found = [
        finding.at(source.place) if source.place and not finding.where else finding for finding in findings
    ]
    return [(source.place, decoded) for decoded in row.streams], found, [row.rest] if row.rest else []


def _refused(refusal: DecodeError) -> Deviation:
    if isinstance(refusal, NotRead):
        return Deviation(
            "not-read", "EXI", "a message of Plug & Charge", refusal.message, severity=Severity.INFO
        )
    return Deviation("exi-invalid", refusal.path or "EXI", "a message", str(refusal), "W3C EXI 1.0")


def _show(shown: Sequence[tuple[str, Decoded]], *, spelt: bool) -> list[Deviation]:
    """Print messages as XML; return what does not hold of their signatures."""
    findings: list[Deviation] = []
    conversation = Conversation()
    for number, (place, decoded) in enumerate(shown, 1):
        if len(shown) > 1:
            where = f", {place}" if place else ""
            _print(f"<!-- message {number} of {len(shown)}{where} -->\n")
        if spelt:
            _print(to_xml(decoded))
            continue
        xml, found = summarise(decoded, conversation)
        findings += [finding.at(place) if place and not finding.where else finding for finding in found]
        _print(xml)
    return findings


def _encode(arguments: argparse.Namespace) -> int:
    try:
        document = json_body.decode(_input(arguments.source))
    except json_body.NotJson as error:
        raise Problem(f"this is no JSON: {error}", where=arguments.source) from None
    value, schema, fragment = from_json(document)
    # Tolerant, so that whatever `decode` has shown can be written again, an empty eMAID included.
    octets = encode(value, schema, fragment=fragment, tolerant=True, facets=not arguments.lenient)
    if arguments.base64:
        _print(base64.b64encode(octets).decode("ascii") + "\n")
    else:
        sys.stdout.buffer.write(octets)
        sys.stdout.buffer.flush()
    # Read again for its findings: writing notes nothing.
    _report(decode_any(octets).findings)
    return EXIT_DONE


def _sources(source: str) -> tuple[Source, ...]:
    """Take messages from a file, standard input or the command line."""
    given = source == "-" or _is_file(source)
    try:
        return read_sources(_input(source)) if given else read_text(source)
    except Unreadable as problem:
        where = source if len(source) < 60 else f"{source[:57]}..."
        if not given and _LIKE_A_FILE.fullmatch(source) and not Path(source).exists():
            raise Problem("no such file", where=where, hint=_HINT) from None
        what = f"neither EXI nor base64 of it, nor any other form that is known: {problem.what}"
        raise Problem(what, where=where, hint=_HINT) from None


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


def _print(text: str) -> None:
    """Write UTF-8 whatever the locale: it is XML and JSON."""
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def _report(findings: Iterable[Deviation]) -> None:
    for finding in findings:
        print(f"{printable(str(finding))} [{finding.name}]", file=sys.stderr)
