"""The answers of a scenario: those that its sentences speak of, in the order in which they came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.vocabulary.references import NoSuchThing

if TYPE_CHECKING:
    from features.vocabulary.references import Ref
    from fixtures.evidence.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that was asked for for its own sake.

    Attributes:
        number: Counts the answers of the scenario from 1.
        party: Who has asked, by the name of the account.
        operation: The contract's name of the operation.
        thing: What it is about; None where the step does not say.
        afterwards: Whether it was asked for to see how things are after the operation that is judged.
    """

    number: int
    party: str
    operation: str
    thing: Any
    afterwards: bool
    exchange: Exchange


class Answers:
    """The answers filed so far. "the answer" is the latest but for those asked for with "afterwards"."""

    kind = "answer"

    def __init__(self) -> None:
        self.filed: list[Answer] = []

    def file(self, exchange: Exchange, *, thing: Any = None, afterwards: bool = False) -> Exchange:
        """Keep an answer."""
        number = len(self.filed) + 1
        self.filed.append(Answer(number, exchange.party, exchange.operation.id, thing, afterwards, exchange))
        return exchange

    @property
    def latest(self) -> Exchange:
        """The answer.

        Raises:
            NoSuchThing: If nothing was asked for its own sake.
        """
        return self._last([each for each in self.filed if not each.afterwards], "no answer")

    @property
    def reading(self) -> Exchange:
        """The reading: the latest answer asked for with "afterwards" or "until".

        Raises:
            NoSuchThing: If nothing was asked afterwards.
        """
        return self._last([each for each in self.filed if each.afterwards], "nothing asked afterwards")

    @property
    def both(self) -> tuple[Exchange, Exchange]:
        """The last two answers.

        Raises:
            NoSuchThing: If there are fewer.
        """
        if len(self.filed) < 2:
            raise NoSuchThing(f"there are not two answers in this scenario; there are {self._there()}")
        return self.filed[-2].exchange, self.filed[-1].exchange

    @property
    def all(self) -> list[Exchange]:
        """Every answer, in order."""
        return [each.exchange for each in self.filed]

    def of(self, *operations: str, thing: Any = None) -> Exchange:
        """Return the latest answer of an operation, or of several, whatever the clause; of a thing, if said.

        Raises:
            NoSuchThing: If none of them was called.
        """
        found = self.all_of(*operations, thing=thing)
        if not found:
            wanted = " or ".join(operations)
            raise NoSuchThing(f"no answer of {wanted} in this scenario; there are {self._there()}")
        return found[-1]

    def all_of(self, *operations: str, thing: Any = None) -> list[Exchange]:
        """Return every answer of an operation, or of several, in order."""
        return [
            each.exchange
            for each in self.filed
            if each.operation in operations and (thing is None or each.thing == thing)
        ]

    def subject_of(self, exchange: Exchange) -> Any:
        """Return the thing that an answer is about; None where the step has not said."""
        # By identity: two exchanges may be equal.
        return next((each.thing for each in self.filed if each.exchange is exchange), None)

    def __getitem__(self, ref: Ref) -> Exchange:
        if ref.name == "latest":
            return self.latest
        if ref.name == "reading":
            return self.reading
        if ref.name.startswith("of "):
            party = ref.name.removeprefix("of ")
            found = [each for each in self.filed if each.party == party]
            return self._last(found, f"no answer of the {party}")
        asked = [each for each in self.filed if not each.afterwards]
        number = ("first", "second").index(ref.name)
        return self._last(asked[number : number + 1], f"no {ref.name} answer")

    def _last(self, found: list[Answer], none: str) -> Exchange:
        if not found:
            raise NoSuchThing(f"{none} in this scenario; there are {self._there()}")
        return found[-1].exchange

    def _there(self) -> str:
        return ", ".join(f"{each.operation} of the {each.party}" for each in self.filed) or "none"
