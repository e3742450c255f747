"""A million damaged messages for the codec, and every damaged octet of a response for the vehicle.

    python benchmarks/mutations.py [COUNT] [SEED]

The codec has to refuse with its own error or to read; what it reads without a finding it has to write back
octet by octet. It may take 50 ms, and 64 times the input in memory. The vehicle has to refuse a response with
any bit of it changed, unless the change is outside what is signed. Exit code 1 when any of this fails.
"""

from __future__ import annotations

import json
import random
import sys
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from opnc.exi import ISO2, ISO20, XMLDSIG, DecodeError, SchemaSet, decode, encode
from opnc.pki.keys import Seed
from opnc.pki.testbed import OEM, V2G, V2G_20, SeededPki, Tree
from opnc.provisioning.contract_data import Session, installation_response, make_bundle
from opnc.provisioning.messages import schema_of, signature_of, signed_elements
from simulators.parties.evcc import Evcc, EvccProvisioning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMAS = {"iso2": ISO2, "iso20": ISO20, "xmldsig": XMLDSIG}
VECTORS = Path(__file__).parent.parent / "tests" / "opnc" / "exi" / "vectors.jsonl"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SLOWEST = 0.05
LARGEST = 64
MEASURED = 200  # memory is measured for one input out of so many: measuring is slow


@dataclass
class Tally:
    """What happened to the inputs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    largest: float = 0.0
    faults: list[str] = field(default_factory=list)


def flip(source: random.Random, octets: bytearray, _: list[bytes]) -> None:
    """Flip a few bits."""
    for _times in range(source.choice((1, 1, 1, 2, 3, 8))):
        octets[source.randrange(len(octets))] ^= 1 << source.randrange(8)


def overwrite(source: random.Random, octets: bytearray, _: list[bytes]) -> None:
    """Overwrite a run with one value that matters to lengths and codes."""
    start = source.randrange(len(octets))
    octets[start : start + source.randrange(1, 5)] = bytes([source.choice((0, 1, 0x7F, 0x80, 0xFF))])


def cut(source: random.Random, octets: bytearray, _: list[bytes]) -> None:
    """Cut something out, or the end off."""
    start = source.randrange(1, len(octets))
    del octets[start : source.choice((start + 1, start + source.randrange(1, 64), len(octets)))]


def insert(source: random.Random, octets: bytearray, _: list[bytes]) -> None:
    """Insert random octets."""
    start = source.randrange(len(octets) + 1)
    octets[start:start] = source.randbytes(source.randrange(1, 32))


def splice(source: random.Random, octets: bytearray, originals: list[bytes]) -> None:
    """Continue with a part of another message."""
    other = source.choice(originals)
    octets[source.randrange(1, len(octets)) :] = other[source.randrange(len(other)) :]


MUTATIONS = (flip, flip, flip, overwrite, cut, insert, splice)


def check(octets: bytes, schema: SchemaSet, *, fragment: bool) -> str:
    """Decode one input and say what became of it.

    Raises:
        AssertionError: What was decoded is written back in another form.
    """
    try:
        decoded = decode(octets, schema, fragment=fragment)
    except DecodeError:
        return "refused"
    written = encode(decoded.value, schema, fragment=fragment, tolerant=True)
    if decoded.findings:
        return "read with findings"
    if written != octets:
        raise AssertionError("it is written back in another form")
    return "read"


def attack_codec(amount: int, seed: int) -> Tally:
    """Decode damaged vectors."""
    vectors = [json.loads(line) for line in VECTORS.read_text().splitlines()]
    originals = [bytes.fromhex(vector["exi_hex"]) for vector in vectors]
    source, tally = random.Random(seed), Tally()  # noqa: S311 - mutations, not keys
    for schema in SCHEMAS.values():  # grammars are derived when first used, and stay
        for fragment in (False, True):
            schema.roots(fragment=fragment).by_type  # noqa: B018 - as said
    for number in range(amount):
        place = source.randrange(len(vectors))
        octets = bytearray(originals[place])
        for _ in range(source.choice((1, 1, 2))):
            if len(octets) > 1:
                source.choice(MUTATIONS)(source, octets, originals)
        vector = vectors[place]
        call = _case(bytes(octets), SCHEMAS[vector["schema"]], fragment=vector["kind"] == "fragment")
        _judge(tally, bytes(octets), call, measured=number % MEASURED == 0)
    return tally


def _case(octets: bytes, schema: SchemaSet, *, fragment: bool) -> Callable[[], str]:
    return lambda: check(octets, schema, fragment=fragment)


def _judge(tally: Tally, octets: bytes, call: Callable[[], str], *, measured: bool) -> None:
    if measured:
        tracemalloc.start()
    start = perf_counter()
    try:
        tally.outcomes[call()] += 1
    except Exception as error:  # noqa: BLE001 - any other exception is what is looked for
        tally.faults.append(f"{type(error).__name__}: {error}: {octets.hex()}")
    taken = perf_counter() - start
    if measured:
        multiple = tracemalloc.get_traced_memory()[1] / (len(octets) + 200)
        tracemalloc.stop()
        tally.largest = max(tally.largest, multiple)
    else:
        tally.slowest = max(tally.slowest, taken)


def randomness() -> Callable[[int], bytes]:
    """Return octets that are the same in every run."""
    calls = count()
    return lambda size: Seed("mutations").octets(str(next(calls)), size)


def signed_part(octets: bytes, schema: SchemaSet) -> Any:
    """Return what of a response is signed, with its signature."""
    message = decode(octets, schema).value
    return signature_of(message), [element.value for element in signed_elements(message)]


def attack_vehicle(tree: Tree) -> tuple[int, int, list[str]]:
    """Give the vehicle a response with each of its bits changed: how many it refused, took, took wrongly."""
    pki, pcid = SeededPki(Seed("mutations"), NOW), "WP0TESTPCID0000101"
    own = pki.vehicle(pcid, tree if tree is not V2G else OEM)
    vehicle = Evcc(EvccProvisioning(pcid, {tree.version: own}, (pki.root(tree).certificate,)), randomness())
    contract = pki.contract("DEABCC12345678", tree)
    bundle = make_bundle(pcid, "DEABCC12345678", contract, own.certificate, randomness())
    session = Session(bytes(range(8)), NOW)
    message = installation_response(bundle, pki.cps(tree=tree), session)
    schema = schema_of(message)
    octets = encode(message, schema)
    refused, taken, wrong = 0, 0, []
    for place, mutated in changed_bits(octets):
        if vehicle.verify(mutated, NOW, tree.version, session.id).contract is None:
            refused += 1
        elif signed_part(mutated, schema) == signed_part(octets, schema):
            taken += 1
        else:
            wrong.append(f"bit {place} of a response of {tree.version}")
    return refused, taken, wrong


def changed_bits(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the octets with each bit changed."""
    for place in range(8 * len(octets)):
        mutated = bytearray(octets)
        mutated[place >> 3] ^= 0x80 >> (place & 7)
        yield place, bytes(mutated)


def main() -> int:
    """Attack both and print what happened."""
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    start = perf_counter()
    tally = attack_codec(amount, seed)
    print(f"codec: {amount} inputs, seed {seed}, {perf_counter() - start:.0f} s: {dict(tally.outcomes)}")
    print(f"slowest {tally.slowest * 1000:.1f} ms, largest {tally.largest:.1f} octets for each of the input")
    for fault in tally.faults[:10]:
        print(f"FAULT {fault[:300]}")
    failed = bool(tally.faults) or tally.slowest > SLOWEST or tally.largest > LARGEST
    for tree in (V2G, V2G_20):
        refused, taken, wrong = attack_vehicle(tree)
        print(f"vehicle, {tree.version}: {refused} changed bits refused, {taken} outside of what is signed")
        for case in wrong[:10]:
            print(f"FAULT taken: {case}")
        failed |= bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
