from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.bench.coverage import SERVICES, Coverage, belongs_to, by_requirement, coverage, gaps
from opnc.catalogue import Catalogue, Requirement, Specification, load
from opnc.problem import Problem

if TYPE_CHECKING:
    from opnc.catalogue import Level

REASON = "It lies outside the interface."


@dataclass(frozen=True)
class Fault:
    id: str
    requirements: tuple[str, ...]


def requirement(key: str, level: Level = "must", **members: Any) -> Requirement:
    return Requirement(
        id=key,
        level=level,
        text="x",
        iut=members.pop("iut", ("rcp",)),
        stimulus="x",
        expected="x",
        source=("x",),
        use_case=("x",),
        business_process=("x",),
        **members,
    )


def catalogue(*requirements: Requirement) -> Catalogue:
    return Catalogue(
        requirements={entry.id: entry for entry in requirements},
        errata={},
        specification=Specification(repository="x", commit="x", relatives={}),
        sha256="x",
    )


def test_coverage_puts_scenarios_and_faults_beside_each_requirement_in_its_order() -> None:
    found = coverage(
        catalogue(requirement("RCP-B-01"), requirement("RCP-A-01", "may", not_tested=REASON)),
        {"RCP-B-01": ["rcp/x::a", "rcp/x::b"]},
        by_requirement([Fault("rcp.f", ("RCP-B-01", "RCP-Z-01"))]),
    )
    assert found == (
        Coverage("RCP-B-01", "rcp", "must", ("rcp/x::a", "rcp/x::b"), ("rcp.f",), None),
        Coverage("RCP-A-01", "rcp", "may", (), (), REASON),
    )


def test_faults_are_found_by_each_requirement_they_break() -> None:
    faults = [Fault("one", ("RCP-A-01", "RCP-B-01")), Fault("two", ("RCP-B-01",))]
    assert by_requirement(faults) == {"RCP-A-01": ["one"], "RCP-B-01": ["one", "two"]}


@pytest.mark.parametrize(
    ("entry", "scenarios", "faults"),
    [
        (requirement("RCP-A-01"), {"RCP-A-01": ["s"]}, {"RCP-A-01": ["f"]}),
        (requirement("RCP-A-01", "should"), {"RCP-A-01": ["s"]}, {}),
        (requirement("RCP-A-01", not_tested=REASON), {}, {}),
    ],
    ids=["must, tested and proven", "should, tested", "not tested, with a reason"],
)
def test_a_covered_requirement_is_no_gap(
    entry: Requirement, scenarios: dict[str, list[str]], faults: dict[str, list[str]]
) -> None:
    assert gaps(catalogue(entry), scenarios, faults) == []


@pytest.mark.parametrize(
    ("entry", "scenarios", "faults", "said"),
    [
        (requirement("RCP-A-01"), {}, {}, "RCP-A-01 has neither a scenario nor a reason"),
        (
            requirement("RCP-A-01"),
            {"RCP-A-01": ["s"]},
            {},
            "RCP-A-01 is of level must and has a scenario, but no fault",
        ),
        (
            requirement("RCP-A-01", not_tested=REASON),
            {"RCP-A-01": ["s"]},
            {"RCP-A-01": ["f"]},
            f"RCP-A-01 is judged by s, yet has a reason why not: {REASON}",
        ),
        (
            requirement("RCP-A-01", not_tested=REASON),
            {"RCP-Z-01": ["s", "t"]},
            {},
            "scenario s, t names RCP-Z-01, which the catalogue does not know",
        ),
        (
            requirement("RCP-A-01", not_tested=REASON),
            {},
            {"RCP-Z-01": ["f"]},
            "fault f names RCP-Z-01, which the catalogue does not know",
        ),
    ],
)
def test_each_gap_is_one_sentence(
    entry: Requirement, scenarios: dict[str, list[str]], faults: dict[str, list[str]], said: str
) -> None:
    (gap,) = gaps(catalogue(entry), scenarios, faults)
    assert gap.startswith(said)


def test_a_service_means_its_group_and_its_own_rows_on_authentication_and_headers() -> None:
    group = requirement("RCP-GET-01", iut=("rcp", "event"))
    rights = requirement("AUTH-ROLE-RCP-X-OEM")
    headers = requirement("HDR-RCP-x")
    foreign = requirement("AUTH-ROLE-PCP-X-OEM", iut=("pcp",))
    everyone = requirement("AUTH-TLS-01", iut=("rcp", "pcp"))
    other = requirement("POOL-MR-01")
    found = [belongs_to(each, "rcp") for each in (group, rights, headers, foreign, everyone, other)]
    assert found == [True, True, True, False, False, False]


def test_the_event_service_is_the_group_evt() -> None:
    for name in ("event", "evt"):
        assert belongs_to(requirement("EVT-POST-01", iut=("event",)), name)
        assert belongs_to(requirement("AUTH-401-EVENT-postEndpoint", iut=("event",)), name)
        assert not belongs_to(requirement("RCP-PUT-08", iut=("rcp", "event")), name)


def test_every_requirement_can_be_selected() -> None:
    requirements = load().requirements.values()
    assert all(any(belongs_to(each, service) for service in SERVICES) for each in requirements)


def test_the_root_certificate_pool_has_43_requirements_and_29_rows() -> None:
    found = [each.group for each in load().requirements.values() if belongs_to(each, "rcp")]
    assert (found.count("rcp"), len(found)) == (43, 43 + 4 + 21 + 4)  # 401, rights, headers


def test_an_unknown_service_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Problem, match="no such service: 'rpc'") as caught:
        belongs_to(requirement("RCP-GET-01"), "rpc")
    assert "rcp, pcp, cps, ccp, pki" in caught.value.hint
