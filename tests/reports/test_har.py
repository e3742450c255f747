from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from reports import har
from reports.model import Exchange, Suite
from tests.reports.reading import HOSTILE
from tests.reports.sample import Requirement, sample_results, scenario
from tests.reports.sample_messages import body, exchange

SUITE = Suite(name="opnc-conformance", version="0.1.0")


def _members(required: str, **optional: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object from words such as `status:integer`."""
    pairs = (word.split(":") for word in required.split())
    members = {name: {"type": kind} for name, kind in pairs}
    return {
        "type": "object",
        "required": list(members),
        "properties": members | optional,
        "patternProperties": {"^_": {}},
        "additionalProperties": False,
    }


COMMENT = {"type": "string"}
PAIRS = {"type": "array", "items": _members("name:string value:string")}
POST = _members("mimeType:string text:string", comment=COMMENT)
CONTENT = _members(
    "size:integer mimeType:string", text=COMMENT, encoding={"const": "base64"}, comment=COMMENT
)
REQUEST = _members(
    "method:string url:string httpVersion:string cookies:array headers:array queryString:array "
    "headersSize:integer bodySize:integer",
    headers=PAIRS,
    queryString=PAIRS,
    postData=POST,
)
RESPONSE = _members(
    "status:integer statusText:string httpVersion:string cookies:array headers:array content:object "
    "redirectURL:string headersSize:integer bodySize:integer",
    headers=PAIRS,
    content=CONTENT,
)
ENTRY = _members(
    "startedDateTime:string time:number request:object response:object cache:object timings:object",
    request=REQUEST,
    response=RESPONSE,
    timings=_members("send:number wait:number receive:number"),
    comment=COMMENT,
    startedDateTime={"type": "string", "format": "date-time"},
)
LOG = _members(
    "version:string creator:object entries:array",
    creator=_members("name:string version:string"),
    pages={"type": "array"},
    entries={"type": "array", "items": ENTRY},
    comment=COMMENT,
)
HAR = _members("log:object", log=LOG)
"""What HAR 1.2 demands (members and types as in the specification of the Web Performance group)."""


def entry(made: Exchange) -> dict[str, Any]:
    archive = json.loads(har.render(replace(scenario(1, Requirement("RCP-1")), exchanges=(made,)), SUITE))
    jsonschema.Draft202012Validator(HAR, format_checker=jsonschema.FormatChecker()).validate(archive)
    found: dict[str, Any] = archive["log"]["entries"][0]
    return found


def test_archives_of_a_run_are_valid() -> None:
    validator = jsonschema.Draft202012Validator(HAR)
    for ran in sample_results(scenarios=20).scenarios:
        archive = json.loads(har.render(ran, SUITE))
        validator.validate(archive)
        assert len(archive["log"]["entries"]) == len(ran.exchanges)


def test_an_exchange_is_told_in_full() -> None:
    made = exchange(sequence=2, path="/rootcertificates?pkiType=v2g&x=", answer={"a": 1}, sent={"b": 2})
    found = entry(made)
    assert found["request"]["queryString"] == [
        {"name": "pkiType", "value": "v2g"},
        {"name": "x", "value": ""},
    ]
    assert found["request"]["postData"] == {"mimeType": "application/json", "text": '{"b":2}'}
    assert found["response"]["content"] == {"size": 7, "mimeType": "application/json", "text": '{"a":1}'}
    assert {"name": "Authorization", "value": "Bearer [redacted]"} in found["request"]["headers"]
    assert (found["response"]["status"], found["time"]) == (200, 4.2)
    assert found["time"] == sum(found["timings"].values())


def test_what_is_not_text_is_base64() -> None:
    made = exchange(sequence=1, sent=b"\xff\x00", answer=b"\xff\x00")
    assert entry(made)["response"]["content"]["encoding"] == "base64"
    assert entry(made)["request"]["postData"]["_encoding"] == "base64"


def test_no_answer_is_told_as_browsers_do() -> None:
    found = entry(exchange(sequence=1, status=None, error="connection reset by peer"))
    assert (found["response"]["status"], found["_error"]) == (0, "connection reset by peer")


def test_a_shortened_body_says_so() -> None:
    made = exchange(sequence=1, sent={"a": 1})
    short = replace(made, request=replace(made.request, body=replace(body({"a": 1}), truncated=True)))
    assert entry(short)["request"]["postData"]["comment"] == "recorded in part"


def test_a_redirect_names_its_goal() -> None:
    made = exchange(sequence=1, status=302)
    assert made.response is not None
    moved = replace(made, response=replace(made.response, headers=(("location", "/there"),)))
    assert entry(moved)["response"]["redirectURL"] == "/there"


def test_an_address_that_is_none_does_no_harm() -> None:
    made = exchange(sequence=1)
    assert entry(replace(made, request=replace(made.request, url="http://[")))["request"]["queryString"] == []


@pytest.mark.parametrize(
    "identifier",
    [
        "rcp/read::a[pkiType=emsp]",
        "con",
        "../../etc/passwd",
        "a" * 500,
        "ÄÖ",
        ".",
        "",
        "nul.",
        "x\ud800",
        HOSTILE,
    ],
)
def test_file_names_are_safe_everywhere(identifier: str) -> None:
    name = har.file_name(replace(scenario(1, Requirement("RCP-1")), id=identifier))
    assert re.fullmatch(r"[a-z0-9_][a-z0-9._-]*-[0-9a-f]{8}\.har", name)
    assert len(name) <= 113
    assert ".." not in name


def test_ids_that_differ_in_case_get_files_that_differ() -> None:
    names = {
        har.file_name(replace(scenario(1, Requirement("R")), id=i)) for i in ("a", "A", "a-", "a/", "a" * 101)
    }
    assert len(names) == 5
