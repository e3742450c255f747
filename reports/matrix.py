"""The interop matrix: who asked, who answered, and how that went in each use case, over any number of runs.

Who asked and who answered follows from a scenario's tags and requirements (`roles_of`). Verdicts are those of
the runs: nothing is weighed against anything else, and what failed with everybody stays failed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from reports.conclusions import WORST_FIRST
from reports.model import SIMULATED, Level, Results, ScenarioResult, Verdict
from reports.overview import NOT_PASSED
from reports.runs import Implementation, Run, counterpart_of, differences, run_of, suite_of, target_of
from reports.serializer import stored_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from opnc.problem import Problem
    from reports.results_file import ResultsFile

SCHEMA_VERSION = 1

SECOND_ECOSYSTEM = "needs.second-ecosystem"
"""The tag of scenarios in which the ecosystem of the target works with another one."""

CLIENTS = frozenset({"oem", "emsp", "cpo"})
"""Groups of requirements on clients: the target asks, the suite answers."""

NO_USE_CASE = "use case not named"

_JUDGED = (*NOT_PASSED, Verdict.PASS)


class Role(StrEnum):
    """On which side an implementation stood."""

    ASKED = "asked"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often each verdict was reached, and the worst of them."""

    worst: Verdict
    counts: Mapping[Verdict, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFailure:
    """A scenario that did not pass; `run` counts from 1, as everywhere here."""

    run: int
    scenario: str
    name: str
    verdict: Verdict
    reason: str | None
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two implementations that met.

    Attributes:
        number: Counts from 1.
        runs: Numbers of the runs in which they did.
        total: Every scenario counted once.
        use_cases: The same by use case; a scenario of two use cases is counted in both.
        failures: What did not pass, worst first.
    """

    number: int
    client: Implementation = field(metadata=stored_as("asked"))
    server: Implementation = field(metadata=stored_as("answered"))
    runs: tuple[int, ...]
    total: Tally
    use_cases: Mapping[str, Tally]
    failures: tuple[PairFailure, ...] = field(metadata=stored_as("troubles"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FailsWithEveryPartner:
    """An implementation that failed a use case with everybody it met, at least two, versions not counted."""

    role: Role
    implementation: Implementation
    use_case: str
    partners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """A requirement that failed in every run that judged it, at least two."""

    id: str
    level: Level
    text: str
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusableFile:
    """A file that could not be used, and why."""

    file: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedRun:
    """A run with its number from 1, and in which of `runs.COMPARABLE_FIELDS` it differs from most others."""

    number: int
    run: Run
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All runs side by side.

    Attributes:
        left_out: Files that are not in it.
        pairs: Sorted by who answered, then who asked.
        isolated: Who failed a use case with everybody.
        unmet: What everybody failed.
        not_judged: Use cases of the catalogue that no scenario of any run belongs to.
    """

    schema_version: int = SCHEMA_VERSION
    runs: tuple[NumberedRun, ...]
    left_out: tuple[UnusableFile, ...]
    pairs: tuple[Pair, ...]
    isolated: tuple[FailsWithEveryPartner, ...]
    unmet: tuple[Unmet, ...]
    not_judged: tuple[str, ...]


def build(files: Sequence[ResultsFile], left_out: Iterable[Problem] = ()) -> Matrix:
    """Set runs side by side.

    Args:
        files: The runs, numbered in this order.
        left_out: What was wrong with the files that are not among them.
    """
    runs = [run_of(file) for file in files]
    met = _PairIndex()
    for number, file in enumerate(files, start=1):
        met.add(number, file.results)
    pairs = tuple(met.pairs())
    return Matrix(
        runs=tuple(
            NumberedRun(number=number, run=run, differs=differs)
            for number, (run, differs) in enumerate(zip(runs, differences(runs), strict=True), start=1)
        ),
        left_out=tuple(UnusableFile(file=p.where, reason=p.what, hint=p.hint) for p in left_out),
        pairs=pairs,
        isolated=tuple(_isolated(pairs)),
        unmet=tuple(_unmet(file.results for file in files)),
        not_judged=tuple(sorted(_known(file.results for file in files) - use_cases(pairs))),
    )


def roles_of(scenario: ScenarioResult, results: Results) -> tuple[Implementation, Implementation]:
    """Return who asked and who answered in a scenario, in this order.

    A scenario with a second ecosystem is about the target asking it, or the suite in its place. Of a client
    the suite's simulators are asked. In every other the suite asks the target, or its own simulators where
    the target has no such service.
    """
    suite, target = suite_of(results), target_of(results)
    # Before the requirements are looked at: who asks in these follows from the tag alone.
    if SECOND_ECOSYSTEM in scenario.tags:
        return target, counterpart_of(results) or suite
    if any(requirement.partition("-")[0].lower() in CLIENTS for requirement in scenario.requirements):
        return target, suite
    # Then the suite has judged itself, and no cell of the target may count it.
    stood_in = results.target.services.get(scenario.service) == SIMULATED
    return suite, suite if stood_in else target


def use_cases(pairs: Iterable[Pair]) -> set[str]:
    """Return the use cases that any of the pairs has."""
    return {name for pair in pairs for name in pair.use_cases}


def _known(runs: Iterable[Results]) -> set[str]:
    return {name for results in runs for each in results.requirements for name in each.use_case}


class _PairIndex:
    """Gathers scenarios by who met whom."""

    def __init__(self) -> None:
        self._met: dict[tuple[Implementation, Implementation], list[tuple[int, ScenarioResult]]] = (
            defaultdict(list)
        )
        self._use_cases: list[Mapping[str, tuple[str, ...]]] = []

    def add(self, number: int, results: Results) -> None:
        self._use_cases.append({requirement.id: requirement.use_case for requirement in results.requirements})
        for scenario in results.scenarios:
            self._met[roles_of(scenario, results)].append((number, scenario))

    def pairs(self) -> Iterator[Pair]:
        # By who answered first: that is a row of the table.
        ordered = sorted(self._met.items(), key=lambda item: item[0][::-1])
        for number, ((client, server), met) in enumerate(ordered, start=1):
            yield Pair(
                number=number,
                client=client,
                server=server,
                runs=tuple(sorted({run for run, _ in met})),
                total=_tally(scenario.verdict for _, scenario in met),
                use_cases=self._by_use_case(met),
                failures=_failures(met),
            )

    def _by_use_case(self, met: Iterable[tuple[int, ScenarioResult]]) -> dict[str, Tally]:
        verdicts: dict[str, list[Verdict]] = defaultdict(list)
        for number, scenario in met:
            # Of its own run: another catalogue may sort a requirement into other use cases.
            known = self._use_cases[number - 1]
            named = {name for requirement in scenario.requirements for name in known.get(requirement, ())}
            for name in named or {NO_USE_CASE}:
                verdicts[name].append(scenario.verdict)
        return {name: _tally(verdicts[name]) for name in sorted(verdicts)}


def _tally(verdicts: Iterable[Verdict]) -> Tally:
    counted = Counter(verdicts)
    # Never empty: a pair exists only because of a scenario.
    worst = next(verdict for verdict in WORST_FIRST if counted[verdict])
    return Tally(worst=worst, counts={verdict: counted[verdict] for verdict in WORST_FIRST})


def _failures(met: Iterable[tuple[int, ScenarioResult]]) -> tuple[PairFailure, ...]:
    found = [
        PairFailure(
            run=number,
            scenario=scenario.id,
            name=scenario.name,
            verdict=scenario.verdict,
            reason=scenario.reason,
            requirements=scenario.requirements,
        )
        for number, scenario in met
        if scenario.verdict in NOT_PASSED
    ]
    return tuple(sorted(found, key=lambda t: (NOT_PASSED.index(t.verdict), t.scenario, t.run)))


def _isolated(pairs: Iterable[Pair]) -> Iterator[FailsWithEveryPartner]:
    seen: dict[tuple[Role, Implementation, str], list[tuple[str, Verdict]]] = defaultdict(list)
    for pair in pairs:
        for name, tally in pair.use_cases.items():
            # Not applicable says nothing about how two get on.
            if tally.worst in _JUDGED:
                seen[Role.ASKED, pair.client, name].append((pair.server.name, tally.worst))
                seen[Role.ANSWERED, pair.server, name].append((pair.client.name, tally.worst))
    for (role, implementation, name), met in sorted(seen.items()):
        # By name alone: two versions of one partner prove no more than one.
        partners = len({partner for partner, _ in met})
        if partners > 1 and all(verdict is Verdict.FAIL for _, verdict in met):
            yield FailsWithEveryPartner(
                role=role, implementation=implementation, use_case=name, partners=partners
            )


def _unmet(runs: Iterable[Results]) -> Iterator[Unmet]:
    judged = defaultdict(list)
    for results in runs:
        for requirement in results.requirements:
            if requirement.verdict in _JUDGED:
                judged[requirement.id].append(requirement)
    for name, found in sorted(judged.items()):
        # One run alone is its own report already.
        if len(found) > 1 and all(requirement.verdict is Verdict.FAIL for requirement in found):
            yield Unmet(id=name, level=found[0].level, text=found[0].text, runs=len(found))
