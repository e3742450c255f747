"""The values of the catalogue.

A field without a default must stand in the data file; one with a default is left out where it holds that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["must", "should", "may"]
Severity = Literal["blocker", "major", "minor", "editorial"]
Mode = Literal["strict", "lenient", "accept-both"]

GROUPS = (
    *("rcp", "pcp", "cps", "ccp", "pki", "evt"),
    *("auth", "hdr", "ids", "sys", "pool"),
    *("oem", "emsp", "cpo", "hook"),
)
"""The groups in the order of every report: services, common concerns, ecosystems, clients and receivers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One testable sentence about OPNC v1.

    Attributes:
        id: For example `RCP-GET-01`; its first part is the group.
        level: `must`, `should` or `may`, as the published text means it.
        text: What is required, in our words. Event names begin with `mo.` for `mo.` or `emsp.` (ERR-121).
        iut: What is judged: services (`rcp`, ..., `event`), clients (`oem`, `emsp`, `cpo`),
            `webhook-receiver`, or `ecosystem`: several services together, or pools among each other.
        stimulus: What the test does.
        expected: What it then sees.
        source: Where it is written, relative to the specification's repository.
        use_case: Use cases of CharIN's OPNC overview it belongs to.
        business_process: Business processes of the OPNC documentation it belongs to.
        operation: `operationId` it is about; None where it is about more than one or about none.
        implied: Not written in the specification, but following from it or from a standard it claims; never
            of level `must`, for what cannot be otherwise is as good as written.
        negative: The stimulus is to be refused, or the effect to be absent.
        black_box: Can be seen over the interfaces; if not, `not_tested` says why.
        needs: What the target must offer beyond its interfaces: `admin access`, `clock control`,
            `ocsp control`, `second ecosystem`, `webhook receiver`.
        tooling: What the harness must bring: `exi codec`.
        prerequisites: What must stand before the stimulus.
        errata: Ids of the errata whose rule decides over accepted deviations.
        not_tested: Why no scenario judges it; None as soon as one does.
    """

    id: str
    level: Level
    text: str
    iut: tuple[str, ...]
    stimulus: str
    expected: str
    source: tuple[str, ...]
    use_case: tuple[str, ...]
    business_process: tuple[str, ...]
    operation: str | None = None
    implied: bool = False
    negative: bool = False
    black_box: bool = True
    needs: tuple[str, ...] = ()
    tooling: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    errata: tuple[str, ...] = ()
    not_tested: str | None = None

    @property
    def group(self) -> str:
        """The group, lower case: `rcp` for `RCP-GET-01`; one of `GROUPS`."""
        return self.id.partition("-")[0].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """One defect of the published text, and the reading this suite holds.

    Attributes:
        id: For example `ERR-010`.
        severity: `blocker`: no conforming document or no interoperable behaviour is possible; `major`:
            implementations differ visibly; `minor`: tests need tolerance; `editorial`: no effect on tests.
        title: The defect in a few words.
        what: What the text says, and what is wrong with it.
        readings: The ways in which it can be read.
        consequence: What follows for implementations.
        mode: `strict`: one reading is enforced; `lenient`: the corrected or wider reading is enforced and the
            literal one not held against the implementation; `accept-both`: both pass, deviations are graded.
        rule: The reading held.
        verdict_for_deviation: PASS, INFO (noted), WARN (passes lenient, fails strict), FAIL, INCONCLUSIVE or
            NOT APPLICABLE, and for which deviation.
        found_by: How the defect was found.
        where: Places in the specification's repository.
        requirements: Ids of the requirements that name it; not in the file but gathered from them.
        threads: Issues and pull requests that discuss it.
        note: Further background.
    """

    id: str
    severity: Severity
    title: str
    what: str
    readings: tuple[str, ...]
    consequence: str
    mode: Mode
    rule: str
    verdict_for_deviation: str
    found_by: str
    where: tuple[str, ...]
    requirements: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """The edition of the published text that the catalogue was written from.

    Attributes:
        repository: Its address.
        commit: The full commit id.
        relatives: How other published editions differ from it, by name.
    """

    repository: str
    commit: str
    relatives: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that is known about what OPNC v1 requires.

    Attributes:
        requirements: By id, in the order of `GROUPS` and of the files.
        errata: By id, ascending.
        specification: What they were written from.
        sha256: Hexadecimal digest over the data files, for reports.
    """

    requirements: Mapping[str, Requirement]
    errata: Mapping[str, Erratum]
    specification: Specification
    sha256: str
