"""What `opnc prove` has shown with variants: which scenario judged conforming behaviour wrongly.

A variant behaves otherwise than the simulators and conforms. A verdict on it is wrong where a scenario that
passes without it fails, or finds more than the variant allows in the profile, or cannot judge what it could.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from reports.model import Finding, FindingLevel, Profile, ScenarioResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_WEIGHTS = (None, FindingLevel.INFO, FindingLevel.WARN, FindingLevel.FAIL)


class Variant(Protocol):
    """What is taken from a variant of the simulators; meaning as there."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def service(self) -> str:
        """Which service behaves so."""

    @property
    def summary(self) -> str:
        """What it does, in one sentence."""

    @property
    def sources(self) -> Sequence[str]:
        """What allows it."""

    @property
    def lenient(self) -> FindingLevel | None:
        """The most that a finding may weigh in the lenient profile."""

    @property
    def strict(self) -> FindingLevel | None:
        """The most that a finding may weigh in the strict profile."""

    @property
    def unjudged(self) -> Sequence[str]:
        """Requirements that may be left unjudged."""

    @property
    def leaves_out(self) -> str:
        """Why; empty where all can be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongVerdict:
    """A scenario that judged a variant worse than it may.

    Attributes:
        requirements: Those that the scenario judges.
        verdict: What it said.
        reason: Why, as the scenario or its finding says.
    """

    scenario: str
    requirements: tuple[str, ...]
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantResult:
    """A variant and how it was judged.

    Attributes:
        leaves_out: Why some requirements cannot be judged with it; empty where all can.
        met_by: How many scenarios were tried with it: those in which it matters.
        requirements: What these judge, sorted.
        wrong: What was judged wrongly, sorted by scenario.
    """

    id: str
    service: str
    summary: str
    sources: tuple[str, ...]
    leaves_out: str
    met_by: int
    requirements: tuple[str, ...]
    wrong: tuple[WrongVerdict, ...]


def evaluate(
    variants: Iterable[Variant],
    sound: Iterable[ScenarioResult],
    tried: Iterable[ScenarioResult],
    profile: Profile,
) -> tuple[VariantResult, ...]:
    """Judge the verdicts on variants.

    Args:
        variants: Those that may have been tried; each that no scenario met is left out.
        sound: The results without any variant.
        tried: The results with one, each with its `fault` set to the id of the variant.
        profile: Which reading decided.

    Returns:
        One result for each variant that was tried, sorted by id.
    """
    before = {each.id: each for each in sound}
    by_variant: dict[str, list[ScenarioResult]] = {}
    for each in tried:
        if each.fault is not None:
            by_variant.setdefault(each.fault, []).append(each)
    return tuple(
        _judge(variant, before, by_variant[variant.id], profile)
        for variant in sorted(variants, key=lambda each: each.id)
        if variant.id in by_variant
    )


def _judge(
    variant: Variant, before: Mapping[str, ScenarioResult], tried: Sequence[ScenarioResult], profile: Profile
) -> VariantResult:
    wrong = []
    for result in sorted(tried, key=lambda each: each.id):
        sound = before.get(result.id)
        # One that does not pass without the variant tells nothing about it.
        if sound is None or sound.verdict is not Verdict.PASS:
            continue
        if (reason := _why_wrong(variant, sound, result, profile)) is not None:
            wrong.append(
                WrongVerdict(
                    scenario=result.id,
                    requirements=result.requirements,
                    verdict=result.verdict,
                    reason=reason,
                )
            )
    return VariantResult(
        id=variant.id,
        service=variant.service,
        summary=variant.summary,
        sources=tuple(variant.sources),
        leaves_out=variant.leaves_out,
        met_by=len(tried),
        requirements=tuple(sorted({requirement for each in tried for requirement in each.requirements})),
        wrong=tuple(wrong),
    )


def _why_wrong(
    variant: Variant, sound: ScenarioResult, result: ScenarioResult, profile: Profile
) -> str | None:
    """Say what is wrong with a verdict; None where it is right."""
    allowed = variant.strict if profile is Profile.STRICT else variant.lenient
    heavier = [each for each in _added(sound, result) if _weight(each.level) > _weight(allowed)]
    if heavier:
        worst = max(heavier, key=lambda each: _weight(each.level))
        return f"{worst.level}: {worst.message}: expected {worst.expected}, seen {worst.seen}"
    if result.verdict in {Verdict.PASS, Verdict.FAIL}:
        # A fail without anything heavier comes from warnings, which the strict profile counts.
        return None
    unjudged = all(_is_named(each, variant.unjudged) for each in result.requirements)
    return None if unjudged and result.verdict is not Verdict.ERROR else result.reason or result.verdict.value


def _added(sound: ScenarioResult, result: ScenarioResult) -> Iterable[Finding]:
    """Return the findings that were not there without the variant."""
    # Counted: a second finding of the same words is one more.
    known = Counter(_words(each) for each in sound.findings)
    for each in result.findings:
        if known[_words(each)]:
            known[_words(each)] -= 1
        else:
            yield each


def _words(finding: Finding) -> tuple[str, str, str | None]:
    return finding.level, finding.message, finding.requirement


def _weight(level: FindingLevel | None) -> int:
    return _WEIGHTS.index(level)


def _is_named(requirement: str, names: Sequence[str]) -> bool:
    return any(
        requirement == name or (name.endswith("*") and requirement.startswith(name[:-1])) for name in names
    )
