"""`opnc pki new DIR` writes a test PKI; `opnc pki check FILE...` and `opnc pki show FILE...` look at any."""

from __future__ import annotations

import argparse
import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from opnc.files import write_atomically
from opnc.pki import bundle
from opnc.pki.keys import Seed
from opnc.pki.profiles import profiles
from opnc.pki.publication import rules
from opnc.pki.testbed import Addresses, SeededPki
from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opnc.pki.bundle import File

PASSWORD_VARIABLE = "OPNC_PKI_PASSWORD"  # noqa: S105 - the name of the variable, not a password
PASSWORD_FILE = "password.txt"  # noqa: S105 - the name of the file, not a password

FIRST_YEAR, LAST_YEAR = 1950, 9900
"""Between these lie the times that a certificate can hold (RFC 5280 section 4.1.2.5)."""

EXIT_CONFORMANT = 0


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _configure_new(actions.add_parser("new", help="write a complete test PKI into a folder"))
    _configure_check(actions.add_parser("check", help="check certificates, CRLs, OCSP responses, requests"))
    _add_files(actions.add_parser("show", help="say what is in certificates, CRLs, OCSP responses, requests"))


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
    _add_files(parser)
    parser.add_argument(
        "--profile", metavar="P", help=f"one of {', '.join((*profiles(), *rules()))}; by place when absent"
    )
    parser.add_argument("--trust", type=Path, metavar="FILE", help="trusted roots; checks the chains as well")
    parser.add_argument("--at", type=_moment, metavar="TIME", help="when all must be valid; now when absent")


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE|-",
        help="certificates, CRLs, OCSP responses, requests, PKCS#7 and PKCS#12, in PEM, DER, base64 or hex",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `opnc pki new`, `opnc pki check` or `opnc pki show` and return the exit code."""
    if arguments.action == "new":
        return _new(arguments)
    # Imported for these alone: making a PKI needs none of what judges one.
    from opnc_conformance.commands import pki_check

    return pki_check.show(arguments) if arguments.action == "show" else pki_check.check(arguments)


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
