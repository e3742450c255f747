"""How a CCP delivers: in answer to the request of a vehicle at a charging station, or to its OEM.

OPNC: processes/docs/02_PnC_business-processes.md, "Providing Signed Contract Data to CPO-Backend on Request".
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from opnc.exi import EncodeError, encode
from opnc.identifiers import Emaid, Pcid
from opnc.pki.chains import check_validity
from opnc.pki.reading import ReadCertificate
from opnc.pki.validity import Validity, whole_second
from opnc.provisioning.contract_data import Session
from opnc.provisioning.delivery import in_session, lists_root, wished_emaids
from opnc.provisioning.failures import Failure, failure_response
from opnc.provisioning.messages import schema_of
from opnc.provisioning.namespaces import NAMESPACES, version_of
from simulators.ccp.installation_request import (
    REQUEST,
    InstallationRefused,
    InstallationRequest,
    check_signed,
    read_message,
    read_request,
    vehicle_of,
)
from simulators.ccp.store import CONTRACTS, is_for
from simulators.ccp.submission import MESSAGE, chains_of, decode_base64, message_of
from simulators.kernel import Answer, Call, Failpoint, NotFoundLocally, Refusal, failpoint, failpoint_function
from simulators.pcp.provisioned import provisioning_chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement

    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Status
    from opnc.provisioning.messages import Message
    from simulators.ccp.store import ContractStore, StoredContract
    from simulators.kernel import EcosystemContext
    from simulators.pcp.foreign_vehicles import KnownVehicles
    from simulators.pki.relying_party import RelyingParty

COLLECTION = "signedContractDataCollection"
NOT_FOUND = "The contract for the given EMAID not found."
INVALID_SESSION = (
    "Invalid SessionID format: up to 16 hexadecimal digits, two for each byte; exactly 16 in ISO 15118-20"
)

NO_EMAID, NO_PCID = "ZZZZZ000000000", "ZZZ00000000000000"
"""What stands for ids in an answer about no contract, and to a request that names no vehicle (ERR-081).

The schema wants both; country and WMI are assigned to nobody.
"""

_NO_SESSION = bytes(8)

Contracts = list["StoredContract"]
ContractFilter = Callable[[Contracts, "InstallationRequest"], Contracts]


class ContractDelivery:
    """Answers requests for contract data.

    Attributes:
        injector: The faults that are on.
    """

    def __init__(
        self,
        context: EcosystemContext,
        contracts: ContractStore,
        vehicles: KnownVehicles,
        relying: RelyingParty,
    ) -> None:
        self.injector = context.injector
        self._clock = context.clock
        self._contracts = contracts
        self._vehicles = vehicles
        self._relying = relying

    # At a charging station

    def answer_request(self, call: Call) -> tuple[Answer, Contracts]:
        """Answer a vehicle's request; also return what was delivered.

        Raises:
            Refusal: If there is nothing to deliver; says it in the vehicle's language, if that is wanted.
        """
        octets = decode_base64(call.body[REQUEST], REQUEST)
        version, session = version_of(call.body["xsdMsgDefNamespace"]), _NO_SESSION
        try:
            message = read_message(octets, version)
            session = message.Header.SessionID
            request = read_request(message, version)
            for check in self.injector.enabled(self._request_controls):
                check(request)
            contracts = self._select_contracts(request)
        except InstallationRefused as refused:
            raise self._refusal(call, refused, version, session) from refused
        return self._answer(request, contracts), contracts

    @property
    def _request_controls(self) -> tuple[Failpoint[Callable[[InstallationRequest], None]], ...]:
        # The status last: it alone asks other hosts, and only about a certificate that the PCP has.
        return (self._demand_current, check_signed, self._demand_published, self._demand_unrevoked)

    @failpoint("ccp.request.vehicle")
    def _demand_published(self, request: InstallationRequest) -> None:
        """Make sure that the PCP has this very certificate."""
        pcid, chain = request.pcid.normalised, self._chain_of(request)
        if not chain:
            raise InstallationRefused(
                404, f"no provisioning certificate is published for {pcid}", Failure.CHAIN
            )
        if chain[0] != request.certificate:
            raise InstallationRefused(
                400, f"another provisioning certificate is published for {pcid}", Failure.CHAIN
            )

    @failpoint("ccp.request.dates")
    def _demand_current(self, request: InstallationRequest) -> None:
        for found in check_validity((request.certificate,), self._clock.now()):
            raise InstallationRefused(400, f"OEMProvisioningCert: {found.seen}", Failure.EXPIRED)

    @failpoint("ccp.request.status")
    def _demand_unrevoked(self, request: InstallationRequest) -> None:
        path = self._relying.chain(self._chain_of(request), "oem", "v2g").path
        for certificate, status in self._relying.states(path):
            if status is None or status.state != "good":
                state = "not to be had" if status is None else status.state
                raise InstallationRefused(
                    400, f"{certificate.subject}: the status is {state}", Failure.REVOKED
                )

    def _chain_of(self, request: InstallationRequest) -> tuple[ReadCertificate, ...]:
        return provisioning_chain(self._vehicles, request.pcid, request.version)

    def _select_contracts(self, request: InstallationRequest) -> Contracts:
        """Return what can be delivered, in the order of delivery."""
        conditions = (meets(request) for meets in self.injector.enabled((_is_for_vehicle, _is_of_version)))
        contracts = self._contracts.find(*conditions)
        if not contracts:
            raise InstallationRefused(
                404, f"there is no contract for {request.pcid.normalised}", Failure.NO_CONTRACT
            )
        for keep in self.injector.enabled(self._contract_filters):
            contracts = keep(contracts, request)
        return contracts

    @property
    def _contract_filters(self) -> tuple[Failpoint[ContractFilter], ...]:
        # The status after everything that leaves less to ask for: each certificate is asked for at its CA.
        return (self._current, _default_only, self._one_copy_of_each, self._unrevoked, _order_for_delivery)

    @failpoint("ccp.deliver.dates")
    def _current(self, contracts: Contracts, _request: InstallationRequest) -> Contracts:
        now = self._clock.now()
        kept = [each for each in contracts if Validity(each.valid_from, each.valid_to).contains(now)]
        to_come = [each for each in contracts if each.valid_from > whole_second(now)]
        if not kept:
            failure = Failure.NOT_YET_VALID if to_come else Failure.EXPIRED
            raise InstallationRefused(404, "no certificate of the contract is valid now", failure)
        # A default that has yet to begin keeps nothing from the vehicle: until then the oldest stands in.
        if any(each.is_default for each in to_come) and not any(each.is_default for each in kept):
            kept[0] = replace(kept[0], is_default=True)
        return kept

    @failpoint("ccp.deliver.status")
    def _unrevoked(self, contracts: Contracts, _request: InstallationRequest) -> Contracts:
        kept = [
            each
            for each in contracts
            if all(status and status.state == "good" for status in self.statuses(each))
        ]
        if not kept:
            raise InstallationRefused(
                404, "the contract was revoked, or nobody vouches for it", Failure.REVOKED
            )
        return kept

    def statuses(self, contract: StoredContract) -> Iterator[Status | None]:
        """Yield the status of each certificate of stored contract data; None where it cannot be had."""
        data = chains_of(contract)
        for chain, types in ((data.contract, ("emsp", "v2g")), (data.cps, ("v2g",))):
            checked = self._relying.chain(chain, *types)
            yield from (status for _, status in self._relying.states(checked.path))

    @failpoint("ccp.deliver.copies")
    def _one_copy_of_each(self, contracts: Contracts, request: InstallationRequest) -> Contracts:
        """Keep one copy of each contract, if possible one under a root that the vehicle trusts (ERR-096)."""
        trusted = self._roots_trusted_by_vehicle(request)
        # Insertion keeps the order of the oldest copies, so whichever copy is taken, the order is the same.
        kept: dict[Emaid, StoredContract] = {}
        for each in contracts:
            if each.emaid not in kept or (each.root in trusted and kept[each.emaid].root not in trusted):
                kept[each.emaid] = each
        return list(kept.values())

    @failpoint("ccp.deliver.root")
    def _roots_trusted_by_vehicle(self, request: InstallationRequest) -> frozenset[str]:
        """Return the fingerprints of the roots that the vehicle names."""
        roots = self._relying.roots("v2g")
        return frozenset(root.fingerprint for root in roots if lists_root(request.message, root))

    def _answer(self, request: InstallationRequest, contracts: Contracts) -> Answer:
        items = []
        for number, contract in enumerate(contracts, start=1):
            # ISO 15118-20 counts in each message how many are still to come.
            session = Session(request.message.Header.SessionID, self._clock.now(), len(contracts) - number)
            response = self._put_into_session_of_request(contract, session) or contract.response
            items.append(item(contract, response))
        return collection(items)

    def holds_any_for(self, pcid: Pcid) -> bool:
        """Tell whether there is any contract for a vehicle, of whatever edition and state."""
        return bool(self._contracts.find(is_for(pcid), at_most=1))

    def _refusal(self, call: Call, refused: InstallationRefused, version: Version, session: bytes) -> Refusal:
        """Tell the vehicle why, or else the CPO (ERR-081)."""
        # Only what is missing here is looked for at other pools.
        kind = NotFoundLocally if refused.status == 404 else Refusal
        if not self._wants_exi(call):
            return kind(refused.status, refused.message)
        # ISO 15118-20 has ids of eight octets only; ISO 15118-2 has shorter ones too.
        fitting = session if version == "ISO15118-2" or len(session) == len(_NO_SESSION) else _NO_SESSION
        message = self._failure_response(refused.failure, version, Session(fitting, self._clock.now()))
        text = b64encode(encode(message, schema_of(message))).decode()
        about = {"emaid": NO_EMAID, "pcid": _pcid_in(call)}
        told = collection([json.dumps({**about, MESSAGE: text, "xsdMsgDefNamespace": NAMESPACES[version]})])
        return kind(refused.status, refused.message, answer=told)

    @failpoint("ccp.request.always-exi")
    def _wants_exi(self, call: Call) -> bool:
        return call.headers.get("alwaysreturnexi", "true") == "true"

    @failpoint("ccp.request.failure")
    def _failure_response(self, failure: Failure, version: Version, session: Session) -> Message:
        return failure_response(failure, version, session)

    @failpoint("ccp.deliver.session")
    def _put_into_session_of_request(self, contract: StoredContract, session: Session) -> bytes:
        return _in_session(contract, session)

    # To the OEM

    def answer_oem(self, contract: StoredContract, session: str) -> Answer:
        """Answer with stored contract data, in a session if one is named.

        Args:
            contract: The contract data.
            session: Hexadecimal digits, two for each octet; empty where no session is named.

        Raises:
            Refusal: 400, where the session id does not fit.
        """
        response = contract.response
        if session:
            response = self._put_into_named_session(contract, session) or response
        return collection([item(contract, response)])

    @failpoint("ccp.fetch.session")
    def _put_into_named_session(self, contract: StoredContract, session: str) -> bytes:
        return _in_session(contract, Session(_session_id(session), self._clock.now()))


def _pcid_in(call: Call) -> str:
    try:
        return vehicle_of(call).normalised
    except Refusal:
        return NO_PCID


def item(contract: StoredContract, response: bytes) -> str:
    """Return a signedContractData object, JSON.

    Args:
        contract: The contract data.
        response: The CertificateInstallationRes to put into it, EXI.
    """
    return f'{{"{MESSAGE}":"{b64encode(response).decode()}",{contract.signed[1:]}'


def collection(items: Sequence[str]) -> Answer:
    """Answer with signedContractData objects."""
    return Answer(200, f'{{"{COLLECTION}":[{",".join(items)}]}}'.encode())


@failpoint_function("ccp.deliver.vehicle")
def _is_for_vehicle(request: InstallationRequest) -> ColumnElement[bool]:
    return is_for(request.pcid)


@failpoint_function("ccp.deliver.version")
def _is_of_version(request: InstallationRequest) -> ColumnElement[bool]:
    return CONTRACTS.c.version == request.version


@failpoint_function("ccp.deliver.default")
def _default_only(contracts: Contracts, request: InstallationRequest) -> Contracts:
    """Keep the default in ISO 15118-2, which has room for one contract (ERR-082)."""
    if request.version != "ISO15118-2":
        return contracts
    kept = [each for each in contracts if each.is_default]
    if not kept:
        raise InstallationRefused(404, "the default contract cannot be delivered now", Failure.NO_CONTRACT)
    return kept


@failpoint_function("ccp.deliver.order")
def _order_for_delivery(contracts: Contracts, request: InstallationRequest) -> Contracts:
    """Put first what the vehicle wants first, then the default, then the oldest (ERR-092)."""
    wished = [Emaid.parse(text) for text in wished_emaids(request.message) if Emaid.valid_in_api(text)]
    # Reversed: of an EMAID that is named twice the first place counts.
    ranks = {emaid: rank for rank, emaid in reversed(list(enumerate(wished)))}
    # Sorting is stable, and what comes in begins with the oldest.
    return sorted(contracts, key=lambda each: (ranks.get(each.emaid, len(wished)), not each.is_default))


def _in_session(contract: StoredContract, session: Session) -> bytes:
    """Return a stored message in a session; only what no signature covers is changed."""
    message = in_session(message_of(contract.response, contract.version), session)
    try:
        return encode(message, schema_of(message))
    except EncodeError as error:
        raise Refusal(400, INVALID_SESSION) from error


def _session_id(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Refusal(400, INVALID_SESSION) from error
