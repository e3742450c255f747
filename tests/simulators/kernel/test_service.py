"""What every service has from the kernel, shown with a role of its own that does nothing by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest

from simulators.kernel import Answer, Call, Failpoint, OperationHandler, Refusal, Service
from simulators.kernel.fault_injection import Fault
from simulators.kernel.service import MAXIMUM_BODY
from simulators.kernel.store import METADATA  # noqa: F401 - the tables are declared with it
from simulators.rcp.store import ROOTS
from tests.simulators.inprocess import _ecosystem, bearer  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulators.ecosystem import Ecosystem

BASE = "https://rcp.test/opnc/v1/rcp/rootcertificates"
ONE = f"{BASE}/896b6655-180e-4304-b642-606bb00df8f0"
VALID = {"caCertificate": "MIIB", "rootTypeList": ["V2G"]}


class Pool(Service):
    """A root certificate pool that answers calls with what it was told."""

    name = "rcp"

    def handlers(self) -> Mapping[str, OperationHandler]:
        return {
            "getRootCertificatesV1": OperationHandler(act=lambda call: Answer.json(200, dict(call.query))),
            "getRootCertificateV1": OperationHandler(act=self._crash_at_once),
            "putRootCertificateV1": OperationHandler(
                act=lambda _call: Answer(200, media_type=""),
                effects=(Failpoint("rcp.keep", self._keep), Failpoint("rcp.regret", self._regret)),
            ),
        }

    def _crash_at_once(self, call: Call) -> Answer:
        raise RuntimeError(f"inside of the role: {call.path}")

    def _keep(self, call: Call) -> None:
        with self.context.store.begin() as connection:
            row = {"id": "x", "position": 1, "fingerprint": "", "types": "", "valid_from": 0, "valid_to": 0}
            connection.execute(ROOTS.insert().values(**row, body=json.dumps(call.body)))

    def _regret(self, _call: Call) -> None:
        raise Refusal(409, "changed its mind")


@pytest.fixture(name="pool")
def _pool(ecosystem: Ecosystem) -> Pool:
    return Pool(ecosystem.rcp.context)


@pytest.fixture(name="http")
def _http(pool: Pool, ecosystem: Ecosystem) -> Iterator[httpx.Client]:
    with httpx.Client(transport=httpx.WSGITransport(pool.app)) as client:
        client.headers.update(bearer(ecosystem, "administrator"))
        yield client


def refusal(answer: httpx.Response) -> str:
    """Return what an error body says; it must have the form of one."""
    body = answer.json()
    assert body.keys() == {"errorMessages", "traceId"}
    assert UUID(body["traceId"]).version == 4
    (message,) = body["errorMessages"]
    return str(message)


def test_every_refusal_has_a_trace_id_of_its_own_that_follows_from_the_seed(
    http: httpx.Client, ecosystem: Ecosystem
) -> None:
    def traces() -> list[str]:
        ecosystem.reset("7")
        return [http.get(BASE, params={"pkiType": "x"}).json()["traceId"] for _ in range(3)]

    first = traces()
    assert len(set(first)) == 3
    assert traces() == first


@pytest.mark.parametrize(
    ("account", "method", "status"),
    [
        ("oem", "GET", 200),
        ("oem", "PUT", 403),
        ("administrator", "PUT", 409),
        (None, "GET", 401),
        (None, "PUT", 401),
    ],
)
def test_the_rights_table_decides(
    account: str | None, method: str, status: int, http: httpx.Client, ecosystem: Ecosystem
) -> None:
    del http.headers["Authorization"]
    headers = bearer(ecosystem, account) if account else {}
    answer = http.request(method, BASE, json=VALID if method == "PUT" else None, headers=headers)
    assert answer.status_code == status


def test_nobody_may_do_what_the_table_does_not_grant(http: httpx.Client, ecosystem: Ecosystem) -> None:
    without_token = Fault("x", "rcp", (), "Nobody is asked for a token.", disabled=frozenset({"rcp.token"}))
    ecosystem.inject_faults((without_token,))
    del http.headers["Authorization"]
    answer = http.get(BASE)
    assert (answer.status_code, refusal(answer)) == (
        403,
        "getRootCertificatesV1 is not open to this account",
    )


def test_who_calls_is_found_out_before_what_is_asked(http: httpx.Client, ecosystem: Ecosystem) -> None:
    answer = http.put(BASE, content=b"garbage", headers=bearer(ecosystem, "oem"))
    assert answer.status_code == 403


def test_a_parameter_outside_of_the_contract_is_refused_by_name(http: httpx.Client) -> None:
    answer = http.get(BASE, params={"pkiType": "cpo"})
    assert answer.status_code == 400
    assert refusal(answer).startswith("pkiType: expected ")


def test_what_the_contract_does_not_define_is_let_through(http: httpx.Client) -> None:
    assert http.get(BASE, params={"colour": "blue"}).json() == {"colour": "blue"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "body: expected application/json"),
        (b"garbage", "body: expected JSON"),
        (b'{"caCertificate": "MII', "body: expected JSON"),
        (b'{"caCertificate": "\xff"}', "body: expected UTF-8"),
        (b"[" * 100_000, "body: expected JSON"),
        (b"null", "body: expected "),
        (b"[]", "body: expected "),
        (b"{}", "body: expected "),
        (json.dumps({**VALID, "caCertificate": 42}).encode(), "/caCertificate: expected "),
    ],
    ids=["nothing", "garbage", "cut", "no UTF-8", "deep", "null", "a list", "empty", "a member"],
)
def test_a_body_that_is_not_as_the_contract_says_is_refused_with_400(
    content: bytes, said: str, http: httpx.Client
) -> None:
    answer = http.put(BASE, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert refusal(answer).startswith(said)


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "nonsense", ""])
def test_a_body_of_another_media_type_is_refused_with_415(media_type: str, http: httpx.Client) -> None:
    answer = http.put(BASE, content=json.dumps(VALID), headers={"Content-Type": media_type})
    assert (answer.status_code, refusal(answer)) == (415, "content-type: expected application/json")


@pytest.mark.parametrize("media_type", ["Application/JSON", "application/json; charset=utf-8"])
def test_a_media_type_may_be_written_in_several_ways(media_type: str, http: httpx.Client) -> None:
    answer = http.put(BASE, content=json.dumps(VALID), headers={"Content-Type": media_type})
    assert answer.status_code == 409


def test_a_body_beyond_the_bound_is_refused_with_413(http: httpx.Client) -> None:
    content = json.dumps({**VALID, "labeledUri": "x" * MAXIMUM_BODY}).encode()
    answer = http.put(BASE, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, refusal(answer)) == (413, f"the body exceeds {MAXIMUM_BODY} bytes")


def test_a_body_at_the_bound_is_taken(http: httpx.Client) -> None:
    spare = MAXIMUM_BODY - len(json.dumps({**VALID, "labeledUri": ""}))
    content = json.dumps({**VALID, "labeledUri": "x" * spare}).encode()
    answer = http.put(BASE, content=content, headers={"Content-Type": "application/json"})
    assert (len(content), answer.status_code) == (MAXIMUM_BODY, 409)


def test_what_a_refused_call_has_done_is_undone(http: httpx.Client, ecosystem: Ecosystem) -> None:
    answer = http.put(BASE, json=VALID)
    assert (answer.status_code, refusal(answer)) == (409, "changed its mind")
    with ecosystem.store.begin() as connection:
        kept = [row.id for row in connection.execute(ROOTS.select())]
    assert "x" not in kept
    assert len(kept) > 3


def test_a_crash_inside_a_role_is_a_500_that_tells_nothing(
    http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = http.get(ONE)
    assert (answer.status_code, refusal(answer)) == (500, "internal error")
    (record,) = caplog.records
    assert answer.json()["traceId"] in record.getMessage()
    assert record.exc_info


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "https://rcp.test/", 404),
        ("GET", "https://rcp.test/opnc/v1/rcp", 404),
        ("GET", f"{ONE}/more", 404),
        ("POST", BASE, 405),
        ("DELETE", ONE, 405),
    ],
)
def test_what_is_no_operation_is_refused(method: str, url: str, status: int, http: httpx.Client) -> None:
    answer = http.request(method, url)
    assert answer.status_code == status
    assert refusal(answer).startswith(f"{method} {httpx.URL(url).path}: ")
    assert ("allow" in answer.headers) is (status == 405)


def test_an_answer_without_a_body_has_no_media_type(http: httpx.Client, ecosystem: Ecosystem) -> None:
    ecosystem.inject_faults((Fault("x", "rcp", (), "", disabled=frozenset({"rcp.keep", "rcp.regret"})),))
    answer = http.put(BASE, json=VALID)
    assert (answer.status_code, answer.content) == (200, b"")
    assert "content-type" not in answer.headers


def test_the_log_names_who_asked_what_but_holds_no_credentials(
    http: httpx.Client, ecosystem: Ecosystem
) -> None:
    ecosystem.log.clear()
    http.put(BASE, json=VALID)
    entry: Any
    (entry,) = ecosystem.log
    assert (entry.service, entry.operation, entry.subject, entry.status) == (
        *("rcp", "putRootCertificateV1", "administrator", 409),
    )
    assert "Bearer" not in repr(entry)
    assert "MIIB" not in repr(entry)
