"""Variants of the RCP: when what was written can be read, the words for types, how a key is named."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha1
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc import contract, roots
from opnc.pki.ocsp import cert_id
from opnc.pki.reading import read_certificate_text
from opnc.severity import Severity
from simulators.faults.tampering import each, edited
from simulators.kernel.messages import Refusal
from simulators.rcp.store import ROOTS
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opnc.pki.reading import ReadCertificate
    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call
    from simulators.rcp.service import RootCertificatePool

LATE = timedelta(seconds=1)
"""How long the list is behind; a proof on sockets waits so long in real time, again and again."""


def _listed_late(store: Callable[[Call], None], call: Call) -> None:
    pool: RootCertificatePool = store.__self__  # type: ignore[attr-defined]  # a bound method
    store(call)
    # The list leaves out what is not valid yet by this column; by its id a root can be read at once.
    # Whole seconds, for by these validity is told: never more than a second late.
    from_then_on = int((pool.context.clock.now() + LATE).timestamp())
    # Who is not valid for longer is not listed for longer.
    newest = sql.and_(ROOTS.c.position == pool.last_position(), ROOTS.c.valid_from < from_then_on)
    with pool.context.store.begin() as connection:
        connection.execute(ROOTS.update().where(newest).values(valid_from=from_then_on))


def _with_colons(root: dict[str, Any]) -> dict[str, Any]:
    digits = str(root.get("fingerprint", "")).upper()
    pairs = (digits[place : place + 2] for place in range(0, len(digits), 2))
    return {**root, "fingerprint": ":".join(pairs)} if digits else root


LIST, READ = "getRootCertificatesV1", "getRootCertificateV1"


def _parameters(call: Call) -> None:
    """Take types in any of the three vocabularies."""
    asked = call.query.get("pkiType")
    meant = replace(call, query={**call.query, "pkiType": roots.type_named(asked)}) if asked else call
    deviations = contract.check_parameters(
        call.operation, path=call.path, query=meant.query, headers=call.headers
    )
    if any(found.severity is contract.Severity.FAIL for found in deviations):
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
        id="rcp.listed-late",
        service="rcp",
        summary="The list shows a new root a second after it was registered.",
        sources=("OPNC docs/components/01",),
        around={"rcp.put.store": _listed_late},
        declares={"settle_window": LATE},
    ),
    Variant(
        id="rcp.fingerprints-with-colons",
        service="rcp",
        summary="Fingerprints are written in capitals, with a colon between octets.",
        sources=("OPNC docs/components/01",),
        tamper={
            **each("getRootCertificatesV1", "rootCertificateCollection", _with_colons),
            "getRootCertificateV1": edited(
                lambda body: {name: _with_colons(root) for name, root in body.items()}
            ),
        },
    ),
    Variant(
        id="rcp.no-declared-roots",
        service="rcp",
        summary="The implementer does not say which roots the pool holds.",
        sources=("OPNC docs/components/01",),
        unjudged=("RCP-LIST-01",),
        leaves_out="Whether the list is whole is seen by the roots that it is known to hold.",
        # Nothing is done otherwise: wherever the list is made, what is declared matters.
        around={"rcp.list.valid": lambda narrow, *arguments: narrow(*arguments)},
        declares={"roots": ()},
    ),
    Variant(
        id="rcp.types-in-any-words",
        service="rcp",
        summary="Types are understood in any letter case, and as events spell them.",
        sources=("ERR-013",),
        lenient=Severity.INFO,
        strict=Severity.INFO,
        matters=lambda call, _answer: "pkiType" in call.query,
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
