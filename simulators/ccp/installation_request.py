"""The request of a vehicle for its contracts: read, and held against what must be true of it as such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opnc.exi import DecodeError
from opnc.identifiers import Pcid
from opnc.pki.deviations import Unreadable
from opnc.pki.reading import ReadCertificate, read_certificate
from opnc.provisioning.delivery import is_request
from opnc.provisioning.failures import Failure
from opnc.provisioning.messages import signer_chain
from opnc.provisioning.namespaces import version_of
from opnc.provisioning.verification import verify
from opnc.severity import Severity
from simulators.ccp.submission import decode_base64, message_of
from simulators.kernel import Call, Refusal, failpoint_function

if TYPE_CHECKING:
    from opnc.pki.profiles import Version
    from opnc.provisioning.messages import Message

REQUEST = "certificateInstallationReq"
INVALID_EXI = "EXI format is invalid!"


class InstallationRefused(Refusal):
    """A vehicle's request fails.

    Attributes:
        failure: What the vehicle is told.
    """

    def __init__(self, status: int, message: str, failure: Failure) -> None:
        super().__init__(status, message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class InstallationRequest:
    """The request of a vehicle.

    Attributes:
        message: The CertificateInstallationReq.
        version: The edition of ISO 15118.
        certificate: The provisioning certificate in it.
    """

    message: Message
    version: Version
    certificate: ReadCertificate

    @property
    def pcid(self) -> Pcid:
        """The vehicle: the common name of its certificate."""
        return Pcid.parse(self.certificate.common_name or "")


def vehicle_of(call: Call) -> Pcid:
    """Return the vehicle that a request is of.

    Raises:
        Refusal: If it is no request of a vehicle.
    """
    version = version_of(call.body["xsdMsgDefNamespace"])
    return read_request(read_message(decode_base64(call.body[REQUEST], REQUEST), version), version).pcid


def read_message(octets: bytes, version: Version) -> Message:
    """Read a CertificateInstallationReq.

    Raises:
        InstallationRefused: 400, if it is none.
    """
    try:
        message = message_of(octets, version)
    except DecodeError as error:
        raise InstallationRefused(400, f"{INVALID_EXI} {REQUEST}: {error}", Failure.UNDECODABLE) from error
    if not is_request(message):
        raise InstallationRefused(400, f"{INVALID_EXI} {REQUEST}: it is another message", Failure.UNDECODABLE)
    return message


def read_request(message: Message, version: Version) -> InstallationRequest:
    """Read the certificate in a CertificateInstallationReq, and whose it is.

    Raises:
        InstallationRefused: 400, if it cannot be read, or its common name is no PCID.
    """
    try:
        certificate = read_certificate(signer_chain(message)[0])
    except Unreadable as problem:
        raise InstallationRefused(400, f"OEMProvisioningCert: {problem.what}", Failure.CHAIN) from problem
    if not Pcid.valid(certificate.common_name or ""):
        raise InstallationRefused(400, "OEMProvisioningCert: the common name is no PCID", Failure.CHAIN)
    return InstallationRequest(message, version, certificate)


@failpoint_function("ccp.request.signature")
def check_signed(request: InstallationRequest) -> None:
    """Make sure that the vehicle has signed its request.

    Raises:
        InstallationRefused: 400, naming what is not signed.
    """
    key = request.certificate.public_key
    found = () if key is None else verify(request.message, key).findings
    failing = [each for each in found if each.severity is Severity.FAIL]
    if key is None or failing:
        what = "; ".join(f"{each.field}: expected {each.expected}, seen {each.seen}" for each in failing)
        raise InstallationRefused(
            400, f"the signature of the request does not hold: {what}", Failure.SIGNATURE
        )
