"""Contract data on its way to the vehicle: the bundle of an eMSP, and the signed response of a CPS.

    bundle = make_bundle("WP0TESTPCID000010X", "DEABCC12345678", contract, vehicle_certificate)
    sign_contract_data(bundle, cps, Session(bytes(8))).to_json()["certificateInstallationRes"]

ISO 15118-2 and -20 differ in the messages and in the transport of the key; which it is follows from the keys.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec

from opnc.exi import encode, iso2, iso20
from opnc.pki.reading import read_certificate
from opnc.pki.texts import read_base64
from opnc.problem import Problem
from opnc.provisioning.keywrap import wrap_key
from opnc.provisioning.keywrap20 import additional_data, wrap_key_20
from opnc.provisioning.messages import schema_of
from opnc.provisioning.namespaces import NAMESPACES
from opnc.provisioning.signing import sign

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.keywrap import Randomness
    from opnc.provisioning.messages import Message

_CHAIN_MEMBERS = ("certificate", "subCa2Certificate", "subCa1Certificate")
_BUNDLE_MEMBERS = (
    "pcid",
    "emaid",
    "contractCertificateChain",
    "contractSignatureEncryptedPrivateKey",
    "dHpublickey",
)
_CURVES = {"secp521r1": "SECP521", "ed448": "X448"}


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def below_root(chain: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return a chain without its root: ISO 15118 sends no roots."""
    # By the signature, not by position: chains come with and without their root.
    return tuple(der for der in chain if not read_certificate(der).self_signed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractBundle:
    """What an eMSP with its own PKI hands to the CPS (`contractCertificateBundle`).

    Attributes:
        pcid: The vehicle it is for.
        emaid: The contract.
        chain: The contract certificate in DER and those above it, from the leaf up, without the root.
        encrypted_key: The contract key, encrypted for the vehicle.
        dh_public_key: The ephemeral public key to decrypt it with.
    """

    pcid: str
    emaid: str
    chain: tuple[bytes, ...]
    encrypted_key: bytes = field(repr=False)
    dh_public_key: bytes = field(repr=False)

    @property
    def certificate(self) -> ReadCertificate:
        """The contract certificate.

        Raises:
            Unreadable: It is no certificate.
        """
        return read_certificate(self.chain[0])

    @property
    def version(self) -> Version:
        """The generation of ISO 15118 it is for, by the key of the contract certificate (ERR-063)."""
        # A bundle does not say it: each generation has curves of its own, so the key does.
        return "ISO15118-2" if self.certificate.key_algorithm == "secp256r1" else "ISO15118-20"

    def to_json(self) -> dict[str, Any]:
        """Return the member `contractCertificateBundle`, named and nested as in its schema (ERR-061).

        Returns:
            `pcid`, `emaid`, `contractCertificateChain` (an object of base64 by `certificate`,
            `subCa2Certificate`, `subCa1Certificate`), `contractSignatureEncryptedPrivateKey` and
            `dHpublickey` in base64.

        Raises:
            Problem: The chain is longer than the schema has members for.
        """
        if len(self.chain) > len(_CHAIN_MEMBERS):
            where = "contractCertificateChain"
            raise Problem(f"{len(self.chain)} certificates, OPNC has room for 3", where=where)
        return {
            "pcid": self.pcid,
            "emaid": self.emaid,
            # A shorter chain leaves the upper members out: none of them is required (ERR-032).
            "contractCertificateChain": dict(zip(_CHAIN_MEMBERS, map(_text, self.chain), strict=False)),
            "contractSignatureEncryptedPrivateKey": _text(self.encrypted_key),
            "dHpublickey": _text(self.dh_public_key),
        }

    @classmethod
    def from_json(cls, member: Any) -> ContractBundle:
        """Read the member `contractCertificateBundle`.

        Raises:
            Problem: A member is missing or no base64; says which.
        """
        where = "contractCertificateBundle"
        pcid, emaid, chain, key, point = _members(member, _BUNDLE_MEMBERS, where)
        # Only the leaf has to be there; how many Sub-CAs stand above it is free.
        leaf, *_ = _members(chain, _CHAIN_MEMBERS[:1], f"{where}.contractCertificateChain")
        above = [chain[name] for name in _CHAIN_MEMBERS[1:] if chain.get(name)]
        return cls(
            pcid=str(pcid),
            emaid=str(emaid),
            chain=tuple(
                read_base64(text, where=f"{where}.contractCertificateChain").data for text in (leaf, *above)
            ),
            encrypted_key=read_base64(key, where=f"{where}.{_BUNDLE_MEMBERS[3]}").data,
            dh_public_key=read_base64(point, where=f"{where}.{_BUNDLE_MEMBERS[4]}").data,
        )


def _members(value: Any, names: Sequence[str], where: str) -> list[Any]:
    if not isinstance(value, dict):
        raise Problem(f"expected an object, seen {type(value).__name__}", where=where)
    missing = [name for name in names if value.get(name) in (None, "")]
    if missing:
        raise Problem(f"{missing[0]} is missing", where=where, hint=f"it has {', '.join(names)}")
    return [value[name] for name in names]


def make_bundle(
    pcid: str,
    emaid: str,
    contract: Credential,
    provisioning: ReadCertificate,
    random: Randomness = secrets.token_bytes,
) -> ContractBundle:
    """Make the bundle of a contract for a vehicle, as an eMSP does.

    Args:
        pcid: The vehicle.
        emaid: The contract; that of the contract certificate, unless a wrong bundle is wanted.
        contract: The contract certificate with its chain and private key.
        provisioning: The vehicle's OEM provisioning certificate, of the same generation.
        random: Source of the ephemeral key and the initialisation vector.

    Raises:
        Problem: The keys of contract and vehicle do not go together.
    """
    encrypted, point = _wrap(pcid, contract, provisioning, random)
    chain = below_root(contract.chain)
    return ContractBundle(pcid=pcid, emaid=emaid, chain=chain, encrypted_key=encrypted, dh_public_key=point)


def _wrap(
    pcid: str, contract: Credential, provisioning: ReadCertificate, random: Randomness
) -> tuple[bytes, bytes]:
    key, recipient = contract.key, provisioning.public_key
    if recipient is None or provisioning.key_algorithm != contract.certificate.key_algorithm:
        raise Problem(
            f"a contract key of {contract.certificate.key_algorithm} cannot be wrapped for a vehicle key of"
            f" {provisioning.key_algorithm}",
            hint="use certificates of one generation of ISO 15118",
        )
    if (
        # The classes are asked too, for the type checker does not see that the algorithm implies them.
        provisioning.key_algorithm == "secp256r1"
        and isinstance(key, ec.EllipticCurvePrivateKey)
        and isinstance(recipient, ec.EllipticCurvePublicKey)
    ):
        wrapped = wrap_key(key, recipient, random)
        return wrapped.encrypted, wrapped.public
    # An absent identifier is refused below, with the length that is wanted.
    identifier = contract.certificate.extensions.subject_key_identifier or b""
    wrapped_20 = wrap_key_20(key, recipient, additional_data(pcid, identifier), random)
    return wrapped_20.encrypted, wrapped_20.public


@dataclass(frozen=True, slots=True)
class Session:
    """The charging session a response belongs to.

    Attributes:
        id: Its identifier: up to 8 octets, exactly 8 in ISO 15118-20.
        at: When the response is made; needed in ISO 15118-20.
        remaining: How many contracts of the vehicle are left to ask for, in ISO 15118-20.
    """

    id: bytes
    at: datetime | None = None
    remaining: int = 0

    def header_20(self) -> iso20.MessageHeaderType:
        """Return the header of ISO 15118-20.

        Raises:
            Problem: The time is not known.
        """
        if self.at is None:
            raise Problem("a message of ISO 15118-20 needs a time", where="Header/TimeStamp")
        return iso20.MessageHeaderType(SessionID=self.id, TimeStamp=int(self.at.timestamp()))


def installation_response(bundle: ContractBundle, cps: Credential, session: Session) -> Message:
    """Make the signed CertificateInstallationRes for a bundle, as a CPS does.

    Args:
        bundle: What the eMSP handed over.
        cps: The certificate, chain and key of the CPS.
        session: The charging session.

    Raises:
        Problem: Bundle and CPS do not go together, or a value breaks the schema.
    """
    make = _response_2 if bundle.version == "ISO15118-2" else _response_20
    return sign(make(bundle, cps, session), cps.key)


def _response_2(bundle: ContractBundle, cps: Credential, session: Session) -> Message:
    response = iso2.CertificateInstallationResType(
        ResponseCode="OK",
        # Without an Id, for the signature does not cover it: it only brings the key to verify with.
        SAProvisioningCertificateChain=_chain_2(below_root(cps.chain)),
        ContractSignatureCertChain=_chain_2(bundle.chain, "id1"),
        ContractSignatureEncryptedPrivateKey=iso2.ContractSignatureEncryptedPrivateKeyType(
            Id="id2", value=bundle.encrypted_key
        ),
        DHpublickey=iso2.DiffieHellmanPublickeyType(Id="id3", value=bundle.dh_public_key),
        eMAID=iso2.EMAIDType(Id="id4", value=bundle.emaid),
    )
    return iso2.V2GMessage(
        Header=iso2.MessageHeaderType(SessionID=session.id),
        Body=iso2.BodyType(CertificateInstallationRes=response),
    )


def _chain_2(chain: Sequence[bytes], id_: str | None = None) -> iso2.CertificateChainType:
    leaf, *above = chain
    sub = iso2.SubCertificatesType(Certificate=tuple(above)) if above else None
    return iso2.CertificateChainType(Id=id_, Certificate=leaf, SubCertificates=sub)


def _response_20(bundle: ContractBundle, cps: Credential, session: Session) -> Message:
    (leaf, *above), (cps_leaf, *cps_above) = bundle.chain, below_root(cps.chain)
    cps_sub = iso20.SubCertificatesType(Certificate=tuple(cps_above)) if cps_above else None
    # What a TPM unwraps ([V2G20-2518], [V2G20-2523]) is not made: it needs the vehicle's storage key.
    curve = _CURVES.get(bundle.certificate.key_algorithm)
    if curve is None:
        raise Problem(f"ISO 15118-20 transports no key of {bundle.certificate.key_algorithm}")
    data = iso20.SignedInstallationDataType(
        Id="id1",
        ContractCertificateChain=iso20.ContractCertificateChainType(
            Certificate=leaf, SubCertificates=iso20.SubCertificatesType(Certificate=tuple(above))
        ),
        ECDHCurve=curve,
        DHPublicKey=bundle.dh_public_key,
        SECP521_EncryptedPrivateKey=bundle.encrypted_key if curve == "SECP521" else None,
        X448_EncryptedPrivateKey=bundle.encrypted_key if curve == "X448" else None,
    )
    return iso20.CertificateInstallationResType(
        Header=session.header_20(),
        ResponseCode="OK",
        EVSEProcessing="Finished",
        CPSCertificateChain=iso20.CertificateChainType(Certificate=cps_leaf, SubCertificates=cps_sub),
        SignedInstallationData=data,
        RemainingContractCertificateChains=session.remaining,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedContractData:
    """What the CPS returns and the CCP keeps (`signedContractData`).

    Attributes:
        pcid: The vehicle.
        emaid: The contract.
        version: The generation of ISO 15118.
        response: The CertificateInstallationRes as an EXI stream.
        root_fingerprint: SHA-256 of the V2G root above the CPS, 64 lower-case hexadecimal digits; empty if
            unknown.
    """

    pcid: str
    emaid: str
    version: Version
    response: bytes = field(repr=False)
    root_fingerprint: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the object `signedContractData`.

        Returns:
            `pcid`, `emaid`, `xsdMsgDefNamespace`, `certificateInstallationRes` in base64, and
            `cpsV2GRootCertificateFingerprint` where it is known.
        """
        members = {
            "pcid": self.pcid,
            "emaid": self.emaid,
            "xsdMsgDefNamespace": NAMESPACES[self.version],
            "certificateInstallationRes": _text(self.response),
            "cpsV2GRootCertificateFingerprint": self.root_fingerprint,
        }
        # The fingerprint is optional, and an empty one would break its pattern.
        return {name: member for name, member in members.items() if member}


def sign_contract_data(bundle: ContractBundle, cps: Credential, session: Session) -> SignedContractData:
    """Sign a bundle, as a CPS does.

    Args:
        bundle: What the eMSP handed over.
        cps: The certificate, chain up to the V2G root and key of the CPS.
        session: The charging session; it is outside the signature, the CCP puts in the real one.

    Raises:
        Problem: Bundle and CPS do not go together, or a value breaks the schema.
    """
    message = installation_response(bundle, cps, session)
    root = read_certificate(cps.chain[-1])
    return SignedContractData(
        pcid=bundle.pcid,
        emaid=bundle.emaid,
        version=bundle.version,
        response=encode(message, schema_of(message)),
        # A chain without root ends in a Sub-CA, whose fingerprint would name no root at all.
        root_fingerprint=root.fingerprint if root.self_signed else "",
    )
