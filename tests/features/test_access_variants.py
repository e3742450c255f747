"""Who decides otherwise than our simulators who may do what, and still conforms, is not failed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from opnc import rights
from opnc_conformance import benches
from simulators.variants import by_id
from tests.support.running import here
from tests.support.variants import Variant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def refused(*operations: str) -> Iterator[str]:
    """Yield the requirements that some party be refused an operation."""
    for cell in rights.cells():
        if cell.row.operation in operations and not cell.allowed:
            yield cell.requirement


def turned(erratum: str, service: str) -> Iterator[str]:
    """Yield the requirements of the cells of a service that have two readings."""
    for cell in rights.cells():
        if (cell.erratum, cell.row.service) == (erratum, service):
            yield cell.requirement


@pytest.mark.parametrize(
    ("variant", "requirements", "graded"),
    [
        (
            "pki.open-ca-certificates",
            ("AUTH-401-PKI-getCaCerts", "PKI-CACERTS-14", *refused("getCaCertsV1")),
            {("info", "ERR-103")},
        ),
        (
            "rcp.administration-elsewhere",
            (
                *("AUTH-401-RCP-putRootCertificate", "AUTH-401-RCP-deleteRootCertificate"),
                *("RCP-ORG-01", "AUTH-OAUTH-03"),
                *refused("putRootCertificateV1", "deleteRootCertificateV1"),
            ),
            {("info", "ERR-014")},
        ),
        ("rcp.grant-column", tuple(turned("ERR-151", "rcp")), {("warn", "ERR-151")}),
        ("pcp.grant-column", tuple(turned("ERR-151", "pcp")), {("warn", "ERR-151")}),
        (
            "pki.grant-column",
            (
                *turned("ERR-151", "pki"),
                *("PKI-CACERTS-06", "PKI-ENROLL-05", "HDR-PKI-getCaCerts", "HDR-PKI-simpleEnrollCert"),
            ),
            {("warn", "ERR-151")},
        ),
        ("ccp.post-cell", tuple(turned("ERR-150", "ccp")), {("warn", "ERR-150"), ("info", "ERR-020")}),
    ],
)
def test_who_decides_otherwise_within_the_text_is_noted_and_not_failed(
    variant: str,
    requirements: Iterable[str],
    graded: set[tuple[str, str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Variant(by_id(variant)))
    options = [part for name in sorted(set(requirements)) for part in ("--requirement", name)]
    outcome = here(capsys, tmp_path / "report", *options)
    assert {found for found, verdict in outcome.verdicts().items() if verdict != "pass"} == set()
    noted = [found for scenario in outcome.results["scenarios"] for found in scenario["findings"]]
    assert {(found["level"], found["erratum"]) for found in noted} == graded
