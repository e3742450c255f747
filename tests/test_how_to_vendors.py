"""The pages for each kind of vendor hold: whoever types what they say gets that service judged."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from contextlib import ExitStack
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import pytest

from fixtures.target import file as target_file
from tests.support.patience import PATIENCE_S
from tests.support.running import apart, command, environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOW_TO = Path(__file__).parent.parent / "docs" / "how-to"

BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)

SERVICES = 6
AT_MOST = 3
"""Commands that it takes to have a service judged."""

PAGES = {
    "rcp": ("test-a-pool", "RCP-LIST-01"),
    "pcp": ("test-a-pool", "PCP-PUT-01"),
    "cps": ("test-a-cps", "CPS-SIGN-06"),
    "ccp": ("test-a-ccp", "CCP-DEL-01"),
    "pki": ("test-a-pki", "PKI-ENROLL-01"),
    "event": ("test-an-event-service", "EVT-SIG-01"),
    "emsp": ("test-a-backend", "EMSP-01"),
}
"""Service -> its page, and a requirement that takes what is beside the service, if anything does."""


def commands(page: str) -> list[list[list[str]]]:
    """Return the blocks of a page, each command split as a shell does it."""
    blocks = BLOCK.findall((HOW_TO / f"{page}.md").read_text())
    return [
        [shlex.split(line) for line in block.replace("\\\n", " ").splitlines() if line.strip()]
        for _, block in blocks
    ]


def serving(line: list[str], folder: Path, opened: ExitStack, secrets: Mapping[str, str] = {}) -> None:
    """Start what a page says runs in a terminal of its own; wait until it is ready."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        command(*line), cwd=folder, env={**environment(), **secrets}, stdout=subprocess.PIPE, text=True
    )
    impatience = Timer(PATIENCE_S, process.kill)
    impatience.start()
    opened.callback(_end, process, impatience)
    assert process.stdout
    assert any("next:" in said for said in iter(process.stdout.readline, ""))


def _end(process: subprocess.Popen[str], impatience: Timer) -> None:
    impatience.cancel()
    process.terminate()
    process.communicate(timeout=PATIENCE_S)


def told(page: str, service: str) -> Iterator[list[str]]:
    """Yield the commands by which a page has a service judged that we play."""
    yield from next(block for block in commands(page) if ["opnc", "serve", "--only", service] == block[0][:4])


@pytest.mark.parametrize("service", PAGES)
def test_whoever_types_what_the_page_says_has_the_service_judged(service: str, tmp_path: Path) -> None:
    page, requirement = PAGES[service]
    lines = [line[1:] for line in told(page, service)]
    assert len(lines) <= AT_MOST
    *servers, run = lines
    with ExitStack() as opened:
        for line in servers:
            assert line[0] == "serve"
            serving(line, tmp_path, opened)
        # Of the service one requirement: the whole of it takes minutes (`benchmarks/owners.py`).
        outcome = apart(tmp_path, *run, "--requirement", requirement)
    results = json.loads((tmp_path / "report" / "results.json").read_text())
    judged = {each["id"]: each["verdict"] for each in results["requirements"]}
    assert judged[requirement] == "pass", outcome.text
    assert outcome.code == 0, outcome.text


@pytest.mark.parametrize("page", sorted({page for page, _ in PAGES.values()} - {"test-a-backend"}))
def test_the_target_file_of_a_page_is_sound(page: str, tmp_path: Path) -> None:
    new = [line[1:] for block in commands(page) for line in block if line[:3] == ["opnc", "target", "new"]]
    assert new
    for line in new:
        outcome = apart(tmp_path, *line)
        assert outcome.code == 0, outcome.text


def test_the_file_of_a_backend_is_wired_to_who_plays_the_services(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (HOW_TO / "test-a-backend.md").read_text()
    written = next(iter(re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)))
    (tmp_path / "my-emsp.toml").write_text(written)
    assert "`opnc serve --beside my-emsp.toml`" in page
    for variable in re.findall(r'_env = "(\w+)"', written):
        monkeypatch.setenv(variable, "hunter2hunter2")
    secrets = dict.fromkeys(re.findall(r'_env = "(\w+)"', written), "hunter2hunter2")
    with ExitStack() as opened:
        serving(["serve", "--beside", "my-emsp.toml"], tmp_path, opened, secrets)
        file = target_file.load(tmp_path / "my-emsp.toml")
    assert file.counterpart
    assert file.counterpart.path.name == "beside-my-emsp.toml"
    assert len(file.counterpart.target.services) == SERVICES
    assert file.target.is_client
