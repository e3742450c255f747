"""Responses for a vehicle, right ones and ones that were changed before they were signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from opnc.exi import encode
from opnc.pki.keys import Seed
from opnc.pki.testbed import OEM, V2G, V2G_20, SeededPki, Tree
from opnc.provisioning.algorithms import SUITES
from opnc.provisioning.contract_data import ContractBundle, Session, installation_response, make_bundle
from opnc.provisioning.messages import schema_of, signed_elements, with_signature
from opnc.provisioning.signing import reference, seal, sign, signed_info
from opnc.severity import Severity
from simulators.parties.evcc import Evcc, EvccProvisioning

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.exi.xmldsig import ReferenceType
    from opnc.pki.credentials import Credential
    from opnc.provisioning.installation import Outcome
    from opnc.provisioning.messages import Message

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PCID = "WP0TESTPCID0000101"
EMAID = "DEABCC12345678"
SESSION = Session(b"\x01", NOW)
SUITE = SUITES["secp256r1"]
ELEMENTS = ("ContractSignatureCertChain", "ContractSignatureEncryptedPrivateKey", "DHpublickey", "eMAID")


def randomness() -> Callable[[int], bytes]:
    calls = count()
    return lambda size: Seed("vehicle").octets(str(next(calls)), size)


def vehicle_of(pki: SeededPki, **changes: Any) -> Evcc:
    provisioning = EvccProvisioning(
        PCID,
        {"ISO15118-2": pki.vehicle(PCID), "ISO15118-20": pki.vehicle(PCID, V2G_20)},
        (pki.root().certificate, pki.root(V2G_20).certificate),
    )
    return Evcc(replace(provisioning, **changes), randomness())


def bundle_of(
    pki: SeededPki,
    *,
    emaid: str = EMAID,
    contract: Credential | None = None,
    vehicle: Credential | None = None,
    tree: Tree = V2G,
) -> ContractBundle:
    contract = contract or pki.contract(emaid, tree)
    vehicle = vehicle or pki.vehicle(PCID, tree if tree is not V2G else OEM)
    return make_bundle(PCID, emaid, contract, vehicle.certificate, randomness())


def exi(message: Message) -> bytes:
    return encode(message, schema_of(message))


def response_of(pki: SeededPki, **choices: Any) -> Any:
    return installation_response(bundle_of(pki, **choices), pki.cps(), SESSION)


def changed(pki: SeededPki, content: Callable[[Any], Any]) -> bytes:
    """A response that was changed before it was signed."""
    message = response_of(pki)
    body = replace(message.Body, CertificateInstallationRes=content(message.Body.CertificateInstallationRes))
    return exi(sign(replace(message, Body=body), pki.cps().key))


def signed_with(pki: SeededPki, change: Callable[[list[ReferenceType]], list[ReferenceType]]) -> bytes:
    """A response whose references were changed before they were signed."""
    message = response_of(pki)
    references = [reference(element, SUITE.digest) for element in signed_elements(message)]
    return exi(with_signature(message, seal(signed_info(change(references), SUITE), pki.cps().key)))


def names(outcome: Outcome) -> list[str]:
    assert outcome.contract is None
    return [finding.name for finding in outcome.findings if finding.severity is Severity.FAIL]


def fields(outcome: Outcome) -> list[tuple[str, str]]:
    return [(finding.name, finding.field) for finding in outcome.findings]
