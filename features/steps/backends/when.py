"""What the backends of CPOs, eMSPs and OEMs are made to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.backends.shared import conclude, contract_made, publish
from features.vocabulary.references import Ref
from features.vocabulary.steps import when
from fixtures.backends.event_composer import send_event
from fixtures.judgements import clients, clients_cpo, clients_emsp
from fixtures.testdata.evcc import evcc_of
from opnc import events
from opnc.provisioning.namespaces import NAMESPACES
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from features.vocabulary.references import Register
    from fixtures.backends.client_under_test import Backends, ObservedUseCase
    from fixtures.backends.event_composer import EventComposers
    from fixtures.bench.interface import Bench
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.reading import ReadCertificate


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
    observed.append(backends["cpo"].perform("install-contract", handed, awaiting=(clients_cpo.PASS_ON,)))
    return handed


@when("the CPO backend updates the roots of its charge points")
def updates_roots(backends: Backends, observed: list[ObservedUseCase]) -> None:
    """Have the roots read; types may be asked for one after the other."""
    observed.append(backends["cpo"].perform("update-roots"))


@when("the CPO backend is told of {event:text}")
def is_told(
    backends: Backends, observed: list[ObservedUseCase], event_composers: EventComposers, event: str
) -> None:
    """Send an event about a root."""
    composer = event_composers.composer(event, "cpo")
    observed.append(
        backends["cpo"].observe(
            lambda: send_event(composer, composer.message), awaiting=(clients.ROOTS, clients.ROOT)
        )
    )


@when("the CPO backend enrols a new charge point")
def enrols(backends: Backends, observed: list[ObservedUseCase], evse: str) -> None:
    """Have a certificate enrolled."""
    values = {"evseId": evse}
    observed.append(backends["cpo"].perform("enrol-charge-point", values, awaiting=(clients_cpo.ENROLL,)))


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


@when("the OEM backend updates the trust stores of its vehicles")
def updates_trust_stores(backends: Backends, observed: list[ObservedUseCase]) -> None:
    """Have the roots read."""
    observed.append(backends["oem"].perform("update-trust-stores", awaiting=(clients.ROOTS,)))


@when("the OEM backend makes {contract} the default")
def makes_default(backends: Backends, observed: list[ObservedUseCase], contract: Contract) -> None:
    """Have a default chosen for the vehicle of a contract."""
    values = {"pcid": contract.pcid, "emaid": contract.emaid}
    observed.append(backends["oem"].perform("set-default", values, awaiting=(clients.SET_DEFAULT,)))
