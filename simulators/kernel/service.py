"""One simulated service: a Falcon WSGI app around a role's rules.

For each operation of the contract that the role handles, in this order: token, right, parameters, body,
the role's own controls, its act, its effects. Each of these has a name by which a fault can leave it out, and
so have `headers`, which reads them, `keys`, which chooses those of tokens that are trusted, `caller`, which
says who calls, and `unserved`, which answers what is no operation.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import falcon

from opnc import contract, json_body, rights
from simulators.kernel.failpoints import F, Failpoint, failpoint
from simulators.kernel.messages import Answer, Call, NotFoundLocally, Refusal
from simulators.kernel.tokens import every_key

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from opnc.clock import Clock
    from opnc.contract import Operation
    from opnc.contract import Service as ServiceContract
    from simulators.kernel.events import Bus
    from simulators.kernel.fault_injection import FaultInjector
    from simulators.kernel.handling import OperationHandler
    from simulators.kernel.log import Log
    from simulators.kernel.messages import Principal
    from simulators.kernel.outages import Outages
    from simulators.kernel.store import Store
    from simulators.kernel.token_keys import TokenKey
    from simulators.kernel.tokens import Tokens
    from simulators.kernel.wsgi import Environ, StartResponse
    from simulators.network.outbound import Outbound

_logger = logging.getLogger(__name__)

Responder = Callable[..., None]

NON_BLOCKING = "opnc.at_once"
"""Key of the WSGI environment that is there where nobody can be waited for; then `WouldBlock` is raised."""

HEADER_NAMES = "opnc.header_names"
"""Key of the WSGI environment for the names of the headers as they were spelled, which WSGI itself drops."""

SERVICES = ("rcp", "pki", "pcp", "cps", "ccp", "event")
"""The short names of all services."""

MAXIMUM_BODY = 1024 * 1024
"""Bytes; the largest documents of OPNC, contract data with two chains, stay below 20 KiB."""


class WouldBlock(BaseException):
    """A request can only be answered by asking others; nothing has changed yet.

    No error of the app, so that no handler of errors takes it for one.
    """


@dataclass(frozen=True, slots=True)
class EcosystemContext:
    """What all services of one ecosystem have in common."""

    ecosystem: str
    clock: Clock
    random: Random
    store: Store
    tokens: Tokens
    bus: Bus
    injector: FaultInjector
    log: Log
    outbound: Outbound
    outages: Outages


class Service:
    """Base of every role: turns its handlers into a WSGI app.

    Attributes:
        name: The service's short name, `rcp`, `pcp`, `cps`, `ccp`, `pki` or `event`.
        app: The WSGI application.
    """

    name: str

    def __init__(self, context: EcosystemContext) -> None:
        self.context = context
        self.injector = context.injector
        # Falcon would give a media type even to an answer without a body.
        self.app = falcon.App(media_type=None)  # type: ignore[call-overload] # the annotation lacks what works
        self.app.add_error_handler(falcon.HTTPError, self._http_error)
        self.app.add_error_handler(Exception, self._crash)
        # In this order: who may not call learns nothing of what else is wrong with the call.
        self._common = (self._token, self._right, self._parameters, self._body)
        self._route(contract.load().service(self.name))

    def by_https_alone(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as `app` does, but refuse what is asked by plain HTTP, or of a service out of operation."""
        if self.name in self.context.outages.down:
            start_response("503 Service Unavailable", [("content-length", "0")])
            return [b""]
        if self._in_the_clear(environ):
            start_response("403 Forbidden", [])
            return [b""]
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer

    @failpoint("{service}.encrypted", services=SERVICES, without=False)
    def _in_the_clear(self, environ: Environ) -> bool:
        return bool(environ["wsgi.url_scheme"] != "https")

    def handlers(self) -> Mapping[str, OperationHandler]:
        """Return what the role does, by operation id."""
        raise NotImplementedError

    def reset(self) -> None:
        """Bring the role to its first state; its tables are already empty."""

    def tick(self) -> None:
        """Do what is due at the clock's present moment."""

    def next_due(self) -> datetime | None:
        """Return when something becomes due at a moment of its own; None where nothing does."""
        return None

    def enabled(self, pieces: Iterable[Failpoint[F]]) -> Iterator[F]:
        """Yield what the named pieces do, those left out or replaced by a fault excepted."""
        return self.injector.enabled(pieces)

    def resolve(self, piece: Failpoint[F]) -> F:
        """Return what a named piece does, or what a fault does in its place."""
        return self.injector.resolve(piece)

    def _route(self, service: ServiceContract) -> None:
        handlers = self.handlers()
        by_path: dict[str, dict[str, Responder]] = {}
        for operation in service.operations.values():
            if handler := handlers.get(operation.id):
                responder = self._responder(operation, handler)
                for path in (operation.path, *operation.also):
                    responders = by_path.setdefault(path, {})
                    responders |= {f"on_{method}": responder for method in _methods(operation)}
        for path, responders in by_path.items():
            # Falcon wants one object per path, with a method for each HTTP method.
            resource = type("Resource", (), {name: staticmethod(do) for name, do in responders.items()})
            self.app.add_route(service.base + path, resource())

    def _responder(self, operation: Operation, handler: OperationHandler) -> Responder:
        at_once = _at_once(handler)

        def respond(request: falcon.Request, response: falcon.Response, **path: str) -> None:
            # Before the call is read: that draws a trace id, and who answers it next would draw another one.
            if handler.blocks_on_network and NON_BLOCKING in request.env:
                raise WouldBlock
            call = self._call(operation, request, path)
            answer = self._answer(call, at_once if NON_BLOCKING in request.env else handler)
            self.context.log.add(self.name, call, answer)
            # Behind the transaction: what listeners hear of is there already when they act on it.
            self.context.bus.settle()
            send(answer, response)

        return respond

    def _call(self, operation: Operation, request: falcon.Request, path: Mapping[str, str]) -> Call:
        headers = self._headers(request)
        # One byte more than is allowed tells the control `body` that there are too many.
        content = request.bounded_stream.read(MAXIMUM_BODY + 1)
        return Call(
            operation=operation,
            principal=self._caller(
                self.context.tokens.known(headers.get("authorization"), self._keys), headers
            ),
            path=path,
            query={name: _last(value) for name, value in request.params.items()},
            headers=headers,
            content=content,
            body=_decoded(content),
            trace_id=self.trace_id(),
        )

    def _answer(self, call: Call, handler: OperationHandler) -> Answer:
        here = Failpoint(f"{self.name}.here", lambda call: self.answer_locally(call, handler))
        return self.injector.apply_tampering(call, self._found(call, (here, *handler.fallbacks)))

    def _found(self, call: Call, places: tuple[Failpoint[Callable[[Call], Answer]], ...]) -> Answer:
        """Return the answer of the first place that has one; the first refusal if none has."""
        refused: Refusal | None = None
        for look in self.enabled(places):
            try:
                return look(call)
            except NotFoundLocally as refusal:
                # The first is kept: the caller has asked this pool, so its absence here is what counts.
                refused = refused or refusal
            except Refusal as refusal:
                return _refused(call, refusal)
        return _refused(call, refused or NotFoundLocally(404, "there is nothing of the kind"))

    def answer_locally(self, call: Call, handler: OperationHandler) -> Answer:
        """Deal with a call by what this service itself has.

        Raises:
            Refusal: If it must not go on; then nothing has changed.
        """
        if handler.blocks_on_network:
            # No transaction is open meanwhile: nobody else could be answered while a responder is waited for.
            self._control(call, handler)
        # All or nothing, and on disk before the caller hears of it.
        with self.context.store.transaction():
            if not handler.blocks_on_network:
                self._control(call, handler)
            answer = handler.act(call)
            for effect in self.enabled(handler.effects):
                effect(call)
        return answer

    def _control(self, call: Call, handler: OperationHandler) -> None:
        for control in self.enabled((*self._common, *handler.controls)):
            control(call)

    @failpoint("{service}.headers", services=SERVICES)
    def _headers(self, request: falcon.Request) -> dict[str, str]:
        """Return the headers of a request, names in lower case."""
        return {name.lower(): value for name, value in request.headers.items()}

    @failpoint("{service}.keys", services=SERVICES)
    def _keys(self, keys: Sequence[TokenKey]) -> Sequence[TokenKey]:
        """Choose the keys of tokens that are trusted."""
        return every_key(keys)

    @failpoint("{service}.caller", services=SERVICES)
    def _caller(self, principal: Principal | None, _headers: Mapping[str, str]) -> Principal | None:
        """Return who calls: whom the token names, whatever the headers claim (ERR-154)."""
        return principal

    @failpoint("{service}.token", services=SERVICES)
    def _token(self, call: Call) -> None:
        # Asked again only where nobody was found, for the refusal that says why.
        if call.principal is None:
            self.context.tokens.principal(call.headers.get("authorization"), self._keys)

    @failpoint("{service}.right", services=SERVICES)
    def _right(self, call: Call) -> None:
        self._demand_right(call)

    def _demand_right(self, call: Call) -> None:
        if not self._allowed(call):
            raise Refusal(403, f"{call.operation.id} is not open to this account")

    def _allowed(self, call: Call) -> bool:
        if call.principal is None:
            return False
        cell = (call.operation.id, call.query.get("caDomain"), call.principal.party)
        turned = self.injector.right(cell)
        return rights.allowed(cell[0], cell[2], cell[1]) if turned is None else turned

    @failpoint("{service}.parameters", services=SERVICES)
    def _parameters(self, call: Call) -> None:
        deviations = contract.check_parameters(
            call.operation, path=call.path, query=call.query, headers=call.headers
        )
        for deviation in deviations:
            if deviation.severity is contract.Severity.FAIL:
                raise Refusal(400, f"{deviation.where}: expected {deviation.expected}")

    @failpoint("{service}.body", services=SERVICES)
    def _body(self, call: Call) -> None:
        if len(call.content) > MAXIMUM_BODY:
            raise Refusal(413, f"the body exceeds {MAXIMUM_BODY} bytes")
        for deviation in contract.check_request_body(call.operation, call.headers, call.content):
            if deviation.kind is contract.Kind.DUPLICATE_MEMBER:
                # It has two readings, and which of them is meant is not ours to guess.
                raise Refusal(400, f"body: {deviation.seen}")
            if deviation.severity is contract.Severity.FAIL:
                # Only a wrong media type has a status of its own (RFC 9110 section 15.5.16).
                status = 415 if deviation.kind is contract.Kind.MEDIA_TYPE else 400
                raise Refusal(status, f"{deviation.where or 'body'}: expected {deviation.expected}")

    def trace_id(self) -> str:
        """Return a fresh UUID from the ecosystem's own randomness."""
        return str(random_uuid(self.context.random))

    def _http_error(
        self, request: falcon.Request, response: falcon.Response, error: falcon.HTTPError, _path: object
    ) -> None:
        send(self._unserved(request, error), response)

    @failpoint("{service}.unserved", services=SERVICES)
    def _unserved(self, request: falcon.Request, error: falcon.HTTPError) -> Answer:
        message = f"{request.method} {request.path}: {error.title or error.status}"
        body = {"errorMessages": [message], "traceId": self.trace_id()}
        return Answer(error.status_code, json.dumps(body).encode(), headers=dict(error.headers or {}))

    def _crash(
        self, request: falcon.Request, response: falcon.Response, error: Exception, _path: object
    ) -> None:
        trace_id = self.trace_id()
        # The trace id leads from the answer, which tells nothing, to the log, which tells all.
        _logger.error("%s %s failed, trace id %s", request.method, request.path, trace_id, exc_info=error)
        body = {"errorMessages": ["internal error"], "traceId": trace_id}
        send(Answer(500, json.dumps(body).encode()), response)


def _at_once(handler: OperationHandler) -> OperationHandler:
    """Return a handler that gives up where it would have to ask others."""

    def give_up(_call: Call) -> Answer:
        raise WouldBlock

    return replace(handler, fallbacks=tuple(Failpoint(each.name, give_up) for each in handler.fallbacks))


def random_uuid(random: Random) -> UUID:
    """Make a version 4 UUID from seeded randomness."""
    return UUID(int=random.getrandbits(128), version=4)


def _methods(operation: Operation) -> tuple[str, ...]:
    """Return the methods an operation answers; what can be got answers HEAD too (RFC 9110 section 9.3.2)."""
    return ("get", "head") if operation.method == "GET" else (operation.method.lower(),)


def _last(value: str | list[str]) -> str:
    return value if isinstance(value, str) else value[-1]


def _decoded(content: bytes) -> Any:
    """Decode a JSON body; what is no JSON is None here and refused by the control `body`."""
    return json_body.decode_or_none(content)


def _refused(call: Call, refusal: Refusal) -> Answer:
    """Answer a refusal; where the contract defines no body any is allowed, and saying why helps (ERR-170)."""
    if refusal.answer is not None:
        return refusal.answer
    body = {"errorMessages": [refusal.message], "traceId": call.trace_id}
    return Answer(refusal.status, json.dumps(body).encode(), headers=refusal.headers)


def send(answer: Answer, response: falcon.Response) -> None:
    """Turn an answer into Falcon's response."""
    response.status = answer.status
    response.data = answer.content
    response.content_type = answer.media_type or None
    for name, value in answer.headers.items():
        response.set_header(name, value)
