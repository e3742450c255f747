"""How a role says what it does: ordered failpoints around one act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulators.kernel.failpoints import Failpoint
from simulators.kernel.messages import Answer, Call

Control = Failpoint[Callable[[Call], None]]
"""Looks at a call and raises `Refusal` if it must not go on."""

Effect = Failpoint[Callable[[Call], None]]
"""What follows once the act has succeeded: storing, telling others."""


@dataclass(frozen=True, slots=True)
class OperationHandler:
    """What a role does with the calls of one operation.

    Attributes:
        act: Makes the answer; changes nothing that a fault should be able to leave out.
        controls: Run first, in this order; the first refusal is the answer.
        effects: Run after the act, in this order.
        blocks_on_network: Whether controls ask foreign hosts. Then they run with no transaction open, so that
            others have their turn meanwhile; none of them may depend on what the service keeps.
        fallbacks: Where else to look for what is not here, in this order, with no transaction open. Each
            answers, or raises `NotFoundLocally`.
    """

    act: Callable[[Call], Answer]
    controls: tuple[Control, ...] = ()
    effects: tuple[Effect, ...] = ()
    blocks_on_network: bool = False
    fallbacks: tuple[Failpoint[Callable[[Call], Answer]], ...] = ()
