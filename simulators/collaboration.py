"""Pool collaboration: what is not here is asked of the pools of other ecosystems.

OPNC: processes/docs/02_PnC_business-processes.md, "Pool Interoperability between Plug&Charge Ecosystems".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from opnc import contract, json_body
from opnc.broadcast import HEADER, PASSED_ON, Reading, may_pass_on
from opnc.contract import Severity
from opnc.problem import Problem
from simulators.kernel import Answer, Call, Named, NotHere
from simulators.kernel.authorization import FORM

if TYPE_CHECKING:
    from simulators.kernel import Service
    from simulators.network.outbound import Outbound, Reply

MOST = 1024 * 1024
"""Bytes that are read of a peer's answer; the largest of OPNC stay below 100 KiB."""

_UNAUTHORIZED = 401
_PARTY_HEADERS = "opnc-"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another ecosystem, and who we are there.

    Attributes:
        name: What it is called here.
        services: Service name to base URL, for PCP and CCP.
        token_endpoint: Where it gives access tokens.
        client_id: Our account with it.
        client_secret: Never shown.
    """

    name: str
    services: Mapping[str, str]
    token_endpoint: str
    client_id: str
    client_secret: str = field(repr=False)


Task = Callable[[], "tuple[Peer, Reply | None]"]
Condition = Callable[[Call], bool]
Check = Callable[[Call, Any], bool]
"""Tells whether the decoded body of a peer's answer is good enough for a call."""


class Acquaintance:
    """The ecosystems that one is onboarded with, and the tokens it has from them."""

    def __init__(self, outbound: Outbound, own: Callable[[str], str]) -> None:
        """Know nobody yet.

        Args:
            outbound: The way to them.
            own: Returns the base URL of a service of this ecosystem.
        """
        self._outbound = outbound
        self._own = own
        self._peers: tuple[Peer, ...] = ()
        self._tokens: dict[str, str] = {}

    def __iter__(self) -> Iterator[Peer]:
        return iter(self._peers)

    def onboard(self, peers: Iterable[Peer]) -> None:
        """Know exactly these from now on.

        Raises:
            Problem: If one of them is this ecosystem itself, or is named twice.
        """
        chosen, seen = tuple(peers), dict[str, str]()
        for peer in chosen:
            for service, url in peer.services.items():
                if url.rstrip("/") == self._own(service):
                    raise Problem(f"{url} is this ecosystem itself", where=f"peer {peer.name}")
                if url in seen:
                    raise Problem(f"{url} is that of the peer {seen[url]} too", where=f"peer {peer.name}")
                seen[url] = peer.name
        self._peers = chosen
        self.forget_tokens()

    def forget_tokens(self) -> None:
        """Get new tokens when the next ones are needed."""
        self._tokens.clear()

    def token(self, peer: Peer) -> str | None:
        """Return an access token for a peer; None where it gives none."""
        if peer.name not in self._tokens and (token := self._granted(peer)):
            self._tokens[peer.name] = token
        return self._tokens.get(peer.name)

    def renew(self, peer: Peer, token: str | None) -> str | None:
        """Return a token in place of one that the peer does not take."""
        if self._tokens.get(peer.name) == token:
            self._tokens.pop(peer.name, None)
        return self.token(peer)

    def _granted(self, peer: Peer) -> str | None:
        names = {"client_id": peer.client_id, "client_secret": peer.client_secret}
        fields = {"grant_type": "client_credentials", **names}
        form = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
        headers = {"Content-Type": FORM, "Accept": "application/json"}
        reply = self._outbound.exchange("POST", peer.token_endpoint, form.encode(), headers, MOST)
        body = _decoded(reply)
        token = body.get("access_token") if isinstance(body, dict) else None
        return token if isinstance(token, str) and _fits_header(token) else None


class Collaboration:
    """Asks the peers of one service, all at once, and takes the first answer that holds.

    Its pieces are named after the service, such as `pcp.peers.mark`, so that faults can leave them out.

    Attributes:
        reading: How the mark is read; a PCP has the first reading only.
    """

    def __init__(
        self,
        service: Service,
        acquaintance: Acquaintance,
        checks: Iterable[tuple[str, Check]],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Get ready.

        Args:
            service: Which pool asks.
            acquaintance: Whom.
            checks: What an answer must meet, beside the contract, each with its name.
            headers: What is said in every request beside that.
        """
        self._service = service
        self._acquaintance = acquaintance
        self._checks = tuple(Named(self._name(f"holds.{name}"), check) for name, check in checks)
        self._beside = headers
        self.reading: Reading = "A"

    def _name(self, piece: str) -> str:
        return f"{self._service.name}.peers.{piece}"

    @property
    def _conditions(self) -> tuple[Named[Condition], ...]:
        """When a request may be passed on."""
        return (
            Named(self._name("unmarked"), lambda call: may_pass_on(call.headers.get(HEADER), self.reading)),
            # Whatever the mark: pools that read it otherwise would send each other in circles.
            Named(self._name("no-pool"), _is_no_pool),
        )

    def pass_on(self, call: Call) -> Answer:
        """Answer a call with what a peer says.

        Raises:
            NotHere: If the call may not be passed on, or no answer holds.
        """
        if not all(holds(call) for holds in self._service.enabled(self._conditions)):
            raise NotHere(404, "a request that another pool has passed on is not passed on again")
        return self.ask(call)

    def ask(self, call: Call) -> Answer:
        """Ask all peers, whoever has asked us.

        Raises:
            NotHere: If no answer holds.
        """
        pick = self._service.doing(Named(self._name("first"), self._first_that_holds))
        found = pick(call, self._answers(call))
        if found is None:
            raise NotHere(404, "no other pool has it either")
        return found

    def _first_that_holds(self, call: Call, answers: Iterator[tuple[Peer, Reply | None]]) -> Answer | None:
        for _, reply in answers:
            if reply is not None and self.holds(call, reply):
                return _as_answer(reply)
        return None

    def holds(self, call: Call, reply: Reply) -> bool:
        """Tell whether an answer can be passed on."""
        checks: tuple[Named[Callable[[Call, Reply], bool]], ...] = (
            Named(self._name("holds.status"), lambda _call, reply: reply.status == 200),
            Named(self._name("holds.schema"), _is_by_contract),
        )
        if not all(check(call, reply) for check in self._service.enabled(checks)):
            return False
        body = _decoded(reply)
        return all(check(call, body) for check in self._service.enabled(self._checks))

    def _answers(self, call: Call) -> Iterator[tuple[Peer, Reply | None]]:
        choose = self._service.doing(Named(self._name("all"), tuple[Peer, ...]))
        together = self._service.doing(Named(self._name("together"), _together))
        authorize = self._service.doing(Named(self._name("token"), self._own_token))
        headers = self._headers(call)
        tasks: list[Task] = [
            partial(self._asked, peer, call, headers, partial(authorize, peer, call))
            for peer in choose(self._acquaintance)
            if call.operation.service in peer.services
        ]
        return together(self._service.setting.outbound, tasks)

    def _headers(self, call: Call) -> dict[str, str]:
        mark = self._service.doing(Named(self._name("mark"), _mark))
        name_parties = self._service.doing(Named(self._name("parties"), _party_headers))
        body = {"Content-Type": call.headers.get("content-type", "application/json")} if call.content else {}
        plain = {"Accept": "application/json", "Accept-Encoding": "identity"}
        return {**plain, **self._beside, **name_parties(call), **body, **mark(self.reading)}

    def _own_token(self, peer: Peer, _call: Call) -> str | None:
        return self._acquaintance.token(peer)

    def _asked(
        self, peer: Peer, call: Call, headers: Mapping[str, str], authorize: Callable[[], str | None]
    ) -> tuple[Peer, Reply | None]:
        """Ask one peer; runs in a thread of its own and touches nothing of the ecosystem."""
        token = authorize()
        reply = token and self._sent(peer, call, headers, token)
        if token and reply and reply.status == _UNAUTHORIZED:
            renewed = self._acquaintance.renew(peer, token)
            reply = renewed and self._sent(peer, call, headers, renewed)
        return peer, reply or None

    def _sent(self, peer: Peer, call: Call, headers: Mapping[str, str], token: str) -> Reply | None:
        operation = call.operation
        return self._service.setting.outbound.exchange(
            operation.method,
            operation.url(peer.services[operation.service], call.path),
            call.content,
            {**headers, "Authorization": f"Bearer {token}"},
            MOST,
        )


def _fits_header(token: str) -> bool:
    return token.isascii() and token.isprintable()


def _party_headers(call: Call) -> dict[str, str]:
    """Return the headers that say who has asked first, and whom."""
    return {name: value for name, value in call.headers.items() if name.startswith(_PARTY_HEADERS)}


def _mark(reading: Reading) -> dict[str, str]:
    return {HEADER: PASSED_ON[reading]}


def _together(outbound: Outbound, tasks: list[Task]) -> Iterator[tuple[Peer, Reply | None]]:
    return outbound.together(tasks)


def _is_no_pool(call: Call) -> bool:
    return call.principal is None or call.principal.party != "peer"


def _is_by_contract(call: Call, reply: Reply) -> bool:
    found = contract.check_response(call.operation, reply.status, reply.headers, reply.content)
    return not any(deviation.severity is Severity.FAIL for deviation in found)


def _as_answer(reply: Reply) -> Answer:
    return Answer(reply.status, reply.content)


def _decoded(reply: Reply | None) -> Any:
    """Return the decoded body; None where it is no JSON."""
    return json_body.decode_or_none(reply.content) if reply else None
