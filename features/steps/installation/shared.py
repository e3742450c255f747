"""What the steps about installation share: the vehicles themselves, what they send and install."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from features.vocabulary.references import NoSuchThing
from fixtures.answers import installation as installation_answers
from fixtures.answers.bodies import body_of, member, sent_by
from fixtures.testdata.contract_requests import FETCH, REQUEST
from fixtures.testdata.evcc import evcc_of
from opnc.provisioning.namespaces import NAMESPACES
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from features.vocabulary.answers import Answers
    from fixtures.client.parties import Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.testdata.evcc import Evcc, SignedInstallationRequest
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.installation import Contract as Installed
    from opnc.provisioning.installation import Outcome

EDITIONS: Mapping[str, Version] = {"ISO 15118-2": "ISO15118-2", "ISO 15118-20": "ISO15118-20"}
"""How scenarios call the editions of ISO 15118 -> how certificates and messages are told apart."""


@dataclass(frozen=True, slots=True)
class Evccs:
    """The vehicles themselves: what each has on board, beside what its OEM knows of it.

    Attributes:
        data: Where their randomness comes from.
        trusted: The V2G roots that they trust.
        kept: Those that keep what they have installed, by the certificate they show.
    """

    data: TestData
    trusted: Sequence[ReadCertificate]
    kept: dict[str, Evcc] = field(default_factory=dict)

    def anew(self, vehicle: Vehicle, trusted: Sequence[ReadCertificate] | None = None) -> Evcc:
        """Return a vehicle that has nothing installed; it may trust other roots than all of the pool."""
        return evcc_of(self.data, vehicle, self.trusted if trusted is None else trusted)

    def __getitem__(self, vehicle: Vehicle) -> Evcc:
        """Return the vehicle as it has left the last charging station."""
        return self.kept.setdefault(vehicle.leaf.fingerprint, self.anew(vehicle))


@pytest.fixture
def evccs(data: TestData, v2g_roots: list[ReadCertificate]) -> Evccs:
    """The vehicles of the scenario themselves."""
    return Evccs(data, v2g_roots)


def send(
    party: Party, request: SignedInstallationRequest, headers: Mapping[str, str] | None = None
) -> Exchange:
    """Hand the request of a vehicle to the pool, as the backend of its charging station does."""
    body = {"certificateInstallationReq": request.text, "xsdMsgDefNamespace": NAMESPACES[request.version]}
    return party.ask(REQUEST, headers=headers, body=body)


def delivery(answers: Answers, version: Version | None = None) -> Exchange:
    """Return the latest answer that may bring contracts to a vehicle.

    Args:
        answers: Those of the scenario.
        version: Of which edition what was asked for is, where a vehicle has asked in both.

    Raises:
        NoSuchThing: If nobody has asked for contracts.
    """
    found = answers.all_of(REQUEST, FETCH)
    of_edition = [each for each in found if version is None or _may_be_of(each, version)]
    return of_edition[-1] if of_edition else answers.of(REQUEST, FETCH)


def _may_be_of(answer: Exchange, version: Version) -> bool:
    return member(sent_by(answer), "xsdMsgDefNamespace") in {None, NAMESPACES[version]}


@dataclass(frozen=True, slots=True)
class InstallationRound:
    """What a vehicle made of an answer that was delivered to it.

    Attributes:
        version: The edition of ISO 15118.
        delivered: The answer that was brought.
        outcomes: What the vehicle found, message by message.
        held: Its contracts from now on.
    """

    version: Version
    delivered: Exchange
    outcomes: tuple[Outcome, ...]
    held: tuple[Installed, ...]


@pytest.fixture
def installation_rounds() -> list[InstallationRound]:
    """What became of the vehicles of the scenario, round by round."""
    return []


def install_from(evcc: Evcc, version: Version, answer: Exchange, at: datetime) -> InstallationRound:
    """Let a vehicle install what it can of an answer."""
    found = installation_answers.delivered(body_of(answer), version)
    messages = (str(each.get(installation_answers.MESSAGE)) for each in found)
    outcomes = tuple(evcc.install(message, at, version) for message in messages)
    return InstallationRound(version, answer, outcomes, evcc.contracts(version))


def last_round(
    installation_rounds: Sequence[InstallationRound], vehicle: Vehicle, edition: str | None = None
) -> InstallationRound:
    """Return what became of a vehicle in the end, in the edition of ISO 15118 that is said or in its own.

    Raises:
        NoSuchThing: If nothing was delivered to it.
    """
    version = version_of(vehicle.leaf) if edition is None else EDITIONS[edition]
    found = [each for each in installation_rounds if each.version == version]
    if not found:
        raise NoSuchThing(f"the vehicle was not plugged in for {version}, nor sent anything")
    return found[-1]
