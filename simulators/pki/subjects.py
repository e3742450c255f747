"""To whom a leaf certificate belongs: what its common name says, by certification domain.

OPNC: processes/docs/04_authentication.md; ERR-156, ERR-158, ERR-159.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.identifiers import Pcid

if TYPE_CHECKING:
    from simulators.kernel import Principal

_SEPARATORS = str.maketrans("", "", "*-")


def owner_of(domain: str, common_name: str, principal: Principal | None) -> str:
    """Return the owner of a certificate: a WMI, a provider id, an operator id, else the account itself.

    Args:
        domain: OPNC's `caDomain`.
        common_name: The CN asked for.
        principal: Who asks; owns what has no id of OPNC in it, such as the name of a CPS.
    """
    # An EMAID and an EVSE id begin with the country code and the id of the provider or operator.
    if domain in {"emsp", "cpo"}:
        return common_name.translate(_SEPARATORS)[:5].upper()
    if domain in {"oem", "veh"} and Pcid.valid(common_name):
        return Pcid.parse(common_name).owner
    return principal.subject if principal else ""


def may_act_for(principal: Principal | None, owner: str) -> bool:
    """Return whether an account acts for an owner."""
    if principal is None:
        return False
    # The subject too: what has no id of OPNC in its name belongs to the account itself.
    return owner in {principal.subject, *principal.wmis, *principal.provider_ids, *principal.operator_ids}
