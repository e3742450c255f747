"""Which calls a variant makes a difference to: what `Variant.matters` is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.faults.identifiers import stated_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from simulators.kernel.messages import Answer, Call

    Matters = Callable[[Call, Answer], object]


def refused(*operations: str, by: Collection[int] = (400,)) -> Matters:
    """Calls of some operations that are answered with one of some statuses."""
    return lambda call, answer: call.operation.id in operations and answer.status in by


def refused_by(*services: str, by: Collection[int] = (400,)) -> Matters:
    """Calls of some services that are answered with one of some statuses."""
    return lambda call, answer: call.operation.service in services and answer.status in by


def called(*operations: str) -> Matters:
    """Calls of some operations."""
    return lambda call, _answer: call.operation.id in operations


def stating(name: str, is_special: Callable[[str], object]) -> Matters:
    """Calls that state an id, `emaid` or `pcid`, of a special kind."""
    return lambda call, _answer: any(map(is_special, stated_ids(call, name)))


def holding(*texts: bytes) -> Matters:
    """Calls whose body holds one of some texts."""
    return lambda call, _answer: any(text in call.content for text in texts)


def subscribing(is_wanted: Callable[[dict[str, object]], object]) -> Matters:
    """Subscriptions of a kind, by the body that asks for them."""
    return lambda call, _answer: (
        call.operation.id == "postEndpointV1" and isinstance(call.body, dict) and is_wanted(call.body)
    )
