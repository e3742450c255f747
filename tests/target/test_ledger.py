"""The ledger: on disk before the request, gone when everything is."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from fixtures.ledger import ledger as ledgers
from fixtures.ledger.ledger import Ledger, folder_of, left_over
from opnc.problem import Problem

SCHEMA = json.loads((Path(ledgers.__file__).parent / "ledger.schema.json").read_text())


def note(ledger: Ledger, *names: str) -> None:
    for name in names:
        ledger.note("rcp/a::b", "administrator", "putRootCertificateV1", {"caCertificate": name})


def test_what_is_noted_is_on_disk_at_once(tmp_path: Path) -> None:
    ledger = Ledger.begin(tmp_path / "l", "run-1")
    note(ledger, "a", "b")
    (line, other) = map(json.loads, ledger.path.read_text().splitlines())
    assert (line["number"], line["run"], line["object"]) == (1, "run-1", {"caCertificate": "a"})
    assert other["number"] == 2


def test_every_line_fits_the_schema(tmp_path: Path) -> None:
    ledger = Ledger.begin(tmp_path, "run-1")
    note(ledger, "a")
    ledger.strike(ledger.open[0])
    lines = ledger.path.read_text().splitlines()
    assert len(lines) == 2
    for line in lines:
        jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(line))


def test_a_later_process_finds_what_is_open(tmp_path: Path) -> None:
    ledger = Ledger.begin(tmp_path, "run-1")
    note(ledger, "a", "b", "c")
    ledger.strike(ledger.open[1])
    (found,) = left_over(tmp_path)
    assert [entry.object["caCertificate"] for entry in found.open] == ["a", "c"]
    assert found.run == "run-1"
    assert found.open == ledger.open


def test_a_line_that_a_crash_has_cut_short_does_not_count(tmp_path: Path) -> None:
    ledger = Ledger.begin(tmp_path, "run-1")
    note(ledger, "a", "b")
    content = ledger.path.read_bytes()
    for length in range(content.index(b"\n") + 1, len(content)):
        ledger.path.write_bytes(content[:length])
        assert len(left_over(tmp_path)[0].open) == 1


def test_a_ledger_without_open_entries_goes(tmp_path: Path) -> None:
    ledger = Ledger.begin(tmp_path / "l", "run-1")
    note(ledger, "a")
    ledger.close()
    assert ledger.path.exists()
    ledger.strike(ledger.open[0])
    ledger.close()
    assert not (tmp_path / "l").exists()
    ledger.close()


def test_where_nothing_was_written_nothing_is_left(tmp_path: Path) -> None:
    assert left_over(tmp_path / "absent") == []


def test_a_ledger_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "run-1.jsonl").write_text("this is no JSON\n")
    with pytest.raises(Problem, match="the ledger cannot be read"):
        left_over(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as caught:
        Ledger.begin(tmp_path / "file", "run-1")
    assert "--ledger DIR" in caught.value.hint


def test_it_lies_beside_the_target_file(tmp_path: Path) -> None:
    assert folder_of(tmp_path / "my-pool.toml") == tmp_path / "my-pool.ledger"
