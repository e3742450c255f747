"""The vehicles of a PCP, as CPS and CCP of the same ecosystem see them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from opnc.provisioning.namespaces import NAMESPACES
from simulators.pcp.publication import read_publication

if TYPE_CHECKING:
    from opnc.identifiers import Pcid
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from simulators.pcp.foreign_vehicles import KnownVehicles


def provisioning_chain(vehicles: KnownVehicles, pcid: Pcid, version: Version) -> tuple[ReadCertificate, ...]:
    """Return the provisioning certificate of a vehicle and those above it; nothing where there is none.

    Args:
        vehicles: What the PCP keeps, and what was got from others for this request.
        pcid: The vehicle.
        version: The edition of ISO 15118.
    """
    # Of one edition there is at most one: a later publication has taken its place (ERR-045).
    found = next((each for each in vehicles.of(pcid) if each.namespace == NAMESPACES[version]), None)
    return read_publication(json.loads(found.body)).certificates if found else ()
