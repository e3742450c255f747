"""What all backends have in common: orders of their own people come in, events come in, something is done.

    POST /backend/oem/use-cases/renew-vehicle   {"pcid": "..."}: do it; answered when it is done
    POST /backend/oem/events                    an event of an Event Service

The first of these is the hook of a test harness. It wants `Authorization: Bearer SECRET`.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import falcon

from opnc import json_body
from opnc.pki.keys import Seed
from opnc.pki.testbed import ORDINARY, Addresses, SeededPki
from simulators.parties.client import Unheard
from simulators.parties.receiver import EventReceiver, Received

if TYPE_CHECKING:
    from opnc.clock import Clock
    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Algorithm, Profile, Version
    from opnc.pki.testbed import Variation
    from opnc.rights import Party
    from simulators.kernel import Named
    from simulators.kernel.handling import F
    from simulators.kernel.misbehaviour import Misbehaviour
    from simulators.parties.client import Client

_logger = logging.getLogger(__name__)

PATH = "/backend/{party}"
ROOTS = "getRootCertificatesV1"
MAXIMUM_ORDER = 64 * 1024

Values = Mapping[str, str]
UseCase = Callable[[Values], Mapping[str, str] | None]
"""Does something, with values such as `pcid`; returns what it hands back to whoever wanted it."""

Reaction = Callable[[Any, Mapping[str, Any]], None]
"""Does what an event calls for, given the backend and the payload of the event."""

Authority = Callable[[str, "Version", "Algorithm | None"], "Credential"]
"""Returns the CA of a certification domain, of a generation and with an algorithm."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a backend is at home.

    Attributes:
        client: Its way to the services.
        clock: What it takes for the present.
        secret: What events to it are signed with, and what orders to it must show.
        vehicles: The PCIDs it knows from the start.
        authority: Its CAs.
        misbehaviour: What it does wrong.
    """

    client: Client
    clock: Clock
    secret: str
    vehicles: tuple[str, ...]
    authority: Authority
    misbehaviour: Misbehaviour


class Stop(Exception):
    """What was begun must not be brought to its end."""


class Backend:
    """The backend of one party.

    Attributes:
        party: Whose it is.
        account: The name of the account it uses.
        path: What its addresses begin with.
        receiver: Takes events.
        app: The WSGI application.
    """

    party: ClassVar[Party]
    account: ClassVar[str]

    def __init__(self, site: Site) -> None:
        self.site = site
        self.path = PATH.format(party=self.party)
        self.receiver = EventReceiver(
            self.party, site.secret, site.vehicles, site.misbehaviour, react=self._react
        )
        self._next = 0
        self.app = self.receiver.app
        self.app.add_route(f"{self.path}/use-cases/{{name}}", self)

    def use_cases(self) -> Mapping[str, UseCase]:
        """Return what can be had of it, by name."""
        raise NotImplementedError

    def reactions(self) -> Mapping[str, Named[Reaction]]:
        """Return what it does about events, by their names; nothing about any other."""
        return {}

    def reset(self) -> None:
        """Bring it to its first state."""
        self._next = 0
        self.site.client.forget()
        self.receiver.reset()

    def doing(self, piece: Named[F]) -> F:
        """Return what a named piece does, or what a fault does in its place."""
        return self.site.misbehaviour.doing(piece)

    def run(self, *pieces: Named[Callable[[], None]]) -> None:
        """Do named pieces in their order, those left out by a fault excepted."""
        for do in self.site.misbehaviour.enabled(pieces):
            do()

    def number(self) -> int:
        """Return a number for something new; numbers go on where those of an earlier start ended."""
        self._next = max(self._next + 1, int(self.site.clock.now().timestamp()))
        return self._next

    def issue(
        self, ca: Credential, profile: Profile, name: str, variation: Variation = ORDINARY
    ) -> Credential:
        """Issue a certificate, whose status nobody tells."""
        seed = Seed(f"{self.party} backend")
        pki = SeededPki(seed, self.site.clock.now(), f"Simulated {self.party}", Addresses("", ""))
        return pki.below(ca, profile, name, variation)

    def on_post(self, request: falcon.Request, response: falcon.Response, name: str) -> None:
        """Take an order."""
        given = (request.get_header("Authorization") or "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {self.site.secret}".encode()):
            raise falcon.HTTPUnauthorized(title="the secret of this backend is required")
        use_case = self.use_cases().get(name)
        if use_case is None:
            known = ", ".join(self.use_cases())
            raise falcon.HTTPNotFound(title=f"there is no use case {name}; there are {known}")
        try:
            response.media = self._follow(use_case, _values(request.bounded_stream.read(MAXIMUM_ORDER + 1)))
        except Unheard as error:
            raise falcon.HTTPBadGateway(title=str(error)) from error

    def _follow(self, use_case: UseCase, values: Values) -> Mapping[str, str]:
        try:
            return use_case(values) or {}
        except Stop as reason:
            _logger.info("%s: %s", self.party, reason)
            return {}

    def _react(self, received: Received) -> None:
        reaction = self.reactions().get(received.event)
        if reaction is None:
            return
        try:
            for react in self.site.misbehaviour.enabled((reaction,)):
                react(self, received.message.get("payload", {}))
        except (Stop, Unheard) as error:
            # The event itself was taken; what it calls for is not the sender's concern.
            _logger.warning("%s: %s", received.event, error)


class _Values(dict[str, str]):
    """The values of an order."""

    def __missing__(self, name: str) -> str:
        raise falcon.HTTPBadRequest(title=f"{name} is missing")


def _values(content: bytes) -> Values:
    values: Any = json_body.decode_or_none(content or b"{}") if len(content) <= MAXIMUM_ORDER else None
    if not isinstance(values, dict) or not all(isinstance(each, str) for each in values.values()):
        raise falcon.HTTPBadRequest(
            title=f"the body must be a JSON object of strings, to {MAXIMUM_ORDER} bytes"
        )
    return _Values(values)
