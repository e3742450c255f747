"""What the root certificate pool does beyond what the scenarios ask of it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from opnc.clock import Clock, VirtualClock
from opnc.events import ROOT_ADDED, ROOT_EXPIRED, ROOT_REVOKED
from opnc.pki.issue import Issuer, Order, Subject, issue
from opnc.pki.keys import Seed
from opnc.pki.profiles import profile
from tests.simulators.inprocess import _ecosystem, _http, bearer  # noqa: F401 - fixtures

if TYPE_CHECKING:
    import httpx

    from simulators.ecosystem import Ecosystem
    from simulators.kernel.events import Event

LIST = "https://rcp.alpha.opnc.test/opnc/v1/rcp/rootcertificates"
A_DAY = timedelta(days=1)


def root(name: str, clock: Clock, *, lasts: timedelta = 100 * A_DAY, begins: timedelta = -A_DAY) -> str:
    """Make a root, base64."""
    form, subject = profile("iso2/v2g-root"), Subject(name, "")
    key = Seed(name).key(name)
    start = clock.now() + begins
    order = Order(subject, key.public_key(), Seed(name).serial(name), start, start + lasts)
    return b64encode(issue(form, order, Issuer.self_signing(form, subject, key))).decode()


class Administrator:
    """Writes to the pool and reads it."""

    def __init__(self, ecosystem: Ecosystem, http: httpx.Client) -> None:
        self.ecosystem, self.http = ecosystem, http

    def put(self, certificate: Any, types: Any, **members: Any) -> httpx.Response:
        body = {"caCertificate": certificate, "rootTypeList": types, **members}
        return self.http.put(LIST, json=body, headers=bearer(self.ecosystem, "administrator"))

    def listed(self, pki_type: str = "") -> list[dict[str, Any]]:
        query = {"pkiType": pki_type} if pki_type else {}
        answer = self.http.get(LIST, params=query, headers=bearer(self.ecosystem, "administrator"))
        return list(answer.json()["rootCertificateCollection"]) if answer.status_code == 200 else []

    def find(self, certificate: str, pki_type: str = "") -> list[dict[str, Any]]:
        return [each for each in self.listed(pki_type) if each["caCertificate"] == certificate]


@pytest.fixture(name="administrator")
def _administrator(ecosystem: Ecosystem, http: httpx.Client) -> Administrator:
    return Administrator(ecosystem, http)


@pytest.fixture(name="clock")
def _clock(ecosystem: Ecosystem) -> VirtualClock:
    assert isinstance(ecosystem.clock, VirtualClock)
    return ecosystem.clock


@pytest.fixture(name="events")
def _events(ecosystem: Ecosystem) -> list[Event]:
    """What the pool publishes."""
    heard: list[Event] = []
    ecosystem.bus.subscribe(heard.append, lambda: None)
    return heard


def test_a_root_of_two_types_is_found_under_both_and_under_no_other(
    administrator: Administrator, clock: VirtualClock
) -> None:
    made = root("A", clock)
    assert administrator.put(made, ["V2G", "PE"]).status_code == 200
    found = {name: len(administrator.find(made, name)) for name in ("v2g", "pe", "oem", "emsp", "")}
    assert found == {"v2g": 1, "pe": 1, "oem": 0, "emsp": 0, "": 1}


@pytest.mark.parametrize(
    ("stated", "kept"),
    [("oem", ["OEM"]), (["MO"], ["eMSP"]), (["emsp", "EMSP", "eMSP"], ["eMSP"]), (["V2G", "V2G"], ["V2G"])],
)
def test_types_are_kept_once_and_in_the_published_spelling(
    stated: Any, kept: list[str], administrator: Administrator, clock: VirtualClock
) -> None:
    made = root("A", clock)
    assert administrator.put(made, stated).status_code == 200
    (entry,) = administrator.find(made)
    assert entry["rootTypeList"] == kept


def test_a_root_without_a_type_is_refused(administrator: Administrator, clock: VirtualClock) -> None:
    answer = administrator.put(root("A", clock), [])
    assert answer.status_code == 400
    assert answer.json()["errorMessages"] == ["rootTypeList: names no type"]


def test_registering_again_brings_the_types_up_to_date_under_the_same_id(
    administrator: Administrator, clock: VirtualClock
) -> None:
    made = root("A", clock)
    administrator.put(made, ["V2G"])
    (before,) = administrator.find(made)
    administrator.put(made, ["OEM", "PE"])
    (after,) = administrator.find(made)
    assert after["rootCertificateId"] == before["rootCertificateId"]
    assert after["rootTypeList"] == ["OEM", "PE"]
    assert administrator.find(made, "v2g") == []


def test_roots_are_listed_in_the_order_they_came(administrator: Administrator, clock: VirtualClock) -> None:
    own = [entry["caCertificate"] for entry in administrator.listed()]
    made = [root(name, clock) for name in ("C", "A", "B")]
    for each in made:
        administrator.put(each, ["V2G"])
    assert [entry["caCertificate"] for entry in administrator.listed()] == [*own, *made]


def test_what_the_client_says_about_the_certificate_is_not_believed(
    administrator: Administrator, clock: VirtualClock
) -> None:
    made = root("A", clock)
    lies = {
        "commonName": "B",
        "organizationName": "Another Organization",
        "fingerprint": "00",
        "validTo": "2099-01-01T00:00:00Z",
    }
    assert administrator.put(made, ["V2G"], **lies, labeledUri="https://a.test").status_code == 200
    (entry,) = administrator.find(made)
    assert entry["commonName"] == "A"
    assert "organizationName" not in entry
    assert entry["fingerprint"] != "00"
    assert not entry["validTo"].startswith("2099")
    assert entry["labeledUri"] == "https://a.test"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda der: der + b"\0",
        lambda der: der + der,
        lambda der: der[:-1],
        lambda der: der[1:],
        lambda _der: b"",
    ],
    ids=["a byte more", "twice", "cut at the end", "cut at the beginning", "nothing"],
)
def test_what_is_not_one_whole_certificate_is_refused(
    spoil: Any, administrator: Administrator, clock: VirtualClock
) -> None:
    before = administrator.listed()
    spoilt = b64encode(spoil(b64decode(root("A", clock)))).decode()
    answer = administrator.put(spoilt, ["V2G"])
    assert answer.status_code == 400
    assert "caCertificate" in answer.json()["errorMessages"][0]
    assert administrator.listed() == before


def test_an_id_is_found_in_any_letter_case(
    administrator: Administrator, ecosystem: Ecosystem, http: httpx.Client
) -> None:
    root_id = administrator.listed()[0]["rootCertificateId"]
    answer = http.get(f"{LIST}/{root_id.upper()}", headers=bearer(ecosystem, "cpo"))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "root_id",
    [
        "%00",
        "\u00e9",
        "%F0%9F%98%80",
        "x" * 5000,
        "{896b6655-180e-4304-b642-606bb00df8f0}",
        "' OR 1=1 --",
        "..%2F",
    ],
)
def test_an_odd_id_is_refused_or_unknown(root_id: str, ecosystem: Ecosystem, http: httpx.Client) -> None:
    answer = http.get(f"{LIST}/{root_id}", headers=bearer(ecosystem, "cpo"))
    assert answer.status_code in {400, 404}
    assert answer.json()["errorMessages"]


def test_a_root_that_begins_later_is_offered_from_then_on(
    administrator: Administrator, ecosystem: Ecosystem, clock: VirtualClock
) -> None:
    made = root("A", clock, begins=2 * A_DAY)
    assert administrator.put(made, ["V2G"]).status_code == 200
    assert administrator.find(made) == []
    ecosystem.advance(2 * A_DAY)
    assert len(administrator.find(made)) == 1


def test_everybody_is_told_what_comes_and_goes(
    administrator: Administrator,
    ecosystem: Ecosystem,
    http: httpx.Client,
    clock: VirtualClock,
    events: list[Event],
) -> None:
    lasting, passing = root("A", clock), root("B", clock, lasts=3 * A_DAY)
    administrator.put(lasting, ["V2G"])
    administrator.put(passing, ["OEM"])
    (entry,) = administrator.find(lasting)
    http.delete(f"{LIST}/{entry['rootCertificateId']}", headers=bearer(ecosystem, "administrator"))
    ecosystem.advance(4 * A_DAY)
    assert [event.type for event in events] == [ROOT_ADDED, ROOT_ADDED, ROOT_REVOKED, ROOT_EXPIRED]
    assert administrator.find(lasting) == administrator.find(passing) == []


def test_an_empty_pool_is_answered_404(
    administrator: Administrator, ecosystem: Ecosystem, http: httpx.Client
) -> None:
    headers = bearer(ecosystem, "administrator")
    for entry in administrator.listed():
        assert http.delete(f"{LIST}/{entry['rootCertificateId']}", headers=headers).status_code == 200
    assert http.get(LIST, headers=headers).status_code == 404


def test_a_root_is_valid_to_the_end_of_its_last_second(administrator: Administrator) -> None:
    clock = administrator.ecosystem.clock
    certificate = root("Short", clock, lasts=3 * A_DAY)
    assert administrator.put(certificate, ["OEM"]).status_code == 200
    ecosystem = administrator.ecosystem
    ecosystem.advance(2 * A_DAY)
    assert administrator.find(certificate), "the end belongs to it (RFC 5280 section 4.1.2.5)"
    clock.advance(timedelta(milliseconds=999))
    assert administrator.find(certificate)
    clock.advance(timedelta(milliseconds=1))
    assert not administrator.find(certificate)


@pytest.mark.parametrize(("ended", "status"), [(timedelta(0), 200), (timedelta(seconds=1), 400)])
def test_a_root_can_be_registered_to_its_last_second(
    administrator: Administrator, ended: timedelta, status: int
) -> None:
    certificate = root("Ending", administrator.ecosystem.clock, lasts=A_DAY - ended)
    assert administrator.put(certificate, ["OEM"]).status_code == status
