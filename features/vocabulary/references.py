"""What a noun of a sentence refers to, and where a scenario keeps its things."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")

THAT = "that"
"""The name of the first thing of its kind."""


class WrongName(Exception):
    """A mistake of the scenario: never a verdict on the target, so no assertion error."""


class NoSuchThing(WrongName):
    """A reference to something that the scenario has not introduced."""


class NameTaken(WrongName):
    """A name that is given a second time."""


@dataclass(frozen=True, slots=True)
class Ref:
    """What a noun says: which thing is meant, or which name a new one gets.

    Attributes:
        kind: The kind whose register keeps the thing, a key of `nouns.KINDS`.
        name: `that`, `second`, `third`, `further`, `other`, `new`; of a party its name.
        new: Whether the sentence introduces the thing; else it refers to one that is there.
        facet: What of the thing is meant, such as `certificate`; None for the thing itself.
        literal: The id of something that needs no entry, such as an EMAID in quotation marks.
        of: Whose facet it is, where that is a thing of another kind.
        plan: How a new thing is to be made, or in which form the one referred to must be.
    """

    kind: str
    name: str = THAT
    new: bool = False
    facet: str | None = None
    literal: str | None = None
    of: Ref | None = None
    plan: Any = None

    def __str__(self) -> str:
        return f"that {self.kind}" if self.name == THAT else f"the {self.name} {self.kind}"


@dataclass(slots=True)
class Register(Generic[T]):
    """The things of one kind that a scenario has, by name.

    A name is given once, where the thing is introduced, and never moves.
    """

    kind: str
    things: dict[str, T] = field(default_factory=dict)

    def add(self, ref: Ref, thing: T) -> T:
        """Keep a thing under its name.

        Raises:
            NameTaken: If something else has the name.
        """
        if ref.name in self.things:
            raise NameTaken(f"{ref} is there already; give this {self.kind} a name of its own")
        self.things[ref.name] = thing
        return thing

    def keep(self, name: str, thing: T) -> T:
        """Keep a thing that the sentence introduces without a noun, such as the second of two.

        Raises:
            NameTaken: As `add`.
        """
        return self.add(Ref(self.kind, name, new=True), thing)

    def __getitem__(self, ref: Ref) -> T:
        if ref.name not in self.things:
            wanted = self.kind if ref.name == THAT else f"{ref.name} {self.kind}"
            there = ", ".join(str(Ref(self.kind, name)) for name in self.things)
            raise NoSuchThing(f"no {wanted} in this scenario; there is {there or 'none'}")
        return self.things[ref.name]

    def __contains__(self, name: str) -> bool:
        return name in self.things

    def all(self, name: str) -> list[T]:
        """Return all things of a name that several have: `further 1`, `further 2`, and so on."""
        return [thing for key, thing in self.things.items() if key == name or key.startswith(f"{name} ")]
