"""One service of somebody else's is judged on its own, whatever the simulators beside it do."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from fixtures.bench.in_process import InProcessBench
from fixtures.client.access import ServiceAccess
from fixtures.target.declaration import STORED
from opnc.exi import ISO2, decode, encode
from opnc_conformance import benches
from simulators.kernel.fault_injection import Fault, FaultInjector
from simulators.kernel.messages import Answer, Call
from simulators.parties.client import Client
from tests.support.running import here

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fixtures.bench.beside import SeenBeside
    from fixtures.evidence.redaction import Redactor
    from fixtures.target.path_variants import PathVariants
    from tests.support.running import Outcome

    Run = Callable[..., Outcome]

STORED_ELSEWHERE = Fault(
    "beside.stored-elsewhere",
    "cps",
    (),
    "A CPS stores in a CCP that is not the one tested.",
    disabled=frozenset({"cps.sign.store", "cps.generate.store"}),
)


UNTOLD = Fault(
    "beside.untold",
    "event",
    (),
    "An Event Service that nobody tells of anything.",
    disabled=STORED_ELSEWHERE.disabled,
    replaced={"event.entitled.subscribed": lambda *_: False},
)


class Alone(InProcessBench):
    """A bench on which some services are the target's, and the others are simulated and connected with it."""

    def __init__(self, *own: str, behaviour: Fault) -> None:
        super().__init__()
        self._own, self._behaviour = frozenset(own), behaviour
        self.target = replace(
            self.target, simulated=frozenset(self.target.services) - self._own, connected=True
        )

    def prepare(self, scenario: str, seed: str, fault: str | None) -> None:
        super().prepare(scenario, seed, fault)
        self._simulation.ecosystem.inject_faults((self._behaviour,))

    def access(self, redactor: Redactor, paths: PathVariants) -> ServiceAccess:
        everything = self._simulation.deployment(redactor)
        own = {name: url for name, url in everything.services.items() if name in self._own}
        return ServiceAccess(self.target, replace(everything, services=own), everything, paths)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the scenarios of some requirements on a bench."""

    def start(bench: Alone, *requirements: str) -> Outcome:
        monkeypatch.setattr(benches, "open_bench", lambda _settings: bench)
        options = [part for name in requirements for part in ("--requirement", name)]
        return here(capsys, tmp_path / "report", *options)

    return start


def reasons(outcome: Outcome) -> set[tuple[str, str]]:
    return {(each["verdict"], each["reason"]) for each in outcome.results["scenarios"]}


def test_a_ccp_alone_is_judged_by_contracts_that_were_stored_in_it(run: Run) -> None:
    # The simulated CPS keeps them to itself, so the tester stores them.
    outcome = run(
        Alone("ccp", behaviour=STORED_ELSEWHERE),
        *("CCP-DEF-01", "CCP-DEF-02", "CCP-DEL-01", "CCP-DEL-07", "CCP-DEL-09", "CCP-DEL-10"),
        *(
            "AUTH-ROLE-CCP-GetContractDataByPcid-OEM",
            "AUTH-ROLE-CCP-DeleteSignedContractDataByEmaid-EMSP-V2GPKI",
        ),
        "AUTH-ROLE-CCP-GetSignedContractDataByCertificateInstallationReq-CPO",
    )
    assert set(outcome.verdicts().values()) == {"pass"}


def test_what_a_ccp_alone_cannot_do_is_not_applicable(run: Run) -> None:
    outcome = run(Alone("ccp", behaviour=STORED_ELSEWHERE), "CCP-DEL-04", "CCP-EMAID-03", "CCP-SCD-09")
    assert "fail" not in outcome.verdicts().values()
    assert reasons(outcome) >= {
        ("not applicable", "the tester has issued the contract certificate: no CPS of the target could"),
        ("not applicable", "the simulated cps stores in a ccp of its own, not in that of the target"),
    }


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ("ccp", "the event service is simulated: the ccp of the target has no way to tell it of events"),
        ("event", "what has changed is told to the simulated event service, not to that of the target: "),
    ],
)
def test_events_do_not_get_from_a_service_to_an_event_service_of_others(
    run: Run, own: str, reason: str
) -> None:
    outcome = run(Alone(own, behaviour=UNTOLD), "CCP-ADD-14", "CCP-ADD-15", "CCP-DEL-08")
    assert {verdict for verdict, _ in reasons(outcome)} == {"not applicable"}
    assert all(told.startswith(reason) for _, told in reasons(outcome))


REFUSES = {"errorMessages": ["the provider id is not that of the account"], "traceId": "-"}
OTHER_IDS = Fault(
    "beside.other-ids",
    "ccp",
    (),
    "The accounts of a simulated CCP have other ids than those of the target.",
    tamper={"getContractDataByEmaidV1": lambda _call, _answer: Answer.json(403, REFUSES)},
)


def test_a_simulated_service_that_refuses_an_account_is_no_failure_of_the_target(run: Run) -> None:
    outcome = run(Alone("cps", behaviour=OTHER_IDS), "CPS-SIGN-25", "CPS-GEN-21")
    judged = reasons(outcome)
    assert {verdict for verdict, _ in judged} == {"inconclusive"}
    for _, reason in judged:
        assert reason.startswith(
            "the simulated ccp answered getContractDataByEmaidV1 403: the provider id is"
        )
        assert reason.endswith("; compare its ids in both target files")


class ForeignCps(Alone):
    """A CPS of somebody else's, which stores in the simulated CCP by HTTP what it has spoilt."""

    def __init__(self, spoil: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._spoil = spoil
        tamper = {"signContractDataV1": self._store, "generateAndSignContractDataV1": self._store}
        super().__init__("cps", behaviour=replace(STORED_ELSEWHERE, tamper=tamper))

    def _store(self, _call: Call, answer: Answer) -> Answer:
        signed = answer.value().get("signedContractData") if answer.content else None
        if answer.status != 201 or signed is None:
            return answer
        ecosystem = self._simulation.ecosystem
        client = Client(ecosystem.accounts["cps"], ecosystem.token_endpoint, ecosystem.url, FaultInjector())
        client.http = self._simulation.http
        stored = client.call("addSignedContractDataV1", body=self._spoil(signed))
        return answer if stored.ok else Answer.json(400, {"errorMessages": ["not stored"], "traceId": "-"})


def der_signature(signed: dict[str, Any]) -> dict[str, Any]:
    message = decode(b64decode(signed["certificateInstallationRes"]), ISO2).value
    signature = message.Header.Signature
    raw = signature.SignatureValue.value
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    value = replace(signature.SignatureValue, value=encode_dss_signature(r, s))
    header = replace(message.Header, Signature=replace(signature, SignatureValue=value))
    text = b64encode(encode(replace(message, Header=header), ISO2)).decode()
    return {**signed, "certificateInstallationRes": text}


def test_a_foreign_cps_in_order_passes(run: Run) -> None:
    outcome = run(ForeignCps(dict), "CPS-SIGN-02", "CPS-SIGN-03", "CPS-SIGN-04", "CPS-SIGN-06")
    assert set(outcome.verdicts().values()) == {"pass"}


def test_a_refusal_by_a_simulated_service_stands_in_the_finding_with_its_reason(run: Run) -> None:
    outcome = run(ForeignCps(der_signature), "CPS-SIGN-03", "CPS-SIGN-06")
    by_requirement = {tuple(each["requirements"]): each for each in outcome.results["scenarios"]}
    signature, stored = by_requirement["CPS-SIGN-03",], by_requirement["CPS-SIGN-06",]
    # The message itself is judged, though it was never stored.
    assert signature["verdict"] == stored["verdict"] == "fail"
    assert "signature-der" in signature["reason"] or "SignatureValue" in signature["reason"]
    refused = "the simulated ccp refused addSignedContractDataV1 of the target with 400: "
    assert refused in stored["reason"]
    assert [each["level"] for each in stored["findings"] if refused in (each["seen"] or "")] == ["fail"]
    told = [each["message"] for each in stored["findings"]]
    assert "addSignedContractDataV1 of the target at the simulated ccp" in told


class NotAllowed(Alone):
    """A CPS whose certificates have a status that the simulators may not ask for."""

    def seen_beside(self) -> SeenBeside:
        return replace(super().seen_beside(), not_allowed=("localhost:9000",))


def test_what_nobody_has_allowed_the_simulators_to_ask_is_no_failure_of_the_target(run: Run) -> None:
    outcome = run(NotAllowed("cps", behaviour=STORED_ELSEWHERE), "CPS-GEN-02", "CPS-GEN-05")
    assert {verdict for verdict, _ in reasons(outcome)} == {"inconclusive"}
    assert all("`opnc serve` with --allow localhost:9000" in reason for _, reason in reasons(outcome))


def test_a_refusal_of_a_vehicle_is_told_by_its_response_code(run: Run) -> None:
    outcome = run(Alone("cps", behaviour=STORED_ELSEWHERE), "CPS-GEN-05")
    ((_, reason),) = reasons(outcome)
    assert "contracts delivered: expected DE" in reason
    assert "seen none, ResponseCode FAILED_NoCertificateAvailable" in reason


class Wired(Alone):
    """A CCP of somebody else's, in which the simulated CPS stores: as its server says, it takes nothing."""

    def __init__(self) -> None:
        gone = Answer.json(502, {"errorMessages": ["the CCP answered 400: no"], "traceId": "-"})
        tamper = dict.fromkeys(("signContractDataV1", "generateAndSignContractDataV1"), lambda *_: gone)
        super().__init__("ccp", behaviour=replace(STORED_ELSEWHERE, tamper=tamper))
        self.target = replace(self.target, ties=frozenset({STORED}))


def test_what_a_ccp_does_not_take_of_a_simulated_cps_is_told_in_its_words(run: Run) -> None:
    ((judged, reason),) = reasons(run(Wired(), "CCP-DEF-01"))
    assert judged == "inconclusive"
    assert reason.startswith("the simulated cps answered ")
    assert reason.endswith("502: the CCP answered 400: no")
