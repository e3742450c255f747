"""`results.json`: written so that `grep`, `diff` and `jq` work on it, read so that damage is named.

Its last line but one is the seal: a SHA-256 over all lines before it. It tells an original from a file that
was changed afterwards; it is no signature. `head -n -2 results.json | sha256sum` gives the same digest.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from opnc.problem import Problem
from reports.conclusions import EXIT_CODES, totals
from reports.model import SCHEMA_VERSION, SEAL, TIME_FIELDS, Results
from reports.serializer import DAMAGED, from_data, to_data

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "results.json"

MAX_FILE_BYTES = 128 * 1024 * 1024
"""Bytes of a file that is read; a run of 1,000 scenarios takes some 10 MB."""

MODIFIED_NOTICE = "hash mismatch: the file was changed after its run"
"""What to tell of a broken seal."""

_SEALED = re.compile(rf'"{SEAL}": "([0-9a-f]{{64}})"\n\}}\n\Z'.encode())
_EVIDENCE = re.compile(rb', "steps": \[.*(?=\},?$)', re.MULTILINE)
"""Steps and exchanges, the end of a scenario's line. Within strings quotation marks are escaped, so nothing a
peer has sent looks like this."""


class Integrity(StrEnum):
    """Whether a file is what a run has written."""

    INTACT = "intact"
    BROKEN = "broken"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """A `results.json` that was read.

    Attributes:
        path: Where it lies.
        results: What it says.
        integrity: Whether it was changed since it was written; missing where an older suite wrote it.
        sha256: Hex digest of what it says; two files with the same hold the same run.
    """

    path: Path
    results: Results
    integrity: Integrity
    sha256: str


def to_json(results: Results) -> str:
    """Return the text of `results.json`: one line per member, scenario, requirement and erratum.

    Only ASCII is used, so that whatever a peer has sent survives every editor and console.
    """
    members = (f"{json.dumps(key)}: {_member(value)}" for key, value in to_data(results).items())
    content = "{\n" + "".join(f"{member},\n" for member in members)
    return f'{content}"{SEAL}": "{sha256(content.encode()).hexdigest()}"\n}}\n'


def from_json(text: str, *, where: str = NAME) -> Results:
    """Return the results that a text holds; its seal is not looked at.

    Args:
        text: The content of a `results.json`.
        where: Its path, for error messages.

    Raises:
        Problem: It is not JSON, of another schema version, not of the schema's form, or contradicts itself.
    """
    return _results(_decoded(text, where), where)


def read(path: Path, *, evidence: bool = True) -> ResultsFile:
    """Read a `results.json`.

    Args:
        path: The file, or the folder it lies in.
        evidence: Whether steps and exchanges are wanted; without them it is read five times as fast.

    Raises:
        Problem: The file cannot be read, or see `from_json`.
    """
    path = path / NAME if path.is_dir() else path
    where = str(path)
    content = _content(path)
    original, digest = _checked(content)
    # Only of an original it is certain that a scenario is a line.
    kept = content if evidence or not original else _EVIDENCE.sub(b"", content)
    data = _decoded(_text(kept, where), where)
    integrity = Integrity.INTACT if original else Integrity.BROKEN if SEAL in data else Integrity.MISSING
    return ResultsFile(path, _results(data, where), integrity, digest)


def read_originals(paths: Iterable[Path]) -> tuple[list[ResultsFile], list[Problem]]:
    """Read several files without their evidence; what is wrong with one does not spoil the others.

    Returns:
        The runs, and for every file left out the reason: unreadable, changed since its run, or given twice.
    """
    files: dict[str, ResultsFile] = {}
    problems = []
    for path in paths:
        try:
            file = read(path, evidence=False)
            _demand_original(file, files)
        except Problem as problem:
            problems.append(problem)
        else:
            files[file.sha256] = file
    return list(files.values()), problems


def without_times(data: Any) -> Any:
    """Return decoded JSON of results without its time fields, to compare two runs with the same seed.

    Returns:
        Lists and objects of the same form, the keys of `TIME_FIELDS` left out on every level.
    """
    if isinstance(data, dict):
        return {key: without_times(item) for key, item in data.items() if key not in TIME_FIELDS}
    if isinstance(data, list):
        return [without_times(item) for item in data]
    return data


def _checked(content: bytes) -> tuple[bool, str]:
    """Return whether a seal stands at the end and fits, and the digest of what it would be about."""
    # At the end only: the file is large, and no body of a peer may pass for the seal.
    found = _SEALED.search(content, max(0, len(content) - 200))
    # A view, for a slice would copy the whole file.
    digest = sha256(memoryview(content)[: found.start() if found else None]).hexdigest()
    return found is not None and found[1].decode() == digest, digest


def _decoded(text: str, where: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _no_json(text, where, error) from None
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version != SCHEMA_VERSION:
        what = f"not a results file of this version: schema_version is {version!r}"
        hint = f"this suite reads schema version {SCHEMA_VERSION}; use the suite that wrote the file"
        raise Problem(what, where=where, hint=hint)
    return cast("dict[str, Any]", data)


def _results(data: dict[str, Any], where: str) -> Results:
    results = from_data(Results, {key: value for key, value in data.items() if key != SEAL}, where=where)
    _check_references(results, where)
    _check_conclusions(results, where)
    return results


def _member(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value)
    # One line for each entry: `diff` and `grep` then tell which scenario it is.
    return "[\n" + ",\n".join(map(json.dumps, value)) + "\n]" if value else "[]"


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", where=str(path)) from None
    # Told by the size on disk, before anything is read.
    if size > MAX_FILE_BYTES:
        what = f"{size} bytes, at most {MAX_FILE_BYTES} are read"
        raise Problem(what, where=str(path), hint="no run writes that much; name its results.json")
    # Version control may have changed the ends of lines.
    return content.replace(b"\r\n", b"\n") if b"\r" in content else content


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise Problem(f"not UTF-8: {error.reason}", where=where) from None


def _no_json(text: str, where: str, error: Exception) -> Problem:
    if text.lstrip().startswith("{") and not text.rstrip().endswith("}"):
        hint = "it was cut off while it was written or copied; copy it again, or repeat the run"
        return Problem(f"truncated: it ends after {len(text)} characters", where=where, hint=hint)
    return Problem(f"not JSON: {error}", where=where, hint=DAMAGED)


def _demand_original(file: ResultsFile, others: dict[str, ResultsFile]) -> None:
    if file.integrity is Integrity.BROKEN:
        raise Problem(MODIFIED_NOTICE, where=str(file.path), hint="use the file that the run has written")
    # By what it says: a copy under another name would count twice in every cell.
    if twin := others.get(file.sha256):
        raise Problem(f"holds the same run as {twin.path}", where=str(file.path), hint="name each run once")


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
    # Only what follows from the verdicts alone; the exit code depends on waivers and their day too.
    if results.totals != totals(results.scenarios, results.requirements):
        raise Problem("the totals contradict the verdicts", where=where, hint=DAMAGED)
