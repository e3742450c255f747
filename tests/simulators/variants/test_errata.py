"""Every erratum has variants that are graded as it says, or a reason why nothing shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from opnc import catalogue
from opnc.severity import Severity
from simulators.variants import VARIANTS, by_id

if TYPE_CHECKING:
    from opnc.catalogue import Erratum

ERRATA = list(catalogue.load().errata.values())

WEIGHTS = {None: 0, Severity.INFO: 1, Severity.WARN: 2}
GRADES = {"pass": 1, "info": 1, "warn": 2}
"""By grade, how much a finding about it may weigh: that a reading is accepted may be noted."""

WORDS = {"INFO": 1, "WARN": 2}

NO_BEHAVIOUR = {
    "ERR-005": "where a service is, its target file says",
    "ERR-080": "a reading that was not declared is the target file's",
}
"""Errata that warn of something else than behaviour."""

each_erratum = pytest.mark.parametrize("erratum", ERRATA, ids=lambda each: each.id)


@each_erratum
def test_it_has_variants_or_a_reason_why_not(erratum: Erratum) -> None:
    assert bool(erratum.graded) != bool(erratum.not_shown)
    assert erratum.not_shown is None or erratum.not_shown.endswith(".")


@each_erratum
def test_it_grades_exactly_the_variants_that_name_it(erratum: Erratum) -> None:
    assert sorted(erratum.graded) == sorted(each.id for each in VARIANTS if erratum.id in each.sources)


@each_erratum
def test_its_text_gives_the_heaviest_grade(erratum: Erratum) -> None:
    said = max((WORDS[word] for word in re.findall(r"INFO|WARN", erratum.verdict_for_deviation)), default=0)
    graded = max((WORDS.get(grade.upper(), 0) for grade in erratum.graded.values()), default=0)
    if erratum.id not in NO_BEHAVIOUR and not erratum.not_shown:
        # That something else is accepted may be noted, whatever the text says of what is not.
        assert graded == said or (graded, said) == (1, 0)


@pytest.mark.parametrize("variant", sorted({name for erratum in ERRATA for name in erratum.graded}))
def test_a_variant_may_weigh_what_its_errata_say(variant: str) -> None:
    grades = [each.graded[variant] for each in catalogue.load().errata.values() if variant in each.graded]
    lenient = WEIGHTS[by_id(variant).lenient]
    heaviest = max(GRADES[grade] for grade in grades)
    assert lenient == heaviest or (lenient, heaviest) == (0, 1)
