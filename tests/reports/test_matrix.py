from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

import reports
from opnc.problem import Problem
from reports import matrix, matrix_documents, results_file
from reports.matrix_html import TROUBLES_SHOWN, to_html
from reports.model import SIMULATED, Counterpart, Profile, Results, ScenarioResult, Suite, Verdict
from reports.results_file import Integrity, ResultsFile
from reports.runs import Implementation
from tests.reports.reading import HOSTILE, hostile, parse
from tests.reports.sample import Requirement, met, results, sample_results, scenario
from tests.support.counting import calls

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "matrix.schema.json").read_text())
BETA = Counterpart(name="Beta", version="2", vendor="Beta Mobility")
PASS, FAIL, INCONCLUSIVE, NOT_APPLICABLE = (
    Verdict.PASS,
    Verdict.FAIL,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_APPLICABLE,
)


def file(run: Results, name: str = "results.json", seal: Integrity = Integrity.INTACT) -> ResultsFile:
    return ResultsFile(Path(name), run, seal, name)


def ran(verdict: Verdict, requirement: str = "RCP-1", number: int = 0, *tags: str) -> ScenarioResult:
    base = scenario(number, Requirement(requirement))
    return replace(base, service="rcp", verdict=verdict, requirements=(requirement,), tags=tags)


def run(name: str, *scenarios: ScenarioResult, counterpart: Counterpart | None = None) -> Results:
    ids = {requirement for each in scenarios for requirement in each.requirements}
    made = results(list(scenarios), [Requirement(each, use_case=(f"family: {each}",)) for each in ids])
    target = replace(made.target, name=name, version="1", counterpart=counterpart)
    return replace(made, target=target)


def built(*runs: Results) -> matrix.Matrix:
    return matrix.build([file(each, f"{number}.json") for number, each in enumerate(runs)])


def names(pairs: Iterable[matrix.Pair]) -> list[tuple[str, str]]:
    return [(str(pair.client), str(pair.server)) for pair in pairs]


def test_the_suite_asks_the_target() -> None:
    (pair,) = built(run("Alpha", ran(PASS))).pairs
    assert names([pair]) == [("opnc-conformance 0.1.0", "Alpha 1")]


def test_with_a_second_ecosystem_the_target_asks_it() -> None:
    ask = ran(PASS, "POOL-PCP-01", 0, "needs.second-ecosystem")
    assert names(built(run("Alpha", ask, counterpart=BETA)).pairs) == [("Alpha 1", "Beta 2")]
    assert names(built(run("Alpha", ask)).pairs) == [("Alpha 1", "opnc-conformance 0.1.0")]


def test_a_client_under_test_asks_the_suite() -> None:
    assert names(built(run("Alpha", ran(PASS, "CPO-01"))).pairs) == [("Alpha 1", "opnc-conformance 0.1.0")]


def test_what_a_simulator_stood_in_for_is_not_credited_to_the_target() -> None:
    alone = run("Alpha", ran(PASS))
    services = {**alone.target.services, alone.scenarios[0].service: SIMULATED}
    (pair,) = built(replace(alone, target=replace(alone.target, services=services))).pairs
    assert pair.server.name == "opnc-conformance"


def test_another_version_is_another_implementation() -> None:
    newer = run("Alpha", ran(PASS))
    newer = replace(newer, target=replace(newer.target, version="2"))
    assert [pair.server.version for pair in built(run("Alpha", ran(FAIL)), newer).pairs] == ["1", "2"]


def test_a_cell_counts_every_verdict_and_shows_the_worst() -> None:
    verdicts = (PASS, PASS, FAIL, INCONCLUSIVE, NOT_APPLICABLE)
    (pair,) = built(run("Alpha", *(ran(v, number=n) for n, v in enumerate(verdicts)))).pairs
    assert pair.total == pair.use_cases["family: RCP-1"]
    assert pair.total.worst is FAIL
    assert pair.total.counts == {
        FAIL: 1,
        Verdict.ERROR: 0,
        INCONCLUSIVE: 1,
        PASS: 2,
        NOT_APPLICABLE: 1,
    }


def test_a_scenario_of_two_use_cases_is_counted_in_both_and_once_in_all() -> None:
    both = replace(ran(PASS), requirements=("RCP-1", "RCP-2"))
    (pair,) = built(run("Alpha", both)).pairs
    assert {name: tally.counts[PASS] for name, tally in pair.use_cases.items()} == {
        "family: RCP-1": 1,
        "family: RCP-2": 1,
    }
    assert pair.total.counts[PASS] == 1


def test_a_scenario_without_a_use_case_is_not_lost() -> None:
    alone = results([ran(PASS)], [Requirement("RCP-1")])
    assert list(built(alone).pairs[0].use_cases) == [matrix.NO_USE_CASE]


def test_runs_of_one_pair_are_counted_together() -> None:
    (pair,) = built(run("Alpha", ran(PASS)), run("Alpha", ran(FAIL))).pairs
    assert (pair.runs, pair.total.worst, pair.total.counts[PASS]) == ((1, 2), FAIL, 1)


def test_what_failed_with_everybody_stays_failed_and_is_named() -> None:
    ask = ran(FAIL, "POOL-1", 0, "needs.second-ecosystem")
    gamma = replace(BETA, name="Gamma")
    made = built(
        *(run("Alpha", ask, counterpart=other) for other in (BETA, gamma)),
        run("Delta", replace(ask, verdict=PASS), counterpart=BETA),
    )
    assert [pair.total.worst for pair in made.pairs if pair.client.name == "Alpha"] == [FAIL, FAIL]
    (found,) = made.isolated
    assert (found.role, found.implementation.name, found.partners) == ("asked", "Alpha", 2)


def test_failing_with_two_versions_of_one_partner_is_not_failing_with_everybody() -> None:
    other = replace(run("Alpha", ran(FAIL)), suite=Suite(name="opnc-conformance", version="0.2.0"))
    assert built(run("Alpha", ran(FAIL)), other).isolated == ()


@pytest.mark.parametrize(("second", "named"), [(FAIL, ["RCP-1"]), (PASS, []), (NOT_APPLICABLE, [])])
def test_a_requirement_that_everybody_fails_is_named(second: Verdict, named: list[str]) -> None:
    made = built(run("Alpha", ran(FAIL)), run("Beta", ran(second)))
    assert [requirement.id for requirement in made.unmet] == named


def test_runs_that_cannot_be_compared_are_marked() -> None:
    usual = [run(name, ran(PASS)) for name in ("Alpha", "Beta", "Gamma")]
    other = replace(usual[0], suite=Suite(name="opnc-conformance", version="0.2.0"), profile=Profile.STRICT)
    made = built(*usual, other)
    assert [each.differs for each in made.runs] == [(), (), (), ("suite", "profile")]
    assert matrix_documents.notices(made) == [
        "Run 4 had another profile and suite than most: the counts do not compare."
    ]


def test_incomplete_runs_and_files_without_hash_are_marked() -> None:
    cut = replace(run("Alpha", ran(PASS)), complete=False, stopped="interrupted")
    made = matrix.build([file(cut), file(run("Beta", ran(PASS)), "b.json", Integrity.MISSING)])
    assert matrix_documents.notices(made) == [
        "Run 1 ended early: only what was done is counted.",
        "Run 2 came without a hash: whether the file was changed cannot be told.",
    ]


def test_a_use_case_that_no_scenario_is_about_is_named() -> None:
    alone = results([ran(PASS)], [Requirement(f"RCP-{n}", use_case=(f"use {n}",)) for n in (1, 2, 3)])
    made = built(alone)
    assert made.not_judged == ("use 2", "use 3")
    assert matrix_documents.notices(made) == ["No scenario of these runs is about use 2 and use 3."]


# Documents


@pytest.fixture(scope="module")
def plugfest() -> matrix.Matrix:
    """Three ecosystems, each with each, and a file that was of no use."""
    ecosystems = ("Alpha", "Beta", "Gamma")
    runs = [
        met(sample_results(seed=n, scenarios=60), asked, "1", replace(BETA, name=other, version="1"))
        for n, (asked, other) in enumerate((a, b) for a in ecosystems for b in ecosystems if a != b)
    ]
    files = [file(each, f"{number}/results.json") for number, each in enumerate(runs)]
    return matrix.build(
        files, [Problem("truncated: it ends after 7 characters", where="x.json", hint="Copy")]
    )


def attacked() -> matrix.Matrix:
    runs = [met(hostile(sample_results(seed=n, scenarios=60)), f"A{HOSTILE}", "1") for n in (1, 2)]
    files = [file(each, f"{number}/{HOSTILE}/results.json") for number, each in enumerate(runs)]
    return matrix.build(files, [Problem(HOSTILE, where=HOSTILE, hint=HOSTILE)])


def test_json_fits_its_schema(plugfest: matrix.Matrix) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    data = json.loads(matrix_documents.to_json(plugfest))
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(data)
    assert data["pairs"][0].keys() == SCHEMA["$defs"]["pair"]["properties"].keys()


def test_text_names_pairs_use_cases_and_what_was_left_out(plugfest: matrix.Matrix) -> None:
    text = matrix_documents.to_text(plugfest)
    assert text.startswith("Beta 1 asked Alpha 1 (run 3)\n")
    assert "left out: x.json: truncated: it ends after 7 characters\n" in text
    assert text.endswith("6 runs, 10 pairs of implementations; 1 file left out.\n")


def test_markdown_has_whole_tables(plugfest: matrix.Matrix) -> None:
    text = matrix_documents.to_markdown(plugfest)
    for table in (part for part in text.split("\n\n") if part.startswith("|")):
        assert len({line.count("|") for line in table.splitlines()}) == 1
    assert "| Alpha 1 |  | ✅ 6 pass, 1 not applicable | ✅ 7 pass | ❌ 3 fail, " in text
    assert "- x.json: truncated: it ends after 7 characters" in text


def test_hostile_text_stays_text_in_text_and_markdown() -> None:
    text, markdown = matrix_documents.to_text(attacked()), matrix_documents.to_markdown(attacked())
    assert "\u202e" not in text + markdown
    assert "<script" not in markdown.replace("\\<", "")
    (text + markdown).encode()


def test_html_shows_every_pair_and_its_links_lead_somewhere(plugfest: matrix.Matrix) -> None:
    page = parse(to_html(plugfest, Path()))
    known = set(page.ids)
    inner = {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
    assert inner - known == set()
    assert {f"pair-{pair.number}" for pair in plugfest.pairs} <= inner
    assert len(page.ids) == len(known)


def test_hostile_text_adds_no_element_and_no_attribute(plugfest: matrix.Matrix) -> None:
    made = attacked()
    html = to_html(made, Path())
    html.encode()
    seen, usual = parse(html), parse(to_html(plugfest, Path()))
    assert {tag for tag, _ in seen.elements} <= {tag for tag, _ in usual.elements}
    assert {name for _, a in seen.elements for name in a} <= {name for _, a in usual.elements for name in a}
    assert not any(urlsplit(a["href"]).scheme for a in seen.all("a"))
    assert "\u202e" not in html


def test_evidence_is_linked_in_the_report_beside_the_results(tmp_path: Path) -> None:
    there, absent = tmp_path / "a b" / "results.json", tmp_path / "c" / "results.json"
    there.parent.mkdir()
    (there.parent / "index.html").touch()
    runs = [file(run(name, ran(FAIL)), str(path)) for name, path in (("A", there), ("C", absent))]
    page = parse(to_html(matrix.build(runs), tmp_path / "out"))
    found = {unquote(a["href"]) for a in page.all("a") if a["href"].startswith("..")}
    assert found == {
        "../a b/index.html",
        f"../a b/index.html#{ran(FAIL).id}",
        "../c/results.json",
    }


def test_of_many_failures_some_are_shown_and_the_rest_counted() -> None:
    made = built(run("Alpha", *(ran(FAIL, number=n) for n in range(100))))
    page = parse(to_html(made, Path()))
    assert sum("results.json" in a["href"] or "0.json" in a["href"] for a in page.all("a")) >= TROUBLES_SHOWN
    assert f"{100 - TROUBLES_SHOWN} more: see the reports." in page.text


def test_the_page_can_be_read_aloud(plugfest: matrix.Matrix) -> None:
    page = parse(to_html(plugfest, Path()))
    assert page.all("html")[0]["lang"] == "en"
    assert all("scope" in a for a in page.all("th"))
    assert all("aria-labelledby" in a for a in page.all("section"))


def test_an_implementation_is_the_same_whatever_others_call_its_vendor() -> None:
    one = Implementation(name="Pool", version="1", vendor="A")
    assert one == replace(one, vendor="B")
    assert (str(one), str(replace(one, version=""))) == ("Pool 1", "Pool")


def test_thirty_runs_of_a_thousand_scenarios_stay_small_and_quick(tmp_path: Path) -> None:
    """Judged by how smaller ones grow, in bytes and calls; `benchmarks/documents.py` makes and times it."""
    set_side_by_side(tmp_path, runs=1, scenarios=10)  # what is read and compiled only once
    base = set_side_by_side(tmp_path, runs=5, scenarios=100)
    more_runs = set_side_by_side(tmp_path, runs=10, scenarios=100)
    more_scenarios = set_side_by_side(tmp_path, runs=5, scenarios=200)
    for few, runs, scenarios, limit in zip(
        base, more_runs, more_scenarios, (5_000_000, 10_000_000), strict=True
    ):
        assert max(runs, scenarios) < 2.1 * few, "it grows faster than the runs or the scenarios do"
        assert few + (30 - 5) * (runs - few) / 5 + 30 * (1000 - 100) * (scenarios - few) / (5 * 100) < limit


def set_side_by_side(folder: Path, *, runs: int, scenarios: int) -> tuple[int, int]:
    """Return the size of the matrix of so many runs, and how many functions are called to make it."""
    made = sample_results(scenarios=scenarios, catalogue=744, flawed=0.5, exchanges=0)
    text = results_file.to_json(met(made, "Ecosystem 0", "1", BETA))
    paths = [folder / f"{number}.json" for number in range(runs)]
    for number, path in enumerate(paths):
        path.write_text(sealed(text.replace('"Ecosystem 0"', f'"Ecosystem {number}"')))
    with calls() as counted:
        files, problems = results_file.read_originals(paths)
        html = to_html(matrix.build(files, problems), folder)
    assert ([file.integrity for file in files], problems) == ([Integrity.INTACT] * runs, [])
    return len(html.encode()), counted.count


def sealed(text: str) -> str:
    """Return the text of a results file with a seal that fits."""
    content, _, _ = text.rpartition('"content_sha256"')
    return f'{content}"content_sha256": "{sha256(content.encode()).hexdigest()}"\n}}\n'
