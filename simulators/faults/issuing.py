"""What CAs may do wrong with the certificates that they issue: of the PKI, the CPS, and for contracts."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography import x509

from opnc.identifiers import SeccId
from opnc.pki import est
from opnc.pki.deviations import Unreadable
from opnc.pki.issue import Issuer, Order, issue, key_usage
from opnc.pki.keys import Seed, algorithm_of
from simulators.cps.service import CERTIFICATES
from simulators.faults import making
from simulators.faults.pki import REASON, changed_certificates
from simulators.faults.tampering import edited, when
from simulators.pki.service import CA_CERTIFICATES, ENROLL

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Profile
    from simulators.cps.issuing import Period
    from simulators.cps.orders import ContractOrder
    from simulators.kernel.fault_injection import Fault
    from simulators.kernel.messages import Call

    Issue = Callable[[Profile, Order, Issuer], bytes]

CA_USAGE, HALF_CA_USAGE = bytes.fromhex("03020106"), bytes.fromhex("03020204")
"""A keyUsage of keyCertSign and cRLSign, and one of keyCertSign alone, in DER."""

LEAF_USAGE, MORE_USAGE = bytes.fromhex("03020780"), bytes.fromhex("030206c0")
"""A keyUsage of digitalSignature, and one of nonRepudiation as well."""

OTHER_REASON = "cessationOfOperation"

_pki, _cps = making.faults_of("pki"), making.faults_of("cps")


# Certificates that are issued otherwise


def _with(*extensions: tuple[x509.ExtensionType, bool]) -> Issue:
    """Put further extensions into certificates, or others in the place of theirs."""
    return lambda profile, order, issuer: issue(profile, replace(order, extensions=extensions), issuer)


def _as_ca(profile: Profile, order: Order, issuer: Issuer) -> bytes:
    return issue(replace(profile, ca=True), order, issuer)


def _with_any_usage(profile: Profile, order: Order, issuer: Issuer) -> bytes:
    return issue(replace(profile, usages=frozenset({"digitalSignature", "keyCertSign"})), order, issuer)


def _not_critical(profile: Profile, order: Order, issuer: Issuer) -> bytes:
    usage = key_usage(profile.usages_with(algorithm_of(order.public_key)))
    return _with((usage, False))(profile, order, issuer)


def _of_other_issuer(profile: Profile, order: Order, issuer: Issuer) -> bytes:
    """Name a key of the issuer that it does not have."""
    # Another object: issuers compare by identity, for what is issued is kept by them.
    other = Issuer(issuer.name, issuer.key, bytes(20), issuer.ocsp_url, issuer.crl_url)
    return issue(profile, order, other)


def _without_dc(profile: Profile, order: Order, issuer: Issuer) -> bytes:
    return issue(replace(profile, dc=None), order, issuer)


def _named_by_issuer(profile: Profile, order: Order, issuer: Issuer) -> bytes:
    return _with((x509.SubjectKeyIdentifier(issuer.key_identifier), False))(profile, order, issuer)


def _for_years(profile: Profile, order: Order, issuer: Issuer) -> bytes:
    return issue(profile, replace(order, not_after=order.not_before + timedelta(days=3652)), issuer)


def _for_thirteen_months(profile: Profile, order: Order, issuer: Issuer) -> bytes:
    """Make leaves of short life last too long, within the life of their CA."""
    return issue(profile, replace(order, not_after=order.not_before + timedelta(days=430)), issuer)


SPOILT: dict[str, tuple[str, Issue]] = {
    "ca-for-a-leaf": ("Leaves are CAs.", _as_ca),
    "any-usage": ("Leaves may sign certificates.", _with_any_usage),
    "usage-not-critical": ("The usage of the key is not marked as critical.", _not_critical),
    "issuer-key-misnamed": ("Leaves name another key than that of their issuer.", _of_other_issuer),
    "key-named-by-issuer": ("Leaves bear the key identifier of their issuer.", _named_by_issuer),
}
"""Name -> what is wrong with each certificate, and how it is issued so."""


# Requests


def _copied(call: Call, profile: Profile, order: Order, issuer: Issuer) -> bytes:
    """Take the extensions over that a request asks for."""
    request = x509.load_der_x509_csr(est.read_enrolment(call.content).request.der)
    extensions = tuple((each.value, each.critical) for each in request.extensions)
    return issue(profile, replace(order, extensions=extensions), issuer)


def _name_of(call: Call) -> str:
    try:
        return est.read_enrolment(call.content).request.subject.get("CN") or ""
    except Unreadable:
        return ""


def _in_armour(call: Call) -> bool:
    return call.content.startswith(b"-----BEGIN")


# Contracts


def _for_1500_days(order: ContractOrder, _authority: Credential) -> Period:
    return order.begins, order.begins + timedelta(days=1500)


def _by_the_hour(order: ContractOrder, _authority: Credential) -> Period:
    """Read the times of an order as if they were of UTC, whatever their zone."""
    begins, ends = (
        datetime.fromisoformat(str(order.members[name])).replace(tzinfo=UTC, microsecond=0)
        for name in ("contractBegins", "contractEnds")
    )
    # Not before it may be, so that the vehicle takes it: the end alone shows the mistake.
    return min(begins, order.begins), ends


def _beyond_ca(order: ContractOrder, authority: Credential) -> Period:
    return order.begins, authority.certificate.not_after + timedelta(days=1)


# The certificates that the CPS signs with


def _listed(entry: dict[str, Any]) -> dict[str, Any]:
    chain = entry["cpsCertificateChain"]
    leaf = b64decode(chain["certificate"]).replace(LEAF_USAGE, MORE_USAGE)
    return {**entry, "cpsCertificateChain": {**chain, "certificate": b64encode(leaf).decode()}}


ISSUED = (
    *(
        _pki(
            name,
            "PKI-ENROLL-27",
            summary,
            replaced={"pki.enroll.issue": lambda _call, *given, make=make: make(*given)},
        )
        for name, (summary, make) in SPOILT.items()
    ),
    _pki(
        "leaves-without-domain",
        ("PKI-ENROLL-02", "PKI-ENROLL-04", "PKI-ENROLL-05", "PKI-ENROLL-27"),
        "Leaves have no domain component.",
        replaced={"pki.enroll.issue": lambda _call, *given: _without_dc(*given)},
    ),
    _pki(
        "extensions-copied",
        "PKI-ENROLL-27",
        "What extensions a request asks for, the certificate has.",
        replaced={"pki.enroll.issue": _copied},
    ),
    *(
        _pki(
            name,
            "PKI-ENROLL-28",
            summary,
            replaced={"pki.enroll.issue": lambda _call, *given, make=make: make(*given)},
        )
        for name, summary, make in (
            ("leaves-for-ten-years", "Leaves are valid for ten years.", _for_years),
            ("leaves-for-thirteen-months", "Leaves are valid for 430 days.", _for_thirteen_months),
        )
    ),
    _pki(
        "secc-ids-crash",
        "PKI-ENROLL-29",
        "A SECC id is answered 500.",
        tamper={ENROLL: when(lambda call: SeccId.valid(_name_of(call)), 500)},
    ),
    _pki("armour-crashes", "PKI-ENROLL-30", "PEM is answered 500.", tamper={ENROLL: when(_in_armour, 500)}),
    _pki(
        "one-ca-for-all-domains",
        "PKI-CACERTS-17",
        "The CAs of charging points stand above the leaves of every domain.",
        replaced={"pki.select.domain": lambda _call: {"domain": "cpo"}},
    ),
    _pki(
        "cas-without-lists",
        "PKI-CACERTS-18",
        "The CAs may not sign the CRLs that name their certificates.",
        tamper={
            CA_CERTIFICATES: changed_certificates(
                lambda found: tuple(each.replace(CA_USAGE, HALF_CA_USAGE) for each in found)
            )
        },
    ),
    _pki(
        "reason-forgotten",
        "PKI-REVOKE-20",
        "Why a certificate was revoked is not told.",
        "pki.revoke.reason",
    ),
    _pki(
        "reason-replaced",
        (
            *("PKI-REVOKE-02", "PKI-OCSP-03", "PKI-CRL-02"),
            *(f"PKI-REVOKE-{REASON[name]}" for name in REASON if name not in {OTHER_REASON, "aACompromise"}),
        ),
        "Certificates are revoked for one reason, whatever is asked for.",
        replaced={"pki.revoke.reason": lambda _call: OTHER_REASON},
    ),
)

OF_CONTRACTS = (
    *(
        _cps(f"contract-{name}", "CPS-GEN-28", summary, replaced={"cps.issue.contract": make})
        for name, (summary, make) in SPOILT.items()
    ),
    _cps(
        "one-contract-key",
        "CPS-GEN-28",
        "All contracts have one key.",
        replaced={"cps.issue.key": lambda algorithm: Seed("a fault").key("contract", algorithm)},
    ),
    _cps(
        "contract-ends-ignored",
        ("CPS-GEN-04", "CPS-GEN-29"),
        "Contract certificates are valid for 1500 days, whenever the contract ends.",
        replaced={"cps.issue.period": _for_1500_days},
    ),
    _cps(
        "zones-ignored",
        "CPS-GEN-04",
        "Of the times of an order the zone is ignored.",
        replaced={"cps.issue.period": _by_the_hour},
    ),
    _cps(
        "contract-beyond-ca",
        "CPS-GEN-29",
        "Contract certificates outlive the CA that issues them.",
        replaced={"cps.issue.period": _beyond_ca},
    ),
)

OF_SIGNERS = (
    _cps(
        "signer-may-do-more",
        "CPS-CERTS-10",
        "The certificates that sign are for more than signatures.",
        tamper={
            CERTIFICATES: edited(
                lambda body: {name: [_listed(entry) for entry in entries] for name, entries in body.items()}
            )
        },
    ),
    _cps(
        "signer-outlives-ca",
        "CPS-CERTS-11",
        "The certificates that sign outlive the CA that has issued them.",
        # Listed though they are not valid yet.
        "cps.certificates.valid",
        # The twelfth period of 60 days begins short of the two years of the CA.
        replaced={"cps.signers.period": lambda: 11},
    ),
)

FAULTS: tuple[Fault, ...] = (*ISSUED, *OF_CONTRACTS, *OF_SIGNERS)
