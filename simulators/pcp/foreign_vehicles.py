"""Vehicles of other ecosystems: CPS and CCP know them for the length of one request (POOL collaboration)."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from opnc import contract
from opnc.vehicles import WRAPPER, namespace_of
from simulators.kernel import Answer, Call, Failpoint, NotFoundLocally, OperationHandler
from simulators.pcp.publication import read_publication
from simulators.pcp.store import PublishedVehicle, VehicleStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Protocol

    from opnc.identifiers import Pcid
    from simulators.kernel import Service
    from simulators.kernel.outages import Outages
    from simulators.kernel.store import Store

    class VehicleSource(Protocol):
        """Who can be asked for a vehicle."""

        def ask(self, call: Call) -> Answer:
            """Answer `READ`, or raise `NotFoundLocally`."""


READ = "getProvisioningCertificateV1"


class KnownVehicles:
    """The vehicles of the own PCP and, while a request is about it, one of another."""

    def __init__(self, store: Store, outages: Outages) -> None:
        self._outages = outages
        self._own = VehicleStore(store)
        self._foreign: PublishedVehicle | None = None

    def of(self, pcid: Pcid) -> Sequence[PublishedVehicle]:
        """Return what is known of a vehicle, that which was published last first.

        Raises:
            Refusal: If the own PCP is out of operation.
        """
        self._outages.demand("pcp")
        own = self._own.of(pcid)
        if own or self._foreign is None or self._foreign.pcid != pcid:
            return own
        return [self._foreign]

    @contextmanager
    def with_foreign(self, vehicle: PublishedVehicle) -> Iterator[None]:
        """Know a vehicle of another ecosystem within the `with` block, and forget it afterwards."""
        # One suffices: it is used in one transaction, during which the ecosystem's lock is never released.
        self._foreign = vehicle
        try:
            yield
        finally:
            self._foreign = None


class ForeignVehicleLookup:
    """Gets the vehicles that requests are about from other ecosystems, if they are not here.

    Attributes:
        collaboration: Asks the PCPs of others, or the own one where somebody else runs it; None as long as
            there is none that could.
    """

    collaboration: VehicleSource | None = None

    def __init__(self, vehicles: KnownVehicles) -> None:
        """Get ready.

        Args:
            vehicles: Those that CPS and CCP know.
        """
        self._vehicles = vehicles

    def with_fallback(
        self, service: Service, handler: OperationHandler, pcid_of: Callable[[Call], Pcid | None]
    ) -> OperationHandler:
        """Return a handler that is tried again with a vehicle of another ecosystem.

        Args:
            service: Whose handler it is; the piece is named after it, such as `cps.vehicle.peers`.
            handler: What is done with own vehicles.
            pcid_of: Returns the vehicle that a call is about; None where none is to be asked for.
        """

        def try_again(call: Call) -> Answer:
            pcid = pcid_of(call)
            # Something else than the vehicle is missing; asking for that is left to the next fallback.
            if pcid is None or self._vehicles.of(pcid):
                raise NotFoundLocally(404, "no vehicle of others is concerned")
            with self._vehicles.with_foreign(self._look_up(call, pcid)):
                return service.answer_locally(call, handler)

        piece: Failpoint[Callable[[Call], Answer]] = Failpoint(f"{service.name}.vehicle.peers", try_again)
        return replace(handler, fallbacks=(piece, *handler.fallbacks))

    def _look_up(self, call: Call, pcid: Pcid) -> PublishedVehicle:
        """Ask for a vehicle.

        Raises:
            NotFoundLocally: If nobody has it.
        """
        if self.collaboration is None:
            raise NotFoundLocally(404, "there is no PCP to ask others")
        operation = contract.load().operation(READ)
        # The caller's headers go along: peers are told who has asked first.
        question = replace(
            call, operation=operation, path={"pcid": pcid.normalised}, query={}, content=b"", body=None
        )
        entry = self.collaboration.ask(question).value()[WRAPPER]
        return PublishedVehicle(pcid, namespace_of(read_publication(entry).leaf), json.dumps(entry))
