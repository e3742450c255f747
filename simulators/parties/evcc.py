"""The vehicle: asks for contracts, and installs what it gets only if everything holds.

    vehicle = Evcc(EvccProvisioning(pcid, {"ISO15118-2": provisioning}, roots))
    request = vehicle.request("ISO15118-2", at)
    outcome = vehicle.install(response, at)

It is the other end of everything that CPS and CCP do, and their strictest judge.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opnc.exi import encode
from opnc.problem import Problem
from opnc.provisioning.contract_data import Session
from opnc.provisioning.installation import Receiver, judge_response
from opnc.provisioning.messages import schema_of
from opnc.provisioning.requests import MAX_ROOTS, installation_request_2, installation_request_20

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.installation import Contract, Outcome
    from opnc.provisioning.keywrap import Randomness
    from opnc.provisioning.messages import Message
    from opnc.provisioning.requests import Wishes


@dataclass(frozen=True, slots=True)
class EvccProvisioning:
    """What a vehicle leaves the factory with.

    Attributes:
        pcid: Its PCID.
        credentials: Its OEM provisioning certificates with chain and key, for one edition of ISO 15118
            or both.
        v2g_roots: The V2G roots it trusts; a request names the first 20.
        emsp_roots: Further roots it trusts for contracts.
    """

    pcid: str
    credentials: Mapping[Version, Credential]
    v2g_roots: tuple[ReadCertificate, ...]
    emsp_roots: tuple[ReadCertificate, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedInstallationRequest:
    """A request on its way.

    Attributes:
        message: The message.
        exi: Its EXI stream.
        session_id: The session it is made in.
        version: The edition of ISO 15118.
    """

    message: Message
    exi: bytes
    session_id: bytes
    version: Version

    @property
    def text(self) -> str:
        """The EXI stream in base64, as OPNC carries it."""
        return base64.b64encode(self.exi).decode("ascii")


class Evcc:
    """A vehicle with its contracts.

    Attributes:
        provisioning: What it left the factory with.
    """

    def __init__(self, provisioning: EvccProvisioning, random: Randomness = secrets.token_bytes) -> None:
        self.provisioning = provisioning
        self._random = random
        self._contracts: dict[tuple[Version, str], Contract] = {}
        self._default: dict[Version, str] = {}

    def request(
        self,
        version: Version,
        at: datetime,
        *,
        session_id: bytes | None = None,
        wishes: Wishes | None = None,
    ) -> SignedInstallationRequest:
        """Ask for contracts: a signed CertificateInstallationReq.

        Args:
            version: The edition of ISO 15118.
            at: The time of the message.
            session_id: The session; a fresh one of 8 octets when absent.
            wishes: How many contracts, and which first, in ISO 15118-20.

        Raises:
            Problem: The vehicle has no provisioning certificate of that edition, or trusts no root.
        """
        session = Session(self._random(8) if session_id is None else session_id, at)
        provisioning, roots = self._credential(version), self.provisioning.v2g_roots[:MAX_ROOTS]
        message: Message
        if version == "ISO15118-2":
            message = installation_request_2(provisioning, roots, session)
        else:
            message = installation_request_20(provisioning, roots, session, wishes)
        return SignedInstallationRequest(message, encode(message, schema_of(message)), session.id, version)

    def verify(
        self,
        response: str | bytes,
        at: datetime,
        version: Version = "ISO15118-2",
        session_id: bytes | None = None,
    ) -> Outcome:
        """Verify a CertificateInstallationRes without installing anything.

        Args:
            response: The EXI stream, or its base64 as OPNC carries it.
            at: When certificates have to be valid.
            version: The edition of ISO 15118 it was asked for in.
            session_id: The session it was asked for in; None where it was not asked for.

        Raises:
            Problem: The vehicle has no provisioning certificate of that edition.
        """
        # All roots that it trusts, not those that the request has named: it has room for some of them only.
        receiver = Receiver(
            self.provisioning.pcid,
            version,
            self._credential(version).key,
            self.provisioning.v2g_roots,
            self.provisioning.emsp_roots,
            session_id,
        )
        return judge_response(response, receiver, at)

    def install(
        self,
        response: str | bytes,
        at: datetime,
        version: Version = "ISO15118-2",
        session_id: bytes | None = None,
    ) -> Outcome:
        """Install the contract of a CertificateInstallationRes, if everything holds.

        The first contract of an edition becomes its default; another one with the same EMAID replaces the
        old.

        Args:
            response: As in `verify`.
            at: As in `verify`.
            version: As in `verify`.
            session_id: As in `verify`.

        Raises:
            Problem: The vehicle has no provisioning certificate of that edition.
        """
        # Judged whole before anything is kept: a vehicle does not hold half a contract.
        outcome = self.verify(response, at, version, session_id)
        if outcome.contract:
            emaid = outcome.contract.emaid
            # A dictionary keeps the place of a key that is there: a renewed contract is as old as the first.
            self._contracts[version, emaid] = outcome.contract
            self._default.setdefault(version, emaid)
        return outcome

    def contracts(self, version: Version = "ISO15118-2") -> tuple[Contract, ...]:
        """Return the installed contracts of an edition, the oldest first."""
        return tuple(held for (edition, _), held in self._contracts.items() if edition == version)

    def default(self, version: Version = "ISO15118-2") -> Contract | None:
        """Return the contract the vehicle charges with, unless told otherwise."""
        emaid = self._default.get(version)
        return None if emaid is None else self._contracts[version, emaid]

    def set_default(self, emaid: str, version: Version = "ISO15118-2") -> None:
        """Choose the contract to charge with.

        Raises:
            Problem: No such contract is installed.
        """
        self._held(emaid, version)
        self._default[version] = emaid

    def remove(self, emaid: str, version: Version = "ISO15118-2") -> None:
        """Remove a contract; if it was the default, the oldest of the others is.

        Raises:
            Problem: No such contract is installed.
        """
        self._held(emaid, version)
        del self._contracts[version, emaid]
        if self._default[version] == emaid:
            del self._default[version]
            # The oldest, as the pool does it (`ContractLifecycle`); none where no other is left.
            for other in self.contracts(version)[:1]:
                self._default[version] = other.emaid

    def _held(self, emaid: str, version: Version) -> Contract:
        if (version, emaid) not in self._contracts:
            raise Problem(f"no contract {emaid!r} of {version} is installed", where=self.provisioning.pcid)
        return self._contracts[version, emaid]

    def _credential(self, version: Version) -> Credential:
        if version not in self.provisioning.credentials:
            raise Problem(
                f"the vehicle has no provisioning certificate of {version}", where=self.provisioning.pcid
            )
        return self.provisioning.credentials[version]
