"""EST at the path of RFC 7030, as clients call it that know nothing of OPNC."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import httpx
import pytest

from opnc.pki import est
from opnc.pki.issue import Subject
from opnc.pki.keys import Seed
from opnc.pki.requests import build_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulators.services.conftest import Line

FORMS = {"as RFC 7030 says": "/.well-known/est/{}/{}", "behind an address": "/est/{}/.well-known/est/{}"}
EST_TYPES = {"Content-Type": est.REQUEST_TYPE, "Content-Transfer-Encoding": "base64"}


@pytest.fixture
def stock(line: Line) -> Iterator[httpx.Client]:
    transport = httpx.WSGITransport(line.ecosystem.rfc7030_est)
    with httpx.Client(transport=transport, base_url="https://est.test") as http:
        yield http


def account(line: Line, party: str) -> tuple[str, str]:
    known = line.ecosystem.accounts[party]
    return known.principal.subject, known.secret


def request(common_name: str = "DE*CPO*E1", algorithm: str = "secp256r1") -> bytes:
    key = Seed("stock").key("charger", algorithm)
    return est.encode_body(build_request(Subject(common_name, "Example"), key))


def enrolled(stock: httpx.Client, form: str, label: str, who: tuple[str, str] | None) -> httpx.Response:
    algorithm = "secp521r1" if label.endswith("-20") else "secp256r1"
    url = FORMS[form].format(label, "simpleenroll")
    asked = stock.build_request("POST", url, content=request(algorithm=algorithm), headers=EST_TYPES)
    return stock.send(asked, auth=httpx.BasicAuth(*who) if who else None)


@pytest.mark.parametrize("form", FORMS)
def test_everybody_reads_the_ca_certificates(stock: httpx.Client, form: str) -> None:
    answer = stock.get(FORMS[form].format("cpo", "cacerts"))
    found = est.read_certificates(answer.content, answer.headers["Content-Type"]).certificates
    assert [each.common_name for each in found] == [
        "CPO Sub-CA 2 V2G1",
        "CPO Sub-CA 1 V2G1",
        "V2G Root CA V2G1",
    ]
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_a_client_that_knows_no_label_is_a_charge_point(line: Line, stock: httpx.Client) -> None:
    labelled, bare = (stock.get(f"/.well-known/est/{label}cacerts") for label in ("cpo/", ""))
    assert (bare.status_code, bare.content) == (200, labelled.content)
    answer = stock.post(
        "/.well-known/est/simpleenroll",
        content=request(),
        headers=EST_TYPES,
        auth=httpx.BasicAuth(*account(line, "cpo")),
    )
    assert answer.status_code == 200
    assert est.read_certificates(answer.content).certificates[0].common_name == "DE*CPO*E1"


def test_each_kind_of_client_gets_the_base64_it_reads(stock: httpx.Client) -> None:
    wrapped, single = (stock.get(form.format("cpo", "cacerts")).content for form in FORMS.values())
    assert max(map(len, wrapped.splitlines())) == 64
    assert b"\n" not in single
    assert base64.b64decode(wrapped) == base64.b64decode(single)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("label", "algorithm"), [("cpo", "secp256r1"), ("cpo-20", "secp521r1")])
def test_an_account_enrolls_by_name_and_password(
    line: Line, stock: httpx.Client, form: str, label: str, algorithm: str
) -> None:
    answer = enrolled(stock, form, label, account(line, "cpo"))
    assert answer.status_code == 200
    (issued,) = est.read_certificates(answer.content).certificates
    assert (issued.common_name, issued.key_algorithm) == ("DE*CPO*E1", algorithm)


@pytest.mark.parametrize("who", [None, ("cpo", "wrong"), ("", ""), ("nobody", "")])
def test_nobody_else_enrolls_and_the_answer_says_how_to(
    stock: httpx.Client, who: tuple[str, str] | None
) -> None:
    answer = enrolled(stock, "as RFC 7030 says", "cpo", who)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="opnc"')


def test_a_bearer_token_of_no_one_is_refused_the_same_way(stock: httpx.Client) -> None:
    url = FORMS["as RFC 7030 says"].format("cpo", "simpleenroll")
    answer = stock.post(url, content=request(), headers={**EST_TYPES, "Authorization": "Bearer x"})
    assert answer.status_code == 401


@pytest.mark.parametrize(("party", "label"), [("oem", "cpo"), ("other cpo", "cpo")])
def test_the_rules_of_the_pki_hold_on_this_way_too(
    line: Line, stock: httpx.Client, party: str, label: str
) -> None:
    assert enrolled(stock, "as RFC 7030 says", label, account(line, party)).status_code == 403


def test_there_are_no_vehicle_certificates_of_iso_15118_2(stock: httpx.Client) -> None:
    assert stock.get("/.well-known/est/veh/cacerts").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/est",
        "/.well-known/est/foo/cacerts",
        "/.well-known/est/cpo/simplereenroll",
        "/.well-known/est/cpo/cacerts/",
        "/est/cpo/cacerts",
        "/est/cpo/.well-known/est/oem/cacerts",
        "/est",
    ],
)
def test_other_paths_lead_nowhere(stock: httpx.Client, path: str) -> None:
    assert stock.get(path).status_code == 404
