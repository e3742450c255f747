from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from features.vocabulary.answers import Answers
from features.vocabulary.references import NameTaken, NoSuchThing, Ref, Register, WrongName
from fixtures.evidence.exchange import Exchange, Request
from opnc import contract

SECOND = Ref("contract", "second")


def exchange(number: int, party: str, operation: str) -> Exchange:
    found = contract.load().operation(operation)
    request = Request("GET", "https://a.example", (), b"")
    return Exchange(number, 0, party, found, request, None, None, datetime.now(UTC), 0.0)


def test_a_thing_is_found_under_the_name_it_was_given() -> None:
    register: Register[str] = Register("contract")
    assert register.add(Ref("contract", new=True), "a") == "a"
    register.keep("second", "b")
    assert (register[Ref("contract")], register[SECOND]) == ("a", "b")
    assert "second" in register


def test_several_things_share_a_name_with_numbers() -> None:
    register: Register[str] = Register("root")
    for name in ("that", "further 1", "further 2", "furthermore"):
        register.keep(name, name)
    assert register.all("further") == ["further 1", "further 2"]


def test_a_name_that_nothing_has_is_told_with_what_is_there() -> None:
    register: Register[str] = Register("contract")
    with pytest.raises(NoSuchThing, match=r"^no second contract in this scenario; there is none$"):
        register[SECOND]
    register.keep("that", "a")
    register.keep("third", "b")
    with pytest.raises(NoSuchThing, match=r"; there is that contract, the third contract$"):
        register[SECOND]


def test_a_name_is_given_once() -> None:
    register: Register[str] = Register("contract")
    register.keep("second", "a")
    with pytest.raises(
        NameTaken, match=r"^the second contract is there already; give this contract a name of"
    ):
        register.keep("second", "b")
    assert register[SECOND] == "a"


def test_a_wrong_name_is_no_verdict() -> None:
    assert not issubclass(WrongName, AssertionError)


def test_the_answer_is_the_latest_that_was_not_asked_for_afterwards() -> None:
    answers = Answers()
    first = answers.file(exchange(1, "oem", "getRootCertificatesV1"))
    second = answers.file(exchange(2, "cpo", "putRootCertificateV1"), thing="a root")
    reading = answers.file(exchange(3, "oem", "getRootCertificateV1"), afterwards=True)
    assert answers[Ref("answer", "latest")] is answers.latest is second
    assert answers[Ref("answer", "reading")] is answers.reading is reading
    assert (answers[Ref("answer", "first")], answers[Ref("answer", "second")]) == (first, second)
    assert answers[Ref("answer", "of cpo")] is second
    assert answers.both == (second, reading)
    assert answers.subject_of(second) == "a root"
    assert answers.subject_of(first) is None
    assert [each.number for each in answers.filed] == [1, 2, 3]


def test_an_answer_is_found_by_operation_and_thing_whatever_the_clause() -> None:
    answers = Answers()
    one = answers.file(exchange(1, "oem", "getRootCertificateV1"), thing="one")
    other = answers.file(exchange(2, "oem", "getRootCertificateV1"), thing="other", afterwards=True)
    assert answers.of("getRootCertificateV1") is other
    assert answers.of("getRootCertificateV1", "putRootCertificateV1", thing="one") is one
    assert answers.all_of("getRootCertificateV1") == [one, other]


def test_an_answer_that_nobody_asked_for_is_told_with_what_is_there() -> None:
    answers = Answers()
    with pytest.raises(NoSuchThing, match=r"^no answer in this scenario; there are none$"):
        _ = answers.latest
    answers.file(exchange(1, "oem", "getRootCertificatesV1"))
    there = "; there are getRootCertificatesV1 of the oem$"
    for name, what in [
        ("reading", "nothing asked afterwards"),
        ("second", "no second answer"),
        ("of cpo", "no answer"),
    ]:
        with pytest.raises(NoSuchThing, match=rf"^{what}.*{there}"):
            answers[Ref("answer", name)]
    with pytest.raises(NoSuchThing, match=rf"^no answer of putRootCertificateV1 in this scenario{there}"):
        answers.of("putRootCertificateV1")
    with pytest.raises(NoSuchThing, match=r"^there are not two answers"):
        _ = answers.both


def test_answers_are_told_apart_by_what_they_are_about() -> None:
    answers = Answers()
    filed = exchange(1, "oem", "getRootCertificatesV1")
    answers.file(filed, thing="a")
    answers.file(replace(filed, number=2), thing="b")
    assert answers.of("getRootCertificatesV1", thing="a").number == 1
