"""A backend on the network is judged over TLS: `opnc serve` plays the services, its hooks are declared."""

from __future__ import annotations

import json
import re
import ssl
import tomllib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from opnc_conformance import serving
from opnc_conformance.__main__ import main
from tests.patience import PATIENCE_S
from tests.ports import free_port, free_row
from tests.running import here
from tests.servers import PORTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def target() -> Iterator[Path]:
    """The target file of a server that runs in a process of its own, backends on a port of their own."""
    with serving.server_process("--port", str(free_row(PORTS))) as target:
        yield target


def order(target: Path, *faults: str) -> None:
    """Give the server exactly these faults."""
    table = tomllib.loads(target.read_text())["management"]
    token = (target.parent / table["token_file"]).read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    url, faulty = f"{table['url']}/faults", {"active": faults}
    sent = httpx.put(url, json=faulty, headers=headers, timeout=PATIENCE_S, trust_env=False)
    assert sent.status_code == 200, sent.text


def test_a_sound_backend_passes(target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order(target)
    selected = [option for party in ("oem", "emsp", "cpo") for option in ("--service", party)]
    outcome = here(capsys, tmp_path / "report", "--target", target, *selected)
    assert outcome.code == 0, outcome.text
    assert set(outcome.verdicts().values()) <= {"pass", "not applicable"}
    judged = {each["id"] for each in outcome.results["requirements"] if each["verdict"] == "pass"}
    assert {"OEM-01", "EMSP-03", "EMSP-06", "CPO-01", "CPO-03"} <= judged
    parties = {each["party"] for s in outcome.results["scenarios"] for each in s["exchanges"]}
    assert {"OEM backend", "eMSP backend", "CPO backend"} <= parties


def test_a_faulty_backend_fails(target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order(target, "emsp.key-for-another")
    outcome = here(capsys, tmp_path / "report", "--target", target, "--requirement", "EMSP-03")
    order(target)
    assert outcome.code == 1
    (failed,) = (each for each in outcome.results["scenarios"] if each["verdict"] == "fail")
    assert "ContractSignatureEncryptedPrivateKey" in failed["reason"]


@pytest.fixture
def own(target: Path) -> Path:
    """A target file of the eMSP's and the OEM's backend alone."""
    tables = tomllib.loads(target.read_text())["backends"]
    lines = ['name = "Mine"', f'simulated_by = "{target.name}"']
    for party in ("oem", "emsp"):
        ways = tables[party].pop("use_cases")
        lines += [f"[backends.{party}]", *_assigned(tables[party])]
        lines += [f"[backends.{party}.use_cases]", *_assigned(ways)]
    path = target.with_name("own.toml")
    path.write_text("\n".join(lines))
    return path


def _assigned(table: dict[str, Any]) -> list[str]:
    return [f"{name} = {json.dumps(value)}" for name, value in table.items()]


def test_a_file_of_its_own_judges_the_backend_alone(
    target: Path, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order(target)
    selected = [option for group in ("emsp", "oem", "rcp") for option in ("--service", group)]
    outcome = here(capsys, tmp_path / "report", "--target", own, *selected)
    assert outcome.code == 0, outcome.text
    verdicts = outcome.verdicts()
    passed = {scenario for scenario, verdict in verdicts.items() if verdict == "pass"}
    assert len(passed) >= 10
    assert {scenario.partition("::")[0] for scenario in passed} == {"clients/emsp", "clients/oem"}
    assert set(verdicts.values()) == {"pass", "not applicable"}
    assert outcome.results["target"]["name"] == "Mine"


def test_a_backend_that_asks_for_nothing_fails(
    target: Path, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order(target, "oem.roots-unread")
    outcome = here(capsys, tmp_path / "report", "--target", own, "--requirement", "OEM-02")
    order(target)
    assert outcome.code == 1
    (judged,) = (each for each in outcome.results["scenarios"] if "OEM-02" in each["requirements"])
    assert judged["verdict"] == "fail"


def test_processes_of_services_are_not_judged_by_a_client(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = here(capsys, tmp_path / "report", "--target", own, "--requirement", "SYS-FLOW-02")
    assert set(outcome.verdicts().values()) == {"not applicable"}
    reasons = {each["reason"] for each in outcome.results["scenarios"]}
    assert "the target is a client: no service that was asked is its own" in reasons


def test_a_backend_without_a_hook_for_it_is_not_judged(
    target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = target.with_name("mine.toml")
    lines = target.read_text().splitlines()
    own.write_text("\n".join(line for line in lines if not line.startswith("set-default")))
    outcome = here(capsys, tmp_path / "report", "--target", own, "--requirement", "OEM-05")
    (judged,) = (each for each in outcome.results["scenarios"] if "OEM-05" in each["requirements"])
    assert judged["verdict"] == "not applicable"
    assert "no way to have the OEM backend do set-default" in judged["reason"]


def test_a_hook_that_is_not_there_makes_scenarios_inconclusive(
    target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = target.with_name("elsewhere.toml")
    own.write_text(target.read_text().replace("/use-cases/update-trust-stores", "/use-cases/nothing"))
    outcome = here(capsys, tmp_path / "report", "--target", own, "--requirement", "OEM-02")
    assert outcome.code == 3
    (judged,) = (each for each in outcome.results["scenarios"] if "OEM-02" in each["requirements"])
    assert "answered 404, expected 2xx" in judged["reason"]


def test_the_port_of_the_backends_serves_nothing_else(target: Path) -> None:
    content = tomllib.loads(target.read_text())
    hook = httpx.URL(content["backends"]["oem"]["use_cases"]["publish-vehicle"])
    anchor = target.parent / content["tls"]["trust_anchors"][0]
    context = ssl.create_default_context(cafile=anchor)
    with httpx.Client(verify=context, timeout=PATIENCE_S, trust_env=False) as http:
        assert http.post(hook).status_code == 401
        assert http.get(hook.copy_with(path="/opnc/v1/rcp/rootcertificates")).status_code == 404


def test_the_doctor_finds_a_hook_where_nobody_listens(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--target", str(own)]) == 0
    free = free_port()
    broken = own.with_name("broken.toml")
    hooks = re.sub(r"127\.0\.0\.1:\d+(?=/backend/oem)", f"127.0.0.1:{free}", own.read_text())
    broken.write_text(hooks)
    capsys.readouterr()
    assert main(["doctor", "--target", str(broken)]) == 1
    said = capsys.readouterr().out
    assert f"TCP 127.0.0.1:{free}" in next(line for line in said.splitlines() if line.startswith("broken"))
