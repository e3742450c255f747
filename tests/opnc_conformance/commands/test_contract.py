from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from opnc_conformance.__main__ import main
from tests.opnc.contract.specification import NEARBY, made

if TYPE_CHECKING:
    from pathlib import Path

nearby = pytest.mark.skipif(NEARBY is None, reason="the published specification is not at hand")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the specification as the errata describe it."""
    for name, content in made().items():
        path = tmp_path / "specification" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    return tmp_path


@nearby
def test_the_published_text_is_equal_or_covered_by_errata(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["contract", "diff", str(NEARBY)]) == 0
    assert capsys.readouterr().out.startswith("28 operations: 0 differences without an erratum, ")


@nearby
def test_a_difference_in_a_copy_of_the_published_specification_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert NEARBY
    shutil.copytree(NEARBY, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "components/schemas/signedContractData.v1.json"
    file.write_text(file.read_text().replace('"certificateInstallationRes"', '"installationRes"'))
    assert main(["contract", "diff", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any("addSignedContractDataV1" in line and "installationRes" in line for line in lines)


def test_a_clean_comparison_ends_with_the_errata_that_cover_it(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["contract", "diff", str(checkout / "specification")]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("28 operations: 0 differences without an erratum, ")
    assert "ERR-171 12" in line


def test_a_difference_is_one_line_and_exit_code_1(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = checkout / "specification/apis/rcp/rcp.api.v1.json"
    content = json.loads(file.read_text())
    del content["paths"]["/rootcertificates"]["get"]["responses"]["503"]
    file.write_text(json.dumps(content))
    assert main(["contract", "diff", str(checkout)]) == 1
    difference, summary = capsys.readouterr().out.splitlines()
    assert difference.startswith("getRootCertificatesV1 > responses > 503: published nothing, ours {")
    assert summary.startswith("28 operations: 1 difference")


def test_a_folder_without_apis_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        assert main(["contract", "diff", str(folder)]) == 2
        message = capsys.readouterr().err
        assert f"{folder}: there is no folder `apis` here" in message
        assert "hint" in message


@pytest.mark.parametrize("content", [b"{", b"\xff", b"", b"[" * 100_000])
def test_a_file_that_is_not_json_is_named(
    checkout: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    file = checkout / "specification/apis/rcp/rcp.api.v1.json"
    file.write_bytes(content)
    assert main(["contract", "diff", str(checkout)]) == 2
    assert f"{file}: the file is not JSON" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_named(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "specification/apis/folder.json").mkdir()
    assert main(["contract", "diff", str(checkout)]) == 2
    assert "folder.json: the file cannot be read" in capsys.readouterr().err


def test_a_missing_file_is_named(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "specification/apis/rcp/rcp.api.v1.json").unlink()
    assert main(["contract", "diff", str(checkout)]) == 2
    assert "missing: apis/rcp/rcp.api.v1.json" in capsys.readouterr().err
