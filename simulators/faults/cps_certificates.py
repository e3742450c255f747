"""What a Certificate Provisioning Service may do wrong with the certificates it signs with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulators.cps.service import CERTIFICATES
from simulators.faults import making
from simulators.faults.tampering import edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cps.signers import Signer, SignerCriteria
    from simulators.kernel.fault_injection import Fault, Tamper


_fault = making.faults_of("cps")


def _listed(change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Tamper]:
    """Change every entry of the list of certificates."""
    name = "cpsCertificateDataCollection"
    return {CERTIFICATES: edited(lambda body: {name: [change(entry) for entry in body[name]]})}


def _in_one_text(error: dict[str, Any]) -> dict[str, Any]:
    return {**error, "errorMessages": "; ".join(error["errorMessages"])}


def _entry(name: str, value: Any) -> dict[str, Tamper]:
    """Set a member of every entry; a function gets the entry."""
    return _listed(lambda entry: {**entry, name: value(entry) if callable(value) else value})


def _without_member(name: str) -> dict[str, Tamper]:
    return _listed(lambda entry: {key: value for key, value in entry.items() if key != name})


def _of_other_version(found: list[Signer], criteria: SignerCriteria) -> list[Signer]:
    return [signer for signer in found if signer.version != criteria.version]


def _first_root_only(found: list[Signer], criteria: SignerCriteria) -> list[Signer]:
    return [signer for signer in found[:1] if criteria.root in {None, signer.root.fingerprint}]


CERTIFYING = (
    _fault(
        "signed-for-other-generation",
        "CPS-SIGN-03",
        "The message is signed with the CPS certificate of the other generation of ISO 15118.",
        replaced={"cps.signer.version": _of_other_version},
    ),
    _fault(
        "no-certificates",
        "CPS-CERTS-01",
        "The list of certificates is empty.",
        tamper={CERTIFICATES: edited(lambda _body: {"cpsCertificateDataCollection": []})},
    ),
    *(
        _fault(
            f"no-{name}",
            "CPS-CERTS-02",
            f"Entries of the list lack {name}.",
            tamper=_without_member(name),
        )
        for name in ("cpsDistinguishedName", "validTo", "organizationName", "cpsV2GRootDistinguishedName")
    ),
    *(
        _fault(
            f"wrong-{name}",
            "CPS-CERTS-03",
            f"The member {name} contradicts the certificate.",
            tamper=_entry(name, value),
        )
        for name, value in {
            "cpsDistinguishedName": "CN=Somebody Else, O=Another Organization",
            "validFrom": "2001-01-01T00:00:00Z",
            "validTo": "2099-12-31T23:59:59Z",
            "organizationName": "Another Organization",
            "cpsV2GRootDistinguishedName": "CN=Another Root",
        }.items()
    ),
    _fault(
        "wrong-root-named",
        "CPS-CERTS-04",
        "Entries of the list name a root that they do not lead to.",
        tamper=_entry("cpsV2GRootCertificateFingerprint", "0" * 64),
    ),
    _fault(
        "chain-incomplete",
        "CPS-CERTS-04",
        "The Sub-CAs are missing in the list.",
        tamper=_listed(
            lambda entry: {
                **entry,
                "cpsCertificateChain": {"certificate": entry["cpsCertificateChain"]["certificate"]},
            }
        ),
    ),
    _fault(
        "expired-listed",
        "CPS-CERTS-05",
        "Certificates that have expired are listed.",
        # Listed nevertheless: a sound list leaves out what is not valid.
        "cps.certificates.valid",
        # Two signing periods before the first: what has been valid for 90 days then is over.
        replaced={"cps.signers.period": lambda: -2},
    ),
    _fault(
        "one-root-only",
        "CPS-CERTS-06",
        "Only the first of the roots on offer can be used.",
        replaced={"cps.signer.root": _first_root_only},
    ),
    _fault(
        "edition-mixed-up",
        "CPS-CERTS-07",
        "All certificates are said to sign for ISO 15118-2.",
        tamper=_entry("xsdMsgDefNamespace", "urn:iso:15118:2:2013:MsgDef"),
    ),
    _fault(
        "refusals-of-another-form",
        "CPS-CERTS-08",
        "Refusals say why in one text, not in a list.",
        # No body at all would be a warning in the lenient profile (ERR-170).
        tamper={
            CERTIFICATES: lambda call, answer: edited(_in_one_text, status=403)(
                call, edited(_in_one_text, status=401)(call, answer)
            )
        },
    ),
    _fault(
        "never-renewed",
        "CPS-CERTS-09",
        "The certificates that sign are never replaced.",
        # Listed nevertheless, as above.
        "cps.certificates.valid",
        replaced={"cps.signers.period": lambda: 0},
    ),
)

FAULTS: tuple[Fault, ...] = CERTIFYING
