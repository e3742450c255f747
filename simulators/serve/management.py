"""The management port: for whoever runs the server, never for those who are served.

    GET  /health     what runs, since when, what it holds
    POST /reset      {"seed": "1", "faults": []}: back to the first state, with exactly these faults, as soon
                     as what was begun before is over; `under_way` in the answer: how much of it never was
    GET  /clock      the present, and when something becomes due at a moment of its own
    POST /clock      {"advance_s": 3600} or {"reset": true}; what becomes due is done when the answer comes
    GET  /faults     the faults there are, and those that are switched on
    PUT  /faults     {"active": ["rcp.filter-ignored"]}: exactly these
    GET  /history    the latest requests, oldest first; ?last=20
    POST /vehicles/PCID/factory-reset   delete all contracts of a vehicle, keep its certificate
    GET  /visits     ?subject=oem&after=12: what an account asked after the call of that number, with bodies;
                     without a subject, what anybody asked
    PUT  /outages    {"services": ["pcp"]}: exactly these are out of operation and answer 503
    PUT  /token-lifetimes   {"oem": 10}: how many seconds new tokens of an account last; of others as usual
    GET  /roots      the roots the pool holds
    GET  /ca         the CA of the server's certificate, PEM

All of it wants `Authorization: Bearer TOKEN`. The port is bound to this machine's loopback address.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64encode
from dataclasses import asdict
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

import falcon

from opnc import json_body
from opnc.problem import Problem
from simulators.kernel.fault_injection import Fault
from simulators.kernel.tokens import LIFETIME
from simulators.serve.lock_release import ShutdownInProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from simulators.ecosystem import Ecosystem
    from simulators.kernel.fault_injection import Behaviour

Parameters = dict[str, Any]
"""What a request says, in its query, its body and its path."""

MAX_ADVANCE_S = 50 * 366 * 24 * 3600


class Management:
    """What can be asked of a server beside what it serves.

    Attributes:
        app: The WSGI app.
    """

    def __init__(
        self,
        ecosystem: Ecosystem,
        token: str,
        ca: bytes,
        lock: AbstractContextManager[object],
        advance: Callable[[timedelta], None],
        reset: Callable[[str, Sequence[Behaviour]], int],
    ) -> None:
        """Get ready.

        Args:
            ecosystem: What is managed.
            token: What callers have to know.
            ca: The CA of the server's certificate, PEM.
            lock: Held by whoever touches the ecosystem.
            advance: Moves the clock and does what becomes due; called without the lock.
            reset: Brings the ecosystem to its first state, given a seed and what is switched on then; returns
                how much of what was begun before is still under way; called without the lock.
        """
        self._ecosystem = ecosystem
        self._lock = lock
        self._advance = advance
        self._to_first_state = reset
        self._started = monotonic()
        self.app = falcon.App(middleware=[_Guard(token)])
        self.app.add_error_handler(Problem, _as_bad_request)
        self._route("/health", get=self._health)
        self._route("/reset", post=self._reset)
        self._route("/clock", get=self._clock, post=self._move_clock)
        self._route("/faults", get=self._known_faults, put=self._set_faults)
        self._route("/history", get=self._history)
        self._route("/vehicles/{pcid}/factory-reset", post=self._factory_reset)
        self._route("/visits", get=self._visits)
        self._route("/token-lifetimes", put=self._set_token_lifetimes)
        self._route("/outages", put=self._set_outages)
        self._route("/roots", get=self._roots)
        self._route("/ca", get=lambda _order: ca.decode())

    def _route(self, path: str, **methods: Callable[[Parameters], Any]) -> None:
        responders = {f"on_{name}": staticmethod(_responder(do)) for name, do in methods.items()}
        self.app.add_route(path, type("Resource", (), responders)())

    def _health(self, _parameters: Parameters) -> dict[str, Any]:
        with self._lock:
            return {
                "status": "ok",
                "ecosystem": self._ecosystem.name,
                "pid": os.getpid(),
                "uptime_s": round(monotonic() - self._started, 3),
                "now": self._ecosystem.clock.now().isoformat(),
                "held": self._ecosystem.store.counts(),
                "calls": self._ecosystem.log.count,
                "not_allowed": dict(self._ecosystem.outbound.not_allowed),
            }

    def _reset(self, parameters: Parameters) -> dict[str, Any]:
        faults = _faults(_names(parameters, "faults"))
        left = self._to_first_state(str(parameters.get("seed", "1")), faults)
        return {**self._health(parameters), "under_way": left}

    def _clock(self, _parameters: Parameters) -> dict[str, Any]:
        with self._lock:
            now, due = self._ecosystem.clock.now(), self._ecosystem.next_due()
        return {"now": now.isoformat(), "next_due": due and due.isoformat()}

    def _move_clock(self, parameters: Parameters) -> dict[str, Any]:
        if parameters.get("reset") is True:
            with self._lock:
                self._ecosystem.clock.reset()
        else:
            by = _duration(parameters.get("advance_s"))
            try:
                self._advance(by)
            except ShutdownInProgress as error:
                raise falcon.HTTPServiceUnavailable(title="the server is about to stop") from error
            except Exception as error:
                # What the error says may quote rows of the store, secrets among them.
                raise falcon.HTTPInternalServerError(
                    title=f"the clock could not be moved ({type(error).__name__}); the server's log says why"
                ) from error
        return self._clock(parameters)

    def _known_faults(self, _parameters: Parameters) -> dict[str, Any]:
        from simulators.faults import FAULTS  # noqa: PLC0415 - takes long, and few ask for it

        known = [
            {
                "id": fault.id,
                "service": fault.service,
                "requirements": fault.requirements,
                "summary": fault.summary,
            }
            for fault in FAULTS
        ]
        with self._lock:
            active = [fault.id for fault in self._ecosystem.faults]
        return {"active": active, "known": known}

    def _set_faults(self, parameters: Parameters) -> dict[str, Any]:
        if "active" not in parameters:
            raise Problem('give {"active": [...]}, an empty list for no fault')
        faults = _faults(_names(parameters, "active"))
        with self._lock:
            self._ecosystem.inject_faults(faults)
        return {"active": [fault.id for fault in faults]}

    def _history(self, parameters: Parameters) -> list[dict[str, Any]]:
        with self._lock:
            entries = list(self._ecosystem.log)
        latest = entries[max(0, len(entries) - _number(parameters, "last", len(entries))) :]
        return [{**asdict(entry), "at": entry.at.isoformat()} for entry in latest]

    def _factory_reset(self, parameters: Parameters) -> dict[str, Any]:
        with self._lock:
            self._ecosystem.factory_reset(parameters["pcid"])
        return {"pcid": parameters["pcid"]}

    def _visits(self, parameters: Parameters) -> list[dict[str, Any]]:
        after, subject = _number(parameters, "after", 0), parameters.get("subject")
        with self._lock:
            calls = self._ecosystem.log.calls_of(None if subject is None else str(subject), after)
            return [each.to_json() for each in calls]

    def _set_token_lifetimes(self, parameters: Parameters) -> dict[str, Any]:
        lifetimes = {name: _lifetime(name, seconds) for name, seconds in parameters.items()}
        with self._lock:
            self._ecosystem.tokens.lifetimes = lifetimes
        return {name: each.total_seconds() for name, each in lifetimes.items()}

    def _set_outages(self, parameters: Parameters) -> dict[str, Any]:
        services = _names(parameters, "services")
        with self._lock:
            self._ecosystem.outages.set(services)
        return {"services": sorted(services)}

    def _roots(self, _parameters: Parameters) -> list[dict[str, Any]]:
        with self._lock:
            held = self._ecosystem.rcp.held()
        return [{"types": root.types, "certificate": b64encode(root.certificate).decode()} for root in held]


class _Guard:
    """Lets only those in who know the token."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    def process_request(self, request: falcon.Request, _response: falcon.Response) -> None:
        """Look at the token before anything else."""
        given = (request.get_header("Authorization") or "").encode("utf-8", "replace")
        # In constant time, so that nobody can find the token out piece by piece.
        if not hmac.compare_digest(given, self._expected):
            raise falcon.HTTPUnauthorized(title="the management token is required")


def _responder(do: Callable[[Parameters], Any]) -> Callable[..., None]:
    def respond(request: falcon.Request, response: falcon.Response, **path: str) -> None:
        answer = do({**_parameters(request), **path})
        if isinstance(answer, str):
            response.content_type, response.text = "application/x-pem-file", answer
        else:
            response.media = answer

    return respond


def _parameters(request: falcon.Request) -> Parameters:
    # Whatever its media type: curl names that of a form where nobody says otherwise.
    body = json_body.decode_or_none(request.bounded_stream.read() or b"{}")
    if not isinstance(body, dict):
        raise Problem("the body must be a JSON object")
    return {**request.params, **body}


def _names(parameters: Parameters, member: str) -> list[str]:
    names = parameters.get(member, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Problem(f"{member} must be a list of strings")
    return names


def _number(parameters: Parameters, member: str, default: int) -> int:
    text = str(parameters.get(member, default))
    if not text.isdecimal():
        raise Problem(f"{member} must be a number")
    return int(text)


def _faults(names: list[str]) -> list[Behaviour]:
    if not names:
        return []
    from simulators.variants import behaviour  # noqa: PLC0415 - as above

    behaviours = [behaviour(name) for name in names]
    for each in behaviours:
        if isinstance(each, Fault) and each.in_process_only:
            raise Problem(f"{each.id} cannot be switched on here: {each.in_process_only}")
    return behaviours


def _lifetime(name: str, seconds: Any) -> timedelta:
    # No longer than usual: keys are kept as long as tokens last that they have signed.
    longest = int(LIFETIME.total_seconds())
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 1 <= seconds <= longest:
        raise Problem(f"{name}: give whole seconds, 1 to {longest}")
    return timedelta(seconds=seconds)


def _duration(seconds: Any) -> timedelta:
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not number or not 0 <= seconds <= MAX_ADVANCE_S:
        raise Problem('give {"advance_s": SECONDS}, at most 50 years, or {"reset": true}')
    return timedelta(seconds=seconds)


def _as_bad_request(
    _request: falcon.Request, _response: falcon.Response, problem: Problem, _params: object
) -> None:
    raise falcon.HTTPBadRequest(title=str(problem))
