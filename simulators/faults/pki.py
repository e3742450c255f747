"""What the PKI services may do wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from opnc.contract.beside import CRL, OCSP
from opnc.pki import est
from opnc.pki.revocation import GOOD, OPNC_REASONS
from opnc.rights import PARTIES
from simulators.faults import making
from simulators.faults.tampering import answered, edited, when
from simulators.kernel.authorities import DOMAINS
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Answer
from simulators.pki.service import CA_CERTIFICATES, ENROLL, REVOKE

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call

LIST_OF_ROOTS, COLLECTION = "getRootCertificatesV1", "rootCertificateCollection"

OF_DOMAIN = {"emsp": "03", "cpo": "04", "oem": "05", "cps": "06", "veh": "07"}
"""`caDomain` -> the number of its requirement on CA certificates."""

ENROLLED = {"cpo": "02", "emsp": "03", "oem": "04", "cps": "05", "veh": "06"}
"""`caDomain` -> the number of its requirement on enrolment."""

REASON = {
    "privilegeWithdrawn": "05",
    "affiliationChanged": "06",
    "superseded": "07",
    "unspecified": "08",
    "keyCompromise": "09",
    "aACompromise": "10",
    "cessationOfOperation": "11",
}
"""Reason of a revocation -> the number of its requirement."""


SHA256_OID = bytes.fromhex("608648016503040201")
"""How SHA-256 is named in DER; an OCSP response repeats by which hash it was asked."""

WEEK = timedelta(days=7)

_fault = making.faults_of("pki")


def changed_certificates(change: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]) -> Tamper:
    """Change the certificates of an EST answer."""

    def tamper(_call: Call, answer: Answer) -> Answer:
        if answer.status != 200:
            return answer
        found = tuple(each.der for each in est.read_certificates(answer.content).certificates)
        return replace(answer, content=est.encode_body(est.build_certs_only(change(found))))

    return tamper


def _crash_by_sha256(_call: Call, answer: Answer) -> Answer:
    return Answer(500, media_type="") if SHA256_OID in answer.content else answer


def _signature_spoilt(_call: Call, answer: Answer) -> Answer:
    """Change the last byte of what is signed: it belongs to the signature, or to a certificate beside it."""
    return replace(answer, content=answer.content[:-1] + bytes((answer.content[-1] ^ 1,)))


def _v2g_roots_hidden(body: dict[str, Any]) -> dict[str, Any]:
    return {COLLECTION: [root for root in body[COLLECTION] if "V2G" not in root["rootTypeList"]]}


def _without_edition(call: Call) -> bool:
    return "iso15118Version" not in call.query


def _for_domain(domain: str) -> Callable[[Call], bool]:
    return lambda call: call.query.get("caDomain") == domain


def _for_reason(reason: str) -> Callable[[Call], bool]:
    return lambda call: isinstance(call.body, dict) and call.body.get("revocationReason") == reason


CA_CERTIFICATES_READ = (
    _fault(
        "ca-certificates-without-root",
        "PKI-CACERTS-01",
        "The CA certificates come without their root.",
        tamper={CA_CERTIFICATES: changed_certificates(lambda found: found[:-1])},
    ),
    _fault(
        "ca-certificates-as-pem",
        "PKI-CACERTS-02",
        "The CA certificates come in a media type of PEM.",
        # The media type alone is wrong: the body is PKCS#7 as before (ERR-104).
        tamper={CA_CERTIFICATES: answered(200, 200, None, "application/x-pem-file")},
    ),
    *(
        _fault(
            f"no-ca-certificates-of-{domain}",
            f"PKI-CACERTS-{number}",
            # The domain of vehicles may be refused (ERR-149).
            f"The domain {domain} is answered {400 if domain != 'veh' else 500}.",
            tamper={CA_CERTIFICATES: when(_for_domain(domain), 400 if domain != "veh" else 500)},
        )
        for domain, number in OF_DOMAIN.items()
    ),
    _fault(
        "ca-certificates-for-any-parameters",
        ("PKI-CACERTS-08", "PKI-CACERTS-09", "PKI-CACERTS-12"),
        "A parameter that is missing or unknown is answered 200.",
        # Any refusal but 401 and 403 would do (ERR-110).
        tamper={CA_CERTIFICATES: answered(200, 400)},
    ),
    _fault(
        "edition-demanded",
        ("PKI-CACERTS-10", "PKI-ENROLL-14"),
        "A call that does not say of which edition is answered 500.",
        # It is required and has a default: to refuse is noted, so it takes a crash (ERR-101).
        tamper={operation: when(_without_edition, 500) for operation in (CA_CERTIFICATES, ENROLL)},
    ),
    _fault(
        "edition-ignored",
        ("PKI-CACERTS-11", "PKI-ENROLL-15"),
        "Everything is of ISO 15118-2.",
        "pki.select.version",
    ),
    _fault(
        "algorithm-ignored",
        ("PKI-CACERTS-13", "PKI-ENROLL-17"),
        "The algorithm of the CA cannot be chosen.",
        "pki.select.algorithm",
        # The key too: that of the request would choose the same CA.
        "pki.select.key",
    ),
    Fault(
        "pki.any-domain",
        "pki",
        ("PKI-CACERTS-14", "PKI-ENROLL-18"),
        "Every party may use every domain.",
        # The owner too: a foreign domain would be refused with 403 all the same.
        disabled=frozenset({"pki.enroll.owner"}),
        rights={
            (operation, domain, party): True
            for operation in (CA_CERTIFICATES, ENROLL)
            for domain in DOMAINS
            for party in PARTIES
        },
    ),
    _fault(
        "ca-certificates-of-others",
        "PKI-CACERTS-15",
        "The CA that issues the leaves is not among the CA certificates.",
        tamper={CA_CERTIFICATES: changed_certificates(lambda found: found[1:])},
    ),
    _fault(
        "root-not-published",
        "PKI-CACERTS-16",
        "The root of the CA certificates is not in the root certificate pool.",
        tamper={LIST_OF_ROOTS: edited(_v2g_roots_hidden)},
    ),
)

ENROLMENT = (
    _fault(
        "certificate-as-pem",
        "PKI-ENROLL-01",
        "The certificate comes in a media type of PEM.",
        tamper={ENROLL: answered(200, 200, None, "application/x-pem-file")},
    ),
    _fault(
        "name-of-somebody",
        tuple(f"PKI-ENROLL-{number}" for number in ENROLLED.values()),
        "The name asked for is not that of the certificate.",
        "pki.enroll.subject",
    ),
    _fault(
        "one-domain-for-all",
        ("PKI-ENROLL-02", "PKI-ENROLL-04", "PKI-ENROLL-05", "PKI-ENROLL-06"),
        "Every certificate is taken for one of a contract.",
        "pki.select.domain",
    ),
    _fault(
        "key-of-its-own",
        "PKI-ENROLL-07",
        "The certificate holds another key than the request.",
        "pki.enroll.public-key",
    ),
    _fault(
        "any-name",
        "PKI-ENROLL-08",
        "Any common name is certified, and none as well.",
        "pki.enroll.common-name",
        # The owner too: of a name that is none, nobody is one.
        "pki.enroll.owner",
    ),
    _fault(
        "organization-crashes",
        "PKI-ENROLL-09",
        "A request without organization is answered 500.",
        tamper={ENROLL: answered(500, 400, b"")},
    ),
    _fault("any-evse-id", "PKI-ENROLL-10", "An EVSE id may have any form.", "pki.enroll.common-name"),
    _fault(
        "garbage-crashes",
        "PKI-ENROLL-11",
        "What is no request is answered 500.",
        tamper={ENROLL: answered(500, 400, b"")},
    ),
    _fault("no-proof-of-possession", "PKI-ENROLL-12", "Nobody looks at the signature.", "pki.enroll.proof"),
    _fault(
        "domain-not-demanded",
        "PKI-ENROLL-13",
        "A domain that is missing or unknown is answered 200.",
        tamper={ENROLL: answered(200, 400)},
    ),
    _fault("any-key", "PKI-ENROLL-16", "Any key is certified.", "pki.enroll.key"),
    _fault(
        "any-owner",
        ("PKI-ENROLL-19", "PKI-ENROLL-20", "PKI-ENROLL-21", "AUTH-OWN-03"),
        "A party gets certificates in the name of others.",
        "pki.enroll.owner",
    ),
    _fault(
        "no-addresses",
        "PKI-ENROLL-22",
        "Certificates do not name a source of their status.",
        "pki.enroll.addresses",
    ),
    _fault(
        "open-enrolment",
        "PKI-ENROLL-23",
        "Anybody gets certificates.",
        # Without a token there is nobody with a right, and nobody who could be an owner.
        "pki.token",
        "pki.right",
        "pki.enroll.owner",
    ),
    _fault(
        "certificate-missing",
        tuple(f"PKI-ENROLL-{number}" for number in ENROLLED.values()),
        "The answer holds no certificate.",
        tamper={ENROLL: changed_certificates(lambda _found: ())},
    ),
    _fault(
        "certificate-twice",
        "PKI-ENROLL-24",
        "The answer holds more than the certificate.",
        # RFC 7030 section 4.2.3 wants one.
        tamper={ENROLL: changed_certificates(lambda found: found * 2)},
    ),
    _fault(
        "est-headers-refused",
        "PKI-ENROLL-25",
        "What EST clients send besides the media type is refused.",
        tamper={ENROLL: when(lambda call: "content-transfer-encoding" in call.headers, 400)},
    ),
    _fault(
        "one-serial-number", "PKI-ENROLL-26", "All certificates get one serial number.", "pki.enroll.serial"
    ),
)

REVOCATION = (
    _fault(
        "revocation-refused",
        ("PKI-REVOKE-01", "PKI-REVOKE-16"),
        "Nobody may revoke anything.",
        tamper={REVOKE: answered(400, 200, b"")},
    ),
    _fault(
        "revocation-forgotten",
        ("PKI-REVOKE-02", "PKI-REVOKE-16", "PKI-REVOKE-19", "PKI-OCSP-03", "PKI-CRL-02"),
        "A revocation is answered 200 and forgotten.",
        "pki.revoke.record",
    ),
    _fault(
        "foreign-revoked",
        "PKI-REVOKE-03",
        "A party may revoke the certificates of others.",
        "pki.revoke.owner",
    ),
    _fault("unknown-revoked", "PKI-REVOKE-04", "A certificate of another CA is taken.", "pki.revoke.known"),
    *(
        _fault(
            f"reason-{reason}-fails",
            f"PKI-REVOKE-{REASON[reason]}",
            f"The reason {reason} is answered 500.",
            # A crash, for one of the reasons may be refused (ERR-108).
            tamper={REVOKE: when(_for_reason(reason), 500)},
        )
        for reason in OPNC_REASONS
    ),
    _fault(
        "any-revocation",
        ("PKI-REVOKE-12", "PKI-REVOKE-13", "PKI-REVOKE-14", "PKI-REVOKE-15"),
        "A request that lacks something or holds garbage is answered 200.",
        tamper={REVOKE: answered(200, 400, b"")},
    ),
    _fault(
        "revoked-twice-crashes",
        "PKI-REVOKE-17",
        "What is revoked already is answered 500.",
        # 200 and 400 would both do (ERR-109).
        tamper={REVOKE: answered(500, 400, b"")},
    ),
    _fault(
        "ca-revoked",
        "PKI-REVOKE-18",
        "A CA may be revoked like a leaf.",
        "pki.revoke.leaf",
        # Known too: the register holds leaves alone, so a CA would be refused as unknown.
        "pki.revoke.known",
    ),
)

STATUS = (
    _fault(
        "ocsp-signature-spoilt",
        "PKI-OCSP-01",
        "OCSP responses do not verify.",
        tamper={OCSP.id: _signature_spoilt},
    ),
    _fault(
        "ocsp-by-sha256-crashes",
        "PKI-OCSP-06",
        "A certificate whose CA is named by SHA-256 is answered 500.",
        # Not to know such names would be a warning (RFC 6960 section 4.3).
        tamper={OCSP.id: _crash_by_sha256},
    ),
    _fault(
        "ocsp-asks-for-credentials",
        "PKI-OCSP-02",
        "OCSP is answered to those who authenticate only.",
        # OCSP and CRLs need no authentication (ERR-086).
        tamper={OCSP.id: when(lambda call: "authorization" not in call.headers, 401)},
    ),
    Fault(
        "pki.always-good",
        "pki",
        ("PKI-OCSP-03", "PKI-REVOKE-02"),
        "Every certificate is told to be good.",
        replaced={"pki.status.issued": lambda _place: GOOD},
    ),
    _fault("unknown-good", "PKI-OCSP-04", "What was never issued is told to be good.", "pki.status.unknown"),
    _fault("cas-unknown", "PKI-OCSP-05", "The status of CAs is not told.", "pki.status.authorities"),
    _fault("crl-signature-spoilt", "PKI-CRL-01", "CRLs do not verify.", tamper={CRL.id: _signature_spoilt}),
    _fault(
        "crl-asks-for-credentials",
        "PKI-CRL-01",
        "CRLs are given to those who authenticate only.",
        tamper={CRL.id: when(lambda call: "authorization" not in call.headers, 401)},
    ),
    _fault("crl-empty", "PKI-CRL-02", "CRLs list nothing.", "pki.crl.entries"),
    _fault(
        "crl-not-renewed",
        "PKI-CRL-02",
        "The CRL of last week is given out until the week is over, and a list of nothing then.",
        "pki.crl.entries",
        replaced={"pki.crl.period": lambda issued, _start: (issued - WEEK, issued + WEEK)},
    ),
    _fault(
        "crl-overdue",
        "PKI-CRL-01",
        "CRLs are those of last week, and overdue.",
        replaced={"pki.crl.period": lambda issued, _start: (issued - WEEK, issued - WEEK / 7)},
    ),
    _fault(
        "ocsp-from-the-future",
        "PKI-OCSP-01",
        "OCSP responses are of tomorrow.",
        replaced={"pki.ocsp.period": lambda now: (now + WEEK / 7, now + WEEK)},
    ),
    _fault(
        "ocsp-overdue",
        "PKI-OCSP-01",
        "OCSP responses are those of last week, and overdue.",
        replaced={"pki.ocsp.period": lambda now: (now - WEEK, now - WEEK / 7)},
    ),
)

FAULTS: tuple[Fault, ...] = (*CA_CERTIFICATES_READ, *ENROLMENT, *REVOCATION, *STATUS)
