"""Gathers the results of all scenarios in the process the user started, also from pytest's workers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.target.declaration import description
from opnc import catalogue
from opnc_conformance import proof, selection, suite
from reports import model
from reports.conclusions import FAILED, HARNESS_ERROR, conclude
from reports.serializer import from_data, to_data
from reports.text import one_line
from reports.waivers import active

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from fixtures.target.declaration import Target
    from opnc_conformance.options import Settings

_RESULT = "opnc_scenario_result"

AGGREGATOR = pytest.StashKey["ResultAggregator"]()
"""Where a session keeps its aggregator."""


_FAILURES = frozenset({model.Verdict.FAIL, model.Verdict.ERROR})


def attach_result(report: pytest.TestReport, result: model.ScenarioResult) -> None:
    """Put a result on a report."""
    vars(report)[_RESULT] = result


def attached_result(report: pytest.TestReport | pytest.CollectReport) -> model.ScenarioResult | None:
    """Return the result that a report carries; None if it carries none."""
    return vars(report).get(_RESULT)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable(
    report: pytest.TestReport | pytest.CollectReport,
) -> Generator[None, dict[str, Any], dict[str, Any]]:
    """Turn the result on a report into JSON data, for its way from a worker.

    Returns:
        What pytest makes of the report, with the result as one member more.
    """
    # Taken off first: pytest copies all attributes of a report, and xdist carries plain data only.
    result = vars(report).pop(_RESULT, None)
    data = yield
    return data if result is None else {**data, _RESULT: to_data(result)}


@pytest.hookimpl(wrapper=True)
def pytest_report_from_serializable(
    data: dict[str, Any],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the JSON data from a worker into a result again."""
    # As above: pytest would make an attribute of every key it does not know.
    result = data.pop(_RESULT, None)
    report = yield
    if result is not None:
        attach_result(report, from_data(model.ScenarioResult, result, where=report.nodeid))
    return report


class ResultAggregator:
    """Collects what the scenarios found.

    Attributes:
        collection_errors: What is wrong with the feature files, if they could not be collected.
        met: By the id of a scenario, the ids of the variants that matter in it, where a proof asks.
        redact: Takes secrets out of a sentence.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.collection_errors: list[str] = []
        self.met: dict[str, tuple[str, ...]] = {}
        self.redact: Callable[[str], str] = str
        self._selected = 0
        self._results: dict[str, model.ScenarioResult] = {}
        self._broken: str | None = None
        self._interrupted: str | None = None
        self._started = datetime.now(UTC)
        self._session: pytest.Session | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Hold on to what can end the run before its time."""
        self._session = session

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember what could not be collected; each worker says so."""
        if report.failed:
            # Every worker collects all files, and so would tell of each error again.
            self.collection_errors += [
                line for line in report.longreprtext.splitlines() if line not in self.collection_errors
            ]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count the scenarios that were selected."""
        self._count([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Count the scenarios that were selected; each worker collects all of them."""
        self._count(ids)

    def _count(self, ids: Sequence[str]) -> None:
        # Only scenarios give a result; other tests may have been collected beside them.
        self._selected = sum(".feature::" in each for each in ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result that a report carries; a later one of the same scenario takes its place."""
        if (result := attached_result(report)) is not None:
            self._results[report.nodeid] = result
            if met := proof.noted(report):
                self.met[result.id] = met
            if self.settings.max_failures:
                self._stop_after_failures()
        # A failure without a result did not come from a scenario: a fixture or a plugin is broken.
        elif report.failed:
            self._break(report.longreprtext)

    def _stop_after_failures(self) -> None:
        failed = sum(each.verdict in _FAILURES for each in self._results.values())
        if self._session is None or failed < self.settings.max_failures:
            return
        why = f"after {failed} {'scenario' if failed == 1 else 'scenarios'} that failed (--max-failures)"
        # With workers it is not the session that hands out the tests.
        handing_out = self._session.config.pluginmanager.getplugin("dsession") or self._session
        handing_out.shouldstop = why

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember that pytest or a plugin broke down."""
        self._break(f"{excinfo.typename}: {excinfo.value}")

    def _break(self, text: str) -> None:
        # The last line of a traceback names the exception.
        last = next((line for line in reversed(text.splitlines()) if line.strip()), "without a message")
        # The first one: what breaks later often follows from it.
        self._broken = self._broken or f"the harness broke: {self.redact(one_line(last))}"

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember that somebody has had enough."""
        self._interrupted = str(excinfo.value) or "interrupted by the user"

    @property
    def results(self) -> list[model.ScenarioResult]:
        """What was found, in the order it came."""
        return list(self._results.values())

    @property
    def incomplete_reason(self) -> str | None:
        """Why not everything was run; None if it was."""
        missing = self._selected - len(self._results)
        silent = f"{missing} of {self._selected} scenarios gave no result" if missing else None
        # The cause before its consequence: after either of the first two, results are missing as well.
        return self._interrupted or self._broken or silent

    def conclude(
        self,
        target: Target,
        scenarios: Sequence[model.ScenarioResult],
        waivers: Sequence[model.Waiver] = (),
        fail_on: model.Level = model.Level.MUST,
    ) -> model.Results:
        """Draw the conclusions from some of the results that have come in.

        Args:
            target: What was tested.
            scenarios: The results.
            waivers: What the user has decided to live with.
            fail_on: The least binding level that counts for the exit code.
        """
        known = catalogue.load()
        finished, reason = datetime.now(UTC), self.incomplete_reason
        conclusion = conclude(
            scenarios,
            known.requirements.values(),
            known.errata.values(),
            profile=self.settings.profile,
            complete=reason is None,
            # By the day the run began: one that goes over midnight must not change its mind.
            waived=active(waivers, self._started.date()),
            fail_on=fail_on,
            wanted=selection.judged_requirements(scenarios, self.settings),
        )
        # A failure that was shown stays one, even if the harness broke later.
        broken = self._broken and conclusion.exit_code != FAILED
        return model.Results(
            suite=model.Suite(name="opnc-conformance", version=suite.version()),
            specification=model.Specification(
                repository=known.specification.repository, commit=known.specification.commit
            ),
            catalogue=model.Catalogue(
                requirements=len(known.requirements), errata=len(known.errata), sha256=known.sha256
            ),
            target=description(target),
            profile=self.settings.profile,
            seed=self.settings.seed,
            started=self._started,
            finished=finished,
            duration_s=(finished - self._started).total_seconds(),
            complete=reason is None,
            stopped=reason,
            exit_code=HARNESS_ERROR if broken else conclusion.exit_code,
            totals=conclusion.totals,
            scenarios=conclusion.scenarios,
            requirements=conclusion.requirements,
            errata=conclusion.errata,
            waivers=tuple(waivers),
            selection=selection.description(self.settings, target),
            fail_on=fail_on,
        )
