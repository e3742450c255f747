"""The validators against plain `jsonschema`, and against whatever a peer may send."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from opnc.contract import Severity, check_response, check_value, load
from opnc.contract.formats import FORMATS
from opnc.contract.schema import MAX_DEVIATIONS
from tests.opnc.contract.samples import ANSWERS, JSON, REQUESTS, body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opnc.contract import Schema

SCHEMAS: dict[str, tuple[Schema, Any]] = {
    **{
        f"{name} answer": (load().operation(name).responses[status].bodies["application/json"].schema, value)
        for name, (status, value) in ANSWERS.items()
    },
    **{
        f"{name} request": (load().operation(name).request["application/json"].schema, value)
        for name, value in REQUESTS.items()
    },
}
# no trailing line feed: plain `jsonschema` reads `$` as Python does
WRONG: tuple[Any, ...] = (None, True, 0, 1.0, "", "x", "?", [], ["x"], [[], []], {}, {"certificate": 1})


def places(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in members:
        yield (*above, key)
        yield from places(value, (*above, key))


def changed(value: Any, place: tuple[Any, ...], wrong: Any, *, drop: bool = False) -> Any:
    result = copy.deepcopy(value)
    node = result
    for key in place[:-1]:
        node = node[key]
    if drop:
        del node[place[-1]]
    else:
        node[place[-1]] = wrong
    return result


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_value_fails_where_plain_jsonschema_refuses_it(name: str) -> None:
    schema, good = SCHEMAS[name]
    plain = Draft202012Validator(schema, format_checker=FORMATS)
    variants = [changed(good, place, None, drop=True) for place in places(good)]
    variants += [changed(good, place, wrong) for place in places(good) for wrong in WRONG]
    for value in [good, *WRONG, *variants]:
        failed = any(found.severity is Severity.FAIL for found in check_value(value, schema))
        assert failed is not plain.is_valid(value), value


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["errorMessages", "traceId"]), inner),
    max_leaves=10,
)


@given(value=JSON_VALUES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_json_raises(value: Any) -> None:
    for status in (200, 404):
        for found in check_response(load().operation("getCpsCertificatesV1"), status, JSON, body(value)):
            assert str(found).isascii()


@given(content=st.binary(max_size=40), content_type=st.text(max_size=40), status=st.integers(100, 599))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise(content: bytes, content_type: str, status: int) -> None:
    for operation in ("getCaCertsV1", "getRootCertificateV1"):
        for kind in (content_type, "application/json", "application/pkcs7-mime"):
            check_response(load().operation(operation), status, {"Content-Type": kind}, content)


def test_a_pointer_is_escaped() -> None:
    schema = {"properties": {"a/b~": {"items": {"type": "string"}}}}
    assert [found.where for found in check_value({"a/b~": ["", 1]}, schema)] == ["/a~1b~0/1"]


def test_a_pattern_is_read_as_ecma_262_does() -> None:
    schema = {"pattern": r"^\w\$$"}
    assert not list(check_value("a$", schema))
    assert list(check_value("a$\n", schema))
    assert list(check_value("ä$", schema))


def test_an_erratum_beside_another_member_says_nothing_about_this_one() -> None:
    schema = {
        "x-erratum": "ERR-001",
        "required": ["b"],
        "properties": {"a": {"type": "string"}, "c": {"x-erratum": "ERR-002", "items": {"type": "string"}}},
    }
    found = {each.where: each.errata for each in check_value({"a": 1, "c": [1]}, schema)}
    assert found == {"/b": ("ERR-001",), "/a": (), "/c/0": ("ERR-002",)}


def test_a_hostile_name_is_judged_at_once() -> None:
    schema = load().service("rcp").operations["putRootCertificateV1"].request["application/json"].schema
    name = "CN=" * 5000 + ",,"
    found = list(
        check_value({"rootTypeList": ["V2G"], "caCertificate": "QUJD", "distinguishedName": name}, schema)
    )
    assert [(each.where, each.severity) for each in found] == [("/distinguishedName", Severity.INFO)]


def test_a_long_list_of_mixed_values_is_judged_at_once() -> None:
    value = {"errorMessages": [1, "a", None] * 20_000, "traceId": "x"}
    found = check_response(load().operation("getRootCertificateV1"), 404, JSON, body(value))
    assert len(found) <= MAX_DEVIATIONS


def test_many_warnings_do_not_hide_a_failure() -> None:
    roots = [{"rootTypeList": ["MO"], "caCertificate": "QUJD"}] * (MAX_DEVIATIONS + 20) + [
        {"rootTypeList": ["V2G"]}
    ]
    value = {"rootCertificateCollection": roots}
    found = check_response(load().operation("getRootCertificatesV1"), 200, JSON, body(value))
    assert [each.severity for each in found].count(Severity.WARN) == MAX_DEVIATIONS
    assert [each.where for each in found if each.severity is Severity.FAIL] == [
        f"/rootCertificateCollection/{MAX_DEVIATIONS + 20}/caCertificate"
    ]
