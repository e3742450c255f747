"""`opnc pki new DIR` writes a test PKI, `opnc pki check FILE...` checks certificates against profiles."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from opnc.files import write_atomically
from opnc.pki import bundle
from opnc.pki.chains import check_chain
from opnc.pki.conformance import check_profile, nearest_profile
from opnc.pki.deviations import Unreadable
from opnc.pki.files import MAX_FILE_BYTES, read_file
from opnc.pki.keys import Seed
from opnc.pki.profiles import profile, profiles
from opnc.pki.testbed import Addresses, SeededPki
from opnc.problem import Problem
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from opnc.pki.bundle import File
    from opnc.pki.deviations import Deviation
    from opnc.pki.reading import ReadCertificate

PASSWORD_VARIABLE = "OPNC_PKI_PASSWORD"  # noqa: S105 - the name of the variable, not a password
PASSWORD_FILE = "password.txt"  # noqa: S105 - the name of the file, not a password

FIRST_YEAR, LAST_YEAR = 1950, 9900
"""Between these lie the times that a certificate can hold (RFC 5280 section 4.1.2.5)."""

EXIT_CONFORMANT = 0
EXIT_FAILED = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _configure_new(actions.add_parser("new", help="write a complete test PKI into a folder"))
    _configure_check(actions.add_parser("check", help="check certificates against their profiles"))


def _configure_new(parser: argparse.ArgumentParser) -> None:
    places = Addresses()
    parser.add_argument("directory", type=Path, metavar="DIR", help="the folder, new or empty")
    parser.add_argument(
        "--seed", type=_printable, help="makes the same PKI again; drawn and printed when absent"
    )
    parser.add_argument(
        "--at", type=_day, metavar="TIME", help="day of its making, ISO 8601; today when absent"
    )
    parser.add_argument("--roots", type=_roots, default=2, metavar="N", help="V2G roots of -2 (default: 2)")
    parser.add_argument(
        "--organization", type=_name, default="OPNC Test", metavar="O", help="O of all subjects"
    )
    parser.add_argument("--ocsp", type=_url, default=places.ocsp, help=f"OCSP responder ({places.ocsp})")
    parser.add_argument("--crl", type=_url, default=places.crl, help=f"CRLs ({places.crl})")
    for domain, name in bundle.NAMES.items():
        title = f"CN of its leaf (default: {name})"
        parser.add_argument(f"--{domain}", type=_name, default=name, metavar="CN", help=title)


def _configure_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="PEM, DER, PKCS#7 or base64")
    parser.add_argument(
        "--profile", metavar="P", help=f"one of {', '.join(profiles())}; the nearest when absent"
    )
    parser.add_argument("--trust", type=Path, metavar="FILE", help="trusted roots; checks the chains as well")
    parser.add_argument(
        "--at", type=_moment, metavar="TIME", help="when chains must be valid; now when absent"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `opnc pki new` or `opnc pki check` and return the exit code."""
    return _new(arguments) if arguments.action == "new" else _check(arguments)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time, write it as 2026-03-01T12:00:00Z") from None


def _day(text: str) -> datetime:
    """Read when a PKI begins; its roots last for forty years."""
    moment = _moment(text)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text!r} is not within {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def _printable(text: str) -> str:
    if not text.isprintable():
        raise argparse.ArgumentTypeError(f"{text!r} holds characters that cannot be printed")
    return text


def _name(text: str) -> str:
    if not 0 < len(text.strip()) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is no name of 1 to 64 characters")
    return _printable(text)


def _url(text: str) -> str:
    if text and not re.fullmatch(r"https?://[!-~]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no URL that starts with http://; '' leaves it out")
    return text


def _roots(text: str) -> int:
    if text not in map(str, range(1, 11)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 10 ([V2G2-878])")
    return int(text)


def _new(arguments: argparse.Namespace) -> int:
    directory: Path = arguments.directory
    # Keys are not replaced: somebody may trust what they signed.
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Problem("the folder is not empty", where=str(directory), hint="name a new one")
    # Drawn, where none is given, and printed below: so every PKI can be made again.
    seed = arguments.seed or secrets.token_hex(8)
    addresses = Addresses(arguments.ocsp, arguments.crl)
    pki = SeededPki(Seed(seed), arguments.at or datetime.now(UTC), arguments.organization, addresses)
    names = {domain: getattr(arguments, domain) for domain in bundle.NAMES}
    given = os.environ.get(PASSWORD_VARIABLE)
    password = given or secrets.token_urlsafe(16)
    made = list(bundle.files(pki, arguments.roots, password, names))
    if not given:
        made.append(bundle.File(PASSWORD_FILE, f"{password}\n".encode(), secret=True))
    try:
        _write(directory, made)
    except OSError as error:
        raise Problem(f"cannot be written: {error.strerror}", where=str(error.filename)) from None
    print(f"{directory}: {len(made)} files, seed {seed}")
    return EXIT_CONFORMANT


def _write(directory: Path, made: Iterable[File]) -> None:
    for file in made:
        path = directory / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o600 if file.secret else 0o644
        # The folder was empty: what stands there now is not ours to replace.
        write_atomically(path, file.content, mode=mode, exclusive=True)


def _check(arguments: argparse.Namespace) -> int:
    wanted = profile(arguments.profile) if arguments.profile else None
    trusted = list(_read(arguments.trust)) if arguments.trust else []
    seen: list[ReadCertificate] = []
    failed = False
    for path in arguments.files:
        try:
            read = list(_read(path))
        except Unreadable as problem:
            print(f"fail: {problem}", file=sys.stderr)
            failed = True
            # The other files are still checked.
            continue
        seen += read
        for certificate in read:
            # A certificate does not say which profile it keeps.
            against = wanted or nearest_profile(certificate)
            findings = (*certificate.findings, *check_profile(certificate, against))
            # `|=` evaluates the report whatever failed before; `or` would stop telling.
            failed |= _report(f"{path}: {certificate.subject} against {against.name}", findings)
    if trusted:
        failed |= _check_chains(seen, trusted, arguments.at or datetime.now(UTC))
    return EXIT_FAILED if failed else EXIT_CONFORMANT


def _read(path: Path) -> Iterable[ReadCertificate]:
    try:
        with path.open("rb") as stream:
            # A device never ends.
            return list(read_file(stream.read(MAX_FILE_BYTES + 1)))
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", where=str(path)) from None
    except Unreadable as problem:
        place = f"{path}, {problem.where}" if problem.where else str(path)
        raise Unreadable(problem.name, problem.what, where=place, hint=problem.hint) from None


def _check_chains(
    seen: Sequence[ReadCertificate], trusted: Sequence[ReadCertificate], moment: datetime
) -> bool:
    """Check the chain of each certificate that issued none of the others."""
    issuers = {certificate.issuer for certificate in (*seen, *trusted) if not certificate.self_issued}
    failed = False
    for leaf in (certificate for certificate in seen if certificate.subject not in issuers):
        checked = check_chain(leaf, _above(leaf, seen), trusted, moment)
        path = " < ".join(certificate.common_name or str(certificate.subject) for certificate in checked.path)
        failed |= _report(f"chain {path}", checked.findings)
    return failed


def _above(leaf: ReadCertificate, seen: Sequence[ReadCertificate]) -> list[ReadCertificate]:
    """Return whatever may stand above a certificate by its name; of many files that is little."""
    found: dict[ReadCertificate, None] = {}
    names = {leaf.issuer}
    while named := [each for each in seen if each.subject in names and each not in found]:
        found |= dict.fromkeys(named)
        names = {each.issuer for each in named}
    return list(found)


def _report(title: str, findings: Iterable[Deviation]) -> bool:
    """Print findings under a title; return whether one of them fails."""
    listed = list(findings)
    print(title if listed else f"{title}: no findings")
    for finding in listed:
        print(f"  {finding}")
    return any(finding.severity is Severity.FAIL for finding in listed)
