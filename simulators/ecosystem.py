"""A complete Plug & Charge ecosystem: its services around one clock, one store, one event bus."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from opnc import contract
from opnc.clock import MovableClock, VirtualClock
from opnc.pki.testbed import Addresses
from simulators.ccp.service import ContractCertificatePool
from simulators.collaboration import PeerRegistry
from simulators.cps.service import CertificateProvisioningService
from simulators.event.service import EventService
from simulators.kernel import EcosystemContext, Principal, Service
from simulators.kernel.authorities import Authorities
from simulators.kernel.authorization import METADATA_PATH, TOKEN_PATH, Account, AuthorizationServer
from simulators.kernel.authorization import PATH as AUTHORIZATION_PATH
from simulators.kernel.events import Bus
from simulators.kernel.fault_injection import Behaviour, FaultInjector
from simulators.kernel.log import Log
from simulators.kernel.outages import Outages
from simulators.kernel.store import IN_MEMORY, Store
from simulators.kernel.tokens import Tokens
from simulators.network.outbound import Outbound
from simulators.parties.backend import BackendContext
from simulators.parties.backends import Backends
from simulators.parties.client import Client
from simulators.parties.elsewhere import CCP, EVENT, PCP, PKI, RCP, Elsewhere
from simulators.pcp.foreign_vehicles import ForeignVehicleLookup, KnownVehicles
from simulators.pcp.service import ProvisioningCertificatePool
from simulators.pki.est_rfc7030 import LABELLED, WELL_KNOWN, Rfc7030Adapter
from simulators.pki.ocsp_crl import CRL_PATH, OCSP_PATH, StatusService
from simulators.pki.register import CertificateRegister
from simulators.pki.relying_party import RelyingParty
from simulators.pki.service import PkiServices
from simulators.pki.status_client import StatusClient
from simulators.rcp.service import RootCertificatePool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from opnc.pki.reading import ReadCertificate
    from simulators.kernel.authorities import Root
    from simulators.kernel.encounters import Encounters
    from simulators.kernel.wsgi import App
    from simulators.parties.backend import Backend

    Trusted = Callable[..., Sequence[ReadCertificate]]

PARTIES: Mapping[str, Principal] = {
    name: replace(principal, subject=name.replace(" ", "-"))
    for name, principal in {
        "oem": Principal("", "oem", wmis=frozenset({"WDB", "WMA"})),
        "other oem": Principal("", "oem", wmis=frozenset({"VF1"})),
        "emsp": Principal("", "emsp", provider_ids=frozenset({"DEABC", "FRABC"})),
        "emsp with own pki": Principal("", "emsp_own_pki", provider_ids=frozenset({"DEOWN"})),
        "other emsp": Principal("", "emsp", provider_ids=frozenset({"NLXYZ"})),
        "emsp without provider id": Principal("", "emsp"),
        "cpo": Principal("", "cpo", operator_ids=frozenset({"DECPO", "ATCPO"})),
        "other cpo": Principal("", "cpo", operator_ids=frozenset({"NLCPO"})),
        "cps": Principal("", "cps"),
        "administrator": Principal("", "administrator"),
        "peer pool": Principal("", "peer"),
    }.items()
}
"""Who is onboarded unless told otherwise, by the names scenarios use."""

VEHICLES = ("WDB00000000000001",)
"""The vehicles that the backends know from the start."""

CLEANSING_INTERVAL = timedelta(days=1)
"""How often the pools look for certificates that are no longer valid."""


class Ecosystem:
    """The services of one ecosystem and what they share.

    Attributes:
        name: Part of its host names, such as `alpha` in `https://rcp.alpha.opnc.test`.
        accounts: By the name scenarios use, such as `other oem`.
        log: What has reached the services.
        rfc7030_est: The PKI's EST at the path of RFC 7030.
        store: What the services keep.
        tokens: The access tokens that it gives.
        outages: Which of its services are out of operation.
        peers: The ecosystems that this one is onboarded with.
        outbound: The way to the hosts of others.
    """

    def __init__(  # noqa: PLR0913 - all that an ecosystem is made of
        self,
        name: str = "alpha",
        *,
        clock: MovableClock | None = None,
        database: str = IN_MEMORY,
        base_url: str | None = None,
        status_url: str | None = None,
        secret: Callable[[str], str] | None = None,
        outbound: Outbound | None = None,
        parties: Mapping[str, Principal] | None = None,
        elsewhere: Elsewhere | None = None,
        registered: Sequence[Root] = (),
    ) -> None:
        """Put the services together.

        Args:
            name: See above.
            clock: What all services take for the present; a virtual clock when absent.
            database: Where the services keep what they are given, as SQLAlchemy names it.
            base_url: What stands before the path in the address of every service and of the token endpoint,
                where they are served; absent, each has a host of its own, in process only.
            status_url: What stands before `/ocsp` and `/crl` where certificates say their status is told;
                `base_url` when absent. Nobody should need TLS to ask for a status, so serve them without.
            secret: Gives the client secret of an account; drawn anew when absent.
            outbound: The way to the hosts of others; unless given nothing gets out.
            parties: Who is onboarded, by the names scenarios use; `PARTIES` when absent.
            elsewhere: The services that somebody else runs: what is here takes those for its own. They are
                made here all the same, and not used.
            registered: Roots of others that the pool holds from the start.

        Raises:
            Problem: If the database cannot be used.
        """
        self.name = name
        self.clock = clock or VirtualClock()
        self.bus = Bus()
        self.log = Log(self.clock)
        self.store = Store(database)
        self.accounts = {
            each: Account(principal, (secret or _random_secret)(principal.subject))
            for each, principal in (parties or PARTIES).items()
        }
        self._base_url = base_url
        self._status_url = status_url or base_url
        self._injector = FaultInjector()
        self._random = Random()  # noqa: S311 - makes ids of test objects; seeded by `reset`
        self.outbound = outbound or Outbound()
        self.tokens = Tokens(base_url or f"https://auth.{name}.opnc.test", self.clock)
        self.outages = Outages(self._injector)
        context = EcosystemContext(
            ecosystem=name,
            clock=self.clock,
            random=self._random,
            store=self.store,
            tokens=self.tokens,
            bus=self.bus,
            injector=self._injector,
            log=self.log,
            outbound=self.outbound,
            outages=self.outages,
        )
        self.elsewhere = elsewhere or Elsewhere(frozenset(), lambda: None)
        away = self.elsewhere.services
        self._registered = tuple(registered)
        self.authorization = AuthorizationServer(self.tokens, tuple(self.accounts.values()))
        # A database that is used again holds certificates of the CAs as they were when it was first used.
        begun = datetime.fromisoformat(self.store.setting("begun", self.clock.now().isoformat()))
        self.trust = Authorities(name, begun, self._addresses)
        self.register = CertificateRegister(self.trust, self.store, self._injector)
        self.status = StatusService(self.register, self._addresses, context)
        status_client = StatusClient(self.clock, context.outbound, self.status)
        self.rcp = RootCertificatePool(context, status_client, CLEANSING_INTERVAL)
        trusted: Trusted = self.rcp.trusted
        if RCP in away:
            trusted = partial(self.elsewhere.roots, self.clock)
        self.pki = PkiServices(context, self.trust, self.register)
        vehicles = KnownVehicles(self.store, self.outages)
        self.peers = PeerRegistry(context.outbound, self.url)
        foreign_vehicles = ForeignVehicleLookup(vehicles)
        self.rfc7030_est = Rfc7030Adapter(self.pki.app, self.authorization, self.tokens)
        relying = RelyingParty(trusted, status_client)
        self.ccp = ContractCertificatePool(
            context,
            relying=relying,
            vehicles=vehicles,
            register=self.elsewhere if PKI in away else self.register,
            peers=self.peers,
            foreign_vehicles=foreign_vehicles,
            cleansing=CLEANSING_INTERVAL,
        )
        self.pcp = ProvisioningCertificatePool(
            context,
            roots=lambda: trusted("oem", "v2g"),
            status_client=status_client,
            contracts=self.elsewhere if CCP in away else self.ccp.lifecycle,
            peers=self.peers,
            cleansing=CLEANSING_INTERVAL,
        )
        # Behind both pools: the CCP asks for foreign vehicles on the way of the PCP, which needs the CCP's
        # contracts.
        foreign_vehicles.collaboration = self.elsewhere if PCP in away else self.pcp.collaboration
        self.cps = CertificateProvisioningService(
            context,
            trust=self.trust,
            relying=relying,
            vehicles=vehicles,
            register=self.register,
            foreign_vehicles=foreign_vehicles,
            pool=self.elsewhere if CCP in away else self.ccp.lifecycle,
        )
        if away & {CCP, EVENT}:
            self.elsewhere.listen(self.bus)
        self.event = EventService(context)
        self.services: tuple[Service, ...] = (
            self.rcp,
            self.pki,
            self.pcp,
            self.cps,
            self.ccp,
            self.event,
        )
        # In process nobody else gets there, and equal seeds shall give equal signatures.
        chosen = secret or (lambda backend: f"secret of {backend} in {name}")
        self.backends = Backends(
            name, lambda kind: self._backend_context(kind, chosen(f"{kind.party} backend"))
        )

    def _backend_context(self, kind: type[Backend], secret: str) -> BackendContext | None:
        """Return where the backend of a party is at home; of the services it knows the addresses only."""
        if kind.account not in self.accounts:
            return None
        return BackendContext(
            client=Client(self.accounts[kind.account], self.token_endpoint, self.url, self._injector),
            clock=self.clock,
            secret=secret,
            vehicles=VEHICLES,
            authority=self.trust.issuing,
            injector=self._injector,
        )

    @property
    def hosts(self) -> Mapping[str, App]:
        """Host name in process -> WSGI app."""
        apps: dict[str, App] = {service.name: service.by_https_alone for service in self.services}
        apps |= {"auth": self.authorization.app, "ocsp": self.status.ocsp, "crl": self.status.crl}
        apps |= self.backends.hosts
        return {f"{name}.{self.name}.opnc.test": app for name, app in apps.items()}

    @property
    def paths(self) -> Mapping[str, App]:
        """Beginning of the path -> WSGI app, for one host that serves everything but the backends.

        Those call the services: whoever answers one request at a time must not do both.
        """
        return {
            **self.service_paths,
            **dict.fromkeys((AUTHORIZATION_PATH, METADATA_PATH), self.authorization.app),
            **dict.fromkeys((WELL_KNOWN, LABELLED), self.rfc7030_est),
            **self.status.paths,
        }

    @property
    def service_paths(self) -> Mapping[str, App]:
        """Beginning of the path -> WSGI app of a service, which answers by HTTPS alone."""
        return {contract.load().service(service.name).base: service.by_https_alone for service in self.served}

    @property
    def served(self) -> tuple[Service, ...]:
        """The services that nobody else runs."""
        return tuple(each for each in self.services if each.name not in self.elsewhere.services)

    @property
    def token_endpoint(self) -> str:
        """Where tokens are had."""
        return f"{self._base('auth')}{TOKEN_PATH}"

    def url(self, service: str) -> str:
        """Return the base URL of a service, as it is here."""
        return f"{self._base(service)}{contract.load().service(service).base}"

    def _base(self, host: str) -> str:
        return self._base_url or f"https://{host}.{self.name}.opnc.test"

    @property
    def _addresses(self) -> Addresses:
        """Where the PKI tells the status of certificates."""
        status_url = self.store.setting("status_url", self._status_url or "")
        if not status_url:
            return Addresses(
                f"http://ocsp.{self.name}.opnc.test", f"http://crl.{self.name}.opnc.test/{{ca}}.crl"
            )
        return Addresses(status_url + OCSP_PATH, f"{status_url}{CRL_PATH}/{{ca}}.crl")

    @property
    def faults(self) -> tuple[Behaviour, ...]:
        """The faults that are switched on."""
        return tuple(self._injector)

    def reset(self, seed: str) -> None:
        """Bring everything to the first state: empty pools but for the ecosystem's own roots.

        Args:
            seed: All ids the services make follow from it.
        """
        self.log.clear()
        self.outages.set(())
        # Before the services, which count their intervals from the present.
        self.clock.reset()
        # What was given later than it is now is not valid yet.
        self.peers.forget_tokens()
        for service in self.services:
            service.reset()
        self.backends.reset()
        self.elsewhere.forget()
        if not self.store.restore_snapshot():
            self._populate()
        # Last: filling the pools draws with the ecosystem's name, so that the first state is the same for all
        # seeds.
        self._random.seed(f"{self.name}:{seed}")

    def resume(self) -> None:
        """Go on with what the database holds; an empty one gets the first state."""
        if any(self.store.counts().values()):
            # What follows from a seed would repeat the ids of the time before.
            self._random.seed(secrets.token_bytes(16))
        else:
            self.reset("1")

    def _populate(self) -> None:
        """Empty all pools but for the ecosystem's own roots."""
        self._random.seed(self.name)
        with self.store.transaction():
            self.store.clear()
            for root in (*self.trust.roots, *self._registered):
                self.rcp.put(
                    {"rootTypeList": root.types, "caCertificate": b64encode(root.certificate).decode()}
                )
        self.store.snapshot()

    def inject_faults(self, faults: Iterable[Behaviour]) -> None:
        """Switch exactly these faults on."""
        self._injector.set(faults)

    def watch(self, encounters: Encounters | None) -> None:
        """Tell from now on what is done to somebody who wants to know which behaviours would matter."""
        self._injector.encounters = encounters

    def factory_reset(self, pcid: str) -> None:
        """Delete all contracts of a vehicle and keep its certificate, as an operator's portal may offer.

        Raises:
            Problem: If the vehicle is not known.
        """
        with self.store.transaction():
            self.pcp.factory_reset(pcid)
        self.bus.settle()

    def advance(self, by: timedelta) -> None:
        """Let time pass and do what becomes due, each at its own moment."""
        end = self.clock.now() + by
        # One moment after the other: what is done at one may make something due before the end.
        while (due := self.next_due()) is not None and due <= end:
            self._move_to(due)
            self.tick()
        self._move_to(end)
        self.tick()

    def next_due(self) -> datetime | None:
        """Return when something becomes due at a moment of its own; None where nothing does."""
        now, moments = self.clock.now(), (service.next_due() for service in self.services)
        return min((moment for moment in moments if moment is not None and moment > now), default=None)

    def _move_to(self, moment: datetime) -> None:
        # A clock that runs by itself may have passed the moment already.
        self.clock.advance(max(moment - self.clock.now(), timedelta()))

    def tick(self) -> None:
        """Do what is due in every service."""
        for service in self.services:
            service.tick()
        self.bus.settle_now()

    def close(self) -> None:
        """Give everything back."""
        self.store.close()


def _random_secret(_name: str) -> str:
    return secrets.token_urlsafe(24)
