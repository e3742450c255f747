"""Allure results: a JSON file per scenario, with feature, rule as story, Gherkin steps, requirement labels.

Made from the results like every other document, with model and writer of allure-python-commons: so they hold
nothing that was not redacted, whatever happened in the run, and workers need not know of them.
"""

from __future__ import annotations

import json
from hashlib import md5
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import (
    Attachment,
    Label,
    Parameter,
    Status,
    StatusDetails,
    TestResult,
    TestStepResult,
)

from opnc.problem import Problem
from reports import overview
from reports.model import StepStatus, Verdict
from reports.serializer import to_data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reports.model import Exchange, Results, ScenarioResult, Step

STATUSES = {
    Verdict.PASS: Status.PASSED,
    Verdict.FAIL: Status.FAILED,
    Verdict.INCONCLUSIVE: Status.BROKEN,
    Verdict.ERROR: Status.BROKEN,
    Verdict.NOT_APPLICABLE: Status.SKIPPED,
    # It did not pass, but its requirements are waived, or their level does not count.
    None: Status.SKIPPED,
}
"""Allure has no word for inconclusive: like an error it says that the test could not do its work."""

_STEP_STATUSES = {
    StepStatus.PASSED: Status.PASSED,
    StepStatus.FAILED: Status.FAILED,
    StepStatus.STOPPED: Status.BROKEN,
    StepStatus.NOT_RUN: Status.SKIPPED,
}


def write(results: Results, directory: Path) -> None:
    """Write the results of a run for Allure; what the folder already holds stays.

    Raises:
        Problem: It cannot be written.
    """
    try:
        # Its own file logger: Allure wants names and forms of files that only this library settles.
        logger: Any = AllureFileLogger(directory)  # type: ignore[no-untyped-call] # the library has no types
        counted = overview.counted(results)
        for scenario in results.scenarios:
            _write(scenario, STATUSES[counted[scenario.id]], results, logger)
    except OSError as error:
        raise Problem(f"cannot be written: {error.strerror}", where=str(directory)) from None


def _write(scenario: ScenarioResult, status: str, results: Results, logger: Any) -> None:
    start = int(scenario.started.timestamp() * 1000)
    attachments = {each.sequence: _attach(each, scenario, logger) for each in scenario.exchanges}
    logger.report_result(
        TestResult(
            # From id and start, not at random: to write the same results again replaces files and doubles
            # nothing.
            uuid=str(uuid5(NAMESPACE_URL, f"{scenario.id} {results.started.isoformat()}")),
            # By the id alone, so that Allure follows a scenario from run to run.
            historyId=md5(scenario.id.encode(), usedforsecurity=False).hexdigest(),
            testCaseId=md5(scenario.id.encode(), usedforsecurity=False).hexdigest(),
            fullName=scenario.id,
            name=scenario.name,
            status=status,
            statusDetails=StatusDetails(message=scenario.reason) if scenario.reason else None,
            labels=list(_labels(scenario)),
            parameters=[Parameter(name=name, value=value) for name, value in scenario.example.items()],
            steps=list(_steps(scenario, attachments, start)),
            start=start,
            stop=start + int(scenario.duration_s * 1000),
        )
    )


def _labels(scenario: ScenarioResult) -> Iterator[Label]:
    yield Label(name="epic", value=scenario.service)
    yield Label(name="feature", value=scenario.feature.name)
    if scenario.rule:
        yield Label(name="story", value=scenario.rule)
    yield Label(name="framework", value="opnc-conformance")
    for requirement in scenario.requirements:
        yield Label(name="requirement", value=requirement)
    for tag in scenario.tags:
        yield Label(name="tag", value=tag)


def _steps(
    scenario: ScenarioResult, attachments: dict[int, Attachment], start: int
) -> Iterator[TestStepResult]:
    by_step = {
        step: [attachments[each.sequence] for each in exchanges]
        # Without sorting: exchanges stand in the order in which they were made, step by step.
        for step, exchanges in groupby(scenario.exchanges, key=lambda each: each.step)
    }
    for index, step in enumerate(scenario.steps):
        # One after the other: a step has a duration only, and Allure draws moments.
        stop = start + int(step.duration_s * 1000)
        yield TestStepResult(
            name=f"{step.keyword} {step.text}",
            status=_STEP_STATUSES[step.status],
            statusDetails=StatusDetails(message=step.error) if step.error else None,
            parameters=list(_arguments(step)),
            attachments=by_step.get(index, []),
            start=start,
            stop=stop,
        )
        start = stop


def _arguments(step: Step) -> Iterator[Parameter]:
    for row in step.table or ():
        yield Parameter(name=row[0], value=" | ".join(row[1:]))
    if step.docstring:
        yield Parameter(name="text", value=step.docstring)


def _attach(exchange: Exchange, scenario: ScenarioResult, logger: Any) -> Attachment:
    name = f"{exchange.request.method} {exchange.request.url}"
    source = f"{uuid5(NAMESPACE_URL, f'{scenario.id} {exchange.sequence}')}-attachment.json"
    logger.report_attached_data(json.dumps(to_data(exchange), indent=1), source)
    return Attachment(name=name, source=source, type="application/json")
