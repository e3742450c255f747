"""Variants of the PKI in what is revoked, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import falcon

from simulators.faults.tampering import when
from simulators.kernel.messages import Refusal
from simulators.pki.service import REVOKE
from simulators.variants.making import Variant
from simulators.variants.meeting import called, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[falcon.Request], dict[str, str]]
    """Reads the headers of a request."""


def _is_attribute_reason(call: object) -> bool:
    body = getattr(call, "body", None)
    return isinstance(body, dict) and body.get("revocationReason") == "aACompromise"


def _unknown(control: Callable[[object], None], call: object) -> None:
    try:
        control(call)
    except Refusal as refusal:
        raise Refusal(404, refusal.message) from refusal


def _not_at(ending: str) -> Callable[[Reader, falcon.Request], dict[str, str]]:
    """Serve no path with an ending."""

    def read_headers(read: Reader, request: falcon.Request) -> dict[str, str]:
        if request.path.endswith(ending):
            raise falcon.HTTPNotFound
        return read(request)

    return read_headers


VARIANTS = (
    Variant(
        id="pki.revocation-at-the-short-path",
        service="pki",
        summary="Certificates are revoked at /opnc/v1/pki/revokeCertificate alone.",
        sources=("ERR-107",),
        matters=called(REVOKE),
        around={"pki.headers": _not_at("/pki/pki/revokeCertificate")},
    ),
    Variant(
        id="pki.revocation-at-the-literal-path",
        service="pki",
        summary="Certificates are revoked at /opnc/v1/pki/pki/revokeCertificate alone.",
        sources=("ERR-107",),
        lenient=None,
        strict=None,
        matters=called(REVOKE),
        around={"pki.headers": _not_at("/v1/pki/revokeCertificate")},
    ),
    Variant(
        id="pki.no-attribute-reason",
        service="pki",
        summary="The reason that is for attribute certificates is refused.",
        sources=("ERR-108", "RFC 5280 5.3.1"),
        tamper={REVOKE: when(_is_attribute_reason, 400)},
    ),
    Variant(
        id="pki.revoked-again",
        service="pki",
        summary="What is revoked already is answered as what is revoked now.",
        sources=("ERR-109",),
        matters=refused(REVOKE),
        disabled=frozenset({"pki.revoke.fresh"}),
    ),
    Variant(
        id="pki.unknown-not-found",
        service="pki",
        summary="A certificate of another CA is not found.",
        sources=("ERR-109", "RFC 9110 15.5.5"),
        matters=refused(REVOKE),
        around={"pki.revoke.known": _unknown},
    ),
)
