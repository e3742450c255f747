from __future__ import annotations

import pytest

from features.vocabulary.references import Ref
from features.vocabulary.sentence import Said, Sentence
from features.vocabulary.tables import Vocabulary

TROUBLE = Vocabulary("trouble", {"is slow": 1, "is slow at first": 2, "": 0})


def read(sentence: str, text: str, **tables: Vocabulary[int]) -> Said:
    said = Sentence(sentence, tables).read(text)
    assert said is not None, text
    return said


def test_nouns_are_read() -> None:
    said = read("{party} has {n} of {vehicle}", "the OEM has 3 of the other vehicle")
    assert said.values == {"party": Ref("party", "oem"), "n": 3, "vehicle": Ref("vehicle", "other")}
    assert said.phrases["vehicle"] == "the other vehicle"


def test_one_kind_may_stand_twice_under_names() -> None:
    said = read(
        "{party} makes a request in the name of {other:party}",
        "the OEM makes a request in the name of the CPO",
    )
    assert said.values == {"party": Ref("party", "oem"), "other": Ref("party", "cpo")}


def test_one_name_may_stand_in_several_alternatives() -> None:
    sentence = "nobody has been told about (it|{thing:vehicle}|the contract of {thing:vehicle})"
    assert read(sentence, "nobody has been told about it").values == {"thing": None}
    told = read(sentence, "nobody has been told about the contract of the other vehicle")
    assert told.values == {"thing": Ref("vehicle", "other")}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("the list holds it", {"what": "holds", "again": False, "n": None}),
        ("the list lacks it afterwards", {"what": "lacks", "again": True, "n": None}),
        ("the list lacks it 2 times afterwards", {"what": "lacks", "again": True, "n": 2}),
    ],
)
def test_named_brackets_hand_over_what_was_said(text: str, values: dict[str, object]) -> None:
    said = read("the list (what=holds|lacks) it[ {n} times][again= afterwards]", text)
    assert said.values == values
    assert said.afterwards == ("afterwards" in text)


def test_what_may_be_left_out_may_be_nested() -> None:
    sentence = Sentence("{party} asks[ for {n} roots[ of type {text}]]")
    assert sentence.is_matching("a party asks")
    assert sentence.is_matching('a party asks for 2 roots of type "v2g"')
    assert not sentence.is_matching('a party asks of type "v2g"')


def test_a_table_gives_what_stands_behind_the_phrase() -> None:
    assert read("the receiver {TROUBLE}", "the receiver is slow at first", TROUBLE=TROUBLE).values == {
        "trouble": 2
    }
    assert read("it{how:TROUBLE}", "it", TROUBLE=TROUBLE).values == {"how": 0}


def test_brackets_of_a_text_are_escaped() -> None:
    sentence = Sentence(r"the list \[a\|b\] \(is\) {text}")
    assert sentence.is_matching('the list [a|b] (is) "long"')


def test_the_name_is_what_a_reader_should_see() -> None:
    assert Sentence("the list (what=holds|lacks) {root}[again= afterwards]").name == (
        "the list (holds|lacks) {root}[ afterwards]"
    )


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("the list [is empty", r"'\]' is missing"),
        ("the list is) empty", r"'\)' closes nothing"),
        ("the list [is) empty", r"'\)' closes nothing"),
        ("the {party", "has a brace that is not closed"),
        ("{any} is {other:any}", "free text may stand in it once only"),
        ("{request:call}", "no noun may be called request"),
    ],
)
def test_a_sentence_that_is_none_is_refused(sentence: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Sentence(sentence)


def test_kinds_and_tables_must_be_there() -> None:
    with pytest.raises(LookupError, match=r"there is no kind 'lorry'; there are party, "):
        Sentence("{lorry}")
    with pytest.raises(LookupError, match=r"no table TROUBLE is given to the sentence"):
        Sentence("it {TROUBLE}")
    with pytest.raises(ValueError, match=r"it has no TROUBLE"):
        Sentence("it is", {"TROUBLE": TROUBLE})


def test_a_phrase_that_is_not_in_a_table_is_told_with_the_nearest() -> None:
    assert list(TROUBLE) == ["is slow", "is slow at first", ""]
    with pytest.raises(KeyError, match=r"there is no trouble 'is slo'; did you mean 'is slow'?"):
        TROUBLE["is slo"]
