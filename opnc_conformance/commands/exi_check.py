"""`opnc exi check MESSAGE` is the vehicle's judge: would it install the contract, and if not, why."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from opnc.exi import Decoded, DecodeError, iso2, iso20
from opnc.exi.reading import decode_row
from opnc.exi.roots import STANDARDS
from opnc.pki.contents import read_contents
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.reading import ReadCertificate
from opnc.problem import Problem
from opnc.provisioning.installation import Receiver, judge_message
from opnc.provisioning.messages import Chain, Message, content_of, presented_chain
from opnc.provisioning.namespaces import version_of_schema
from opnc.provisioning.presenting import judge_presented
from opnc.provisioning.summary import title
from opnc.severity import Severity
from opnc_conformance.commands.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opnc.exi.sources import Source
    from opnc.pki.signatures import PrivateKey

PASSWORD_VARIABLE = "OPNC_KEY_PASSWORD"  # noqa: S105 - the name of the variable, not a password

EXIT_SOUND = 0
EXIT_FAILED = 1

_RESPONSES = iso2.CertificateInstallationResType | iso20.CertificateInstallationResType
_MAX_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a message.

    Attributes:
        message: Its name.
        standard: Its standard.
        place: Where it stood in the input.
        verdict: `installed`, `refused`, `inconclusive`; of what brings no contract `sound` or `unsound`.
        emaid: The contract that is installed; empty where none is.
        findings: What was noticed.
    """

    message: str
    standard: str
    place: str
    verdict: str
    emaid: str
    findings: tuple[Deviation, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the members of an object for `json.dumps`."""
        names = ("name", "severity", "field", "where", "expected", "seen", "clause")
        return {
            "message": self.message,
            "standard": self.standard,
            "place": self.place,
            "verdict": self.verdict,
            "emaid": self.emaid,
            "findings": [{name: str(getattr(each, name)) for name in names} for each in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Bench:
    """What messages are judged with: trust, key and time, as the command line gave them."""

    roots: tuple[ReadCertificate, ...]
    emsp_roots: tuple[ReadCertificate, ...]
    key: PrivateKey | None
    pcid: str
    session: bytes | None
    at: datetime


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("source", metavar="FILE|-|TEXT", help="the message, in any form that decode reads")
    parser.add_argument(
        "--roots",
        type=Path,
        action="append",
        required=True,
        metavar="DIR|FILE",
        help="trusted V2G roots: what in it signs itself; repeatable",
    )
    parser.add_argument(
        "--emsp-roots", type=Path, action="append", default=[], metavar="DIR|FILE", help="roots of contracts"
    )
    parser.add_argument("--pcid", default="", help="PCID of the vehicle, needed for keys of ISO 15118-20")
    parser.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help=f"private key of the vehicle; its password in {PASSWORD_VARIABLE}",
    )
    parser.add_argument("--session", type=_octets, metavar="HEX", help="the SessionID it asked in")
    parser.add_argument("--at", type=_moment, metavar="TIME", help="when all must be valid; now when absent")
    parser.add_argument("--json", action="store_true", help="as JSON")


def _octets(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no SessionID in hexadecimal digits") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time, write it as 2026-03-01T12:00:00Z") from None


def run(arguments: argparse.Namespace, sources: Sequence[Source]) -> int:
    """Judge messages and print what became of them; return the exit code."""
    bench = Bench(
        roots=tuple(_roots(arguments.roots)),
        emsp_roots=tuple(_roots(arguments.emsp_roots)),
        key=_key(arguments.key) if arguments.key else None,
        pcid=arguments.pcid,
        session=arguments.session,
        at=arguments.at or datetime.now(UTC),
    )
    if not bench.roots:
        raise Problem("no certificate that signs itself is in it", where=", ".join(map(str, arguments.roots)))
    judged = list(_judge_all(sources, bench))
    if arguments.json:
        print(json.dumps([each.to_json() for each in judged], indent=2))
    else:
        for each in judged:
            _print(each)
    failed = any(finding.severity is Severity.FAIL for each in judged for finding in each.findings)
    return EXIT_FAILED if failed else EXIT_SOUND


def _print(judged: Judged) -> None:
    where = f"{judged.place}: " if judged.place else ""
    emaid = f" {judged.emaid}" if judged.emaid else ""
    print(printable(f"{where}{judged.message} of {judged.standard}: {judged.verdict}{emaid}"))
    for finding in judged.findings:
        print(f"  {printable(str(finding))} [{finding.name}]")


def _judge_all(sources: Sequence[Source], bench: Bench) -> Iterator[Judged]:
    refusal: DecodeError | None = None
    contract: Chain = ()
    read = False
    for source in sources:
        try:
            row = decode_row(source.octets)
        except DecodeError as error:
            refusal = refusal or error
            continue
        read = True
        for decoded in row.streams:
            judged = _judge(decoded, bench, contract)
            contract = _presented(decoded) or contract
            yield replace(judged, place=source.place, findings=(*source.findings, *judged.findings))
    if refusal and not read:
        raise refusal


def _presented(decoded: Decoded) -> Chain:
    try:
        return presented_chain(decoded.value) if isinstance(decoded.value, Message) else ()
    except Problem:
        return ()


def _judge(decoded: Decoded, bench: Bench, contract: Chain) -> Judged:
    name, standard = title(decoded), STANDARDS[decoded.schema.name]
    message = decoded.value
    if decoded.fragment or not isinstance(message, Message):
        seen = "a message that carries neither contract nor signature"
        left = Deviation("not-judged", name, "a message of Plug & Charge", seen, severity=Severity.INFO)
        return Judged(name, standard, "", "sound", "", (*decoded.findings, left))
    installed = _as_installation(message)
    if installed is not None:
        return _of_response(name, standard, installed, decoded, bench)
    roots = (*bench.roots, *bench.emsp_roots)
    found = judge_presented(message, roots, bench.at, pcid=bench.pcid, contract=contract)
    findings = (*decoded.findings, *found)
    failed = any(finding.severity is Severity.FAIL for finding in findings)
    return Judged(name, standard, "", "unsound" if failed else "sound", "", findings)


def _of_response(name: str, standard: str, message: Message, decoded: Decoded, bench: Bench) -> Judged:
    version = version_of_schema(decoded.schema)
    receiver = Receiver(bench.pcid, version, bench.key, bench.roots, bench.emsp_roots, bench.session)
    outcome = judge_message(message, receiver, bench.at, decoded.findings)
    failed = any(finding.severity is Severity.FAIL for finding in outcome.findings)
    verdict = "refused" if failed else "installed" if outcome.contract else "inconclusive"
    emaid = outcome.contract.emaid if outcome.contract else ""
    return Judged(name, standard, "", verdict, emaid, outcome.findings)


def _as_installation(message: Message) -> Message | None:
    """Return a message that brings a contract; an update as the installation that it is to the judge."""
    content = content_of(message)
    if isinstance(content, _RESPONSES):
        return message
    if isinstance(message, iso2.V2GMessage) and isinstance(content, iso2.CertificateUpdateResType):
        members = {
            name: getattr(content, name) for name in iso2.CertificateInstallationResType.__dataclass_fields__
        }
        body = iso2.BodyType(CertificateInstallationRes=iso2.CertificateInstallationResType(**members))
        return replace(message, Body=body)
    return None


def _roots(paths: Sequence[Path]) -> Iterator[ReadCertificate]:
    """Yield the roots of files, and of all files in folders; who does not sign itself is no root."""
    for path in paths:
        files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        for file in files:
            for content in _contents(file, alone=not path.is_dir()):
                if isinstance(content, ReadCertificate) and content.self_signed:
                    yield content


def _contents(file: Path, *, alone: bool) -> list[Any]:
    try:
        return [content.item for content in read_contents(_bytes(file))]
    except Unreadable as problem:
        # In a folder of certificates lie keys and notes as well.
        if alone:
            raise Problem(problem.what, where=str(file), hint=problem.hint) from None
        return []


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            # A device never ends.
            return stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", where=str(file)) from None


def _key(file: Path) -> PrivateKey:
    data = _bytes(file)
    given = os.environ.get(PASSWORD_VARIABLE)
    password = given.encode() if given else None
    for load in (load_pem_private_key, load_der_private_key, _of_pkcs12):
        try:
            key = load(data, password)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
        if isinstance(key, ec.EllipticCurvePrivateKey | ed448.Ed448PrivateKey):
            return key
        raise Problem(
            "a key that ISO 15118 does not know", where=str(file), hint="secp256r1, secp521r1, Ed448"
        )
    # Never the library's own words: they may quote what was read.
    hint = f"PEM, DER or PKCS#12; a password comes from {PASSWORD_VARIABLE}"
    raise Problem("no private key that can be opened", where=str(file), hint=hint)


def _of_pkcs12(data: bytes, password: bytes | None) -> Any:
    return load_pkcs12(data, password).key
