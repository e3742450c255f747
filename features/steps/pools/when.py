"""What is seen of the requests among pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.steps import when

if TYPE_CHECKING:
    from fixtures.evidence.peer_exchange import PeerExchange
    from fixtures.neighbours.ecosystems import Neighbours


@when("it is seen what (which=the other|all) pools were asked", target_fixture="asked")
def asked(neighbours: Neighbours, which: str) -> list[PeerExchange]:
    """See what the target has asked its neighbours, or what anybody has asked them."""
    neighbours.settle()
    return neighbours.requests if which == "all" else neighbours.from_target
