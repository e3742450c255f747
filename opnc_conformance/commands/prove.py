"""`opnc prove`: show that each test can fail, by running the scenarios against faulty simulators."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from opnc_conformance import garbage
from opnc_conformance.commands import run as run_command

if TYPE_CHECKING:
    import argparse

    from opnc_conformance.options import Settings
    from reports.kill_matrix import KillMatrix
    from reports.model import Results
    from simulators.kernel.fault_injection import Fault

NOT_PROVEN, HARNESS_ERROR = 1, 4


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    run_command.configure_selection(parser)
    parser.add_argument("--json", action="store_true", help="print the kill matrix as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the kill matrix as HTML")
    parser.add_argument("--served", action="store_true", help="against `opnc serve` over TLS")
    parser.add_argument("--list", action="store_true", help="list the faults and stop")
    parser.epilog = "exit codes: 0 every fault was noticed, 1 not, 2 usage, 4 red without any fault"


def run(arguments: argparse.Namespace) -> int:
    """Run every scenario once without and once with each fault of its requirements.

    Raises:
        Problem: For a wrong option or a file that cannot be written.
    """
    garbage.spare_the_end()
    # As `opnc run`.
    with garbage.left_alone():
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    # Importing the suite takes longer than showing the help should.
    from fixtures.bench.coverage import SHOWN_BY_TESTS
    from opnc_conformance import benches, session
    from reports import kill_matrix, writer

    settings = replace(run_command.settings_of(arguments), prove=True)
    faults = _faults(settings)
    if arguments.list:
        print("\n".join(f"{fault.id:<58}{fault.summary}" for fault in faults))
        return 0
    # What is piped on must be nothing but JSON.
    with (
        contextlib.redirect_stdout(sys.stderr if arguments.json else sys.stdout),
        contextlib.ExitStack() as on,
    ):
        if arguments.served:
            from opnc_conformance import serving

            settings = replace(settings, target=on.enter_context(serving.server_process()))
        bench = on.enter_context(contextlib.closing(benches.open_bench(settings)))
        aggregator = session.run(settings, bench, workers=arguments.workers)
    unspoilt = aggregator.conclude(bench.target, [each for each in aggregator.results if each.fault is None])
    # For the rest the project's own tests show that a breach is noticed.
    provable = [each for each in unspoilt.requirements if each.id not in SHOWN_BY_TESTS]
    matrix = kill_matrix.evaluate(faults, aggregator.results, provable)
    if arguments.html:
        writer.write(arguments.html, kill_matrix.to_html(matrix, unspoilt.requirements))
    print(kill_matrix.to_json(matrix) if arguments.json else kill_matrix.to_text(matrix))
    return _conclusion(matrix, unspoilt)


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


def _conclusion(matrix: KillMatrix, unspoilt: Results) -> int:
    """Return the exit code; a scenario that is red anyway, or a run cut short, proves nothing."""
    from reports.model import Verdict

    red = [each for each in unspoilt.scenarios if each.verdict in {Verdict.FAIL, Verdict.ERROR}]
    for scenario in red:
        print(f"red without any fault: {scenario.id}: {scenario.reason}", file=sys.stderr)
    if unspoilt.stopped:
        print(f"stopped: {unspoilt.stopped}", file=sys.stderr)
    if red or unspoilt.stopped:
        return HARNESS_ERROR
    return 0 if matrix.proven else NOT_PROVEN
