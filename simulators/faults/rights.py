"""One fault for each cell of the rights table, and one for each service that asks nobody who they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc import catalogue, rights
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.kernel.messages import Call

SERVICES = ("rcp", "pcp", "pki", "cps", "ccp", "event")
"""The services that are simulated."""

OWNERSHIP: Mapping[str, frozenset[str]] = {
    "addProvisioningCertificateV1": frozenset({"pcp.put.wmi"}),
    "simpleEnrollCertV1": frozenset({"pki.enroll.owner"}),
    "revokeCertV1": frozenset({"pki.revoke.owner"}),
    "signContractDataV1": frozenset({"cps.sign.owner"}),
    "generateAndSignContractDataV1": frozenset({"cps.generate.owner"}),
    "addSignedContractDataV1": frozenset({"ccp.add.owner"}),
    "deleteSignedContractDataByEmaidV1": frozenset({"ccp.delete.owner"}),
    "getContractDataByEmaidV1": frozenset({"ccp.emaid.owner"}),
    "getContractDataByPcidV1": frozenset({"ccp.pcid.owner"}),
    "getSignedContractDataByEmaidAndPcidV1": frozenset({"ccp.fetch.owner"}),
    "setSignedContractDataAsDefaultV1": frozenset({"ccp.default.owner"}),
}
"""Controls by operation id that would refuse with the same status whom the table lets pass wrongly."""


def _turned(cell: rights.Cell) -> Fault:
    row = cell.row
    operation = row.operation if row.ca_domain is None else f"{row.operation}.{row.ca_domain}"
    verb = "may not" if cell.allowed else "may"
    return Fault(
        id=f"rights.{operation}.{cell.party}",
        service=row.service,
        requirements=(cell.requirement,),
        summary=f"The party {cell.party} {verb} call {operation}, against the rights table.",
        disabled=frozenset() if cell.allowed else OWNERSHIP.get(row.operation, frozenset()),
        rights={(row.operation, row.ca_domain, cell.party): not cell.allowed},
        only={"requirement": cell.requirement},
    )


def _disputed(cell: rights.Cell) -> Fault:
    """Make a fault that no reading of a cell allows: neither served nor refused, or refused and yet done."""
    turned = _turned(cell)
    verdict = "is not known at" if cell.allowed else "is refused and yet served at"

    def tamper(call: Call, answer: Answer) -> Answer:
        concerned = (
            call.principal is not None
            and call.principal.party == cell.party
            and call.query.get("caDomain") == cell.row.ca_domain
        )
        return Answer(401 if cell.allowed else 403, media_type="") if concerned else answer

    return replace(
        turned,
        summary=f"The party {cell.party} {verdict} {cell.row.call}.",
        rights={} if cell.allowed else turned.rights,
        tamper={cell.row.operation: tamper},
    )


def _open(service: str) -> Fault:
    prefix = f"AUTH-401-{service.upper()}-"
    return Fault(
        id=f"{service}.open-to-all",
        service=service,
        # CA certificates may be open to everybody (ERR-103).
        requirements=tuple(
            each.id
            for each in catalogue.load().requirements.values()
            if each.id.startswith(prefix) and each.operation != "getCaCertsV1"
        ),
        summary="Nobody is asked for an access token.",
        # Without a token there is nobody who could have the right.
        disabled=frozenset({f"{service}.token", f"{service}.right"}),
    )


def _in_the_clear(service: str) -> Fault:
    return Fault(
        id=f"{service}.in-the-clear",
        service=service,
        requirements=("AUTH-TLS-01",),
        summary="The service is also had by plain HTTP, where nobody is asked for an access token.",
        # That there is a token to be shown would be a warning: the tester shows none where all can read it.
        disabled=frozenset({f"{service}.encrypted", f"{service}.token", f"{service}.right"}),
        only={"service": service},
    )


def _rights_of_the_known_alone(call: Call) -> None:
    """Refuse whom the table denies, but nobody who does not say who they are."""
    if call.principal and not rights.allowed(
        call.operation.id, call.principal.party, call.query.get("caDomain")
    ):
        raise Refusal(403, f"{call.operation.id} is not open to this account")


NO_TOKEN_NEEDED = Fault(
    id="pki.rights-of-the-known-alone",
    service="pki",
    requirements=("AUTH-401-PKI-getCaCerts",),
    summary="Who may not have CA certificates gets them by leaving out the access token.",
    disabled=frozenset({"pki.token"}),
    replaced={"pki.right": _rights_of_the_known_alone},
)

FAULTS: tuple[Fault, ...] = (
    NO_TOKEN_NEEDED,
    *(
        _disputed(cell) if cell.erratum else _turned(cell)
        for cell in rights.cells()
        if cell.row.service in SERVICES
    ),
    *(_open(service) for service in SERVICES),
    *(_in_the_clear(service) for service in SERVICES),
)
