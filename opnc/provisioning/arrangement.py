"""What a vehicle sees of a CertificateInstallationRes before any key: header, order of chains, contract."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.exi import iso2
from opnc.identifiers.emaid import Emaid
from opnc.pki.chains import check_order
from opnc.pki.deviations import Deviation
from opnc.problem import Problem
from opnc.provisioning.messages import content_of
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.messages import Message

GOOD_CODES = ("OK", "OK_CertificateExpiresSoon")
"""The response codes that come with a contract."""

_LATEST_STAMP = 10**11


def check_header(message: Message, session_id: bytes | None) -> Iterator[Deviation]:
    """Check what a response says of itself: session, time and whether it is complete.

    Args:
        message: The response.
        session_id: The session that was asked in; None leaves the session out.
    """
    seen, expected = message.Header.SessionID, session_id
    if expected is not None and seen != expected:
        yield Deviation(
            "session-id", "Header/SessionID", expected.hex(), seen.hex(), "ISO 15118, message header"
        )
    # Seconds since 1970: in milliseconds the number is a thousand times as large, a day in the year 50,000.
    stamp = getattr(message.Header, "TimeStamp", 0)
    if stamp > _LATEST_STAMP:
        field_, clause = "Header/TimeStamp", "ISO 15118-20, message header"
        yield Deviation("time-stamp", field_, "seconds since 1970", str(stamp), clause, Severity.WARN)
    content = content_of(message)
    processing = getattr(content, "EVSEProcessing", "Finished")
    if processing != "Finished" and content.ResponseCode in GOOD_CODES:
        yield Deviation(
            "evse-processing",
            "EVSEProcessing",
            "Finished, for the contract is there",
            processing,
            "ISO 15118-20, CertificateInstallationRes",
            Severity.WARN,
        )


def check_arrangement(whose: str, chain: Sequence[ReadCertificate]) -> Iterator[Deviation]:
    """Check that a chain is sent as a vehicle without much memory expects it: upwards, each once, no root."""
    roots = [certificate for certificate in chain if certificate.self_signed]
    for root in roots:
        expected, seen = "certificates below the root", f"the root, {root.subject}"
        yield Deviation("root-sent", "SubCertificates", expected, seen, "[V2G2-009]", Severity.WARN, whose)
    repeated = len(chain) - len(set(chain))
    if repeated:
        seen = f"{repeated} sent again"
        yield Deviation(
            "certificate-repeated", "SubCertificates", "each once", seen, "[V2G2-009]", Severity.WARN, whose
        )
    ordered = [certificate for certificate in dict.fromkeys(chain) if certificate not in roots]
    # Only what is one chain has an order: a certificate without its issuer is found by the check of the path.
    if all(any(below.issuer == above.subject for above in ordered[1:]) for below in ordered[:1]):
        for finding in check_order(ordered):
            yield replace(finding, severity=Severity.WARN, where=f"{whose}, {finding.where}")


def _plain(identifier: str) -> str:
    # Hyphens and letter case are spelling: services take both away before they look (ERR-161).
    return "".join(character for character in identifier if character.isalnum()).upper()


def same_contract(one: str, other: str) -> bool:
    """Return whether two eMAIDs denote one contract."""
    try:
        # With or without the check digit, which is no part of the identifier (ERR-163).
        return Emaid.parse(one) == Emaid.parse(other)
    except Problem:
        return _plain(one) == _plain(other)


def check_digit(common_name: str) -> Iterator[Deviation]:
    """Check the check digit of an eMAID, where there is one."""
    try:
        emaid = Emaid.parse(common_name)
    except Problem:
        return
    if emaid.check_digit_fits is False:
        expected, clause = "the check digit of the identifier", "ISO 15118-2 Annex H.1"
        seen = f"{emaid.check_digit} in {common_name}"
        yield Deviation("emaid-check-digit", "subject.CN", expected, seen, clause, Severity.WARN)


def check_emaid(content: Any, common_name: str) -> Iterator[Deviation]:
    """Check that a response is about the contract in its certificate."""
    yield from check_digit(common_name)
    # ISO 15118-20 states the eMAID in the certificate only.
    if isinstance(content, iso2.CertificateInstallationResType):
        emaid = content.eMAID.value
        if not same_contract(emaid, common_name):
            seen = common_name or "none"
            yield Deviation(
                "emaid-differs", "eMAID", f"the CN of the contract, {seen}", emaid, "ISO 15118-2 Annex F"
            )
