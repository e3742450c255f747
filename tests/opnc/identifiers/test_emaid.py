from __future__ import annotations

import re
from string import ascii_letters, ascii_uppercase, digits

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opnc.identifiers import Emaid, emaid_check_digit
from opnc.problem import Problem

ALPHANUMERIC = digits + ascii_letters

# Contract ids and check digits that public libraries in Scala, Elixir and Rust print or test themselves with.
PUBLISHED = {
    "NN123ABCDEFGHI": "T",
    "FRXYZ123456789": "2",
    "ITA1B2C3E4F5G6": "4",
    "ESZU8WOX834H1D": "R",
    "PT73902837ABCZ": "Z",
    "DE83DUIEN83QGZ": "D",
    "DE83DUIEN83ZGQ": "M",
    "DE8AA001234567": "0",
    "NLTNM000122045": "U",
    "NLTNMC00122045": "K",
}

emaids = st.from_regex(re.compile(r"[A-Za-z]{2}[A-Za-z0-9]{12}"), fullmatch=True)
api_emaids = st.from_regex(re.compile(r"[A-Za-z]{2}-?\w{3}-?\w{9,28}-?\w?", re.ASCII), fullmatch=True).filter(
    Emaid.valid_in_api
)


@pytest.mark.parametrize(("emaid", "digit"), PUBLISHED.items())
def test_the_check_digit_is_the_published_one(emaid: str, digit: str) -> None:
    assert emaid_check_digit(emaid) == digit
    assert Emaid.parse(emaid + digit).check_digit_fits is True


@given(emaids, st.integers(0, 13), st.sampled_from(digits + ascii_uppercase))
def test_any_wrong_character_changes_the_check_digit(emaid: str, position: int, other: str) -> None:
    assume(position > 1 or other.isalpha())
    wrong = emaid[:position] + other + emaid[position + 1 :]
    same = wrong.upper() == emaid.upper()
    assert (emaid_check_digit(wrong) == emaid_check_digit(emaid)) == same


@given(emaids, st.integers(2, 12))
def test_any_swapped_neighbours_change_the_check_digit(emaid: str, position: int) -> None:
    swapped = emaid[:position] + emaid[position + 1] + emaid[position] + emaid[position + 2 :]
    same = swapped.upper() == emaid.upper()
    assert (emaid_check_digit(swapped) == emaid_check_digit(emaid)) == same


@pytest.mark.parametrize(
    "emaid", ["", "DE8AA00123456", "DE8AA0012345678", "DE8AA00123456_", "DE8AA00123456Ä", "128AA001234567"]
)
def test_a_check_digit_of_anything_else_is_refused(emaid: str) -> None:
    with pytest.raises(Problem, match="is not an EMAID of 14 characters"):
        emaid_check_digit(emaid)


@pytest.mark.parametrize(
    ("text", "in_api", "in_docs"),
    [
        ("DE8AACA2B3C4D5", True, True),
        ("de8aaca2b3c4d5", True, True),
        ("DE-8AA-CA2B3C4D5", True, True),
        ("DE8AACA2B3C4D5N", True, True),
        ("DE-8AA-CA2B3C4D5-N", True, True),
        ("DE-8AACA2B3C4D5", True, False),  # IDS-EMAID-09: one hyphen of two
        ("DE-8AA-CA2B3C4D5N", True, False),
        ("DE8AACA2B3C4D5-N", True, False),
        ("DE8AA_A2B3C4D5", True, False),  # IDS-EMAID-10: the underscore is a word character
        ("DE8AA" + "1" * 29, True, False),  # IDS-EMAID-08
        ("DE-8AA-" + "1" * 29, True, False),  # 36 characters
        ("DE-8AA-" + "1" * 28 + "-1", False, False),  # 37: the pattern allows what the length forbids
        ("DE8AACA2B3C4D", False, False),  # IDS-EMAID-06: 13 characters
        ("DE8AA" + "1" * 32, False, False),  # IDS-EMAID-06: 37 characters
        ("D18AACA2B3C4D5", False, False),  # IDS-EMAID-07
        ("DE8AAÜA2B3C4D5", False, False),  # IDS-EMAID-10: no word character in ECMA script
        ("DE8AA A2B3C4D5", False, False),
        ("DE8AACA2B3C4D5\n", False, False),
        ("\u017fE8AACA2B3C4D5", False, False),  # the long s, which upper() turns into S
        ("", False, False),
    ],
)
def test_both_readings_of_err_160(text: str, *, in_api: bool, in_docs: bool) -> None:
    assert (Emaid.valid_in_api(text), Emaid.valid_in_docs(text)) == (in_api, in_docs)
    if in_api or in_docs:
        Emaid.parse(text)
    else:
        with pytest.raises(Problem, match="is not an EMAID"):
            Emaid.parse(text)


@given(st.text(alphabet=ALPHANUMERIC + "-_Ü", max_size=40))
def test_what_the_docs_allow_the_api_allows(text: str) -> None:
    assert Emaid.valid_in_api(text) or not Emaid.valid_in_docs(text)


@given(api_emaids)
def test_the_normal_form_is_a_fixed_point_and_valid(text: str) -> None:
    normalised = Emaid.parse(text).normalised
    assert Emaid.parse(normalised).normalised == normalised
    assert Emaid.valid_in_api(normalised)


@given(api_emaids)
def test_case_and_hyphens_make_no_difference(text: str) -> None:
    emaid = Emaid.parse(text)
    assert Emaid.parse(text.swapcase()) == Emaid.parse(text.replace("-", "")) == emaid
    assert emaid.owner == text.replace("-", "").upper()[:5] == emaid.normalised[:5]


@given(emaids)
def test_the_check_digit_makes_no_difference(text: str) -> None:
    emaid = Emaid.parse(text)
    digit = emaid_check_digit(text)
    with_digit = Emaid.parse(f"{emaid.hyphenated}-{digit}")
    assert with_digit == emaid
    assert with_digit.normalised == emaid.normalised
    assert with_digit.compact == emaid.normalised + digit
    assert with_digit.hyphenated == f"{emaid.hyphenated}-{digit}"
    assert with_digit.check_digit_fits is True
    assert emaid.check_digit_fits is None


def test_a_wrong_check_digit_is_told_not_refused() -> None:
    assert Emaid.parse("DE8AA001234567X").check_digit_fits is False


def test_no_check_digit_is_defined_for_underscores() -> None:
    assert Emaid.parse("DE8AA00123456_X").check_digit_fits is None


def test_iso_15118_2_carries_nine_characters_of_instance() -> None:
    assert Emaid.parse("DE-8AA-CA2B3C4D5-N").fits_iso15118_2
    assert not Emaid.parse("DE8AACA2B3C4D5N6").fits_iso15118_2


def test_a_refusal_does_not_repeat_megabytes() -> None:
    with pytest.raises(Problem) as caught:
        Emaid.parse("A" * 1_000_000)
    assert len(str(caught.value)) < 300
