from __future__ import annotations

import base64
import hashlib
import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from reports import html, text
from reports.model import Finding, FindingLevel, Results, Verdict
from reports.page import TEMPLATES
from tests.reports.reading import HOSTILE, Page, hostile, parse, unpacked
from tests.reports.sample import Requirement, results, sample_results, scenario

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 15_000_000


@pytest.fixture(scope="module")
def sample() -> Results:
    return sample_results(scenarios=120)


@pytest.fixture(scope="module")
def page(sample: Results) -> Page:
    return parse(html.render(sample))


@pytest.fixture(scope="module")
def attacked() -> str:
    return html.render(hostile(sample_results(scenarios=120)))


def test_the_same_results_give_the_same_page(sample: Results) -> None:
    assert html.render(sample) == html.render(sample)


def test_nothing_is_loaded_from_elsewhere(page: Page) -> None:
    assert not page.all("link")
    assert not [a for _, a in page.elements if "src" in a or "style" in a]
    assert {a["href"][0] for a in page.all("a")} == {"#"}
    assert "url(" not in page.style
    assert "@import" not in page.style


def test_the_policy_allows_our_style_and_script_by_hash_only(page: Page) -> None:
    def integrity(content: str) -> str:
        return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()

    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    script = next(content for attributes, content in page.scripts if not attributes)
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{integrity(page.style)}'; "
        f"script-src 'sha256-{integrity(script)}'; base-uri 'none'; form-action 'none'"
    )


def test_hostile_text_adds_no_element_and_no_attribute(page: Page, attacked: str) -> None:
    seen = parse(attacked)
    assert {tag for tag, _ in seen.elements} == {tag for tag, _ in page.elements}
    assert {name for _, a in seen.elements for name in a} == {name for _, a in page.elements for name in a}
    assert [a for a, _ in seen.scripts if not a] == [{}]
    assert "alert(1)" in seen.text


def test_hostile_text_cannot_leave_the_packed_evidence(attacked: str) -> None:
    seen = parse(attacked)
    packed = [content for attributes, content in seen.scripts if attributes]
    assert packed
    assert all(re.fullmatch("[A-Za-z0-9+/=]+", content) for content in packed)
    assert unpacked(seen)[0]["findings"][0]["message"].endswith(HOSTILE)


def test_nothing_deceptive_reaches_the_page(attacked: str) -> None:
    assert not re.search("[\x00\u202e\ud800]", attacked)
    assert "\\u202e\\u0000\\ud800" in attacked
    attacked.encode("utf-8")


def test_page_and_script_agree_on_what_is_deceptive() -> None:
    ours = text._DECEPTIVE.pattern.replace(r"\ud800-\udfff", "")
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    assert f"const deceptive = /{ours}|\\p{{Surrogate}}/gu;" in script


def test_every_link_leads_somewhere(page: Page) -> None:
    known = set(page.ids)
    goals = {a["href"][1:].partition("?")[0] for a in page.all("a")}
    assert goals - known == set()


def test_ids_are_unique(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))


def test_every_scenario_and_requirement_has_its_row(page: Page, sample: Results) -> None:
    rows = {unquote(a["id"]): a for a in page.all("tr") if "data-verdict" in a}
    verdicts = {s.id: s.verdict for s in sample.scenarios} | {r.id: r.verdict for r in sample.requirements}
    assert {name: attributes["data-verdict"] for name, attributes in rows.items()} == verdicts


def test_the_numbers_of_the_rows_are_those_of_the_evidence(page: Page) -> None:
    packed = unpacked(page)
    rows = [a for a in page.all("tr") if "data-number" in a]
    assert [packed[int(a["data-number"])]["id"] for a in rows] == [unquote(a["id"]) for a in rows]


def test_evidence_is_complete(page: Page, sample: Results) -> None:
    for packed, original in zip(unpacked(page), sample.scenarios, strict=True):
        assert [s["text"] for s in packed["steps"]] == [s.text for s in original.steps]
        for seen, made in zip(packed["exchanges"], original.exchanges, strict=True):
            body = made.request.body
            assert seen["request"]["headers"] == [list(pair) for pair in made.request.headers]
            assert (seen["request"]["body"] or {"content": None})["content"] == body.text
            assert (seen["response"] is None) == (made.response is None)


def test_certificates_are_decoded(page: Page) -> None:
    bodies = [e["response"]["body"] for s in unpacked(page) for e in s["exchanges"] if e["response"]]
    roots = next(b for b in bodies if b and b["content"].startswith('{"rootCertificates"'))
    assert len(roots["decoded"]) == 10
    assert roots["decoded"][3]["title"] == "certificate O=Alpha Mobility,CN=Alpha V2G Root 3"


def test_what_failed_stands_at_the_front_with_expected_seen_and_erratum(sample: Results) -> None:
    front = html.render(sample).partition('<section id="troubles"')[2].partition("</section>")[0]
    seen = parse(front).text
    for part in (
        "The answer carries no caCertificate, although the root was stored a moment before.",
        "roootCertificate or rootCertificate with a caCertificate",
        '{"errorMessages":["The root certificate is not known."]}',
        "Property name roootCertificate: Server may send either spelling.",
        "Exchange 3: emsp to ",
        "404 Not Found",
    ):
        assert part in seen


def test_of_many_findings_a_few_stand_at_the_front_and_nothing_twice() -> None:
    told = tuple(
        Finding(level=FindingLevel.FAIL, message=f"root {n} lies", requirement="RCP-1") for n in range(5)
    )
    failed = replace(
        scenario(0, Requirement("RCP-1")), verdict=Verdict.FAIL, findings=told, reason="root 0 lies: seen b"
    )
    page = html.render(results([failed], [Requirement("RCP-1")]))
    front = parse(page.partition('<section id="troubles"')[2].partition("</section>")[0]).text
    assert [front.count(f"root {n} lies") for n in range(5)] == [1, 1, 1, 0, 0]
    assert "2 more findings" in front


def test_an_incomplete_run_says_so() -> None:
    stopped = replace(sample_results(scenarios=3), complete=False, stopped="interrupted by Ctrl-C")
    assert "Incomplete run: interrupted by Ctrl-C" in parse(html.render(stopped)).text


def test_what_was_not_judged_stands_beside_the_verdict(page: Page, sample: Results) -> None:
    left = sample.totals.requirements[Verdict.NOT_TESTED]
    assert re.search(rf"Not conformant\s+\d+ of \d+ judged .*; {left} were not judged\.", page.text)


def test_a_doubt_stands_beside_the_verdict() -> None:
    seen = parse(html.render(sample_results(scenarios=1), doubt="changed")).text
    assert "Not to be relied on: changed." in seen


def test_a_run_of_nothing_gives_a_page() -> None:
    assert "Inconclusive" in parse(html.render(results([], []))).text


def test_a_failed_scenario_of_an_unknown_requirement_is_not_lost() -> None:
    failed = replace(
        scenario(1, Requirement("RCP-1")), verdict=Verdict.FAIL, requirements=("X-1",), reason="Odd."
    )
    assert "Odd. It names no requirement of this report." in parse(html.render(results([failed], []))).text


def test_the_page_can_be_read_aloud(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert page.all("html")[0]["lang"] == "en"
    assert all("scope" in a for a in page.all("th"))
    assert all("aria-labelledby" in a for a in page.all("section"))
    assert _unlabelled(page.elements) == []


def _unlabelled(elements: Iterable[tuple[str, dict[str, str]]]) -> list[str]:
    """Return fields that do not follow a label directly: here every label holds its field."""
    before, found = "", []
    for tag, attributes in elements:
        if tag in ("input", "select") and before != "label":
            found.append(attributes.get("name", "?"))
        before = tag
    return found


def test_two_thousand_scenarios_stay_under_the_limit() -> None:
    """Judged by the growth of smaller pages; `benchmarks/documents.py` makes the page itself."""
    few, more, most = (
        len(html.render(sample_results(scenarios=count, catalogue=744)).encode()) for count in (200, 400, 600)
    )
    assert most - more < 1.1 * (more - few), "it grows faster than the scenarios do"
    assert most + (2000 - 600) * max(more - few, most - more) / 200 < LIMIT
