"""A service that sends what nobody should send: each case gets a finding or a verdict, none breaks a run."""

from __future__ import annotations

import shutil
from collections import defaultdict
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from features.index import ROOT
from simulators.faults import hostile
from tests.support.running import Outcome, apart

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = ("authentication/rights_rcp", "rcp/read_root", "rcp/root_object", "rcp/delete_root")
JUDGED = ("AUTH-ROLE-RCP-GetRootCertificate-OEM", "RCP-GET-03", "RCP-GET-05", "RCP-OBJ-04", "RCP-DEL-02")

CONFTEST = """
    import pytest

    from simulators import faults
    from simulators.faults import hostile

    FAULTS = {fault.id: fault for fault in hostile.faults("rcp")}
    faults._BY_ID.update(FAULTS)

    @pytest.fixture(params=FAULTS)
    def hostility(request):
        return request.param

    @pytest.fixture
    def fault(hostility):
        return hostility
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A run of some scenarios against every hostility."""
    folder = tmp_path_factory.mktemp("hostile")
    features = folder / "features"
    for file in FILES:
        (features / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / f"{file}.feature", features / f"{file}.feature")
    (features / "conftest.py").write_text(dedent(CONFTEST))
    requirements = (part for each in JUDGED for part in ("--requirement", each))
    return apart(folder, "run", "--features", features, *requirements)


@pytest.fixture(scope="module")
def scenarios(run: Outcome) -> Mapping[str, list[dict[str, Any]]]:
    """The scenarios of the run by the hostility they met."""
    found = defaultdict(list)
    for scenario in run.results["scenarios"]:
        found[scenario["fault"]].append(scenario)
    return found


def test_the_run_comes_to_its_end(run: Outcome) -> None:
    assert run.code == 1
    assert run.results["complete"]
    assert "Traceback" not in run.text
    assert "\x1b" not in run.text
    assert all((run.report / name).stat().st_size for name in ("index.html", "junit.xml", "summary.md"))


@pytest.mark.parametrize("fault", [fault.id for fault in hostile.faults("rcp")])
def test_a_hostile_answer_is_named_and_breaks_nothing(
    fault: str, scenarios: Mapping[str, list[dict[str, Any]]]
) -> None:
    met = scenarios[fault]
    assert len(met) >= len(JUDGED)
    assert [scenario["reason"] for scenario in met if scenario["verdict"] == "error"] == []
    noticed = [scenario for scenario in met if scenario["verdict"] != "pass" or scenario["findings"]]
    assert noticed
    assert all(scenario["reason"] for scenario in met if scenario["verdict"] != "pass")


@pytest.mark.parametrize(
    ("name", "requirement"),
    [
        ("html-in-JSON", "SYS-JSON-03"),
        ("invalid-UTF-8", "SYS-JSON-03"),
        ("another-media-type", "SYS-JSON-03"),
        ("no-body", "SYS-JSON-03"),
        ("members-twice", "SYS-JSON-03"),
        ("an-undocumented-refusal", "SYS-ERR-03"),
        ("an-undocumented-success", "SYS-ERR-03"),
        ("html-in-JSON", "SYS-ERR-01"),
    ],
)
def test_a_deviation_from_the_contract_is_a_finding_on_the_requirement_about_it(
    name: str, requirement: str, scenarios: Mapping[str, list[dict[str, Any]]]
) -> None:
    findings = [finding for scenario in scenarios[f"rcp.hostile.{name}"] for finding in scenario["findings"]]
    assert requirement in {finding["requirement"] for finding in findings}
    assert all(finding["expected"] and finding["seen"] for finding in findings)


@pytest.mark.parametrize(
    "name", ["throttling", "unavailability", "five-megabytes", "gzip-that-is-none", "a-bomb"]
)
def test_what_allows_no_judgement_is_inconclusive(
    name: str, scenarios: Mapping[str, list[dict[str, Any]]]
) -> None:
    assert {scenario["verdict"] for scenario in scenarios[f"rcp.hostile.{name}"]} == {"inconclusive"}
