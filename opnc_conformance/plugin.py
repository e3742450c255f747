"""The pytest plugin: collects the scenarios, runs them, and aggregates the results.

`opnc run` and `opnc prove` load it; `pytest features -p opnc_conformance.plugin` works as well.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

from opnc_conformance import suite

suite.put_on_path()
# Steps import one another, some of them before their turn as plugins comes.
pytest.register_assert_rewrite("features.steps")

# The suite's packages can be imported from here on.
from features import lint, steps
from fixtures.bench.endings import verdict
from fixtures.bench.in_process import InProcessBench
from fixtures.bench.scenario import Conditions, Identity, ScenarioRun, StepLine
from fixtures.judgements import afterwards, client_manners, service_manners
from fixtures.target.declaration import NEEDS
from opnc import catalogue
from opnc_conformance import (
    aggregation,
    benches,
    garbage,
    options,
    proof,
    selection,
    step_lookup,
)
from opnc_conformance.aggregation import AGGREGATOR, ResultAggregator, attach_result, attached_result
from opnc_conformance.collection import FeatureFile, identity_of, requirements_of, template_id
from opnc_conformance.unresponsive import UnresponsiveTarget
from reports import renames
from reports.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from pytest_bdd.parser import Feature, Scenario, Step

    from fixtures.bench.interface import Bench
    from simulators.kernel.fault_injection import Fault

PLUGINS = ("fixtures.plugin", "features.vocabulary.registers", *steps.modules())
"""What brings fixtures and step definitions."""

IDENTITY = pytest.StashKey[Identity]()
RUN = pytest.StashKey[ScenarioRun]()
UNRESPONSIVE = pytest.StashKey[UnresponsiveTarget]()

STATUS_LABELS = {
    Verdict.PASS: ("passed", ".", "PASS"),
    Verdict.FAIL: ("failed", "F", "FAIL"),
    Verdict.INCONCLUSIVE: ("inconclusive", "?", "INCONCLUSIVE"),
    Verdict.NOT_APPLICABLE: ("not applicable", "-", "NOT APPLICABLE"),
    Verdict.ERROR: ("error", "E", "ERROR"),
}
"""How a verdict shows on the terminal: category, letter, word."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options of the suite, and its other plugins."""
    options.add(parser.getgroup("opnc", "OPNC conformance"))
    # Not by `pytest_plugins`: for each name in it pytest looks through all installed distributions.
    for name in PLUGINS:
        pluginmanager.register(importlib.import_module(name), name)


def pytest_configure(config: pytest.Config) -> None:
    """Get ready to aggregate results, in the process that the user started."""
    step_lookup.install()
    config.add_cleanup(step_lookup.uninstall)
    config.stash[UNRESPONSIVE] = UnresponsiveTarget()
    config.pluginmanager.register(aggregation, "opnc-reports")
    for tag in lint.known_tags(catalogue.load().requirements, NEEDS):
        # Tags of a scenario become no marks, but pytest-bdd makes one of every tag of Examples.
        config.addinivalue_line("markers", tag)
    # What xdist gives to workers alone: these hand their results on and aggregate nothing.
    if not hasattr(config, "workerinput"):
        config.stash[AGGREGATOR] = ResultAggregator(options.read(config))
        config.pluginmanager.register(config.stash[AGGREGATOR], "opnc-aggregator")


# One fixture and no chain of them: pytest takes longer to set one up than it takes to find all this out.
@pytest.fixture
def conditions(request: pytest.FixtureRequest, fault: str | None) -> Conditions:
    """What the scenario runs with."""
    settings = options.read(request.config)
    identity: Identity = request.node.stash[IDENTITY]
    return Conditions(
        identity=identity,
        seed=f"{settings.seed}:{renames.load().first_of(identity.id)}",
        profile=settings.profile,
        fault=fault or settings.behaviour,
        bench=request.config.stash.get(benches.BENCH, None) or request.getfixturevalue("session_bench"),
    )


@pytest.fixture
def fault() -> str | None:
    """The fault the simulators have; a proof puts ids here."""
    return None


@pytest.fixture(scope="session")
def session_bench(pytestconfig: pytest.Config) -> Iterator[Bench]:
    """The bench of a session that was given none."""
    bench = benches.open_bench(options.read(pytestconfig))
    yield bench
    bench.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect feature files."""
    return FeatureFile.from_parent(parent, path=file_path) if file_path.suffix == ".feature" else None


def pytest_bdd_apply_tag(tag: str, function: Callable[..., Any]) -> bool:  # noqa: ARG001 - the hook's signature
    """Keep tags from becoming pytest marks: they name requirements and needs."""
    return True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In a proof, run every scenario once for each fault of its requirements, and each variant it meets."""
    settings = options.read(metafunc.config)
    if not settings.prove or not (requirements := requirements_of(metafunc.function, settings.features)):
        return
    # Without any too: a scenario that is red anyway proves nothing. `selection.choose` drops it where that
    # was not asked for.
    tried: list[str | None] = [None]
    if options.FAULTS in settings.prove:
        shown = selection.showable(settings, _faults())
        tried += [fault.id for fault in selection.faults_of(requirements, shown)]
    if settings.met is not None:
        tried += proof.variants_of(settings.met, template_id(metafunc.function, settings.features))
    metafunc.parametrize("fault", tried)


def _faults() -> tuple[Fault, ...]:
    """Return the catalogue of faults, which takes longer to load than an ordinary run should wait for."""
    from simulators.faults import FAULTS

    return FAULTS


# Before others reorder or count: what was not asked for should not exist for them.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for."""
    settings = options.read(config)
    for item in items:
        if (found := identity_of(item, settings.features)) is not None:
            item.stash[IDENTITY] = found
    chosen = selection.choose(
        items,
        settings,
        lambda item: item.stash.get(IDENTITY, None),
        _faults() if options.FAULTS in settings.prove else (),
    )
    dropped = set(items) - set(chosen)
    if dropped:
        config.hook.pytest_deselected(items=[item for item in items if item in dropped])
    items[:] = chosen


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect scenarios, but no garbage: nearly all that is made stays for the whole session."""
    with garbage.left_alone():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """Keep what stays for the whole session from being looked through again and again by the collector."""
    # Full collections of some 300,000 objects took a quarter of a second each, in the midst of scenarios.
    with garbage.of_what_follows():
        return (yield)


def pytest_bdd_before_scenario(
    request: pytest.FixtureRequest,
    feature: Feature,  # noqa: ARG001 - the hook's signature
    scenario: Scenario,
) -> None:
    """Bring the bench to its first state and see whether the target can take the scenario."""
    run = request.getfixturevalue("scenario_run")
    request.node.stash[RUN] = run
    run.begin([_line(step) for step in scenario.steps])
    bench: Bench = request.getfixturevalue("bench")
    bench.admit(run.identity)


def pytest_bdd_before_step(request: pytest.FixtureRequest) -> None:
    """Note that a step begins."""
    request.node.stash[RUN].step_begins()


def pytest_bdd_after_step(request: pytest.FixtureRequest) -> None:
    """Note that a step has passed."""
    request.node.stash[RUN].step_ends()


def pytest_bdd_step_error(request: pytest.FixtureRequest, exception: BaseException) -> None:
    """Note why a step ended the scenario."""
    request.node.stash[RUN].step_ends(exception)


def pytest_bdd_after_scenario(request: pytest.FixtureRequest) -> None:
    """Leave the target as it was, then hold the findings of all exchanges against the scenario."""
    run, bench = request.node.stash[RUN], request.getfixturevalue("bench")
    afterwards.record(run, bench.target)
    client_manners.record(run)
    service_manners.record(run, bench.target, bench.seen_beside)
    run.left_behind(bench.clean_up())
    if isinstance(bench, InProcessBench) and (met := bench.met()):
        proof.note(request.node, met)
    run.finish()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the result of a scenario on its report."""
    run = item.stash.get(RUN, None)
    error = call.excinfo.value if call.excinfo else None
    not_applicable = run is not None and call.when == "call" and verdict(error) is Verdict.NOT_APPLICABLE
    if error is not None and not_applicable:
        # What pytest knows as a skip it does not show with all source around, which takes it long to find.
        skipped = pytest.skip.Exception(str(error)).with_traceback(error.__traceback__)
        call.excinfo = pytest.ExceptionInfo.from_exception(skipped)
    report = yield
    if run is not None and call.when == "call":
        attach_result(report, run.result(error))
        item.config.stash[UNRESPONSIVE].record(error, lambda why: _stop(item.session, why))
        if not_applicable:
            # The form in which pytest keeps a skip: file, line, reason.
            report.longrepr = (run.identity.feature.file, 0, str(error))
    # The result of the call is there already; this one takes its place in the aggregator.
    elif run is not None and call.when == "teardown" and error is not None:
        attach_result(report, run.result_spoilt_by(error))
    return report


def _stop(session: pytest.Session, why: str) -> None:
    session.shouldstop = why


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Show the verdict instead of pytest's outcome: category, letter, word (`STATUS_LABELS`)."""
    result = attached_result(report)
    return None if result is None else STATUS_LABELS[result.verdict]


def _line(step: Step) -> StepLine:
    table = tuple(tuple(map(str, row)) for row in step.datatable.raw()) if step.datatable else None
    return StepLine(step.keyword, step.name, step.line_number, table, step.docstring)
