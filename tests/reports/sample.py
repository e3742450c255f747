"""Results as a run would leave them: seeded, of any size, with every verdict.

`python -m tests.reports.sample DIR [SCENARIOS]` writes the reports of a sample, to be looked at.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reports.conclusions import conclude
from reports.model import (
    Catalogue,
    Counterpart,
    Erratum,
    Exchange,
    Feature,
    Finding,
    FindingLevel,
    Level,
    Profile,
    Results,
    ScenarioResult,
    Specification,
    Step,
    StepStatus,
    Suite,
    Target,
    TargetKind,
    Verdict,
)
from tests.reports.sample_messages import EPOCH, exchange, exi, problem, provisioning, root, root_list

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = ("rcp", "pcp", "cps", "ccp", "pki", "event")
VERDICTS = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE, Verdict.ERROR)
REASONS = {
    Verdict.FAIL: "The answer carries no caCertificate, although the root was stored a moment before.",
    Verdict.INCONCLUSIVE: "The service did not answer within 10 s, so nothing can be said about it.",
    Verdict.NOT_APPLICABLE: "The target declares no clock control, which this scenario needs.",
    Verdict.ERROR: "The step definition raised KeyError: 'rootCertificateId'.",
}
USE_CASES = (
    *(f"independent service operation: {name}" for name in ("RCP", "PCP", "CPS", "CCP", "PKI")),
    *("authentication method", "ISO 15118-20 readiness", "multiple contracts per PCID"),
    *("pool interoperability: multi root", "pool interoperability: pool collaboration"),
    "standardized event service",
)
ERRATA = (
    Erratum(
        id="ERR-012",
        title="Property name roootCertificate",
        rule="Server may send either spelling. Clients must read both.",
        verdict_for_deviation="rootCertificate: PASS with INFO; neither: FAIL",
    ),
    Erratum(
        id="ERR-170",
        title="Error bodies without traceId",
        rule="traceId is expected, its absence is noted.",
        verdict_for_deviation="absent: WARN",
    ),
    Erratum(id="ERR-999", title="Nobody refers to this", rule="-", verdict_for_deviation="-"),
)


@dataclass(frozen=True)
class Requirement:
    """A requirement as the catalogue holds it."""

    id: str
    level: str = "must"
    text: str = (
        "When an authorised party asks for a stored root by its id, the pool answers 200 with that root."
    )
    expected: str = "200; the body holds the same id and certificate as the list entry"
    implied: bool = False
    source: tuple[str, ...] = (
        "specification/apis/rcp/rcp.api.v1.rootCertificateById.json#/get/responses/200",
    )
    use_case: tuple[str, ...] = ()
    errata: tuple[str, ...] = ()
    not_tested: str | None = None

    @property
    def group(self) -> str:
        return self.id.partition("-")[0].lower()


def requirements(count: int) -> list[Requirement]:
    """Return so many requirements over all groups; every tenth without a scenario."""
    groups = ("RCP-GET", "PCP-PUT", "CPS-SIGN", "CCP-GET", "PKI-EST", "EVT-HOOK", "AUTH-401-RCP", "SYS-ERR")
    levels = ("must", "must", "must", "should", "may")
    return [
        Requirement(
            id=f"{groups[n % len(groups)]}-{n:03d}",
            level=levels[n % len(levels)],
            implied=n % 4 == 0,
            use_case=tuple(dict.fromkeys((USE_CASES[n % 11], USE_CASES[n % 7]))),
            errata=("ERR-012",) if n % 8 == 0 else (),
            not_tested="Cannot be seen from outside: it is about how keys are kept." if n % 10 == 9 else None,
        )
        for n in range(count)
    ]


def sample_results(
    *, seed: int = 7, scenarios: int = 40, catalogue: int = 60, exchanges: int = 8, flawed: float = 0.12
) -> Results:
    """Make the results of a run.

    Args:
        seed: The same seed gives the same results.
        scenarios: How many scenarios ran.
        catalogue: How many requirements the catalogue has.
        exchanges: How many exchanges each scenario made.
        flawed: The share of scenarios that did not pass.
    """
    known = requirements(catalogue)
    judged = [requirement for requirement in known if requirement.not_tested is None]
    ran = [
        scenario(n, judged[n % len(judged)], seed=seed, exchanges=exchanges, flawed=flawed)
        for n in range(scenarios)
    ]
    return results(ran, known, seed=seed)


def results(
    ran: list[ScenarioResult],
    known: list[Requirement],
    *,
    seed: int = 7,
    profile: Profile = Profile.LENIENT,
    fail_on: Level = Level.MAY,
) -> Results:
    """Make the results of a run of given scenarios, in which requirements of every level count."""
    conclusion = conclude(ran, known, ERRATA, profile=profile, complete=True, fail_on=fail_on)
    return Results(
        suite=Suite(name="opnc-conformance", version="0.1.0"),
        specification=Specification(repository="https://github.com/charinev/opnc", commit="419a4be7936f"),
        catalogue=Catalogue(requirements=len(known), errata=len(ERRATA), sha256="ab" * 32),
        target=Target(
            name="Alpha pool",
            vendor="Alpha Mobility",
            version="4.2.1",
            kind=TargetKind.REAL,
            services={name: f"https://{name}.alpha.opnc.test/opnc/v1/{name}" for name in SERVICES[:4]}
            | {"pki": "simulated", "event": "simulated"},
            declared={"clock control": False, "algorithms": ["secp256r1", "secp521r1"], "broadcast": "A"},
        ),
        profile=profile,
        seed=seed,
        started=EPOCH,
        finished=EPOCH + dt.timedelta(seconds=41.5),
        duration_s=41.5,
        complete=True,
        exit_code=conclusion.exit_code,
        totals=conclusion.totals,
        scenarios=conclusion.scenarios,
        requirements=conclusion.requirements,
        errata=conclusion.errata,
        fail_on=fail_on,
    )


def met(results: Results, name: str, version: str, counterpart: Counterpart | None = None) -> Results:
    """Return the results of another implementation; every ninth scenario is about a second ecosystem."""
    ran = tuple(
        replace(each, tags=(*each.tags, "needs.second-ecosystem")) if number % 9 == 0 else each
        for number, each in enumerate(results.scenarios)
    )
    target = replace(results.target, name=name, version=version, vendor=name, counterpart=counterpart)
    return replace(results, scenarios=ran, target=target)


def scenario(
    number: int, requirement: Requirement, *, seed: int = 0, exchanges: int = 0, flawed: float = 0
) -> ScenarioResult:
    """Make one scenario; `flawed` is the share of those that do not pass."""
    source = random.Random(seed * 100_003 + number)  # noqa: S311 - sample data
    verdict = source.choice(VERDICTS) if source.random() < flawed else Verdict.PASS
    service = SERVICES[number % len(SERVICES)]
    title = ("A root is read by its id", "A vehicle is published once", "An unknown id is refused")[
        number % 3
    ]
    pki_type = ("v2g", "oem", "emsp")[number % 3]
    return ScenarioResult(
        id=f"{service}/read_{number % 7}::{title.lower().replace(' ', '-')}-{number}[pkiType={pki_type}]",
        name=f"{title} ({number})",
        feature=Feature(
            file=f"features/{service}/read_{number % 7}.feature",
            name=f"What the {service.upper()} shows ({number % 7})",
            description="Every party may read what the pool holds.",
        ),
        rule="What is stored can be read by whoever may read",
        tags=(requirement.id, "read-only"),
        service=service,
        example={"pkiType": pki_type},
        requirements=(requirement.id,),
        verdict=verdict,
        reason=REASONS.get(verdict),
        findings=tuple(findings(verdict, requirement, number)),
        steps=steps(verdict),
        exchanges=tuple(itertools.islice(messages(number, service, source), exchanges)),
        started=EPOCH + dt.timedelta(milliseconds=20 * number),
        duration_s=0.018 + number % 9 / 100,
    )


def findings(verdict: Verdict, requirement: Requirement, number: int) -> Iterator[Finding]:
    if verdict is Verdict.FAIL:
        yield Finding(
            level=FindingLevel.FAIL,
            requirement=requirement.id,
            erratum="ERR-012",
            message="The root's certificate is missing under either spelling of its wrapper.",
            expected="roootCertificate or rootCertificate with a caCertificate",
            seen='{"errorMessages":["The root certificate is not known."]}',
            step=2,
            exchange=3,
        )
    if number % 5 == 0:
        yield Finding(
            level=FindingLevel.WARN,
            requirement=requirement.id,
            erratum="ERR-170",
            message="The error body names no traceId.",
            step=1,
            exchange=2,
        )
    if number % 3 == 0:
        yield Finding(level=FindingLevel.INFO, message="The answer was read under the name rootCertificate.")


def steps(verdict: Verdict) -> tuple[Step, ...]:
    last = {
        Verdict.FAIL: StepStatus.FAILED,
        Verdict.ERROR: StepStatus.FAILED,
        Verdict.INCONCLUSIVE: StepStatus.STOPPED,
        Verdict.NOT_APPLICABLE: StepStatus.STOPPED,
    }.get(verdict, StepStatus.PASSED)
    lines = (
        ("Given", "a V2G root registered by the administrator", StepStatus.PASSED),
        ("When", "the eMSP asks for that root by its id", StepStatus.PASSED),
        ("Then", "the answer is that root", last),
        (
            "And",
            "it agrees with the list",
            StepStatus.PASSED if verdict is Verdict.PASS else StepStatus.NOT_RUN,
        ),
    )
    return tuple(
        Step(
            keyword=keyword,
            text=text,
            line=12 + index,
            status=status,
            duration_s=0.004,
            error=REASONS.get(verdict) if status in (StepStatus.FAILED, StepStatus.STOPPED) else None,
            table=(("member", "value"), ("rootType", "V2G")) if index == 0 else None,
            docstring='{"pkiType": "v2g"}' if index == 1 else None,
        )
        for index, (keyword, text, status) in enumerate(lines)
    )


def messages(number: int, service: str, source: random.Random) -> Iterator[Exchange]:
    """Yield exchanges without end: shared lists, bodies of this scenario alone, refusals, silence."""
    one, vehicle = root(number % 10), provisioning(number)
    for sequence in itertools.count(1):
        trace = f"{source.getrandbits(64):016x}"
        kind = sequence % 6
        answer = (None, root_list(10), one, problem(trace), vehicle, None)[kind]
        if kind == 5 and number % 6 == 3:
            answer = exi(source, 4200)
        silent = number % 40 == 11 and kind == 0
        yield exchange(
            sequence=sequence,
            step=min(sequence // 2, 3) or None,
            service=service,
            method="PUT" if kind == 0 else "GET",
            sent=vehicle if kind == 0 else None,
            path="/rootcertificates" if kind == 1 else f"/rootcertificates/{trace}",
            status=None if silent else 404 if kind == 3 else 200,
            answer=answer,
            error="connection reset by peer" if silent else None,
            trace=trace,
        )


if __name__ == "__main__":
    from reports.writer import write_all

    count = int((sys.argv[2:] or ["40"])[0])
    write_all(sample_results(scenarios=count, catalogue=744 if count > 500 else 60), Path(sys.argv[1]))
