"""Lets Schemathesis send `opnc serve` whatever the contract allows and does not allow.

    python tests/hold_to_contract.py [EXAMPLES] [SEED]

EXAMPLES random requests per operation, 20 unless told, beside those made by rule. No answer may be 5xx, and
none may have a status, a media type or a body that the contract does not know. Each operation is called by an
account that may. Ends with 1 if one of the services does not hold.
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import httpx

from fixtures.target.file import load
from opnc import contract, rights
from opnc.contract.documents import METHODS, document
from opnc.contract.generic import ACCEPTED_ANYWHERE
from opnc_conformance.serving import server_process

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fixtures.target.file import TargetFile

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
PHASES = "coverage,fuzzing"
WORKERS = 2
"""Services that are held to the contract at the same time."""

HOOKS = """
import schemathesis

schemathesis.serializer.alias("application/pkcs10", "text/plain")
"""


def tokens(file: TargetFile) -> dict[str, str]:
    """Return an access token of one account of each party."""
    found: dict[str, str] = {}
    accounts = {account.party: account for account in list(file.target.accounts.values())[::-1]}
    for party, account in accounts.items():
        answer = httpx.post(
            file.target.token_endpoint or "",
            data={"grant_type": "client_credentials"},
            auth=(account.client_id, account.client_secret),
            verify=str(file.trust_anchors[0]),
        )
        found[party] = str(answer.raise_for_status().json()["access_token"])
    return found


def served(service: str) -> dict[str, Any]:
    """Return the document of a service, with the statuses that any operation may answer with."""
    # What is only tolerated of others the simulators do not answer with.
    anywhere = {
        str(status): {"description": "Any body."}
        for status, response in ACCEPTED_ANYWHERE.items()
        if response.severity is None
    }
    whole = json.loads(json.dumps(document(service)))
    for methods in whole["paths"].values():
        for method in set(methods) & set(METHODS):
            methods[method]["responses"] = anywhere | methods[method]["responses"]
    return dict(whole)


def settings(service: str, held: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a configuration by which every operation is called by an account that may."""
    yield 'hooks = "hooks.py"'
    for operation in contract.load().service(service).operations:
        parties = (row for row in rights.TABLE if row.operation == operation)
        allowed = sorted(rights.TABLE[next(parties)])
        yield "[[operations]]"
        yield f'include-operation-id = "{operation}"'
        yield f'headers = {{ Authorization = "Bearer {held[allowed[0]]}" }}'


def hold(service: str, file: TargetFile, held: Mapping[str, str], options: list[str]) -> bool:
    """Run Schemathesis against one service, print what it says, and tell whether the service holds."""
    with TemporaryDirectory(prefix="opnc-schemathesis-") as folder:
        description, configuration = Path(folder) / f"{service}.json", Path(folder) / "schemathesis.toml"
        description.write_text(json.dumps(served(service)))
        configuration.write_text("\n".join(settings(service, held)))
        (Path(folder) / "hooks.py").write_text(HOOKS)
        line = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration), "run"]
        line += [str(description), "--url", file.target.services[service]]
        line += ["--tls-verify", str(file.trust_anchors[0]), "--checks", CHECKS, "--phases", PHASES, *options]
        done = subprocess.run(  # noqa: S603 - the program of this environment, on files of our own
            line, cwd=folder, check=False, capture_output=True, text=True
        )
    sys.stdout.write(done.stdout + done.stderr)
    return done.returncode == 0


def main(examples: str = "20", seed: str = "1") -> int:
    """Hold every service to its contract."""
    options = ["--max-examples", examples, "--seed", seed, "--continue-on-failure", "--no-color"]
    with server_process() as target:
        file = load(target)
        held = tokens(file)
        with ThreadPoolExecutor(WORKERS) as pool:
            runs = {each: pool.submit(hold, each, file, held, options) for each in file.target.services}
        broken = [service for service, run in runs.items() if not run.result()]
    outcome = f"not as the contract says: {', '.join(broken)}" if broken else "all services hold"
    sys.stdout.write(f"{outcome}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
