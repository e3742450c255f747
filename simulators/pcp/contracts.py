"""What the PCP asks of the CCP: the contracts that hang on a vehicle's key (ERR-051)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opnc.identifiers import Emaid, Pcid


class VehicleContracts(Protocol):
    """The side of a CCP that a PCP of the same ecosystem sees."""

    def emaids(self, pcid: Pcid, namespace: str) -> Sequence[Emaid | None]:
        """Return the EMAIDs of the contracts that are kept for a vehicle.

        None stands for all of them where only somebody else knows which there are.

        Args:
            pcid: The vehicle.
            namespace: The edition of ISO 15118 as `xsdMsgDefNamespace` names it; each has its own key.
        """
        ...

    def delete_of(self, pcid: Pcid, namespace: str) -> None:
        """Delete those contracts: nothing can decrypt them any more."""
        ...
