"""What a Contract Certificate Pool may do wrong when it delivers."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.exi import DecodeError, encode, iso2
from opnc.pki.keys import Seed
from opnc.pki.names import read_name
from opnc.pki.reading import read_certificate
from opnc.problem import Problem
from opnc.provisioning.delivery import is_request, is_response
from opnc.provisioning.failures import Failure, failure_response
from opnc.provisioning.messages import content_of, schema_of, signer_chain
from opnc.provisioning.namespaces import version_of
from opnc.provisioning.signing import sign
from opnc.provisioning.verification import verify
from simulators.ccp.installation_request import InstallationRefused
from simulators.ccp.service import FETCH, REQUEST
from simulators.ccp.store import CONTRACTS
from simulators.ccp.submission import MESSAGE, chains_of, decode_base64, message_of
from simulators.faults import making
from simulators.faults.tampering import answered, each, edited, first, flip_bit, once, set_member, when
from simulators.kernel import Refusal

if TYPE_CHECKING:
    from opnc.pki.profiles import Version
    from opnc.provisioning.contract_data import Session
    from opnc.provisioning.messages import Message
    from simulators.ccp.delivery import Contracts
    from simulators.ccp.installation_request import InstallationRequest
    from simulators.kernel.fault_injection import Fault
    from simulators.kernel.messages import Answer, Call

SIGNED = "signedContractDataCollection"

_SEED = Seed("a fault")

Item = dict[str, Any]


_fault = making.faults_of("ccp")


def asks_for_something_else(call: Call) -> bool:
    """Tell whether a call holds a message of a vehicle that is no CertificateInstallationReq."""
    try:
        octets = decode_base64(call.body["certificateInstallationReq"], "certificateInstallationReq")
        message = message_of(octets, version_of(call.body["xsdMsgDefNamespace"]))
    except (DecodeError, Problem, Refusal, LookupError, TypeError, AttributeError):
        # What cannot be read is no message.
        return False
    return not (is_request(message) or is_response(message))


def _cut(item: Item) -> Item:
    return {**item, MESSAGE: item[MESSAGE][: len(item[MESSAGE]) // 8 * 4]}


def _cut_by_default(call: Call, answer: Answer) -> Answer:
    """Cut off the messages that nobody has asked for in so many words."""
    # Without the header messages are wanted (ERR-081).
    cut = edited(lambda body: {SIGNED: [_cut(item) for item in body[SIGNED]]})
    return answer if "alwaysreturnexi" in call.headers else cut(call, answer)


def _signed_anew(item: Item) -> Item:
    """Sign the message with another key, as somebody who has not kept the signature has to."""
    message = message_of(b64decode(item[MESSAGE]), version_of(item["xsdMsgDefNamespace"]))
    algorithm = read_certificate(signer_chain(message)[0]).key_algorithm
    signed = sign(message, _SEED.key("CPS", algorithm))
    return {**item, MESSAGE: b64encode(encode(signed, schema_of(signed))).decode()}


def _oldest(contracts: Contracts, asked: InstallationRequest) -> Contracts:
    """Take the oldest contract for the default."""
    return contracts[:1] if asked.version == "ISO15118-2" else contracts


def _first_copy(contracts: Contracts, asked: InstallationRequest) -> Contracts:
    """Look at the first copy of a contract only."""
    listed = content_of(asked.message).ListOfRootCertificateIDs.RootCertificateID
    issuer = chains_of(contracts[0]).cps[-1].issuer
    if not any(read_name(each.X509IssuerName).has_same_rdns(issuer) for each in listed):
        raise Refusal(404, "the contract is not signed below a root of the vehicle")
    return contracts[:1]


def _other_session(failure: Failure, version: Version, session: Session) -> Message:
    return failure_response(failure, version, replace(session, id=b"\x55" * 8))


def _value_alone(asked: InstallationRequest) -> None:
    """Verify the signature over SignedInfo, and not the digests in it."""
    key = asked.certificate.public_key
    if key is None or verify(asked.message, key).signed_info_form is None:
        raise InstallationRefused(400, "the signature does not hold", Failure.SIGNATURE)


def _without_failure(failure: Failure, version: Version, session: Session) -> Message:
    """Say OK where nothing is."""
    message = failure_response(failure, version, session)
    if not isinstance(message, iso2.V2GMessage) or message.Body.CertificateInstallationRes is None:
        return message
    response = replace(message.Body.CertificateInstallationRes, ResponseCode="OK")
    return replace(message, Body=replace(message.Body, CertificateInstallationRes=response))


BY_REQUEST = (
    _fault(
        "update-taken",
        "SYS-OUT-01",
        "A CertificateUpdateReq is taken for a request for contracts.",
        tamper={REQUEST: when(asks_for_something_else, 200)},
    ),
    _fault(
        "other-pcid",
        "CCP-CIR-01",
        "Contract data are delivered under the EMAID of another contract.",
        tamper=set_member(REQUEST, SIGNED, "emaid", "DEZZZ000000000"),
    ),
    _fault(
        "any-vehicle",
        "CCP-CIR-02",
        "A vehicle gets the contracts of all vehicles.",
        "ccp.deliver.vehicle",
        "ccp.deliver.default",
    ),
    _fault(
        "bit-flipped",
        "CCP-CIR-03",
        "A bit of the message is changed on the way.",
        tamper=each(REQUEST, SIGNED, flip_bit(MESSAGE)),
    ),
    _fault(
        "signed-anew",
        "CCP-STO-01",
        "Messages are not kept ready, but signed anew on each delivery.",
        tamper={**each(REQUEST, SIGNED, _signed_anew), **each(FETCH, SIGNED, _signed_anew)},
    ),
    _fault(
        "cut-off",
        ("CCP-CIR-03", "CCP-CIR-04"),
        "The message is cut off.",
        tamper=each(REQUEST, SIGNED, _cut),
    ),
    _fault(
        "all-in-old-edition",
        "CCP-CIR-05",
        "All contracts of a vehicle are delivered in ISO 15118-2.",
        # It has room for one contract, so the others are left out (ERR-082).
        "ccp.deliver.default",
    ),
    _fault(
        "oldest-delivered",
        ("CCP-CIR-05", "CCP-DEF-02"),
        "The oldest contract is delivered, whoever's it is, and not the default.",
        replaced={"ccp.deliver.default": _oldest},
    ),
    _fault(
        "default-required",
        "CCP-CIR-06",
        "A single contract is not delivered unless somebody makes it the default.",
        # The only contract of a vehicle is delivered without anybody's choice (ERR-082).
        replaced={"ccp.default.first": lambda _values: False},
    ),
    _fault(
        "one-in-new-edition",
        "CCP-CIR-07",
        "In ISO 15118-20 one contract is delivered.",
        tamper=first(REQUEST, SIGNED),
    ),
    _fault(
        "expired-delivered",
        "CCP-CIR-08",
        "Contracts that have expired are delivered.",
        # Cleansing too: it would take them out before a vehicle asks.
        "ccp.deliver.dates",
        "ccp.cleansing.expired",
    ),
    _fault(
        "revoked-delivered",
        ("CCP-CIR-09", "CCP-CLN-03", "PKI-REVOKE-19"),
        "Contracts are delivered although one of their certificates is revoked.",
        "ccp.deliver.status",
    ),
    _fault(
        "nothing-delivered-refused",
        "CCP-CIR-10",
        "A vehicle without contract is answered 400, as if its request were none.",
        # 404 is the reference, and an empty list a warning (ERR-087).
        tamper={REQUEST: answered(400, 404)},
    ),
    _fault(
        "any-request-taken",
        tuple(f"CCP-CIR-{number}" for number in range(11, 16)),
        "A request that is none is answered 200.",
        tamper={REQUEST: answered(200, 400, b'{"signedContractDataCollection":[]}')},
    ),
    _fault(
        "signature-unchecked",
        "CCP-CIR-16",
        "The signature of the request is not verified.",
        "ccp.request.signature",
    ),
    _fault(
        "digests-unchecked",
        "CCP-CIR-16",
        "Of the signature of a request the value is verified, and not what it is about.",
        replaced={"ccp.request.signature": _value_alone},
    ),
    _fault(
        "revoked-vehicle",
        "CCP-CIR-17",
        "Vehicles get contracts although their provisioning certificate is revoked.",
        "ccp.request.status",
    ),
    _fault(
        "expired-vehicle",
        "CCP-CIR-17",
        "Vehicles get contracts although their provisioning certificate has expired.",
        # All that would notice, and the cleansing that would take the vehicle out before it asks.
        "ccp.request.vehicle",
        "ccp.request.dates",
        "ccp.request.status",
        "pcp.cleansing.expired",
    ),
    _fault(
        "unknown-vehicle",
        "CCP-CIR-17",
        "Vehicles get contracts although nobody has published their provisioning certificate.",
        "ccp.request.vehicle",
        # It is asked for along the published chain, which there is none of.
        "ccp.request.status",
    ),
    _fault(
        "failure-said-to-be-good",
        ("CCP-CIR-18", "CCP-CIR-19"),
        "The message that tells of a failure says OK.",
        replaced={"ccp.request.failure": _without_failure},
    ),
    _fault(
        "failure-cut-off-by-default",
        "CCP-CIR-19",
        "Without the header alwaysReturnEXI, failures are told by messages that are cut off.",
        tamper={REQUEST: _cut_by_default},
    ),
    _fault(
        "always-exi",
        "CCP-CIR-20",
        "Failures are told by a message even if none is wanted.",
        replaced={"ccp.request.always-exi": lambda _call: True},
    ),
    _fault(
        "any-boolean",
        ("CCP-CIR-21", "CCP-DEL-06"),
        "A header that is no boolean is taken.",
        "ccp.parameters",
    ),
    _fault(
        "delivery-untold",
        ("CCP-CIR-22", "EVT-TYPE-09"),
        "The eMSP is not told of a delivery at a charging station.",
        "ccp.request.announce",
    ),
    _fault(
        "delivered-once", "CCP-CIR-23", "A contract is delivered once only.", tamper=once(REQUEST, SIGNED)
    ),
    _fault(
        "failure-in-other-session",
        "CCP-CIR-25",
        "The message that tells of a failure belongs to another session.",
        # A negative message belongs to the session of the request as well (ERR-091).
        replaced={"ccp.request.failure": _other_session},
    ),
    _fault(
        "first-copy-only",
        "CCP-CIR-24",
        "Of a contract signed below several roots the copies but the first are never delivered.",
        # A copy below a root that the vehicle lists should be delivered (ERR-096).
        replaced={"ccp.deliver.copies": _first_copy},
    ),
    _fault(
        "editions-mixed",
        "CCP-CIR-26",
        "A vehicle gets contracts of both editions of ISO 15118.",
        "ccp.deliver.version",
        "ccp.deliver.default",
    ),
)

TO_OEM = (
    _fault(
        "fetched-without-message",
        "CCP-SCD-01",
        "The OEM gets an empty message.",
        tamper=set_member(FETCH, SIGNED, "emaid", "DEZZZ000000000"),
    ),
    _fault("fixed-session", "CCP-SCD-02", "The session asked for is ignored.", "ccp.fetch.session"),
    _fault(
        "session-required",
        "CCP-SCD-03",
        "The OEM must name a session.",
        tamper={FETCH: when(lambda call: not call.query.get("sessionID"), 400)},
    ),
    _fault(
        "any-session",
        ("CCP-SCD-04", "CCP-SCD-05", "CCP-SCD-06"),
        "Ids that are none are answered with an empty list.",
        tamper={FETCH: answered(200, 400, b'{"signedContractDataCollection":[]}')},
    ),
    _fault(
        "any-pair",
        "CCP-SCD-07",
        "A contract is fetched for any vehicle of the OEM.",
        "ccp.fetch.pcid",
    ),
    _fault(
        "signature-broken",
        "CCP-SCD-10",
        "A bit of the message is changed when it is fetched.",
        tamper=each(FETCH, SIGNED, flip_bit(MESSAGE)),
    ),
    _fault(
        "default-fetched",
        "CCP-SCD-11",
        "The default is fetched, whatever contract is named.",
        replaced={"ccp.fetch.emaid": lambda _call: CONTRACTS.c.is_default},
    ),
    _fault(
        "fetching-untold",
        ("CCP-SCD-12", "EVT-TYPE-09"),
        "The eMSP is not told that the OEM has its contract.",
        "ccp.fetch.announce",
    ),
    _fault(
        "fetched-by-anybody",
        ("CCP-SCD-13", "AUTH-OWN-01"),
        "An OEM can fetch contracts for vehicles of others.",
        "ccp.fetch.owner",
    ),
)

FAULTS: tuple[Fault, ...] = (*BY_REQUEST, *TO_OEM)
