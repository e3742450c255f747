from __future__ import annotations

import pytest

from opnc import contract
from opnc.pki import deviations as pki
from opnc.severity import Deviation, Severity
from reports.model import FindingLevel

OF_CONTRACT = contract.Deviation(
    contract.Kind.SCHEMA, "/emaid", "a text", "1", ("ERR-012", "ERR-013"), Severity.WARN
)
OF_PKI = pki.Deviation("size", "certificate", "800", "900", "[V2G2-010]; ERR-030", Severity.INFO, "leaf")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (OF_CONTRACT, ("schema", "/emaid", "a text", "1", "ERR-012", Severity.WARN)),
        (OF_PKI, ("certificate: size", "leaf", "800", "900", "ERR-030", Severity.INFO)),
        (pki.Deviation("pem", "CRL", "DER", "PEM"), ("CRL: pem", "", "DER", "PEM", "", Severity.FAIL)),
    ],
)
def test_whoever_finds_a_deviation_it_says_the_same(found: Deviation, told: tuple[str, ...]) -> None:
    assert (found.what, found.where, found.expected, found.seen, found.erratum, found.severity) == told


def test_there_is_one_weight_for_all() -> None:
    assert contract.Severity is Severity is FindingLevel
    assert [each.value for each in Severity] == ["info", "warn", "fail"]
