"""`results.json`: written so that `grep`, `diff` and `jq` work on it, read so that damage is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from opnc.problem import Problem
from reports.conclusions import EXIT_CODES, totals
from reports.model import SCHEMA_VERSION, TIME_FIELDS, Results
from reports.serializer import DAMAGED, from_data, to_data

if TYPE_CHECKING:
    from pathlib import Path

NAME = "results.json"


def to_json(results: Results) -> str:
    """Return the text of `results.json`: one line per member, scenario, requirement and erratum.

    Only ASCII is used, so that whatever a peer has sent survives every editor and console.
    """
    members = (f"{json.dumps(key)}: {_member(value)}" for key, value in to_data(results).items())
    return "{\n" + ",\n".join(members) + "\n}\n"


def from_json(text: str, *, where: str = NAME) -> Results:
    """Return the results that a text holds.

    Args:
        text: The content of a `results.json`.
        where: Its path, for error messages.

    Raises:
        Problem: It is not JSON, of another schema version, not of the schema's form, or contradicts itself.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem(f"not JSON: {error}", where=where, hint=DAMAGED) from None
    _check_version(data, where)
    results = from_data(Results, data, where=where)
    _check_references(results, where)
    _check_conclusions(results, where)
    return results


def read(path: Path) -> Results:
    """Read a `results.json`.

    Raises:
        Problem: The file cannot be read, or see `from_json`.
    """
    try:
        return from_json(path.read_text(encoding="utf-8"), where=str(path))
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise Problem(f"not UTF-8: {error.reason}", where=str(path)) from None


def without_times(data: Any) -> Any:
    """Return decoded JSON of results without its time fields, to compare two runs with the same seed."""
    if isinstance(data, dict):
        return {key: without_times(item) for key, item in data.items() if key not in TIME_FIELDS}
    if isinstance(data, list):
        return [without_times(item) for item in data]
    return data


def _member(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value)
    return "[\n" + ",\n".join(map(json.dumps, value)) + "\n]" if value else "[]"


def _check_version(data: Any, where: str) -> None:
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version != SCHEMA_VERSION:
        hint = f"this suite reads schema version {SCHEMA_VERSION}; use the suite that wrote the file"
        raise Problem(
            f"not a results file of this version: schema_version is {version!r}", where=where, hint=hint
        )


def _check_references(results: Results, where: str) -> None:
    held = {scenario.id for scenario in results.scenarios}
    for requirement in results.requirements:
        if missing := set(requirement.scenarios) - held:
            what = (
                f"requirement {requirement.id} names the scenario {min(missing)!r}, which is not in the file"
            )
            raise Problem(what, where=where, hint=DAMAGED)


def _check_conclusions(results: Results, where: str) -> None:
    if results.exit_code not in EXIT_CODES:
        raise Problem(f"no run has the exit code {results.exit_code}", where=where, hint=DAMAGED)
    if results.totals != totals(results.scenarios, results.requirements):
        raise Problem("the totals contradict the verdicts", where=where, hint=DAMAGED)
