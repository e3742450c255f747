"""`opnc matrix`, `opnc compare` and `opnc report`, as people and pipelines call them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from opnc_conformance.__main__ import main
from reports import results_file, writer
from tests.reports.sample import met, sample_results

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    """The results of two targets."""
    paths = [tmp_path / "alpha" / "results.json", tmp_path / "beta" / "results.json"]
    for number, path in enumerate(paths):
        path.parent.mkdir()
        made = sample_results(seed=number, scenarios=20, exchanges=1)
        path.write_text(results_file.to_json(met(made, path.parent.name, "1")))
    return paths


def edited(path: Path) -> Path:
    path.write_text(path.read_text().replace('"seed": ', '"seed": 9'))
    return path


Captured = pytest.CaptureFixture[str]


def test_a_matrix_is_printed_and_written(runs: list[Path], tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "matrix.html"
    assert main(["matrix", *map(str, runs), "--html", str(out)]) == 0
    assert "asked alpha 1 (run 1)" in capsys.readouterr().out
    assert 'href="alpha/results.json"' in out.read_text()


def test_a_folder_stands_for_the_results_in_it(runs: list[Path], capsys: Captured) -> None:
    assert main(["matrix", "--json", *(str(path.parent) for path in runs)]) == 0
    assert [run["run"]["file"] for run in json.loads(capsys.readouterr().out)["runs"]] == list(map(str, runs))


def test_a_matrix_leaves_out_what_is_of_no_use_and_says_so(
    runs: list[Path], tmp_path: Path, capsys: Captured
) -> None:
    cut = tmp_path / "cut.json"
    cut.write_text(runs[0].read_text()[:-5])
    assert main(["matrix", str(runs[0]), str(cut), str(edited(runs[1])), "--markdown"]) == 3
    out = capsys.readouterr().out
    assert "1 run, " in out
    assert "truncated: it ends after" in out
    assert "hash mismatch: the file was changed after its run" in out


def test_a_matrix_of_nothing_is_refused(tmp_path: Path, capsys: Captured) -> None:
    assert main(["matrix", str(tmp_path / "absent"), str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.count("cannot be read: No such file or directory") == 2
    assert "Traceback" not in error


def test_a_comparison_ends_with_1_when_something_got_worse(runs: list[Path], capsys: Captured) -> None:
    assert main(["compare", str(runs[0]), str(runs[0])]) == 0
    assert capsys.readouterr().out.endswith("Nothing got worse\n")
    assert main(["compare", *map(str, runs), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["exit_code"] == 1
    assert main(["compare", *map(str, runs), "--markdown"]) == 1
    assert capsys.readouterr().out.startswith("# Something got worse\n")


def test_a_comparison_with_an_edited_file_is_in_doubt(runs: list[Path], capsys: Captured) -> None:
    base = runs[0].with_name("base.json")
    base.write_text(runs[0].read_text())
    assert main(["compare", str(base), str(edited(runs[0]))]) == 3
    assert f"doubt: {runs[0]}: hash mismatch" in capsys.readouterr().out


def test_a_comparison_with_a_file_of_no_use_is_refused(runs: list[Path], capsys: Captured) -> None:
    runs[1].write_text('{"schema_version": 9}')
    assert main(["compare", *map(str, runs)]) == 2
    assert f"{runs[1]}: not a results file of this version: schema_version is 9" in capsys.readouterr().err


def test_documents_are_made_again_as_they_were(tmp_path: Path, capsys: Captured) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    writer.write_all(sample_results(scenarios=8), first)
    assert main(["report", str(first / "results.json"), "--html", str(again)]) == 0
    assert capsys.readouterr().out == f"{again / 'index.html'}\n"
    names = [path.relative_to(first) for path in first.rglob("*") if path.is_file()]
    assert len(names) == 12
    assert all((first / name).read_bytes() == (again / name).read_bytes() for name in names)


def test_documents_can_be_made_again_in_place(tmp_path: Path) -> None:
    writer.write_all(sample_results(scenarios=2), tmp_path)
    before = (tmp_path / "results.json").read_bytes()
    (tmp_path / "index.html").unlink()
    assert main(["report", str(tmp_path), "--html", str(tmp_path)]) == 0
    assert (tmp_path / "results.json").read_bytes() == before
    assert (tmp_path / "index.html").exists()


def test_the_report_of_an_edited_file_says_so_and_keeps_its_hash_broken(
    runs: list[Path], tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "out"
    assert main(["report", str(edited(runs[0])), "--html", str(out)]) == 3
    assert "hash mismatch" in capsys.readouterr().err
    for name in ("index.html", "summary.md"):
        assert "hash mismatch: the file was changed after its run" in (out / name).read_text()
    assert results_file.read(out).integrity is results_file.Integrity.BROKEN


@pytest.mark.parametrize(
    "line", [["matrix"], ["compare", "a"], ["report", "a"], ["matrix", "a", "--json", "--markdown"]]
)
def test_a_wrong_command_line_is_refused(line: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as caught:
        main(line)
    assert caught.value.code == 2
    assert "usage: opnc" in capsys.readouterr().err
