"""How a CCP delivers: in answer to the request of a vehicle at a charging station, or to its OEM.

OPNC: processes/docs/02_PnC_business-processes.md, "Providing Signed Contract Data to CPO-Backend on Request".
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opnc.exi import DecodeError, EncodeError, encode
from opnc.identifiers import Emaid, Pcid
from opnc.pki.chains import check_validity
from opnc.pki.deviations import Unreadable
from opnc.pki.reading import ReadCertificate, read_certificate
from opnc.pki.validity import Validity
from opnc.provisioning.contract_data import Session
from opnc.provisioning.delivery import in_session, is_request, lists_root, wished_emaids
from opnc.provisioning.failures import Failure, failure_response
from opnc.provisioning.messages import schema_of, signer_chain
from opnc.provisioning.namespaces import NAMESPACES, version_of
from opnc.provisioning.verification import verify
from simulators.ccp.store import CONTRACTS
from simulators.ccp.submission import MESSAGE, chains_of, message_of, octets_of
from simulators.kernel import Answer, Call, Named, NotHere, Refusal
from simulators.pcp.provisioned import provisioning_chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from opnc.pki.profiles import Version
    from opnc.pki.revocation import Status
    from opnc.provisioning.messages import Message
    from simulators.ccp.store import Contracts
    from simulators.kernel import Service
    from simulators.pcp.store import Vehicles
    from simulators.pki.relying_party import RelyingParty

REQUEST, COLLECTION = "certificateInstallationReq", "signedContractDataCollection"
NOT_FOUND = "The contract for the given EMAID not found."
INVALID_EXI = "EXI format is invalid!"
INVALID_SESSION = (
    "Invalid SessionID format: up to 16 hexadecimal digits, two for each byte; exactly 16 in ISO 15118-20"
)

_NO_SESSION = bytes(8)

Rows = list["Row[Any]"]
Sieve = Callable[[Rows, "Asked"], Rows]


class Failed(Refusal):
    """A vehicle's request fails.

    Attributes:
        failure: What the vehicle is told.
    """

    def __init__(self, status: int, message: str, failure: Failure) -> None:
        super().__init__(status, message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Asked:
    """The request of a vehicle.

    Attributes:
        message: The CertificateInstallationReq.
        version: The generation of ISO 15118.
        certificate: The provisioning certificate in it.
    """

    message: Message
    version: Version
    certificate: ReadCertificate

    @property
    def pcid(self) -> str:
        """The vehicle: the common name of its certificate."""
        return Pcid.parse(self.certificate.common_name or "").normalised


class Delivery:
    """Answers requests for contract data."""

    def __init__(
        self, service: Service, contracts: Contracts, vehicles: Vehicles, relying: RelyingParty
    ) -> None:
        self._service = service
        self._contracts = contracts
        self._vehicles = vehicles
        self._relying = relying

    # At a charging station

    def by_request(self, call: Call) -> tuple[Answer, Rows]:
        """Answer a vehicle's request; also return what was delivered.

        Raises:
            Refusal: If there is nothing to deliver; says it in the vehicle's language, if that is wanted.
        """
        octets = octets_of(call.body[REQUEST], REQUEST)
        version, session = version_of(call.body["xsdMsgDefNamespace"]), _NO_SESSION
        try:
            message = _message(octets, version)
            session = message.Header.SessionID
            asked = _asked(message, version)
            for check in self._service.enabled(self._checks):
                check(asked)
            rows = self._found(asked)
        except Failed as failed:
            raise self._refusal(call, failed, version, session) from failed
        return self._answer(asked, rows), rows

    @property
    def _checks(self) -> tuple[Named[Callable[[Asked], None]], ...]:
        return (
            Named("ccp.request.dates", self._is_current),
            Named("ccp.request.signature", _is_signed),
            Named("ccp.request.vehicle", self._is_known),
            Named("ccp.request.status", self._is_unrevoked),
        )

    def _is_known(self, asked: Asked) -> None:
        """Make sure that the PCP has this very certificate."""
        chain = provisioning_chain(self._vehicles, asked.pcid, asked.version)
        if not chain:
            raise Failed(404, f"no provisioning certificate is published for {asked.pcid}", Failure.CHAIN)
        if chain[0] != asked.certificate:
            raise Failed(
                400, f"another provisioning certificate is published for {asked.pcid}", Failure.CHAIN
            )

    def _is_current(self, asked: Asked) -> None:
        for found in check_validity((asked.certificate,), self._now()):
            raise Failed(400, f"OEMProvisioningCert: {found.seen}", Failure.EXPIRED)

    def _is_unrevoked(self, asked: Asked) -> None:
        chain = provisioning_chain(self._vehicles, asked.pcid, asked.version)
        path = self._relying.chain(chain, "oem", "v2g").path
        for certificate, status in self._relying.states(path):
            if status is None or status.state != "good":
                state = "not to be had" if status is None else status.state
                raise Failed(400, f"{certificate.subject}: the status is {state}", Failure.REVOKED)

    def _found(self, asked: Asked) -> Rows:
        """Return what can be delivered, in order."""
        conditions = (condition(asked) for condition in self._service.enabled(self._conditions))
        rows = self._contracts.find(*conditions)
        if not rows:
            raise Failed(404, f"there is no contract for {asked.pcid}", Failure.NO_CONTRACT)
        for sift in self._service.enabled(self._sieves):
            rows = sift(rows, asked)
        return rows

    @property
    def _conditions(self) -> tuple[Named[Callable[[Asked], ColumnElement[bool]]], ...]:
        return (
            Named("ccp.deliver.vehicle", lambda asked: CONTRACTS.c.pcid == asked.pcid),
            Named("ccp.deliver.version", lambda asked: CONTRACTS.c.version == asked.version),
        )

    @property
    def _sieves(self) -> tuple[Named[Sieve], ...]:
        return (
            Named("ccp.deliver.dates", self._current),
            Named("ccp.deliver.default", _default_only),
            Named("ccp.deliver.copies", self._one_of_each),
            Named("ccp.deliver.status", self._unrevoked),
            Named("ccp.deliver.order", _wished_first),
        )

    def _current(self, rows: Rows, _asked: Asked) -> Rows:
        now = self._now().timestamp()
        kept = [row for row in rows if Validity(row.valid_from, row.valid_to).contains(now)]
        if not kept:
            raise Failed(404, "no certificate of the contract is valid now", Failure.EXPIRED)
        return kept

    def _unrevoked(self, rows: Rows, _asked: Asked) -> Rows:
        kept = [row for row in rows if all(status and status.state == "good" for status in self.states(row))]
        if not kept:
            raise Failed(404, "the contract was revoked, or nobody vouches for it", Failure.REVOKED)
        return kept

    def states(self, row: Row[Any]) -> Iterator[Status | None]:
        """Yield the status of each certificate of stored contract data; None where it cannot be had."""
        data = chains_of(row)
        for chain, types in ((data.contract, ("emsp", "v2g")), (data.cps, ("v2g",))):
            checked = self._relying.chain(chain, *types)
            yield from (status for _, status in self._relying.states(checked.path))

    def _one_of_each(self, rows: Rows, asked: Asked) -> Rows:
        """Keep one copy of each contract, if possible one under a root that the vehicle trusts (ERR-096)."""
        listed = self._service.doing(Named("ccp.deliver.root", self._listed))(asked)
        kept: dict[str, Row[Any]] = {}
        for row in rows:
            if row.emaid not in kept or (row.root in listed and kept[row.emaid].root not in listed):
                kept[row.emaid] = row
        return list(kept.values())

    def _listed(self, asked: Asked) -> frozenset[str]:
        """Return the fingerprints of the roots that the vehicle names."""
        roots = self._relying.roots("v2g")
        return frozenset(root.fingerprint for root in roots if lists_root(asked.message, root))

    def _answer(self, asked: Asked, rows: Rows) -> Answer:
        items = []
        for number, row in enumerate(rows, start=1):
            session = Session(asked.message.Header.SessionID, self._now(), len(rows) - number)
            response = row.response
            for put_into in self._service.enabled((Named("ccp.deliver.session", _in_session),)):
                response = put_into(row, session)
            items.append(item(row, response))
        return collection(items)

    def holds_any_for(self, pcid: str) -> bool:
        """Tell whether there is any contract for a vehicle, of whatever generation and state."""
        return bool(self._contracts.find(CONTRACTS.c.pcid == pcid, at_most=1))

    def _refusal(self, call: Call, failed: Failed, version: Version, session: bytes) -> Refusal:
        """Tell the vehicle why, or else the CPO (ERR-081)."""
        kind = NotHere if failed.status == 404 else Refusal
        if not self._service.doing(Named("ccp.request.always-exi", _wants_exi))(call):
            return kind(failed.status, failed.message)
        fitting = session if version == "ISO15118-2" or len(session) == len(_NO_SESSION) else _NO_SESSION
        fail = self._service.doing(Named("ccp.request.failure", failure_response))
        message = fail(failed.failure, version, Session(fitting, self._now()))
        text = b64encode(encode(message, schema_of(message))).decode()
        told = collection([json.dumps({MESSAGE: text, "xsdMsgDefNamespace": NAMESPACES[version]})])
        return kind(failed.status, failed.message, answer=told)

    # To the OEM

    def to_oem(self, row: Row[Any], session: str) -> Answer:
        """Answer with stored contract data, in a session if one is named.

        Raises:
            Refusal: 400, where the session id does not fit.
        """
        response = row.response
        if session:
            for put_into in self._service.enabled((Named("ccp.fetch.session", _in_session),)):
                response = put_into(row, Session(_session_id(session), self._now()))
        return collection([item(row, response)])

    def _now(self) -> datetime:
        return self._service.setting.clock.now()


def item(row: Row[Any], response: bytes) -> str:
    """Return a signedContractData object."""
    return f'{{"{MESSAGE}":"{b64encode(response).decode()}",{row.signed[1:]}'


def collection(items: Sequence[str]) -> Answer:
    """Answer with signedContractData objects."""
    return Answer(200, f'{{"{COLLECTION}":[{",".join(items)}]}}'.encode())


def vehicle_of(call: Call) -> str:
    """Return the PCID of the vehicle that a request is of, upper case.

    Raises:
        Refusal: If it is no request of a vehicle.
    """
    version = version_of(call.body["xsdMsgDefNamespace"])
    return _asked(_message(octets_of(call.body[REQUEST], REQUEST), version), version).pcid


def _message(octets: bytes, version: Version) -> Message:
    try:
        message = message_of(octets, version)
    except DecodeError as error:
        raise Failed(400, f"{INVALID_EXI} {REQUEST}: {error}", Failure.UNDECODABLE) from error
    if not is_request(message):
        raise Failed(400, f"{INVALID_EXI} {REQUEST}: it is another message", Failure.UNDECODABLE)
    return message


def _asked(message: Message, version: Version) -> Asked:
    try:
        certificate = read_certificate(signer_chain(message)[0])
    except Unreadable as problem:
        raise Failed(400, f"OEMProvisioningCert: {problem.what}", Failure.CHAIN) from problem
    if not Pcid.valid(certificate.common_name or ""):
        raise Failed(400, "OEMProvisioningCert: the common name is no PCID", Failure.CHAIN)
    return Asked(message, version, certificate)


def _is_signed(asked: Asked) -> None:
    key = asked.certificate.public_key
    found = () if key is None else verify(asked.message, key).findings
    failing = [each for each in found if each.level == "fail"]
    if key is None or failing:
        what = "; ".join(f"{each.field}: expected {each.expected}, seen {each.seen}" for each in failing)
        raise Failed(400, f"the signature of the request does not hold: {what}", Failure.SIGNATURE)


def _default_only(rows: Rows, asked: Asked) -> Rows:
    """Keep the default in ISO 15118-2, which has room for one contract (ERR-082)."""
    if asked.version != "ISO15118-2":
        return rows
    kept = [row for row in rows if row.is_default]
    if not kept:
        raise Failed(404, "the default contract cannot be delivered now", Failure.NO_CONTRACT)
    return kept


def _wished_first(rows: Rows, asked: Asked) -> Rows:
    """Put first what the vehicle wants first, then the default, then the oldest (ERR-092)."""
    wished = [
        Emaid.parse(text).normalised for text in wished_emaids(asked.message) if Emaid.valid_in_api(text)
    ]
    places = {emaid: place for place, emaid in reversed(list(enumerate(wished)))}
    return sorted(rows, key=lambda row: (places.get(row.emaid, len(wished)), not row.is_default))


def _in_session(row: Row[Any], session: Session) -> bytes:
    message = in_session(message_of(row.response, row.version), session)
    try:
        return encode(message, schema_of(message))
    except EncodeError as error:
        raise Refusal(400, INVALID_SESSION) from error


def _session_id(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Refusal(400, INVALID_SESSION) from error


def _wants_exi(call: Call) -> bool:
    return call.headers.get("alwaysreturnexi", "true") == "true"
