"""No input takes more than linear work, or more memory than a small multiple of its size."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from opnc.exi import XMLDSIG, ExiError, decode, encode
from opnc.exi.writer import BitWriter
from opnc.exi.xmldsig import (
    CanonicalizationMethodType,
    DigestMethodType,
    ReferenceType,
    SignatureMethodType,
    SignedInfoType,
)
from tests.support.counting import calls

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_MULTIPLE = 64


def references(count: int) -> bytes:
    """The smallest octets for the most objects: references of 4 octets each."""
    reference = ReferenceType(DigestMethod=DigestMethodType(Algorithm=""), DigestValue=b"")
    return encode(
        SignedInfoType(
            CanonicalizationMethod=CanonicalizationMethodType(Algorithm=""),
            SignatureMethod=SignatureMethodType(Algorithm=""),
            Reference=(reference,) * count,
        ),
        XMLDSIG,
        fragment=True,
    )


def text(character: str, count: int) -> bytes:
    return encode(
        SignedInfoType(
            CanonicalizationMethod=CanonicalizationMethodType(Algorithm=character * count),
            SignatureMethod=SignatureMethodType(Algorithm=""),
            Reference=(ReferenceType(DigestMethod=DigestMethodType(Algorithm=""), DigestValue=b""),),
        ),
        XMLDSIG,
        fragment=True,
    )


def announced(length: int) -> bytes:
    """A string that is announced and does not come."""
    writer = BitWriter()
    for value, width in ((0x80, 8), (32, 6), (1, 2), (0, 1)):
        writer.bits(value, width)
    writer.unsigned(length)
    return writer.finish() + bytes(50)


def memory_of(octets: bytes) -> int:
    tracemalloc.start()
    try:
        decode(octets, XMLDSIG, fragment=True)
    except ExiError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak


def calls_for(octets: bytes) -> int:
    """How many functions are called to decode, those of the interpreter included."""
    with calls() as counted:
        decode(octets, XMLDSIG, fragment=True)
    return counted.count


@pytest.mark.parametrize(
    "octets",
    [references(5_000), text("x", 100_000), text("\U0010ffff", 10_000), text("é", 20_000)],
    ids=["many references", "long ASCII", "long astral text", "long Latin text"],
)
def test_memory_is_a_small_multiple_of_the_input(octets: bytes) -> None:
    assert memory_of(octets) < LARGEST_MULTIPLE * len(octets)


@pytest.mark.parametrize("length", [10**6, 10**12, 2**1000])
def test_a_length_that_cannot_be_true_allocates_nothing(length: int) -> None:
    assert memory_of(announced(length)) < 100_000


@pytest.mark.parametrize(
    "make", [references, lambda count: text("é", 10 * count)], ids=["references", "text"]
)
def test_work_is_linear_in_the_input(make: Callable[[int], bytes]) -> None:
    once, twice, four_times = (calls_for(make(count)) for count in (500, 1000, 2000))
    assert four_times - twice <= 2 * (twice - once) + 10
