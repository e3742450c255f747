"""EMAIDs: under which spelling a contract is found, and which one services hand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.references import Ref
from features.vocabulary.steps import then, when
from features.vocabulary.tables import Vocabulary
from fixtures.judgements import identifiers as judgements
from fixtures.testdata.contract_requests import BY_EMAID, FETCH
from fixtures.testdata.spellings import EMAID_SPELLINGS, emaid_of, stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from fixtures.client.parties import Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.requests import PreparedRequest
    from opnc.identifiers import Emaid
    from reports.model import Finding

    Spell = Callable[[Emaid], str]

WRITTEN: Vocabulary[Spell] = Vocabulary("spelling of an EMAID", EMAID_SPELLINGS)


@when(
    "{party} (act=lists|fetches) the contract of {call} under its EMAID {WRITTEN} afterwards", WRITTEN=WRITTEN
)
def looks_for_contract(party: Party, call: PreparedRequest, act: str, written: Spell) -> Exchange:
    """Let the eMSP list, or the OEM of the vehicle fetch, what a request has made."""
    emaid = written(emaid_of(call))
    if act == "lists":
        return party.ask(BY_EMAID, path={"emaid": emaid})
    return party.ask(FETCH, path={"emaid": emaid, "pcid": stated(call, "pcid")})


NORMAL: Vocabulary[Callable[[Exchange, str], Iterable[Finding]]] = Vocabulary(
    "use of an EMAID in normal form",
    {
        "it is listed under its": judgements.listed,
        "it should be listed under its": lambda reading, _emaid: judgements.listed_without_check_digit(
            reading
        ),
        "the message to the vehicle carries the": judgements.carried,
        "the contract certificate is issued to the": judgements.issued_to_emaid,
    },
)


@then("{NORMAL} EMAID in normal form", NORMAL=NORMAL)
def is_in_normal_form(
    answers: Answers,
    calls: Register[PreparedRequest],
    judge: Judge,
    normal: Callable[[Exchange, str], Iterable[Finding]],
) -> None:
    """Look for the EMAID of that request, however it was written, in what was read afterwards."""
    judge.require(normal(answers.reading, emaid_of(calls[Ref("call")]).normalised))


@then("the request is refused with 400, or the contract is found in either way")
def is_one_or_the_other(judge: Judge, answers: Answers) -> None:
    """Demand that services agree on whether the text is an EMAID."""
    judge.require(judgements.one_hyphen(answers.latest, answers.reading))
