from __future__ import annotations

import json
from typing import TYPE_CHECKING

from opnc_conformance.__main__ import main

if TYPE_CHECKING:
    import pytest


def test_it_lists_the_steps_that_hold_all_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "root object", "FINGERPRINT"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "roots"
    assert shown[1].startswith("  then  every root {EVERY_ROOT}  [")
    assert shown[2] == "        Judge each root object on its own."
    assert "        EVERY_ROOT: has the fingerprint of its certificate" in shown
    assert shown[-1] == "1 definition"


def test_json_has_parameters_tables_and_uses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "--json", "root", "can no longer be read"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found == {
        "subject": "roots",
        "keyword": "then",
        "sentence": "{root} can no longer be read",
        "parameters": {"root": "root"},
        "tables": {},
        "says": "Demand that the id is unknown now.",
        "uses": 2,
    }


def test_nothing_found_is_told_by_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "no step says such a thing"]) == 1
    assert capsys.readouterr().out == "0 definitions\n"
