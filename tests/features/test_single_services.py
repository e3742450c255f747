"""One service of somebody else's is judged on its own, whatever the simulators beside it do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fixtures.bench.in_process import InProcessBench
from fixtures.client.access import ServiceAccess
from opnc_conformance import benches
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Answer
from tests.support.running import here

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
