"""Decoding and encoding the largest message of the OPNC text: this project against another codec in Python.

    python benchmarks/exi.py [PROTOTYPE]

PROTOTYPE, or the variable OPNC_EXI_PROTOTYPE, names a module with `decode(schema, octets)` and
`encode(schema, name, value)`; `opnc_example.jsonl` lies beside it. Both run in turns, so that a busy machine
slows both; the goal is a ratio of 0.65 or less. Without it a vector of the tests is measured alone.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from opnc.exi import ISO2, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 400
GOAL = 0.65
V2G_MESSAGE = b"\x80\x98"
VECTORS = Path(__file__).parent.parent / "tests" / "opnc" / "exi" / "vectors.jsonl"


def opponent() -> Any:
    """Load the other codec, if one is named."""
    name = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("OPNC_EXI_PROTOTYPE", "")
    if not name:
        return None
    spec = importlib.util.spec_from_file_location("opponent", name)
    if spec is None or spec.loader is None:
        sys.exit(f"{name}: no Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def message(other: Any) -> bytes:
    """Return the message of the OPNC text, or the signed response of the test vectors."""
    file = Path(other.__file__).with_name("opnc_example.jsonl") if other else VECTORS
    vectors = [json.loads(line) for line in file.read_text().splitlines()]
    streams = [bytes.fromhex(vector["exi_hex"]) for vector in vectors if "Res" in vector["name"]]
    return max((octets for octets in streams if octets.startswith(V2G_MESSAGE)), key=len)


def in_turns(*calls: Callable[[], object]) -> list[float]:
    """Return the median time of each call in microseconds."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, taken in zip(calls, times, strict=True):
            start = perf_counter()
            call()
            taken.append(perf_counter() - start)
    return [median(taken) * 1e6 for taken in times]


def main() -> None:
    """Measure and print."""
    other = opponent()
    octets = message(other)
    value = decode(octets, ISO2).value
    ours: dict[str, Callable[[], object]] = {
        "decode": lambda: decode(octets, ISO2),
        "encode": lambda: encode(value, ISO2),
    }
    theirs: dict[str, Callable[[], object]] = {}
    if other:
        name, tree = other.decode("iso2", octets)
        theirs = {
            "decode": lambda: other.decode("iso2", octets),
            "encode": lambda: other.encode("iso2", name, tree),
        }
    print(f"message of {len(octets)} octets, median of {ROUNDS}")
    for action, call in ours.items():
        figures = in_turns(call, *([theirs[action]] if theirs else []))
        compared = f", other {figures[1]:6.0f} us, ratio {figures[0] / figures[1]:.2f}" if theirs else ""
        print(f"{action}: {figures[0]:6.0f} us{compared}")
    if theirs:
        print(f"goal: {GOAL:.2f} or less")


if __name__ == "__main__":
    main()
