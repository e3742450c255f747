"""PCIDs: whether services agree on their letter case, and who a certificate is issued to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.references import Ref
from features.vocabulary.steps import then, when
from fixtures.answers import provisioning as provisioning_answers
from fixtures.answers.bodies import body_of
from fixtures.judgements import identifiers as judgements
from fixtures.testdata.contract_requests import BY_PCID
from fixtures.testdata.spellings import stated

if TYPE_CHECKING:
    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from fixtures.client.parties import Party
    from fixtures.judging import Judge
    from fixtures.testdata.requests import PreparedRequest

LOOKUP = "lookupVehicleV1"


@when("{party} reads and looks up that PCID in lower case in every pool")
def looks_everywhere(party: Party, calls: Register[PreparedRequest], answers: Answers) -> None:
    """Ask the pools of vehicles and of contracts for the PCID of that request."""
    path = {"pcid": stated(calls[Ref("call")], "pcid").lower()}
    for operation in (LOOKUP, BY_PCID):
        answers.file(party.ask(operation, path=path))


@then("all pools find it, or none")
def pools_agree(judge: Judge, answers: Answers) -> None:
    """Compare the pools."""
    judge.require(judgements.agree([answers.of(LOOKUP), answers.of(BY_PCID)]))


@then("the certificate in the answer is issued to the PCID")
def is_issued_to_pcid(judge: Judge, answers: Answers, calls: Register[PreparedRequest]) -> None:
    """Look at the leaf of the chain that the pool hands out."""
    leaf = provisioning_answers.leaf(body_of(answers.latest))
    judge.require(judgements.issued_to(leaf, calls[Ref("call")].subject))
