"""`opnc run --target`: verdicts over TLS, what does not apply and what stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixtures.ledger.ledger import Ledger, folder_of, left_over
from fixtures.target import file as target_file
from opnc import contract
from opnc_conformance.__main__ import main
from simulators.serve.listener import bind
from tests.simulators.serve.roots import a_root
from tests.support.running import Outcome, here
from tests.support.servers import Served, serving_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., Outcome]

HISTORY = {"event_deliveries", "issued_certificates"}
"""What is kept on record, of which nothing can be taken back."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for all tests of this module."""
    with serving_in(tmp_path_factory.mktemp("served")) as running:
        yield running


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
    # TLS is there on sockets alone; that plain HTTP gives nothing is seen in process as well.
    tls = {each for each in verdicts if each.startswith("authentication/transport::a-connection-")}
    assert inside.verdicts()["authentication/transport::a-request-without-encryption[service=rcp]"] == "pass"
    assert {verdicts[each] for each in tls} == {"pass"}
    assert {each for each, seen in inside.verdicts().items() if seen == "not applicable"} == tls
    expected = inside.verdicts() | dict.fromkeys(tls, "pass")
    assert {each: verdicts[each] for each in verdicts.keys() - sanity} == expected
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
    # What the tester does that is no request, such as a handshake, is evidence as well.
    assert methods - {"CONNECT"} == {"GET", "HEAD", "OPTIONS"}
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
        "the target does not offer a pool administrator (parties.administrator, or one that control offers)",
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
    (left,) = [
        each for each in scenario["findings"] if each["message"].startswith("left behind on the target")
    ]
    assert left["level"] == "warn"
    assert "opnc cleanup --target" in outcome.out


def test_roots_that_the_list_shows_late_do_not_stay(served: Served, run: Run, tmp_path: Path) -> None:
    served.manage.post("/reset", json={"faults": ["rcp.listed-late"]})
    before = held(served)
    declared = changed(served, tmp_path, ("[supports]\n", "[supports]\nsettle_window_s = 1\n"))
    outcome = run(declared, "--requirement", "RCP-PUT-02", "--requirement", "RCP-PUT-07")
    assert {name for name, verdict in outcome.verdicts().items() if verdict != "pass"} == set()
    assert held(served) == before
    # Undeclared, some cannot be judged; whatever was accepted is taken back or told all the same.
    outcome = run(served.target, "--requirement", "RCP-PUT-02", "--ledger", str(tmp_path / "ledger"))
    kept = [entry for ledger in left_over(tmp_path / "ledger") for entry in ledger.open]
    assert held(served)["roots"] == before["roots"] + len(kept)
    served.manage.post("/reset", json={})


def test_an_account_of_the_wrong_role_is_told(served: Served, run: Run, tmp_path: Path) -> None:
    administrator = 'client_id = "administrator"\nclient_secret_file = "target.secrets/administrator"'
    path = changed(served, tmp_path, (administrator, administrator.replace("administrator", "cpo")))
    # A ledger of its own: what it could not take back with that account is nothing that others should find.
    scenario_id, ledger = "rcp/delete_root::a-removed-root-is-gone", str(tmp_path / "ledger")
    outcome = run(path, scenario_id, "--ledger", ledger)
    assert outcome.code != 0
    (scenario,) = [each for each in outcome.results["scenarios"] if each["id"] == scenario_id]
    assert scenario["verdict"] == "inconclusive"
    assert "was answered 403" in scenario["reason"]


def test_workers_would_disturb_each_other(served: Served, run: Run) -> None:
    outcome = run(served.target, "-n", "2")
    assert outcome.code == 2
    assert "scenarios on one target cannot run side by side" in outcome.err


def test_of_two_runs_with_one_file_the_second_is_told_of_the_first(served: Served, run: Run) -> None:
    receiver = target_file.load(served.target).receiver
    assert receiver
    with bind(*receiver.bind):
        outcome = run(served.target, "--requirement", "RCP-GET-03")
    assert outcome.code == 2
    hint = "end the other run with target.toml, or name another place in it as receiver.bind"
    assert hint in outcome.err
    # Nothing was made, so there is nothing to take back.
    assert not folder_of(served.target).exists()


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
