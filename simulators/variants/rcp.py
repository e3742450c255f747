"""Variants of the Root Certificate Pool: the words for types, and how a key is named."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from opnc import contract, roots
from opnc.pki.ocsp import cert_id
from opnc.pki.reading import read_certificate_text
from opnc.severity import Severity
from simulators.faults.tampering import edited
from simulators.kernel.messages import Refusal
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opnc.pki.reading import ReadCertificate
    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call

LIST, READ = "getRootCertificatesV1", "getRootCertificateV1"


def _parameters(call: Call) -> None:
    """Take types in any of the three vocabularies."""
    asked = call.query.get("pkiType")
    meant = replace(call, query={**call.query, "pkiType": roots.type_named(asked)}) if asked else call
    deviations = contract.check_parameters(
        call.operation, path=call.path, query=meant.query, headers=call.headers
    )
    if any(each.severity is contract.Severity.FAIL for each in deviations):
        raise Refusal(400, "a parameter is not as published")


def _of_type(rows: Iterable[Any], asked: str | None, _now: float) -> list[Any]:
    return [row for row in rows if not asked or row.has_type(roots.type_named(asked))]


def _naming_keys(identify: Callable[[ReadCertificate], bytes]) -> dict[str, Tamper]:
    def change(root: dict[str, Any]) -> dict[str, Any]:
        read = read_certificate_text(root["caCertificate"])
        return {**root, "rootAuthorityKeyIdentifier": b64encode(identify(read)).decode()}

    def single(body: dict[str, Any]) -> dict[str, Any]:
        return {name: change(root) for name, root in body.items()}

    def listed(body: dict[str, Any]) -> dict[str, Any]:
        return {name: [change(root) for root in found] for name, found in body.items()}

    return {LIST: edited(listed), READ: edited(single)}


VARIANTS = (
    Variant(
        id="rcp.types-in-any-words",
        service="rcp",
        summary="Types are understood in any letter case, and as events spell them.",
        sources=("ERR-013",),
        lenient=Severity.INFO,
        strict=Severity.INFO,
        replaced={"rcp.parameters": _parameters, "rcp.list.type": _of_type},
    ),
    *(
        Variant(
            id=f"rcp.key-named-by-sha1-of-{what}",
            service="rcp",
            summary=f"The key identifier of a root is the SHA-1 of its {what}, as its description has it.",
            sources=("ERR-021",),
            lenient=Severity.INFO,
            strict=Severity.INFO,
            tamper=_naming_keys(identify),
        )
        for what, identify in {
            "key": lambda read: cert_id(read.serial, read).issuer_key_hash,
            "key-with-algorithm": lambda read: sha1(read.spki).digest(),  # noqa: S324 - names a key
        }.items()
    ),
)
