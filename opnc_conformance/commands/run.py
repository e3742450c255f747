"""`opnc run`: judge an implementation, or the simulators, and write the reports."""

from __future__ import annotations

import argparse
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from opnc_conformance import garbage

if TYPE_CHECKING:
    from opnc_conformance.options import Settings
    from reports.model import Profile

# Here once more, because `options` imports the suite and help should not wait for that.
DEFAULT_SEED = 1
PROFILES = ("lenient", "strict")
LEVELS = ("must", "should", "may")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("scenario", nargs="*", metavar="SCENARIO", help="only these: an id or its beginning, * for anything")
    configure_selection(parser)
    add("--report", metavar="DIR", type=Path, default=Path("report"), help="where the reports go (report)")
    add("--alluredir", metavar="DIR", type=Path, help="write Allure results as well")
    add("--target", type=Path, metavar="FILE", help="the target file; without it the simulators are judged")
    add("--served", action="store_true", help="judge the simulators over TLS, served by another process")
    add("--list", action="store_true", help="say what would run and what would not apply, and stop")
    add("--json", action="store_true", help="with --list: as JSON")
    add("--fault", metavar="ID", help="simulators with this fault or variant: a red run to learn from")
    add("--last-failed", action="store_true", help="only what did not pass in the run that --report holds")
    add("--max-failures", type=_count, default=0, metavar="N", help="end the run after N failed scenarios")
    add("--read-only", action="store_true", help="write nothing to the target")
    add("--waivers", type=Path, metavar="FILE", help="failures that do not count for the exit code, as TOML")
    add("--fail-on", choices=LEVELS, default="must", help="the least binding level that counts (must)")
    add("--ledger", type=Path, metavar="DIR", help="where to keep what was created (beside the target file)")
    parser.epilog = (
        "exit codes: 0 conformant, 1 failed, 2 usage or target file, 3 inconclusive, 4 harness error; "
        "requirements below the level of --fail-on are told and do not count"
    )


def configure_selection(parser: argparse.ArgumentParser) -> None:
    """Declare the options that say which scenarios run and how."""
    add = parser.add_argument
    add("--service", action="append", default=[], help="only requirements of this service; repeatable")
    add(
        "--requirement",
        action="append",
        default=[],
        metavar="ID",
        help="only this one, * for anything; repeatable",
    )
    add("--level", action="append", default=[], choices=LEVELS, help="only this level; repeatable")
    add("--profile", choices=PROFILES, help="whether warnings count (as the target file says, else lenient)")
    add("--seed", type=int, default=DEFAULT_SEED, help="all randomness follows from it (1)")
    add("--shuffle", type=int, metavar="N", help="run in an order drawn from N")
    add("-n", "--workers", type=_count, default=0, metavar="N", help="processes to share the work (0)")
    add("--features", type=Path, metavar="DIR", help="other feature files than those of the suite")


def run(arguments: argparse.Namespace) -> int:
    """Run the scenarios, write the reports, say what came out.

    Raises:
        Problem: For a wrong option or a folder that cannot be written.
    """
    garbage.spare_the_end()
    # Around the loading of all that is needed, above all; the scenarios take exception to it.
    with garbage.left_alone():
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    # Importing the suite takes longer than showing the help should.
    from opnc_conformance import benches, listing, progress, session, summary, waivers_file
    from reports import writer
    from reports.model import Level

    _demand_one_target(arguments)
    waivers = waivers_file.read(arguments.waivers) if arguments.waivers else ()
    settings = replace(
        settings_of(arguments),
        target=arguments.target,
        read_only=arguments.read_only,
        ledger=arguments.ledger,
        behaviour=_behaviour(arguments),
        max_failures=arguments.max_failures,
        scenarios=_last_failed(arguments.report) if arguments.last_failed else tuple(arguments.scenario),
    )
    if arguments.list:
        with closing(benches.open_bench(settings)) as bench:
            planned = session.plan(settings, bench)
        _demand_something(settings, planned)
        print(listing.to_json(planned) if arguments.json else listing.to_text(planned))
        return 0
    for directory in filter(None, (arguments.report, arguments.alluredir)):
        writer.make_directory(directory)
        _try_to_write(directory)
    _demand_own_folder(arguments.report)
    earlier = benches.count_left_behind(settings)
    with ExitStack() as opened:
        display = opened.enter_context(closing(progress.display()))
        if arguments.served:
            from opnc_conformance import serving

            display.say("starting a server")
            settings = replace(settings, target=opened.enter_context(serving.server_process()))
        bench = opened.enter_context(closing(benches.open_bench(settings)))
        display.say("collecting the scenarios")
        told = progress.Progress(display, settings.profile, _again(arguments))
        aggregator = session.run(settings, bench, workers=arguments.workers, progress=told)
        display.say("leaving everything as it was")
    _demand_something(settings, aggregator.results or aggregator.incomplete_reason)
    # After the bench is closed: that takes back what the run has created, and takes time of it.
    print("writing the report", flush=True)
    results = aggregator.conclude(bench.target, aggregator.results, waivers, Level(arguments.fail_on))
    writer.write_all(results, arguments.report)
    if arguments.alluredir:
        from reports import allure

        allure.write(results, arguments.alluredir)
    print(summary.text(results, arguments.report))
    if left := benches.count_left_behind(settings):
        of_earlier = f", {earlier} of them by earlier runs" if earlier else ""
        print(
            f"left behind  {left} things on the target{of_earlier}; opnc cleanup --target {settings.target}"
        )
    return results.exit_code


def _demand_one_target(arguments: argparse.Namespace) -> None:
    """Refuse two targets at once.

    Raises:
        Problem: If both are named.
    """
    from opnc.problem import Problem

    if arguments.served and arguments.target:
        raise Problem("--served and --target name two targets", hint="leave one of them out")
    if arguments.fault and arguments.target:
        raise Problem("--fault is for simulators, and --target names something else", hint="use --served")


def _again(arguments: argparse.Namespace) -> list[str]:
    """Return the command line that runs one scenario in the same way, but for its id."""
    parts = ["opnc", "run"]
    for name in ("target", "fault", "profile", "features"):
        if (value := getattr(arguments, name)) is not None:
            parts += [f"--{name}", str(value)]
    if arguments.seed != DEFAULT_SEED:
        parts += ["--seed", str(arguments.seed)]
    return [*parts, *["--served"] * arguments.served]


def _demand_own_folder(report: Path) -> None:
    """Refuse to write reports among somebody's files.

    Raises:
        Problem: If the folder holds something, and no report.
    """
    from opnc.problem import Problem
    from reports.results_file import NAME

    if report.is_dir() and any(report.iterdir()) and not (report / NAME).exists():
        raise Problem(
            "the folder holds something else than a report",
            where=str(report),
            hint="name another one with --report, or empty it",
        )


def _behaviour(arguments: argparse.Namespace) -> str | None:
    """Return the id of the fault or variant asked for.

    Raises:
        Problem: If there is none of that name.
    """
    if arguments.fault is None:
        return None
    from opnc_conformance.selection import demand_known
    from simulators.faults import FAULTS
    from simulators.variants import VARIANTS

    known = {fault.id for fault in FAULTS} | {variant.id for variant in VARIANTS}
    demand_known("fault or variant", [arguments.fault], known)
    return str(arguments.fault)


def _last_failed(report: Path) -> tuple[str, ...]:
    """Return the ids of the scenarios that did not pass in the run that a folder holds.

    Raises:
        Problem: If there is no such run, or nothing failed in it.
    """
    from opnc.problem import Problem
    from reports import overview, renames, results_file

    path = report / results_file.NAME
    known = renames.load()
    found = results_file.read(path).results.scenarios
    failed = tuple(known.current_of(each.id) for each in found if each.verdict in overview.NOT_PASSED)
    if not failed:
        raise Problem(
            "every scenario of the last run passed", where=str(path), hint="leave out --last-failed"
        )
    return failed


def _demand_something(settings: Settings, found: object) -> None:
    """Leave an earlier report alone where a selection has left nothing to run.

    Args:
        settings: What was asked for.
        found: Whatever has come of it.

    Raises:
        Problem: If nothing was run, nothing got in its way, and no requirement tells why it is not judged.
    """
    from difflib import get_close_matches

    from features import index
    from opnc.problem import Problem
    from opnc_conformance.selection import selected_requirements

    if found or (not settings.scenarios and selected_requirements(settings)):
        return
    known = [each.id for each in index.entries(settings.features)] if settings.scenarios else []
    close = [
        match for each in settings.scenarios for match in get_close_matches(each, known, n=3, cutoff=0.3)
    ]
    raise Problem(
        "no scenario is all that was asked for, so nothing was run",
        hint=f"did you mean {', '.join(close)}?" if close else "ask for less at once",
    )


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes")
    return int(text)


def _try_to_write(directory: Path) -> None:
    """Find out before the run, not after it, whether a directory takes files.

    Raises:
        Problem: If it does not.
    """
    from opnc.problem import Problem

    try:
        # Tried, for permission bits do not tell about full or read-only file systems.
        with TemporaryFile(dir=directory):
            pass
    except OSError as error:
        hint = "name a directory that can be written and has room"
        raise Problem(f"cannot be written: {error.strerror}", where=str(directory), hint=hint) from None


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Check the selection and put it together.

    Raises:
        Problem: For a service, a requirement or feature files that do not exist.
    """
    from features.index import ROOT, feature_files
    from fixtures.bench.coverage import SERVICES
    from opnc import catalogue
    from opnc.problem import Problem
    from opnc_conformance.options import Settings
    from opnc_conformance.selection import demand_known, expanded

    features: Path = (arguments.features or ROOT).resolve()
    if not feature_files(features):
        raise Problem("there are no feature files", where=str(features), hint="name the folder they are in")
    demand_known("service", arguments.service, SERVICES)
    requirements = expanded(arguments.requirement, catalogue.load().requirements)
    return Settings(
        seed=arguments.seed,
        profile=_profile(arguments),
        # Reports are written by the command, when the session is over.
        report=None,
        services=tuple(arguments.service),
        requirements=requirements,
        levels=tuple(arguments.level),
        prove=(),
        features=features,
        shuffle=arguments.shuffle,
    )


def _profile(arguments: argparse.Namespace) -> Profile:
    """Return the profile asked for, or else the one of the target file.

    Raises:
        Problem: If the target file is wrong.
    """
    from reports.model import Profile

    path: Path | None = getattr(arguments, "target", None)
    if arguments.profile or path is None:
        return Profile(arguments.profile or Profile.LENIENT)
    from fixtures.target import file as target_file

    return target_file.load(path).profile or Profile.LENIENT
