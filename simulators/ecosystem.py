"""A complete Plug & Charge ecosystem: its services around one clock, one store, one event bus."""

from __future__ import annotations

import secrets
from base64 import b64encode
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from respx.handlers import WSGIHandler

from opnc import contract
from opnc.clock import Clock, VirtualClock
from simulators.authorization import TOKEN_PATH, Account, AuthorizationServer
from simulators.event import EventService
from simulators.kernel import Principal, Service, Setting
from simulators.kernel.events import Bus
from simulators.kernel.log import Log
from simulators.kernel.misbehaviour import Fault, Misbehaviour
from simulators.kernel.store import IN_MEMORY, Store
from simulators.kernel.tokens import Tokens
from simulators.outbound import Outbound
from simulators.rcp import RootCertificatePool
from simulators.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from opnc.rights import Party

PARTIES: Mapping[str, tuple[Party, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "oem": ("oem", ("WDB", "WMA"), (), ()),
    "other oem": ("oem", ("VF1",), (), ()),
    "emsp": ("emsp", (), ("DEABC", "FRABC"), ()),
    "emsp with own pki": ("emsp_own_pki", (), ("DEOWN",), ()),
    "other emsp": ("emsp", (), ("NLXYZ",), ()),
    "cpo": ("cpo", (), (), ("DECPO", "ATCPO")),
    "other cpo": ("cpo", (), (), ("NLCPO",)),
    "cps": ("cps", (), (), ()),
    "administrator": ("administrator", (), (), ()),
}
"""Who is onboarded: party, WMIs, provider ids, operator ids."""


CLEANSING_INTERVAL = timedelta(days=1)
"""How often the pools look for certificates that are no longer valid."""


class Router(Protocol):
    """What `Ecosystem.mount` needs of a respx router."""

    def route(self, **patterns: Any) -> Any:
        """Return a route for the given patterns."""
        ...


class Ecosystem:
    """The services of one ecosystem and what they share.

    Attributes:
        name: Part of its host names, such as `alpha` in `https://rcp.alpha.opnc.test`.
        accounts: Client id -> account; secrets are drawn anew for each ecosystem.
    """

    def __init__(
        self,
        name: str = "alpha",
        *,
        clock: Clock | None = None,
        database: str = IN_MEMORY,
        outbound: Outbound | None = None,
    ) -> None:
        """Compose the services.

        Args:
            name: As in the attributes.
            clock: What tells the time; a virtual clock unless given.
            database: SQLAlchemy URL of the store.
            outbound: The way to the hosts of others; unless given nothing gets out.
        """
        self.name = name
        self.clock = clock or VirtualClock()
        self.bus = Bus()
        self.accounts = {party: _account(party) for party in PARTIES}
        tokens = Tokens(f"https://auth.{name}.opnc.test", self.clock)
        self._setting = Setting(
            ecosystem=name,
            clock=self.clock,
            random=Random(),  # noqa: S311 - makes ids of test objects; seeded by `reset`
            store=Store(database),
            tokens=tokens,
            bus=self.bus,
            misbehaviour=Misbehaviour(),
            log=Log(self.clock),
            outbound=outbound or Outbound(),
        )
        self.authorization = AuthorizationServer(tokens, tuple(self.accounts.values()))
        self.trust = Trust(name)
        self.rcp = RootCertificatePool(self._setting)
        self.event = EventService(self._setting)
        self.services: tuple[Service, ...] = (self.rcp, self.event)

    @property
    def hosts(self) -> Mapping[str, Callable[..., Any]]:
        """Host name -> WSGI app."""
        apps = {service.name: service.app for service in self.services}
        return {f"{name}.{self.name}.opnc.test": app for name, app in apps.items()} | {
            f"auth.{self.name}.opnc.test": self.authorization.app
        }

    @property
    def token_endpoint(self) -> str:
        """Where tokens are had in process."""
        return f"https://auth.{self.name}.opnc.test{TOKEN_PATH}"

    def url(self, service: str) -> str:
        """Return the base URL of a service in process."""
        return f"https://{service}.{self.name}.opnc.test{contract.load().service(service).base}"

    def mount(self, router: Router) -> None:
        """Let a respx router answer for every host of this ecosystem."""
        for host, app in self.hosts.items():
            router.route(host=host).mock(side_effect=WSGIHandler(app))

    def reset(self, seed: str) -> None:
        """Bring everything to the first state: empty pools but for the ecosystem's own roots.

        Args:
            seed: All ids the services make follow from it.
        """
        self._setting.log.clear()
        if isinstance(self.clock, VirtualClock):
            self.clock.reset()
        for service in self.services:
            service.reset()
        if not self._setting.store.restore():
            self._populate()
        self._setting.random.seed(f"{self.name}:{seed}")

    def _populate(self) -> None:
        """Empty all pools but for the ecosystem's own roots."""
        self._setting.store.clear()
        self._setting.random.seed(self.name)
        for root in self.trust.roots(self.clock.now()):
            self.rcp.put({"rootTypeList": root.types, "caCertificate": b64encode(root.certificate).decode()})
        self._setting.store.remember()

    def misbehave(self, faults: Iterable[Fault]) -> None:
        """Switch exactly these faults on."""
        self._setting.misbehaviour.set(faults)

    def advance(self, by: timedelta) -> None:
        """Let time pass and do what becomes due, each at its own moment.

        Raises:
            TypeError: If the ecosystem runs on a clock that cannot be moved.
        """
        if not isinstance(self.clock, VirtualClock):
            raise TypeError("the clock of this ecosystem cannot be moved")
        end = self.clock.now() + by
        while (due := self._next_due()) is not None and due <= end:
            self.clock.advance(due - self.clock.now())
            self.tick()
        self.clock.advance(end - self.clock.now())
        self.tick()

    def close(self) -> None:
        """Give everything back."""
        self._setting.store.close()

    def tick(self) -> None:
        """Do what is due in every service."""
        for service in self.services:
            service.tick()
        self.bus.settle()

    def _next_due(self) -> datetime | None:
        now, moments = self.clock.now(), (service.next_due() for service in self.services)
        return min((moment for moment in moments if moment is not None and moment > now), default=None)


def _account(name: str) -> Account:
    party, wmis, provider_ids, operator_ids = PARTIES[name]
    principal = Principal(
        subject=name.replace(" ", "-"),
        party=party,
        wmis=frozenset(wmis),
        provider_ids=frozenset(provider_ids),
        operator_ids=frozenset(operator_ids),
    )
    return Account(principal, secrets.token_urlsafe(24))
