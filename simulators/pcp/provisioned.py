"""The vehicles of a PCP, as CPS and CCP of the same ecosystem see them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from opnc.provisioning.namespaces import NAMESPACES
from simulators.pcp.publication import read_publication

if TYPE_CHECKING:
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from simulators.pcp.store import VehicleStore


def provisioning_chain(vehicles: VehicleStore, pcid: str, version: Version) -> tuple[ReadCertificate, ...]:
    """Return the provisioning certificate of a vehicle and those above it; nothing where there is none.

    Args:
        vehicles: What the PCP keeps.
        pcid: The vehicle, upper case.
        version: The generation of ISO 15118.
    """
    rows = (row for row in vehicles.of(pcid) if row.namespace == NAMESPACES[version])
    row = next(rows, None)
    return read_publication(json.loads(row.body)).certificates if row else ()
