"""What the front of a report says: the headline, the counts, what did not pass and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import waivers
from reports.conclusions import (
    CONFORMANT,
    FAILED,
    HARNESS_ERROR,
    INCONCLUSIVE,
    WORST_FIRST,
    counting,
    counts,
    weighs,
)
from reports.model import (
    Finding,
    FindingLevel,
    Level,
    Profile,
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


@dataclass(frozen=True, slots=True)
class RequirementFailure:
    """A requirement that did not pass, with the scenarios to blame, each with its findings, worst first."""

    requirement: RequirementResult
    scenarios: tuple[tuple[ScenarioResult, tuple[Finding, ...]], ...]


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
        (totals[Verdict.INCONCLUSIVE] - unclear, "{} inconclusive"),
        (unclear, "{} recommended or optional inconclusive"),
    ]
    parts = ", ".join(words.format(count) for count, words in said if count)
    return [parts] if parts else []


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
    """Return what did not pass: fails before errors before inconclusives, must before should before may."""
    scenarios = {scenario.id: scenario for scenario in results.scenarios}
    found = [r for r in results.requirements if r.verdict in NOT_PASSED]
    # The id last, so that equal ones keep one order from run to run.
    found.sort(key=lambda r: (NOT_PASSED.index(r.verdict), _LEVELS.index(r.level), r.id))
    return [
        RequirementFailure(r, _to_blame(r, map(scenarios.__getitem__, r.scenarios), results.profile))
        for r in found
    ]


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


def _to_blame(
    requirement: RequirementResult, scenarios: Iterable[ScenarioResult], profile: Profile
) -> tuple[tuple[ScenarioResult, tuple[Finding, ...]], ...]:
    """Return the scenarios that made a requirement not pass, with the findings on it or on none by name."""
    blamed = []
    for scenario in scenarios:
        # A finding that names no requirement speaks about all that its scenario judges.
        about = [f for f in scenario.findings if f.requirement in (requirement.id, None)]
        weighty = sorted(
            # Notes explain nothing that did not pass.
            (f for f in about if f.level is not FindingLevel.INFO),
            key=lambda f: _WEIGHT[f.level],
        )
        if scenario.verdict in NOT_PASSED or any(counts(f, profile) for f in weighty):
            blamed.append((scenario, tuple(weighty)))
    return tuple(sorted(blamed, key=lambda pair: WORST_FIRST.index(pair[0].verdict)))


def _rows(names: Iterable[str], found: Iterable[tuple[str, Verdict]]) -> list[VerdictCounts]:
    counted = Counter(found)
    # Without rows of zeros: a run of one service would show mostly those.
    rows = [(name, {verdict: counted[name, verdict] for verdict in Verdict}) for name in names]
    return [
        VerdictCounts(name, counts, sum(counts.values())) for name, counts in rows if any(counts.values())
    ]
