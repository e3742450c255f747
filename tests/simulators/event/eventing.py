"""An ecosystem whose events go to receivers that the test scripts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx

from simulators.ecosystem import Ecosystem
from simulators.kernel.events import Event
from simulators.network.outbound import Outbound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opnc.clock import MovableClock
    from simulators.network.outbound import Lookup

BASE = "https://event.alpha.opnc.test/opnc/v1/event/endpoints"
HOUR = timedelta(hours=1)
PCID, OTHER_PCID = "WDB00000000000001", "WMA00000000000002"
EMAID = "DEABCC00000001"

Answer = int | type[httpx.HTTPError]


@dataclass
class Receivers:
    """Takes what is sent anywhere, and answers as told.

    Attributes:
        answers: Per host: what to answer next, a status or an error; 200 when used up.
        requests: What came, in order.
    """

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.before_answer()
        script = self.answers.get(request.url.host, [])
        answer = script.pop(0) if script else 200
        if isinstance(answer, int):
            return httpx.Response(answer, stream=httpx.ByteStream(b"thank you"))
        raise answer("trouble", request=request)  # type: ignore[call-arg] # a subclass that takes a request

    def told(self, host: str) -> list[str]:
        """Return the names of the events that came to a host, in order."""
        return [json.loads(each.content)["eventType"] for each in self.requests if each.url.host == host]

    def bodies(self, host: str) -> list[dict[str, Any]]:
        """Return the events that came to a host, in order."""
        return [json.loads(each.content) for each in self.requests if each.url.host == host]


class World:
    """An ecosystem and the receivers around it."""

    def __init__(
        self,
        database: str = "sqlite://",
        clock: MovableClock | None = None,
        lookup: Lookup | None = None,
    ) -> None:
        self.receivers = Receivers()
        http = httpx.Client(transport=httpx.MockTransport(self.receivers))
        outbound = Outbound(http, lookup=lookup)
        self.ecosystem = Ecosystem(outbound=outbound, database=database, clock=clock)
        self.http = httpx.Client(transport=httpx.WSGITransport(app=self.ecosystem.event.app))

    def ask(self, party: str, method: str, url: str = BASE, body: Any = None) -> httpx.Response:
        """Call the Event Service."""
        account = self.ecosystem.accounts[party]
        token = self.ecosystem.authorization.grant(account.principal.subject, account.secret)
        return self.http.request(method, url, json=body, headers={"Authorization": f"Bearer {token}"})

    def subscribe(self, party: str, host: str, *events: str, **members: Any) -> str:
        """Subscribe a party at a host and return the id of the endpoint."""
        body = {"url": f"https://{host}/hook", "enabledEvents": list(events), **members}
        answer = self.ask(party, "POST", body=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def publish(self, *events: Event) -> None:
        """Let something happen and be told."""
        for event in events:
            self.ecosystem.bus.publish(event)
        self.ecosystem.bus.settle()

    def contract(self, name: str, pcid: str = PCID, emaid: str = EMAID) -> Event:
        """Return an event about a contract."""
        return Event(
            name,
            {"pcid": pcid, "emaid": emaid},
            wmi=pcid[:3],
            provider_id=emaid[:5],
            namespace="urn:iso:15118:2:2013:MsgDef",
        )

    def close(self) -> None:
        """Give everything back."""
        self.http.close()
        self.ecosystem.close()


def root_event(name: str = "root.cert.added", number: int = 1) -> Event:
    """Return an event about a root."""
    root_id = f"00000000-0000-4000-8000-{number:012}"
    payload = {
        "rootCertificateId": root_id,
        "distinguishedName": "CN=R, O=T, C=DE",
        "commonName": "R",
        "rootType": "V2G",
    }
    return Event(name, payload)


def ids(bodies: Sequence[dict[str, Any]]) -> list[str]:
    """Return the ids of events."""
    return [body["eventId"] for body in bodies]
