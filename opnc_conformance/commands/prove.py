"""`opnc prove`: show that each test can fail, and that none fails wrongly.

The scenarios run against simulators that are faulty, and against some that differ from ours and conform.
"""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from opnc_conformance import garbage
from opnc_conformance.commands import run as run_command

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from fixtures.target.declaration import Target
    from opnc_conformance.aggregation import ResultAggregator
    from opnc_conformance.options import Settings
    from reports.kill_matrix import KillMatrix
    from reports.model import Results, ScenarioResult
    from simulators.kernel.fault_injection import Fault
    from simulators.variants.making import Variant

NOT_PROVEN, HARNESS_ERROR = 1, 4


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    run_command.configure_selection(parser)
    parser.add_argument("--faults", action="store_true", help="faults alone")
    parser.add_argument("--variants", action="store_true", help="variants alone")
    parser.add_argument("--json", action="store_true", help="print the kill matrix as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the kill matrix as HTML")
    parser.add_argument("--served", action="store_true", help="against `opnc serve` over TLS")
    parser.add_argument("--list", action="store_true", help="list the faults and variants and stop")
    parser.epilog = (
        "exit codes: 0 every fault was noticed, no verdict wrong and every failing finding has an address,"
        " 1 not, 2 usage, 4 red without any fault"
    )


@dataclass(frozen=True, slots=True)
class _Proof:
    """What came out of all runs of a proof.

    Attributes:
        sound: What the scenarios found without fault or variant.
        unspoilt: The conclusion from these.
        tried: What they found with one.
        stopped: Why a run was cut short, if one was.
    """

    sound: list[ScenarioResult]
    unspoilt: Results
    tried: list[ScenarioResult]
    stopped: str | None


def run(arguments: argparse.Namespace) -> int:
    """Run every scenario without anything, with each fault of its requirements and each variant it meets.

    Raises:
        Problem: For a wrong option or a file that cannot be written.
    """
    garbage.spare_the_end()
    # As `opnc run`.
    with garbage.left_alone():
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    # Importing the suite takes longer than showing the help should.
    from opnc_conformance.options import FAULTS, VARIANTS
    from reports import writer
    from reports.kill_matrix import to_html, to_json, to_text

    settings = run_command.settings_of(arguments)
    both = arguments.faults == arguments.variants
    kinds = [
        kind for kind, asked in ((FAULTS, arguments.faults), (VARIANTS, arguments.variants)) if asked or both
    ]
    faults = _faults(settings) if FAULTS in kinds else []
    variants = _variants() if VARIANTS in kinds else []
    if arguments.list:
        known = [(each.id, each.summary) for each in faults] + [(each.id, each.summary) for each in variants]
        print("\n".join(f"{name:<58}{summary}" for name, summary in known))
        return 0
    left_out = [each for each in faults if arguments.served and each.in_process_only]
    # What is piped on must be nothing but JSON.
    with contextlib.redirect_stdout(sys.stderr if arguments.json else sys.stdout):
        proof = _prove(settings, kinds, workers=arguments.workers, served=arguments.served)
    matrix = _matrix(proof, faults, variants, settings, left_out)
    if arguments.html:
        writer.write(arguments.html, to_html(matrix, proof.unspoilt.requirements))
    print(to_json(matrix) if arguments.json else to_text(matrix))
    for fault in left_out:
        print(f"left out: {fault.id} shows in process only: {fault.in_process_only}", file=sys.stderr)
    return _conclusion(matrix, proof)


def _prove(settings: Settings, kinds: Sequence[str], *, workers: int, served: bool) -> _Proof:
    """Run the scenarios: which variants matter in one is found out in this process before they are tried."""
    from opnc_conformance import proof, serving
    from opnc_conformance.options import FAULTS, SOUND, VARIANTS

    faults = [FAULTS] * (FAULTS in kinds)
    met: Path | None = None
    runs: list[_Session] = []
    with contextlib.ExitStack() as on:
        # A server is not watched: there the scenarios run without anything once more.
        if not served or VARIANTS in kinds:
            runs = [_session(replace(settings, prove=(SOUND, *(() if served else faults))), workers)]
        if VARIANTS in kinds:
            met = Path(on.enter_context(TemporaryDirectory(prefix="opnc-"))) / "met.json"
            proof.write(met, runs[0].aggregator.met)
        if any(run.stopped for run in runs):
            return _gathered(runs)
        if served:
            target = on.enter_context(serving.server_process())
            runs = [_session(replace(settings, prove=(SOUND, *kinds), met=met, target=target), workers)]
        elif VARIANTS in kinds:
            runs.append(_session(replace(settings, prove=(VARIANTS,), met=met), workers))
    return _gathered(runs)


@dataclass(frozen=True, slots=True)
class _Session:
    """A run that is over."""

    aggregator: ResultAggregator
    target: Target

    @property
    def stopped(self) -> str | None:
        """Why it was cut short; None if it was not."""
        return self.aggregator.incomplete_reason


def _session(settings: Settings, workers: int) -> _Session:
    from opnc_conformance import benches, session

    with contextlib.closing(benches.open_bench(settings)) as bench:
        return _Session(session.run(settings, bench, workers=workers), bench.target)


def _gathered(runs: Sequence[_Session]) -> _Proof:
    """Put the runs together; those without fault or variant are in the first."""
    results = [each for run in runs for each in run.aggregator.results]
    sound = [each for each in results if each.fault is None]
    return _Proof(
        sound,
        runs[0].aggregator.conclude(runs[0].target, sound),
        [each for each in results if each.fault is not None],
        next((run.stopped for run in runs if run.stopped), None),
    )


def _matrix(
    proof: _Proof,
    faults: Sequence[Fault],
    variants: Sequence[Variant],
    settings: Settings,
    left_out: Sequence[Fault],
) -> KillMatrix:
    from reports import kill_matrix, wrong_verdicts

    # For the rest a proof in process shows that a breach is noticed.
    shown_elsewhere = {each for fault in left_out for each in fault.requirements}
    provable = [each for each in proof.unspoilt.requirements if each.id not in shown_elsewhere]
    judged = wrong_verdicts.evaluate(variants, proof.sound, proof.tried, settings.profile)
    shown = [each for each in faults if each not in left_out]
    ids = {each.id for each in shown}
    of_faults = [each for each in proof.tried if each.fault in ids]
    return kill_matrix.evaluate(shown, of_faults, provable if faults else (), judged, settings.profile)


def _faults(settings: Settings) -> list[Fault]:
    """Return the faults of the selected requirements, reduced to these."""
    from opnc_conformance import selection
    from simulators.faults import FAULTS

    wanted = selection.selected_requirements(settings)
    return [
        # Else a fault would survive because of a requirement that nobody has asked about.
        replace(fault, requirements=tuple(each for each in fault.requirements if each in wanted))
        for fault in selection.faults_of(wanted, FAULTS)
    ]


def _variants() -> Sequence[Variant]:
    from simulators.variants import VARIANTS

    return VARIANTS


def _conclusion(matrix: KillMatrix, proof: _Proof) -> int:
    """Return the exit code; a scenario that is red anyway, or a run cut short, proves nothing."""
    from reports.model import Verdict
    from reports.places import unplaced

    red = [each for each in proof.sound if each.verdict in {Verdict.FAIL, Verdict.ERROR}]
    for scenario in red:
        print(f"red without any fault: {scenario.id}: {scenario.reason}", file=sys.stderr)
    if proof.stopped:
        print(f"stopped: {proof.stopped}", file=sys.stderr)
    # Whoever fails has to be told where: else it is the suite that is at fault.
    vague = [(each, *found) for each in proof.tried for found in unplaced(each)]
    for scenario, finding, why in vague:
        print(f"no address: {scenario.id} with {scenario.fault}: {finding.message!r} {why}", file=sys.stderr)
    if red or proof.stopped:
        return HARNESS_ERROR
    return 0 if matrix.proven and not vague else NOT_PROVEN
