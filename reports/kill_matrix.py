"""What `opnc prove` has shown: which fault of a simulator turned which scenario red.

Beside it stands which variant was judged wrongly (`wrong_verdicts`).

A fault names the requirements it breaks. It is killed when, for each of them, a scenario of that requirement
failed it while the fault was in place (`attribution`). Only that counts: what became inconclusive, also
because of a finding about another requirement, or broke has noticed nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

from reports import page
from reports.attribution import failed
from reports.model import Level, Profile, RequirementResult, ScenarioResult, Verdict
from reports.overview import SERVICES
from reports.serializer import to_data
from reports.text import one_line
from reports.wrong_verdicts import VariantResult  # noqa: TC001 - read at run time by the serializer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COLUMNS = 24
"""Faults side by side in one matrix of the HTML document; more would not fit on paper."""


class Fault(Protocol):
    """What is taken from a fault of the simulators."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def service(self) -> str:
        """The service it breaks."""

    @property
    def requirements(self) -> Sequence[str]:
        """Ids of the requirements it breaks."""

    @property
    def summary(self) -> str:
        """What it does, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultResult:
    """A fault and what became of it.

    Attributes:
        killed: Whether every requirement it breaks had a scenario that turned red.
        killed_by: Ids of the scenarios that did, sorted.
        survived_requirements: Those of its requirements whose scenarios all stayed green, or that have none.
    """

    id: str
    service: str
    requirements: tuple[str, ...]
    summary: str
    killed: bool
    killed_by: tuple[str, ...]
    survived_requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Counts over a kill matrix; `requirements` are those that some killed fault names."""

    faults: int
    killed: int
    survived: int
    requirements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KillMatrix:
    """What a proof has shown.

    Attributes:
        faults: By service and by what they break.
        must_without_fault: Requirements of level must with a scenario but no fault.
        variants: Those that were tried, sorted by id.
        must_without_variant: Requirements of level must with a scenario that no variant matters in, where
            variants were tried: nobody has seen whether they fail wrongly.
    """

    faults: tuple[FaultResult, ...]
    totals: Totals
    must_without_fault: tuple[str, ...]
    variants: tuple[VariantResult, ...] = ()
    must_without_variant: tuple[str, ...] = ()

    @property
    def wrong(self) -> int:
        """How many verdicts on variants were wrong."""
        return sum(len(each.wrong) for each in self.variants)

    @property
    def proven(self) -> bool:
        """Whether no fault survived, no must-level requirement lacks something, and no verdict was wrong."""
        lacking = self.must_without_fault or self.must_without_variant
        return not (self.totals.survived or lacking or self.wrong)


def evaluate(
    faults: Iterable[Fault],
    scenarios: Iterable[ScenarioResult],
    requirements: Iterable[RequirementResult],
    variants: Sequence[VariantResult] = (),
    profile: Profile = Profile.LENIENT,
) -> KillMatrix:
    """Judge faults by the scenarios that ran while each was in place.

    Args:
        faults: Those that were tried.
        scenarios: Of all runs with a fault, each with its `fault` set.
        requirements: Of the run without any fault: which are judged by a scenario at all.
        variants: How each of those that were tried was judged.
        profile: Whether a warning fails its requirement.
    """
    red: dict[str, list[ScenarioResult]] = {}
    for scenario in scenarios:
        # An inconclusive scenario or a broken harness has noticed something, but has not said what is wrong.
        if scenario.fault and scenario.verdict is Verdict.FAIL:
            red.setdefault(scenario.fault, []).append(scenario)
    results = tuple(_judge(f, red.get(f.id, []), profile) for f in sorted(faults, key=_place))
    named = {requirement for fault in results for requirement in fault.requirements}
    # Without a scenario a fault could not be noticed: that gap is the catalogue's to tell.
    must = {r.id for r in requirements if r.level is Level.MUST and r.scenarios}
    met = {requirement for variant in variants for requirement in variant.requirements}
    return KillMatrix(
        faults=results,
        totals=_totals(results),
        must_without_fault=tuple(sorted(must - named)) if results else (),
        variants=tuple(variants),
        must_without_variant=tuple(sorted(must - met)) if variants else (),
    )


def to_json(matrix: KillMatrix) -> str:
    """Return the matrix as JSON text, whose form is `schemas/kill_matrix.schema.json`."""
    return json.dumps(to_data(matrix), indent=1) + "\n"


def to_text(matrix: KillMatrix) -> str:
    """Return the matrix for a terminal: counts, then what survived, has no fault, or was judged wrongly."""
    return "\n".join([*_faults_as_text(matrix), *_variants_as_text(matrix)]) + "\n"


def _variants_as_text(matrix: KillMatrix) -> Iterator[str]:
    if not matrix.variants:
        return
    met = sum(each.met_by for each in matrix.variants)
    yield f"{len(matrix.variants)} variants tried in {met} scenarios: {matrix.wrong} wrong verdicts"
    for variant in matrix.variants:
        for each in variant.wrong:
            yield f"wrong: {variant.id} ({', '.join(variant.sources)}): {each.scenario}: {each.verdict}"
            yield f"       {', '.join(each.requirements)}: {one_line(each.reason)}"
    yield from (f"without a variant: {requirement} (must)" for requirement in matrix.must_without_variant)


def _faults_as_text(matrix: KillMatrix) -> list[str]:
    if not matrix.faults:
        return []
    lines = [f"{'service':<10}{'faults':>8}{'killed':>8}{'survived':>10}"]
    for service, group in groupby(matrix.faults, key=attrgetter("service")):
        totals = _totals(tuple(group))
        lines.append(f"{service:<10}{totals.faults:>8}{totals.killed:>8}{totals.survived:>10}")
    lines.append(f"{'all':<10}{matrix.totals.faults:>8}{matrix.totals.killed:>8}{matrix.totals.survived:>10}")
    for fault in matrix.faults:
        if not fault.killed:
            lines.append(f"survived: {fault.id}: {one_line(fault.summary)}")
            lines.append(f"          not noticed by any scenario of {', '.join(fault.survived_requirements)}")
    lines += [f"without a fault: {requirement} (must)" for requirement in matrix.must_without_fault]
    return lines


def to_html(matrix: KillMatrix, requirements: Iterable[RequirementResult]) -> str:
    """Return the matrix as one self-contained HTML document.

    Args:
        matrix: What was judged.
        requirements: For their texts and levels.
    """
    numbers = {fault.id: number for number, fault in enumerate(matrix.faults, start=1)}
    services = {service: list(group) for service, group in groupby(matrix.faults, key=attrgetter("service"))}
    return page.render(
        "kill_matrix.html",
        matrix=matrix,
        numbers=numbers,
        services=services,
        blocks={service: _pages(faults) for service, faults in services.items()},
        known={requirement.id: requirement for requirement in requirements},
    )


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """A part of the matrix that fits on a page: some faults, and the requirements they break."""

    faults: tuple[FaultResult, ...]
    requirements: tuple[str, ...]


def _pages(faults: Sequence[FaultResult]) -> list[MatrixPage]:
    """Cut the matrix of a service along its diagonal: faults of the same requirements stand together."""
    parts = (tuple(faults[start : start + COLUMNS]) for start in range(0, len(faults), COLUMNS))
    return [
        MatrixPage(part, tuple(sorted({r for fault in part for r in fault.requirements}))) for part in parts
    ]


def _place(fault: Fault) -> tuple[Any, ...]:
    """Return the sort key of a fault: services in their order, then what it breaks."""
    others = len(SERVICES)
    place = SERVICES.index(fault.service) if fault.service in SERVICES else others
    return place, fault.service, tuple(fault.requirements), fault.id


def _judge(fault: Fault, red: Sequence[ScenarioResult], profile: Profile) -> FaultResult:
    own = set(fault.requirements)
    # Failed itself, by a scenario of its own: one that is inconclusive because of another has shown nothing.
    noticed = {s.id: own & failed(s, profile) & set(s.requirements) for s in red}
    found = {requirement for each in noticed.values() for requirement in each}
    survived = tuple(requirement for requirement in fault.requirements if requirement not in found)
    return FaultResult(
        id=fault.id,
        service=fault.service,
        requirements=tuple(fault.requirements),
        summary=fault.summary,
        # A fault that names no requirement would be killed by nothing at all.
        killed=bool(own) and not survived,
        # Others turn red as well by a fault, but only those of its requirements prove anything.
        killed_by=tuple(sorted(scenario for scenario, ids in noticed.items() if ids)),
        survived_requirements=survived,
    )


def _totals(faults: Sequence[FaultResult]) -> Totals:
    killed = [fault for fault in faults if fault.killed]
    return Totals(
        faults=len(faults),
        killed=len(killed),
        survived=len(faults) - len(killed),
        requirements=len({requirement for fault in killed for requirement in fault.requirements}),
    )
