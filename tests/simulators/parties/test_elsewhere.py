"""Services that somebody else runs: what is told of them, asked of them and handed on to them."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from opnc import contract
from opnc.clock import VirtualClock
from opnc.events import CONTRACT_CREATED, PROVISIONING_DELETED, ROOT_ADDED
from opnc.problem import Problem
from simulators.ecosystem import Ecosystem
from simulators.kernel import Call, NotFoundLocally
from simulators.kernel.events import Event
from simulators.parties.client import ServiceResponse, ServiceUnreachable
from simulators.parties.elsewhere import (
    Elsewhere,
    Informed,
    RefusedElsewhere,
    Whereabouts,
    as_occurrence,
    from_occurrence,
)
from simulators.serve.connections import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PCID, EMAID = "WDB00000000000001", "DEABCC00000001"


class Answering:
    """A client whose services answer as a test says."""

    def __init__(self, status: int, body: Any = None) -> None:
        self.answer = ServiceResponse(status, json.dumps(body).encode())
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def call(self, operation: str, **parts: Any) -> ServiceResponse:
        self.asked.append((operation, parts))
        if self.answer.status == 0:
            raise ServiceUnreachable("nobody is there")
        return self.answer


def elsewhere(
    client: Answering, *services: str, informed: Informed | None = None, blamed: bool = False
) -> Elsewhere:
    place = Whereabouts(lambda _operation, _provider: client, informed)  # type: ignore[arg-type,return-value] # does as one
    return Elsewhere(frozenset(services), lambda: place, blamed=blamed)


@pytest.fixture
def made() -> Iterator[Callable[[Elsewhere], Ecosystem]]:
    """Makes ecosystems with services elsewhere."""
    opened: list[Ecosystem] = []

    def make(beyond: Elsewhere) -> Ecosystem:
        opened.append(Ecosystem(elsewhere=beyond))
        opened[-1].reset("1")
        return opened[-1]

    yield make
    for each in opened:
        each.close()


# Told


def test_an_occurrence_says_what_an_event_does() -> None:
    event = Event(CONTRACT_CREATED, {"pcid": PCID, "emaid": EMAID}, "WDB", "DEABC", "urn:x")
    told = as_occurrence(event)
    assert told == {
        "eventType": CONTRACT_CREATED,
        "xsdMsgDefNamespace": "urn:x",
        "pcid": PCID,
        "emaid": EMAID,
    }
    assert from_occurrence(json.dumps(told).encode()) == event


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"eventType": 1}', b'{"eventType": "x", "pcid": "?"}']
)
def test_what_is_no_occurrence_is_refused(content: bytes) -> None:
    with pytest.raises(Problem):
        from_occurrence(content)


def test_what_happens_here_is_told_where_the_event_service_is(made: Callable[..., Ecosystem]) -> None:
    heard: list[httpx.Request] = []

    def hear(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return httpx.Response(204)

    informed = Informed("https://there.test/x", "t0k3n", httpx.Client(transport=httpx.MockTransport(hear)))
    beyond = elsewhere(Answering(200), "event", informed=informed)
    ecosystem = made(beyond)
    event = Event(ROOT_ADDED, {"rootCertificateId": "1"})
    ecosystem.bus.publish(event)
    assert beyond.waiting()
    beyond.hand_on()
    assert not beyond.waiting()
    (request,) = heard
    assert json.loads(request.content) == as_occurrence(event)
    assert request.headers["Authorization"] == "Bearer t0k3n"
    # What was told from there is not told back.
    tell(ecosystem, event)
    assert not beyond.waiting()


def test_a_pcp_leaves_the_contracts_to_the_ccp_and_tells_it_which_vehicle(
    made: Callable[..., Ecosystem],
) -> None:
    beyond = elsewhere(Answering(200), "ccp")
    ecosystem = made(beyond)
    ecosystem.bus.publish(Event(PROVISIONING_DELETED, {"pcid": PCID}, "WDB"))
    assert beyond.waiting()
    # Other events stay here, where the Event Service is.
    beyond.hand_on()
    ecosystem.bus.publish(Event(ROOT_ADDED, {}))
    assert not beyond.waiting()


# Asked


def test_roots_elsewhere_are_those_that_are_trusted_here(made: Callable[..., Ecosystem]) -> None:
    whole = made(elsewhere(Answering(0)))
    listed = [
        {"caCertificate": b64encode(root.certificate).decode(), "rootTypeList": list(root.types)}
        for root in whole.trust.roots
    ]
    client = Answering(200, {"rootCertificateCollection": [*listed, {"caCertificate": "?"}, None]})
    found = elsewhere(client, "rcp").roots(whole.clock, "oem")
    assert {each.der for each in found} == {
        root.certificate for root in whole.trust.roots if "oem" in root.types
    }
    assert elsewhere(Answering(0), "rcp").roots(whole.clock, "oem") == ()
    assert elsewhere(Answering(500), "rcp").roots(VirtualClock(), "oem") == ()


def question() -> Call:
    operation = contract.load().operation("getProvisioningCertificateV1")
    return Call(operation, None, {"pcid": PCID}, {}, {}, b"", None, "-")


def test_a_vehicle_is_had_from_the_pcp_elsewhere() -> None:
    client = Answering(200, {"provisioningCertificate": {}})
    assert elsewhere(client, "pcp").ask(question()).status == 200
    assert client.asked == [("getProvisioningCertificateV1", {"path": {"pcid": PCID}})]


@pytest.mark.parametrize("status", [0, 404, 500])
def test_a_vehicle_that_is_not_had_there_is_nowhere(status: int) -> None:
    with pytest.raises(NotFoundLocally):
        elsewhere(Answering(status), "pcp").ask(question())


# Handed on


@pytest.mark.parametrize(
    ("status", "blamed", "told"), [(400, False, 400), (400, True, 502), (500, False, 502), (0, False, 502)]
)
def test_what_a_ccp_refuses_is_refused_with_its_words(status: int, *, blamed: bool, told: int) -> None:
    beyond = elsewhere(Answering(status, {"errorMessages": ["the emaid is used"]}), "ccp", blamed=blamed)
    beyond.store_signed({"emaid": EMAID})
    with pytest.raises(RefusedElsewhere) as refused:
        beyond.hand_on()
    assert refused.value.status == told
    assert ("the emaid is used" in refused.value.message) == (status > 0)
    # Refused once, it is not handed on again with what comes next.
    assert not beyond.waiting()


def test_what_a_ccp_takes_is_handed_on_once() -> None:
    client = Answering(201)
    beyond = elsewhere(client, "ccp")
    beyond.store_signed({"emaid": EMAID})
    beyond.hand_on()
    beyond.hand_on()
    assert client.asked == [("addSignedContractDataV1", {"body": {"emaid": EMAID}})]
