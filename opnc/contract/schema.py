"""Judges decoded values by the contract's schemas, with the grades that the errata give.

The validators are those of `jsonschema` (Draft 2020-12) with keywords of our own: `pattern` as ECMA 262
reads it, `required` that points at the missing member, and `x-strict` and `x-info`, whose violations weigh
less. The other replaced keywords mean what they mean there: they keep the validator of each subschema instead
of making it anew for each value, which halves the time for a list of ten roots.
"""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, ValidationError, validators

from opnc.contract.deviation import Deviation, Kind, shortened
from opnc.contract.documents import errata
from opnc.contract.formats import FORMATS
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opnc.contract.model import Schema

GRADES = {"x-strict": Severity.WARN, "x-info": Severity.INFO}
"""Keywords that hold a narrower schema, and how much a violation of it weighs."""

MAX_DEVIATIONS = 100
"""Deviations of one severity that are told of one value: a long list of wrong entries says no more."""


ABSENT = ("this member", "none")
"""What is said of a member that is not there: expected and seen."""

IN_BASE64 = "base64 without line breaks"
"""What is expected of a certificate."""

AS_DATE_TIME = 'format "date-time"'
"""What is expected of a moment."""

_BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


def check_value(value: Any, schema: Schema) -> Iterator[Deviation]:
    """Yield what is wrong with a decoded value, at most `MAX_DEVIATIONS` deviations of each severity.

    Args:
        value: Decoded JSON, or the text of a parameter or of a body that is not JSON.
        schema: A schema of the contract.
    """
    seen: Counter[Severity] = Counter()
    for error in _validator(schema).iter_errors(value):
        steps = error.absolute_schema_path
        severity = next((GRADES[step] for step in steps if step in GRADES), Severity.FAIL)
        seen[severity] += 1
        if seen[severity] <= MAX_DEVIATIONS:
            yield _deviation(error, schema, severity)


_VALIDATORS: dict[int, tuple[Schema, Any]] = {}


def _validator(schema: Schema) -> Any:
    """Return the one validator of a schema object; the object is kept, so that its id stays its own."""
    # By identity: schemas are dictionaries, and equal parts of the contract are one object.
    known = _VALIDATORS.get(id(schema))
    if known is None:
        known = _VALIDATORS[id(schema)] = (schema, _Validator(schema, format_checker=FORMATS))
    return known[1]


_USUAL = {"array": list, "boolean": bool, "integer": int, "object": dict, "string": str}


def _type(validator: Any, types: str | list[str], value: Any, _: Any) -> Iterator[ValidationError]:
    names = [types] if isinstance(types, str) else types
    for name in names:
        # The exact type answers nearly always; the library knows the rest, such as 1.0 being an integer.
        if type(value) is _USUAL.get(name) or validator.is_type(value, name):
            return
    yield ValidationError(f"not of type {' or '.join(names)}")


def _properties(_: Any, members: dict[str, Any], value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for name, schema in members.items():
            if name in value:
                for error in _validator(schema).iter_errors(value[name]):
                    error.path.appendleft(name)
                    error.schema_path.appendleft(name)
                    yield error


def _items(_: Any, schema: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, list):
        part = _validator(schema)
        for index, each in enumerate(value):
            for error in part.iter_errors(each):
                error.path.appendleft(index)
                yield error


def _required(_: Any, members: list[str], value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for name in members:
            if name not in value:
                yield ValidationError(f"{name} is absent", path=[name])


def _unique(_: Any, wanted: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    if wanted and isinstance(value, list):
        # Texts, for objects cannot be hashed, and because True equals 1 in Python but not in JSON.
        texts = {json.dumps(each, sort_keys=True) for each in value}
        if len(texts) < len(value):
            yield ValidationError("an element is repeated")


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    # Patterns of JSON Schema are not anchored unless they say so.
    if isinstance(value, str) and not _ecma(pattern).search(value):
        yield ValidationError(f"{pattern} does not match")


def _any_of(_: Any, branches: list[Any], value: Any, __: Any) -> Iterator[ValidationError]:
    # Without the errors of the branches: only one has to hold, so each of them may be no error at all.
    if not any(_validator(branch).is_valid(value) for branch in branches):
        yield ValidationError("none of the alternatives holds")


def _if(_: Any, condition: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    branch = "then" if _validator(condition).is_valid(value) else "else"
    if branch in schema:
        for error in _validator(schema[branch]).iter_errors(value):
            error.schema_path.appendleft(branch)
            yield error


def _graded(_: Any, schema: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    yield from _validator(schema).iter_errors(value)


# Without bound: patterns come from the contract, never from a peer.
@functools.cache
def _ecma(pattern: str) -> re.Pattern[str]:
    r"""Compile a pattern as ECMA 262 reads it: `\w` is ASCII, `$` is the very end (ERR-160)."""
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), re.ASCII)


_extend: Any = validators.extend  # its types are not published
_Validator = _extend(
    Draft202012Validator,
    {
        "type": _type,
        "properties": _properties,
        "items": _items,
        "anyOf": _any_of,
        "if": _if,
        "required": _required,
        "uniqueItems": _unique,
        "pattern": _pattern,
        **dict.fromkeys(GRADES, _graded),
    },
)


def _deviation(error: ValidationError, schema: Schema, severity: Severity) -> Deviation:
    absent = error.validator == "required"
    return Deviation(
        kind=Kind.SCHEMA,
        where="".join(f"/{_escaped(step)}" for step in error.absolute_path),
        expected=ABSENT[0] if absent else _expectation(str(error.validator), error.validator_value),
        seen=ABSENT[1] if absent else shortened(error.instance),
        errata=_errata_on(error.absolute_schema_path, schema),
        severity=severity,
    )


def _errata_on(path: Any, schema: Schema) -> tuple[str, ...]:
    """Return the errata nearest to the place in the schema, not looking beyond the value's own schema."""
    node: Any = schema
    found = errata(node)
    for step in path:
        node = node[step]
        # An erratum on an object speaks of the object; a member has to name its own.
        if step == "properties":
            found = ()
        elif isinstance(node, dict) and "x-erratum" in node:
            found = errata(node)
    return found


def _expectation(keyword: str, value: Any) -> str:
    match keyword:
        case "type":
            return " or ".join(value) if isinstance(value, list) else str(value)
        case "enum":
            return f"one of {', '.join(map(str, value))}"
        case "pattern" if value == _BASE64:
            return IN_BASE64
        case "required":
            return f"the member {' and '.join(value)}"
        case "anyOf":
            return " or ".join(_expectation(*each) for branch in value for each in branch.items())
        case _:
            return f"{keyword} {shortened(value, 200)}"


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
