from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from opnc_conformance import options
from opnc_conformance.__main__ import main
from opnc_conformance.commands import prove
from simulators.faults import FAULTS
from simulators.variants import VARIANTS
from tests.opnc_conformance.commands.made_up import suite

if TYPE_CHECKING:
    from pathlib import Path

    from opnc_conformance.options import Settings

OF_ONE = [fault.id for fault in FAULTS if "RCP-GET-02" in fault.requirements]


def proved(
    capsys: pytest.CaptureFixture[str], *line: str | Path, requirement: str = "RCP-GET-02"
) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["prove", "--requirement", requirement, *map(str, line)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_faults_that_are_noticed_prove_the_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = proved(capsys, "--json")
    matrix: Any = json.loads(out)
    assert code == 0
    assert [fault["id"] for fault in matrix["faults"]] == OF_ONE
    assert all(fault["killed"] and fault["killed_by"] for fault in matrix["faults"])


def test_a_fault_that_nobody_notices_proves_that_a_scenario_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    features = suite(tmp_path, "passes", requirement="RCP-GET-02")
    code, out, _ = proved(capsys, "--features", features, "--json")
    assert code == 1
    assert [fault["killed"] for fault in json.loads(out)["faults"]] == [False] * len(OF_ONE)


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("fails", "red without any fault: rcp/a::it-fails: colour of the sky"),
        ("breaks", "red without any fault: rcp/a::it-breaks: the harness broke"),
    ],
)
def test_a_scenario_that_is_red_anyway_proves_nothing(
    ending: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    features = suite(tmp_path, ending, requirement="RCP-GET-02")
    code, _, err = proved(capsys, "--features", features)
    assert code == 4
    assert said in err


def test_a_scenario_that_breaks_down_with_a_fault_has_not_noticed_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conftest = """
        @step("breaks with a fault")
        def breaks_with(fault):
            if fault:
                raise ValueError("the ladder")
    """
    features = suite(tmp_path, "breaks with a fault", conftest=conftest, requirement="RCP-GET-02")
    code, out, _ = proved(capsys, "--features", features, "--json")
    assert code == 1
    assert [fault["killed"] for fault in json.loads(out)["faults"]] == [False] * len(OF_ONE)


def test_feature_files_that_are_not_fit_prove_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    features = suite(tmp_path, "does what nobody knows", requirement="RCP-GET-02")
    code, _, err = proved(capsys, "--features", features)
    assert code == 2
    assert "no step definition matches" in err


def test_the_kill_matrix_is_written_as_html(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert proved(capsys, "--html", tmp_path / "matrix.html")[0] == 0
    assert all(fault in (tmp_path / "matrix.html").read_text() for fault in OF_ONE)


def test_on_sockets_faults_alone_take_one_run_without_variants(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs: list[tuple[tuple[str, ...], object]] = []
    session = prove._session

    def noting(settings: Settings, workers: int) -> object:
        runs.append((settings.prove, settings.met))
        return session(settings, workers)

    monkeypatch.setattr(prove, "_session", noting)
    assert proved(capsys, "--served", "--faults", "--json")[0] == 0
    assert runs == [((options.SOUND, options.FAULTS), None)]


def test_on_sockets_what_they_cannot_show_is_left_out_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = proved(capsys, "--served", "--faults", "--json", requirement="HDR-TYPE-02")
    assert code == 0
    assert json.loads(out)["totals"]["faults"] == 0
    assert "left out: headers.case-sensitive shows in process only: what speaks HTTP" in err


def test_what_pools_go_on_asking_with_a_fault_turns_no_later_scenario_red(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Rings of pools, and behind them a scenario that counts what pools are asked.
    code, out, err = proved(
        capsys, "--served", "--faults", "--json", "--requirement", "POOL-CCP-03", requirement="POOL-CCP-04"
    )
    assert "red without any fault" not in err
    assert code == 0
    assert json.loads(out)["totals"]["survived"] == 0


def test_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = proved(capsys, "--list", "--faults")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == OF_ONE


def test_variants_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = proved(capsys, "--list", "--variants")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [variant.id for variant in VARIANTS]


def test_a_variant_is_tried_where_it_matters_and_judged_rightly(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = proved(capsys, "--variants", "--json", requirement="PKI-CACERTS-14")
    tried = {each["id"]: each for each in json.loads(out)["variants"]}
    assert code == 0
    assert "pki.open-ca-certificates" in tried
    assert "rcp.administration-elsewhere" not in tried
    assert all(each["met_by"] and not each["wrong"] for each in tried.values())


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("", "names no exchange"),
        ("the answer", "names the answer, which exchange 1 does not have"),
        (
            "/rootCertificateCollection/0/none",
            "names /rootCertificateCollection/0/none, which exchange 1 does",
        ),
    ],
)
def test_a_finding_without_an_address_is_a_defect_of_the_suite(
    place: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conftest = f"""
        @step("fails without an address")
        def fails_without(parties, fault):
            nobodys = "6f0cf9b2-19b5-4c94-a9c7-0a4a35b9a7b4"
            if {bool(place)}:
                parties["oem"].ask("getRootCertificateV1", path={{"rootCertificateId": nobodys}})
            if fault:
                raise Mismatch("something", expected="some", seen="none", place={place!r})
    """
    features = suite(tmp_path, "fails without an address", conftest=conftest, requirement="RCP-GET-02")
    code, out, err = proved(capsys, "--features", features, "--faults", "--json")
    # All are noticed, and yet nobody could act on it.
    assert json.loads(out)["totals"]["survived"] == 0
    assert f"rcp/a::it-fails-without-an-address with {OF_ONE[0]}: 'something' {why}" in err
    assert code == 1


def test_a_scenario_that_fails_a_variant_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conftest = """
        @step("demands a body")
        def demands_a_body(parties, fault):
            nobodys = "6f0cf9b2-19b5-4c94-a9c7-0a4a35b9a7b4"
            parties["oem"].ask("getRootCertificateV1", path={"rootCertificateId": nobodys})
            if fault:
                raise Mismatch("body of the 404", expected="some", seen="none", place="body")
    """
    features = suite(tmp_path, "demands a body", conftest=conftest, requirement="RCP-GET-02")
    code, out, err = proved(capsys, "--features", features, "--variants")
    assert code == 1, err
    assert "wrong: common.errors-without-body (ERR-170): rcp/a::it-demands-a-body: fail" in out
    assert "RCP-GET-02: fail: body of the 404: expected some, seen none" in out
