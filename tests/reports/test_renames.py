from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import reports
from features import index
from reports import renames
from reports.renames import Renames

SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "renamed.schema.json").read_text())
TABLE = json.loads(renames.PATH.read_text())


def test_an_id_leads_to_the_one_of_today_and_back_to_the_first() -> None:
    table = Renames.of({"a::1": "b::1", "b::1": "c::1"})
    assert [table.current_of(each) for each in ("a::1", "b::1", "c::1", "z::1")] == ["c::1"] * 3 + ["z::1"]
    assert [table.first_of(each) for each in ("c::1", "z::1")] == ["a::1", "z::1"]


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"a::1": "b::1", "b::1": "a::1"}, "lead in a circle: a::1 -> b::1 -> a::1"),
        ({"a::1": "c::1", "b::1": "c::1"}, "lead to the same one"),
    ],
)
def test_a_table_that_does_not_say_which_is_meant_is_refused(table: dict[str, str], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Renames.of(table)


def test_the_table_of_the_suite_has_its_form_and_order() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(TABLE, SCHEMA)
    assert list(TABLE["scenarios"]) == sorted(TABLE["scenarios"])
    renames.load()


def test_no_scenario_of_today_has_an_earlier_id_and_every_id_leads_to_one_of_today() -> None:
    today = {entry.id for entry in index.entries()}
    assert not today & TABLE["scenarios"].keys()
    assert set(renames.load().current.values()) <= today
