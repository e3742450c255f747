"""The walls of the house: few rooms on a floor, no loose step files, a place in the tests for every room."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_ENTRIES = 15
MAX_LINES = 400


def entries(folder: Path) -> list[str]:
    return sorted(
        each.name
        for each in folder.iterdir()
        if each.name not in {"__init__.py", "__pycache__"} and not each.name.startswith(".")
    )


def rooms(folder: Path) -> list[str]:
    return [name for name in entries(folder) if (folder / name / "__init__.py").is_file()]


@pytest.mark.parametrize("package", ["simulators", "fixtures"])
def test_a_package_has_at_most_fifteen_rooms(package: str) -> None:
    found = entries(ROOT / package)
    assert len(found) <= MAX_ENTRIES, f"{package} has {len(found)} entries: {', '.join(found)}"


@pytest.mark.parametrize("package", ["simulators", "fixtures"])
def test_the_tests_have_no_room_that_the_package_lacks(package: str) -> None:
    # What crosses the rooms has a folder of its own.
    crossing = {"services"}
    folders = {each.name for each in (ROOT / "tests" / package).iterdir() if each.is_dir()}
    assert folders - crossing - {"__pycache__"} <= set(rooms(ROOT / package))


@pytest.mark.parametrize("package", ["simulators", "fixtures"])
def test_a_room_says_what_is_in_it(package: str) -> None:
    for room in rooms(ROOT / package):
        text = (ROOT / package / room / "__init__.py").read_text()
        assert text.startswith('"""'), f"{package}/{room} does not say what is in it"


def test_steps_stand_in_the_folder_of_their_subject() -> None:
    steps = ROOT / "features" / "steps"
    assert [each.name for each in steps.glob("*.py")] == ["__init__.py"]
    assert rooms(steps) == entries(steps)


@pytest.mark.parametrize(
    "package", ["opnc", "reports", "simulators", "fixtures", "features", "opnc_conformance", "tests"]
)
def test_files_stay_small(package: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert long == {}
