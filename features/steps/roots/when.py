"""What is done with roots: listing, reading, registering, deleting, revoking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.roots import shared
from features.steps.roots.shared import DELETE, LIST, PUT, READ, REVOCATION_LIST, body, spoilt
from features.vocabulary import things
from features.vocabulary.steps import when

if TYPE_CHECKING:
    import pytest

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Ref
    from features.vocabulary.sentence import Said
    from features.vocabulary.things import Registered
    from fixtures.client.parties import Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.testdata.generator import TestData


@when(
    "{party} lists the root certificates[ of (type {pki_type:text}|(unused=that type))]"
    "[ {n} times more][ afterwards]"
)
def lists(
    request: pytest.FixtureRequest,
    party: Party,
    answers: Answers,
    said: Said,
    pki_type: str | None,
    unused: str | None,
    n: int | None,
) -> None:
    """Ask for the roots, all or those of one type."""
    wanted = request.getfixturevalue("unused_type") if unused else pki_type
    for _ in range(n or 1):
        query = None if wanted is None else {"pkiType": wanted}
        answers.file(party.ask(LIST, query=query), afterwards=said.afterwards)


@when("{party} reads {root}[ afterwards]")
def reads(party: Party, root: Registered) -> Exchange:
    """Ask for one root by its id."""
    return party.ask(READ, path={"rootCertificateId": root.id})


@when("{party} registers {new_root}")
def registers(
    request: pytest.FixtureRequest, party: Party, data: TestData, answers: Answers, new_root: Ref
) -> Registered:
    """Send a root, or what is no root, made for this scenario."""
    root = shared.make(new_root.plan, request)
    answers.file(party.ask(PUT, body=spoilt(body(root), new_root.plan, data)), thing=root)
    return root


@when("{party} registers {root} again")
def registers_again(party: Party, root: Registered) -> Exchange:
    """Send the same root once more."""
    return party.ask(PUT, body=body(things.Registered(root.certificate, root.types)))


@when("{party} deletes {root}")
def deletes(party: Party, root: Registered) -> Exchange:
    """Remove a root, or try to."""
    return party.ask(DELETE, path={"rootCertificateId": root.id})


@when("the revocation list names {root}")
def is_revoked(scenario_endpoints: ScenarioEndpoints, root: Registered) -> None:
    """Publish a list with the root on it.

    Raises:
        ValueError: If the root has no revocation list of the tester's.
    """
    if root.made is None:
        raise ValueError("that root was registered without a revocation list")
    scenario_endpoints.publish(REVOCATION_LIST, root.made.revocation_list(revoked=True))
