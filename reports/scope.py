"""What a run was restricted to, for a verdict on a part must not pass for one on the whole."""

from __future__ import annotations

from dataclasses import dataclass

NAMED = 3
"""Requirements that are named in a headline; more are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a run was restricted to; empty where nothing was left out in this respect.

    Attributes:
        services: Services and roles whose requirements were judged.
        requirements: Ids of the requirements that were judged.
        levels: Levels whose requirements were judged.
        scenarios: Ids of the scenarios that were run, perhaps with `*` for anything.
        behaviour: Id of the fault or variant that the simulators had on purpose; None: they were sound.
        read_only: Whether only what writes nothing to the target was run.
        own_services: The services of the target, where simulators stood in for the others.
        own_backends: The roles of its backends, where it has no service at all.
    """

    services: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    read_only: bool = False
    own_services: tuple[str, ...] = ()
    own_backends: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    behaviour: str | None = None

    def __str__(self) -> str:
        """Say what alone was looked at, such as `only service rcp; level must; read-only`."""
        ids = self.requirements
        parts = [
            _named("service", self.services or self.own_services),
            _named("backend", () if self.services else self.own_backends),
            _named("requirement", ids) if len(ids) <= NAMED else f"{len(ids)} requirements",
            _named("level", self.levels),
            _named("scenario", self.scenarios) if len(self.scenarios) <= NAMED else _count(self.scenarios),
            "read-only" if self.read_only else "",
        ]
        said = "; ".join(filter(None, parts))
        only = f"only {said}" if said else ""
        if self.behaviour is None:
            return only
        return f"{only or 'everything'}; simulators that behave as {self.behaviour} says"


def restricting(selection: Selection) -> Selection | None:
    """Return a selection that leaves something out; None for one that does not."""
    return selection if str(selection) else None


def _count(scenarios: tuple[str, ...]) -> str:
    return f"{len(scenarios)} scenarios"


def _named(noun: str, names: tuple[str, ...]) -> str:
    return f"{noun}{'' if len(names) == 1 else 's'} {', '.join(names)}" if names else ""
