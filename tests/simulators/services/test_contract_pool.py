"""What becomes of contracts in the pool: defaults, copies, editions, the end of vehicles and certificates."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from opnc.exi import ISO2, decode
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import Tree, Variation
from opnc.provisioning.messages import content_of
from opnc.provisioning.namespaces import NAMESPACES
from opnc.provisioning.requests import Wishes
from simulators.ccp.service import ContractCertificatePool
from tests.simulators.services.conftest import PCID
from tests.simulators.services.contracting import (
    ADD,
    BY_PCID,
    COLLECTION,
    DEFAULT,
    DELETE,
    EMAID,
    FETCH,
    GENERATE,
    MESSAGE,
    NAMESPACE,
    OWN,
    OWN_EMAID,
    REQUEST,
    SIGN,
    evcc,
    order,
    publish,
    stored,
    to_request,
    to_sign,
    to_store,
)

if TYPE_CHECKING:
    import httpx

    from opnc.pki.credentials import Credential
    from tests.simulators.services.conftest import Line

A, B, C = "DEABC000000001", "DEABC000000002", "NLXYZ000000003"
NEWER = Tree("oem", 1, "ISO15118-20", "secp521r1")
PARTIES = {A: "emsp", B: "emsp", C: "other emsp", EMAID: "emsp"}


def made(line: Line, *emaids: str) -> None:
    """Have contracts made for the vehicle."""
    for emaid in emaids:
        answer = line.ask(PARTIES[emaid], GENERATE, body=order(emaid))
        assert answer.status_code == 201, answer.text


def defaults(line: Line, pcid: str = PCID) -> list[str]:
    return [str(each["emaid"]) for each in stored(line, pcid) if each["defaultContract"]]


def asked(line: Line, vehicle: Credential) -> httpx.Response:
    """Let the vehicle ask at a charging station."""
    headers = {"alwaysReturnEXI": "false"}
    return line.ask("cpo", REQUEST, headers=headers, body=to_request(line, vehicle))


def delivered(line: Line, vehicle: Credential) -> list[str]:
    answer = asked(line, vehicle)
    return [each["emaid"] for each in answer.json()[COLLECTION]] if answer.status_code == 200 else []


@pytest.fixture
def vehicle(line: Line) -> Credential:
    return publish(line)


# The default (ERR-082)


def test_the_first_contract_is_the_default(line: Line, vehicle: Credential) -> None:
    made(line, A, B, C)
    assert defaults(line) == [A]
    assert delivered(line, vehicle) == [A]


def test_the_oldest_of_the_others_follows_a_default_that_goes(line: Line, vehicle: Credential) -> None:
    made(line, A, B, C)
    line.ask("oem", DEFAULT, path={"emaid": C, "pcid": PCID})
    assert line.ask("other emsp", DELETE, path={"emaid": C}).status_code == 200
    assert defaults(line) == [A]
    assert delivered(line, vehicle) == [A]


def test_new_data_leave_the_default_alone(line: Line, vehicle: Credential) -> None:
    made(line, A, B)
    line.ask("oem", DEFAULT, path={"emaid": B, "pcid": PCID})
    made(line, A, B)
    assert defaults(line) == [B]
    assert delivered(line, vehicle) == [B]


def test_a_default_that_is_not_valid_yet_keeps_its_place(line: Line, vehicle: Credential) -> None:
    later = order(A, contractBegins="2026-07-01T00:00:00Z")
    assert line.ask("emsp", GENERATE, body=later).status_code == 201
    made(line, B)
    assert defaults(line) == [A]
    assert delivered(line, vehicle) == [B]
    line.ecosystem.advance(timedelta(days=31))
    assert delivered(line, vehicle) == [A]


def told(line: Line, vehicle: Credential) -> dict[str, Any]:
    """Return the object that tells the vehicle of a failure, its ResponseCode added."""
    (item,) = line.ask("cpo", REQUEST, body=to_request(line, vehicle)).json()[COLLECTION]
    message = decode(base64.b64decode(item[MESSAGE]), ISO2).value
    return {**item, "code": content_of(message).ResponseCode}


def test_a_contract_that_begins_tomorrow_has_not_expired(line: Line, vehicle: Credential) -> None:
    tomorrow = order(A, contractBegins="2026-06-02T12:00:00Z")
    assert line.ask("emsp", GENERATE, body=tomorrow).status_code == 201
    assert told(line, vehicle)["code"] == "FAILED_NoCertificateAvailable"
    line.ecosystem.advance(timedelta(days=2))
    assert delivered(line, vehicle) == [A]


def test_what_tells_of_a_failure_has_all_members_of_its_schema(line: Line, vehicle: Credential) -> None:
    item = told(line, vehicle)
    assert {"emaid", "pcid", MESSAGE, "xsdMsgDefNamespace"} <= item.keys()
    assert (item["emaid"], item["pcid"]) == ("ZZZZZ000000000", PCID)


def test_what_has_gone_can_come_again(line: Line, vehicle: Credential) -> None:
    made(line, A)
    line.ask("emsp", DELETE, path={"emaid": A})
    assert delivered(line, vehicle) == []
    made(line, A)
    assert delivered(line, vehicle) == [A]


# Copies below several V2G roots (ERR-097)


def copies(line: Line, vehicle: Credential) -> list[str]:
    """Have one contract signed below each V2G root; return their fingerprints."""
    answer = line.ask(OWN, "getCpsCertificatesV1")
    offered = answer.json()["cpsCertificateDataCollection"]
    name = "cpsV2GRootCertificateFingerprint"
    roots = [each[name] for each in offered if each["xsdMsgDefNamespace"] == NAMESPACE]
    for root in roots:
        assert line.ask(OWN, SIGN, body={**to_sign(line, vehicle), name: root}).status_code == 201
    return roots


def test_all_copies_of_a_contract_are_the_default(line: Line, vehicle: Credential) -> None:
    roots = copies(line, vehicle)
    assert len(roots) == 2
    assert [each["defaultContract"] for each in stored(line)] == [True, True]
    assert delivered(line, vehicle) == [OWN_EMAID]


def test_all_copies_of_a_contract_go_together(line: Line, vehicle: Credential) -> None:
    copies(line, vehicle)
    assert line.ask(OWN, DELETE, path={"emaid": OWN_EMAID}).status_code == 200
    assert stored(line) == []


# Two editions side by side (ERR-045)


def of_both(line: Line) -> tuple[Credential, Credential]:
    """Publish one vehicle with a certificate of each edition."""
    pcid = f"{PCID}X"
    return publish(line, pcid), publish(line, pcid, NEWER)


def test_each_edition_has_a_default_of_its_own(line: Line) -> None:
    older, _ = of_both(line)
    pcid = older.certificate.common_name or ""
    newer = NAMESPACES["ISO15118-20"]
    for emaid, namespace in ((A, NAMESPACE), (B, newer), (B, NAMESPACE)):
        body = order(emaid, pcid, xsdMsgDefNamespace=namespace)
        assert line.ask("emsp", GENERATE, body=body).status_code == 201
    assert defaults(line, pcid) == [A]
    listed = line.ask("oem", BY_PCID, path={"pcid": pcid}, query={"xsdMsgDefNamespace": newer})
    of_newer = listed.json()["contractDataCollection"]
    assert [(each["emaid"], each["defaultContract"]) for each in of_newer] == [(B, True)]


def test_a_choice_holds_in_both_editions(line: Line) -> None:
    older, newer = of_both(line)
    pcid = older.certificate.common_name or ""
    for namespace in NAMESPACES.values():
        for emaid in (A, B):
            body = order(emaid, pcid, xsdMsgDefNamespace=namespace)
            assert line.ask("emsp", GENERATE, body=body).status_code == 201
    assert line.ask("oem", DEFAULT, path={"emaid": B, "pcid": pcid}).status_code == 200
    assert delivered(line, older) == [B]
    assert delivered(line, newer) == [B, A]


def test_the_end_of_one_edition_leaves_the_other(line: Line) -> None:
    older, newer = of_both(line)
    pcid = older.certificate.common_name or ""
    for namespace in NAMESPACES.values():
        line.ask("emsp", GENERATE, body=order(A, pcid, xsdMsgDefNamespace=namespace))
    rekeyed = publish(line, pcid, NEWER, Variation(key=2, issue=2))
    assert delivered(line, older) == [A]
    assert asked(line, newer).status_code == 400
    assert asked(line, rekeyed).status_code == 404


@pytest.mark.parametrize(
    ("wished", "expected"),
    [
        ((), [A, B, C]),
        ((C,), [C, A, B]),
        (("NL-XYZ-000000003", B), [C, B, A]),
        (("X", "DEZZZ000000009"), [A, B, C]),
    ],
)
def test_what_the_vehicle_wants_comes_first(line: Line, wished: tuple[str, ...], expected: list[str]) -> None:
    vehicle = publish(line, f"{PCID}X", NEWER)
    for emaid in (A, B, C):
        body = order(emaid, f"{PCID}X", xsdMsgDefNamespace=NAMESPACES["ISO15118-20"])
        assert line.ask(PARTIES[emaid], GENERATE, body=body).status_code == 201
    body = to_request(line, vehicle, Wishes(most=3, emaids=wished) if wished else None)
    answer = line.ask("cpo", REQUEST, body=body)
    assert [each["emaid"] for each in answer.json()[COLLECTION]] == expected


# The end of vehicles


def test_contracts_end_with_the_vehicle_and_their_certificates_are_revoked(
    line: Line, vehicle: Credential
) -> None:
    made(line, A, B)
    line.ask(OWN, SIGN, body=to_sign(line, vehicle))
    installed = evcc(line, vehicle).install(
        asked(line, vehicle).json()[COLLECTION][0][MESSAGE], line.ecosystem.clock.now()
    )
    assert installed.contract is not None
    leaf = read_certificate(installed.contract.chain[0])
    assert line.ask("oem", "deleteProvisioningCertificateV1", path={"pcid": PCID}).status_code == 200
    assert stored(line) == []
    assert line.ecosystem.register.is_revoked(leaf)


def test_new_keys_end_contracts_and_renewed_certificates_do_not(line: Line, vehicle: Credential) -> None:
    made(line, A)
    renewed = publish(line, PCID, variation=Variation(issue=2))
    assert delivered(line, renewed) == [A]
    assert asked(line, vehicle).status_code == 400
    rekeyed = publish(line, PCID, variation=Variation(key=2, issue=3))
    assert asked(line, rekeyed).status_code == 404
    made(line, A)
    assert delivered(line, rekeyed) == [A]


# Cleansing


@pytest.mark.usefixtures("vehicle")
def test_cleansing_looks_at_a_bounded_number_at_once(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulators.ccp.lifecycle.CLEANSING_BATCH_SIZE", 2)
    made(line, A, B, C)
    line.ecosystem.clock.advance(timedelta(days=400))
    left = []
    for _ in range(3):
        pool = next(each for each in line.ecosystem.services if isinstance(each, ContractCertificatePool))
        pool.tick()
        left.append(len(stored(line)))
    assert left == [1, 0, 0]


def test_contracts_of_one_vehicle_end_alone(line: Line, vehicle: Credential) -> None:
    short = order(A, contractEnds="2026-06-04T00:00:00Z")
    assert line.ask("emsp", GENERATE, body=short).status_code == 201
    made(line, B)
    line.ecosystem.advance(timedelta(days=5))
    assert [each["emaid"] for each in stored(line)] == [B]
    assert delivered(line, vehicle) == [B]


def test_a_contract_is_valid_to_the_end_of_its_last_second(line: Line, vehicle: Credential) -> None:
    short = order(A, contractEnds="2026-06-04T00:00:00Z")
    assert line.ask("emsp", GENERATE, body=short).status_code == 201
    line.ecosystem.advance(datetime(2026, 6, 4, tzinfo=UTC) - line.ecosystem.clock.now())
    assert delivered(line, vehicle) == [A], "the end belongs to it (RFC 5280 section 4.1.2.5)"
    assert len(stored(line)) == 1, "also for cleansing"
    line.ecosystem.clock.advance(timedelta(milliseconds=999))
    assert delivered(line, vehicle) == [A]
    line.ecosystem.clock.advance(timedelta(milliseconds=1))
    assert asked(line, vehicle).status_code == 404


# What the CPS signs with


def test_the_cps_changes_its_certificates_before_they_end(line: Line, vehicle: Credential) -> None:
    ends = []
    for day in range(0, 240, 30):
        answer = line.ask("emsp", "getCpsCertificatesV1")
        first = answer.json()["cpsCertificateDataCollection"][0]
        ends.append(first["validTo"])
        made(line, A)
        assert delivered(line, vehicle) == [A], day
        line.ecosystem.advance(timedelta(days=30))
    assert len(set(ends)) == 4
    assert ends == sorted(ends)


# Storing what others have signed


def test_what_is_delivered_is_what_was_stored(line: Line, vehicle: Credential) -> None:
    body = {**to_store(line, vehicle), "metaData": "tariff: night"}
    assert line.ask(OWN, ADD, body=body).status_code == 201
    answer = line.ask("oem", FETCH, path={"emaid": OWN_EMAID, "pcid": PCID})
    assert answer.json()[COLLECTION][0].items() >= body.items()


def test_the_same_seed_makes_the_same_contracts(line: Line) -> None:
    seen = []
    for _ in range(2):
        line.ecosystem.reset("tests")
        vehicle = publish(line)
        made(line, A)
        seen.append(asked(line, vehicle).json()[COLLECTION][0])
    assert seen[0][MESSAGE][40:] == seen[1][MESSAGE][40:]


def test_a_session_is_put_into_every_delivery(line: Line, vehicle: Credential) -> None:
    made(line, EMAID)
    path, query = {"emaid": EMAID, "pcid": PCID}, {"sessionID": "0102030405060708"}
    with_session = line.ask("oem", FETCH, path=path, query=query).json()[COLLECTION][0][MESSAGE]
    without = line.ask("oem", FETCH, path=path).json()[COLLECTION][0][MESSAGE]
    assert with_session != without
    for message in (with_session, without):
        assert evcc(line, vehicle).verify(message, line.ecosystem.clock.now()).contract
