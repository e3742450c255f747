"""Messages as they pass between OPNC services, for sample results: seeded, with real certificates."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reports.model import Body, Exchange, Request, Response

if TYPE_CHECKING:
    import random

EPOCH = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


@cache
def certificate(number: int, subject: str, issuer: str) -> str:
    """Return a certificate as base64 of its DER, as OPNC bodies carry them."""
    key = ec.derive_private_key(number + 1000, ec.SECP256R1())
    signed = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(number + 1)
        .not_valid_before(EPOCH - dt.timedelta(days=30))
        .not_valid_after(EPOCH + dt.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=subject == issuer, path_length=None), critical=True)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return base64.b64encode(signed.public_bytes(serialization.Encoding.DER)).decode()


def _name(common_name: str) -> x509.Name:
    parts = [(NameOID.COMMON_NAME, common_name), (NameOID.ORGANIZATION_NAME, "Alpha Mobility")]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def body(content: object, media_type: str | None = "application/json") -> Body:
    """Make a body of JSON, text or bytes; empty for None."""
    if content is None:
        return Body(media_type=None, size=0, sha256=hashlib.sha256().hexdigest())
    if isinstance(content, bytes):
        encoded = base64.b64encode(content).decode()
        digest = hashlib.sha256(content).hexdigest()
        return Body(media_type=media_type, size=len(content), base64=encoded, sha256=digest)
    text = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))
    raw = text.encode("utf-8", "surrogatepass")
    return Body(media_type=media_type, size=len(raw), text=text, sha256=hashlib.sha256(raw).hexdigest())


def exchange(
    *,
    sequence: int,
    step: int | None = None,
    party: str = "emsp",
    service: str = "rcp",
    operation: str | None = "getRootCertificatesV1",
    method: str = "GET",
    path: str = "/rootcertificates",
    sent: object = None,
    status: int | None = 200,
    answer: object = None,
    error: str | None = None,
    trace: str = "4bf92f35",
) -> Exchange:
    """Make an exchange with the headers an OPNC service would show; no response where `status` is None."""
    host = f"{service}.alpha.opnc.test"
    request = Request(
        method=method,
        url=f"https://{host}/opnc/v1/{service}{path}",
        headers=(
            ("Host", host),
            ("Accept", "application/json"),
            ("Authorization", "Bearer [redacted]"),
            ("OPNC-from-party-type", party.upper()),
            ("OPNC-from-party-id", "DE*ALF"),
            ("traceparent", f"00-{trace}-01"),
        ),
        body=body(sent),
    )
    return Exchange(
        sequence=sequence,
        step=step,
        party=party,
        service=service,
        operation=operation,
        request=request,
        response=None if status is None else _response(status, answer, trace),
        error=error,
        started=EPOCH + dt.timedelta(milliseconds=sequence * 7),
        duration_s=0.0021 * sequence,
    )


def _response(status: int, answer: object, trace: str) -> Response:
    headers = (
        ("Content-Type", "application/json"),
        ("Date", "Mon, 02 Mar 2026 09:30:00 GMT"),
        ("X-Trace-Id", trace),
    )
    reasons = {200: "OK", 201: "Created", 400: "Bad Request", 404: "Not Found"}
    return Response(status=status, reason=reasons.get(status, ""), headers=headers, body=body(answer))


def root_list(count: int) -> dict[str, Any]:
    """Return the answer of a Root Certificate Pool with so many roots."""
    return {"rootCertificates": [root(number) for number in range(count)]}


def root(number: int) -> dict[str, Any]:
    """Return one root as the pool shows it."""
    name = f"Alpha V2G Root {number}"
    return {
        "rootCertificateId": f"8f14e45f-ceea-467f-a83e-{number:012d}",
        "rootTypeList": ["V2G"],
        "distinguishedName": f"CN={name},O=Alpha Mobility",
        "caCertificate": certificate(number, name, name),
        "validFrom": "2026-01-31T09:30:00Z",
    }


def provisioning(number: int) -> dict[str, Any]:
    """Return provisioning certificate data of a vehicle: a leaf of its own under Sub-CAs that all share."""
    pcid = f"WVW{number:014d}A"
    return {
        "pcid": pcid,
        "provisioningCertificate": certificate(5000 + number, pcid, "Alpha OEM Sub2"),
        "certificateChain": [
            certificate(101, "Alpha OEM Sub2", "Sub1"),
            certificate(100, "Sub1", "OEM Root"),
        ],
    }


def exi(random: random.Random, size: int) -> dict[str, Any]:
    """Return a certificate installation answer; its EXI is noise of the right size."""
    encoded = base64.b64encode(random.randbytes(size)).decode()
    return {"emaid": "DEALFC0000001X", "certificateInstallationRes": encoded}


def problem(trace: str) -> dict[str, Any]:
    """Return the error body of OPNC."""
    return {"errorMessages": ["The root certificate is not known."], "traceId": trace}
