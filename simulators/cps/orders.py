"""What an eMSP without PKI orders: contract data for a vehicle, from a day to a day.

OPNC: specification/components/requestBodies/generateAndSignContractDataReq.v1.json, ERR-066 to ERR-069.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from opnc import contract
from opnc.contract.xml import MEDIA_TYPE, read_members
from opnc.identifiers import Emaid, Pcid
from opnc.problem import Problem
from opnc.provisioning.namespaces import version_of
from simulators.kernel import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opnc.pki.profiles import Version
    from simulators.kernel import Call

_URL = re.compile(r"(https?|http)://[-a-zA-Z0-9+&@#/%?=~_|!:,.;]*[-a-zA-Z0-9+&@#/%=~_|]")


@dataclass(frozen=True, slots=True)
class ContractOrder:
    """What is ordered.

    Attributes:
        emaid: The contract.
        pcid: The vehicle.
        version: The edition of ISO 15118.
        begins: From when the contract holds, to the second.
        ends: Until when.
        members: The request as it came.
    """

    emaid: Emaid
    pcid: Pcid
    version: Version
    begins: datetime
    ends: datetime
    members: Mapping[str, Any]

    def fingerprint(self, name: str) -> str | None:
        """Return the fingerprint of a root that is asked for; None where none is."""
        stated = self.members.get(name)
        return str(stated).lower() if stated else None


def parse_order(call: Call) -> ContractOrder:
    """Read the order in a request, in JSON or XML.

    Raises:
        Refusal: 400, naming the member that is wrong.
    """
    members = _members(call)
    return ContractOrder(
        emaid=Emaid.parse(members["emaid"]),
        pcid=Pcid.parse(members["pcid"]),
        version=version_of(members["xsdMsgDefNamespace"]),
        begins=_moment(members, "contractBegins", round_up=True),
        ends=_moment(members, "contractEnds"),
        members=members,
    )


def _members(call: Call) -> Mapping[str, Any]:
    if not call.headers.get("content-type", "").lower().startswith(MEDIA_TYPE):
        members: Mapping[str, Any] = call.body
        return members
    try:
        read = read_members(call.content)
    except Problem as problem:
        raise Refusal(400, f"body: {problem.where} {problem.what}".replace(":  ", ": ")) from problem
    as_json = {"content-type": "application/json"}
    # What the XML says is held against the schema of the JSON.
    for found in contract.check_request_body(call.operation, as_json, json.dumps(read).encode()):
        if found.severity is contract.Severity.FAIL:
            raise Refusal(400, f"{found.where}: expected {found.expected}")
    return read


def _moment(members: Mapping[str, Any], name: str, *, round_up: bool = False) -> datetime:
    """Read a moment; certificates know whole seconds, so the contract is never made longer."""
    text = str(members[name])
    try:
        # To UTC: certificates know no other zone, and moments of two zones must be compared.
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refusal(400, f"{name}: {text!r} does not match the specification, RFC 3339") from error
    # Inwards: a beginning is rounded up, an end down.
    whole = moment.replace(microsecond=0)
    return whole + timedelta(seconds=1) if round_up and whole < moment else whole


def check_dates(order: ContractOrder, now: datetime) -> None:
    """Make sure that the contract has not ended.

    Raises:
        Refusal: 400.
    """
    if order.ends <= now:
        raise Refusal(400, "The given contractEnds date is in the past.")


def check_sequence(order: ContractOrder) -> None:
    """Make sure that the contract begins before it ends.

    Raises:
        Refusal: 400.
    """
    if order.ends <= order.begins:
        raise Refusal(400, "contractEnds: not after contractBegins")


def check_url(order: ContractOrder) -> None:
    """Make sure that an address of the eMSP is one (ERR-069).

    Raises:
        Refusal: 400.
    """
    url = order.members.get("subscriptionUrl")
    if url is not None and not _URL.match(url):
        raise Refusal(400, f"subscriptionUrl: {url[:80]!r} is no http or https URL")


def check_length(order: ContractOrder) -> None:
    """Make sure that ISO 15118-2 can carry the EMAID (ERR-163).

    Raises:
        Refusal: 400.
    """
    if order.version == "ISO15118-2" and not order.emaid.fits_iso15118_2:
        raise Refusal(400, f"emaid: {order.emaid.normalised} is longer than ISO 15118-2 can carry")
