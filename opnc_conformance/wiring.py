"""How a server of ours and a product beside it know each other: each says in its target file where it is."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fixtures.client.http import Clients
from fixtures.target import file as target_file
from fixtures.target.declaration import PLAIN_HTTP, AuthScheme
from fixtures.target.reader import SERVICES
from opnc import rights
from opnc.pki.reading import read_certificate
from opnc.problem import Problem
from simulators.kernel.authorities import Root
from simulators.kernel.authorization import Account
from simulators.kernel.fault_injection import FaultInjector
from simulators.network.address_policy import AddressPolicy, place_of
from simulators.parties.client import Client, ServiceUnreachable
from simulators.parties.elsewhere import Elsewhere, Informed, Whereabouts
from simulators.serve import private_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from fixtures.target.declaration import Credentials, Target
    from fixtures.target.file import TargetFile
    from simulators.kernel import Principal

THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})

PREFERRED = ("cps", "emsp with own pki", "emsp", "administrator", "cpo")
"""Whose account is taken for what services ask of each other: a CPS acts for everybody."""

_SIMULATED_BY = re.compile(r"^(# *)?simulated_by *=.*$", re.MULTILINE)


def principals_of(accounts: Mapping[str, Credentials]) -> dict[str, Principal]:
    """Return who is onboarded beside a target: those whom it knows, with the same ids."""
    # Takes long to load, and a plain `opnc serve` needs none of it.
    from fixtures.bench import simulation

    return simulation.principals_of(accounts)


@dataclass(frozen=True, slots=True)
class Companion:
    """What a server has to know of what it is connected with.

    Attributes:
        elsewhere: The services that it does not play.
        allowed: What may be asked although it is private.
        trusted: PEM files of CAs that vouch for what is asked.
        parties: Who is onboarded; None: those of every server.
        registered: Roots that its pool holds from the start.
        locate: Tells its backends where the services are; None: they are its own.
    """

    elsewhere: Elsewhere
    allowed: AddressPolicy
    trusted: tuple[Path, ...] = ()
    parties: Mapping[str, Principal] | None = None
    registered: tuple[Root, ...] = ()
    locate: Callable[[Client], None] | None = None


def beside(path: Path) -> Companion:
    """Return what a server has to know that plays the rest around a target.

    Raises:
        Problem: If the target file is wrong, or leaves nothing to be played.
    """
    file = target_file.load(path, alone=True)
    if set(file.target.services) >= set(SERVICES):
        raise Problem(
            "the target has all six services, so there is nothing to be played beside it",
            where=str(path),
            hint="name those that it has under [services], in place of base_url",
        )
    found = whereabouts(file)
    own = (file.receiver, file.status)
    testers = [each.url for each in own if each] + [*(file.peers.urls if file.peers else ())]
    shown = [each.certificate for each in (file.receiver, file.peers) if each and each.certificate]
    return Companion(
        elsewhere=Elsewhere(frozenset(file.target.services), lambda: found, blamed=True),
        allowed=AddressPolicy(places=frozenset(map(place_of, testers)), hosts=frozenset(_hosts(file)) - {""}),
        trusted=(*file.trust_anchors, *shown),
        parties=principals_of(file.target.accounts) if file.target.accounts else None,
        registered=tuple(_roots(file)),
    )


def only(role: str, target: Path) -> Companion:
    """Return what a server has to know that plays a vendor of one service, or of the backend of a party.

    Args:
        role: The service or the party.
        target: Its own target file, which says from some moment on who plays the rest.
    """
    services, rest = frozenset(SERVICES) - {role}, _Rest(target)
    # Whoever plays the rest is on this machine, at ports that nobody knows yet.
    here = AddressPolicy(hosts=THIS_MACHINE)
    locate = None if role in SERVICES else rest.locate
    return Companion(Elsewhere(services, rest.whereabouts), here, locate=locate)


class _Rest:
    """Finds out who plays the rest around a target, again whenever one of the files has changed."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._other: Path | None = None
        self._seen: tuple[int, int] = (0, 0)
        self._file: TargetFile | None = None
        self._found: Whereabouts | None = None

    def whereabouts(self) -> Whereabouts | None:
        """Return where the services are; None as long as nobody plays them."""
        return self._found if self._look() else None

    def locate(self, client: Client) -> None:
        """Tell the client of a backend where the services are; its account there has the same name.

        Raises:
            ServiceUnreachable: If nobody plays them, or knows that account.
        """
        file = self._look()
        subject = client.account.principal.subject
        accounts = file.target.accounts if file else {}
        name = next((name for name, each in accounts.items() if each.client_id == subject), None)
        if file is None or name is None:
            raise ServiceUnreachable(f"nobody who plays the services has an account {subject}")
        if client.token_endpoint != file.target.token_endpoint:
            there = _client(file, name, Clients(file.trust_anchors, file.limits))
            client.account, client.http = there.account, there.http
            client.token_endpoint, client.url = there.token_endpoint, there.url
            client.forget_token()

    def _look(self) -> TargetFile | None:
        try:
            own = self._target.stat().st_mtime_ns
            if own != self._seen[0]:
                self._other = target_file.simulated_by(self._target)
            seen = (own, self._other.stat().st_mtime_ns if self._other else 0)
            if seen != self._seen:
                other = self._other
                self._file = target_file.load(other, counterpart=True) if other else None
                self._found = whereabouts(self._file) if self._file else None
                self._seen = seen
        except (OSError, Problem):
            # The other server has not written its file yet.
            return None
        return self._file


def whereabouts(file: TargetFile) -> Whereabouts:
    """Return where the services of a target file are, and who may ask them."""
    clients, made = Clients(file.trust_anchors, file.limits), dict[str, Client]()

    def client(operation: str, provider_id: str) -> Client:
        name = _account(operation, file.target, provider_id)
        if name not in made:
            made[name] = _client(file, name, clients)
        return made[name]

    told = file.occurrences
    informed = Informed(told.url, told.token, clients.plain) if told else None
    return Whereabouts(client, informed)


def _account(operation: str, target: Target, provider_id: str = "") -> str:
    """Return the account that asks for an operation.

    Args:
        operation: Its id.
        target: Whose accounts they are.
        provider_id: The eMSP that has to ask itself; empty: anybody who may.

    Raises:
        ServiceUnreachable: If none may.
    """
    may = [
        name
        for name, each in target.accounts.items()
        if rights.allowed(operation, each.party, None)
        and (not provider_id or provider_id in each.provider_ids)
    ]
    if not may:
        raise ServiceUnreachable(f"the target file names no account that may call {operation}")
    return min(may, key=lambda name: PREFERRED.index(name) if name in PREFERRED else len(PREFERRED))


def _client(file: TargetFile, name: str, clients: Clients) -> Client:
    account = file.target.accounts[name]
    kept = {AuthScheme.TOKEN: account.token, AuthScheme.MTLS: ""}
    principal = principals_of({name: account})[name]
    subject = account.client_id or principal.subject
    return Client(
        Account(replace(principal, subject=subject), account.client_secret),
        file.target.token_endpoint,
        lambda service: file.target.services[service],
        FaultInjector(),
        clients.of_account(account),
        kept.get(account.scheme),
    )


def _hosts(file: TargetFile) -> Iterator[str]:
    """Yield the hosts of a target: of its services, its OCSP and CRLs, its webhooks and hooks."""
    target = file.target
    urls: list[str] = [*target.services.values(), target.token_endpoint]
    urls += target.declared.get(PLAIN_HTTP, ())
    urls += [each.url for each in target.webhooks]
    urls += [url for each in target.backends for url in each.use_cases.values()]
    for der in (*(each.certificate for each in target.roots), *(each.ca.der for each in target.supplied)):
        extensions = read_certificate(der).extensions
        urls += [*extensions.ocsp_urls, *extensions.crl_urls]
    hosts = {urlsplit(url).hostname or "" for url in urls if "://" in url}
    # This machine has several names, and who issues certificates may choose another one.
    yield from hosts | (THIS_MACHINE if hosts & THIS_MACHINE else frozenset())


def _roots(file: TargetFile) -> Iterator[Root]:
    """Yield the roots that a target relies on, those above the CAs of the tester among them."""
    found: dict[bytes, tuple[str, ...]] = {}
    for root in file.target.roots:
        found[root.certificate] = root.types
    for each in file.target.supplied:
        top = each.ca.certificates[-1]
        # A chain may end below its root, which then is one of the others or nobody's.
        if top.issuer.text == top.subject.text:
            known = found.get(top.der, ())
            found[top.der] = known if each.root in known else (*known, each.root)
    for certificate, types in found.items():
        yield Root(certificate, types)


def name_simulator(target: Path, other: str) -> None:
    """Write into a target file who plays the rest around it; all else stays as it is.

    Args:
        target: The target file.
        other: The target file of the server, as seen from its folder.

    Raises:
        Problem: If it cannot be read or written.
    """
    text, line = private_files.read(target).decode(), f'simulated_by = "{other}"'
    # Only above the first table is it a key of the file itself.
    start = re.search(r"^\s*\[", text, re.MULTILINE)
    head, rest = (text[: start.start()], text[start.start() :]) if start else (text, "")
    # One that counts before one that is an example.
    stated = sorted(_SIMULATED_BY.finditer(head), key=lambda found: found[1] is not None)
    if stated:
        head = head[: stated[0].start()] + line + head[stated[0].end() :]
    else:
        head = f"{head.rstrip()}\n{line}\n\n"
    if tomllib.loads(head + rest).get("simulated_by") != other:
        raise Problem(
            "simulated_by cannot be written into the target file", where=str(target), hint=f"write {line}"
        )
    private_files.write(target, (head + rest).encode(), mode=0o644)
