"""Decorators of step definitions whose sentences have nouns.

A step function takes things, not references: `def makes_default(party: Party, contract: Contract)`. What it
gets by the names of its sentence was resolved through the registers; what else it asks for are fixtures.

- Where the sentence introduces a thing (`{new_root}`, `{draft}`), the function returns it, and it is filed.
- A function annotated `-> Exchange` returns an answer, and that is filed.
- A function that does both takes `answers: Answers` and files the answer itself, before it returns the thing.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, TypeVar

import pytest_bdd

from features.vocabulary.nouns import KINDS
from features.vocabulary.resolving import thing
from features.vocabulary.sentence import SAID, Said, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

    from features.vocabulary.references import Ref
    from features.vocabulary.tables import Vocabulary

    F = TypeVar("F", bound=Callable[..., Any])

ANSWER = "Exchange"


def _keyword(
    register: Callable[..., Any],
) -> Callable[..., Callable[[F], F]]:
    def define(
        sentence: str,
        *,
        introduces: Sequence[Ref] = (),
        target_fixture: str | None = None,
        **tables: Vocabulary[Any],
    ) -> Callable[[F], F]:
        """Define a step.

        Args:
            sentence: As `features.vocabulary.sentence` describes it.
            introduces: Things that the function itself puts into registers, for the check of names.
            target_fixture: A fixture that gets what the function returns; only for what has no register.
            tables: The tables of the sentence, by their names in capitals.

        Raises:
            ValueError: If the sentence is none.
            TypeError: If pytest-bdd would pass over the function in silence, or a noun has no parameter.
        """
        parser = Sentence(sentence, tables)
        parser.introduces = tuple(introduces)

        def decorate(function: F) -> F:
            wrapper = _resolving(parser, function)
            # pytest-bdd puts the definition into the module so many frames up: that of the step.
            register(parser, target_fixture=target_fixture, stacklevel=2)(wrapper)
            # As it was written, so that other steps can call it.
            return function

        return decorate

    return define


def _resolving(parser: Sentence, function: Callable[..., Any]) -> Callable[..., Any]:
    _refuse(parser, function)
    parameters = inspect.signature(function).parameters
    spoken = [name for name in parser.parameters if name in parameters]
    wants_said = SAID in parameters
    wants_request = "request" in parameters
    fixtures = [each for name, each in parameters.items() if name not in {*spoken, SAID, "request"}]
    subject = next((name for name in spoken if _has_register(parser, name)), None)
    files = _filing(parser, function)

    @functools.wraps(function)
    def resolving(request: pytest.FixtureRequest, said: Said, **arguments: Any) -> Any:
        for name in spoken:
            arguments[name] = thing(request, said.values[name])
        if wants_said:
            arguments[SAID] = said
        if wants_request:
            arguments["request"] = request
        about = None if subject is None else arguments[subject]
        returned = function(**arguments)
        files(request, said, about, returned)
        return returned

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD  # all that pytest-bdd fills
    # Asked of `inspect` by pytest-bdd, which hands over nothing that the signature does not name.
    signature = inspect.Signature(
        [inspect.Parameter(name, kind) for name in ("request", SAID)]
        + [inspect.Parameter(each.name, kind) for each in fixtures]
    )
    resolving.__signature__ = signature  # type: ignore[attr-defined]  # as `inspect.signature` documents
    return resolving


def _has_register(parser: Sentence, name: str) -> bool:
    kind = parser.kinds.get(name)
    return kind is not None and kind != "party" and bool(KINDS[kind].register)


def _filing(parser: Sentence, function: Callable[..., Any]) -> Callable[..., None]:
    """Return what is done with the value that a step function returns."""
    new = [name for name, kind in parser.kinds.items() if KINDS[kind].type == "Ref"]
    # Annotations are postponed, so this is a text.
    is_answer = function.__annotations__.get("return") == ANSWER

    def keep(request: pytest.FixtureRequest, said: Said, about: Any, returned: Any) -> None:
        # The branches of a choice may introduce different things; one of them was said.
        ref = next((said.values[name] for name in new if said.values[name] is not None), None)
        if is_answer:
            request.getfixturevalue("answers").file(returned, thing=about, afterwards=said.afterwards)
        elif ref is not None and returned is not None:
            request.getfixturevalue(KINDS[ref.kind].register).add(ref, returned)

    return keep


def _refuse(parser: Sentence, function: Callable[..., Any]) -> None:
    code = inspect.unwrap(function)
    if (
        inspect.iscoroutinefunction(code)
        or inspect.isgeneratorfunction(code)
        or inspect.isasyncgenfunction(code)
    ):
        raise TypeError(f"the step {parser.name!r} is a coroutine or yields, and would pass without running")
    named = inspect.signature(function).parameters
    introducing = {name for name, kind in parser.kinds.items() if KINDS[kind].type == "Ref"}
    if missing := [name for name in parser.parameters if name not in named and name not in introducing]:
        raise TypeError(f"the step {parser.name!r} takes no {', '.join(missing)}")


given = _keyword(pytest_bdd.given)
when = _keyword(pytest_bdd.when)
then = _keyword(pytest_bdd.then)
step = _keyword(pytest_bdd.step)
