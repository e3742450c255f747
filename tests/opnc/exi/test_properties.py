"""Properties over all message types: the values are made from the tables themselves."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opnc.exi import ISO2, ISO20, XMLDSIG, ExiError, decode, encode
from opnc.exi.datatypes import Enumeration, Octets, SimpleType, Text
from opnc.exi.grammar import grammar_of
from opnc.exi.json_form import from_json, to_json
from opnc.exi.numbers import Boolean, Integer, Unsigned
from opnc.exi.roots import HANDSHAKE, ISO2_TYPED_EMAID, SchemaSet
from tests.opnc.exi.vectors import SCHEMAS

if TYPE_CHECKING:
    from opnc.exi.schema import Particle

ROOTS = [
    pytest.param(
        schema, fragment, kind, id=f"{schema.name}-{'fragment' if fragment else 'document'}-{kind.__name__}"
    )
    for schema in (ISO2, ISO20, XMLDSIG, ISO2_TYPED_EMAID, HANDSHAKE)
    for fragment in (False, True)
    for kind in schema.roots(fragment=fragment).by_type
]
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
CHARACTERS = st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
) | st.sampled_from("\t\n\r")


def simple(kind: SimpleType) -> st.SearchStrategy[Any]:
    if isinstance(kind, Octets):
        return st.binary(min_size=kind.minimum, max_size=kind.maximum or 80)
    if isinstance(kind, Text):
        return st.text(CHARACTERS, min_size=kind.minimum, max_size=min(kind.maximum or 40, 60))
    if isinstance(kind, Integer):
        return st.integers(kind.minimum, kind.maximum)
    if isinstance(kind, Unsigned):
        return st.integers(kind.minimum, kind.maximum)
    if isinstance(kind, Boolean):
        return st.booleans()
    assert isinstance(kind, Enumeration)
    return st.sampled_from(kind.names)


def held(part: Particle) -> st.SearchStrategy[Any]:
    one = simple(part.type) if isinstance(part.type, SimpleType) else complex_values(part.type)
    if part.many:
        return st.lists(one, min_size=part.occurs.minimum, max_size=part.occurs.maximum or 3).map(tuple)
    return one if part.occurs.minimum else st.none() | one


@st.composite
def complex_values(draw: st.DrawFn, kind: type[Any]) -> Any:
    parts = grammar_of(kind).particles
    alternatives = [part for part in parts if part.choice]
    chosen = draw(st.sampled_from(alternatives)) if alternatives else None
    values = {
        part.name: draw(complex_or_simple(part) if part is chosen else held(part))
        for part in parts
        if not part.choice or part is chosen
    }
    return kind(**values)


def complex_or_simple(part: Particle) -> st.SearchStrategy[Any]:
    return simple(part.type) if isinstance(part.type, SimpleType) else complex_values(part.type)


@pytest.mark.parametrize(("schema", "fragment", "kind"), ROOTS)
@FEW
@given(data=st.data())
def test_encode_then_decode_is_the_identity(
    schema: SchemaSet,
    fragment: bool,  # noqa: FBT001 - a parameter of the test
    kind: type[Any],
    data: st.DataObject,
) -> None:
    value = data.draw(complex_values(kind))
    octets = encode(value, schema, fragment=fragment)
    decoded = decode(octets, schema, fragment=fragment)
    assert decoded.value == value
    assert decoded.findings == ()
    again = from_json(json.loads(json.dumps(to_json(decoded))))
    assert again == (value, schema, fragment)


@pytest.mark.parametrize("seed", range(8))
def test_decode_then_encode_is_the_identity_on_mutated_bytes(vector: Any, seed: int) -> None:
    """Whatever still decodes without a finding is what the encoder writes; the codec refuses the rest."""
    schema = SCHEMAS[vector["schema"]]
    fragment = vector["kind"] == "fragment"
    source = random.Random(seed)  # noqa: S311 - mutations, not keys
    original = bytes.fromhex(vector["exi_hex"])
    for _ in range(40):
        mutated = bytearray(original)
        for _ in range(source.choice((1, 1, 2, 5))):
            mutated[source.randrange(len(mutated))] ^= 1 << source.randrange(8)
        octets = bytes(mutated)
        try:
            decoded = decode(octets, schema, fragment=fragment)
        except ExiError:
            continue
        if not decoded.findings:
            assert encode(decoded.value, schema, fragment=fragment) == octets


@FEW
@given(st.binary(max_size=300), st.sampled_from(ROOTS))
def test_any_octets_are_decoded_or_refused(octets: bytes, root: Any) -> None:
    schema, fragment, _ = root.values
    with suppress(ExiError):
        decode(b"\x80" + octets, schema, fragment=fragment)
