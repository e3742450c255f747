"""What is done with roots: listing, reading, registering, deleting, revoking."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from features.steps.roots import shared
from features.steps.roots.shared import DELETE, LIST, PUT, READ, REVOCATION_LIST, body, spoilt
from features.vocabulary.steps import when
from fixtures.client.together import together

if TYPE_CHECKING:
    import pytest

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Ref
    from features.vocabulary.sentence import Said
    from features.vocabulary.things import Registered
    from fixtures.client.parties import Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.target.declaration import Target
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


OTHER_TRUST_LISTS = ("American CTL", "No CTL")
"""What a root is put again with; it stands in none of the lists that it was registered with."""


@when("{party} registers {root} again[ with types {types:names}|(lists= with other trust lists)]")
def registers_again(
    party: Party, root: Registered, types: tuple[str, ...] | None, lists: str | None
) -> Exchange:
    """Send the same root once more, or with another value of one member."""
    further = {"rootCtlList": list(OTHER_TRUST_LISTS)} if lists else {}
    sent = replace(root, id="", types=types or root.types, members={**root.members, **further})
    return party.ask(PUT, body=body(sent))


@when("{party} registers {new_root} by {n} requests at once")
def registers_at_once(
    request: pytest.FixtureRequest, party: Party, target: Target, answers: Answers, new_root: Ref, n: int
) -> Registered:
    """Send a root several times before any of the requests was answered."""
    root = shared.make(new_root.plan, request)
    party.ask(LIST)  # gets a token, which all of the requests show
    for answer in together(target, [lambda: party.ask(PUT, body=body(root))] * n):
        answers.file(answer, thing=root)
    return root


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
