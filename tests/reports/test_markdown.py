from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reports import html, markdown
from reports.model import Counterpart
from tests.reports.reading import HOSTILE, hostile
from tests.reports.sample import Requirement, met, results, sample_results


def test_the_summary_says_what_failed_and_why() -> None:
    text = markdown.render(sample_results())
    assert text.startswith("# ❌ Not conformant: Alpha pool 4.2.1\n")
    for part in (
        "**CCP-GET-003** (should)",
        "expected: roootCertificate",
        "read by ERR-012: Server may send",
    ):
        assert part in text


def test_a_table_row_has_as_many_cells_as_its_head() -> None:
    rows = [line for line in markdown.render(sample_results()).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows[:5]} == {9}
    assert {line.count("|") for line in rows[5:]} == {8}


def test_an_incomplete_run_says_so() -> None:
    stopped = replace(sample_results(), complete=False, stopped="interrupted by Ctrl-C")
    assert "**Incomplete run:** interrupted by Ctrl-C." in markdown.render(stopped)


def test_what_was_not_judged_stands_beside_the_verdict() -> None:
    known = [Requirement(f"RCP-{number}") for number in range(3)]
    second = markdown.render(results([], known)).splitlines()[2]
    assert second == "0 of 0 judged requirements passed; 3 were not judged."


def test_the_second_ecosystem_is_named() -> None:
    other = Counterpart(name="Beta pool", version="2", vendor="Beta")
    run = met(sample_results(scenarios=1), "Alpha", "1", other)
    assert "- Second ecosystem: Beta pool 2, Beta\n" in markdown.render(run)
    assert "Beta pool 2, Beta" in html.render(run)


def test_a_doubt_stands_beside_the_verdict() -> None:
    assert "**Not to be relied on:** changed." in markdown.render(sample_results(), doubt="changed")


def test_a_run_of_nothing_gives_a_summary() -> None:
    assert markdown.render(results([], [])).startswith("# ❓ Inconclusive")


def test_it_fits_into_a_comment_and_says_what_it_leaves_out() -> None:
    text = markdown.render(sample_results(scenarios=744, catalogue=744, exchanges=1, flawed=1))
    assert len(text) < 65_000
    assert re.search(r"- and \d+ more requirements: see the HTML report\.\n$", text)


def test_hostile_text_stays_text() -> None:
    text = markdown.render(hostile(sample_results()))
    text.encode("utf-8")
    assert not re.search(r"(?<!\\)<(?!br>)", text)
    assert not re.search(r"@(?!\u200b)", text)
    assert not re.search(r"(?<!\\)`", text)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a|b", r"a\|b"),
        ("- item", r"\- item"),
        ("two\nlines", "two lines"),
        ("[x](y)", r"\[x\](y)"),
        ("https://peer.test", "https:\u200b//peer.test"),
        ("\x00", r"\\u0000"),
        ("a" * 400, "a" * 299 + "…"),
    ],
)
def test_marks_are_escaped(raw: str, shown: str) -> None:
    assert markdown.escaped(raw) == shown


def test_nothing_of_an_attack_is_lost() -> None:
    assert "alert(1)" in markdown.escaped(HOSTILE)
