"""Titles of features and rules: what they name, and that those of the suite say what the catalogue says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from features import index
from features.titles import clauses, operations, rule_problems, title_problems
from opnc import catalogue, contract

MAX_TITLE_CHARACTERS = 160
"""Characters of a line with a title or rule: the report shows both above a scenario, in one sentence."""

TERMS = frozenset(
    {"RCP", "PCP", "CCP", "CPS", "PKI", "Event Service", "Webhook receiver"}
    | {"OEM backend", "eMSP backend", "CPO backend", "Backends of every role"}
    | {"Authentication", "OPNC headers", "Identifiers", "Interface", "ISO 15118-20"}
    | {"Pool collaboration", "Multi-root", "Process"}
)
"""What a title begins with: a service, a party or a part of the published text."""

KNOWN = catalogue.load().requirements
ENTRIES = list(index.entries())


def judged(*, rules: bool) -> dict[str, dict[str, set[str]]]:
    """Return file -> title or rule -> ids of the requirements judged under it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in ENTRIES:
        found[each.file][each.rule if rules else each.feature].update(each.requirements)
    return found


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("RCP: list root certificates (getRootCertificatesV1)", ("getRootCertificatesV1",)),
        ("CCP: lists (a, get-webhook-endpoints)", ("a", "get-webhook-endpoints")),
        ("Interface: errors (of every kind)", ()),
        ("Interface: errors", ()),
    ],
)
def test_a_title_ends_in_the_operations_it_is_about(title: str, expected: tuple[str, ...]) -> None:
    assert operations(title) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("All valid roots [01_pool.md § 2. Request]", ("01_pool.md § 2. Request",)),
        ("A type [a.json#/enum; ERR-013]", ("a.json#/enum", "ERR-013")),
        ("Own things [a.md § OEM, § eMSP]", ("a.md § OEM", "a.md § eMSP")),
        ("Two answers [a.json#/get, #/put]", ("a.json#/get", "a.json#/put")),
        ("All valid roots", ()),
        ("All valid roots []", ()),
        ("[a.md § OEM]", ()),
        ("All valid roots [a.md] and more", ()),
    ],
)
def test_a_rule_ends_in_the_clauses_it_paraphrases(rule: str, expected: tuple[str, ...]) -> None:
    assert clauses(rule) == expected


# RCP-GET-04 comes from two files and has ERR-023; see the catalogue.
@pytest.mark.parametrize(
    "clause",
    [
        "rootCertificate.v1.json#/properties/rootCertificateId/pattern",
        "rootCertificate.v1.json#/properties",
        "components/schemas/rootCertificate.v1.json",
        "components/schemas",
        "rcp.api.v1.rootCertificateById.json#/get/responses; ERR-023",
        "rootCertificate.v1.json#/properties/rootCert…",
    ],
)
def test_a_clause_is_what_a_source_is_or_lies_in(clause: str) -> None:
    assert list(rule_problems(f"A rule [{clause}]", ["RCP-GET-04"], KNOWN)) == []


@pytest.mark.parametrize(
    "clause",
    [
        "Certificate.v1.json#/properties",
        "rootCertificate.v1.json#/prop",
        "rootCertificate.v1.json#/required",
        "rootCertificate.v1",
        "ERR-001",
        "RFC 9110 § 9.3.2",
        "rootCertificate.v1.json § properties",
    ],
)
def test_a_clause_that_no_source_lies_in_is_told(clause: str) -> None:
    assert list(rule_problems(f"A rule [{clause}]", ["RCP-GET-04"], KNOWN)) == [
        f"rule 'A rule [{clause}]' names {clause!r}, from which no requirement judged under it comes"
    ]


def test_a_title_with_an_operation_that_is_not_judged_is_told() -> None:
    assert list(title_problems("RCP: roots (putRootCertificateV1)", ["RCP-GET-04"], KNOWN)) == [
        "the title names the operation 'putRootCertificateV1', but no requirement judged here is about that"
    ]
    assert list(title_problems("RCP: roots (getRootCertificateV1)", ["RCP-GET-04"], KNOWN)) == []


def test_every_scenario_of_the_suite_stands_under_a_rule() -> None:
    assert [each.id for each in ENTRIES if not each.rule] == []


def test_every_title_of_the_suite_names_a_published_term_and_says_what_is_judged() -> None:
    assert {each.feature.partition(": ")[0] for each in ENTRIES} == TERMS
    assert [each.file for each in ENTRIES if not each.description.strip().endswith(".")] == []


def test_every_title_of_the_suite_is_there_once() -> None:
    titles = Counter(title for of_file in judged(rules=False).values() for title in of_file)
    assert [title for title, times in titles.items() if times > 1] == []


def test_titles_name_operations_of_the_contract() -> None:
    published = {operation.id for operation in contract.load()}
    assert {name for each in ENTRIES for name in operations(each.feature)} == published


def test_a_feature_about_one_operation_names_it() -> None:
    unnamed = []
    for file, of_file in judged(rules=False).items():
        for title, ids in of_file.items():
            about = {KNOWN[each].operation for each in ids}
            if len(about) == 1 and None not in about and set(operations(title)) != about:
                unnamed.append((file, about))
    assert unnamed == []


def test_a_heading_that_is_cut_short_can_be_told_from_all_others() -> None:
    sources = {source.split("/")[-1] for each in KNOWN.values() for source in each.source if "§" in source}
    cut = {clause for each in ENTRIES for clause in clauses(each.rule) if clause.endswith("…")}
    ambiguous = {
        clause for clause in cut if len([each for each in sources if each.startswith(clause[:-1])]) != 1
    }
    assert cut
    assert ambiguous == set()


def test_lines_with_titles_and_rules_are_short() -> None:
    titled = re.compile(r"\s*(Feature|Rule):")
    long = [
        (path.name, number)
        for path in index.feature_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if titled.match(line) and len(line) > MAX_TITLE_CHARACTERS
    ]
    assert long == []
