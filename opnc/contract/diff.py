"""Compares our contract with the published specification: equal, or covered by an erratum.

A place that differs is covered where the contract says what was published there (see `x-published` in the
package) and names an erratum that the catalogue has. So a change of the published files is found at corrected
places as well.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opnc.contract.deviation import shortened
from opnc.contract.documents import errata
from opnc.contract.published import ours, published

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_ABSENT: Any = object()
_SAID = {"title", "description", "summary", "example", "examples", "tags", "name", "xml", "externalDocs"}
"""Keywords that say something and rule nothing."""

_NAMES = {"parameters", "responses", "content", "headers", "properties", "patternProperties"}
"""Keywords whose members are named by the specification."""

_UNORDERED = {"enum", "required", "type"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where our contract is not the published text.

    Attributes:
        where: From the operationId down, for example `getRootCertificateV1 > responses > 200`.
        published: The published value, shortened; `nothing` where there is none.
        ours: Our value, likewise.
        errata: The errata that explain it, whether the catalogue has them or not.
    """

    where: str
    published: str
    ours: str
    errata: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: published {self.published}, ours {self.ours}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found.

    Attributes:
        operations: Number of operations that were compared.
        covered: Differences that a known erratum explains.
        open: The others: without an erratum, or with one that the catalogue lacks.
    """

    operations: int
    covered: tuple[Difference, ...]
    open: tuple[Difference, ...]


def compare(files: Mapping[str, Any], known: Collection[str]) -> Comparison:
    """Compare our contract with published files.

    Args:
        files: Path below the folder of the specification, with `/`, to decoded JSON.
        known: Ids of the errata in the catalogue.

    Raises:
        Problem: The files hold no specification that can be read.
    """
    mine, theirs = ours(), published(files)
    covered: list[Difference] = []
    unexplained: list[Difference] = []
    for each in _by_name("", mine, theirs):
        # One unknown erratum is enough to ask: it may be misspelt, or withdrawn.
        explained = each.errata and all(erratum in known for erratum in each.errata)
        (covered if explained else unexplained).append(each)
    return Comparison(len(mine.keys() | theirs.keys()), tuple(covered), tuple(unexplained))


def _by_name(where: str, mine: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Difference]:
    for name in sorted(mine.keys() | theirs.keys()):
        place = f"{where} > {name}" if where else name
        own, other = mine.get(name, _ABSENT), theirs.get(name, _ABSENT)
        if isinstance(own, dict) and isinstance(other, dict):
            yield from _by_keyword(place, own, other)
        elif own != other:
            marked = other is _ABSENT and "x-published" in own and own["x-published"] is None
            yield _difference(place, own, other, errata(own) if marked else ())


def _by_keyword(where: str, mine: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Difference]:
    # What is said to be published comes last: it settles what the literal readings leave open.
    literal = {**mine.get("x-info", {}), **mine.get("x-strict", {}), **(mine.get("x-published") or {})}
    for key in sorted(mine.keys() | theirs.keys()):
        own, other = mine.get(key, _ABSENT), theirs.get(key, _ABSENT)
        if key in _SAID or key.startswith("x-") or _same(key, own, other):
            continue
        place = f"{where} > {key}"
        if key in literal and _same(key, _ABSENT if literal[key] is None else literal[key], other):
            yield _difference(place, own, other, errata(mine))
        elif isinstance(own, dict) and isinstance(other, dict):
            yield from (_by_name if key in _NAMES else _by_keyword)(place, own, other)
        else:
            yield _difference(place, own, other)


def _same(key: str, one: Any, other: Any) -> bool:
    if key in _UNORDERED:
        one, other = _as_set(one), _as_set(other)
    return bool(one == other)


def _as_set(value: Any) -> Any:
    """Return a list without its order; an empty one is as good as none, a single value is itself."""
    if isinstance(value, list):
        # As texts, for members may be objects, which no set takes.
        return {json.dumps(each, sort_keys=True) for each in value} or _ABSENT
    return value


def _difference(where: str, own: Any, other: Any, marks: tuple[str, ...] = ()) -> Difference:
    return Difference(where, _text(other), _text(own), marks)


def _text(value: Any) -> str:
    return "nothing" if value is _ABSENT else shortened(value)
