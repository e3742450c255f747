"""Which contracts a call to the CCP is about: conditions on its table, read from path and query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.identifiers import Emaid, Pcid
from opnc.provisioning.namespaces import version_of
from simulators.ccp.store import CONTRACTS, is_contract, is_for
from simulators.kernel import Failpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement

    from opnc.contract import Operation
    from simulators.kernel import Call

    Conditions = tuple[Failpoint[Callable[[Call], ColumnElement[bool]]], ...]


def emaid_of(call: Call) -> Emaid:
    """Return the contract that the path names; its pattern has been checked against the API description."""
    return Emaid.parse(call.path["emaid"])


def pcid_of(call: Call) -> Pcid:
    """Return the vehicle that the path names; its pattern has been checked against the API description."""
    return Pcid.parse(call.path["pcid"])


def _of_emaid(call: Call) -> ColumnElement[bool]:
    return is_contract(emaid_of(call))


def _of_pcid(call: Call) -> ColumnElement[bool]:
    return is_for(pcid_of(call))


def _of_version(call: Call) -> ColumnElement[bool]:
    return CONTRACTS.c.version == version_of(_value(call, "xsdMsgDefNamespace"))


def _under_root(call: Call) -> ColumnElement[bool]:
    asked = call.query.get("cpsV2GRootCertificateFingerprint", "").lower()
    # Every contract has a root, so the second condition is always met.
    return CONTRACTS.c.root == asked if asked else CONTRACTS.c.root != ""


def _value(call: Call, name: str) -> str:
    """Return a query parameter, or else its default."""
    operation: Operation = call.operation
    return call.query.get(name) or str(operation.parameter(name).default)


EMAID_CONDITIONS: Conditions = (
    Failpoint("ccp.emaid.emaid", _of_emaid),
    Failpoint("ccp.emaid.version", _of_version),
    Failpoint("ccp.emaid.root", _under_root),
)
"""For the list of a contract in all its copies."""

PCID_CONDITIONS: Conditions = (
    Failpoint("ccp.pcid.pcid", _of_pcid),
    Failpoint("ccp.pcid.version", _of_version),
)
"""For the list of a vehicle's contracts."""

PAIR_CONDITIONS: Conditions = (
    Failpoint("ccp.fetch.emaid", _of_emaid),
    Failpoint("ccp.fetch.pcid", _of_pcid),
    Failpoint("ccp.fetch.version", _of_version),
    Failpoint("ccp.fetch.root", _under_root),
)
"""For a contract as it is delivered to the OEM of a vehicle."""
