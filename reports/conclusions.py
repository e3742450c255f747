"""From the verdicts of scenarios to those of requirements, the totals and the exit code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
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
) -> Conclusion:
    """Judge every requirement by the scenarios of a run.

    Args:
        scenarios: In any order.
        requirements: Those to report on: the whole catalogue, or what the run was restricted to.
        errata: The whole catalogue; only those referred to are kept.
        profile: Whether a finding of level warn counts against a requirement.
        complete: Whether every selected scenario was run.
        waived: Ids of requirements whose failure does not count for the exit code.

    Returns:
        Scenarios, requirements and errata sorted by id, with totals and exit code.
    """
    ordered = tuple(sorted(scenarios, key=attrgetter("id")))
    judged = _judgements(ordered, profile)
    results = tuple(
        _judge(requirement, judged.get(requirement.id, {}))
        for requirement in sorted(requirements, key=attrgetter("id"))
    )
    return Conclusion(
        scenarios=ordered,
        requirements=results,
        errata=_referred(ordered, results, errata),
        totals=totals(ordered, results),
        exit_code=exit_code(_weighed(ordered, results, waived, profile), complete=complete),
    )


def totals(scenarios: Sequence[ScenarioResult], requirements: Sequence[RequirementResult]) -> Totals:
    """Count the verdicts of a run."""
    return Totals(scenarios=_count(scenarios), requirements=_count(requirements))


def counts(finding: Finding, profile: Profile) -> bool:
    """Return whether a finding counts against its requirement; a warning does only in the strict profile."""
    warned = finding.level is FindingLevel.WARN and profile is Profile.STRICT
    return warned or finding.level is FindingLevel.FAIL


def exit_code(verdicts: Iterable[Verdict], *, complete: bool) -> int:
    """Return the exit code of a run from the verdicts of its scenarios and requirements.

    One fail is enough for 1, whatever else happened. Without one, an error of the harness gives 4. The rest
    is conformant (0) only if something passed, nothing was inconclusive and the run was complete; else 3.
    """
    seen = set(verdicts)
    if Verdict.FAIL in seen:
        return FAILED
    if Verdict.ERROR in seen:
        return HARNESS_ERROR
    # At least one pass: a run that judged nothing shows nothing, whatever was skipped.
    shown = complete and Verdict.PASS in seen and Verdict.INCONCLUSIVE not in seen
    return CONFORMANT if shown else INCONCLUSIVE


def against(scenario: ScenarioResult, profile: Profile) -> set[str]:
    """Return the requirements that a finding of a scenario counts against, also such as it does not name."""
    return {f.requirement for f in scenario.findings if f.requirement and counts(f, profile)}


def is_excused(scenario: ScenarioResult, waived: Collection[str], profile: Profile) -> bool:
    """Return whether a scenario did not pass and all that it judges or was found against is waived."""
    concerned = {*scenario.requirements, *against(scenario, profile)}
    # A scenario that concerns nothing cannot be waived: an empty set is a subset of everything.
    return bool(concerned) and scenario.verdict in WAIVABLE and concerned.issubset(waived)


def _weighed(
    scenarios: Iterable[ScenarioResult],
    requirements: Iterable[RequirementResult],
    waived: Collection[str],
    profile: Profile,
) -> Iterator[Verdict]:
    """Give the verdicts that count for the exit code."""
    # Scenarios count beside requirements: one may judge none of those that the run was restricted to.
    yield from (each.verdict for each in scenarios if not is_excused(each, waived, profile))
    for requirement in requirements:
        if requirement.id not in waived or requirement.verdict not in WAIVABLE:
            yield requirement.verdict


def _judgements(scenarios: Iterable[ScenarioResult], profile: Profile) -> dict[str, dict[str, Verdict]]:
    """Return, per requirement id, the scenarios that judge it with what they say about it.

    A scenario judges the requirements it names. A finding that counts against another one (exchanges are
    checked against the whole contract) fails that one too, else it would be reported as passed or untested.
    """
    judged: dict[str, dict[str, Verdict]] = {}
    for scenario in scenarios:
        blamed = against(scenario, profile)
        for requirement in {*scenario.requirements, *blamed}:
            verdict = Verdict.FAIL if requirement in blamed else scenario.verdict
            known = judged.setdefault(requirement, {})
            # Should an id come twice, the worse verdict stays.
            known[scenario.id] = min(verdict, known.get(scenario.id, verdict), key=WORST_FIRST.index)
    return judged


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
