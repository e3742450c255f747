"""`opnc target new`: write a target file, from flags or from the answers to a few questions."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opnc.problem import Problem

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from fixtures.target.template import TargetFileContent

SCHEMES = ("oauth2", "token", "mtls")
SERVICES = ("rcp", "pcp", "cps", "ccp", "pki", "event")
ORIGIN = "Written by `opnc target new`. `opnc doctor --target FILE` tells what is missing."
RIGHTS = ("wmis", "provider_ids", "operator_ids")
"""What says for whom an account may act; the ids of `opnc serve` stand as examples, others for each."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    new = actions.add_parser("new", help="write a commented target file")
    add = new.add_argument
    add("file", type=Path, metavar="FILE", help="where to write it")
    add("--name", help="what the implementation is called")
    add("--vendor", help="who makes it")
    add("--version", help="which version is tested")
    add("--base-url", metavar="URL", help="one address for all six services")
    add(
        "--service",
        action="append",
        metavar="NAME=URL",
        help="a service with an address of its own; repeatable",
    )
    add("--scheme", choices=SCHEMES, help="how parties show who they are (oauth2)")
    add("--token-endpoint", metavar="URL", help="where access tokens are had")
    add("--party", action="append", metavar="NAME", help="an account the tester plays; repeatable")
    add("--force", action="store_true", help="overwrite the file")
    new.epilog = "What no flag says is asked for, where there is somebody to ask."


def run(arguments: argparse.Namespace) -> int:
    """Write the file.

    Raises:
        Problem: If it is there already, cannot be written, or a value is wrong.
    """
    # Importing the suite takes longer than showing the help should.
    from fixtures.target.template import TargetFileContent, text
    from fixtures.target.validation import demand_sound
    from simulators.serve import private_files

    path: Path = arguments.file
    if path.exists() and not arguments.force:
        raise Problem("the file is there already", where=str(path), hint="name another, or add --force")
    given = _Answers(arguments)
    name = given.value("name", "What is the implementation called?", "My pool")
    services = _services(arguments.service or [])
    base_url = None if services else given.value("base_url", "Where is it? (https://...)", "")
    scheme = given.value("scheme", f"How do parties show who they are? ({', '.join(SCHEMES)})", SCHEMES[0])
    endpoint = (
        given.value("token_endpoint", "Where are access tokens had?", "") if scheme == "oauth2" else None
    )
    parties = arguments.party or _split(
        given.value("parties", "Which accounts have you got for the tester?", "oem, emsp, cpo, cps")
    )
    content = TargetFileContent(
        origin=ORIGIN,
        name=name,
        vendor=arguments.vendor,
        version=arguments.version,
        base_url=base_url or None,
        services=services,
        scheme=scheme,
        token_endpoint=endpoint or None,
        parties={each.lower(): _account(each.lower(), scheme) for each in parties},
    )
    written = text(content)
    # Answers can be anything: what `opnc run` would refuse should not be written first.
    demand_sound(_decoded(written), "the file to be written")
    private_files.write(path, written.encode(), mode=0o644)
    print(_advice(path, content))
    return 0


class _Answers:
    """What the flags say; what they do not is asked for, if there is somebody to ask."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        # Both: a question into a file or a pipe would never be answered.
        self._interactive = sys.stdin.isatty() and sys.stdout.isatty()

    def value(self, name: str, question: str, default: str) -> str:
        stated: str | None = getattr(self._arguments, name, None)
        if stated is not None or not self._interactive:
            return default if stated is None else stated
        try:
            return input(f"{question} [{default}] " if default else f"{question} ").strip() or default
        # Ctrl-D, which means "enough questions": the rest takes its defaults.
        except EOFError:
            return default


def _services(pairs: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, separator, url = pair.partition("=")
        if not separator or name not in SERVICES:
            raise Problem(f"--service {pair!r} is not NAME=URL", hint=f"NAME is one of {', '.join(SERVICES)}")
        found[name] = url
    return found


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _account(name: str, scheme: str) -> dict[str, Any]:
    """Return the table of an account.

    Raises:
        Problem: If scenarios know no such account.
    """
    from simulators.ecosystem import PARTIES

    if name not in PARTIES:
        raise Problem(f"scenarios know no account {name!r}", hint=f"they know {', '.join(PARTIES)}")
    variable = f"OPNC_{re.sub('[^A-Z]', '_', name.upper())}"
    stem = name.replace(" ", "-")
    proofs: Mapping[str, dict[str, Any]] = {
        "oauth2": {"client_id": stem, "client_secret_env": f"{variable}_SECRET"},
        "token": {"token_env": f"{variable}_TOKEN"},
        "mtls": {"certificate": f"{stem}.pem", "key_file": f"{stem}.key"},
    }
    ids = {each: sorted(getattr(PARTIES[name], each)) for each in RIGHTS}
    return {**proofs[scheme], **{each: found for each, found in ids.items() if found}}


def _decoded(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)


def _advice(path: Path, content: TargetFileContent) -> str:
    tables = content.parties.values()
    variables = [value for table in tables for name, value in table.items() if name.endswith("_env")]
    lines = [f"written: {path}", "look through it: WMIs, provider ids and operator ids are examples"]
    if variables:
        lines.append(f"set {', '.join(variables)}")
    if content.services and len(content.services) < len(SERVICES):
        lines.append(f"`opnc serve --beside {path}` plays the services that are not in it")
    return "\n".join([*lines, f"then: opnc doctor --target {path}"])
