"""Whether a vehicle may install what a CertificateInstallationRes brings: all of it has to hold.

    outcome = judge_response(response, receiver, at)
    outcome.contract, [finding.name for finding in outcome.findings]

Every check is made that the data allow, so that one look tells all that is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec

from opnc.exi import DecodeError, Truncated, decode, iso2, iso20
from opnc.exi.reading import decode_any
from opnc.pki.chains import check_chain
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.reading import read_certificate
from opnc.pki.texts import read_base64
from opnc.problem import Problem
from opnc.provisioning.arrangement import GOOD_CODES, check_arrangement, check_emaid, check_header
from opnc.provisioning.keywrap import Unwrapped, WrappedKey, unwrap_key
from opnc.provisioning.keywrap20 import WrappedKey20, additional_data, unwrap_key_20
from opnc.provisioning.messages import certificates, content_of, signer_chain
from opnc.provisioning.namespaces import schema_of_version
from opnc.provisioning.verification import verify
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey

    from opnc.pki.chains import CheckedChain
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.signatures import PrivateKey
    from opnc.provisioning.messages import Chain, Message


@dataclass(frozen=True, slots=True)
class Receiver:
    """What a vehicle checks a response with.

    Attributes:
        pcid: Its PCID; empty where it is not known, which leaves out what a key of ISO 15118-20 is bound to.
        version: The generation of ISO 15118 it asked in.
        key: The private key of its OEM provisioning certificate of that generation; None leaves the contract
            key out.
        v2g_roots: The V2G roots it trusts: the CPS has to be below one.
        emsp_roots: Further roots it trusts for contracts; a vehicle often knows none.
        session_id: The session it asked in; None leaves the session out.
    """

    pcid: str
    version: Version
    key: PrivateKey | None = field(repr=False)
    v2g_roots: tuple[ReadCertificate, ...]
    emsp_roots: tuple[ReadCertificate, ...] = ()
    session_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract as a vehicle holds it.

    Attributes:
        emaid: Its identifier, that of the certificate.
        version: The generation of ISO 15118.
        chain: The contract certificate in DER and those above it.
        key: The private key.
    """

    emaid: str
    version: Version
    chain: tuple[bytes, ...]
    key: ec.EllipticCurvePrivateKey | X448PrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a response.

    Attributes:
        contract: The contract to install; None when anything does not hold.
        findings: What was noticed.
        inconclusive: Whether nothing can be said of the contract key, because the rule is not public.
    """

    contract: Contract | None
    findings: tuple[Deviation, ...]
    inconclusive: bool = False


def judge_response(response: str | bytes, receiver: Receiver, at: datetime) -> Outcome:
    """Judge a CertificateInstallationRes.

    Args:
        response: The EXI stream, or its base64 as OPNC carries it.
        receiver: The vehicle.
        at: When certificates have to be valid.
    """
    message, findings = _read(response, receiver.version)
    if message is None:
        return Outcome(None, tuple(findings))
    return judge_message(message, receiver, at, findings)


def judge_message(
    message: Message, receiver: Receiver, at: datetime, noticed: Sequence[Deviation] = ()
) -> Outcome:
    """Judge a CertificateInstallationRes that was read.

    Args:
        message: The message.
        receiver: The vehicle.
        at: When certificates have to be valid.
        noticed: What was found in reading it.
    """
    findings = list(noticed)
    content = content_of(message)
    findings += check_header(message, receiver.session_id)
    code = content.ResponseCode
    # A failure carries dummies in all other elements: to judge them would name defects that nobody made.
    if code not in GOOD_CODES:
        expected = " or ".join(GOOD_CODES)
        findings.append(Deviation("response-code", "ResponseCode", expected, code, "ISO 15118, ResponseCode"))
        return Outcome(None, tuple(findings))
    contract, further, inconclusive = _check_content(message, content, receiver, at)
    findings += further
    failed = any(finding.severity is Severity.FAIL for finding in findings)
    return Outcome(None if failed else contract, tuple(findings), inconclusive)


def _read(response: str | bytes, version: Version) -> tuple[Message | None, list[Deviation]]:
    findings: list[Deviation] = []
    if isinstance(response, str):
        try:
            text = read_base64(response)
        except Unreadable as problem:
            return None, [Deviation("base64-invalid", "base64", "base64 of EXI", problem.what, "RFC 4648 4")]
        findings += text.findings
        response = text.data
    try:
        # By the generation asked for: the other one would be a message that the vehicle cannot read.
        decoded = decode(response, schema_of_version(version))
    except DecodeError as error:
        return None, [*findings, _refusal(response, error)]
    findings += decoded.findings
    wanted = iso2.CertificateInstallationResType | iso20.CertificateInstallationResType
    try:
        content = content_of(decoded.value)
    except Problem:
        content = None
    if not isinstance(content, wanted):
        seen = type(content).__name__.removesuffix("Type") if content else "an empty body"
        return None, [*findings, _other_message(seen)]
    return decoded.value, findings


def _refusal(octets: bytes, error: DecodeError) -> Deviation:
    """Name the reason why a stream was refused: another message, cut off, or anything else."""
    try:
        other = decode_any(octets)
    except DecodeError:
        name = "exi-truncated" if isinstance(error, Truncated) else "exi-invalid"
        return Deviation(name, error.path or "EXI", "a CertificateInstallationRes", str(error), "W3C EXI 1.0")
    return _other_message(f"{other.root.name} of {other.schema.name}")


def _other_message(seen: str) -> Deviation:
    return Deviation("other-message", "EXI", "a CertificateInstallationRes", seen, "xsdMsgDefNamespace")


def _check_content(
    message: Message, content: Any, receiver: Receiver, at: datetime
) -> tuple[Contract | None, list[Deviation], bool]:
    contract_chain = certificates(_contract_chain(content))
    findings: list[Deviation] = []
    cps = _certificates(signer_chain(message), "CPS", findings)
    contract = _certificates(contract_chain, "contract", findings)
    if cps:
        findings += _check_cps(cps, receiver.v2g_roots, at)
        # Also below a CPS that is not trusted: who signed and whether it is trusted are two questions.
        findings += _check_signature(message, cps, contract)
    if not contract:
        return None, findings, False
    # An eMSP may be certified below a V2G root, or below a root of its own.
    anchors = (*receiver.v2g_roots, *receiver.emsp_roots)
    findings += _check_contract(contract, anchors, at)
    emaid = contract[0].common_name or ""
    findings += check_emaid(content, emaid)
    unwrapped = _unwrap(content, receiver, contract[0])
    findings += unwrapped.findings
    if unwrapped.key is None:
        return None, findings, unwrapped.inconclusive
    return Contract(emaid, receiver.version, contract_chain, unwrapped.key), findings, False


def _contract_chain(content: Any) -> Any:
    if isinstance(content, iso2.CertificateInstallationResType):
        return content.ContractSignatureCertChain
    return content.SignedInstallationData.ContractCertificateChain


def _certificates(chain: Chain, whose: str, findings: list[Deviation]) -> list[ReadCertificate]:
    """Read the certificates of a chain; an empty list and a finding when one of them cannot be read."""
    read = []
    for der in chain:
        try:
            read.append(read_certificate(der))
        except Unreadable as problem:
            expected = "certificates in DER"
            findings.append(
                Deviation("certificate-unreadable", f"{whose} chain", expected, problem.what, "X.509")
            )
            return []
    return read


def _check_cps(
    chain: Sequence[ReadCertificate], roots: Sequence[ReadCertificate], at: datetime
) -> Iterator[Deviation]:
    leaf, *above = chain
    if leaf.domain_component != "CPS":
        seen = leaf.domain_component or "none"
        yield Deviation(
            "cps-domain-component", "subject.DC", "CPS", seen, "[V2G2-925]", where="CPS certificate"
        )
    yield from _of_chain("CPS chain", check_chain(leaf, above, roots, at).findings)
    yield from check_arrangement("CPS chain", chain)


def _of_chain(whose: str, findings: Sequence[Deviation]) -> Iterator[Deviation]:
    for finding in findings:
        yield finding.at(f"{whose}, {finding.where}")


def _check_signature(
    message: Message, cps: Sequence[ReadCertificate], contract: Sequence[ReadCertificate]
) -> Sequence[Deviation]:
    if cps[0].public_key is None:
        seen = cps[0].key_algorithm
        return [Deviation("signature-key", "CPS certificate", "a key that signs", seen, "ISO 15118 7.9.2.4")]
    others = {
        f"{certificate.subject}": certificate.public_key
        for certificate in (*contract, *cps[1:])
        if certificate.public_key is not None
    }
    return verify(message, cps[0].public_key, others).findings


def _check_contract(
    chain: Sequence[ReadCertificate], anchors: Sequence[ReadCertificate], at: datetime
) -> Iterator[Deviation]:
    """Check the contract's chain as far as it was sent: its root may be one the vehicle does not know."""
    leaf, *above = chain
    checked = check_chain(leaf, above, anchors, at)
    # Not covered by the check of the path: it takes what it needs and leaves the rest.
    unused = [certificate for certificate in above if certificate not in checked.path]
    for certificate in unused:
        expected, seen = (
            "certificates of one chain",
            f"{certificate.subject}, which issued none of the others",
        )
        yield Deviation("chain-broken", "contract chain", expected, seen, "RFC 5280 section 6.1")
    known = [finding for finding in checked.findings if unused or not _ends_unknown(finding, checked)]
    yield from _of_chain("contract chain", known)
    yield from check_arrangement("contract chain", chain)


def _ends_unknown(finding: Deviation, checked: CheckedChain) -> bool:
    """Return whether a finding only says that the root above a Sub-CA is not known here."""
    # A vehicle need not know the root of the eMSP: it presents the contract, it does not rely on it.
    return finding.name == "issuer-missing" and len(checked.path) > 1


def _unwrap(content: Any, receiver: Receiver, contract: ReadCertificate) -> Unwrapped:
    public, key = contract.public_key, receiver.key
    if key is None:
        expected, seen = "the vehicle's key", "none: the contract key was not decrypted"
        left_out = Deviation("key-not-checked", "DHpublickey", expected, seen, severity=Severity.INFO)
        return Unwrapped(None, (left_out,), inconclusive=True)
    if isinstance(content, iso20.CertificateInstallationResType):
        return _unwrap_20(content.SignedInstallationData, key, receiver.pcid, contract)
    if (
        isinstance(public, ec.EllipticCurvePublicKey)
        and isinstance(key, ec.EllipticCurvePrivateKey)
        and contract.key_algorithm == key.curve.name == "secp256r1"
    ):
        wrapped = WrappedKey(content.ContractSignatureEncryptedPrivateKey.value, content.DHpublickey.value)
        return unwrap_key(wrapped, key, public)
    return Unwrapped(None, (_key_algorithm("secp256r1", contract),))


def _key_algorithm(expected: str, contract: ReadCertificate) -> Deviation:
    field_ = "subjectPublicKeyInfo"
    return Deviation(
        "contract-key-algorithm", field_, expected, contract.key_algorithm, "ISO 15118-2 Annex F"
    )


def _unwrap_20(
    data: iso20.SignedInstallationDataType, key: PrivateKey, pcid: str, contract: ReadCertificate
) -> Unwrapped:
    # The schema has one of the three; the last is for vehicles with a TPM, which this one is not.
    encrypted = data.SECP521_EncryptedPrivateKey or data.X448_EncryptedPrivateKey
    if encrypted is None:
        found = Deviation(
            "tpm-key",
            "TPM_EncryptedPrivateKey",
            "a key for a vehicle without TPM",
            "one for a TPM",
            "ERR-063",
        )
        return Unwrapped(None, (found,))
    curve = "SECP521" if data.SECP521_EncryptedPrivateKey else "X448"
    # Nothing is decrypted where the two contradict each other: either could be the wrong one.
    if curve != data.ECDHCurve:
        found = Deviation(
            "ecdh-curve", "ECDHCurve", f"{curve}, as the encrypted key", data.ECDHCurve, "ERR-063"
        )
        return Unwrapped(None, (found,))
    if contract.public_key is None:
        return Unwrapped(None, (_key_algorithm("secp521r1 or ed448", contract),))
    try:
        # OPNC allows PCIDs of 17 characters and key identifiers of 20 octets, for which the standard defines
        # no binding. So nothing can be said then: no failure.
        bound_to = additional_data(pcid, contract.extensions.subject_key_identifier or b"")
    except Problem as problem:
        expected, clause = "PCID and key identifier of the lengths the standard binds", "[V2G20-2492]"
        found = Deviation("key-binding", problem.where, expected, problem.what, clause, Severity.WARN)
        return Unwrapped(None, (found,), inconclusive=True)
    wrapped = WrappedKey20(curve, encrypted, data.DHPublicKey)
    return unwrap_key_20(wrapped, key, contract.public_key, bound_to)
