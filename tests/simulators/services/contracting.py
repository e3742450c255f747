"""Contracts of an eMSP with its own PKI, and requests of vehicles, made with the ecosystem's own CAs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc import vehicles
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import EMSP, OEM, Tree, Variation
from opnc.provisioning.contract_data import Session, make_bundle, sign_contract_data
from opnc.provisioning.namespaces import NAMESPACES
from opnc.vehicles import version_of
from simulators.parties.evcc import Evcc, EvccProvisioning
from tests.simulators.services.conftest import PCID, Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from opnc.pki.credentials import Credential
    from opnc.provisioning.contract_data import ContractBundle
    from opnc.provisioning.requests import Wishes

SIGN, GENERATE = "signContractDataV1", "generateAndSignContractDataV1"
ADD, REQUEST = "addSignedContractDataV1", "getSignedContractDataByCertificateInstallationReqV1"
BY_EMAID, BY_PCID = "getContractDataByEmaidV1", "getContractDataByPcidV1"
FETCH, DEFAULT = "getSignedContractDataByEmaidAndPcidV1", "setSignedContractDataAsDefaultV1"
DELETE = "deleteSignedContractDataByEmaidV1"

BUNDLE, CHAIN = "contractCertificateBundle", "contractCertificateChain"
MESSAGE, ASKED = "certificateInstallationRes", "certificateInstallationReq"
COLLECTION = "signedContractDataCollection"

EMAID, OWN_EMAID = "DEABC123456789", "DEOWN123456789"
NAMESPACE = NAMESPACES["ISO15118-2"]
OWN = "emsp with own pki"

Body = dict[str, Any]


def publish(line: Line, pcid: str = PCID, tree: Tree = OEM, variation: Variation | None = None) -> Credential:
    """Make a vehicle and publish it."""
    made = line.vehicle(pcid, tree, variation)
    entry = {
        vehicles.CHAIN: vehicles.chain_object(made.chain[:-1]),
        "xsdMsgDefNamespace": vehicles.namespace_of(made.certificate),
        "fingerprint": made.certificate.fingerprint,
    }
    answer = line.ask("oem", "addProvisioningCertificateV1", body=entry)
    assert answer.status_code == 200, answer.text
    return made


def certificate(line: Line, emaid: str = OWN_EMAID, variation: Variation | None = None) -> Credential:
    """Issue a contract certificate, and let the ecosystem's OCSP responder know it."""
    made = line.pki.contract(emaid, EMSP, *(variation,) if variation else ())
    if line.ecosystem.register.owner(made.certificate) is None:
        line.ecosystem.register.issue(made.certificate, emaid[:5])
    return made


def bundle(line: Line, vehicle: Credential, emaid: str = OWN_EMAID, number: int = 1) -> ContractBundle:
    """Encrypt a contract key for a vehicle."""
    pcid = vehicle.certificate.common_name or ""
    made = certificate(line, emaid, Variation(key=number, issue=number))
    return make_bundle(pcid, emaid, made, vehicle.certificate)


def to_sign(line: Line, vehicle: Credential, emaid: str = OWN_EMAID, number: int = 1) -> Body:
    """Return the body of a request to sign contract data."""
    made = bundle(line, vehicle, emaid, number)
    return {BUNDLE: made.to_json(), "xsdMsgDefNamespace": NAMESPACE}


def to_store(line: Line, vehicle: Credential, emaid: str = OWN_EMAID, number: int = 1) -> Body:
    """Return the body of a request to store contract data that a CPS has signed."""
    made, session = bundle(line, vehicle, emaid, number), Session(bytes(8), line.ecosystem.clock.now())
    return {**sign_contract_data(made, line.pki.cps(), session).to_json()}


def order(emaid: str = EMAID, pcid: str = PCID, **members: Any) -> Body:
    """Return the body of an order; None takes a member away."""
    complete = {
        "emaid": emaid,
        "pcid": pcid,
        "xsdMsgDefNamespace": NAMESPACE,
        "contractBegins": "2026-06-01T00:00:00Z",
        "contractEnds": "2027-06-01T00:00:00Z",
    }
    return {name: value for name, value in {**complete, **members}.items() if value is not None}


def to_request(line: Line, vehicle: Credential, wishes: Wishes | None = None) -> Body:
    """Return the body of the request of a vehicle at a charging station."""
    version = version_of(vehicle.certificate)
    request = evcc(line, vehicle).request(version, line.ecosystem.clock.now(), wishes=wishes)
    return {ASKED: request.text, "xsdMsgDefNamespace": NAMESPACES[version]}


def evcc(line: Line, vehicle: Credential) -> Evcc:
    """Return the vehicle itself, which trusts the V2G roots of the ecosystem."""
    roots = [read_certificate(each.certificate) for each in line.ecosystem.trust.roots if "v2g" in each.types]
    leaf = vehicle.certificate
    return Evcc(EvccProvisioning(leaf.common_name or "", {version_of(leaf): vehicle}, tuple(roots)))


def stored(line: Line, pcid: str = PCID) -> list[Mapping[str, Any]]:
    """Return what the pool lists for a vehicle."""
    answer = line.ask("oem", BY_PCID, path={"pcid": pcid})
    return list(answer.json()["contractDataCollection"]) if answer.status_code == 200 else []


def refusal(answer: httpx.Response) -> str:
    """Return what an answer says is wrong; its body must be the documented one."""
    body = answer.json()
    assert set(body) == {"errorMessages", "traceId"}, body
    assert body["traceId"]
    return str(body["errorMessages"][0])
