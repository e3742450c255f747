"""The management port: for whoever runs the server, never for those who are served.

    GET  /health     what runs, since when, what it holds
    POST /reset      {"seed": "1", "faults": []}: back to the first state, with exactly these faults
    GET  /clock      the present, and when something becomes due at a moment of its own
    POST /clock      {"advance_s": 3600} or {"reset": true}; what becomes due is done when the answer comes
    GET  /faults     the faults there are, and those that are switched on
    PUT  /faults     {"active": ["rcp.filter-ignored"]}: exactly these
    GET  /history    the latest requests, oldest first; ?last=20
    POST /vehicles/PCID/factory-reset   delete all contracts of a vehicle, keep its certificate
    GET  /visits     ?subject=oem&after=12: what an account asked after the call of that number, with bodies
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
from simulators.serve.lock_release import Stopping

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from simulators.ecosystem import Ecosystem
    from simulators.kernel.misbehaviour import Fault

Order = dict[str, Any]
"""What a request says, in its query, its body and its path."""

LONGEST_ADVANCE_S = 50 * 366 * 24 * 3600


class Management:
    """What can be asked of a server beside what it serves.

    Attributes:
        app: The WSGI application.
    """

    def __init__(
        self,
        ecosystem: Ecosystem,
        token: str,
        ca: bytes,
        turn: AbstractContextManager[object],
        advance: Callable[[timedelta], None],
    ) -> None:
        """Get ready.

        Args:
            ecosystem: What is managed.
            token: What callers have to know.
            ca: The CA of the server's certificate, PEM.
            turn: Held by whoever touches the ecosystem.
            advance: Moves the clock and does what becomes due; called without the turn.
        """
        self._ecosystem = ecosystem
        self._turn = turn
        self._advance = advance
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
        self._route("/roots", get=self._roots)
        self._route("/ca", get=lambda _order: ca.decode())

    def _route(self, path: str, **methods: Callable[[Order], Any]) -> None:
        responders = {f"on_{name}": staticmethod(_responder(do)) for name, do in methods.items()}
        self.app.add_route(path, type("Resource", (), responders)())

    def _health(self, _order: Order) -> dict[str, Any]:
        with self._turn:
            return {
                "status": "ok",
                "ecosystem": self._ecosystem.name,
                "pid": os.getpid(),
                "uptime_s": round(monotonic() - self._started, 3),
                "now": self._ecosystem.clock.now().isoformat(),
                "held": self._ecosystem.store.counts(),
            }

    def _reset(self, order: Order) -> dict[str, Any]:
        faults = _faults(_names(order, "faults"))
        with self._turn:
            self._ecosystem.misbehave(())
            self._ecosystem.reset(str(order.get("seed", "1")))
            self._ecosystem.misbehave(faults)
        return self._health(order)

    def _clock(self, _order: Order) -> dict[str, Any]:
        with self._turn:
            now, due = self._ecosystem.clock.now(), self._ecosystem.next_due()
        return {"now": now.isoformat(), "next_due": due and due.isoformat()}

    def _move_clock(self, order: Order) -> dict[str, Any]:
        if order.get("reset") is True:
            with self._turn:
                self._ecosystem.clock.reset()
        else:
            by = _duration(order.get("advance_s"))
            try:
                self._advance(by)
            except Stopping as error:
                raise falcon.HTTPServiceUnavailable(title="the server is about to stop") from error
            except Exception as error:
                # What the error says may quote rows of the store, secrets among them.
                raise falcon.HTTPInternalServerError(
                    title=f"the clock could not be moved ({type(error).__name__}); the server's log says why"
                ) from error
        return self._clock(order)

    def _known_faults(self, _order: Order) -> dict[str, Any]:
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
        return {"active": [fault.id for fault in self._ecosystem.faults], "known": known}

    def _set_faults(self, order: Order) -> dict[str, Any]:
        if "active" not in order:
            raise Problem('give {"active": [...]}, an empty list for no fault')
        faults = _faults(_names(order, "active"))
        with self._turn:
            self._ecosystem.misbehave(faults)
        return {"active": [fault.id for fault in faults]}

    def _history(self, order: Order) -> list[dict[str, Any]]:
        with self._turn:
            entries = list(self._ecosystem.log)
        latest = entries[max(0, len(entries) - _number(order, "last", len(entries))) :]
        return [{**asdict(entry), "at": entry.at.isoformat()} for entry in latest]

    def _factory_reset(self, order: Order) -> dict[str, Any]:
        with self._turn:
            self._ecosystem.factory_reset(order["pcid"])
        return {"pcid": order["pcid"]}

    def _visits(self, order: Order) -> list[dict[str, Any]]:
        after = _number(order, "after", 0)
        with self._turn:
            return [each.to_json() for each in self._ecosystem.log.visits(str(order.get("subject")), after)]

    def _roots(self, _order: Order) -> list[dict[str, Any]]:
        with self._turn:
            held = self._ecosystem.rcp.held()
        return [{"types": root.types, "certificate": b64encode(root.certificate).decode()} for root in held]


class _Guard:
    """Lets only those in who know the token."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    def process_request(self, request: falcon.Request, _response: falcon.Response) -> None:
        """Look at the token before anything else."""
        given = (request.get_header("Authorization") or "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._expected):
            raise falcon.HTTPUnauthorized(title="the management token is required")


def _responder(do: Callable[[Order], Any]) -> Callable[..., None]:
    def respond(request: falcon.Request, response: falcon.Response, **path: str) -> None:
        answer = do({**_order(request), **path})
        if isinstance(answer, str):
            response.content_type, response.text = "application/x-pem-file", answer
        else:
            response.media = answer

    return respond


def _order(request: falcon.Request) -> Order:
    # Whatever its media type: curl names that of a form where nobody says otherwise.
    body = json_body.decode_or_none(request.bounded_stream.read() or b"{}")
    if not isinstance(body, dict):
        raise Problem("the body must be a JSON object")
    return {**request.params, **body}


def _names(order: Order, member: str) -> list[str]:
    names = order.get(member, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Problem(f"{member} must be a list of strings")
    return names


def _number(order: Order, member: str, default: int) -> int:
    text = str(order.get(member, default))
    if not text.isdecimal():
        raise Problem(f"{member} must be a number")
    return int(text)


def _faults(names: list[str]) -> list[Fault]:
    if not names:
        return []
    from simulators.faults import by_id  # noqa: PLC0415 - as above

    return [by_id(name) for name in names]


def _duration(seconds: Any) -> timedelta:
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not number or not 0 <= seconds <= LONGEST_ADVANCE_S:
        raise Problem('give {"advance_s": SECONDS}, at most 50 years, or {"reset": true}')
    return timedelta(seconds=seconds)


def _as_bad_request(
    _request: falcon.Request, _response: falcon.Response, problem: Problem, _params: object
) -> None:
    raise falcon.HTTPBadRequest(title=str(problem))
