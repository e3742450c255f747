"""Gathers the results of all scenarios in the process the user started, also from pytest's workers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.target import description
from opnc import catalogue
from opnc_conformance import selection, suite
from reports import model
from reports.conclusions import conclude
from reports.serializer import from_data, to_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fixtures.target import Target
    from opnc_conformance.options import Settings

_PROPERTY = "opnc-scenario"

GATHERER = pytest.StashKey["Gatherer"]()
"""Where a session keeps its gatherer."""


def carry(report: pytest.TestReport, result: model.ScenarioResult) -> None:
    """Put a result on a report, in a form that travels between processes."""
    report.user_properties.append((_PROPERTY, to_data(result)))


def carried(report: pytest.TestReport) -> Any:
    """Return the JSON data of the result a report carries; None if it carries none."""
    return next((value for name, value in getattr(report, "user_properties", ()) if name == _PROPERTY), None)


class Gatherer:
    """Collects what the scenarios found.

    Attributes:
        refused: What is wrong with the feature files, if they could not be collected.
        selected: How many scenarios were to run.
        results: What was found, in the order it came.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.refused: list[str] = []
        self.selected = 0
        self.results: list[model.ScenarioResult] = []
        self._broken: list[str] = []
        self._interrupted: str | None = None
        self._started = datetime.now(UTC)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember what could not be collected."""
        if report.failed:
            self.refused.append(report.longreprtext)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what was selected; with workers each of them collects everything."""
        self.selected = len(session.items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result that a report carries; a scenario whose clean-up broke was no success."""
        if (data := carried(report)) is not None:
            self.results.append(from_data(model.ScenarioResult, data, where=report.nodeid))
        elif report.failed and report.when == "teardown" and self.results:
            reason = f"the harness broke while cleaning up: {report.longreprtext.splitlines()[-1]}"
            self.results[-1] = replace(self.results[-1], verdict=model.Verdict.ERROR, reason=reason)
        elif report.failed:
            self._broken.append(report.longreprtext)

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the user has had enough."""
        self._interrupted = "interrupted by the user"

    @property
    def stopped(self) -> str | None:
        """Why not everything was run; None if it was."""
        return self._interrupted or (f"a worker broke down: {self._broken[0]}" if self._broken else None)

    def conclude(self, target: Target, scenarios: Sequence[model.ScenarioResult]) -> model.Results:
        """Draw the conclusions from some of the results that have come in."""
        known = catalogue.load()
        wanted = selection.wanted(self.settings)
        finished = datetime.now(UTC)
        conclusion = conclude(
            scenarios,
            [requirement for requirement in known.requirements.values() if requirement.id in wanted],
            known.errata.values(),
            profile=self.settings.profile,
            complete=self.stopped is None,
        )
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
            complete=self.stopped is None,
            stopped=self.stopped,
            exit_code=conclusion.exit_code,
            totals=conclusion.totals,
            scenarios=conclusion.scenarios,
            requirements=conclusion.requirements,
            errata=conclusion.errata,
        )
