"""Findings say where they were seen, in a closed vocabulary, and there is such a place."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import Any

import pytest

from opnc import contract
from opnc.contract import Kind
from reports import places
from reports.model import Finding, FindingLevel, ScenarioResult
from tests.reports.sample import sample_results

SCENARIO = next(each for each in sample_results().scenarios if each.exchanges and each.exchanges[0].response)
EXCHANGE = SCENARIO.exchanges[0]


def answered(body: Any, **changes: Any) -> Any:
    """Return an exchange whose answer has a body."""
    assert EXCHANGE.response is not None
    text = body if isinstance(body, str) else json.dumps(body)
    made = dataclasses.replace(EXCHANGE.response.body, **{"text": text, "base64": None, **changes})
    silent = dataclasses.replace(EXCHANGE.request.body, text=None, base64=None)
    return dataclasses.replace(
        EXCHANGE,
        request=dataclasses.replace(EXCHANGE.request, body=silent),
        response=dataclasses.replace(EXCHANGE.response, body=made),
    )


BODY = {"list": [{"a/b": {"~": 1}, "text": "MII"}], "none": None}


@pytest.mark.parametrize(
    ("place", "there"),
    [
        ("status", True),
        ("body", True),
        ("body subject CN", True),
        ("header WWW-Authenticate", True),
        ("method", True),
        ("url caDomain", True),
        ("time", True),
        ("connection", True),
        ("absent", True),
        ("/list", True),
        ("/missing", True),
        ("/list/0/text subject CN", True),
        ("/list/0/a~1b/~0", True),
        ("/list/0/missing", True),
        ("/list/1/text", False),
        ("/list/x", False),
        ("/missing/member", False),
        ("/none/member", False),
        ("the answer", False),
        ("CN=V2G Root", False),
        ("", False),
    ],
)
def test_a_place_is_in_an_exchange_or_could_be(place: str, *, there: bool) -> None:
    assert places.stands_in(place, answered(BODY)) is there


def test_what_is_no_json_has_no_members() -> None:
    assert not places.stands_in("/list", answered("<html>"))
    assert places.stands_in("body", answered("<html>"))
    # What was cut may have had it.
    assert places.stands_in("/list/9/a", answered("<html>", truncated=True))


def test_bodies_in_base64_are_looked_into() -> None:
    encoded = base64.b64encode(json.dumps(BODY).encode()).decode()
    assert places.stands_in("/list/0/text", answered("", text=None, base64=encoded))


def test_who_gets_no_answer_sees_no_status() -> None:
    assert not places.stands_in("status", dataclasses.replace(EXCHANGE, response=None))


def test_pointers_are_escaped() -> None:
    assert places.pointer("a/b", 0, "~") == "/a~1b/0/~0"
    assert places.pointer() == places.BODY
    assert places.within("/a", "", "subject CN") == "/a subject CN"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_deviation_from_the_contract_has_a_place(kind: Kind) -> None:
    deviation = contract.Deviation(kind, "/a" if kind is Kind.SCHEMA else "x-y", "e", "s")
    whole = contract.Deviation(kind, "", "e", "s")
    if kind in {Kind.SCHEMA, Kind.NOT_JSON, Kind.MISSING_BODY, Kind.ENCODING, Kind.DUPLICATE_MEMBER}:
        assert whole.place == "body"
    elif kind is Kind.STATUS:
        assert contract.Deviation(kind, "status", "e", "s").place == "status"
    else:
        assert places.is_known(deviation.place)


def scenario(*findings: Finding) -> ScenarioResult:
    return dataclasses.replace(SCENARIO, exchanges=(answered(BODY),), findings=findings)


def test_failing_findings_without_an_address_are_told() -> None:
    number = EXCHANGE.sequence
    good = Finding(level=FindingLevel.FAIL, message="good", exchange=number, place="/list")
    assert list(places.unplaced(scenario(good))) == []
    changes: dict[str, dict[str, Any]] = {
        "names no exchange": {"exchange": None},
        "names no place": {"place": None},
        f"names /x/y, which exchange {number} does not have": {"place": "/x/y"},
    }
    for said, change in changes.items():
        bad = dataclasses.replace(good, **change)
        assert [why for _, why in places.unplaced(scenario(good, bad))] == [said]
        # Of what only warns nobody needs to know.
        warned = dataclasses.replace(bad, level=FindingLevel.WARN)
        assert list(places.unplaced(scenario(warned))) == []
