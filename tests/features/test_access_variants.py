"""Who decides otherwise than our simulators who may do what, and still conforms, is not failed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixtures.bench.in_process import InProcessBench
from opnc import rights
from opnc_conformance import benches
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Refusal
from tests.support.running import here

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from simulators.kernel.messages import Call


class Foreign(InProcessBench):
    """A bench around an ecosystem that behaves otherwise than ours."""

    def __init__(self, variant: Fault) -> None:
        super().__init__()
        self._variant = variant

    def prepare(self, scenario: str, seed: str, fault: str | None) -> None:
        super().prepare(scenario, seed, fault)
        self._simulation.ecosystem.inject_faults((self._variant,))


def open_ca_certificates(call: Call) -> None:
    if call.operation.id == "getCaCertsV1":
        return
    if call.principal is None:
        raise Refusal(401, "no access token")
    if not rights.allowed(call.operation.id, call.principal.party, call.query.get("caDomain")):
        raise Refusal(403, "not open to this account")


OPEN_CA_CERTIFICATES = Fault(
    "open-ca-certificates",
    "pki",
    ("AUTH-401-PKI-getCaCerts", "PKI-CACERTS-14"),
    "CA certificates are open to everybody (RFC 7030 section 4.1.1, ERR-103).",
    disabled=frozenset({"pki.token"}),
    replaced={"pki.right": open_ca_certificates},
)


def administration_elsewhere(call: Call) -> None:
    party = call.principal.party if call.principal else None
    if call.operation.id in {"putRootCertificateV1", "deleteRootCertificateV1"} and party != "administrator":
        raise Refusal(405, "no such method")
    if party is None:
        raise Refusal(401, "no access token")


ADMINISTRATION_ELSEWHERE = Fault(
    "administration-elsewhere",
    "rcp",
    ("AUTH-401-RCP-putRootCertificate", "AUTH-401-RCP-deleteRootCertificate", "RCP-ORG-01", "AUTH-OAUTH-03"),
    "Only the administrator is offered PUT and DELETE (ERR-014).",
    disabled=frozenset({"rcp.token"}),
    replaced={"rcp.right": administration_elsewhere},
)


def turned(erratum: str, service: str, *others: str) -> Fault:
    """Return a service that reads every cell the other way that an erratum says has two readings."""
    cells = [cell for cell in rights.cells() if (cell.erratum, cell.row.service) == (erratum, service)]
    return Fault(
        f"{erratum} at {service}",
        service,
        (*(cell.requirement for cell in cells), *others),
        "Disputed cells of the table of rights are read the other way.",
        disabled=frozenset({"ccp.add.owner", "pki.revoke.owner"}),
        rights={(cell.row.operation, cell.row.ca_domain, cell.party): not cell.allowed for cell in cells},
    )


def refused(*operations: str) -> Iterator[str]:
    """Yield the requirements that some party be refused an operation."""
    for cell in rights.cells():
        if cell.row.operation in operations and not cell.allowed:
            yield cell.requirement


@pytest.mark.parametrize(
    ("variant", "requirements", "graded"),
    [
        (OPEN_CA_CERTIFICATES, refused("getCaCertsV1"), {("info", "ERR-103")}),
        (
            ADMINISTRATION_ELSEWHERE,
            refused("putRootCertificateV1", "deleteRootCertificateV1"),
            {("info", "ERR-014")},
        ),
        (turned("ERR-151", "rcp"), (), {("warn", "ERR-151")}),
        (turned("ERR-151", "pcp"), (), {("warn", "ERR-151")}),
        (
            turned("ERR-151", "pki", "PKI-CACERTS-06", "PKI-ENROLL-05", "HDR-PKI-getCaCerts"),
            ("HDR-PKI-simpleEnrollCert",),
            {("warn", "ERR-151")},
        ),
        (turned("ERR-150", "ccp"), (), {("warn", "ERR-150"), ("info", "ERR-020")}),
    ],
    ids=lambda value: value.id if isinstance(value, Fault) else "",
)
def test_who_decides_otherwise_within_the_text_is_noted_and_not_failed(
    variant: Fault,
    requirements: Iterable[str],
    graded: set[tuple[str, str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Foreign(variant))
    chosen = {*variant.requirements, *requirements}
    options = [part for name in sorted(chosen) for part in ("--requirement", name)]
    outcome = here(capsys, tmp_path / "report", *options)
    assert {found for found, verdict in outcome.verdicts().items() if verdict != "pass"} == set()
    noted = [found for scenario in outcome.results["scenarios"] for found in scenario["findings"]]
    assert {(found["level"], found["erratum"]) for found in noted} == graded
