"""The mark of a broadcast in both readings (ERR-080)."""

from __future__ import annotations

from typing import get_args

import pytest

from opnc.broadcast import HEADER, PASSED_ON, Reading, may_pass_on, reaching_all, reaching_one


@pytest.mark.parametrize(
    ("reading", "mark", "expected"),
    [
        ("A", None, True),
        ("A", "false", True),
        ("A", "true", False),
        ("B", None, False),
        ("B", "false", False),
        ("B", "true", True),
    ],
)
def test_each_reading_has_its_own_table(reading: Reading, mark: str | None, expected: object) -> None:
    assert may_pass_on(mark, reading) is expected


@pytest.mark.parametrize("reading", get_args(Reading))
def test_what_is_passed_on_is_not_passed_on_again(reading: Reading) -> None:
    assert not may_pass_on(PASSED_ON[reading], reading)
    assert not may_pass_on(reaching_one(reading)[HEADER], reading)
    assert may_pass_on(reaching_all(reading).get(HEADER), reading)


def test_what_one_reading_passes_on_the_other_passes_on_again() -> None:
    """The reason why pools must not trust the mark alone."""
    assert may_pass_on(PASSED_ON["A"], "B")
    assert may_pass_on(PASSED_ON["B"], "A")
