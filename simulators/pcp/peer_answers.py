"""What a PCP asks of the PCPs of other ecosystems, and when it believes their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.identifiers import Pcid
from opnc.vehicles import WRAPPER
from simulators.kernel import Refusal
from simulators.pcp.publication import check_chain_to_root, check_dates, check_pcid, read_publication

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opnc.clock import Clock
    from opnc.pki.reading import ReadCertificate
    from simulators.collaboration import Check
    from simulators.kernel import Call


def answer_checks(
    roots: Callable[[], Sequence[ReadCertificate]], clock: Clock
) -> tuple[tuple[str, Check], ...]:
    """Return what the answer of another PCP must meet, each with its name.

    Args:
        roots: Returns the roots that our own root certificate pool offers now.
        clock: Tells the present.
    """
    # `roots` and the clock are asked with every answer: roots come and go while the pool runs.

    def leads_to_known_root(_call: Call, body: Any) -> bool:
        return _passes(lambda: check_chain_to_root(read_publication(body[WRAPPER]), roots()))

    def is_current(_call: Call, body: Any) -> bool:
        return _passes(lambda: check_dates(read_publication(body[WRAPPER]), clock.now()))

    # The subject first: what is said of another vehicle need not be looked at any further.
    return (("subject", _is_that_vehicle), ("chain", leads_to_known_root), ("dates", is_current))


def _is_that_vehicle(call: Call, body: Any) -> bool:
    chain = read_publication(body[WRAPPER])
    return _passes(lambda: check_pcid(chain)) and chain.pcid == Pcid.parse(call.path["pcid"])


def _passes(check: Callable[[], object]) -> bool:
    try:
        check()
    except Refusal:
        return False
    return True
