"""Whose a contract or vehicle is: its identifier names the eMSP or the OEM, and accounts act for some.

OPNC: processes/docs/04_authentication.md, processes/docs/05_handling-of-ids.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.kernel.messages import Refusal

if TYPE_CHECKING:
    from opnc.identifiers import Emaid, Pcid
    from simulators.kernel.messages import Call

# A call without principal passes both: it has been refused by the control `token`, unless a fault leaves that
# out, and then nobody shall be asked who they are.


def demand_own_contract(call: Call, emaid: Emaid) -> None:
    """Make sure that the caller acts for the eMSP of a contract.

    Raises:
        Refusal: 403, naming country code and provider id.
    """
    if call.principal and emaid.owner not in call.principal.provider_ids:
        raise Refusal(403, f"emaid: this account does not act for {emaid.owner}")


def demand_own_vehicle(call: Call, pcid: Pcid) -> None:
    """Make sure that the caller acts for the OEM of a vehicle.

    Raises:
        Refusal: 403, naming the WMI.
    """
    if call.principal and pcid.owner not in call.principal.wmis:
        raise Refusal(403, f"pcid: this account does not act for the WMI {pcid.owner}")
