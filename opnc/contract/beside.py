"""What a PKI offers beside the API: OCSP (RFC 6960) and CRLs (RFC 5280), at the addresses certificates name.

They are no part of the published files (ERR-114) and take no access token.
"""

from __future__ import annotations

from types import MappingProxyType

from opnc.contract.model import Operation, Response


def outside(
    operation_id: str, service: str, method: str, summary: str, statuses: tuple[int, ...] = (200,)
) -> Operation:
    """Return an operation that no file publishes: without parameters, with any body."""
    return Operation(
        id=operation_id,
        service=service,
        method=method,
        path="/",
        also=(),
        parameters=(),
        request=MappingProxyType({}),
        request_required=False,
        responses=MappingProxyType(
            {status: Response(status, MappingProxyType({}), (), (), None) for status in statuses}
        ),
        errata=(),
        summary=summary,
    )


OCSP = outside("ocsp", "pki", "POST", "Ask for the status of a certificate.")
CRL = outside("crl", "pki", "GET", "Read the list of revoked certificates of a CA.")
