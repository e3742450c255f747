from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from opnc.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize(("mode", "kept"), [(None, 0o644), (0o600, 0o600), (0o644, 0o644), (0o666, 0o644)])
def test_a_file_is_written_with_its_mode_less_the_umask(mode: int | None, kept: int, tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"1", mode=mode)
    assert (tmp_path / "a").read_bytes() == b"1"
    assert (tmp_path / "a").stat().st_mode & 0o777 == kept
    assert entries(tmp_path) == ["a"]


def test_the_mode_of_a_file_that_is_replaced_does_not_stay(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0")
    write_atomically(tmp_path / "a", b"1", mode=0o600)
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "a").stat().st_mode & 0o777) == (b"1", 0o600)


def test_a_link_at_the_place_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"kept")
    (tmp_path / "a").symlink_to(tmp_path / "other")
    write_atomically(tmp_path / "a", b"1")
    assert not (tmp_path / "a").is_symlink()
    assert (tmp_path / "other").read_bytes() == b"kept"


@pytest.mark.parametrize("exclusive", [False, True])
def test_a_link_at_the_temporary_place_is_refused_and_not_followed(
    exclusive: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "other").write_bytes(b"kept")
    monkeypatch.setattr(secrets, "token_hex", lambda _: "known")
    (tmp_path / ".a.known").symlink_to(tmp_path / "other")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a", b"1", exclusive=exclusive)
    assert (tmp_path / "other").read_bytes() == b"kept"
    assert not (tmp_path / "a").exists()


def test_exclusive_never_replaces(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"1", exclusive=True)
    (tmp_path / "nowhere").symlink_to(tmp_path / "absent")
    for name in ("a", "nowhere"):
        with pytest.raises(FileExistsError):
            write_atomically(tmp_path / name, b"2", exclusive=True)
    assert (tmp_path / "a").read_bytes() == b"1"
    assert entries(tmp_path) == ["a", "nowhere"]


def test_exclusive_works_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    write_atomically(tmp_path / "a", b"1", exclusive=True)
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a", b"2", exclusive=True)
    assert ((tmp_path / "a").read_bytes(), entries(tmp_path)) == (b"1", ["a"])


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match="a"):
        write_atomically(tmp_path / "a", b"1")
    content: Any = "no bytes"
    with pytest.raises(TypeError):
        write_atomically(tmp_path / "b", content)
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "absent" / "a", b"1")
    assert entries(tmp_path) == ["a"]


def test_a_name_of_any_length_that_the_file_system_takes(tmp_path: Path) -> None:
    write_atomically(tmp_path / ("n" * 255), b"1")
    assert entries(tmp_path) == ["n" * 255]
