"""The index of the scenarios: which there are, and which requirements each of them judges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bdd.feature import get_feature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_bdd.parser import ScenarioTemplate

ROOT = Path(__file__).parent
"""The folder of the suite's feature files."""

REQUIREMENT_TAG = re.compile(r"[A-Z]+-[A-Za-z0-9-]+")
"""A tag of this form names a requirement."""

REQUIREMENT_COLUMN = "requirement"
"""The column of Examples that names the requirement a row judges."""

NEEDS = "needs."


@dataclass(frozen=True, slots=True)
class Entry:
    """One scenario, or one row of a scenario outline.

    Attributes:
        id: Stable name, for example `rcp/read_root::an-unknown-id[pkiType=emsp]`.
        file: Relative to the folder of the features.
        service: The first folder of the file.
        example: The row's values by column; empty for a plain scenario.
        requirements: Ids of the requirements judged, in order.
        needs: What it asks of the target, keys of `fixtures.target.declaration.NEEDS`.
    """

    id: str
    name: str
    file: str
    feature: str
    description: str
    service: str
    rule: str
    tags: tuple[str, ...]
    requirements: tuple[str, ...]
    needs: tuple[str, ...]
    example: Mapping[str, str] = field(default_factory=dict)


def feature_files(root: Path = ROOT) -> list[Path]:
    """Return the feature files below a folder, sorted."""
    return sorted(root.rglob("*.feature"))


def templates(path: Path) -> list[ScenarioTemplate]:
    """Return the scenarios of a feature file in their order."""
    return list(get_feature(str(path.parent), path.name).scenarios.values())


def entries(root: Path = ROOT) -> Iterator[Entry]:
    """Yield every scenario below a folder, outlines row by row."""
    for path in feature_files(root):
        for template in templates(path):
            for example in examples(template):
                yield entry(template, example, root)


def scenarios(root: Path = ROOT) -> dict[str, list[str]]:
    """Return requirement id -> ids of the scenarios that judge it."""
    index: dict[str, list[str]] = {}
    for each in entries(root):
        for requirement in each.requirements:
            index.setdefault(requirement, []).append(each.id)
    return index


def examples(template: ScenarioTemplate) -> list[dict[str, str]]:
    """Return the rows of an outline, or one empty row for a plain scenario."""
    return [row for block in template.examples for row in block.as_contexts()] or [{}]


def entry(template: ScenarioTemplate, example: Mapping[str, str], root: Path = ROOT) -> Entry:
    """Describe a scenario with one row of its examples."""
    file = Path(template.feature.filename).relative_to(root).as_posix()
    tags = _tags(template, example)
    named = [tag for tag in tags if REQUIREMENT_TAG.fullmatch(tag)]
    if REQUIREMENT_COLUMN in example:
        named.append(example[REQUIREMENT_COLUMN])
    row = ",".join(f"{column}={value}" for column, value in example.items() if column != REQUIREMENT_COLUMN)
    return Entry(
        id=f"{file.removesuffix('.feature')}::{_slug(template.name)}" + (f"[{row}]" if row else ""),
        name=template.name,
        file=file,
        feature=template.feature.name or "",
        description=template.feature.description or "",
        service=file.partition("/")[0],
        rule=template.rule.name if template.rule else "",
        tags=tags,
        requirements=tuple(dict.fromkeys(named)),
        needs=tuple(tag.removeprefix(NEEDS) for tag in tags if tag.startswith(NEEDS)),
        example=dict(example),
    )


def _tags(template: ScenarioTemplate, example: Mapping[str, str]) -> tuple[str, ...]:
    # Few tables have tags of their own, and to look for a row in a long table takes time.
    tagged = (block for block in template.examples if block.tags)
    of_rows = {tag for block in tagged if example in list(block.as_contexts()) for tag in block.tags}
    of_rule = template.rule.tags if template.rule else set()
    return tuple(sorted(template.feature.tags | of_rule | template.tags | of_rows))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
