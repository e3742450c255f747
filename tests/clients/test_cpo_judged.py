"""What the backend of a CPO passes on is compared byte for byte, what it enrols is read."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from fixtures.judgements import clients_cpo as clients
from fixtures.judging import Inconclusive, NotApplicable
from opnc.exi.iso20 import COMMON_MESSAGES
from opnc.pki import est
from opnc.pki.issue import Subject
from opnc.pki.keys import Seed
from opnc.pki.requests import build_request
from opnc.provisioning.namespaces import NAMESPACES
from tests.clients.seeing import done, failures, seen

TEXT = b64encode(bytes(range(50))).decode()
OTHER = b64encode(bytes(range(51))).decode()
HANDED = {clients.REQUEST: TEXT, clients.NAMESPACE: NAMESPACES["ISO15118-20"]}
EVSE = "DE*CPO*E123456*1"


def passed(body: Any) -> list[str]:
    return failures(clients.passed_on(done(seen(clients.PASS_ON, body)), HANDED))


def test_the_same_octets_are_the_same_request() -> None:
    assert passed(HANDED) == []


@pytest.mark.parametrize("text", [OTHER, "", "no base64!", None, 7])
def test_other_octets_are_another_request(text: Any) -> None:
    assert passed({**HANDED, clients.REQUEST: text}) == ["fail: certificateInstallationReq that is passed on"]


@pytest.mark.parametrize(
    ("namespace", "expected"),
    [(COMMON_MESSAGES, "warn"), (NAMESPACES["ISO15118-2"], "fail"), ("x", "fail"), (None, "fail")],
)
def test_the_namespace_says_the_edition(namespace: Any, expected: str) -> None:
    assert passed({**HANDED, clients.NAMESPACE: namespace}) == [f"{expected}: xsdMsgDefNamespace"]


def test_nothing_passed_on_is_a_failure() -> None:
    assert failures(clients.passed_on(done(), HANDED)) == ["fail: requests of the backend"]
    assert len(passed([])) == 2


def answered(*texts: str) -> Any:
    items = [{clients.RESPONSE: text} for text in texts]
    return seen(clients.PASS_ON, HANDED, answer={"signedContractDataCollection": items})


def test_the_answer_is_handed_back_as_it_came() -> None:
    assert failures(clients.handed_back(done(answered(TEXT), certificateInstallationRes=TEXT))) == []
    assert failures(clients.handed_back(done(answered(OTHER, TEXT), certificateInstallationRes=TEXT))) == []
    assert failures(clients.handed_back(done(answered(TEXT), certificateInstallationRes=OTHER))) == [
        "fail: certificateInstallationRes that the charge point gets"
    ]


def test_what_the_charge_point_got_must_be_known() -> None:
    with pytest.raises(NotApplicable, match="does not tell"):
        list(clients.handed_back(done(answered(TEXT))))
    with pytest.raises(Inconclusive, match="answered nothing"):
        list(clients.handed_back(done(answered(), certificateInstallationRes=TEXT)))


def enrolment(name: str, organization: str = "CPO", domain: str = "cpo") -> Any:
    request = build_request(Subject(name, organization), Seed("cpo").key(name), "CPO")
    return seen(clients.ENROLL, est.encode_body(request), caDomain=domain)


@pytest.mark.parametrize("name", [EVSE, "DECPOE123456*1", "de*cpo*E123456*1"])
def test_an_evse_id_is_the_same_however_it_is_written(name: str) -> None:
    assert failures(clients.enrolled(done(enrolment(name)), EVSE)) == []


@pytest.mark.parametrize("name", ["DE*CPO*E123456*2", "station 7", ""])
def test_another_name_is_not_that_of_the_charge_point(name: str) -> None:
    assert failures(clients.enrolled(done(enrolment(name)), EVSE)) == [
        "fail: CN of the certification request"
    ]


def test_domain_organization_and_body_are_judged() -> None:
    assert failures(clients.enrolled(done(enrolment(EVSE, domain="emsp")), EVSE)) == ["fail: caDomain"]
    assert failures(clients.of_organization(done(enrolment(EVSE)))) == []
    assert len(failures(clients.of_organization(done(enrolment(EVSE, ""))))) == 1
    garbage = done(seen(clients.ENROLL, b"no request", caDomain="cpo"))
    assert failures(clients.enrolled(garbage, EVSE)) == ["fail: body"]
    assert failures(clients.enrolled(done(), EVSE)) == ["fail: requests of the backend"]
