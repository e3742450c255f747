"""Reads the catalogue's files and refuses what is not a catalogue."""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args

from opnc.catalogue.model import (
    GROUPS,
    Catalogue,
    Erratum,
    Grade,
    Level,
    Mode,
    Requirement,
    Severity,
    Specification,
)
from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_Entry = TypeVar("_Entry", Requirement, Erratum)
_Value = TypeVar("_Value", Requirement, Erratum, Specification)


class _Kind(NamedTuple):
    type: type
    name: str
    values: tuple[str, ...] = ()


_KINDS = {
    "str": _Kind(str, "a string"),
    "str | None": _Kind(str, "a string"),
    "bool": _Kind(bool, "true or false"),
    "tuple[str, ...]": _Kind(tuple, "a list of strings"),
    "Mapping[str, str]": _Kind(dict, "an object of strings"),
    "Mapping[str, Grade]": _Kind(dict, f"an object of {', '.join(get_args(Grade))}", get_args(Grade)),
    **{
        name: _Kind(str, f"one of {', '.join(get_args(values))}", get_args(values))
        for name, values in (("Level", Level), ("Severity", Severity), ("Mode", Mode))
    },
}
"""What a member of a file must be, by the annotation of its field in the model."""

_GATHERED = {"requirements"}
"""Fields that stand in no file."""


class _Shape(NamedTuple):
    kinds: Mapping[str, _Kind]
    required: frozenset[str]


def _shape(model: type[Any]) -> _Shape:
    written = [field for field in fields(model) if field.name not in _GATHERED]
    return _Shape(
        # Annotations are strings in the model (its `__future__` import), so they can be looked up.
        {field.name: _KINDS[str(field.type)] for field in written},
        frozenset(field.name for field in written if field.default is field.default_factory is MISSING),
    )


_SHAPES: Mapping[object, _Shape] = {model: _shape(model) for model in (Requirement, Erratum, Specification)}


def read(folder: Path) -> Catalogue:
    """Read and check a catalogue.

    Args:
        folder: Holds `requirements/GROUP.json` for each group, `errata.json` and `specification.json`.

    Raises:
        Problem: A file is missing, unreadable or malformed; a member is missing, unknown or of the wrong
            kind; an id is doubled or stands in the wrong file; a requirement names an unknown erratum, or
            cannot be tested from outside and does not say why.
    """
    # Read once: the digest is over the very bytes that were checked.
    contents = {path: _bytes(path) for path in _paths(folder)}
    documents = {path: _document(path, content) for path, content in contents.items()}
    *groups, errata_path, specification_path = documents
    entries = {path: _entries(Requirement, documents[path], path) for path in groups}
    for path, found in entries.items():
        _check_group(found, path)
    errata = _by_id({errata_path: _entries(Erratum, documents[errata_path], errata_path)})
    _check_shown(errata.values(), errata_path)
    return Catalogue(
        requirements=MappingProxyType(_by_id(entries)),
        errata=MappingProxyType(_with_requirements(errata, entries)),
        specification=_value(Specification, documents[specification_path], str(specification_path)),
        sha256=_digest(folder, contents),
    )


def _paths(folder: Path) -> list[Path]:
    requirements = folder / "requirements"
    if unknown := {path.stem for path in requirements.glob("*.json")} - set(GROUPS):
        hint = f"known groups: {', '.join(GROUPS)}"
        raise Problem(f"no such group: {', '.join(sorted(unknown))}", where=str(requirements), hint=hint)
    names = [f"requirements/{group}.json" for group in GROUPS]
    return [folder / name for name in (*names, "errata.json", "specification.json")]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", where=str(path)) from error


def _digest(folder: Path, contents: Mapping[Path, bytes]) -> str:
    digest = hashlib.sha256()
    for path, content in contents.items():
        # Name and length first, so that content cannot move from one file to the next unnoticed.
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _document(path: Path, content: bytes) -> object:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        # The library would take the last of two without a word: an edit that changes nothing.
        members = dict(pairs)
        if len(members) < len(pairs):
            names = [name for name, _ in pairs]
            doubled = sorted({name for name in names if names.count(name) > 1})
            where = f"{path}: {members.get('id', 'object')}"
            raise Problem(f"doubled member {', '.join(doubled)}", where=where)
        return members

    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise Problem(f"not JSON: {error}", where=str(path)) from error


def _entries(model: type[_Entry], document: object, path: Path) -> list[_Entry]:
    if not isinstance(document, list):
        raise Problem(f"must be a list, is {type(document).__name__}", where=str(path))
    return [_value(model, item, _place(item, number, path)) for number, item in enumerate(document, start=1)]


def _place(item: object, number: int, path: Path) -> str:
    found = item.get("id") if isinstance(item, dict) else None
    return f"{path}: {found or f'entry {number}'}"


def _value(model: type[_Value], item: object, where: str) -> _Value:
    """Check one JSON object and turn it into a value of the model; lists become tuples."""
    if not isinstance(item, dict):
        raise Problem(f"must be an object, is {type(item).__name__}", where=where)
    kinds, required = _SHAPES[model]
    if unknown := item.keys() - kinds.keys():
        hint = f"known members: {', '.join(kinds)}"
        raise Problem(f"unknown member {', '.join(sorted(unknown))}", where=where, hint=hint)
    if missing := required - item.keys():
        raise Problem(f"missing member {', '.join(sorted(missing))}", where=where)
    return model(**{name: _member(found, kinds[name], f"{where}: {name}") for name, found in item.items()})


def _member(found: object, kind: _Kind, where: str) -> Any:
    value = tuple(found) if isinstance(found, list) else found
    if not _fits(value, kind):
        raise Problem(f"must be {kind.name}, not empty; is {found!r}", where=where)
    return value


def _fits(value: Any, kind: _Kind) -> bool:
    if not isinstance(value, kind.type):
        return False
    if isinstance(value, dict):
        return all(isinstance(item, str) and item in (kind.values or (item,)) for item in value.values())
    if isinstance(value, tuple):
        # Not empty: what holds its default is left out, so an empty list can only be forgotten.
        return bool(value) and all(isinstance(item, str) for item in value)
    return value in (kind.values or (value,)) and value != ""


def _check_group(found: Iterable[Requirement], path: Path) -> None:
    for requirement in found:
        where = f"{path}: {requirement.id}"
        if requirement.group != path.stem:
            raise Problem(f"an id in {path.name} must begin with {path.stem.upper()}-", where=where)
        # What has no scenario must give its reason, or coverage would look better than it is.
        if not requirement.black_box and requirement.not_tested is None:
            raise Problem("cannot be tested from outside, and no not_tested says why", where=where)


def _check_shown(errata: Iterable[Erratum], path: Path) -> None:
    for erratum in errata:
        if erratum.graded and erratum.not_shown:
            hint = "remove not_shown, for a variant shows it"
            raise Problem("has graded and not_shown", where=f"{path}: {erratum.id}", hint=hint)


def _by_id(found: Mapping[Path, Iterable[_Entry]]) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for path, group in found.items():
        for entry in group:
            if entry.id in entries:
                hint = "give the later one an id of its own"
                raise Problem("doubled id", where=f"{path}: {entry.id}", hint=hint)
            entries[entry.id] = entry
    return entries


def _with_requirements(
    errata: Mapping[str, Erratum], entries: Mapping[Path, Iterable[Requirement]]
) -> dict[str, Erratum]:
    """Tell each erratum which requirements name it."""
    named: dict[str, list[str]] = {erratum: [] for erratum in errata}
    for path, found in entries.items():
        for requirement in found:
            for erratum in requirement.errata:
                if erratum not in named:
                    raise Problem(f"unknown erratum {erratum}", where=f"{path}: {requirement.id}")
                named[erratum].append(requirement.id)
    return {key: replace(erratum, requirements=tuple(named[key])) for key, erratum in errata.items()}
