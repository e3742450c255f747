"""What the steps about backends share: what was seen of them, and the things that they have made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fixtures.answers import provisioning
from fixtures.judgements.clients import PUBLISH, leaf
from fixtures.judgements.clients_emsp import MAKING, emaids
from fixtures.testdata.contracts import Contract
from fixtures.testdata.vehicles import Vehicle
from opnc.pki.credentials import Credential
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from fixtures.backends.client_under_test import Backends, ObservedUseCase
    from fixtures.testdata.generator import TestData


@pytest.fixture
def observed() -> list[ObservedUseCase]:
    """What the backends have done for their own sake, in order."""
    return []


MAX_WAIT = timedelta(minutes=1)
"""How long the tester waits for a token to expire that it can get to expire otherwise."""

TOKEN_LEEWAY = timedelta(seconds=1)
"""How long after its last second a token is surely no longer good: it names whole seconds."""


@dataclass(slots=True)
class TokenLapse:
    """How the token of a backend has expired.

    Attributes:
        early: Whether by the clock of the services alone: then the backend could only learn it from them.
    """

    early: bool = False


@pytest.fixture
def token_lapse() -> TokenLapse:
    """How the token of the backend has expired, once it has."""
    return TokenLapse()


# eMSPs


def conclude(backends: Backends, vehicle: Vehicle) -> ObservedUseCase:
    """Have the backend of the eMSP make a contract."""
    return backends["emsp"].perform("conclude-contract", {"pcid": vehicle.pcid}, awaiting=MAKING)


def contract_made(done: ObservedUseCase, vehicle: Vehicle) -> Contract | None:
    """Return the latest contract that the backend has sent; None where it has sent none."""
    requests = done.of(*MAKING)
    if not requests:
        return None
    return Contract(
        party="emsp",
        emaid=emaids(done)[-1],
        pcid=vehicle.pcid,
        version=version_of(vehicle.leaf),
        operation=requests[-1].operation,
        request=requests[-1].body,
    )


# OEMs


def publish(backends: Backends) -> ObservedUseCase:
    """Have the backend of the OEM make and publish a vehicle."""
    return backends["oem"].perform("publish-vehicle", awaiting=(PUBLISH,))


def vehicle_published(done: ObservedUseCase, data: TestData) -> Vehicle | None:
    """Return the latest vehicle that the backend has published; None where none was taken.

    Only its OEM has its key. In its place stands one that opens nothing.
    """
    requests = done.of(PUBLISH)
    if not requests or requests[-1].exchange.answer.status != 200 or leaf(requests[-1]) is None:
        return None
    chain = provisioning.certificates(requests[-1].body).values()
    pcid = next(iter(chain)).common_name or ""
    no_key = data.pki.pki.seed.key(f"in place of that of {pcid}", "secp256r1")
    return Vehicle(pcid, Credential(tuple(each.der for each in chain), no_key), requests[-1].body)
