"""What a CCP asks of the CCPs of other ecosystems, and when it believes their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulators.ccp.delivery import COLLECTION
from simulators.ccp.installation_request import vehicle_of
from simulators.ccp.submission import (
    SubmittedContract,
    check_dates,
    check_emaid,
    check_positive,
    check_signature,
    parse_submission,
)
from simulators.kernel import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.clock import Clock
    from simulators.collaboration import Check
    from simulators.kernel import Call
    from simulators.pki.relying_party import RelyingParty

PEER_REQUEST_HEADERS = {"alwaysReturnEXI": "false"}
"""Another pool is to say by its status that it has nothing; what the vehicle is told is up to this one."""


def answer_checks(relying: RelyingParty, clock: Clock) -> tuple[tuple[str, Check], ...]:
    """Return what the answer of another CCP must meet, each with its name.

    Args:
        relying: Checks chains by the roots of our own root certificate pool.
        clock: Tells the present.
    """

    def leads_to_known_root(data: SubmittedContract) -> None:
        # By our own roots: those that another ecosystem trusts are not trusted here for its saying so.
        for chain, types in ((data.chains.cps, ("v2g",)), (data.chains.contract, ("emsp", "v2g"))):
            if not relying.chain(chain, *types).ok:
                raise Refusal(400, "a chain to a root that nobody knows")

    return (
        ("subject", _is_for_that_vehicle),
        ("positive", _each(check_positive)),
        ("emaid", _each(check_emaid)),
        ("signature", _each(check_signature)),
        ("chain", _each(leads_to_known_root)),
        ("dates", _each(lambda data: check_dates(data, clock.now()))),
    )


def _is_for_that_vehicle(call: Call, body: Any) -> bool:
    wanted = vehicle_of(call).normalised
    # A contract that does not name its vehicle contradicts nothing.
    stated = (str(item["pcid"]) for item in body[COLLECTION] if "pcid" in item)
    return all(each.upper() == wanted for each in stated)


def _each(check: Callable[[SubmittedContract], None]) -> Check:
    """Check every contract of an answer; an answer without any does not hold."""

    def holds(_call: Call, body: Any) -> bool:
        try:
            for item in body[COLLECTION]:
                check(parse_submission(item))
        except Refusal:
            return False
        return bool(body[COLLECTION])

    return holds
