"""A server whose ecosystem has services elsewhere: what it hands on, and where it is told what happened.

    POST /occurrences   {"eventType": "oem.contract.deleted", "pcid": "...", "emaid": "...", ...}

takes an event of somebody else's pool, with the members of that event but for its id and time, for the Event
Service and the pools here. It wants `Authorization: Bearer TOKEN`. Of a vehicle that has lost its contracts
(`mo.prov.cert.*`) the contract may be left out: the CCP here knows which there were.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING
from uuid import uuid4

import falcon

from opnc.problem import Problem
from simulators.kernel.service import NON_BLOCKING, WouldBlock
from simulators.kernel.wsgi import call
from simulators.parties.elsewhere import CCP, RefusedElsewhere, from_occurrence, is_about_all_contracts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulators.ecosystem import Ecosystem
    from simulators.kernel.events import Event
    from simulators.kernel.wsgi import App, Environ, StartResponse
    from simulators.parties.elsewhere import Elsewhere

OCCURRENCES = "/occurrences"
"""The path, and the name of the secret, by which somebody else tells what has happened."""

MAX_OCCURRENCE_BYTES = 64 * 1024


def occurrences(ecosystem: Ecosystem, token: str) -> App:
    """Return the app that takes occurrences.

    Args:
        ecosystem: Whose Event Service and pools are told.
        token: What callers have to know.
    """
    app = falcon.App()
    app.add_route(OCCURRENCES, _Occurrences(ecosystem, token))
    return app


class _Occurrences:
    def __init__(self, ecosystem: Ecosystem, token: str) -> None:
        self._ecosystem = ecosystem
        self._expected = f"Bearer {token}".encode()

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Take an occurrence."""
        given = (request.get_header("Authorization") or "").encode("utf-8", "replace")
        # In constant time, so that nobody can find the token out piece by piece.
        if not hmac.compare_digest(given, self._expected):
            raise falcon.HTTPUnauthorized(title="the token of [occurrences] is required")
        try:
            tell(self._ecosystem, from_occurrence(request.bounded_stream.read(MAX_OCCURRENCE_BYTES)))
        except Problem as problem:
            raise falcon.HTTPBadRequest(title=str(problem)) from problem
        response.status = 204


def tell(ecosystem: Ecosystem, occurrence: Event) -> None:
    """Have an ecosystem take note of what has happened where somebody else runs a service.

    Args:
        ecosystem: It is told.
        occurrence: Without an eMSP it is about all contracts of its vehicle, which are gone.
    """
    with ecosystem.store.transaction():
        if is_about_all_contracts(occurrence) and CCP not in ecosystem.elsewhere.services:
            ecosystem.ccp.lifecycle.lose_vehicle(occurrence)
        else:
            ecosystem.elsewhere.publish(ecosystem.bus, occurrence)
    ecosystem.bus.settle()


def handing_on(app: App, elsewhere: Elsewhere) -> App:
    """Return an app that answers when what follows elsewhere has been handed on.

    What is refused there is refused here in its place: nothing of it is kept here.

    Args:
        app: Answers requests.
        elsewhere: What it hands things on to.
    """
    if not elsewhere.services:
        return app

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # Whatever is asked here, somebody elsewhere may have to be asked for it.
        if NON_BLOCKING in environ:
            raise WouldBlock
        status, headers, content = call(app, environ)
        try:
            elsewhere.hand_on()
        except RefusedElsewhere as refusal:
            status = f"{refusal.status} Refused"
            headers = [("content-type", "application/json")]
            content = json.dumps({"errorMessages": [refusal.message], "traceId": str(uuid4())}).encode()
        start_response(status, headers)
        return [content]

    return answer
