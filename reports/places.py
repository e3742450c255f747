"""Where in an exchange a finding was seen: the words of `Finding.place`, and whether there is such a place.

A place may be followed by a blank and the path inside of what is encoded there, as in `/certificate subject`.
It lies in the half of the exchange that comes from what is tested: in the answer to what the tester asks, in
the request that a peer makes.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from opnc.json_body import decode_or_none
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.model import Body, Exchange, Finding, ScenarioResult

STATUS: Final = "status"
"""The status of the answer."""

BODY: Final = "body"
"""A body as a whole, or what is in one that is not JSON."""

METHOD: Final = "method"
"""The method of the request."""

URL: Final = "url"
"""The address that was asked; behind the blank, the name of a parameter."""

TIME: Final = "time"
"""When it came, or how long it took."""

CONNECTION: Final = "connection"
"""What carried it: TLS, or nothing of the kind."""

ABSENT: Final = "absent"
"""In no exchange: what should have come of this one did not, or went where the tester sees no exchange."""

_HEADER: Final = "header "
_WORDS: Final = frozenset({STATUS, BODY, METHOD, URL, TIME, CONNECTION, ABSENT})


def header(name: str) -> str:
    """Return the place of a header."""
    return _HEADER + name


def pointer(*steps: str | int) -> str:
    """Return the place of a member in a JSON body (RFC 6901); the body itself for no step."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps) or BODY


def within(place: str, *inside: str) -> str:
    """Return a place inside of what is encoded at another; what is empty says nothing."""
    return " ".join((place, *filter(None, inside)))


def is_in_body(place: str) -> bool:
    """Tell whether a place is a body, or in one."""
    return place.partition(" ")[0] == BODY or place.startswith("/")


def is_known(place: str) -> bool:
    """Tell whether a place is one of this vocabulary."""
    return place.startswith(("/", _HEADER)) or place.partition(" ")[0] in _WORDS


def stands_in(place: str, exchange: Exchange) -> bool:
    """Tell whether there is such a place in an exchange, or what would hold it.

    Args:
        place: As `Finding.place` says it.
        exchange: The evidence.
    """
    if place.partition(" ")[0] == STATUS:
        return exchange.response is not None
    if not place.startswith("/"):
        return is_known(place)
    bodies = [half.body for half in (exchange.request, exchange.response) if half is not None]
    # Whole as well: a name that a peer has given may have a blank in it.
    return any(_resolves(each, body) for each in (place, place.partition(" ")[0]) for body in bodies)


def unplaced(scenario: ScenarioResult) -> Iterator[tuple[Finding, str]]:
    """Yield the failing findings that do not say where they were seen, each with what is wrong with that."""
    by_number = {each.sequence: each for each in scenario.exchanges}
    for finding in scenario.findings:
        if finding.level is not Severity.FAIL:
            continue
        exchange = None if finding.exchange is None else by_number.get(finding.exchange)
        if exchange is None:
            yield finding, "names no exchange"
        elif finding.place is None:
            yield finding, "names no place"
        elif not stands_in(finding.place, exchange):
            yield finding, f"names {finding.place}, which exchange {exchange.sequence} does not have"


def _resolves(place: str, body: Body) -> bool:
    """Tell whether a pointer leads to a member of a body, or to one that is missing in what is there."""
    # What is kept of it need not be whole.
    if body.truncated:
        return True
    value: Any = decode_or_none(base64.b64decode(body.base64) if body.base64 else (body.text or "").encode())
    *above, last = (step.replace("~1", "/").replace("~0", "~") for step in place.split("/")[1:])
    for step in above:
        value = _member(value, step)
        if value is None:
            return False
    return isinstance(value, dict) or (isinstance(value, list) and last.isdigit())


def _member(value: Any, step: str) -> Any:
    if isinstance(value, list):
        return value[int(step)] if step.isdigit() and int(step) < len(value) else None
    return value.get(step) if isinstance(value, dict) else None
