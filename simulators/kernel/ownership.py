"""Controls of ownership: a call is open only to the account that acts for its object (ERR-053)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.kernel.messages import Refusal

if TYPE_CHECKING:
    from opnc.identifiers import Emaid, Pcid
    from simulators.kernel.messages import Principal


def owned_by(caller: Principal | None, *, emaid: Emaid | None = None, pcid: Pcid | None = None) -> None:
    """Make sure that an account acts for the provider of a contract, or for the manufacturer of a vehicle.

    Args:
        caller: None where a fault lets calls without a token pass; then nothing is demanded.
        emaid: The contract's.
        pcid: The vehicle's.

    Raises:
        Refusal: 403, if it does not.
    """
    if caller is None:
        return
    # 403 and not 404: the reference is to deny, not to hide (ERR-156).
    if emaid is not None and emaid.owner not in caller.provider_ids:
        raise Refusal(403, f"emaid: this account does not act for {emaid.owner}")
    if pcid is not None and pcid.owner not in caller.wmis:
        raise Refusal(403, f"pcid: this account does not act for the WMI {pcid.owner}")
