"""Services of one ecosystem that somebody else runs: how ours reach them, and are told of what happens there.

What OPNC has an operation for goes by that operation, in an account as any participant has one. For the rest
there is the *occurrence*: a POST that tells in the words of an event what has happened, for which OPNC has
nothing between a pool and the Event Service, or between two pools.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections import deque
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from opnc import json_body
from opnc.events import EMSP_EVENTS
from opnc.identifiers import Emaid, Pcid
from opnc.pki.deviations import Unreadable
from opnc.pki.reading import read_certificate
from opnc.problem import Problem
from opnc.roots import stated_types
from simulators.kernel import Answer, Call, NotFoundLocally
from simulators.kernel.events import Bus, Event
from simulators.parties.client import ServiceUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from opnc.clock import Clock
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Revocation
    from simulators.parties.client import Client, ServiceResponse

ROOTS, VEHICLE, STORE = "getRootCertificatesV1", "getProvisioningCertificateV1", "addSignedContractDataV1"
REVOKE, CESSATION = "revokeCertV1", "cessationOfOperation"

EVENT, CCP, PCP, RCP, PKI = "event", "ccp", "pcp", "rcp", "pki"

NAMESPACE = "xsdMsgDefNamespace"

MAX_WAITING = 1000
"""Occurrences that are kept for somebody who is not there; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Informed:
    """Where somebody takes occurrences.

    Attributes:
        url: Takes a POST.
        token: The bearer token for that; empty where none is wanted.
        http: What carries the request.
    """

    url: str
    token: str = field(repr=False)
    http: httpx.Client


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the services are that somebody else runs.

    Attributes:
        client: Returns who calls an operation there, for an eMSP if that has to be the one who calls.
        informed: Where occurrences are told; None where nobody takes any.
    """

    client: Callable[[str, str], Client]
    informed: Informed | None


class RefusedElsewhere(Exception):
    """A service that somebody else runs has not taken what had to be handed on; says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Elsewhere:
    """The services of an ecosystem that are not served here.

    Attributes:
        services: Their names.
        released: Lets others touch the ecosystem while somebody is waited for.
    """

    def __init__(
        self, services: frozenset[str], find: Callable[[], Whereabouts | None], *, blamed: bool = False
    ) -> None:
        """Get ready.

        Args:
            services: Their names.
            find: Says where they are; None as long as nobody knows, which is asked again each time.
            blamed: Whether what they refuse is no fault of who has asked here, even where they say so.
        """
        self._blamed = blamed
        self.services = services
        self.released: Callable[[], AbstractContextManager[object]] = nullcontext
        self._find = find
        self._contracts: deque[Mapping[str, Any]] = deque()
        self._occurrences: deque[Event] = deque(maxlen=MAX_WAITING)
        self._revoked: deque[ReadCertificate] = deque(maxlen=MAX_WAITING)
        self._told: Event | None = None

    # Asked for

    def roots(self, clock: Clock, *types: str) -> tuple[ReadCertificate, ...]:
        """Return the roots of some types, lower case, of the RCP elsewhere that are valid now.

        Nobody else is let in meanwhile: they are asked for in the middle of looking at a request.
        """
        answer = self._ask(ROOTS, nullcontext())
        body = answer.json() if answer is not None and answer.ok else None
        listed = body.get("rootCertificateCollection", []) if isinstance(body, dict) else []
        read = (_root(each) for each in listed if isinstance(each, dict) and {*stated_types(each)} & {*types})
        now = clock.now()
        return tuple(each for each in read if each is not None and each.valid_at(now))

    def ask(self, call: Call) -> Answer:
        """Return the answer of the PCP elsewhere to a question for a vehicle.

        Raises:
            NotFoundLocally: If it has none, or gives no answer.
        """
        answer = self._ask(VEHICLE, self.released(), path=call.path)
        if answer is None or not answer.ok:
            raise NotFoundLocally(404, "pcid: the PCP has no provisioning certificate for it")
        return Answer(answer.status, answer.content)

    def _ask(
        self, operation: str, meanwhile: AbstractContextManager[object], **parts: Any
    ) -> ServiceResponse | None:
        place = self._find()
        if place is None:
            return None
        try:
            with meanwhile:
                return place.client(operation, "").call(operation, **parts)
        except ServiceUnreachable:
            return None

    # Handed on

    def store_signed(self, members: Mapping[str, Any]) -> None:
        """Hand signed contract data on to the CCP when the request is answered."""
        self._contracts.append(members)

    def is_used_by_other(self, _emaid: Emaid, _pcid: Pcid) -> bool:
        """Leave it to the CCP to say so."""
        return False

    def emaids(self, _pcid: Pcid, _namespace: str) -> Sequence[Emaid | None]:
        """Return one that stands for all contracts of a vehicle: the CCP knows which there are."""
        return (None,)

    def delete_of(self, _pcid: Pcid, _namespace: str) -> None:
        """Leave it to the CCP, which is told why."""

    # A register of certificates, as a CCP asks for one

    def owner(self, contract: ReadCertificate) -> str | None:
        """Return the eMSP of a contract certificate: who has issued it the PKI knows, and nobody here."""
        name = contract.common_name or ""
        return Emaid.parse(name).owner if Emaid.valid_in_api(name) else None

    def is_revoked(self, _certificate: ReadCertificate) -> bool:
        """Leave it to the PKI to know."""
        return False

    def revoke(self, certificate: ReadCertificate, _revocation: Revocation) -> None:
        """Have the PKI revoke a contract certificate, if it has issued it."""
        self._revoked.append(certificate)

    def listen(self, bus: Bus) -> None:
        """Hand on what happens here and matters elsewhere."""
        bus.subscribe(self._note, lambda: None)

    def _note(self, event: Event) -> None:
        of_vehicle = CCP in self.services and is_about_all_contracts(event)
        if event is not self._told and (of_vehicle or EVENT in self.services):
            self._occurrences.append(event)

    def publish(self, bus: Bus, event: Event) -> None:
        """Publish here what was told from elsewhere, and tell it nobody else."""
        self._told = event
        try:
            bus.publish(event)
        finally:
            self._told = None

    def forget(self) -> None:
        """Hand on nothing of what has happened so far."""
        self._contracts.clear()
        self._occurrences.clear()
        self._revoked.clear()

    def waiting(self) -> bool:
        """Whether something has to be handed on."""
        return bool(self._contracts or self._occurrences or self._revoked)

    def hand_on(self) -> None:
        """Hand on what has to be.

        Raises:
            RefusedElsewhere: If contract data are not taken; none of the request are then.
        """
        if not self.waiting():
            return
        contracts, self._contracts = list(self._contracts), deque()
        occurrences, self._occurrences = list(self._occurrences), deque(maxlen=MAX_WAITING)
        revoked, self._revoked = list(self._revoked), deque(maxlen=MAX_WAITING)
        place = self._find()
        if place is None:
            if contracts:
                raise RefusedElsewhere(502, "nobody has said where the CCP is")
            return
        with self.released():
            for members in contracts:
                self._store(place, members)
            for certificate in revoked:
                _revoke(place, certificate, self.owner(certificate) or "")
            if place.informed:
                for event in occurrences:
                    _tell(place.informed, event)

    def _store(self, place: Whereabouts, members: Mapping[str, Any]) -> None:
        try:
            answer = place.client(STORE, "").call(STORE, body=members)
        except ServiceUnreachable as error:
            raise RefusedElsewhere(502, f"the CCP gives no answer: {error}") from error
        if not answer.ok:
            status = answer.status if 400 <= answer.status < 500 and not self._blamed else 502
            raise RefusedElsewhere(status, f"the CCP answered {STORE} {answer.status}{_reasons(answer)}")


def _reasons(answer: ServiceResponse) -> str:
    body = answer.json()
    messages = body.get("errorMessages") if isinstance(body, dict) else None
    return f": {'; '.join(map(str, messages))}" if isinstance(messages, list) and messages else ""


def _revoke(place: Whereabouts, certificate: ReadCertificate, provider_id: str) -> None:
    # Of what another PKI has issued nobody here can tell; the one that is asked refuses it.
    with suppress(ServiceUnreachable):
        body = {"certificate": b64encode(certificate.der).decode(), "revocationReason": CESSATION}
        place.client(REVOKE, provider_id).call(REVOKE, body=body)


def _tell(informed: Informed, event: Event) -> None:
    headers = {"Content-Type": "application/json"}
    if informed.token:
        headers["Authorization"] = f"Bearer {informed.token}"
    try:
        informed.http.post(informed.url, content=json.dumps(as_occurrence(event)), headers=headers)
    except httpx.HTTPError:
        # An event may be lost on its way here as it may on any other.
        return


def _root(listed: Mapping[str, Any]) -> ReadCertificate | None:
    try:
        return read_certificate(b64decode(str(listed.get("caCertificate", ""))))
    except (Unreadable, ValueError):
        return None


def is_about_all_contracts(event: Event) -> bool:
    """Tell whether an event of a PCP stands for all contracts of a vehicle, which the CCP knows."""
    return event.type in EMSP_EVENTS and event.provider_id is None


def as_occurrence(event: Event) -> dict[str, Any]:
    """Return an event as it is told: its type, its edition and its own members."""
    edition = {NAMESPACE: event.namespace} if event.namespace else {}
    return {"eventType": event.type, **edition, **event.payload}


def from_occurrence(content: bytes) -> Event:
    """Read what was told.

    Raises:
        Problem: If it is no occurrence.
    """
    body: Any = json_body.decode_or_none(content)
    if not isinstance(body, dict) or not isinstance(body.get("eventType"), str):
        raise Problem('give {"eventType": "...", ...}, with the members of that event')
    payload = {name: each for name, each in body.items() if name not in {"eventType", NAMESPACE}}
    wmi = Pcid.parse(str(body["pcid"])).owner if "pcid" in body else None
    provider = Emaid.parse(str(body["emaid"])).owner if "emaid" in body else None
    namespace = str(body[NAMESPACE]) if NAMESPACE in body else None
    return Event(body["eventType"], payload, wmi, provider, namespace)
