from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opnc.identifiers import EvseId, Pcid, SeccId, operator_id, provider_id, wmi, wmi_is_shared
from opnc.problem import Problem

pcids = st.from_regex(re.compile(r"[A-Za-z0-9]{17,18}"), fullmatch=True)
evse_ids = st.from_regex(
    re.compile(r"[A-Za-z]{2}\*?\w{3}\*?E[\w*]{1,30}", re.ASCII), fullmatch=True
) | st.from_regex(
    re.compile(r"[A-Za-z]{2}\*?[A-Za-z0-9]{3}\*?[Ee][A-Za-z0-9][A-Za-z0-9*]{0,30}"), fullmatch=True
)
secc_ids = st.from_regex(
    re.compile(r"[A-Za-z]{2}-?[A-Za-z0-9]{3}-?[Ss]-?[A-Za-z0-9]{32,53}-?[A-Za-z0-9]"), fullmatch=True
)


@pytest.mark.parametrize("text", ["WMI12345671234567", "WMI123456712345678", "wmi12345671234567"])
def test_a_pcid_is_17_or_18_letters_and_digits(text: str) -> None:
    assert Pcid.valid(text)
    assert Pcid.parse(text).owner == "WMI"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WMI1234567123456",
        "WMI1234567123456789",
        "WMI-2345671234567",
        "WMI1234567123456Ä",
        "WMI12345671234567\n",
    ],
)
def test_anything_else_is_no_pcid(text: str) -> None:
    assert not Pcid.valid(text)
    with pytest.raises(Problem, match="is not a PCID"):
        Pcid.parse(text)


@given(pcids)
def test_the_normal_form_of_a_pcid_is_a_fixed_point(text: str) -> None:
    pcid = Pcid.parse(text)
    assert pcid.normalised == text.upper()
    assert Pcid.parse(pcid.normalised) == pcid
    assert (pcid.check_digit is None) == (len(text) == 17)


def test_the_forms_with_and_without_check_digit_are_different_ids() -> None:
    assert Pcid.parse("WMI123456712345678") != Pcid.parse("WMI12345671234567")


@pytest.mark.parametrize(
    ("text", "in_api", "in_docs"),
    [
        ("DE*ICE*E45B*78C", True, True),  # the documentation's example
        ("DEICEE45B78C", True, True),
        ("deiceE1", True, True),
        ("DEICEe1", False, True),
        ("DEICEE*1", True, False),
        ("DEICEE_1", True, False),
        ("DE*I_E*E1", True, False),
        ("DE*ICE*E" + "1" * 30, True, True),
        ("DE*ICE*E" + "1" * 31, False, True),
        ("DE*ICE*E" + "1" * 32, False, False),
        ("DE*ICE*E", False, False),
        ("DE*ICE*A1", False, False),
        ("DE-ICE-E1", False, False),
        ("D1*ICE*E1", False, False),
        ("DE*ICE*EÄ", False, False),
        ("DE*ICE*E1\n", False, False),
        ("", False, False),
    ],
)
def test_both_readings_of_err_111(text: str, *, in_api: bool, in_docs: bool) -> None:
    assert (EvseId.valid_in_api(text), EvseId.valid_in_docs(text)) == (in_api, in_docs)
    if in_api or in_docs:
        EvseId.parse(text)
    else:
        with pytest.raises(Problem, match="is not an EVSE id"):
            EvseId.parse(text)


@given(evse_ids)
def test_the_normal_form_of_an_evse_id_is_a_fixed_point(text: str) -> None:
    evse_id = EvseId.parse(text)
    assert EvseId.parse(evse_id.normalised) == evse_id
    assert evse_id.owner == text.replace("*", "").upper()[:5]


def test_separators_within_the_outlet_tell_outlets_apart() -> None:
    assert EvseId.parse("DE*ICE*E1*11") != EvseId.parse("DE*ICE*E11*1")
    assert EvseId.parse("DE*ICE*E1*11") == EvseId.parse("DEICEE1*11")


def test_the_published_secc_id_is_taken_apart() -> None:
    secc_id = SeccId.parse("DE-ICE-S-00003C4D557878675645330967543476-2")
    assert secc_id == SeccId("DE", "ICE", "00003C4D557878675645330967543476", "2")
    assert secc_id.owner == "DEICE"


@given(secc_ids)
def test_the_normal_form_of_a_secc_id_is_a_fixed_point(text: str) -> None:
    secc_id = SeccId.parse(text)
    assert SeccId.parse(secc_id.normalised) == secc_id
    assert secc_id.normalised == text.replace("-", "").upper()


@pytest.mark.parametrize(
    "text", ["", "DEICES" + "1" * 32, "DEICES" + "1" * 59, "DEICEE" + "1" * 33, "DEICES" + "Ä" * 33]
)
def test_anything_else_is_no_secc_id(text: str) -> None:
    assert not SeccId.valid(text)
    with pytest.raises(Problem, match="is not a SECC id"):
        SeccId.parse(text)


@pytest.mark.parametrize("text", ["DE8AA", "de8aa", "DE-8AA", "DE*8AA"])
def test_ids_of_providers_and_operators_have_five_characters(text: str) -> None:
    assert provider_id(text) == operator_id(text) == "DE8AA"


@pytest.mark.parametrize("text", ["", "8AA", "DE8A", "DE8AAA", "DE--8AA", "D18AA", "DE8AÄ"])
def test_ids_of_providers_and_operators_need_their_country_code(text: str) -> None:
    with pytest.raises(Problem, match="is not a provider id with country code"):
        provider_id(text)
    with pytest.raises(Problem, match="is not an operator id with country code"):
        operator_id(text)


def test_a_wmi_has_three_characters() -> None:
    assert wmi("wmi") == "WMI"
    for text in ("", "WM", "WMIX", "W-I", "WÄI"):
        with pytest.raises(Problem, match="is not a WMI"):
            wmi(text)


def test_a_wmi_with_a_nine_is_shared() -> None:
    assert wmi_is_shared("WA9")
    assert not wmi_is_shared("WAU")
