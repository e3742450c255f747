from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from opnc.problem import Problem
from opnc_conformance import waivers_file
from tests.opnc_conformance.commands.made_up import suite
from tests.support.running import Outcome, here

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Outcome]

WAIVER = '[[waiver]]\nrequirement = "{}"\nreason = "mended in 2.4"\nuntil = {}\n'


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a failing scenario of RCP-GET-01 beside a passing one, with one waiver."""

    def with_waiver(*scenarios: str, requirement: str = "RCP-GET-01", until: str = "9999-12-31") -> Outcome:
        waivers = tmp_path / "waivers.toml"
        waivers.write_text(WAIVER.format(requirement, until))
        features = suite(tmp_path, "passes", *scenarios)
        return here(capsys, tmp_path / "report", "--features", features, "--waivers", waivers)

    return with_waiver


@pytest.mark.parametrize("scenario", ["fails", "cannot conclude"])
def test_a_waived_failure_is_shown_as_one_but_does_not_count(run: Run, scenario: str) -> None:
    outcome = run(scenario)
    assert outcome.code == 0
    assert "pass" not in {each["verdict"] for each in outcome.results["requirements"]}
    assert "waiver RCP-GET-01 until 9999-12-31, holds: mended in 2.4" in " ".join(outcome.out.split())
    assert ", but waived: 0 of 1 judged requirements passed; 1 " in outcome.out
    for document in ("index.html", "summary.md"):
        text = (outcome.report / document).read_text()
        assert "mended in 2.4" in text
        assert ", but waived" in text


def test_a_waived_failure_is_skipped_in_junit(run: Run) -> None:
    root = ET.parse(run("fails").report / "junit.xml").getroot()  # noqa: S314 - our own file
    assert (root.get("failures"), root.get("skipped")) == ("0", "1")
    (skipped,) = root.iter("skipped")
    assert (skipped.get("message") or "").startswith("waived: ")


def test_a_waiver_ends_by_itself(run: Run) -> None:
    outcome = run("fails", until="2020-01-01")
    assert outcome.code == 1
    assert "expired: mended in 2.4" in outcome.out


def test_a_waiver_excuses_no_other_requirement(run: Run) -> None:
    outcome = run("fails", requirement="RCP-GET-02")
    assert outcome.code == 1
    assert "not judged: mended in 2.4" in outcome.out


def test_a_broken_harness_cannot_be_waived(run: Run) -> None:
    assert run("breaks").code == 4


def test_a_waiver_that_is_no_longer_needed_says_so(run: Run) -> None:
    outcome = run()
    assert outcome.code == 0
    assert "not needed: mended in 2.4" in outcome.out
    assert outcome.out.splitlines()[-1].startswith("Conformant: ")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (WAIVER.format("RCP-GET-99", "2027-01-01"), "there is no requirement 'RCP-GET-99'"),
        (WAIVER.format("RCP-GET-01", '"soon"'), "until is 'soon', but must be a day"),
        (WAIVER.format("RCP-GET-01", "2027-01-01T00:00:00Z"), "must be a day"),
        (WAIVER.format(" ", "2027-01-01"), "requirement must be a text"),
        (WAIVER.format("RCP-GET-01", "2027-01-01") * 2, "RCP-GET-01 is waived twice"),
        ('[[waiver]]\nrequirement = "RCP-GET-01"\n', "waiver 1: has requirement"),
        ('[waiver]\nrequirement = "RCP-GET-01"\n', "holds something else than [[waiver]] tables"),
        ("waive = true\n", "holds something else than [[waiver]] tables"),
        ("waiver = [1]\n", "waiver 1: has 1"),
        ("[[waiver\n", "is not TOML"),
        ("\udcff", "is not TOML"),
    ],
)
def test_a_wrong_file_is_named_with_its_mistake(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "waivers.toml"
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(Problem) as caught:
        waivers_file.read(path)
    assert told in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"none\.toml: cannot be read"):
        waivers_file.read(tmp_path / "none.toml")
