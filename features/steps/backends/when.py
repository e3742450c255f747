"""What the backends of CPOs, eMSPs and OEMs are made to do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from features.steps.backends.acts import ACT, Act, Stage
from features.steps.backends.shared import MAX_WAIT, TOKEN_LEEWAY, conclude, contract_made, publish
from features.vocabulary.references import Ref
from features.vocabulary.steps import when
from fixtures.backends.event_composer import send_event, send_forged
from fixtures.judgements import clients, clients_cpo, clients_emsp
from fixtures.judging import Inconclusive
from fixtures.target.declaration import CLOCK
from fixtures.testdata.evcc import evcc_of
from opnc import events
from opnc.provisioning.namespaces import NAMESPACES
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.steps.backends.shared import TokenLapse
    from features.vocabulary.references import Register
    from fixtures.backends.client_under_test import Backends, ObservedUseCase
    from fixtures.backends.event_composer import EventComposers
    from fixtures.bench.interface import Bench
    from fixtures.target.declaration import Target
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.reading import ReadCertificate


# Whoever it is


@when("{ACT}", ACT=ACT)
def does(
    backends: Backends,
    data: TestData,
    vehicles: Register[Vehicle],
    contracts: Register[Contract],
    observed: list[ObservedUseCase],
    act: Act,
) -> None:
    """Have a backend do something that is about nothing, or about what the scenario has."""
    observed.append(act.perform(Stage(backends, data, vehicles, contracts, observed)))


@when(
    "the (party=CPO|eMSP|OEM) backend is told of {event:text}[ about {contract}]"
    "[forged= signed with another secret]"
)
def is_told(
    backends: Backends,
    observed: list[ObservedUseCase],
    event_composers: EventComposers,
    target: Target,
    party: str,
    event: str,
    contract: Contract | None,
    *,
    forged: bool,
) -> None:
    """Send an event about a root or a contract, and see what comes of it.

    What an OEM does about contracts it has to claim as a use case.
    """
    backend, awaiting = backends[party], REACTIONS.get(events.canonical(event), ())
    if awaiting == (clients.FETCH,):
        backend.demand("fetch-contract")
    about_root = events.canonical(event) in events.ROOT_EVENTS
    composer = event_composers.composer(event, backend.account.party if about_root else None)
    values = {} if contract is None else {"pcid": contract.pcid, "emaid": contract.emaid}
    message = {**composer.message, **({"payload": values} if values else {})}
    if forged:
        target.demand_declared("checks_signatures", default=True)
        observed.append(backend.observe(lambda: send_forged(composer, message), values))
    else:
        observed.append(backend.observe(lambda: send_event(composer, message), values, awaiting=awaiting))


REACTIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(events.ROOT_EVENTS, (clients.ROOTS, clients.ROOT)),
    **dict.fromkeys((events.CONTRACT_CREATED, events.CONTRACT_UPDATED), (clients.FETCH,)),
}
"""Event -> the operations of which one shows that something is done about it; absent: nothing is awaited."""


@when("the token of the (party=CPO|eMSP|OEM) backend has expired")
def token_has_expired(
    bench: Bench, target: Target, backends: Backends, token_lapse: TokenLapse, party: str
) -> None:
    """Let time pass until the token of the backend's latest request is no longer good.

    By whatever clock: only where a token lasts too long to be waited for the services' clock alone is moved.
    """
    stated = [each.expires for done in backends.done for each in done.seen if each.expires is not None]
    if not stated:
        raise Inconclusive(f"the {party} backend has shown no token that says how long it lasts")
    lasts = datetime.fromtimestamp(stated[-1], UTC) - bench.clock.now() + TOKEN_LEEWAY
    # A simulated backend goes by the clock of the services.
    token_lapse.early = bench.settle_s > 0 and lasts > MAX_WAIT
    if bench.settle_s > 0 and lasts <= MAX_WAIT:
        bench.wait(max(lasts, TOKEN_LEEWAY))
    else:
        target.demand([CLOCK])
        bench.advance(lasts)


# CPOs


@when("the CPO backend is handed the request of {vehicle} by a charge point", target_fixture="handed")
def is_handed(
    bench: Bench,
    data: TestData,
    backends: Backends,
    observed: list[ObservedUseCase],
    vehicle: Vehicle,
    v2g_roots: list[ReadCertificate],
) -> dict[str, str]:
    """Play the charge point: hand over what a vehicle sends that wants its contract."""
    version = version_of(vehicle.leaf)
    request = evcc_of(data, vehicle, v2g_roots).request(version, bench.clock.now())
    handed = {clients_cpo.REQUEST: request.text, clients_cpo.NAMESPACE: NAMESPACES[version]}
    backend = backends["cpo"]
    observed.append(
        backend.perform("install-contract", handed, awaiting=(clients_cpo.PASS_ON,), refusable=True)
    )
    return handed


# eMSPs


@when("the eMSP backend (how=concludes|is asked for) {new_contract} for {vehicle}")
def concludes(
    backends: Backends, observed: list[ObservedUseCase], how: str, vehicle: Vehicle
) -> Contract | None:
    """Have a contract made; "is asked for" waits to see whether one is made that must not be."""
    if how == "concludes":
        done = conclude(backends, vehicle)
    else:
        done = backends["emsp"].perform("conclude-contract", {"pcid": vehicle.pcid})
    observed.append(done)
    return contract_made(done, vehicle)


@when("the eMSP backend has contract data for {vehicle} signed only")
def signs_then_stores(backends: Backends, observed: list[ObservedUseCase], vehicle: Vehicle) -> None:
    """Have a contract made with a CPS that only signs."""
    values = {"pcid": vehicle.pcid}
    observed.append(backends["emsp"].perform("sign-then-store", values, awaiting=(clients_emsp.STORE,)))


@when("the eMSP backend is told that {vehicle} was reset")
def is_told_of_reset(
    backends: Backends,
    observed: list[ObservedUseCase],
    event_composers: EventComposers,
    vehicle: Vehicle,
    contracts: Register[Contract],
) -> None:
    """Send the event about that contract, and wait to see what comes of it."""
    composer = event_composers.composer(events.FACTORY_RESET)
    payload = {"pcid": vehicle.pcid, "emaid": contracts[Ref("contract")].emaid}
    observed.append(
        backends["emsp"].observe(lambda: send_event(composer, {**composer.message, "payload": payload}))
    )


# OEMs


@when("the OEM backend publishes (a|another) vehicle")
def publishes(backends: Backends, observed: list[ObservedUseCase]) -> None:
    """Have a vehicle made and published; how it is made is up to the backend."""
    observed.append(publish(backends))


@when("the OEM backend (how=renews|removes) {vehicle}")
def renews_or_removes(
    backends: Backends, observed: list[ObservedUseCase], how: str, vehicle: Vehicle
) -> None:
    """Have a vehicle get a new certificate, or have it removed."""
    renewing = how == "renews"
    use_case = "renew-vehicle" if renewing else "remove-vehicle"
    awaiting = (clients.PUBLISH if renewing else clients.REMOVE,)
    observed.append(backends["oem"].perform(use_case, {"pcid": vehicle.pcid}, awaiting=awaiting))


@when("the OEM backend makes {contract} the default")
def makes_default(backends: Backends, observed: list[ObservedUseCase], contract: Contract) -> None:
    """Have a default chosen for the vehicle of a contract."""
    values = {"pcid": contract.pcid, "emaid": contract.emaid}
    observed.append(backends["oem"].perform("set-default", values, awaiting=(clients.SET_DEFAULT,)))
