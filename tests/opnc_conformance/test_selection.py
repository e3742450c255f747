"""What a selection by service brings along: all that one has to trust a service in."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from features.index import ROOT, Entry, entries
from fixtures.bench.scenario import Identity
from opnc_conformance import selection
from opnc_conformance.options import Settings
from reports.model import Feature, Profile

EVERYTHING = Settings(
    seed=1,
    profile=Profile.LENIENT,
    report=None,
    services=(),
    requirements=(),
    levels=(),
    prove=(),
    features=ROOT,
    shuffle=None,
)


@cache
def scenarios() -> tuple[Identity, ...]:
    return tuple(map(identity, entries()))


def identity(entry: Entry) -> Identity:
    return Identity(
        id=entry.id,
        name=entry.name,
        feature=Feature(file=f"features/{entry.file}", name=entry.feature),
        rule=entry.rule,
        tags=entry.tags,
        service=entry.service,
        example=entry.example,
        requirements=entry.requirements,
    )


def chosen(*services: str, requirements: tuple[str, ...] = (), prove: tuple[str, ...] = ()) -> list[Identity]:
    settings = replace(EVERYTHING, services=services, requirements=requirements, prove=prove)
    ids = selection.selected_requirements(settings)
    return [
        each
        for each in scenarios()
        if ids.intersection(each.requirements) or selection.also_judged(each, settings)
    ]


def operations(found: list[Identity]) -> set[str]:
    return {each.example["operation"].partition(" ")[0] for each in found if "operation" in each.example}


def test_a_service_brings_its_tokens_headers_ownership_and_flaws() -> None:
    judged = {requirement for each in chosen("rcp") for requirement in each.requirements}
    for wanted in ("AUTH-OAUTH-02", "AUTH-OWN-06", "AUTH-TLS-01", "HDR-FROM-02", "HDR-TYPE-01"):
        assert wanted in judged
    for wanted in (
        "SYS-SCHEMA-02",
        "SYS-ERR-03",
        "SYS-ERR-04",
        "SYS-JSON-03",
        "SYS-DATA-01",
    ):
        assert wanted in judged
    assert {"IDS-PCID-01", "AUTH-OWN-01"} <= {r for each in chosen("pcp") for r in each.requirements}


@pytest.mark.parametrize("service", ["rcp", "pcp", "cps", "ccp", "pki", "event"])
def test_what_is_shared_is_brought_for_the_service_alone(service: str) -> None:
    settings = replace(EVERYTHING, services=(service,))
    own = selection.selected_requirements(settings)
    shared = [each for each in chosen(service) if not own.intersection(each.requirements)]
    assert len(shared) > 80
    rows = operations(shared)
    others = operations([each for each in scenarios() if each not in shared])
    assert rows
    # Each operation stands with its service only; those of the others stay where they are.
    assert others
    assert rows.isdisjoint(others - operations(chosen(service)))
    named = {each.example["service"] for each in shared if "service" in each.example}
    assert named == {service}


def test_a_forged_token_at_a_selected_service_is_tried() -> None:
    tried = [each for each in chosen("rcp") if each.name == "A token that is not genuine"]
    assert len(tried) == 11
    assert operations(tried) == {"getRootCertificatesV1"}


@pytest.mark.parametrize(
    ("role", "title"),
    [
        ("oem", "An OEM publishes a vehicle"),
        ("emsp", "An eMSP concludes a contract"),
        ("cpo", "A CPO enrols a charge point"),
    ],
)
def test_a_role_brings_the_form_of_its_requests(role: str, title: str) -> None:
    brought = [each.name for each in chosen(role) if "SYS-CLIENT-01" in each.requirements]
    assert title in brought
    others = {"oem", "emsp", "cpo"} - {role}
    assert not any(other in name.lower().split() for other in others for name in brought)
    # Named by its id as well: the two do not exclude each other.
    assert [each.name for each in chosen(role, requirements=("SYS-CLIENT-01",))] == brought


def test_a_proof_keeps_to_what_is_the_services_own() -> None:
    assert len(chosen("rcp", prove=("sound", "faults"))) < len(chosen("rcp"))
    assert "AUTH-OAUTH-02" not in {
        r for each in chosen("rcp", prove=("sound", "faults")) for r in each.requirements
    }


def test_no_file_that_holds_something_is_left_out_before_it_is_parsed() -> None:
    for service in ("rcp", "event", "emsp"):
        settings = replace(EVERYTHING, services=(service,))
        files = {each.feature.file.removeprefix("features/") for each in chosen(service)}
        assert all(selection.may_match(ROOT / file, settings) for file in files)


def test_what_is_reported_on_is_what_was_asked_about() -> None:
    settings = replace(EVERYTHING, services=("cps",))
    told = selection.judged_requirements(chosen("cps"), settings)
    assert "SYS-SCHEMA-01" in told
    assert "SYS-SCHEMA-01" not in selection.selected_requirements(settings)
    narrow = replace(settings, levels=("should",))
    assert "SYS-SCHEMA-01" not in selection.judged_requirements(chosen("cps"), narrow)
    assert "SYS-SCHEMA-02" in selection.judged_requirements(chosen("cps"), narrow)
