"""What the front of a report says: the headline, the counts, what did not pass and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import waivers
from reports.attribution import Judgement, judgements
from reports.causes import key_of
from reports.conclusions import (
    CONFORMANT,
    FAILED,
    HARNESS_ERROR,
    INCONCLUSIVE,
    WORST_FIRST,
    counting,
    weighs,
)
from reports.model import (
    Finding,
    FindingLevel,
    Level,
    RequirementResult,
    Results,
    ScenarioResult,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SERVICES = ("rcp", "pcp", "cps", "ccp", "pki", "event")
CROSS_SERVICE = "across services"
_SERVICE_OF_PART = {name.upper(): name for name in SERVICES} | {"EVT": "event", "HOOK": "event"}

HEADLINES = {
    CONFORMANT: (Verdict.PASS, "Conformant"),
    FAILED: (Verdict.FAIL, "Not conformant"),
    INCONCLUSIVE: (Verdict.INCONCLUSIVE, "Inconclusive"),
    HARNESS_ERROR: (Verdict.ERROR, "Harness error"),
}
"""What an exit code means for the target."""

NOT_PASSED = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE)
_WEIGHT = {FindingLevel.FAIL: 0, FindingLevel.WARN: 1, FindingLevel.INFO: 2}
_LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """Counts of verdicts under one name; `total` is their sum."""

    name: str
    counts: Mapping[Verdict, int]
    total: int


Blamed = tuple[tuple[ScenarioResult, tuple[Finding, ...]], ...]
"""Scenarios to blame, each with its findings, worst first."""


@dataclass(frozen=True, slots=True)
class RequirementFailure:
    """A requirement that did not pass.

    Attributes:
        requirement: Itself.
        scenarios: Those to blame, without those that show only what an earlier one has shown.
        same: How many were left out for that.
        also: Others that did not pass for wholly the same.
        blocks: Those that could not be judged because of findings about this one.
    """

    requirement: RequirementResult
    scenarios: Blamed
    same: int = 0
    also: tuple[RequirementResult, ...] = ()
    blocks: tuple[RequirementResult, ...] = ()


def headline(results: Results) -> tuple[Verdict, str]:
    """Return the verdict on the target and the words for it; a waiver must not make it look conformant.

    For example `Conformant, with 2 deviations from recommendations (only service rcp)`.
    """
    verdict, word = HEADLINES[results.exit_code]
    # The exit code is for the pipeline; whoever reads the headline wants to know what the target does.
    if verdict is Verdict.PASS and (excused := waivers.excused(results)):
        verdicts = {r.verdict for r in results.requirements if r.id in excused}
        code = FAILED if Verdict.FAIL in verdicts else INCONCLUSIVE
        verdict, word = HEADLINES[code]
        word = f"{word}, but waived"
    elif verdict is Verdict.PASS and (count := len(_slight(results, Level.SHOULD, Verdict.FAIL))):
        word = f"{word}, with {_deviations(count)}"
    # A verdict on a part must not be quoted as one on the whole.
    return verdict, f"{word} ({results.selection})" if results.selection else word


def sentence(results: Results) -> str:
    """Return how it came out and how much was judged at all.

    For example `40 of 45 judged requirements passed; 2 failed, 1 deviation from a recommendation, 1 optional
    thing differs, 1 inconclusive; 701 were not judged.`
    """
    totals = results.totals.requirements
    judged = sum(totals[verdict] for verdict in (*NOT_PASSED, Verdict.PASS))
    passed = f"{totals[Verdict.PASS]} of {judged} judged requirements passed"
    excused = len(waivers.excused(results))
    others = [*_others(results), *[f"{excused} of these waived"] * bool(excused)]
    return f"{'; '.join([passed, *others, *_listed(totals, _NOT_JUDGED)])}."


_NOT_JUDGED = {Verdict.NOT_APPLICABLE: "not applicable", Verdict.NOT_TESTED: "were not judged"}


def _others(results: Results) -> list[str]:
    """Return as one part of a sentence how many requirements did not pass; nothing where all did."""
    totals = results.totals.requirements
    should, may = (_slight(results, level, Verdict.FAIL) for level in (Level.SHOULD, Level.MAY))
    open_ones = [_slight(results, level, Verdict.INCONCLUSIVE) for level in (Level.SHOULD, Level.MAY)]
    unclear = sum(map(len, open_ones))
    said = [
        (totals[Verdict.FAIL] - len(should) - len(may), "{} failed"),
        (len(should), _deviations(len(should))),
        (len(may), "{} optional thing differs" if len(may) == 1 else "{} optional things differ"),
        (totals[Verdict.ERROR], "{} could not be judged because the harness broke"),
        (totals[Verdict.INCONCLUSIVE] - unclear, _inconclusive(results)),
        (unclear, "{} recommended or optional inconclusive"),
    ]
    parts = ", ".join(words.format(count) for count, words in said if count)
    return [parts] if parts else []


def _inconclusive(results: Results) -> str:
    """Return how to tell of what is inconclusive and counts."""
    blocked = sum(bool(r.blocked_by) and weighs(r.level, results.fail_on) for r in results.requirements)
    return f"{{}} inconclusive ({blocked} because of what failed)" if blocked else "{} inconclusive"


def _deviations(count: int) -> str:
    return "1 deviation from a recommendation" if count == 1 else f"{count} deviations from recommendations"


def _slight(results: Results, level: Level, verdict: Verdict) -> list[RequirementResult]:
    """Return the requirements of a level that does not count for the exit code and that came out so."""
    if weighs(level, results.fail_on):
        return []
    return [r for r in results.requirements if r.level is level and r.verdict is verdict]


def _listed(totals: Mapping[str, int], words: Mapping[Verdict, str]) -> list[str]:
    """Return what was counted as one part of a sentence, or nothing where all counts are 0."""
    said = ", ".join(f"{totals[verdict]} {word}" for verdict, word in words.items() if totals[verdict])
    return [said] if said else []


def service_of(requirement: RequirementResult) -> str:
    """Return the service a requirement belongs to by its id, or `across services`.

    `RCP-GET-01`, `AUTH-401-RCP-getRootCertificates` and `HDR-RCP-putRootCertificate` belong to rcp.
    """
    # Any part, for groups of common concerns name the service further behind.
    parts = requirement.id.split("-")
    return next((_SERVICE_OF_PART[part] for part in parts if part in _SERVICE_OF_PART), CROSS_SERVICE)


def by_group(requirements: Iterable[RequirementResult]) -> list[tuple[str, list[RequirementResult]]]:
    """Return requirements by group: those of the services in their order, then the others by name."""
    groups: dict[str, list[RequirementResult]] = defaultdict(list)
    for requirement in requirements:
        groups[requirement.group].append(requirement)
    order = list(_SERVICE_OF_PART)
    return sorted(groups.items(), key=lambda group: (_place(order, group[0].upper()), group[0]))


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def by_level(results: Results) -> list[VerdictCounts]:
    """Return the verdicts of requirements per level."""
    return _rows(_LEVELS, ((r.level, r.verdict) for r in results.requirements))


def by_service(results: Results) -> list[VerdictCounts]:
    """Return the verdicts of requirements per service."""
    return _rows((*SERVICES, CROSS_SERVICE), ((service_of(r), r.verdict) for r in results.requirements))


def scenarios_by_service(results: Results) -> list[VerdictCounts]:
    """Return the verdicts of scenarios per service; further services than the six follow these."""
    seen = sorted({s.service for s in results.scenarios} - set(SERVICES))
    return _rows((*SERVICES, *seen), ((s.service, s.verdict) for s in results.scenarios))


def failures(results: Results) -> list[RequirementFailure]:
    """Return what did not pass: fails before errors before inconclusives, must before should before may.

    What is inconclusive only because of a finding about another requirement stands with that one.
    """
    levels = {requirement.id: requirement.level for requirement in results.requirements}
    scenarios: dict[str, list[tuple[ScenarioResult, dict[str, Judgement]]]] = defaultdict(list)
    for scenario in results.scenarios:
        # An id may come twice, as from a proof.
        scenarios[scenario.id].append((scenario, judgements(scenario, results.profile, levels)))
    found = []
    blocks: dict[str, list[RequirementResult]] = defaultdict(list)
    for requirement in results.requirements:
        said = [
            (scenario, judged[requirement.id])
            for name in requirement.scenarios
            for scenario, judged in scenarios[name]
            if requirement.id in judged
        ]
        for cause in sorted({block.requirement for block in requirement.blocked_by}):
            blocks[cause].append(requirement)
        open_ones = [each for _, each in said if each.verdict in NOT_PASSED]
        if requirement.verdict in NOT_PASSED and not all(each.cause for each in open_ones):
            found.append((requirement, _to_blame(requirement, said)))
    # The id last, so that equal ones keep one order from run to run.
    found.sort(key=lambda pair: (NOT_PASSED.index(pair[0].verdict), _LEVELS.index(pair[0].level), pair[0].id))
    return _told_once(found, blocks)


def _told_once(
    found: Sequence[tuple[RequirementResult, Blamed]], blocks: Mapping[str, Sequence[RequirementResult]]
) -> list[RequirementFailure]:
    """Tell of what did not pass for wholly the same in one place."""
    groups: dict[object, list[RequirementResult]] = defaultdict(list)
    blamed = {}
    for requirement, scenarios in found:
        key = requirement.verdict, tuple((scenario.id, findings) for scenario, findings in scenarios)
        groups[key].append(requirement)
        blamed[requirement.id] = scenarios
    failures = []
    for first, *others in groups.values():
        shown = _without_repetitions(blamed[first.id])
        failures.append(
            RequirementFailure(
                first,
                shown,
                same=len(blamed[first.id]) - len(shown),
                also=tuple(others),
                blocks=tuple(b for r in (first, *others) for b in blocks.get(r.id, ())),
            )
        )
    return failures


def _without_repetitions(blamed: Blamed) -> Blamed:
    """Leave out findings that say what an earlier one has said, and scenarios that show nothing else."""
    told: set[object] = set()
    kept = []
    for scenario, findings in blamed:
        fresh: dict[object, Finding] = {}
        for finding in findings:
            fresh.setdefault(key_of(finding, scenario), finding)
        # Without a finding the reason is what is told.
        keys = set(fresh) or {(scenario.verdict, scenario.reason)}
        if keys - told:
            kept.append((scenario, tuple(f for key, f in fresh.items() if key not in told)))
        told |= keys
    return tuple(kept)


def counted(results: Results) -> dict[str, Verdict | None]:
    """Return, by id, what each scenario counts for; None: it did not pass, but nothing of that counts."""
    waived = waivers.excused(results)
    levels = {requirement.id: requirement.level for requirement in results.requirements}
    found: dict[str, Verdict | None] = {}
    for scenario in results.scenarios:
        verdicts = counting(scenario, levels, waived=waived, fail_on=results.fail_on, profile=results.profile)
        worst = next((verdict for verdict in WORST_FIRST if verdict in verdicts), None)
        lost = scenario.verdict in NOT_PASSED and worst not in NOT_PASSED
        found[scenario.id] = None if lost else worst
    return found


def unlisted_failures(results: Results) -> list[ScenarioResult]:
    """Return scenarios that did not pass and that no requirement of the report shows; none must be lost."""
    shown = {scenario for requirement in results.requirements for scenario in requirement.scenarios}
    return [s for s in results.scenarios if s.verdict in NOT_PASSED and s.id not in shown]


def _to_blame(requirement: RequirementResult, said: Iterable[tuple[ScenarioResult, Judgement]]) -> Blamed:
    """Return the scenarios that made a requirement not pass, with the findings on it or on none by name."""
    blamed = []
    for scenario, judgement in said:
        # What was blocked is told with its cause.
        if judgement.verdict not in NOT_PASSED or judgement.cause:
            continue
        # A finding that names no requirement speaks about all that its scenario judges.
        seen = [f for f in scenario.findings if f.requirement in (requirement.id, None)]
        weighty = sorted(
            # Notes explain nothing that did not pass.
            (f for f in seen if f.level is not FindingLevel.INFO),
            key=lambda f: _WEIGHT[f.level],
        )
        blamed.append((scenario, tuple(weighty)))
    return tuple(sorted(blamed, key=lambda pair: WORST_FIRST.index(pair[0].verdict)))


def _rows(names: Iterable[str], found: Iterable[tuple[str, Verdict]]) -> list[VerdictCounts]:
    counted = Counter(found)
    # Without rows of zeros: a run of one service would show mostly those.
    rows = [(name, {verdict: counted[name, verdict] for verdict in Verdict}) for name in names]
    return [
        VerdictCounts(name, counts, sum(counts.values())) for name, counts in rows if any(counts.values())
    ]
