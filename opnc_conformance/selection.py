"""Which of the collected scenarios run."""

from __future__ import annotations

import difflib
import re
from fnmatch import fnmatchcase
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest

from fixtures.bench.coverage import SERVICES, belongs_to, concerns
from opnc import catalogue, contract
from opnc.problem import Problem
from opnc_conformance import proof
from opnc_conformance.options import SOUND
from reports.scope import Selection, restricting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from fixtures.bench.coverage import Judging
    from fixtures.bench.scenario import Identity
    from fixtures.target.declaration import Target
    from opnc.catalogue import Requirement
    from opnc_conformance.options import Settings
    from simulators.kernel.fault_injection import Fault


def demand_known(kind: str, asked: Iterable[str], known: Collection[str]) -> None:
    """Refuse a selection that names what does not exist.

    Raises:
        Problem: Naming the first such value and those that come close to it.
    """
    for value in asked:
        if value not in known:
            close = difflib.get_close_matches(value, known, n=3, cutoff=0.4) or sorted(known)[:6]
            raise Problem(f"there is no {kind} {value!r}", hint=f"did you mean {', '.join(close)}?")


def expanded(patterns: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Return what names stand for, each of which may hold `*` for anything.

    Raises:
        Problem: For a name that nothing has, and for a pattern that nothing matches.
    """
    found: list[str] = []
    for pattern in patterns:
        matching = [each for each in sorted(known) if fnmatchcase(each, pattern)]
        if not matching:
            demand_known("requirement", [pattern], known)
        found += matching
    return tuple(dict.fromkeys(found))


# Asked for every feature file; a process has one or two settings.
@cache
def selected_requirements(settings: Settings) -> frozenset[str]:
    """Return the ids of the requirements a run is about, but for those that services share."""
    return frozenset(
        requirement.id
        for requirement in catalogue.load().requirements.values()
        if (not settings.services or any(belongs_to(requirement, service) for service in settings.services))
        and _is_asked_for(requirement, settings)
    )


def also_judged(scenario: Judging, settings: Settings) -> frozenset[str]:
    """Return the requirements shared by services that a scenario judges of a service that was selected.

    Who trusts a service trusts its tokens, its headers, what it takes for an id, and how it refuses.
    """
    # A proof is about the requirements of the service alone: the faults of others would survive it.
    if settings.prove or not settings.services:
        return frozenset()
    known = catalogue.load().requirements
    return frozenset(
        each
        for each in scenario.requirements
        if each in known
        and _is_asked_for(known[each], settings)
        and any(concerns(scenario, known[each], service) for service in settings.services)
    )


def judged_requirements(scenarios: Sequence[Judging], settings: Settings) -> frozenset[str]:
    """Return the ids of all requirements that a run with these scenarios is about."""
    found = selected_requirements(settings).union(*(also_judged(each, settings) for each in scenarios))
    # Who names scenarios asks nothing about requirements that others judge.
    return found.intersection(*[_judged_by(scenarios)] * bool(settings.scenarios))


def _judged_by(scenarios: Iterable[Judging]) -> set[str]:
    return {requirement for each in scenarios for requirement in each.requirements}


@cache
def _named(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return what an id matches that one of some patterns names.

    A pattern is an id with or without its row, the path of a feature or of a folder; `*` stands for anything.
    """
    # `fnmatch` would take the row of an outline, which is in brackets, for a set of characters.
    texts = (re.escape(pattern).replace(r"\*", ".*") for pattern in patterns)
    return re.compile(rf"(?:{'|'.join(texts)})(?:\[.*|::.*|/.*)?", re.DOTALL)


def is_named(scenario: str, settings: Settings) -> bool:
    """Tell whether a scenario is among those that the run was asked for by id."""
    return not settings.scenarios or _named(settings.scenarios).fullmatch(scenario) is not None


def _is_asked_for(requirement: Requirement, settings: Settings) -> bool:
    named = not settings.requirements or requirement.id in settings.requirements
    return named and (not settings.levels or requirement.level in settings.levels)


def description(settings: Settings, target: Target) -> Selection | None:
    """Say what alone a run is about; None: everything."""
    backends = sorted({backend.party for backend in target.backends}) if target.is_client else ()
    others = () if target.is_client or not target.simulated else set(target.services) - target.simulated
    return restricting(
        Selection(
            services=settings.services,
            requirements=settings.requirements,
            levels=settings.levels,
            scenarios=settings.scenarios,
            behaviour=settings.behaviour,
            read_only=settings.read_only,
            own_services=tuple(each for each in target.services if each in others),
            own_backends=tuple(backends),
        )
    )


def may_match(path: Path, settings: Settings) -> bool:
    """Tell from its text alone whether a feature file can hold what was asked for.

    Parsing and linting files that are left out anyway takes longer than a narrow run itself.
    """
    feature = path.relative_to(settings.features).with_suffix("").as_posix()
    # The part before the name of a scenario; a pattern may end in the midst of it.
    if not any(_may_lie_in(feature, each) for each in settings.scenarios or ("*",)):
        return False
    if not (settings.services or settings.requirements or settings.levels):
        return True
    text = path.read_text(encoding="utf-8", errors="replace")
    return (
        # Those run on every target, whatever was asked for (see `choose`).
        "@first" in text
        or "@last" in text
        or any(each in text for each in selected_requirements(settings))
        or any(each in text for each in _words(settings))
    )


def _may_lie_in(feature: str, pattern: str) -> bool:
    path, name, _ = pattern.partition("::")
    # `*` stands for the name as well as for the path, where a pattern does not tell them apart.
    return (not name and "*" in path) or _named((path,)).fullmatch(feature) is not None


def showable(settings: Settings, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the faults that can be shown by what is run against: some show in process only."""
    return tuple(fault for fault in faults if settings.target is None or not fault.in_process_only)


@cache
def _words(settings: Settings) -> frozenset[str]:
    """Return what a feature file holds at least one of if a scenario of it is `also_judged`."""
    if settings.prove or not settings.services:
        return frozenset()
    wanted = {SERVICES[service] for service in settings.services}
    operations = {
        operation
        for service in wanted.intersection(contract.SERVICES)
        for operation in contract.load().service(service).operations
    }
    shared = {
        f"@{requirement.id}"
        for requirement in catalogue.load().requirements.values()
        if _is_asked_for(requirement, settings) and wanted.intersection(requirement.iut)
    }
    return frozenset(operations | shared)


def faults_of(requirements: Iterable[str], faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults that break one of the requirements."""
    ids = frozenset(requirements)
    return [fault for fault in faults if not ids.isdisjoint(fault.requirements)]


def shuffled(items: list[pytest.Item], seed: int) -> list[pytest.Item]:
    """Return the items in an order that follows from the seed alone."""
    # Sorted first: the order of collection must not count.
    drawn = sorted(items, key=lambda item: item.nodeid)
    Random(seed).shuffle(drawn)  # noqa: S311 - an order, not a secret
    return drawn


def choose(
    items: Sequence[pytest.Item],
    settings: Settings,
    identity: Callable[[pytest.Item], Identity | None],
    faults: Iterable[Fault],
) -> list[pytest.Item]:
    """Return the items that run, in the order in which they run.

    In a proof, a row of an outline stays only with the faults that it is to notice.
    """
    ids = selected_requirements(settings)
    by_id = {fault.id: fault for fault in faults}
    met = proof.read(settings.met) if settings.met else {}

    def runs(item: pytest.Item) -> bool:
        scenario = identity(item)
        # Other tests beside the feature files run as usual, but there is nothing about them to prove.
        if scenario is None:
            return not settings.prove
        # They see at both ends of a run whether the target is there: without that no selection is worth much.
        if settings.target is not None and not settings.prove and _run_order(scenario):
            return True
        if not is_named(scenario.id, settings):
            return False
        judged = ids.intersection(scenario.requirements) | also_judged(scenario, settings)
        fault = _fault(item)
        if fault is None:
            return bool(judged) and (not settings.prove or SOUND in settings.prove)
        if fault in by_id:
            return _concerns(by_id[fault], judged, scenario.example)
        return bool(judged) and fault in met.get(scenario.id, ())

    chosen = [item for item in items if runs(item)]
    if settings.shuffle is not None:
        # Stable, so what was drawn stays as it is within each of the three groups.
        return sorted(shuffled(chosen, settings.shuffle), key=lambda item: _run_order(identity(item)))
    # What is the service's own before what it shares with others.
    return sorted(chosen, key=lambda item: (_run_order(identity(item)), not _is_own(identity(item), ids)))


def _is_own(scenario: Identity | None, ids: frozenset[str]) -> bool:
    return scenario is None or not ids.isdisjoint(scenario.requirements)


def _run_order(scenario: Identity | None) -> int:
    """Return -1 for what runs first, 1 for what runs last, 0 for all else."""
    tags = scenario.tags if scenario else ()
    return ("last" in tags) - ("first" in tags)


def _concerns(fault: Fault, judged: frozenset[str], example: Mapping[str, str]) -> bool:
    return not judged.isdisjoint(fault.requirements) and fault.only.items() <= example.items()


def _fault(item: pytest.Item) -> str | None:
    parameters = (
        item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    )
    fault = parameters.get("fault")
    return None if fault is None else str(fault)
