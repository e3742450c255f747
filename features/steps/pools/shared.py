"""Pools that nobody has onboarded, as parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.plans import ECOSYSTEMS
from features.vocabulary.resolving import party

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from fixtures.client.parties import Parties, Party


@party("a pool with no token")
def _without_token(request: pytest.FixtureRequest) -> Party:
    parties: Parties = request.getfixturevalue("parties")
    return parties["peer pool"].showing(None)


def _with_token_of(ecosystem: str) -> Callable[[pytest.FixtureRequest], Party]:
    def make(request: pytest.FixtureRequest) -> Party:
        parties: Parties = request.getfixturevalue("parties")
        return parties["peer pool"].showing(f"Bearer {parties[f'emsp of {ecosystem}'].token()}")

    return make


for _ecosystem in ECOSYSTEMS.split("|"):
    party(f"a pool with a token of {_ecosystem}")(_with_token_of(_ecosystem))
