"""What the titles of features and rules say, and whether the catalogue bears it out.

A title of a feature that is about operations ends in their names: `RCP: list root certificates
(getRootCertificatesV1)`. A rule ends in the clauses that it paraphrases: `The pool offers all its valid roots
[01_root-certificate-pool.md § 2. Request Root Certificates]`. `CONTRIBUTING.md` has the forms.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from opnc.catalogue.model import Requirement

_OPERATIONS = re.compile(r".* \(([^\s()]+(?:, [^\s()]+)*)\)")
_RULE = re.compile(r"\S.* \[([^\[\]]+)\]")
_ERRATUM = re.compile(r"ERR-\d{3}")
_PLACES = re.compile(r", (?=§|#/)")
_ROOT = "specification/"


def operations(title: str) -> tuple[str, ...]:
    """Return the names of operations that the title of a feature holds, in order."""
    named = _OPERATIONS.fullmatch(title)
    return tuple(named[1].split(", ")) if named else ()


def clauses(rule: str) -> tuple[str, ...]:
    """Return the clauses that a rule names, each of one place of one file; none if it has not the form."""
    named = _RULE.fullmatch(rule)
    return tuple(each for clause in named[1].split("; ") for each in _single(clause)) if named else ()


def title_problems(title: str, judged: Iterable[str], known: Mapping[str, Requirement]) -> Iterator[str]:
    """Yield what is wrong with the operations in the title of a feature.

    Args:
        title: As the file has it.
        judged: Ids of the requirements that its scenarios judge; unknown ones are passed over.
        known: The catalogue, by id.
    """
    about = {known[each].operation for each in judged if each in known}
    for name in operations(title):
        if name not in about:
            yield f"the title names the operation {name!r}, but no requirement judged here is about that"


def rule_problems(rule: str, judged: Iterable[str], known: Mapping[str, Requirement]) -> Iterator[str]:
    """Yield what is wrong with the clauses of a rule.

    Args:
        rule: Its name.
        judged: Ids of the requirements that the scenarios under it judge; unknown ones are passed over.
        known: The catalogue, by id.
    """
    named = clauses(rule)
    if not named:
        yield f"rule {rule!r} names no clause; end it with [FILE § HEADING], [FILE#/POINTER] or [ERR-nnn]"
    requirements = [known[each] for each in judged if each in known]
    for clause in named:
        if not any(_bears(requirement, clause) for requirement in requirements):
            yield f"rule {rule!r} names {clause!r}, from which no requirement judged under it comes"


def _single(clause: str) -> Iterator[str]:
    """Yield a clause for each place of a file: `a.md § B, § C` is `a.md § B` and `a.md § C`."""
    first, *others = _PLACES.split(clause)
    yield first
    file = re.split(r" §|#/", first)[0]
    for place in others:
        yield file + (" " if place.startswith("§") else "") + place


def _bears(requirement: Requirement, clause: str) -> bool:
    if _ERRATUM.fullmatch(clause):
        return clause in requirement.errata
    return any(_within(source.removeprefix(_ROOT), clause) for source in requirement.source)


def _within(source: str, clause: str) -> bool:
    """Tell whether a source is what a clause names, or lies in it."""
    # Files are named without their folders, which would make every title long; so the front may be missing.
    file = re.split(r" §|#", source)[0]
    beginnings = [0, *(slash.end() for slash in re.finditer("/", file))]
    return any(_begins(source[at:], clause) for at in beginnings)


def _begins(source: str, clause: str) -> bool:
    if clause.endswith("…"):
        return source.startswith(clause.removesuffix("…"))
    return source == clause or source.startswith((f"{clause}#", f"{clause}/", f"{clause} §"))
