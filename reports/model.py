"""What a run has found: the values behind `results.json`, from which every other document is made.

The file's form is `schemas/results.schema.json`; its keys are the fields of these classes, in their order.
Whatever stands here is a plain copy: a report needs nothing but the file. Bodies and headers arrive redacted
and shortened; nothing in this package sees a secret.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - read at run time by the serializer
from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003 - read at run time by the serializer
from enum import StrEnum
from typing import Any

from opnc.severity import Severity
from reports.scope import Selection  # noqa: TC001 - read at run time by the serializer

SCHEMA_VERSION = 1
"""Counts up whenever an older reader would misread the file."""

SEAL = "content_sha256"
"""The last key of the file: a hash over everything before it."""

# The seal is over the times as well, so it differs with them.
TIME_FIELDS = frozenset({"started", "finished", "duration_s", SEAL})
"""The only keys that may differ between two runs with the same seed against the same target."""


class Verdict(StrEnum):
    """What was concluded about a scenario or a requirement (ISO/IEC 9646, design section 2)."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not applicable"
    ERROR = "error"
    NOT_TESTED = "not tested"
    """Of requirements only: no scenario of the run judged it."""


class Level(StrEnum):
    """How binding a requirement is."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


FindingLevel = Severity
"""How much an observation weighs: as much as the deviation that was observed."""


class StepStatus(StrEnum):
    """What became of a step; `stopped`: the scenario ended there without failing, precondition unmet."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"
    STOPPED = "stopped"


class Profile(StrEnum):
    """Which reading of the errata decides."""

    STRICT = "strict"
    LENIENT = "lenient"


class TargetKind(StrEnum):
    """What stood at the other end: simulators in process, simulators behind sockets, or an implementation."""

    SIMULATED = "simulated"
    SERVED = "served"
    REAL = "real"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The test suite that ran."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """The published text the suite was written against."""

    repository: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The catalogue the suite used: how many entries, and a hash (hex) that tells two versions apart."""

    requirements: int
    errata: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """Another implementation than target and suite that took part in a run."""

    name: str
    vendor: str
    version: str


SIMULATED = "simulated"
"""In place of a base URL: the target has no such service, a simulator of the suite stood in for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The implementation under test, as its target file declares it.

    Attributes:
        services: Service name to base URL, or to the word `simulated`.
        declared: The PICS: what the implementer claims to support, by name.
        counterpart: Whose the second ecosystem was that the target was onboarded with; null where there was
            none or the suite played it.
    """

    name: str
    vendor: str
    version: str
    kind: TargetKind
    services: Mapping[str, str]
    declared: Mapping[str, Any]
    counterpart: Counterpart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A message body; `text` where it is UTF-8, else `base64`, both null where it is empty.

    Attributes:
        media_type: As sent in `Content-Type`, or null.
        size: In bytes, as sent: before redaction and shortening.
        truncated: Whether what is kept is shorter than what was sent.
        sha256: Hex digest of the bytes as sent.
    """

    media_type: str | None
    size: int
    text: str | None = None
    base64: str | None = None
    truncated: bool = False
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request; headers are pairs of name and value in the order sent, names may repeat."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An HTTP response; headers as in `Request`."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer.

    Attributes:
        sequence: Position within the scenario, from 1.
        step: Index into the scenario's steps, or null where it was made before the first or after the last.
        party: Who asked: oem, emsp, cpo, cps, administrator or another role.
        operation: The operationId of the contract, or null for a request outside of it.
        response: Null where none came.
        error: What went wrong in transport, or null.
    """

    sequence: int
    step: int | None
    party: str
    service: str
    operation: str | None
    request: Request
    response: Response | None
    error: str | None = None
    started: datetime
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of Gherkin and what became of it.

    Attributes:
        keyword: As written: Given, When, Then, And, But or an asterisk.
        line: Line in the feature file.
        error: Why it failed or stopped the scenario, or null.
        table: Rows of its data table, or null.
        docstring: Its doc string, or null.
    """

    keyword: str
    text: str
    line: int
    status: StepStatus
    duration_s: float
    error: str | None = None
    table: tuple[tuple[str, ...], ...] | None = None
    docstring: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One observation.

    Attributes:
        requirement: Id of the requirement it speaks about, or null.
        erratum: Id of the erratum whose reading was applied, or null.
        expected: What conforming behaviour would have been, or null.
        seen: What was there instead, or null.
        step: Index into the scenario's steps, or null.
        exchange: Sequence number of the exchange it was seen in, or null.
        place: Where in that exchange, in the words of `reports/places.py`, or null: `status`, `header NAME`,
            `body`, a JSON pointer into the body, `method`, `url`, `time`, `connection`, or `absent`, where
            what should have come of it did not; a path inside of what is encoded there may follow after a
            blank, as in `/certificate subject`.
    """

    level: FindingLevel
    message: str
    requirement: str | None = None
    erratum: str | None = None
    expected: str | None = None
    seen: str | None = None
    step: int | None = None
    exchange: int | None = None
    place: str | None = None

    @property
    def address(self) -> str | None:
        """Where it was seen, for people: `exchange 3, /certificate`; None where neither is known."""
        parts = (None if self.exchange is None else f"exchange {self.exchange}", self.place)
        return ", ".join(filter(None, parts)) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """The feature a scenario belongs to; `file` is relative to the suite, with forward slashes."""

    file: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """One scenario, or one row of a scenario outline.

    Attributes:
        id: Unique and stable between runs, such as `rcp/read_root::a-root-is-read-by-its-id[pkiType=emsp]`.
        rule: The `Rule:` it stands under, or empty.
        tags: Without the at sign, as in the feature file.
        example: The row of `Examples:` it was made from; empty for a plain scenario.
        requirements: Ids of the requirements it judges.
        reason: One sentence where the verdict is not pass, else null.
        fault: Id of the fault the simulator had, or null; set by `opnc prove` only.
    """

    id: str
    name: str
    feature: Feature
    rule: str = ""
    tags: tuple[str, ...] = ()
    service: str
    example: Mapping[str, str] = field(default_factory=dict)
    requirements: tuple[str, ...]
    verdict: Verdict
    reason: str | None = None
    fault: str | None = None
    started: datetime
    duration_s: float
    findings: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A finding about one requirement that kept scenarios from judging another."""

    requirement: str
    message: str
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementResult:
    """One requirement of the catalogue with what the run says about it.

    Attributes:
        group: First part of the id, lower case, such as `rcp`.
        implied: Whether it follows from the text without being written there.
        source: Places in the published text.
        use_case: Use cases of CharIN's OPNC overview it belongs to.
        errata: Ids of the errata that bear on it.
        scenarios: Ids of the scenarios that judged it.
        not_tested: Why no scenario judged it, or null where one did.
        blocked_by: What it is inconclusive because of, where findings about other requirements are why.
    """

    id: str
    group: str
    level: Level
    implied: bool
    text: str
    expected: str
    source: tuple[str, ...]
    use_case: tuple[str, ...] = ()
    errata: tuple[str, ...]
    verdict: Verdict
    scenarios: tuple[str, ...]
    not_tested: str | None
    blocked_by: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """A defect of the published text, the reading held (`rule`), and how a deviation from it is judged."""

    id: str
    title: str
    rule: str
    verdict_for_deviation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A requirement whose failure the user has decided to live with, and the last day (UTC) it holds."""

    requirement: str
    reason: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How often each verdict was reached, every verdict named, also where the count is 0."""

    scenarios: Mapping[str, int]
    requirements: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything a run has found: the content of `results.json`.

    Attributes:
        seed: What all randomness of the run was drawn from.
        complete: Whether every selected scenario was run.
        stopped: Why not, such as `interrupted by Ctrl-C`, or null.
        exit_code: See `conclusions.exit_code`.
        scenarios: Sorted by id.
        requirements: Sorted by id.
        errata: Those that a requirement or finding refers to, sorted by id.
        waivers: What the user gave to the run; they change its exit code, never a verdict.
        selection: What alone it was about; null where it was about everything, or an older suite ran.
        fail_on: The least binding level that counts for the exit code; older suites counted every level.
    """

    schema_version: int = SCHEMA_VERSION
    suite: Suite
    specification: Specification
    catalogue: Catalogue
    target: Target
    profile: Profile
    seed: int
    started: datetime
    finished: datetime
    duration_s: float
    complete: bool
    stopped: str | None = None
    exit_code: int
    totals: Totals
    scenarios: tuple[ScenarioResult, ...]
    requirements: tuple[RequirementResult, ...]
    errata: tuple[Erratum, ...]
    waivers: tuple[Waiver, ...] = ()
    selection: Selection | None = None
    fail_on: Level = Level.MAY
