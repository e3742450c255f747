"""The XML form of flat requests."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opnc.contract.xml import read_members, write_members
from opnc.problem import Problem

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.]{0,20}", fullmatch=True)
# What XML 1.0 can carry; it takes a carriage return for a line feed.
TEXTS = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", include_characters="\n\t"
    )
)


@given(members=st.dictionaries(NAMES, TEXTS, max_size=6))
def test_what_is_written_is_read(members: dict[str, str]) -> None:
    assert read_members(write_members("order", members)) == members


@given(content=st.binary(max_size=200))
def test_anything_else_is_refused_by_a_problem(content: bytes) -> None:
    with contextlib.suppress(Problem):
        assert all(isinstance(text, str) for text in read_members(content).values())


@pytest.mark.parametrize(
    "text",
    [
        "<order><emaid>DEABC123456789</emaid></order>",
        '<?xml version="1.0"?>\n<order>\n  <emaid>DEABC123456789</emaid>\n</order>\n',
        '<x:order xmlns:x="urn:x"><x:emaid>DEABC123456789</x:emaid></x:order>',
        '<order xmlns="urn:x" a="b"><emaid c="d">DEABC<!-- no -->123456789</emaid></order>',
        "<order><emaid><![CDATA[DEABC123456789]]></emaid></order>",
        "<order><emaid>DEABC&#49;23456789</emaid></order>",
    ],
)
def test_names_count_and_namespaces_do_not(text: str) -> None:
    assert read_members(text.encode()) == {"emaid": "DEABC123456789"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("<!DOCTYPE order><order/>", "DOCTYPE"),
        ("<order><emaid>x</emaid><emaid>y</emaid></order>", "twice"),
        ("<order><emaid><part>x</part></emaid></order>", "below a member"),
        ("<order>", "well-formed"),
        ("", "well-formed"),
    ],
)
def test_what_is_refused_is_named(text: str, named: str) -> None:
    with pytest.raises(Problem) as caught:
        read_members(text.encode())
    assert named in f"{caught.value} {caught.value.hint or ''}"
