"""Ecosystems side by side: rings and meshes come to an end, counted by what goes over the wire."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from opnc import contract
from opnc.broadcast import Reading, reaching_all
from opnc.clock import VirtualClock
from opnc.pki.keys import Seed
from opnc.pki.testbed import OEM, Addresses, SeededPki
from opnc.problem import Problem
from opnc.provisioning.namespaces import NAMESPACES
from opnc.vehicles import CHAIN, WRAPPER, chain_object
from simulators.ccp.service import REQUEST
from simulators.collaboration import Peer
from simulators.federation import Federation, MemberAddress, peer_of
from simulators.kernel.in_process import Hosts, responder
from simulators.network.sequential import SequentialOutbound
from simulators.parties.evcc import Evcc, EvccProvisioning
from simulators.pcp.service import PUT, READ
from tests.simulators.inprocess import bearer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulators.ecosystem import Ecosystem

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")
PCID = "WDB00000000000042"


class Mesh:
    """Five ecosystems, and everything that was asked of any of them."""

    def __init__(self) -> None:
        self.hosts = Hosts()
        self.wire: list[httpx.Request] = []
        self.http = httpx.Client(transport=httpx.MockTransport(self._carry))
        self.clock = VirtualClock()
        self.outbound = SequentialOutbound(self.http, self.clock)
        self.federation = Federation({name: MemberAddress(self.outbound) for name in NAMES}, self.clock)
        self.federation.reset("1")
        for member in self.federation.members.values():
            self.hosts.add({host: responder(app) for host, app in member.hosts.items()})

    def _carry(self, request: httpx.Request) -> httpx.Response:
        self.wire.append(request)
        return self.hosts.respond(request)

    def __getitem__(self, name: str) -> Ecosystem:
        return self.federation.members[name]

    def asked(self, service: str) -> Counter[str]:
        """Count the requests to a service by ecosystem."""
        hosts = (each.url.host.split(".") for each in self.wire)
        return Counter(place for name, place, *_ in hosts if name == service)

    def read(self, place: str, pcid: str = PCID) -> httpx.Response:
        """Let an eMSP read a vehicle."""
        self.wire.clear()
        url = contract.load().operation(READ).url(self[place].url("pcp"), {"pcid": pcid})
        return self.http.get(url, headers=bearer(self[place], "emsp"))

    def publish(self, place: str, roots_known: str = "") -> str:
        """Publish a vehicle below a root that another may know too; return its certificate."""
        pki = SeededPki(Seed(place), self.clock.now(), addresses=Addresses("", ""))
        credential = pki.vehicle(PCID, OEM)
        for name in (place, roots_known) if roots_known else (place,):
            self[name].rcp.put(_root(credential.chain[-1], "oem"))
        body = {CHAIN: chain_object(credential.chain[:-1])}
        url = contract.load().operation(PUT).url(self[place].url("pcp"))
        answer = self.http.put(url, headers=bearer(self[place], "oem"), json=body)
        assert answer.status_code == 200, answer.text
        return str(body[CHAIN]["certificate"])


def _root(certificate: bytes, kind: str) -> dict[str, Any]:

    return {"rootTypeList": [kind], "caCertificate": b64encode(certificate).decode()}


@pytest.fixture(scope="module")
def _mesh() -> Iterator[Mesh]:
    mesh = Mesh()
    yield mesh
    mesh.federation.close()
    mesh.http.close()


@pytest.fixture
def mesh(_mesh: Mesh) -> Mesh:
    _mesh.federation.reset("1")
    for member in _mesh.federation.members.values():
        member.ccp.collaboration.reading = "A"
    _mesh.wire.clear()
    return _mesh


def cir(mesh: Mesh, place: str, reading: Reading) -> httpx.Response:
    """Let a vehicle that nobody knows ask for contracts at a charging station."""
    pki = mesh[place].trust.pki
    equipment = EvccProvisioning(PCID, {"ISO15118-2": pki.vehicle(PCID, OEM)}, (pki.root().certificate,))
    text = Evcc(equipment, bytes).request("ISO15118-2", mesh.clock.now()).text
    body = {"certificateInstallationReq": text, "xsdMsgDefNamespace": NAMESPACES["ISO15118-2"]}
    headers = {**bearer(mesh[place], "cpo"), **reaching_all(reading), "alwaysReturnEXI": "false"}
    mesh.wire.clear()
    url = contract.load().operation(REQUEST).url(mesh[place].url("ccp"))
    return mesh.http.post(url, headers=headers, json=body)


def test_what_the_last_of_five_holds_costs_one_request_to_each_of_the_others(mesh: Mesh) -> None:
    certificate = mesh.publish("epsilon", roots_known="alpha")
    answer = mesh.read("alpha")
    assert answer.status_code == 200
    assert answer.json()[WRAPPER][CHAIN]["certificate"] == certificate
    assert mesh.asked("pcp") == dict.fromkeys(NAMES, 1)


def test_a_vehicle_below_a_root_of_nobodys_pool_is_not_handed_out(mesh: Mesh) -> None:
    mesh.publish("epsilon")
    assert mesh.read("alpha").status_code == 404


def test_a_root_that_leaves_one_pool_stays_in_another(mesh: Mesh) -> None:
    mesh.publish("epsilon", roots_known="beta")
    assert (mesh.read("alpha").status_code, mesh.read("beta").status_code) == (404, 200)


@pytest.mark.parametrize("readings", list(product("AB", repeat=3)))
def test_a_mesh_of_any_readings_comes_to_an_end(mesh: Mesh, readings: tuple[Reading, ...]) -> None:
    for name, reading in zip(NAMES, (*readings, *readings), strict=False):
        mesh[name].ccp.collaboration.reading = reading
    assert cir(mesh, "alpha", readings[0]).status_code == 404
    assert mesh.asked("ccp") == dict.fromkeys(NAMES, 1)


@pytest.mark.parametrize("reading", ["A", "B"])
def test_without_being_asked_to_only_the_first_reading_asks_others(mesh: Mesh, reading: Reading) -> None:
    mesh["alpha"].ccp.collaboration.reading = reading
    other: Reading = "B" if reading == "A" else "A"
    assert cir(mesh, "alpha", other).status_code == 404
    assert mesh.asked("ccp") == {"alpha": 1}


def test_no_token_goes_to_another_ecosystem_than_the_one_that_gave_it(mesh: Mesh) -> None:
    mesh.read("alpha")
    first, *passed_on = (each for each in mesh.wire if each.url.host.startswith("pcp."))
    tokens = {each.headers["Authorization"] for each in passed_on}
    assert len(tokens) == len(NAMES) - 1
    assert first.headers["Authorization"] not in tokens


def test_tokens_are_kept_and_renewed_when_they_are_no_longer_taken(mesh: Mesh) -> None:
    mesh.read("alpha")
    mesh.read("alpha")
    assert mesh.asked("auth") == {}
    mesh.clock.advance(timedelta(days=1))
    assert mesh.read("alpha").status_code == 404
    assert mesh.asked("auth") == {"beta": 1, "gamma": 1, "delta": 1, "epsilon": 1}


def test_an_ecosystem_is_no_peer_of_itself(mesh: Mesh) -> None:
    itself = Peer("me", {"pcp": mesh["alpha"].url("pcp")}, "https://auth.alpha.opnc.test", "me", "secret")
    with pytest.raises(Problem, match=r"peer me: .* is this ecosystem itself"):
        mesh["alpha"].peers.onboard([itself])


def test_a_peer_named_twice_is_refused(mesh: Mesh) -> None:
    peer = peer_of(mesh["beta"], "alpha")
    with pytest.raises(Problem, match="is that of the peer beta too"):
        mesh["alpha"].peers.onboard([peer, peer])


def test_peers_that_do_not_exist_spoil_nothing(mesh: Mesh) -> None:
    nowhere = Peer(
        "nowhere", {"pcp": "https://nowhere.opnc.test"}, "https://nowhere.opnc.test/token", "a", "b"
    )
    half = Peer("half", {"ccp": "https://half.opnc.test"}, "https://half.opnc.test/token", "a", "b")
    mesh.publish("beta", roots_known="alpha")
    known = tuple(mesh["alpha"].peers)
    mesh["alpha"].peers.onboard((nowhere, half, *known))
    try:
        assert mesh.read("alpha").status_code == 200
    finally:
        mesh["alpha"].peers.onboard(known)


@pytest.mark.parametrize(
    "token",
    ["", "b\u00e4r", "a\r\nX-Injected: 1", 7, None, ["a"]],
    ids=["empty", "not ASCII", "two lines", "a number", "null", "a list"],
)
def test_a_token_that_is_none_spoils_nothing(mesh: Mesh, token: Any) -> None:
    host = "auth.gamma.opnc.test"
    truthful = mesh["gamma"].hosts[host]
    mesh.hosts.add({host: lambda _request: httpx.Response(200, json={"access_token": token})})
    mesh["alpha"].peers.forget_tokens()
    mesh.publish("delta", roots_known="alpha")
    try:
        assert mesh.read("alpha").status_code == 200
        assert mesh.asked("pcp")["gamma"] == 0
    finally:
        mesh.hosts.add({host: responder(truthful)})


NO_CHAIN = {"certificate": "AAAA", "subCa1Certificate": "AAAA"}
LIES: Mapping[str, httpx.Response] = {
    "nothing": httpx.Response(200),
    "no JSON": httpx.Response(200, text="It works!"),
    "a list": httpx.Response(200, json=[]),
    "a number": httpx.Response(200, json={WRAPPER: 7}),
    "deep nesting": httpx.Response(200, text='{"a":' * 5000 + "1" + "}" * 5000),
    "ten megabytes": httpx.Response(200, content=b'"' + b"a" * 10_000_000 + b'"'),
    "no certificate": httpx.Response(200, json={WRAPPER: {CHAIN: NO_CHAIN}}),
    "a redirect": httpx.Response(307, headers={"location": "https://pcp.gamma.opnc.test/opnc/v1/pcp/x"}),
    "no token": httpx.Response(401),
    "a crash": httpx.Response(500, text="oops"),
    "not UTF-8": httpx.Response(200, content=b"\xff\xfe"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_peer_answers_instead_breaks_nothing(mesh: Mesh, lie: str) -> None:
    host = "pcp.delta.opnc.test"
    truthful = mesh["delta"].hosts[host]
    mesh.hosts.add({host: lambda _request: LIES[lie]})
    try:
        answer = mesh.read("alpha")
        assert answer.status_code == 404
        assert json.loads(answer.content)["errorMessages"]
        assert mesh.asked("pcp")["gamma"] == 1
    finally:
        mesh.hosts.add({host: responder(truthful)})
