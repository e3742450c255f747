from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from opnc.problem import Problem
from reports import har, html, results_file, writer
from tests.reports.sample import sample_results

if TYPE_CHECKING:
    from pathlib import Path


def test_every_document_is_written(tmp_path: Path) -> None:
    results = sample_results(scenarios=3)
    folder = tmp_path / "made" / "on demand"
    writer.write_all(results, folder)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    archives = {f"har/{har.file_name(s)}" for s in results.scenarios}
    assert names == {"results.json", "index.html", "junit.xml", "summary.md", *archives}
    assert results_file.read(folder / "results.json").results == results


def test_a_report_needs_nothing_but_the_file(tmp_path: Path) -> None:
    writer.write_all(sample_results(scenarios=3), tmp_path)
    again = html.render(results_file.read(tmp_path / "results.json").results)
    assert again == (tmp_path / "index.html").read_text(encoding="utf-8")


def test_archives_of_an_earlier_run_are_removed_and_other_files_kept(tmp_path: Path) -> None:
    writer.write_all(sample_results(scenarios=5), tmp_path)
    (tmp_path / "har" / "notes.txt").write_text("mine")
    writer.write_all(sample_results(scenarios=2), tmp_path)
    assert len(list((tmp_path / "har").glob("*.har"))) == 2
    assert (tmp_path / "har" / "notes.txt").exists()


def test_a_scenario_without_exchanges_has_no_archive(tmp_path: Path) -> None:
    writer.write_all(sample_results(scenarios=2, exchanges=0), tmp_path)
    assert list((tmp_path / "har").iterdir()) == []


def test_a_directory_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as caught:
        writer.write_all(sample_results(scenarios=1), tmp_path / "file" / "report")
    assert caught.value.where.startswith(str(tmp_path / "file"))
    assert caught.value.hint


def test_a_file_that_cannot_be_replaced_is_a_problem_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "junit.xml" / "occupied").mkdir(parents=True)
    with pytest.raises(Problem) as caught:
        writer.write_all(sample_results(scenarios=1), tmp_path)
    assert caught.value.where == str(tmp_path / "junit.xml")
    assert (tmp_path / "results.json").exists()
    assert not list(tmp_path.glob(".*"))


def test_a_file_in_place_of_the_directory_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="cannot be written"):
        writer.write(tmp_path / "file" / "matrix.html", "")


def test_an_archive_that_cannot_be_removed_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "har" / "directory.har").mkdir(parents=True)
    with pytest.raises(Problem, match=r"directory\.har: cannot be written"):
        writer.write_all(sample_results(scenarios=1), tmp_path)


def test_a_full_disk_is_a_problem_and_spares_the_file_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    writer.write(tmp_path / "summary.md", "before")
    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(Problem, match="No space left"):
        writer.write(tmp_path / "summary.md", "after")
    monkeypatch.undo()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]
