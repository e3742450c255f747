"""The data as such, and held against the lists they were made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from opnc.catalogue import load

EDITED: dict[str, str] = {}
"""Entries that differ from their origin in level or text, with the reason."""

NEEDS = {"admin access", "clock control", "ocsp control", "second ecosystem", "webhook receiver"}
IUTS = {
    *("rcp", "pcp", "cps", "ccp", "pki", "event"),
    *("ecosystem", "oem", "emsp", "cpo", "webhook-receiver"),
}


def origin(name: str) -> list[dict[str, Any]]:
    root = Path(__file__).resolve().parents[2]
    for folder in root.parents:
        path = folder / "shared" / "opnc" / f"{name}.yaml"
        if path.is_file():
            # libyaml where it is there: the pure Python loader takes seconds
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            document = yaml.load(path.read_bytes(), loader)  # noqa: S506 - both are safe loaders
            return cast("list[dict[str, Any]]", document[name])
    pytest.skip(f"no shared/opnc/{name}.yaml above the repository")


def test_every_requirement_of_the_origin_is_there_with_its_level_and_text() -> None:
    found = load().requirements
    expected = {entry["id"]: entry for entry in origin("requirements")}
    assert found.keys() == expected.keys()
    differing = {
        key
        for key, entry in expected.items()
        if (found[key].level, found[key].text) != (entry["level"], entry["text"])
    }
    assert differing == EDITED.keys() & expected.keys()


def test_every_erratum_of_the_origin_is_there_with_its_rule() -> None:
    found = load().errata
    expected = {entry["id"]: entry for entry in origin("errata")}
    assert found.keys() == expected.keys()
    differing = {
        key
        for key, entry in expected.items()
        if (found[key].severity, found[key].mode, found[key].rule)
        != (entry["severity"], entry["resolution"]["mode"], entry["resolution"]["rule"])
    }
    assert differing == EDITED.keys() & expected.keys()


def test_needs_and_iut_are_of_the_documented_vocabulary() -> None:
    requirements = load().requirements.values()
    assert {need for entry in requirements for need in entry.needs} == NEEDS
    assert {iut for entry in requirements for iut in entry.iut} == IUTS


def test_what_cannot_be_seen_from_outside_has_a_reason_of_its_own() -> None:
    hidden = [entry for entry in load().requirements.values() if not entry.black_box]
    assert hidden
    reasons = [entry.not_tested or "" for entry in hidden]
    assert all(reason.endswith(".") for reason in reasons), reasons
    assert len(set(reasons)) == len(reasons)


def test_an_erratum_knows_the_requirements_that_name_it() -> None:
    catalogue = load()
    assert "RCP-GET-01" in catalogue.errata["ERR-012"].requirements
    assert catalogue.errata["ERR-001"].requirements == ()


def test_the_specification_is_pinned_to_a_full_commit() -> None:
    specification = load().specification
    assert specification.repository == "https://github.com/charinev/opnc"
    assert len(specification.commit) == 40
