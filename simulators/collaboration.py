"""Pool collaboration: what is not here is asked of the pools of other ecosystems.

OPNC: processes/docs/02_PnC_business-processes.md, "Pool Interoperability between Plug&Charge Ecosystems".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from opnc import contract, json_body
from opnc.broadcast import HEADER, PASSED_ON, Reading, may_pass_on
from opnc.contract import Severity
from opnc.problem import Problem
from simulators.kernel import Answer, Call, Failpoint, NotFoundLocally, failpoint
from simulators.kernel.authorization import FORM

if TYPE_CHECKING:
    from simulators.kernel import Service
    from simulators.kernel.fault_injection import FaultInjector
    from simulators.network.outbound import Outbound, Reply

SHARED = ("pcp", "ccp")
"""The services that pools ask of each other."""

MAX_ANSWER_BYTES = 1024 * 1024
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
Check = Callable[[Call, Any], bool]
"""Tells whether the decoded body of a peer's answer is good enough for a call."""


class PeerRegistry:
    """The ecosystems that one is onboarded with, and the tokens it has from them.

    Tokens are asked for by the threads of `Outbound.as_completed`, several at a time, and by such as were let
    go: what these bring late must not be there after all was forgotten.
    """

    def __init__(self, outbound: Outbound, own: Callable[[str], str]) -> None:
        """Know nobody yet.

        Args:
            outbound: The way to them.
            own: Returns the base URL of a service of this ecosystem.
        """
        self._outbound = outbound
        self._own = own
        self._peers: tuple[Peer, ...] = ()
        self._lock = Lock()
        self._tokens: dict[str, str] = {}
        self._generation = 0

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
                # One URL under two names would be asked twice, which collaboration forbids.
                if url in seen:
                    raise Problem(f"{url} is that of the peer {seen[url]} too", where=f"peer {peer.name}")
                seen[url] = peer.name
        self._peers = chosen
        self.forget_tokens()

    def forget_tokens(self) -> None:
        """Get new tokens when the next ones are needed."""
        with self._lock:
            self._generation += 1
            self._tokens.clear()

    def token(self, peer: Peer) -> str | None:
        """Return an access token for a peer; None where it gives none."""
        with self._lock:
            token, generation = self._tokens.get(peer.name), self._generation
        return token or self._new_token(peer, generation)

    def renew(self, peer: Peer, token: str | None) -> str | None:
        """Return a token in place of one that the peer does not take."""
        with self._lock:
            # Another thread may have renewed it meanwhile.
            if self._tokens.get(peer.name) == token:
                self._tokens.pop(peer.name, None)
        return self.token(peer)

    def _new_token(self, peer: Peer, generation: int) -> str | None:
        # Asked without the lock: a peer that takes its time must not keep others from theirs.
        token = self._granted(peer)
        if token:
            with self._lock:
                if generation == self._generation:
                    self._tokens[peer.name] = token
        return token

    def _granted(self, peer: Peer) -> str | None:
        names = {"client_id": peer.client_id, "client_secret": peer.client_secret}
        fields = {"grant_type": "client_credentials", **names}
        # A blank becomes %20 and not a plus sign: that is read the same way by all who decode forms.
        form = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
        headers = {"Content-Type": FORM, "Accept": "application/json"}
        reply = self._outbound.exchange("POST", peer.token_endpoint, form.encode(), headers, MAX_ANSWER_BYTES)
        body = _decoded(reply)
        token = body.get("access_token") if isinstance(body, dict) else None
        return token if isinstance(token, str) and _fits_header(token) else None


class Collaboration:
    """Asks the peers of one service, all at once, and takes the first answer that holds.

    Its failpoints are named after the service, such as `pcp.peers.mark`.

    Attributes:
        name: That of the service.
        reading: How the mark is read; a PCP has the first reading only.
    """

    def __init__(
        self,
        service: Service,
        peers: PeerRegistry,
        checks: Iterable[tuple[str, Check]],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Get ready.

        Args:
            service: Which pool asks.
            peers: Whom.
            checks: What an answer must meet, beside the contract, each with its name.
            headers: What is said in every request beside that.
        """
        self.name = service.name
        self._service = service
        self._peers = peers
        self._checks = tuple(Failpoint(f"{self.name}.peers.holds.{name}", check) for name, check in checks)
        self._beside = headers
        self.reading: Reading = "A"

    @property
    def injector(self) -> FaultInjector:
        """The faults that are on; the service gets them later than its collaboration."""
        return self._service.injector

    def broadcast(self, call: Call) -> Answer:
        """Answer a call with what a peer says.

        Raises:
            NotFoundLocally: If the call may not be passed on, or no answer holds.
        """
        if not (self._may_be_passed_on(call) and self._is_from_no_pool(call)):
            raise NotFoundLocally(404, "a request that another pool has passed on is not passed on again")
        return self.ask(call)

    @failpoint("{service}.peers.unmarked", services=SHARED, without=True)
    def _may_be_passed_on(self, call: Call) -> bool:
        return may_pass_on(call.headers.get(HEADER), self.reading)

    @failpoint("{service}.peers.no-pool", services=SHARED, without=True)
    def _is_from_no_pool(self, call: Call) -> bool:
        # Whatever the mark: pools that read it otherwise would send each other in circles.
        return call.principal is None or call.principal.party != "peer"

    def ask(self, call: Call) -> Answer:
        """Ask all peers, whoever has asked us.

        Raises:
            NotFoundLocally: If no answer holds.
        """
        found = self._first_acceptable(call, self._answers(call))
        if found is None:
            raise NotFoundLocally(404, "no other pool has it either")
        return found

    @failpoint("{service}.peers.first", services=SHARED)
    def _first_acceptable(self, call: Call, answers: Iterator[tuple[Peer, Reply | None]]) -> Answer | None:
        for _, reply in answers:
            # Answers come as they are there; with the first that will do, the others are let go.
            if reply is not None and self.is_acceptable(call, reply):
                return _as_answer(reply)
        return None

    def is_acceptable(self, call: Call, reply: Reply) -> bool:
        """Tell whether an answer can be passed on."""
        if not (self._is_success(reply) and self._is_by_contract(call, reply)):
            return False
        body = _decoded(reply)
        return all(check(call, body) for check in self.injector.enabled(self._checks))

    @failpoint("{service}.peers.holds.status", services=SHARED, without=True)
    def _is_success(self, reply: Reply) -> bool:
        return reply.status == 200

    @failpoint("{service}.peers.holds.schema", services=SHARED, without=True)
    def _is_by_contract(self, call: Call, reply: Reply) -> bool:
        found = contract.check_response(call.operation, reply.status, reply.headers, reply.content)
        return not any(deviation.severity is Severity.FAIL for deviation in found)

    def _answers(self, call: Call) -> Iterator[tuple[Peer, Reply | None]]:
        # Resolved here: the threads that ask touch nothing of the ecosystem.
        authorize = self.injector.resolve(self._own_token)
        headers = self._headers(call)
        tasks: list[Task] = [
            partial(self._asked, peer, call, headers, partial(authorize, peer, call))
            for peer in self._chosen(self._peers)
            if call.operation.service in peer.services
        ]
        return self._at_once(self._service.context.outbound, tasks)

    @failpoint("{service}.peers.all", services=SHARED)
    def _chosen(self, peers: Iterable[Peer]) -> tuple[Peer, ...]:
        return tuple(peers)

    @failpoint("{service}.peers.together", services=SHARED)
    def _at_once(self, outbound: Outbound, tasks: list[Task]) -> Iterator[tuple[Peer, Reply | None]]:
        return outbound.as_completed(tasks)

    def _headers(self, call: Call) -> dict[str, str]:
        body = {"Content-Type": call.headers.get("content-type", "application/json")} if call.content else {}
        # Bodies are read as they come over the line, so they must not be compressed.
        plain = {"Accept": "application/json", "Accept-Encoding": "identity"}
        parties, flag = self._party_headers(call), self._flag_for_peers(self.reading)
        return {**plain, **self._beside, **parties, **body, **flag}

    @failpoint("{service}.peers.mark", services=SHARED)
    def _flag_for_peers(self, reading: Reading) -> dict[str, str]:
        return {HEADER: PASSED_ON[reading]}

    @failpoint("{service}.peers.parties", services=SHARED)
    def _party_headers(self, call: Call) -> dict[str, str]:
        """Return the headers that say who has asked first, and whom."""
        return {name: value for name, value in call.headers.items() if name.startswith(_PARTY_HEADERS)}

    @failpoint("{service}.peers.token", services=SHARED)
    def _own_token(self, peer: Peer, _call: Call) -> str | None:
        return self._peers.token(peer)

    def _asked(
        self, peer: Peer, call: Call, headers: Mapping[str, str], authorize: Callable[[], str | None]
    ) -> tuple[Peer, Reply | None]:
        """Ask one peer; runs in a thread of its own and touches of the ecosystem only the tokens."""
        token = authorize()
        reply = token and self._sent(peer, call, headers, token)
        # Once: whoever refuses a token that is fresh refuses the next one too.
        if token and reply and reply.status == _UNAUTHORIZED:
            renewed = self._peers.renew(peer, token)
            reply = renewed and self._sent(peer, call, headers, renewed)
        return peer, reply or None

    def _sent(self, peer: Peer, call: Call, headers: Mapping[str, str], token: str) -> Reply | None:
        operation = call.operation
        return self._service.context.outbound.exchange(
            operation.method,
            operation.url(peer.services[operation.service], call.path),
            call.content,
            {**headers, "Authorization": f"Bearer {token}"},
            MAX_ANSWER_BYTES,
        )


def _fits_header(token: str) -> bool:
    # A line break would begin a header of the peer's choosing.
    return token.isascii() and token.isprintable()


def _as_answer(reply: Reply) -> Answer:
    return Answer(reply.status, reply.content)


def _decoded(reply: Reply | None) -> Any:
    """Return the decoded body; None where it is no JSON."""
    return json_body.decode_or_none(reply.content) if reply else None
