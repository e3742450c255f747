"""What is done with vehicles and the pool that holds their provisioning certificates."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from features.steps.vehicles.shared import DELETE, LOOKUP, PATIENCE_S, READ
from features.vocabulary.references import Ref
from features.vocabulary.steps import when
from features.vocabulary.tables import Vocabulary
from fixtures.client.party_headers import originator
from fixtures.client.together import together
from fixtures.testdata.contract_requests import BY_PCID
from fixtures.testdata.spellings import stated
from fixtures.testdata.vehicles import publish
from opnc.broadcast import HEADER
from opnc.contract.beside import outside

if TYPE_CHECKING:
    from datetime import timedelta

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from features.vocabulary.sentence import Said
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target
    from fixtures.testdata.requests import PreparedRequest
    from fixtures.testdata.vehicles import Vehicle

LISTING = outside(
    "listProvisioningCertificates", "pcp", "GET", "Read a list, which no pool offers.", (400, 403)
)


@when("{party} publishes {vehicle}")
def publishes(party: Party, vehicle: Vehicle, bench: Bench) -> Exchange:
    """Publish the provisioning certificate of a vehicle, or try to."""
    slow = bench.status is not None and bench.status.is_failing
    return publish(party, vehicle, PATIENCE_S if slow else None)


@when(
    "{party} reads {vehicle}[ (here=in this pool alone)]"
    "[, with broadcast {mark:text}|(named=, naming itself in the party headers)][ afterwards]"
)
def reads(
    party: Party,
    target: Target,
    vehicle: Vehicle,
    said: Said,
    here: str | None,
    mark: str | None,
    named: str | None,
) -> Exchange:
    """Read the provisioning certificate of a vehicle; afterwards it is read in this pool alone.

    In this pool alone one reads as another pool would that passes a request on.
    """
    headers = {HEADER: "true"} if here or said.afterwards else {}
    if mark is not None:
        headers = {HEADER: mark}
    if named is not None:
        headers = originator(party.account, target)
    return party.ask(READ, path={"pcid": vehicle.pcid}, headers=headers)


@when("{party} reads {vehicle}, and the time is taken", target_fixture="took")
def reads_timed(bench: Bench, party: Party, answers: Answers, vehicle: Vehicle) -> timedelta:
    """Read the provisioning certificate of a vehicle, and see how long that takes by the target's clock."""
    party.token()  # had before, so that only the reading counts
    begun = bench.clock.now()
    answers.file(party.ask(READ, path={"pcid": vehicle.pcid}), thing=vehicle)
    return bench.clock.now() - begun


@when("{party} publishes {vehicle} and {other:vehicle} {n} times at once, while {reader:party} reads it")
def publishes_at_once(
    party: Party, target: Target, answers: Answers, vehicle: Vehicle, other: Vehicle, n: int, reader: Party
) -> None:
    """Publish two certificates of a vehicle again and again, and read before any of that was answered."""
    reads = partial(reader.ask, READ, path={"pcid": vehicle.pcid}, headers={HEADER: "true"})
    reads()  # gets a token; the other was had when the vehicle was published
    asks = [partial(publish, party, vehicle), partial(publish, party, other), reads]
    for answer in together(target, asks * n):
        answers.file(answer, thing=vehicle)


BY_THE_PCID: Vocabulary[str] = Vocabulary(
    "operation on a vehicle by its PCID", {"looks up": LOOKUP, "deletes": DELETE}
)


@when("{party} {BY_THE_PCID} {vehicle}[ afterwards]", BY_THE_PCID=BY_THE_PCID)
def does(party: Party, by_the_pcid: str, vehicle: Vehicle) -> Exchange:
    """Ask whether a vehicle is known, or delete its provisioning certificate."""
    return party.ask(by_the_pcid, path={"pcid": vehicle.pcid})


@when("{party} asks for {path:word} without saying which vehicle")
def asks_for_list(party: Party, path: str) -> Exchange:
    """Try to get a list of what the pool holds."""
    return party.ask(replace(LISTING, path=path))


@when("{party} reads and looks up that PCID in lower case in every pool")
def looks_everywhere(party: Party, calls: Register[PreparedRequest], answers: Answers) -> None:
    """Ask the pools of vehicles and of contracts for the PCID of the request that was prepared."""
    path = {"pcid": stated(calls[Ref("call")], "pcid").lower()}
    for operation in (LOOKUP, BY_PCID):
        answers.file(party.ask(operation, path=path))
