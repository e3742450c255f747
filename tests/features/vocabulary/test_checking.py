from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from features.vocabulary.checking import nearest, unresolved
from features.vocabulary.references import Ref
from features.vocabulary.sentence import Sentence
from features.vocabulary.tables import Vocabulary

if TYPE_CHECKING:
    from pytest_bdd.parsers import StepParser
    from pytest_bdd.steps import StepFunctionContext

NEW = Sentence("{new_contract} of {party}[ for {vehicle}]")
VEHICLE = Sentence("{new_vehicle} whose provisioning certificate is published")
CHOOSES = Sentence("{party} makes {contract} the default")
HOLDS = Sentence("the list holds {contracts}")
TWO = Sentence("two contracts of {party}")
TWO.introduces = (Ref("contract", new=True), Ref("contract", "second", new=True))


def definition(parser: StepParser, target_fixture: str | None = None) -> StepFunctionContext:
    return cast("StepFunctionContext", SimpleNamespace(parser=parser, target_fixture=target_fixture))


def problems(*steps: tuple[StepParser, str]) -> list[tuple[int, str]]:
    return list(unresolved([(definition(parser), text) for parser, text in steps]))


def test_names_that_were_introduced_are_right() -> None:
    assert not problems(
        (VEHICLE, "a vehicle whose provisioning certificate is published"),
        (NEW, "a contract of the eMSP for that vehicle"),
        (NEW, "a second contract of the eMSP"),
        (CHOOSES, "its eMSP makes the second contract the default"),
        (CHOOSES, 'the OEM makes the contract "DEABC" the default'),
        (HOLDS, "the list holds both contracts"),
        (HOLDS, "the list holds no contract"),
    )
    assert not problems((TWO, "two contracts of the eMSP"), (HOLDS, "the list holds both contracts"))


def test_names_that_nothing_has_are_found_before_the_run() -> None:
    assert problems(
        (NEW, "a contract of the eMSP for that vehicle"),
        (HOLDS, "the list holds both contracts"),
        (CHOOSES, "the OEM makes the third contract the default"),
    ) == [
        (0, "no vehicle in this scenario; there is none"),
        (1, "no second contract in this scenario; there is that contract"),
        (2, "no third contract in this scenario; there is that contract"),
    ]
    assert problems((CHOOSES, 'its eMSP makes the contract "x" the default')) == [
        (0, "no contract in this scenario; there is none")
    ]


def test_a_name_that_is_given_twice_is_found_before_the_run() -> None:
    assert problems((NEW, "a contract of the eMSP"), (NEW, "a contract of the other eMSP")) == [
        (1, "that contract is there already; give this contract a name of its own")
    ]


def test_the_nearest_sentences_are_those_with_the_same_words_whatever_the_nouns() -> None:
    definitions = [definition(parser) for parser in (NEW, VEHICLE, CHOOSES, HOLDS, TWO)]
    assert nearest("the other eMSP makes the second contract default", definitions)[0] == CHOOSES.name
    assert nearest("the list holds all of the contracts", definitions)[0] == HOLDS.name
    assert len(nearest("whatever", definitions)) == 3
    assert nearest("whatever", []) == []


def test_a_sentence_is_near_by_the_phrases_of_its_tables() -> None:
    table = Vocabulary("judgement", {"has the key of its maker": 1, "": 2})
    named, unnamed = "{how:JUDGED} it", "every root {JUDGED}"
    judged = [Sentence(sentence, {"JUDGED": table}) for sentence in (named, unnamed)]
    definitions = [definition(parser) for parser in (NEW, VEHICLE, HOLDS, TWO, *judged)]
    assert nearest("every root has the keys of its maker", definitions)[0] == unnamed
    assert nearest("has the keys of its maker it", definitions)[0] == named
