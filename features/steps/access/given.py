"""What stands before requests are made: the state of a service, tokens that do not last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.vocabulary.references import Ref
from features.vocabulary.steps import given
from fixtures.judging import NotApplicable
from fixtures.target.declaration import AuthScheme
from fixtures.testdata.requests import state_of

if TYPE_CHECKING:
    from features.steps.access.shared import SpentTokens
    from features.vocabulary.references import Register
    from fixtures.client.parties import Party
    from fixtures.evidence.redaction import Redactor
    from fixtures.testdata.request_context import RequestContext
    from fixtures.testdata.requests import PreparedRequest


@given("the state of its service", target_fixture="state")
def state(request_context: RequestContext, calls: Register[PreparedRequest]) -> Any:
    """Look at the service before that request is made."""
    return state_of(calls[Ref("call")], request_context)


@given("{new_token} of {party} that does not last")
def passing_token(party: Party, spent_tokens: SpentTokens, redactor: Redactor) -> str:
    """Get a genuine token that is going to expire, or one for which another scenario has waited already."""
    if party.account.scheme is AuthScheme.TOKEN:
        raise NotApplicable("the tokens of the target stay, so none of them expires")
    token = spent_tokens.of(party.name) or spent_tokens.had(party.name, party.token())
    # Each scenario hides what it knows; this token may be one of an earlier scenario.
    redactor.learn(token)
    return token
