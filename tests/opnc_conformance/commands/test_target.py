"""`opnc target new`."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from fixtures.target import file as target_file
from opnc_conformance.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

LINE = (
    "--name",
    "Mine",
    "--base-url",
    "https://pool.example.com",
    "--token-endpoint",
    "https://l.example.com/t",
)


def new(path: Path, *line: str) -> int:
    return main(["target", "new", str(path), *line])


def test_flags_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "target.toml"
    assert new(path, *LINE, "--party", "oem", "--party", "other emsp", "--vendor", "Me") == 0
    monkeypatch.setenv("OPNC_OEM_SECRET", "hunter2-1")
    monkeypatch.setenv("OPNC_OTHER_EMSP_SECRET", "hunter2-2")
    target = target_file.load(path).target
    assert (target.name, target.vendor) == ("Mine", "Me")
    assert {name: account.client_secret for name, account in target.accounts.items()} == {
        "oem": "hunter2-1",
        "other emsp": "hunter2-2",
    }


def test_it_says_what_is_to_be_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new(tmp_path / "target.toml", *LINE, "--party", "cpo")
    out = capsys.readouterr().out
    assert "set OPNC_CPO_SECRET" in out
    assert f"then: opnc doctor --target {tmp_path / 'target.toml'}" in out


def test_questions_are_asked_where_there_is_somebody_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = "Pool of questions\nhttps://pool.example.com\ntoken\noem, cpo\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    path = tmp_path / "target.toml"
    assert new(path) == 0
    text = path.read_text()
    assert 'name = "Pool of questions"' in text
    assert 'scheme = "token"' in text
    assert "[parties.cpo]" in text


def test_services_may_have_addresses_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    line = ("--scheme", "mtls", "--service", "rcp=https://rcp.example.com/opnc/v1/rcp")
    assert new(path, "--name", "x", *line) == 0
    assert 'rcp = "https://rcp.example.com/opnc/v1/rcp"' in path.read_text()
    assert 'key_file = "oem.key"' in path.read_text()


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        (("--base-url", "http://x"), "must be: an address that begins with https://"),
        (("--base-url", "https://x", "--party", "bob"), "scenarios know no account 'bob'"),
        (("--service", "rcp"), "--service 'rcp' is not NAME=URL"),
        (("--service", "xyz=https://x"), "is not NAME=URL"),
        ((), "must have base_url and/or services and/or backends"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: tuple[str, ...], seen: str
) -> None:
    assert new(tmp_path / "target.toml", *line) == 2
    assert seen in capsys.readouterr().err
    assert not (tmp_path / "target.toml").exists()


def test_nothing_is_overwritten_without_being_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "target.toml"
    path.write_text("mine")
    assert new(path, *LINE) == 2
    assert "the file is there already" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert new(path, *LINE, "--force") == 0
