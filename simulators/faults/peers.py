"""What pools may do wrong when they work together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.broadcast import HEADER
from opnc.vehicles import CHAIN, WRAPPER
from simulators.ccp.service import REQUEST
from simulators.ccp.submission import MESSAGE
from simulators.faults import making
from simulators.faults.tampering import answered, each, edited, flip_bit
from simulators.kernel import Answer, Refusal
from simulators.pcp.service import READ

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opnc.broadcast import Reading
    from simulators.collaboration import Peer, Task
    from simulators.kernel import Call
    from simulators.network.outbound import Outbound, Reply

    Answers = Iterator[tuple[Peer, Reply | None]]

_pcp, _ccp = making.faults_of("pcp"), making.faults_of("ccp")

_SIGNED = "signedContractDataCollection"


def _unmarked(_reading: Reading) -> dict[str, str]:
    return {}


def _flag_inverted(reading: Reading) -> dict[str, str]:
    # The two readings of the header are opposite (ERR-080).
    return {HEADER: "false" if reading == "A" else "true"}


def _one_after_the_other(outbound: Outbound, tasks: list[Task]) -> Answers:
    for task in tasks:
        yield from outbound.as_completed([task])


def _twice(outbound: Outbound, tasks: list[Task]) -> Answers:
    yield from outbound.as_completed([*tasks, *tasks])


def _token_of_asker(_peer: Peer, call: Call) -> str | None:
    return call.headers.get("authorization", "").rpartition(" ")[2]


def _first_of_all(_call: Call, answers: Answers) -> Answer | None:
    """Take whatever comes first."""
    _, reply = next(answers, (None, None))
    return Answer(reply.status, reply.content) if reply and reply.status == 200 else None


def _fails_if_one_fails(_call: Call, answers: Answers) -> Answer | None:
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


def _first_peer(peers: Iterable[Peer]) -> tuple[Peer, ...]:
    return tuple(peers)[:1]


OF_BOTH = (
    *making.for_each_pool(
        "peers-unmarked",
        {"pcp": ("POOL-PCP-02", "POOL-PCP-06"), "ccp": ("POOL-CCP-02", "POOL-CCP-04")},
        "Requests are passed on without the mark.",
        replaced={"{pool}.peers.mark": _unmarked},
    ),
    *making.for_each_pool(
        "peers-marked-the-other-way",
        {"pcp": ("POOL-PCP-02", "POOL-PCP-06"), "ccp": ("POOL-CCP-02", "POOL-CCP-04")},
        "Requests are passed on with the mark the other way round.",
        replaced={"{pool}.peers.mark": _flag_inverted},
    ),
    *making.for_each_pool(
        "marked-passed-on",
        {"pcp": ("POOL-PCP-03", "POOL-PCP-06"), "ccp": ("POOL-CCP-02", "POOL-CCP-03", "POOL-CCP-04")},
        "Requests that another pool has passed on are passed on again.",
        # Both: the header says that a pool has passed the request on, and so does the account.
        "{pool}.peers.unmarked",
        "{pool}.peers.no-pool",
    ),
    *making.for_each_pool(
        "peers-asked-twice",
        {"pcp": ("POOL-PCP-02", "POOL-PCP-06"), "ccp": ("POOL-CCP-02", "POOL-CCP-04")},
        "Every other pool is asked twice.",
        replaced={"{pool}.peers.together": _twice},
    ),
    *making.for_each_pool(
        "one-peer-asked",
        {"pcp": ("POOL-PCP-04", "POOL-PCP-07"), "ccp": ("POOL-CCP-05", "POOL-CCP-01")},
        "Only one of the other pools is asked.",
        replaced={"{pool}.peers.all": _first_peer},
    ),
    *making.for_each_pool(
        "first-answer-counts",
        {"pcp": ("POOL-PCP-07", "POOL-PCP-08"), "ccp": "POOL-CCP-01"},
        "The first answer of another pool ends the search, whatever it is.",
        replaced={"{pool}.peers.first": _first_of_all},
    ),
    *making.for_each_pool(
        "one-peer-spoils-all",
        {"pcp": "POOL-PCP-08", "ccp": "POOL-CCP-01"},
        "A pool that fails makes the whole search fail.",
        replaced={"{pool}.peers.first": _fails_if_one_fails},
    ),
    *making.for_each_pool(
        "token-passed-on",
        {"pcp": "POOL-PCP-11", "ccp": "POOL-CCP-03"},
        "The token of whoever asks is shown to other pools.",
        replaced={"{pool}.peers.token": _token_of_asker},
    ),
)

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
        replaced={"pcp.peers.unmarked": lambda call: call.headers.get(HEADER) == "false"},
    ),
    _pcp(
        "peers-asked-first",
        "POOL-PCP-05",
        "Other pools are asked although the own one holds the vehicle.",
        moved_first="pcp.read.peers",
    ),
    _pcp(
        "nobody-has-it-is-200",
        "POOL-PCP-04",
        "A vehicle that nobody holds is answered 200.",
        tamper={READ: answered(200, 404, b"{}")},
    ),
    _pcp(
        "peers-believed",
        ("POOL-PCP-08", "POOL-PCP-13"),
        "Whatever another pool answers with 200 is handed out.",
        *(f"pcp.peers.holds.{name}" for name in ("schema", "subject", "chain", "dates")),
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
        replaced={"pcp.peers.together": _one_after_the_other},
    ),
    _pcp(
        "answer-of-peer-changed",
        "POOL-PCP-09",
        "What another pool says of a vehicle is changed on the way.",
        tamper={READ: edited(_leaf_for_all)},
    ),
    _pcp(
        "pools-not-authenticated",
        "POOL-PCP-11",
        "A pool need not show who it is.",
        # Without a token there is nobody who could have the right.
        "pcp.token",
        "pcp.right",
    ),
    _pcp(
        "pools-have-no-right",
        "POOL-PCP-03",
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
        replaced={"pcp.peers.parties": lambda _call: {}},
    ),
)

CONTRACTS = (
    _ccp(
        "peers-not-asked",
        ("POOL-CCP-01", "POOL-CCP-02", "POOL-CCP-06", "SYS-FLOW-07"),
        "Contracts that the own pool does not hold are not asked of others.",
        "ccp.request.peers",
    ),
    _ccp(
        "no-vehicles-of-others",
        "POOL-CCP-01",
        "Contracts are delivered to vehicles of the own ecosystem only.",
        "ccp.vehicle.peers",
        "ccp.request.peers",
    ),
    _ccp(
        "mark-read-the-other-way",
        ("POOL-CCP-02", "POOL-CCP-03"),
        "The mark of a broadcast is read in the reading that is not declared.",
        # The account too: it tells that a pool asks, whatever the header says.
        "ccp.peers.no-pool",
        replaced={"ccp.peers.unmarked": lambda call: call.headers.get(HEADER) == "true"},
    ),
    _ccp(
        "pools-trusted-to-mark",
        "POOL-CCP-04",
        "Requests of pools that read the mark the other way are passed on again.",
        "ccp.peers.no-pool",
    ),
    _ccp(
        "peers-asked-first",
        ("POOL-CCP-07", "POOL-CCP-08"),
        "Other pools are asked although the own one holds a contract.",
        moved_first="ccp.request.peers",
    ),
    _ccp(
        "nobody-has-it-crash",
        "POOL-CCP-05",
        "A vehicle that nobody has a contract for brings the pool down.",
        # An empty delivery instead is a warning (ERR-087).
        tamper={REQUEST: answered(500, 404)},
    ),
    _ccp(
        "pools-have-no-right",
        "POOL-CCP-03",
        "A pool that is onboarded may not ask for contracts.",
        rights={(REQUEST, None, "peer"): False},
    ),
    _ccp(
        "other-vehicle-of-peer",
        "POOL-CCP-06",
        "A contract that another pool delivers for another vehicle is passed on.",
        "ccp.peers.holds.subject",
    ),
    _ccp(
        "chain-of-peer-unchecked",
        "POOL-CCP-06",
        "Contract data of another pool that are signed below a root nobody knows are passed on.",
        "ccp.peers.holds.chain",
    ),
    _ccp(
        "answer-of-peer-changed",
        "POOL-CCP-06",
        "A bit of what another pool delivers is changed on the way.",
        tamper=each(REQUEST, _SIGNED, flip_bit(MESSAGE)),
    ),
)

FAULTS = (*OF_BOTH, *PROVISIONING, *CONTRACTS)
