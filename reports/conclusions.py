"""From the verdicts of scenarios to those of requirements, the totals and the exit code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

from reports.model import (
    Erratum,
    Finding,
    FindingLevel,
    Level,
    Profile,
    RequirementResult,
    ScenarioResult,
    Totals,
    Verdict,
)
from reports.waivers import WAIVABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# 2 is left out because argument parsers use it for a wrong call.
CONFORMANT, FAILED, INCONCLUSIVE, HARNESS_ERROR = EXIT_CODES = (0, 1, 3, 4)
"""Exit codes; 2 (usage or target file) never comes from results."""

WORST_FIRST = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.PASS, Verdict.NOT_APPLICABLE)
"""A requirement takes the first of these that one of its scenarios has: a fail is never hidden by anything,
and one pass shows that the requirement did apply."""

LEVELS = tuple(Level)
"""The most binding first."""

_NOT_PASSED = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE})

NO_SCENARIO = "no scenario of this run judges it"


class CatalogueRequirement(Protocol):
    """What is taken from a requirement of the catalogue; meaning as in `model.RequirementResult`."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def group(self) -> str:
        """First part of its id, lower case."""

    @property
    def level(self) -> str:
        """One of must, should, may."""

    @property
    def implied(self) -> bool:
        """Whether it follows from the text without being written there."""

    @property
    def text(self) -> str:
        """What is required."""

    @property
    def expected(self) -> str:
        """What a test of it sees."""

    @property
    def source(self) -> Sequence[str]:
        """Places in the published text."""

    @property
    def use_case(self) -> Sequence[str]:
        """Use cases of CharIN's OPNC overview it belongs to."""

    @property
    def errata(self) -> Sequence[str]:
        """Ids of the errata that bear on it."""

    @property
    def not_tested(self) -> str | None:
        """Why no scenario judges it, or None."""


class CatalogueErratum(Protocol):
    """What is taken from an erratum of the catalogue."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """The defect in a few words."""

    @property
    def rule(self) -> str:
        """The reading held."""

    @property
    def verdict_for_deviation(self) -> str:
        """How a deviation from the reading is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What follows from the scenarios; each field goes into `Results` under the same name."""

    scenarios: tuple[ScenarioResult, ...]
    requirements: tuple[RequirementResult, ...]
    errata: tuple[Erratum, ...]
    totals: Totals
    exit_code: int


def conclude(
    scenarios: Iterable[ScenarioResult],
    requirements: Iterable[CatalogueRequirement],
    errata: Iterable[CatalogueErratum],
    *,
    profile: Profile,
    complete: bool,
    waived: Collection[str] = (),
    fail_on: Level = Level.MUST,
    wanted: Collection[str] | None = None,
) -> Conclusion:
    """Judge every requirement by the scenarios of a run.

    Args:
        scenarios: In any order.
        requirements: The whole catalogue.
        errata: The whole catalogue; only those referred to are kept.
        profile: Whether a finding of level warn counts against a requirement.
        complete: Whether every selected scenario was run.
        waived: Ids of requirements whose failure does not count for the exit code.
        fail_on: The least binding level whose requirements count for the exit code.
        wanted: Ids of the requirements that the run was restricted to; None: all. Of the others those are
            reported too that something was found against, or of which a scenario that judges nothing else
            did not pass.

    Returns:
        Scenarios, requirements and errata sorted by id, with totals and exit code.
    """
    ordered = tuple(sorted(scenarios, key=attrgetter("id")))
    judged = _judgements(ordered, profile)
    told = None if wanted is None else {*wanted, *_beyond(ordered, wanted, profile)}
    results = tuple(
        _judge(requirement, judged.get(requirement.id, {}))
        for requirement in sorted(requirements, key=attrgetter("id"))
        if told is None or requirement.id in told
    )
    levels = {requirement.id: requirement.level for requirement in results}
    return Conclusion(
        scenarios=ordered,
        requirements=results,
        errata=_referred(ordered, results, errata),
        totals=totals(ordered, results),
        exit_code=exit_code(
            chain.from_iterable(
                counting(each, levels, waived=waived, fail_on=fail_on, profile=profile) for each in ordered
            ),
            complete=complete,
            # Only what was asked for: that a target is there at all (see `@first`) shows nothing else.
            judged=any(
                Verdict.PASS in judged.get(r.id, {}).values()
                or (r.verdict is Verdict.FAIL and r.id not in waived)
                for r in results
                if wanted is None or r.id in wanted
            ),
        ),
    )


def totals(scenarios: Sequence[ScenarioResult], requirements: Sequence[RequirementResult]) -> Totals:
    """Count the verdicts of a run."""
    return Totals(scenarios=_count(scenarios), requirements=_count(requirements))


def counts(finding: Finding, profile: Profile) -> bool:
    """Return whether a finding counts against its requirement; a warning does only in the strict profile."""
    warned = finding.level is FindingLevel.WARN and profile is Profile.STRICT
    return warned or finding.level is FindingLevel.FAIL


def weighs(level: Level, fail_on: Level) -> bool:
    """Return whether a level counts for the exit code: it must be at least as binding as `fail_on`."""
    return LEVELS.index(level) <= LEVELS.index(fail_on)


def exit_code(verdicts: Iterable[Verdict], *, complete: bool, judged: bool) -> int:
    """Return the exit code of a run.

    One fail is enough for 1, whatever else happened. Without one, an error of the harness gives 4. The rest
    is conformant (0) only if some requirement was judged, nothing was inconclusive and the run was complete;
    else 3.

    Args:
        verdicts: Those that count.
        complete: Whether every selected scenario was run.
        judged: Whether anything that was asked about could be judged: else nothing was shown.
    """
    seen = set(verdicts)
    if Verdict.FAIL in seen:
        return FAILED
    if Verdict.ERROR in seen:
        return HARNESS_ERROR
    return CONFORMANT if complete and judged and Verdict.INCONCLUSIVE not in seen else INCONCLUSIVE


def against(scenario: ScenarioResult, profile: Profile) -> set[str]:
    """Return the requirements that a finding of a scenario counts against, also such as it does not name."""
    return {f.requirement for f in scenario.findings if f.requirement and counts(f, profile)}


def counting(
    scenario: ScenarioResult,
    levels: Mapping[str, Level],
    *,
    waived: Collection[str],
    fail_on: Level,
    profile: Profile,
) -> tuple[Verdict, ...]:
    """Return what a scenario says that counts for the exit code.

    Args:
        scenario: What ran.
        levels: Level by id, of the requirements that are reported.
        waived: Ids of the requirements whose failure does not count.
        fail_on: The least binding level that counts.
        profile: Whether warnings count.
    """
    said = {r: v for r, v in _said(scenario, profile).items() if r in levels}
    # What belongs to no requirement has no level, and a broken harness is nobody's deviation.
    if not said or scenario.verdict is Verdict.ERROR:
        return (scenario.verdict,)
    return tuple(
        verdict
        for requirement, verdict in said.items()
        if verdict not in WAIVABLE or (requirement not in waived and weighs(levels[requirement], fail_on))
    )


def _beyond(scenarios: Iterable[ScenarioResult], wanted: Collection[str], profile: Profile) -> Iterator[str]:
    """Give the requirements that were not asked about and yet have to be told of."""
    for scenario in scenarios:
        yield from against(scenario, profile)
        if scenario.verdict in _NOT_PASSED and not set(scenario.requirements) & set(wanted):
            yield from scenario.requirements


def _judgements(scenarios: Iterable[ScenarioResult], profile: Profile) -> dict[str, dict[str, Verdict]]:
    """Return, per requirement id, the scenarios that judge it with what they say about it."""
    judged: dict[str, dict[str, Verdict]] = {}
    for scenario in scenarios:
        for requirement, verdict in _said(scenario, profile).items():
            known = judged.setdefault(requirement, {})
            # Should an id come twice, the worse verdict stays.
            known[scenario.id] = min(verdict, known.get(scenario.id, verdict), key=WORST_FIRST.index)
    return judged


def _said(scenario: ScenarioResult, profile: Profile) -> dict[str, Verdict]:
    """Return what a scenario says about each requirement that it judges.

    It judges those it names. A finding that counts against another one (exchanges are checked against the
    whole contract) fails that one too, else it would be reported as passed or untested.
    """
    blamed = against(scenario, profile)
    named = dict.fromkeys(sorted({*scenario.requirements, *blamed}), scenario.verdict)
    return named | dict.fromkeys(blamed, Verdict.FAIL)


def _judge(requirement: CatalogueRequirement, verdicts: Mapping[str, Verdict]) -> RequirementResult:
    return RequirementResult(
        id=requirement.id,
        group=requirement.group,
        level=Level(requirement.level),
        implied=requirement.implied,
        text=requirement.text,
        expected=requirement.expected,
        source=tuple(requirement.source),
        use_case=tuple(requirement.use_case),
        errata=tuple(requirement.errata),
        verdict=next((v for v in WORST_FIRST if v in verdicts.values()), Verdict.NOT_TESTED),
        # Sorted already, as the scenarios were gathered in the order of their ids.
        scenarios=tuple(verdicts),
        not_tested=None if verdicts else requirement.not_tested or NO_SCENARIO,
    )


def _referred(
    scenarios: Iterable[ScenarioResult],
    requirements: Iterable[RequirementResult],
    errata: Iterable[CatalogueErratum],
) -> tuple[Erratum, ...]:
    named = {erratum for requirement in requirements for erratum in requirement.errata}
    named |= {finding.erratum for scenario in scenarios for finding in scenario.findings if finding.erratum}
    return tuple(
        Erratum(id=e.id, title=e.title, rule=e.rule, verdict_for_deviation=e.verdict_for_deviation)
        for e in sorted(errata, key=attrgetter("id"))
        if e.id in named
    )


def _verdicts(items: Sequence[ScenarioResult] | Sequence[RequirementResult]) -> list[Verdict]:
    return [item.verdict for item in items]


def _count(items: Sequence[ScenarioResult] | Sequence[RequirementResult]) -> dict[str, int]:
    counter = Counter(_verdicts(items))
    # Zeros too, so that readers need no default.
    return {verdict.value: counter[verdict] for verdict in Verdict}
