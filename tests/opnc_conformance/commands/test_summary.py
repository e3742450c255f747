from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from opnc_conformance import summary
from reports.model import Finding, FindingLevel, Level, Results, ScenarioResult, Verdict
from tests.reports.reading import HOSTILE
from tests.reports.sample import REASONS, Requirement, results, scenario

REPORT = Path("report")


def ran(number: int, verdict: Verdict, *, reason: str | None = None, message: str = "odd") -> ScenarioResult:
    requirement = Requirement(f"RCP-GET-{number:02}")
    finding = Finding(level=FindingLevel.FAIL, message=message, erratum="ERR-012", expected="200", seen="500")
    return replace(
        scenario(number, requirement),
        verdict=verdict,
        reason=reason or REASONS.get(verdict),
        findings=(finding,) if verdict is Verdict.FAIL else (),
    )


def run(*scenarios: ScenarioResult, untested: int = 0) -> Results:
    ids = {requirement for each in scenarios for requirement in each.requirements}
    known = [Requirement(name) for name in [*ids, *map(str, range(untested))]]
    return results(list(scenarios), known, fail_on=Level.MUST)


def lines(run: Results) -> list[str]:
    return [" ".join(line.split()) for line in summary.text(run, REPORT).splitlines()]


def test_a_run_without_failures_takes_five_lines_and_ends_with_what_was_not_judged() -> None:
    assert lines(run(ran(1, Verdict.PASS), untested=3)) == [
        "scenarios 1: 1 pass",
        "requirements 4: 1 pass, 3 not tested",
        "report report/index.html",
        "run Alpha pool 4.2.1, profile lenient, seed 7, 41.5 s",
        "Conformant: 1 of 1 judged requirements passed; 3 were not judged. Exit code 0.",
    ]


def test_a_failure_is_told_with_requirement_erratum_expected_and_seen() -> None:
    told = lines(run(ran(1, Verdict.FAIL), ran(2, Verdict.PASS)))
    assert told[:4] == [
        f"FAIL {scenario(1, Requirement('R')).id} [RCP-GET-01]",
        "odd (ERR-012)",
        "expected 200",
        "seen 500",
    ]
    assert told[-1].startswith("Not conformant: 1 of 2 judged requirements passed; 1 failed.")


def test_what_has_the_same_reason_is_told_once() -> None:
    told = lines(run(*(ran(n, Verdict.INCONCLUSIVE) for n in range(500)), ran(501, Verdict.PASS)))
    assert len(told) < 12
    assert told[0].endswith("RCP-GET-07, and 492 more]")
    assert told[1:3] == [REASONS[Verdict.INCONCLUSIVE], "the same in 499 more scenarios"]


def test_failures_come_before_errors_before_what_is_inconclusive() -> None:
    verdicts = (Verdict.INCONCLUSIVE, Verdict.ERROR, Verdict.FAIL)
    told = lines(run(*(ran(n, verdict) for n, verdict in enumerate(verdicts))))
    assert [line.split()[0] for line in told if "[RCP" in line] == ["FAIL", "ERROR", "INCONCLUSIVE"]


def test_many_reasons_are_cut_and_counted() -> None:
    told = lines(run(*(ran(n, Verdict.FAIL, message=f"odd {n}") for n in range(100))))
    assert "and 75 scenarios for other reasons: see the report" in told
    assert len(told) < 4 * 25 + 10


def test_what_is_not_applicable_is_counted_by_reason() -> None:
    scenarios = [
        ran(n, Verdict.NOT_APPLICABLE, reason=reason) for n, reason in enumerate(("no b", "no a", "no a"))
    ]
    assert lines(run(*scenarios))[:2] == [
        "not applicable, 2 scenarios: no a",
        "not applicable, 1 scenario: no b",
    ]


def test_a_run_that_was_stopped_says_so() -> None:
    stopped = replace(run(ran(1, Verdict.PASS)), stopped="interrupted by the user", complete=False)
    assert "stopped interrupted by the user; the report holds what was done" in lines(stopped)


def test_a_peer_cannot_write_to_the_terminal() -> None:
    attack = f"\x1b[2J{HOSTILE}\nnext"
    text = summary.text(
        run(ran(1, Verdict.FAIL, message=attack), ran(2, Verdict.ERROR, reason=attack)), REPORT
    )
    assert text.count("\\u001b[2J") == 2
    assert not set(text) & set("\x1b\x00\u202e\ud800")
