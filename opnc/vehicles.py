"""The provisioning certificate object of the PCP: its vocabulary and how it follows from the certificates.

OPNC: specification/components/schemas/provisioningCertificateChainData.v1.json, certificateChain.v1.json;
ERR-021, ERR-022, ERR-031, ERR-032, ERR-045.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from opnc.provisioning.namespaces import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate

WRAPPER = "provisioningCertificate"
"""The member around the object in the answer to a read."""

V2G_ROOTS = "v2gRootAuthorityKeyIdentifiers"
"""The member that names the V2G roots installed in the vehicle."""

CHAIN = "provisioningCertificateChain"
MEMBERS = ("certificate", "subCa2Certificate", "subCa1Certificate")
"""The members of the chain object, from the leaf up; the root is not in it."""


def version_of(leaf: ReadCertificate) -> Version:
    """Return the generation a provisioning certificate is of; its key tells it."""
    return "ISO15118-2" if leaf.key_algorithm == "secp256r1" else "ISO15118-20"


def namespace_of(leaf: ReadCertificate) -> str:
    """Return the `xsdMsgDefNamespace` of a provisioning certificate."""
    return NAMESPACES[version_of(leaf)]


def chain_object(certificates: Sequence[bytes]) -> dict[str, str]:
    """Return the chain object.

    Args:
        certificates: DER: leaf, Sub-CA 2, Sub-CA 1; or leaf, Sub-CA 1, where no second Sub-CA exists.

    Returns:
        Base64 by the names of `MEMBERS`.
    """
    # The one Sub-CA of a shorter chain stands right below the root, which is the place of Sub-CA 1 (ERR-032).
    members = MEMBERS if len(certificates) == len(MEMBERS) else (MEMBERS[0], MEMBERS[2])
    return {name: b64encode(der).decode() for name, der in zip(members, certificates, strict=False)}


def informative_members(leaf: ReadCertificate, root: ReadCertificate) -> dict[str, Any]:
    """Derive what the object says about a chain besides holding it, from the leaf and the root above it.

    Returns:
        `xsdMsgDefNamespace`, `rootIssuerSerialNumber` in hexadecimal (ERR-022), `fingerprint` of the leaf,
        and `rootAuthorityKeyIdentifier` in hexadecimal with colons where the root has one (ERR-021).
    """
    members: dict[str, Any] = {
        "xsdMsgDefNamespace": namespace_of(leaf),
        "rootIssuerSerialNumber": f"{root.serial:x}",
        "fingerprint": leaf.fingerprint,
    }
    if identifier := root.extensions.subject_key_identifier:
        members["rootAuthorityKeyIdentifier"] = identifier.hex(":")
    return members
