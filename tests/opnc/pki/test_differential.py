"""A short look at what `tests/opnc/pki/differential.py` does at length."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from opnc.pki.deviations import Unreadable
from opnc.pki.library import REFUSALS
from opnc.pki.reading import read_certificate
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


@pytest.mark.filterwarnings("ignore")
def test_nothing_that_the_strict_parser_refuses_is_read_in_silence(tmp_path: Path) -> None:
    read = []
    for _, mutant in Judges(tmp_path).mutants(800, seed=3):
        try:
            certificate = x509.load_der_x509_certificate(mutant)
            certificate.extensions, certificate.subject, certificate.issuer  # noqa: B018 - parsed when first read
        except REFUSALS:
            with suppress(Unreadable):
                read.append(read_certificate(mutant))
    assert len(read) > 50
    assert [each.der.hex() for each in read if not each.findings] == []
