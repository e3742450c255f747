"""The catalogue: what OPNC v1 requires, and where its text is defective.

>>> from opnc.catalogue import load
>>> load().requirements["RCP-GET-01"].level
'must'

The data lie beside this module, made to be edited by hand, one member per line:

`requirements/GROUP.json`
    A list of objects, each a `Requirement`: members and their meaning are those of `opnc.catalogue.model`.
    Members with their default (`false`, empty list, none) are left out. An id begins with the file's name.
    A requirement that gets a scenario loses its line `"not_tested": ...`.
`errata.json`
    A list of objects, each an `Erratum`, ascending by id; `requirements` is gathered from the requirements.
    One with variants grades each of them in `graded`; one without says why in `not_shown`.
`specification.json`
    One object, a `Specification`.

Loading checks all of it. JSON, because YAML takes ten times as long to read.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

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
from opnc.catalogue.reading import read

__all__ = [
    "GROUPS",
    "Catalogue",
    "Erratum",
    "Grade",
    "Level",
    "Mode",
    "Requirement",
    "Severity",
    "Specification",
    "load",
    "read",
]

DATA = Path(__file__).parent
"""The folder of the catalogue's files."""


@cache
def load() -> Catalogue:
    """Return the catalogue of this suite; read once per process.

    Raises:
        Problem: A data file was edited into something that is no catalogue.
    """
    return read(DATA)
