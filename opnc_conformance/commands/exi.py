"""`opnc exi decode SOURCE` shows an ISO 15118 message, `opnc exi encode FILE` makes one out of its JSON."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opnc.exi import decode, encode, iso2, iso20
from opnc.exi.json_form import from_json, to_json
from opnc.exi.reading import decode_any
from opnc.exi.xml_form import to_xml
from opnc.pki.deviations import Unreadable
from opnc.pki.reading import read_certificate
from opnc.pki.texts import read_base64
from opnc.problem import Problem
from opnc.provisioning.messages import content_of, signature_of, signer_chain
from opnc.provisioning.verification import verify

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from opnc.exi import Decoded
    from opnc.pki.deviations import Deviation
    from opnc.provisioning.messages import Message

EXIT_DONE = 0
_EXI_HEADER = b"\x80"
_LONGEST_TEXT = 16 * 1024 * 1024
_CERTIFICATES = {"Certificate", "OEMProvisioningCert"}


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
        verdict, found = _signature(decoded)
        findings += found
        _print(to_xml(decoded, _summary) + (f"<!-- signature: {_comment(verdict)} -->\n" if verdict else ""))
    _report(findings)
    return EXIT_DONE


def _encode(arguments: argparse.Namespace) -> int:
    try:
        document = json.loads(_input(arguments.source))
    except (ValueError, RecursionError) as error:
        raise Problem(f"this is no JSON: {error}", where=arguments.source) from None
    value, schema, fragment = from_json(document)
    octets = encode(value, schema, fragment=fragment, tolerant=True)
    if arguments.base64:
        _print(base64.b64encode(octets).decode("ascii") + "\n")
    else:
        sys.stdout.buffer.write(octets)
        sys.stdout.buffer.flush()
    _report(decode(octets, schema, fragment=fragment).findings)
    return EXIT_DONE


def _octets(source: str) -> tuple[bytes, tuple[Deviation, ...]]:
    """Take EXI from a file, standard input or the command line: as it is, or in base64."""
    text: bytes | str = source
    if source == "-" or _is_file(source):
        text = _input(source)
        if text.startswith(_EXI_HEADER):
            return text, ()
    try:
        decoded = read_base64(_as_text(text), limit=_LONGEST_TEXT)
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


def _summary(name: str, value: Any) -> str:
    """Say in one line what certificate stands in an element."""
    if name not in _CERTIFICATES or not value:
        return ""
    try:
        certificate = read_certificate(value)
    except Unreadable as problem:
        return _comment(f"no certificate: {problem.what}")
    lines = (
        f"{certificate.subject}; issued by {certificate.issuer}; serial {certificate.serial:x}",
        f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}; {certificate.key_algorithm}",
        f"{len(value)} octets, sha256 {certificate.fingerprint}",
    )
    return _comment("; ".join(lines))


def _comment(text: str) -> str:
    """Keep an XML comment one: no two hyphens in it (XML 1.0, 2.5), no character that XML has not."""
    spaced = text.replace("--", "- -").replace("--", "- -")
    return "".join(character if character.isprintable() else "?" for character in spaced)


def _signature(decoded: Decoded) -> tuple[str, tuple[Deviation, ...]]:
    """Verify the signature of a message; an empty text where there is nothing to verify."""
    message = decoded.value
    kinds = iso2.V2GMessage | iso20.CertificateInstallationReqType | iso20.CertificateInstallationResType
    if decoded.fragment or not isinstance(message, kinds):
        return "", ()
    try:
        content_of(message)
    except Problem:
        return "", ()
    return ("none", ()) if signature_of(message) is None else _verified(message)


def _verified(message: Message) -> tuple[str, tuple[Deviation, ...]]:
    leaf, *above = signer_chain(message)
    try:
        signer = read_certificate(leaf)
    except Unreadable as problem:
        return f"not verified, the signer's certificate cannot be read: {problem.what}", ()
    if signer.public_key is None:
        return f"not verified, the signer has a key of {signer.key_algorithm}", ()
    report = verify(message, signer.public_key, dict(_keys(above)))
    word = "valid" if report.valid else "NOT VALID"
    digests = ", ".join(f"{check.element} {check.form or 'WRONG'}" for check in report.references)
    return f"{word}, by {signer.subject}; digests: {digests}", report.findings


def _keys(chain: Iterable[bytes]) -> Iterator[tuple[str, Any]]:
    for der in chain:
        try:
            certificate = read_certificate(der)
        except Unreadable:
            continue
        if certificate.public_key:
            yield str(certificate.subject), certificate.public_key


def _print(text: str) -> None:
    """Write UTF-8 whatever the locale: it is XML and JSON."""
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def _report(findings: Iterable[Deviation]) -> None:
    for finding in findings:
        print(finding, file=sys.stderr)
