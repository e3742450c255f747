"""Steps, findings and exchanges of all scenarios, packed small enough to be carried inside one HTML page.

What repeats is stored once: whole bodies, and long base64 (certificates, EXI) inside different bodies. A pack
is cut into chunks, each compressed alone, so that a reader who opens one scenario inflates little.
Scenarios, bodies and runs of base64 are numbered through all chunks, each in the chunk of its first use; a
page finds one by the first number of each chunk.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports import har
from reports.decoding import LONG_BASE64, describe_base64
from reports.model import Body, ScenarioResult, Verdict
from reports.serializer import to_data

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

CHUNK = 1_000_000
"""Characters of JSON after which a new chunk begins."""

BUDGET = 12_000_000
"""Bytes that all chunks may take; with the tables of 2,000 scenarios the page stays below 15 MB."""

BODY_LIMITS = (None, 4_000, 1_000, 200, 0)
"""Characters kept of a body of a passed scenario; the next is tried where the budget is exceeded."""

KINDS = ("scenarios", "bodies", "runs")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A compressed part of the evidence.

    Attributes:
        content: base64 of zlib-compressed JSON: an object of three lists, `scenarios`, `bodies` and `runs`.
        first: Number of the first entry of each list.
    """

    content: str
    first: dict[str, int]


@dataclass(frozen=True, slots=True)
class Pack:
    """All evidence.

    Attributes:
        chunks: In the order of their numbers.
        kept: Characters kept of a body of a passed scenario; None where all were.
    """

    chunks: tuple[Chunk, ...]
    kept: int | None


def pack(scenarios: Sequence[ScenarioResult], *, budget: int = BUDGET) -> Pack:
    """Pack the evidence of scenarios.

    Bodies of scenarios that passed are shortened as far as the budget demands; those of all others never are.
    """
    for kept in BODY_LIMITS:
        # Packed anew each time: how well bodies compress cannot be told before.
        packed = Pack(_chunks(scenarios, kept), kept)
        # The last of the forms keeps nothing of passed scenarios and is taken even if it is too large:
        # failures are what the report is for.
        if sum(len(chunk.content) for chunk in packed.chunks) <= budget:
            break
    return packed


def _chunks(scenarios: Sequence[ScenarioResult], kept: int | None) -> tuple[Chunk, ...]:
    packer = _Packer()
    for scenario in scenarios:
        # What did not pass has to be proven, so its bodies stay whole.
        packer.add(scenario, kept if scenario.verdict is Verdict.PASS else None)
        if packer.filled >= CHUNK:
            packer.close()
    packer.close()
    return tuple(packer.chunks)


class _Packer:
    """Fills one chunk after the other."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.numbers: dict[str, dict[Hashable, int]] = {kind: {} for kind in KINDS}
        self._open()

    def _open(self) -> None:
        # Chunks are independent, so the page unpacks only the one that is looked at; numbers run through all.
        self.filled = 0
        self.first = {kind: len(self.numbers[kind]) for kind in KINDS}
        self.lists: dict[str, list[str]] = {kind: [] for kind in KINDS}

    def close(self) -> None:
        text = ",".join(f'"{kind}":[{",".join(items)}]' for kind, items in self.lists.items())
        # Level 6, the usual one. zlib, because browsers inflate it (`DecompressionStream`) without a library
        # of ours.
        content = base64.b64encode(zlib.compress(f"{{{text}}}".encode(), 6)).decode()
        self.chunks.append(Chunk(content, self.first))
        self._open()

    def add(self, scenario: ScenarioResult, kept: int | None) -> None:
        data = to_data(scenario)
        for exchange, written in zip(scenario.exchanges, data["exchanges"], strict=True):
            written["request"]["body"] = self._body(exchange.request.body, kept)
            if exchange.response:
                written["response"]["body"] = self._body(exchange.response.body, kept)
        data["har"] = f"{har.FOLDER}/{har.file_name(scenario)}" if scenario.exchanges else None
        self._put("scenarios", len(self.numbers["scenarios"]), lambda: data)

    def _body(self, body: Body, kept: int | None) -> int | None:
        """Return the number of a body, None for an empty one."""
        if not body.size:
            return None
        # With `kept`: the same body may stand in a passed scenario, cut, and in a failed one.
        return self._put("bodies", (body, kept), lambda: self._parts(body, kept))

    def _parts(self, body: Body, kept: int | None) -> dict[str, Any]:
        """Return a body with its content in parts: text, or the number of a run of base64."""
        content = body.text if body.text is not None else body.base64 or ""
        parts: list[str | int] = []
        end = 0
        # Cut first: a run that is cut may not be recognised, but nothing is shown that was to be left out.
        for match in LONG_BASE64.finditer(content[:kept]):
            parts += [content[end : match.start()], self._run(match.group())]
            end = match.end()
        return {
            "media_type": body.media_type,
            "size": body.size,
            "sha256": body.sha256,
            "truncated": body.truncated,
            "left_out": len(content) - len(content[:kept]),
            "binary": body.text is None,
            "parts": [*parts, content[end:kept]],
        }

    def _run(self, run: str) -> int:
        return self._put("runs", run, lambda: {"text": run, "decoded": to_data(describe_base64(run))})

    def _put(self, kind: str, key: Hashable, make: Callable[[], Any]) -> int:
        """Return the number of an entry, made only where it is new."""
        numbers = self.numbers[kind]
        # The first use makes it, so it stands in that chunk; later ones only name its number.
        if key not in numbers:
            numbers[key] = len(numbers)
            text = json.dumps(make(), separators=(",", ":"))
            self.lists[kind].append(text)
            self.filled += len(text)
        return numbers[key]
