"""Variants of the RCP: when what was written can be read, and how informative members are written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from simulators.faults.tampering import each, edited
from simulators.rcp import ROOTS, RootCertificatePool
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.messages import Call

LATE = timedelta(seconds=1)
"""How long the list is behind; a proof on sockets waits so long in real time, again and again."""


def _listed_late(store: Callable[[Call], None], call: Call) -> None:
    pool: RootCertificatePool = store.__self__  # type: ignore[attr-defined]  # a bound method
    store(call)
    # The list leaves out what is not valid yet by this column; by its id a root can be read at once.
    # Whole seconds, for by these validity is told: never more than a second late.
    from_then_on = int((pool.context.clock.now() + LATE).timestamp())
    newest = ROOTS.c.position == pool.last_position()
    with pool.context.store.begin() as connection:
        connection.execute(ROOTS.update().where(newest).values(valid_from=from_then_on))


def _with_colons(root: dict[str, Any]) -> dict[str, Any]:
    digits = str(root.get("fingerprint", "")).upper()
    pairs = (digits[place : place + 2] for place in range(0, len(digits), 2))
    return {**root, "fingerprint": ":".join(pairs)} if digits else root


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
)
