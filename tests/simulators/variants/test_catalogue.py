"""The catalogue of variants says of each what it does, who allows it, and nothing that does not exist."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from opnc import catalogue
from opnc.contract import load
from opnc.problem import Problem
from simulators.faults import FAULTS
from simulators.kernel.fault_injection import ActiveFaults
from simulators.variants import VARIANTS, behaviour, by_id

if TYPE_CHECKING:
    from simulators.variants.making import Variant

_ERRATUM = re.compile(r"ERR-\d{3}")
_CLAUSE = re.compile(r"(RFC \d+ [\d.]+|OPNC docs/[\w/]+|ISO 15118-(2|20) [\w.]+)")

each_variant = pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.id)


def test_ids_are_unique_and_no_fault_has_one() -> None:
    ids = Counter([each.id for each in VARIANTS] + [each.id for each in FAULTS])
    assert [name for name, times in ids.items() if times > 1] == []


@each_variant
def test_it_names_failpoints_and_operations_that_exist(variant: Variant) -> None:
    ActiveFaults.of((variant,))
    known = {operation.id for operation in load()} | {"ocsp", "crl"}
    assert set(variant.tamper) <= known
    switched = (variant.disabled, variant.tamper, variant.rights, variant.moved_first, variant.replaced)
    assert any((*switched, variant.around))


@each_variant
def test_an_erratum_or_a_clause_allows_it(variant: Variant) -> None:
    errata = catalogue.load().errata
    assert variant.sources
    for source in variant.sources:
        assert source in errata if _ERRATUM.fullmatch(source) else _CLAUSE.fullmatch(source), source


@each_variant
def test_what_it_leaves_unjudged_has_a_reason_and_exists(variant: Variant) -> None:
    assert bool(variant.unjudged) == bool(variant.leaves_out)
    known = catalogue.load().requirements
    for name in variant.unjudged:
        assert name in known or (name.endswith("*") and any(each.startswith(name[:-1]) for each in known))


def test_a_name_that_nothing_has_is_an_error() -> None:
    with pytest.raises(Problem, match="there is no variant 'x'"):
        by_id("x")
    with pytest.raises(Problem, match="there is no fault 'x'"):
        behaviour("x")
