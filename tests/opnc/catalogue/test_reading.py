from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from opnc.catalogue import DATA, GROUPS, load, read
from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Edit = Callable[[list[dict[str, Any]]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue to spoil."""
    copy = tmp_path / "catalogue"
    shutil.copytree(DATA, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def refusal(folder: Path) -> str:
    with pytest.raises(Problem) as caught:
        read(folder)
    return str(caught.value)


def edit(path: Path, change: Edit) -> None:
    entries = json.loads(path.read_text("utf-8"))
    change(entries)
    path.write_text(json.dumps(entries), encoding="utf-8")


def keep_two(entries: list[dict[str, Any]]) -> None:
    """Leave RCP-GET-01 and RCP-GET-02, wherever they stand and however many others there are."""
    entries[:] = [entry for entry in entries if entry["id"] in {"RCP-GET-01", "RCP-GET-02"}]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda entries: entries[1].pop("id"), ["entry 2", "missing member id"]),
        (lambda entries: entries[1].update(id="RCP-GET-01"), ["RCP-GET-01", "doubled id"]),
        (lambda entries: entries[1].update(id="PCP-GET-99"), ["PCP-GET-99", "must begin with RCP-"]),
        (
            lambda entries: entries[1].update(level="shall"),
            ["RCP-GET-02: level", "must, should, may", "shall"],
        ),
        (lambda entries: entries[1].update(level=[]), ["RCP-GET-02: level", "[]"]),
        (lambda entries: entries[1].update(errata=["ERR-999"]), ["RCP-GET-02", "unknown erratum ERR-999"]),
        (lambda entries: entries[1].update(errata=[]), ["RCP-GET-02: errata", "not empty"]),
        (lambda entries: entries[1].update(iut="rcp"), ["RCP-GET-02: iut", "a list of strings"]),
        (lambda entries: entries[1].update(iut=["rcp", 7]), ["RCP-GET-02: iut", "a list of strings", "7"]),
        (lambda entries: entries[1].update(implied="no"), ["RCP-GET-02: implied", "true or false"]),
        (lambda entries: entries[1].update(text=""), ["RCP-GET-02: text", "not empty"]),
        (
            lambda entries: entries[1].update(txet="x"),
            ["RCP-GET-02", "unknown member txet", "known members: id"],
        ),
        (lambda entries: entries[1].pop("expected"), ["RCP-GET-02", "missing member expected"]),
        (lambda entries: entries.append("RCP-GET-99"), ["entry 3", "must be an object, is str"]),
        (
            lambda entries: (entries[1].update(black_box=False), entries[1].pop("not_tested", None)),
            ["RCP-GET-02", "no not_tested says why"],
        ),
    ],
)
def test_a_spoilt_requirement_is_refused_by_file_and_id(folder: Path, change: Edit, said: list[str]) -> None:
    path = folder / "requirements" / "rcp.json"
    edit(path, keep_two)
    edit(path, change)
    message = refusal(folder)
    assert all(part in message for part in [str(path), *said]), message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda errata: errata[1].update(id="ERR-001"), ["ERR-001", "doubled id"]),
        (
            lambda errata: errata[1].update(mode="loose"),
            ["ERR-002: mode", "strict, lenient, accept-both", "loose"],
        ),
        (lambda errata: errata[1].update(severity="bad"), ["ERR-002: severity", "blocker", "bad"]),
        (
            lambda errata: errata[1].update(requirements=["RCP-GET-01"]),
            ["ERR-002", "unknown member requirements"],
        ),
        (
            lambda errata: errata[1].update(graded={"rcp.a": "fail"}),
            ["ERR-002: graded", "an object of pass, info, warn", "fail"],
        ),
        (
            lambda errata: errata[1].update(graded={"rcp.a": "warn"}, not_shown="-"),
            ["ERR-002", "graded and not_shown", "remove not_shown"],
        ),
    ],
)
def test_a_spoilt_erratum_is_refused_by_file_and_id(folder: Path, change: Edit, said: list[str]) -> None:
    path = folder / "errata.json"
    edit(path, change)
    message = refusal(folder)
    assert all(part in message for part in [str(path), *said]), message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[", "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "must be a list, is dict"),
        (b'[{"id": "RCP-GET-01", "text": "a", "text": "b"}]', "RCP-GET-01: doubled member text"),
    ],
)
def test_a_malformed_file_is_refused_by_name(folder: Path, content: bytes, said: str) -> None:
    path = folder / "requirements" / "rcp.json"
    path.write_bytes(content)
    message = refusal(folder)
    assert str(path) in message
    assert said in message


def test_a_missing_file_is_refused_by_name(folder: Path) -> None:
    (folder / "requirements" / "rcp.json").unlink()
    assert "rcp.json: cannot be read" in refusal(folder)


def test_a_file_of_an_unknown_group_is_not_overlooked(folder: Path) -> None:
    (folder / "requirements" / "rpc.json").write_text("[]", encoding="utf-8")
    assert "no such group: rpc" in refusal(folder)


def test_the_specification_must_be_named(folder: Path) -> None:
    (folder / "specification.json").write_text('{"repository": "x"}', encoding="utf-8")
    message = refusal(folder)
    assert "specification.json: missing member commit" in message


def test_the_digest_tells_catalogues_apart(folder: Path) -> None:
    assert read(folder).sha256 == load().sha256
    edit(folder / "errata.json", lambda errata: errata[0].update(title="another"))
    assert read(folder).sha256 != load().sha256


def test_the_catalogue_is_loaded_once() -> None:
    assert load() is load()


def test_requirements_come_in_the_order_of_the_groups() -> None:
    groups = list(dict.fromkeys(requirement.group for requirement in load().requirements.values()))
    assert groups == list(GROUPS)
