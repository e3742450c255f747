"""What pools may do wrong when they work together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.broadcast import HEADER
from opnc.vehicles import CHAIN, WRAPPER
from simulators.faults import making
from simulators.faults.tampering import answered, edited
from simulators.kernel import Answer, Refusal
from simulators.kernel.misbehaviour import Fault
from simulators.pcp import READ

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opnc.broadcast import Reading
    from simulators.kernel import Call
    from simulators.outbound import Outbound, Reply
    from simulators.peers import Peer, Task

    Answers = Iterator[tuple[Peer, Reply | None]]

_pcp = making.of("pcp")


def _unmarked(_reading: Reading) -> dict[str, str]:
    return {}


def _marked_the_other_way(reading: Reading) -> dict[str, str]:
    return {HEADER: "false" if reading == "A" else "true"}


def _one_after_the_other(outbound: Outbound, tasks: list[Task]) -> Answers:
    for task in tasks:
        yield from outbound.together([task])


def _twice(outbound: Outbound, tasks: list[Task]) -> Answers:
    yield from outbound.together([*tasks, *tasks])


def _token_of_asker(_peer: Peer, call: Call) -> str | None:
    return call.headers.get("authorization", "").rpartition(" ")[2]


def _first_of_all(_call: Call, answers: Answers) -> Answer | None:
    """Take whatever comes first."""
    _, reply = next(answers, (None, None))
    return Answer(reply.status, reply.content) if reply and reply.status == 200 else None


def _spoilt_by_one(_call: Call, answers: Answers) -> Answer | None:
    """Give up if one of them fails."""
    found = None
    for _, reply in answers:
        if reply is None or reply.status not in {200, 404}:
            raise Refusal(502, "a peer cannot be asked")
        if reply.status == 200 and found is None:
            found = Answer(200, reply.content)
    return found


def _leaf_for_all(body: dict[str, Any]) -> dict[str, Any]:
    """Put the leaf in the place of every certificate of a chain."""
    entry = body[WRAPPER]
    chain = dict.fromkeys(entry[CHAIN], entry[CHAIN]["certificate"])
    return {WRAPPER: {**entry, CHAIN: chain}}


def _unchecked(service: str) -> frozenset[str]:
    return frozenset(f"{service}.peers.holds.{name}" for name in ("schema", "subject", "chain", "dates"))


def _first_peer(peers: Iterable[Peer]) -> tuple[Peer, ...]:
    return tuple(peers)[:1]


PROVISIONING = (
    _pcp(
        "peers-not-asked",
        ("POOL-PCP-01", "POOL-PCP-07", "POOL-PCP-10", "POOL-PCP-13"),
        "What the own pool does not hold is not asked of others.",
        "pcp.read.peers",
    ),
    _pcp(
        "peers-asked-where-told",
        "POOL-PCP-10",
        "Other pools are asked only if the request says that it is no broadcast.",
        instead={"pcp.peers.unmarked": lambda call: call.headers.get(HEADER) == "false"},
    ),
    _pcp(
        "peers-unmarked",
        ("POOL-PCP-02", "POOL-PCP-06"),
        "Requests are passed on without the mark.",
        instead={"pcp.peers.mark": _unmarked},
    ),
    _pcp(
        "peers-marked-the-other-way",
        ("POOL-PCP-02", "POOL-PCP-06"),
        "Requests are passed on with the mark the other way round.",
        instead={"pcp.peers.mark": _marked_the_other_way},
    ),
    _pcp(
        "marked-passed-on",
        ("POOL-PCP-03", "POOL-PCP-06"),
        "Requests that another pool has passed on are passed on again.",
        "pcp.peers.unmarked",
        "pcp.peers.no-pool",
    ),
    _pcp(
        "peers-asked-twice",
        ("POOL-PCP-02", "POOL-PCP-06"),
        "Every other pool is asked twice.",
        instead={"pcp.peers.together": _twice},
    ),
    Fault(
        "pcp.peers-asked-first",
        "pcp",
        ("POOL-PCP-05",),
        "Other pools are asked although the own one holds the vehicle.",
        ahead=frozenset({"pcp.read.peers"}),
    ),
    _pcp(
        "nobody-has-it-is-200",
        "POOL-PCP-04",
        "A vehicle that nobody holds is answered 200.",
        tamper={READ: answered(200, 404, b"{}")},
    ),
    _pcp(
        "one-peer-asked",
        ("POOL-PCP-04", "POOL-PCP-07"),
        "Only one of the other pools is asked.",
        instead={"pcp.peers.all": _first_peer},
    ),
    _pcp(
        "first-answer-counts",
        ("POOL-PCP-07", "POOL-PCP-08"),
        "The first answer of another pool ends the search, whatever it is.",
        instead={"pcp.peers.first": _first_of_all},
    ),
    _pcp(
        "one-peer-spoils-all",
        "POOL-PCP-08",
        "A pool that fails makes the whole search fail.",
        instead={"pcp.peers.first": _spoilt_by_one},
    ),
    Fault(
        "pcp.peers-believed",
        "pcp",
        ("POOL-PCP-08", "POOL-PCP-13"),
        "Whatever another pool answers with 200 is handed out.",
        without=_unchecked("pcp"),
    ),
    _pcp(
        "other-vehicle-of-peer",
        "POOL-PCP-08",
        "What another pool says of another vehicle is handed out.",
        "pcp.peers.holds.subject",
    ),
    _pcp(
        "chain-of-peer-unchecked",
        "POOL-PCP-13",
        "A chain of another pool to a root that nobody knows is handed out.",
        "pcp.peers.holds.chain",
    ),
    _pcp(
        "waits-add-up",
        "POOL-PCP-08",
        "Other pools are asked one after the other.",
        instead={"pcp.peers.together": _one_after_the_other},
    ),
    _pcp(
        "answer-of-peer-changed",
        "POOL-PCP-09",
        "What another pool says of a vehicle is changed on the way.",
        tamper={READ: edited(_leaf_for_all)},
    ),
    _pcp(
        "token-passed-on",
        "POOL-PCP-11",
        "The token of whoever asks is shown to other pools.",
        instead={"pcp.peers.token": _token_of_asker},
    ),
    _pcp(
        "pools-not-authenticated",
        "POOL-PCP-11",
        "A pool need not show who it is.",
        "pcp.token",
        "pcp.right",
    ),
    Fault(
        "pcp.pools-have-no-right",
        "pcp",
        ("POOL-PCP-03",),
        "A pool that is onboarded may not read vehicles.",
        rights={(READ, None, "peer"): False},
    ),
    _pcp(
        "any-mark",
        "POOL-PCP-12",
        "A mark that is neither true nor false is accepted.",
        "pcp.parameters",
    ),
    _pcp(
        "first-asker-not-named",
        "HDR-FROM-01",
        "Requests are passed on without the headers that say who has asked first.",
        instead={"pcp.peers.parties": lambda _call: {}},
    ),
)

FAULTS = PROVISIONING
