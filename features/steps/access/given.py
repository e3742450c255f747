"""What stands before requests are made: the state of a service, tokens that do not last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.vocabulary.references import Ref
from features.vocabulary.steps import given
from fixtures.judging import NotApplicable
from fixtures.target.declaration import AuthScheme
from fixtures.testdata.requests import state_of

if TYPE_CHECKING:
    from features.vocabulary.references import Register
    from fixtures.client.parties import Party
    from fixtures.testdata.request_context import RequestContext
    from fixtures.testdata.requests import PreparedRequest


@given("the state of its service", target_fixture="state")
def state(request_context: RequestContext, calls: Register[PreparedRequest]) -> Any:
    """Look at the service before that request is made."""
    return state_of(calls[Ref("call")], request_context)


@given("{new_token} of {party} that does not last")
def passing_token(party: Party) -> str:
    """Get a genuine token that is going to expire."""
    if party.account.scheme is AuthScheme.TOKEN:
        raise NotApplicable("the tokens of the target stay, so none of them expires")
    return party.token()
