"""What an Event Service may do wrong when it sends events again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from opnc.events import signature
from simulators.event.delivery import DeliveryOutcome, meaning
from simulators.faults import making
from simulators.faults.event import signing

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.event.endpoints import Endpoint
    from simulators.event.queue import Delivery
    from simulators.kernel.fault_injection import Fault

_fault = making.faults_of("event")


def _answers_meaning(**meanings: DeliveryOutcome) -> dict[str, Callable[[int | None], DeliveryOutcome]]:
    """Understand some answers otherwise: `none`, or `c2`, `c4` and `c5` for the classes of statuses."""

    def understood(status: int | None) -> DeliveryOutcome:
        return meanings.get("none" if status is None else f"c{status // 100}", meaning(status))

    return {"event.answer.meaning": understood}


def _shortened(delivery: Delivery) -> bytes:
    """Send the whole event first, and when it is sent again only what it is about."""
    if not delivery.attempts:
        return delivery.body.encode()
    message = json.loads(delivery.body)
    about = {name: value for name, value in message["payload"].items() if name == "rootCertificateId"}
    return json.dumps({**message, "payload": about}).encode()


def _signing_once() -> Callable[[Endpoint, bytes], str]:
    """Sign with the secret what is sent first, and with none what is sent again."""
    sent: set[tuple[str, bytes]] = set()

    def sign(endpoint: Endpoint, content: bytes) -> str:
        again = (endpoint.id, content) in sent
        sent.add((endpoint.id, content))
        return signature("" if again else endpoint.secret, content)

    return sign


FAULTS: tuple[Fault, ...] = (
    _fault(
        "no-retry",
        "EVT-RETRY-01",
        "A server error ends the matter.",
        replaced=_answers_meaning(c5=DeliveryOutcome.REFUSED),
    ),
    _fault("retry-at-once", "EVT-RETRY-02", "Events are sent again at once.", "event.retry.wait"),
    _fault(
        "single-retry",
        "EVT-RETRY-02",
        "An event is sent again only once.",
        # `attempts` are those before the one that has just failed.
        replaced={"event.retry.limit": lambda delivery: delivery.attempts >= 1},
    ),
    _fault(
        "fourth-retry",
        "EVT-RETRY-03",
        "An event is sent again a fourth time.",
        # Three retries are the reference, and no reading has more (ERR-134).
        replaced={"event.retry.limit": lambda delivery: delivery.attempts >= 4},
    ),
    _fault("endless-retries", "EVT-RETRY-03", "An event is never given up.", "event.retry.limit"),
    _fault(
        "retry-after-success",
        "EVT-RETRY-04",
        "An event that was taken is sent again.",
        replaced=_answers_meaning(c2=DeliveryOutcome.NOT_PROPERLY),
    ),
    _fault(
        "retry-shortened",
        "EVT-RETRY-05",
        "When an event is sent again it lacks most of its payload.",
        replaced={"event.send.content": _shortened},
    ),
    _fault(
        "retry-signed-otherwise",
        "EVT-RETRY-05",
        "When an event is sent again it is signed with another secret.",
        replaced=signing(_signing_once()),
    ),
    _fault(
        "retry-after-refusal",
        ("EVT-RETRY-06", "EVT-TYPE-17"),
        "An event that the receiver refused is sent again.",
        # 400 and 409 end the matter (ERR-135).
        replaced=_answers_meaning(c4=DeliveryOutcome.NOT_PROPERLY),
    ),
    _fault(
        "one-lane",
        "EVT-RETRY-07",
        "Events wait until all earlier ones have been delivered, whosoever they are for.",
        replaced={"event.queue.lane": lambda _endpoint, _event: "all"},
    ),
    _fault(
        "unreachable-given-up",
        "EVT-RETRY-08",
        "A receiver that cannot be reached is not tried again.",
        replaced=_answers_meaning(none=DeliveryOutcome.REFUSED),
    ),
)
