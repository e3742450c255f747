"""`opnc run --target`: verdicts over TLS, what does not apply, what stays behind, targets that are silent."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.ledger import Ledger, folder_of, left_over
from opnc import contract
from opnc_conformance.__main__ import main
from tests.peers import JSON, LOOPBACK, Connection, always, make_identity, peer, server_context
from tests.running import Outcome, here
from tests.serve.test_server import a_root
from tests.servers import Served, serving_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.peers import Handle, Identity

    Run = Callable[..., Outcome]

LIST = "RCP-LIST-01"
LISTED = "rcp/list_roots::every-root-the-target-declares-is-in-the-list"
POLLED = "rcp/list_roots::polling-gives-the-same-list-while-nothing-changes"
HISTORY = {"event_deliveries", "issued_certificates"}
"""What is kept on record, of which nothing can be taken back."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for all tests of this module."""
    with serving_in(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """The certificate of a peer that is no server of ours."""
    return make_identity(tmp_path_factory.mktemp("peer"))


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the suite against a target file."""
    return lambda target, *line: here(capsys, tmp_path / "report", "--target", target, *line)


def held(served: Served) -> dict[str, int]:
    counts: dict[str, int] = served.manage.get("/health").json()["held"]
    return {name: count for name, count in counts.items() if name not in HISTORY}


def changed(served: Served, tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """Write the target file of a server otherwise, in a folder of its own."""
    text = served.target.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    folder = served.target.parent
    for place in ("tls/", "target.secrets/", "target.pki/"):
        text = text.replace(f'"{place}', f'"{folder / place}/')
    path = tmp_path / "changed.toml"
    path.write_text(text)
    return path


def verdict(outcome: Outcome, scenario: str) -> tuple[str, str]:
    (found,) = [each for each in outcome.results["scenarios"] if each["id"] == scenario]
    return found["verdict"], found["reason"] or ""


def test_the_verdicts_are_those_of_the_run_in_process_and_nothing_stays(
    served: Served, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = held(served)
    outcome = run(served.target, "--service", "rcp")
    inside = here(capsys, tmp_path / "inside", "--service", "rcp")
    assert outcome.code == 0
    verdicts = outcome.verdicts()
    sanity = {each for each in verdicts if each.startswith("sanity/")}
    assert len(sanity) == 2
    assert {each: verdicts[each] for each in verdicts.keys() - sanity} == inside.verdicts()
    assert held(served) == before
    assert not folder_of(served.target).exists()
    assert "left behind" not in outcome.text
    assert outcome.results["target"]["kind"] == "served"


def test_the_sanity_scenario_runs_first_and_last(served: Served, run: Run) -> None:
    scenarios = run(served.target, "--requirement", "RCP-GET-03").results["scenarios"]
    order = [each["id"] for each in sorted(scenarios, key=lambda each: str(each["started"]))]
    assert order == [
        "sanity/target::every-service-answers-when[when=at the start]",
        "rcp/read_root::an-id-that-nobody-was-given",
        "sanity/target::every-service-answers-when[when=at the end]",
    ]


def test_test_data_of_two_runs_are_different_and_bear_the_mark_of_the_run(served: Served, run: Run) -> None:
    sent: list[str] = []
    for _ in range(2):
        results = run(served.target, "--requirement", "RCP-PUT-01").results
        bodies = [
            exchange["request"]["body"]["text"]
            for scenario in results["scenarios"]
            for exchange in scenario["exchanges"]
            if exchange["operation"] == "putRootCertificateV1"
        ]
        assert bodies
        sent += bodies
    assert len(set(sent)) == len(sent)


def test_a_read_only_run_sends_nothing_that_writes(served: Served, run: Run) -> None:
    served.manage.post("/reset", json={})
    outcome = run(served.target, "--service", "rcp", "--read-only")
    methods = {
        exchange["request"]["method"]
        for scenario in outcome.results["scenarios"]
        for exchange in scenario["exchanges"]
    }
    assert methods == {"GET"}
    asked = {each["operation"] for each in served.manage.get("/history").json()}
    assert "getRootCertificatesV1" in asked
    assert {contract.load().operation(each).method for each in asked} == {"GET"}
    assert outcome.results["totals"]["scenarios"]["not applicable"] > 20
    assert verdict(outcome, "rcp/delete_root::a-removed-root-is-gone") == (
        "not applicable",
        "the run is read-only, the scenario writes",
    )
    state = verdict(outcome, "rcp/access::without-credentials-nothing-is-written")
    assert state == ("not applicable", "the run is read-only: putRootCertificateV1 of the oem is not sent")


def test_what_the_target_does_not_offer_does_not_apply_and_is_counted(
    served: Served, run: Run, tmp_path: Path
) -> None:
    # Backends and management port are of a server of ours only.
    cut = served.target.read_text().index("[backends.")
    path = changed(
        served,
        tmp_path,
        (served.target.read_text()[cut:], ""),
        ("[parties.administrator]", '[parties."somebody else"]'),
        ("[parties.cpo]", '[parties."nobody"]'),
    )
    outcome = run(path, "--service", "rcp")
    assert outcome.code == 0, outcome.text
    assert outcome.results["target"]["kind"] == "real"
    assert verdict(outcome, "rcp/delete_root::a-removed-root-is-gone") == (
        "not applicable",
        "the target does not offer the account of a pool administrator",
    )
    assert verdict(outcome, "rcp/access::nobody-else-registers-a-root[party=cpo]") == (
        "not applicable",
        "the target declares no account for cpo",
    )
    inapplicable = [each for each in outcome.results["scenarios"] if each["verdict"] == "not applicable"]
    assert outcome.results["totals"]["scenarios"]["not applicable"] == len(inapplicable) > 20
    assert all(each["reason"] for each in inapplicable)


def test_services_that_are_no_part_of_the_target_are_not_judged(
    served: Served, run: Run, tmp_path: Path
) -> None:
    text = served.target.read_text()
    services = text[text.index("[services]") : text.index("# How parties show")]
    only = "\n".join(line for line in services.splitlines() if line.startswith(("[services]", "rcp =")))
    path = changed(served, tmp_path, (services, f"{only}\n"))
    asked = ("RCP-LIST-01", "RCP-DEL-05", "RCP-DEL-06", "RCP-PUT-08", "EVT-POST-01")
    outcome = run(path, *(part for each in asked for part in ("--requirement", each)))
    verdicts = {
        part: {what for each, what in outcome.verdicts().items() if each.startswith(f"{part}/")}
        for part in ("rcp", "event")
    }
    assert verdicts["rcp"] == {"pass", "not applicable"}
    assert verdicts["event"] == {"not applicable"}
    reasons = {each["reason"] for each in outcome.results["scenarios"] if each["verdict"] == "not applicable"}
    assert "the target is no event: that is simulated, and not judged" in reasons
    assert "only services that are simulated were asked" in reasons
    beside = "is simulated here, and the target is not connected with that (simulated_by)"
    assert any(reason.endswith(beside) for reason in reasons), reasons
    assert outcome.results["target"]["services"] == {"rcp": f"{served.server.url}/opnc/v1/rcp"}


def test_a_server_of_ours_may_stand_in_for_what_the_target_is_not(
    served: Served, run: Run, tmp_path: Path
) -> None:
    text = served.target.read_text()
    services = text[text.index("[services]") : text.index("# How parties show")]
    only = "\n".join(line for line in services.splitlines() if line.startswith(("[services]", "rcp =")))
    path = changed(served, tmp_path, (services, f"{only}\n"))
    path.write_text(f'simulated_by = "{served.target}"\n{path.read_text()}')
    before = held(served)
    outcome = run(path, "--requirement", "RCP-PUT-08", "--requirement", "EVT-POST-01")
    assert verdict(outcome, "rcp/root_events::a-root-is-added") == ("pass", "")
    assert held(served) == before


# After a crash


def test_cleanup_deletes_what_a_crash_has_left(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    served.manage.post("/reset", json={})
    left = a_root("left by a crash")
    ledger = Ledger.begin(folder_of(served.target), "run-crashed")
    ledger.note("rcp/a::b", "administrator", "putRootCertificateV1", {"caCertificate": left["caCertificate"]})
    ledger.note("rcp/a::b", "administrator", "putRootCertificateV1", {"caCertificate": "never sent"})
    ledger.note("event/a::b", "oem", "postEndpointV1", {"url": "https://nobody.example/never"})
    url = f"{served.server.url}/opnc/v1/rcp/rootcertificates"
    served.http.put(url, json=left, headers=served.authorization("administrator"))
    assert held(served)["roots"] == served.declared + 1
    assert main(["cleanup", "--target", str(served.target)]) == 0
    out = capsys.readouterr().out
    assert "run-crashed: 3 of 3 things deleted or gone already" in out
    assert "nothing is left on the target" in out
    assert held(served)["roots"] == served.declared
    assert not folder_of(served.target).exists()
    assert main(["cleanup", "--target", str(served.target)]) == 0


def test_cleanup_says_what_it_could_not_delete(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served.manage.post("/reset", json={"faults": ["rcp.delete-without-removing"]})
    left = a_root("stays")
    served.http.put(
        f"{served.server.url}/opnc/v1/rcp/rootcertificates",
        json=left,
        headers=served.authorization("administrator"),
    )
    ledger = Ledger.begin(tmp_path / "ledger", "run-crashed")
    ledger.note("rcp/a::b", "administrator", "putRootCertificateV1", {"caCertificate": left["caCertificate"]})
    line = ["cleanup", "--target", str(served.target), "--ledger", str(tmp_path / "ledger")]
    assert main(line) == 1
    out = capsys.readouterr().out
    assert "is still there after its deletion" in out
    assert "1 things are left" in out
    assert len(left_over(tmp_path / "ledger")[0].open) == 1
    served.manage.post("/reset", json={})
    assert main(line) == 0


def test_what_a_run_leaves_behind_is_a_finding_and_in_its_closing_lines(
    served: Served, run: Run, tmp_path: Path
) -> None:
    served.manage.post("/reset", json={"faults": ["rcp.delete-without-removing"]})
    outcome = run(served.target, "--requirement", "RCP-PUT-07", "--ledger", str(tmp_path / "ledger"))
    served.manage.post("/reset", json={})
    (scenario,) = [each for each in outcome.results["scenarios"] if each["id"].startswith("rcp/")]
    assert scenario["verdict"] == "pass"
    assert any(each["message"].startswith("left behind on the target") for each in scenario["findings"])
    assert "opnc cleanup --target" in outcome.out


# Targets that do not answer


def target_of(folder: Path, identity: Identity, url: str, *, token: str = "", more: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "secret").write_text("hunter2-hunter2")
    path = folder / "peer.toml"
    path.write_text(f"""
        name = "A peer"
        [services]
        rcp = "{url}/opnc/v1/rcp"
        [authorization]
        scheme = "{"oauth2" if token else "token"}"
        {f'token_endpoint = "{token}"' if token else ""}
        [parties.oem]
        {'client_id = "oem"' if token else ""}
        {"client_secret_file" if token else "token_file"} = "secret"
        [tls]
        trust_anchors = ["{identity.ca}"]
        [limits]
        connect_s = 2
        read_s = 0.5
        exchange_s = 1
        patience_s = 1
        {more}
    """)
    return path


def run_against(
    handle: Handle, identity: Identity, run: Run, tmp_path: Path, *line: str, tls: bool = True, **more: str
) -> Outcome:
    with peer(handle, server_context(identity) if tls else None) as port:
        return run(target_of(tmp_path, identity, f"https://{LOOPBACK}:{port}", **more), *line)


def the_one(outcome: Outcome, scenario: str = LISTED) -> Any:
    (found,) = [each for each in outcome.results["scenarios"] if each["id"] == scenario]
    assert "Traceback" not in outcome.text
    return found


def test_a_target_that_is_not_there_ends_the_run_early(identity: Identity, run: Run, tmp_path: Path) -> None:
    outcome = run(target_of(tmp_path, identity, "https://127.0.0.1:1"), "--service", "rcp")
    assert outcome.code == 3
    assert set(outcome.verdicts().values()) == {"inconclusive"}
    assert len(outcome.verdicts()) == 3
    assert not outcome.results["complete"]
    assert outcome.results["stopped"].startswith("3 scenarios in a row got no answer, the last one: ")
    assert "the connection was refused" in outcome.results["stopped"]
    assert "the connection was refused" in outcome.out


@pytest.mark.parametrize("status", [b"429 Too Many Requests", b"503 Service Unavailable"])
def test_a_target_that_is_tired_makes_it_inconclusive_and_ends_the_run(
    identity: Identity, run: Run, tmp_path: Path, status: bytes
) -> None:
    answer = b"HTTP/1.1 " + status + b"\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
    outcome = run_against(always(answer), identity, run, tmp_path, "--service", "rcp")
    assert outcome.code == 3
    assert len(outcome.verdicts()) == 3
    assert f"answered {status[:3].decode()}, cannot be judged now" in outcome.results["stopped"]


def test_a_target_that_asks_for_an_hour_is_not_waited_for(
    identity: Identity, run: Run, tmp_path: Path
) -> None:
    answer = b"HTTP/1.1 503 No\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"
    outcome = run_against(always(answer), identity, run, tmp_path, "--service", "rcp")
    assert "limits.patience_s allows 1 s" in outcome.results["stopped"]


@pytest.mark.parametrize(
    ("headers", "body", "verdict", "seen"),
    [
        (JSON, b"hello", "fail", "JSON"),
        (JSON, b'"\xff\xfe"', "fail", "JSON"),
        (b"Location: https://127.0.0.1/\r\n", b"", "fail", "302"),
        (b"Bad Header: x\r\n", b"", "inconclusive", "RemoteProtocolError"),
        (JSON, bytes(10 * 1024 * 1024), "inconclusive", "exceeds"),
    ],
    ids=["no JSON", "invalid UTF-8", "a redirect", "an invalid header", "ten megabytes"],
)
def test_an_answer_that_is_none_gets_a_verdict_that_names_what_was_seen(
    identity: Identity, run: Run, tmp_path: Path, headers: bytes, body: bytes, verdict: str, seen: str
) -> None:
    def handle(connection: Connection) -> None:
        while connection.request():
            connection.answer(b"302 Found" if b"Location" in headers else b"200 OK", body, headers)

    outcome = run_against(handle, identity, run, tmp_path, "--requirement", LIST)
    scenario = the_one(outcome)
    assert scenario["verdict"] == verdict
    told = json.dumps([scenario["reason"], scenario["findings"]])
    assert seen in told


def test_a_wrong_media_type_is_a_finding(identity: Identity, run: Run, tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 33\r\n\r\n"
    body = b'{"rootCertificateCollection": []}'
    outcome = run_against(always(answer + body), identity, run, tmp_path, "--requirement", "RCP-LIST-10")
    scenario = the_one(outcome, POLLED)
    assert scenario["verdict"] == "fail"
    found = scenario["findings"][0]
    assert (found["message"], found["seen"]) == ("content-type: media-type", '"text/html"')


def test_a_redirect_and_an_old_version_are_noted(identity: Identity, run: Run, tmp_path: Path) -> None:
    def handle(connection: Connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.0 301 Moved\r\nLocation: https://elsewhere.example/\r\n\r\n")

    outcome = run_against(handle, identity, run, tmp_path, "--requirement", LIST)
    told = {each["message"]: each["seen"] for each in the_one(outcome)["findings"]}
    assert told["the answer is a redirect, which was not followed"] == "301 to https://elsewhere.example/"
    assert told["the answer came in an outdated version of HTTP"] == "HTTP/1.0"


def test_a_peer_that_drips_for_ever_ends_with_the_deadline(
    identity: Identity, run: Run, tmp_path: Path
) -> None:
    def handle(connection: Connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        connection.drip(b"[")

    outcome = run_against(handle, identity, run, tmp_path, "--requirement", LIST)
    assert the_one(outcome)["verdict"] == "inconclusive"
    assert "the exchange was not over after 1 s" in the_one(outcome)["reason"]


def test_plain_http_on_the_tls_port_is_told(identity: Identity, run: Run, tmp_path: Path) -> None:
    plain = always(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    def handle(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        plain(connection)

    outcome = run_against(handle, identity, run, tmp_path, "--requirement", LIST, tls=False)
    assert "not TLS, perhaps plain HTTP" in the_one(outcome)["reason"]


def test_a_token_endpoint_without_tokens_makes_it_inconclusive(
    identity: Identity, run: Run, tmp_path: Path
) -> None:
    def handle(connection: Connection) -> None:
        while connection.request():
            connection.answer(b"401 Unauthorized", b'{"error": "invalid_client"}')

    with peer(handle, server_context(identity)) as port:
        base = f"https://{LOOPBACK}:{port}"
        path = target_of(tmp_path, identity, base, token=f"{base}/token")
        scenario = the_one(run(path, "--requirement", LIST))
    assert scenario["verdict"] == "inconclusive"
    assert "answered 401 for oem" in scenario["reason"]
    assert "hunter2" not in json.dumps(scenario)


def test_a_token_that_expires_early_is_renewed(identity: Identity, run: Run, tmp_path: Path) -> None:
    """The service takes each token once; the authorization server promises an hour for each."""
    given = iter(range(1000))
    used: set[bytes] = set()

    def handle(connection: Connection) -> None:
        while request := connection.request():
            token = next((line for line in request.split(b"\r\n") if line.startswith(b"Authorization")), b"")
            if request.startswith(b"POST"):
                content = b'{"access_token": "t%d", "token_type": "Bearer", "expires_in": 3600}'
                connection.answer(b"200 OK", content % next(given))
            elif token in used:
                connection.answer(b"401 Unauthorized", headers=b"WWW-Authenticate: Bearer\r\n")
            else:
                used.add(token)
                connection.answer(b"200 OK", b'{"rootCertificateCollection": []}')

    with peer(handle, server_context(identity)) as port:
        base = f"https://{LOOPBACK}:{port}"
        path = target_of(tmp_path, identity, base, token=f"{base}/token")
        outcome = run(path, "--requirement", "RCP-LIST-10")
    scenario = the_one(outcome, POLLED)
    statuses = [each["response"]["status"] for each in scenario["exchanges"]]
    assert statuses.count(200) == 10
    assert statuses.count(401) >= 9
    assert (401, 401) not in pairwise(statuses)
    assert scenario["verdict"] == "pass"


def test_an_account_of_the_wrong_role_is_told(served: Served, run: Run, tmp_path: Path) -> None:
    administrator = 'client_id = "administrator"\nclient_secret_file = "target.secrets/administrator"'
    path = changed(served, tmp_path, (administrator, administrator.replace("administrator", "cpo")))
    outcome = run(path, "--requirement", "RCP-DEL-01")
    assert outcome.code != 0
    (scenario,) = [each for each in outcome.results["scenarios"] if "RCP-DEL-01" in each["requirements"]]
    assert scenario["verdict"] == "inconclusive"
    assert "was answered 403" in scenario["reason"]


def test_a_client_certificate_is_shown_instead_of_a_token(
    identity: Identity, run: Run, tmp_path: Path
) -> None:
    client, seen = make_identity(tmp_path / "client", name="tester"), []

    def handle(connection: Connection) -> None:
        while request := connection.request():
            seen.append(request)
            connection.answer(b"200 OK", b'{"rootCertificateCollection": []}')

    with peer(handle, server_context(identity, client.ca)) as port:
        path = target_of(tmp_path, identity, f"https://{LOOPBACK}:{port}")
        account = f'certificate = "{client.certificate}"\nkey_file = "{client.key}"'
        text = path.read_text().replace('scheme = "token"', 'scheme = "mtls"')
        path.write_text(text.replace('token_file = "secret"', account))
        outcome = run(path, "--requirement", "RCP-LIST-10")
    scenario = the_one(outcome, POLLED)
    assert scenario["verdict"] == "pass"
    assert seen
    assert not any(b"Authorization" in request for request in seen)


def test_workers_would_disturb_each_other(served: Served, run: Run) -> None:
    outcome = run(served.target, "-n", "2")
    assert outcome.code == 2
    assert "scenarios on one target cannot run side by side" in outcome.err


def test_a_wrong_target_file_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    outcome = run(tmp_path / "absent.toml")
    assert outcome.code == 2
    assert "there is no such target file" in outcome.err
    assert "Traceback" not in outcome.text


def test_the_profile_of_the_target_file_counts_unless_another_is_asked_for(
    served: Served, run: Run, tmp_path: Path
) -> None:
    path = changed(served, tmp_path, ('# profile = "lenient"', 'profile = "strict"'))
    assert run(path, "--requirement", "RCP-GET-03").results["profile"] == "strict"
    asked = run(path, "--requirement", "RCP-GET-03", "--profile", "lenient")
    assert asked.results["profile"] == "lenient"
