"""From a reference to the thing: registers, facets, ids in quotation marks, parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from features.vocabulary.nouns import KINDS
from features.vocabulary.references import NoSuchThing, Ref

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from fixtures.client.parties import Parties, Party
    from fixtures.testdata.contracts import Contract

T = TypeVar("T")

_FACETS: dict[tuple[str, str], Callable[[pytest.FixtureRequest, Any], Any]] = {}
_LITERALS: dict[str, Callable[[pytest.FixtureRequest, str], Any]] = {}
_PARTIES: dict[str, Callable[[pytest.FixtureRequest], Party]] = {}


def facet(kind: str, name: str) -> Callable[[T], T]:
    """Say how a facet of a thing is made, when it is asked for.

    The function gets the pytest request and the thing whose facet it is: that of `Ref.of`, the first of its
    kind otherwise, None where the scenario has none.
    """
    return _into(_FACETS, (kind, name))


def literal(kind: str) -> Callable[[T], T]:
    """Say what an id in quotation marks stands for; the function gets the pytest request and the id."""
    return _into(_LITERALS, kind)


def party(name: str) -> Callable[[T], T]:
    """Say which party a phrase other than the name of an account means, in lower case."""
    return _into(_PARTIES, name)


def _into(table: Any, key: Any) -> Callable[[T], T]:
    def keep(function: T) -> T:
        # Else the order in which step modules are imported would decide.
        if key in table:
            raise ValueError(f"{key} is defined twice")
        table[key] = function
        return function

    return keep


def thing(request: pytest.FixtureRequest, meant: Any) -> Any:
    """Return what a value read from a sentence means: things for references, all else as it is.

    Raises:
        NoSuchThing: If the scenario has not introduced it.
    """
    if isinstance(meant, tuple):
        found = [thing(request, each) for each in meant]
        # A facet may stand for several things: "each of the further roots".
        return tuple(flat for each in found for flat in (each if isinstance(each, tuple) else (each,)))
    if not isinstance(meant, Ref) or meant.new:
        return meant
    if meant.kind == "party":
        return _party(request, meant.name)
    # Neither an id nor a facet needs an entry, so both come before the register is asked.
    if meant.literal is not None:
        return _defined(_LITERALS, meant.kind, f"a {meant.kind} by its id")(request, meant.literal)
    if meant.facet is not None:
        make = _defined(_FACETS, (meant.kind, meant.facet), f"the {meant.kind} {meant.facet!r}")
        return make(request, _owner(request, meant))
    found = _register(request, meant.kind)[meant]
    _hold_form(meant, found)
    return found


def _owner(request: pytest.FixtureRequest, meant: Ref) -> Any:
    if meant.of is not None:
        return thing(request, meant.of)
    register = _register(request, meant.kind)
    return register[meant] if meant.name in register else None


def _register(request: pytest.FixtureRequest, kind: str) -> Any:
    return request.getfixturevalue(KINDS[kind].register)


def _party(request: pytest.FixtureRequest, name: str) -> Party:
    # First: these phrases name no account.
    if name in _PARTIES:
        return _PARTIES[name](request)
    parties: Parties = request.getfixturevalue("parties")
    return parties[name]


def _defined(table: Any, key: Any, what: str) -> Any:
    if key not in table:
        raise NoSuchThing(f"no step module says what {what} is")
    return table[key]


def _hold_form(meant: Ref, found: Any) -> None:
    """Refuse "that order" for what was prepared as signed contract data, and the like."""
    wanted = getattr(meant.plan, "form", None)
    form = FORMS.get(getattr(found, "operation", ""))
    if wanted is not None and form is not None and wanted != form:
        raise NoSuchThing(f"that contract was prepared as {form}, not as {wanted}")


FORMS = {
    "signContractDataV1": "contract data",
    "generateAndSignContractDataV1": "order",
    "addSignedContractDataV1": "signed contract data",
}
"""By which operation a contract is sent -> the form in which it was prepared."""


@party("its emsp")
def _its_emsp(request: pytest.FixtureRequest) -> Party:
    contract: Contract = thing(request, Ref("contract"))
    return _party(request, contract.party)


@party("a party")
def _anybody(request: pytest.FixtureRequest) -> Party:
    parties: Parties = request.getfixturevalue("parties")
    return parties.any_party()


@party("somebody without credentials")
def _somebody(request: pytest.FixtureRequest) -> Party:
    return _anybody(request).showing(None)
