from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from opnc_conformance import summary
from reports import caveats, html, markdown
from reports.model import Finding, FindingLevel, Level, Profile, Results, Verdict
from tests.reports.reading import parse
from tests.reports.sample import Requirement, results, scenario


def warned(*findings: Finding, profile: Profile = Profile.LENIENT) -> Results:
    known = Requirement("RCP-1")
    made = [
        replace(scenario(number, known), findings=(finding,), verdict=Verdict.PASS)
        for number, finding in enumerate(findings)
    ]
    return results(made, [known], profile=profile, fail_on=Level.MUST)


def warning(message: str, erratum: str | None = None, level: FindingLevel = FindingLevel.WARN) -> Finding:
    return Finding(level=level, message=message, erratum=erratum, requirement="RCP-1")


SEVERAL = (
    warning("/3/types: no list", "ERR-012"),
    warning("/11/types: no list", "ERR-012"),
    warning("no traceId"),
    warning("noted only", level=FindingLevel.INFO),
)


def test_warnings_are_counted_by_kind() -> None:
    kinds = caveats.warnings(warned(*SEVERAL))
    assert [(str(kind), len(kind.scenarios)) for kind in kinds] == [
        ("/n/types: no list (ERR-012) [RCP-1]", 2),
        ("no traceId [RCP-1]", 1),
    ]
    assert caveats.warned(warned(*SEVERAL)) == "3 warnings of 2 kinds"
    assert caveats.warned(warned(SEVERAL[2])) == "1 warning of 1 kind"


def test_what_counts_is_no_mere_warning() -> None:
    assert caveats.warned(warned(*SEVERAL, profile=Profile.STRICT)) == ""
    assert caveats.warned(warned(SEVERAL[3])) == ""


def test_number_and_kinds_of_warnings_are_told_everywhere() -> None:
    run = warned(*SEVERAL)
    page = parse(html.render(run)).text
    for text in (summary.text(run, Path("report")), markdown.render(run), page):
        for part in ("3 warnings of 2 kinds", "no list", "no traceId"):
            assert part in text
    # On the front, before any table.
    assert page.index("3 warnings of 2 kinds") < page.index("Requirements by level")


def test_kinds_that_are_left_out_are_counted() -> None:
    run = warned(*(warning(f"odd {number}") for number in range(12)))
    told = [" ".join(line.split()) for line in summary.text(run, Path("report")).splitlines()]
    assert "and 2 more kinds: see the report" in told
    assert sum(line.endswith("[RCP-1]") for line in told) == 10


def partly(*verdicts: Verdict) -> Results:
    known = Requirement("RCP-1")
    made = [replace(scenario(n, known), verdict=each, findings=()) for n, each in enumerate(verdicts)]
    return results(made, [known])


def test_a_requirement_that_passed_in_part_says_so() -> None:
    run = partly(Verdict.PASS, *[Verdict.NOT_APPLICABLE] * 6, *[Verdict.PASS] * 2)
    assert str(caveats.partly_judged(run)["RCP-1"]) == "pass, 6 of 9 scenarios did not apply"
    page = parse(html.render(run)).text
    assert "pass, 6 of 9 scenarios did not apply" in page
    said = "1 requirement passed in part, as some scenarios did not apply: RCP-1 (6 of 9)"
    for text in (summary.text(run, Path("report")), markdown.render(run), page):
        assert said in text.replace("\\", "")


def test_what_passed_as_a_whole_or_did_not_pass_says_nothing() -> None:
    for verdicts in ([Verdict.PASS], [Verdict.NOT_APPLICABLE], [Verdict.FAIL, Verdict.NOT_APPLICABLE]):
        assert caveats.in_part(partly(*verdicts), 3) == ""
