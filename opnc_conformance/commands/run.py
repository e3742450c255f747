"""`opnc run`: judge an implementation, or the simulators, and write the reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from opnc_conformance.options import Settings

DEFAULT_SEED = 1
PROFILES = ("lenient", "strict")
LEVELS = ("must", "should", "may")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--report", metavar="DIR", type=Path, default=Path("report"), help="where the reports go (report)"
    )
    parser.add_argument(
        "--service", action="append", default=[], help="only requirements of this service; repeatable"
    )
    parser.add_argument(
        "--requirement", action="append", default=[], metavar="ID", help="only this requirement; repeatable"
    )
    parser.add_argument(
        "--level", action="append", default=[], choices=LEVELS, help="only this level; repeatable"
    )
    parser.add_argument(
        "--profile", choices=PROFILES, default="lenient", help="whether warnings count (lenient)"
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="all randomness follows from it (1)")
    parser.add_argument("--shuffle", type=int, metavar="N", help="run in an order drawn from N")
    parser.add_argument(
        "-n", "--workers", type=int, default=0, metavar="N", help="processes to share the work (0)"
    )
    parser.add_argument(
        "--features", type=Path, metavar="DIR", help="other feature files than those of the suite"
    )
    parser.add_argument("--alluredir", metavar="DIR", help="write Allure results as well")
    parser.epilog = (
        "exit codes: 0 conformant, 1 failed, 2 usage or target file, 3 inconclusive, 4 harness error"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the scenarios, write the reports, say what came out.

    Raises:
        Problem: For a wrong option or a folder that cannot be written.
    """
    # Importing the suite takes longer than showing the help should.
    from fixtures.bench import InProcessBench  # noqa: PLC0415
    from opnc_conformance import session, summary  # noqa: PLC0415
    from reports import writer  # noqa: PLC0415

    settings = settings_of(arguments)
    writer.make_directory(arguments.report)
    gatherer = session.run(settings, workers=arguments.workers, allure=arguments.alluredir)
    bench = InProcessBench()
    results = gatherer.conclude(bench.target)
    bench.close()
    writer.write_all(results, arguments.report)
    print(summary.text(results, arguments.report))
    return results.exit_code


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Check the selection and put it together.

    Raises:
        Problem: For a service or requirement that does not exist.
    """
    from features.index import ROOT  # noqa: PLC0415 - as in `run`
    from fixtures.coverage import SERVICES  # noqa: PLC0415
    from opnc import catalogue  # noqa: PLC0415
    from opnc_conformance.options import Settings  # noqa: PLC0415
    from opnc_conformance.selection import demand_known  # noqa: PLC0415
    from reports.model import Profile  # noqa: PLC0415

    demand_known("service", arguments.service, SERVICES)
    demand_known("requirement", arguments.requirement, catalogue.load().requirements)
    return Settings(
        seed=arguments.seed,
        profile=Profile(arguments.profile),
        report=arguments.report,
        services=tuple(arguments.service),
        requirements=tuple(arguments.requirement),
        levels=tuple(arguments.level),
        prove=False,
        features=(arguments.features or ROOT).resolve(),
        shuffle=arguments.shuffle,
    )
