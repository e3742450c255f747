"""The decorators, with registers and answers as a scenario would have them."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from pytest_bdd.steps import step_function_context_registry

from features.vocabulary.answers import Answers
from features.vocabulary.nouns import KINDS
from features.vocabulary.references import NameTaken, NoSuchThing, Ref, Register
from features.vocabulary.resolving import literal
from features.vocabulary.sentence import SAID, Said
from features.vocabulary.steps import given, step, then, when
from features.vocabulary.tables import Vocabulary
from tests.features.vocabulary.test_registers import exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_bdd.steps import StepFunctionContext

    from fixtures.evidence.exchange import Exchange
    from fixtures.testdata.contracts import Contract


class Scenario:
    """Stands for pytest's request: fixtures by name."""

    def __init__(self) -> None:
        self.fixtures: dict[str, Any] = {
            kind.register: Register(name)
            for name, kind in KINDS.items()
            if kind.register not in {"", "parties", "answers"} and kind.type != "Ref" and name != "draft_ref"
        }
        self.fixtures |= {"answers": Answers(), "parties": {"oem": "the account of the OEM"}}

    def getfixturevalue(self, name: str) -> Any:
        return self.fixtures[name]

    def run(self, definition: StepFunctionContext, text: str) -> Any:
        """Do with a step what pytest-bdd does."""
        function: Callable[..., Any] = definition.step_func
        arguments = definition.parser.parse_arguments(text)
        assert arguments is not None
        others = inspect.signature(function).parameters.keys() - {"request", SAID}
        return function(request=self, **arguments, **{name: self.fixtures[name] for name in others})


@pytest.fixture
def scenario() -> Scenario:
    return Scenario()


def latest() -> StepFunctionContext:
    """Return what was defined last."""
    return list(step_function_context_registry.values())[-1]


def contract(operation: str = "", emaid: str = "") -> Contract:
    found = SimpleNamespace(operation=operation, emaid=emaid, party="emsp")
    return cast("Contract", found)


def test_a_step_is_given_things_and_fixtures(scenario: Scenario) -> None:
    seen: list[object] = []

    @when("{party} deletes {contract}[ {n} times]")
    def deletes(answers: Answers, party: str, contract: Contract, n: int | None) -> None:
        seen.extend((answers, party, contract, n))

    that = scenario.fixtures["contracts"].keep("that", contract())
    scenario.run(latest(), "the OEM deletes that contract")
    assert seen == [scenario.fixtures["answers"], "the account of the OEM", that, None]
    assert inspect.unwrap(latest().step_func) is deletes
    assert latest().type == "when"


def test_a_thing_that_a_sentence_introduces_is_filed_under_its_name(scenario: Scenario) -> None:
    @given("{new_contract} is made up")
    def made(new_contract: Ref) -> Contract:
        return contract(emaid=new_contract.name)

    scenario.run(latest(), "a contract is made up")
    scenario.run(latest(), "a second contract is made up")
    things = scenario.fixtures["contracts"].things
    assert {name: thing.emaid for name, thing in things.items()} == {"that": "that", "second": "second"}
    with pytest.raises(NameTaken):
        scenario.run(latest(), "a contract is made up")


def test_an_answer_is_filed_with_its_thing_and_clause(scenario: Scenario) -> None:
    @when("somebody fetches {contract}[ afterwards]")
    def fetches(contract: Contract) -> Exchange:
        del contract
        return exchange(len(scenario.fixtures["answers"].filed) + 1, "oem", "getRootCertificatesV1")

    that = scenario.fixtures["contracts"].keep("that", contract())
    scenario.run(latest(), "somebody fetches that contract")
    scenario.run(latest(), "somebody fetches that contract afterwards")
    answers = scenario.fixtures["answers"]
    assert [(each.number, each.thing, each.afterwards) for each in answers.filed] == [
        (1, that, False),
        (2, that, True),
    ]
    assert (answers.latest.number, answers.reading.number) == (1, 2)


def test_sets_tables_and_what_was_said_are_handed_over(scenario: Scenario) -> None:
    seen: list[object] = []

    @then("the list {ASPECT} {contracts}", ASPECT=Vocabulary("aspect", {"holds": 1, "holds only": 2}))
    def holds(aspect: int, contracts: tuple[Contract, ...], said: Said) -> None:
        seen.extend((aspect, contracts, said.phrases["aspect"]))

    pair = tuple(scenario.fixtures["contracts"].keep(name, contract(name)) for name in ("that", "second"))
    scenario.run(latest(), "the list holds only both contracts")
    assert seen == [2, pair, "holds only"]


def test_the_form_of_a_draft_is_held_against_the_draft(scenario: Scenario) -> None:
    @when("somebody sends {draft_ref}")
    def sends(draft_ref: Contract) -> None:
        del draft_ref

    scenario.fixtures["contracts"].keep("that", contract("signContractDataV1"))
    scenario.run(latest(), "somebody sends those contract data")
    with pytest.raises(NoSuchThing, match=r"^that contract was prepared as contract data, not as order$"):
        scenario.run(latest(), "somebody sends that order")


def test_an_id_in_quotation_marks_needs_no_entry(scenario: Scenario) -> None:
    @when("somebody looks for {endpoint}, and {token} goes")
    def looks(endpoint: object, token: object) -> None:
        del endpoint, token

    with pytest.raises(NoSuchThing, match=r"^no endpoint in this scenario; there is none$"):
        scenario.run(latest(), "somebody looks for that endpoint, and that token goes")
    with pytest.raises(ValueError, match="root is defined twice"):
        literal("root")(lambda: None)


def test_what_pytest_bdd_would_pass_over_is_refused() -> None:
    with pytest.raises(TypeError, match="would pass without running"):

        @when("a coroutine waits")
        async def waits() -> None:
            """Do nothing."""

    with pytest.raises(TypeError, match="would pass without running"):

        @when("a generator yields")
        def yields() -> Any:
            yield

    with pytest.raises(TypeError, match="takes no party, how"):

        @step("{party} is (how=quick|slow) about {new_contract}")
        def is_quick() -> None:
            """Do nothing."""
