"""A short look at what `tests/opnc/pki/differential.py` does at length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.opnc.pki.differential import JUDGES, Judges

if TYPE_CHECKING:
    from pathlib import Path


def test_the_judges_agree_on_a_good_certificate(tmp_path: Path) -> None:
    judges = Judges(tmp_path)
    for which in (0, 1):
        verdict = judges.judge(which, judges.chain[which].der)
        assert (verdict.refused_by, verdict.found) == (frozenset(), False)


def test_what_two_judges_refuse_has_a_finding(tmp_path: Path) -> None:
    judges = Judges(tmp_path)
    verdicts = [judges.judge(*mutant) for mutant in judges.mutants(60, seed=2)]
    assert {name for verdict in verdicts for name in verdict.refused_by} == set(JUDGES)
    assert [verdict.certificate.hex() for verdict in verdicts if verdict.missed] == []
