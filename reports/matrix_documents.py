"""The interop matrix as JSON, text and Markdown."""

from __future__ import annotations

import json
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from reports.conclusions import WORST_FIRST
from reports.markdown import SIGNS, escaped
from reports.matrix import use_cases
from reports.model import Verdict
from reports.results_file import Integrity
from reports.serializer import to_data
from reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reports.matrix import Matrix, NumberedRun, Pair, Tally
    from reports.runs import Implementation

LISTED = 50
"""Requirements that failed in every run, named in Markdown."""


def to_json(matrix: Matrix) -> str:
    """Return the matrix as JSON text; its form is `schemas/matrix.schema.json`."""
    return json.dumps(to_data(matrix), indent=1) + "\n"


def short(use_case: str) -> str:
    """Return a use case without the family it belongs to: `CCP`, `multi root`."""
    return use_case.rpartition(": ")[2]


def implementations(found: Iterable[Implementation]) -> list[Implementation]:
    """Return implementations once each, sorted by name."""
    return sorted(set(found))


def by_client(matrix: Matrix) -> list[tuple[Implementation, list[Pair]]]:
    """Return the pairs by who asked."""
    # `groupby` gathers neighbours only, and pairs are sorted by who answered.
    ordered = sorted(matrix.pairs, key=attrgetter("client"))
    return [(client, list(pairs)) for client, pairs in groupby(ordered, key=attrgetter("client"))]


def notices(matrix: Matrix) -> list[str]:
    """Return what one must know before comparing counts."""
    said = []
    if odd := [run.number for run in matrix.runs if run.differs]:
        what = conjoined(sorted({name for run in matrix.runs for name in run.differs}))
        # A notice and no refusal: the verdicts stay true, only the counts do not compare.
        said.append(f"{_named(odd)} had another {what} than most: the counts do not compare.")
    if cut := [run.number for run in matrix.runs if not run.run.complete]:
        said.append(f"{_named(cut)} ended early: only what was done is counted.")
    if unsealed := [run.number for run in matrix.runs if run.run.integrity is not Integrity.INTACT]:
        said.append(f"{_named(unsealed)} came without a hash: whether the file was changed cannot be told.")
    if matrix.not_judged:
        said.append(f"No scenario of these runs is about {conjoined(matrix.not_judged)}.")
    return said


def sentence(matrix: Matrix) -> str:
    """Return what the matrix is about, such as `3 runs, 2 pairs; 1 file was left out.`."""
    counts = f"{_count(len(matrix.runs), 'run')}, {_count(len(matrix.pairs), 'pair')} of implementations"
    left = len(matrix.left_out)
    return f"{counts}; {_count(left, 'file')} left out." if left else f"{counts}."


def to_text(matrix: Matrix) -> str:
    """Return the matrix for a terminal: a block per pair, then what needs attention."""
    lines = [line for pair in matrix.pairs for line in (*_pair_as_text(pair), "")]
    lines += [
        f"run {each.number}: {one_line(f'{each.run.target}: {each.run.conclusion}')}" for each in matrix.runs
    ]
    lines += [f"note: {one_line(notice)}" for notice in notices(matrix)]
    lines += [
        f"failed with everybody: {one_line(str(found.implementation))}, who {found.role}, "
        f"{one_line(found.use_case)} ({found.partners} partners)"
        for found in matrix.isolated
    ]
    lines += [f"failed in every run: {one_line(r.id)} ({r.level}, {r.runs} runs)" for r in matrix.unmet]
    lines += [f"left out: {one_line(left.file)}: {one_line(left.reason)}" for left in matrix.left_out]
    return "\n".join([*lines, sentence(matrix)]) + "\n"


def _pair_as_text(pair: Pair) -> Iterator[str]:
    runs = _named(pair.runs).lower()
    yield f"{one_line(str(pair.client))} asked {one_line(str(pair.server))} ({runs})"
    yield f"  {'':<46}{'worst':<16}" + "".join(f"{_COLUMN[verdict]:>8}" for verdict in WORST_FIRST)
    for name, tally in [*pair.use_cases.items(), ("all scenarios", pair.total)]:
        counts = "".join(f"{tally.counts[verdict]:>8}" for verdict in WORST_FIRST)
        yield f"  {one_line(name, 45):<46}{tally.worst:<16}{counts}"


_COLUMN = {verdict: verdict.value for verdict in Verdict} | {
    Verdict.INCONCLUSIVE: "inconcl",
    Verdict.NOT_APPLICABLE: "n/a",
}


def to_markdown(matrix: Matrix) -> str:
    """Return the matrix as Markdown: who works with whom, each client's use cases, the runs."""
    return (
        "\n".join(
            [
                "# Interop matrix",
                "",
                sentence(matrix),
                *(f"\n**Note:** {escaped(notice)}" for notice in notices(matrix)),
                "\n## Who works with whom\n",
                *_whom(matrix),
                *(line for client, pairs in by_client(matrix) for line in _by_client(client, pairs)),
                *_attention(matrix),
                "\n## Runs\n",
                *_runs(matrix.runs),
                *_left_out(matrix),
            ]
        )
        + "\n"
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _head(cells: Sequence[str]) -> list[str]:
    return [_row(cells), _row(["---"] * len(cells))]


def _cell(tally: Tally | None) -> str:
    if tally is None:
        return ""
    counts = (f"{tally.counts[verdict]} {verdict}" for verdict in WORST_FIRST if tally.counts[verdict])
    return f"{SIGNS[tally.worst]} {', '.join(counts)}"


def _whom(matrix: Matrix) -> Iterator[str]:
    found = {(pair.server, pair.client): pair.total for pair in matrix.pairs}
    clients = implementations(pair.client for pair in matrix.pairs)
    yield from _head(["answered, by who asked", *(escaped(str(client)) for client in clients)])
    for server in implementations(pair.server for pair in matrix.pairs):
        totals = [_cell(found.get((server, client))) for client in clients]
        yield _row([escaped(str(server)), *totals])


def _by_client(client: Implementation, pairs: Sequence[Pair]) -> Iterator[str]:
    names = sorted(use_cases(pairs))
    yield f"\n## {escaped(str(client))} asked\n"
    yield from _head(["answered", *(escaped(short(name)) for name in names)])
    for pair in pairs:
        yield _row([escaped(str(pair.server)), *(_cell(pair.use_cases.get(name)) for name in names)])


def _attention(matrix: Matrix) -> Iterator[str]:
    if matrix.isolated:
        yield "\n## Failed with everybody\n"
    for found in matrix.isolated:
        who, what = escaped(str(found.implementation)), escaped(found.use_case)
        yield f"- {SIGNS[Verdict.FAIL]} {who}, who {found.role}: {what}, with {found.partners} partners"
    if matrix.unmet:
        yield "\n## Failed in every run\n"
    for requirement in matrix.unmet[:LISTED]:
        yield f"- **{escaped(requirement.id)}** ({requirement.level}): {escaped(requirement.text)}"
    if (more := len(matrix.unmet) - LISTED) > 0:
        yield f"- and {more} more requirements"


def _runs(runs: Iterable[NumberedRun]) -> Iterator[str]:
    yield from _head(
        [
            "Run",
            "Target",
            "Conclusion",
            "Counterpart",
            "Started",
            "Suite",
            "Specification",
            "Profile",
            "Seed",
            "File",
        ]
    )
    for numbered in runs:
        run = numbered.run
        other = escaped(str(run.counterpart)) if run.counterpart else ""
        odd = f" (other {conjoined(numbered.differs)})" if numbered.differs else ""
        yield _row(
            [
                f"{numbered.number}{odd}",
                f"{escaped(str(run.target))} ({run.kind})",
                escaped(run.conclusion),
                other,
                f"{run.started:%Y-%m-%d %H:%M:%S %Z}",
                escaped(run.suite),
                escaped(run.specification[:12]),
                run.profile,
                str(run.seed),
                escaped(run.file),
            ]
        )


def _left_out(matrix: Matrix) -> Iterator[str]:
    if matrix.left_out:
        yield "\n## Left out\n"
    for left in matrix.left_out:
        yield f"- {escaped(left.file)}: {escaped(left.reason)}"


def _named(runs: Sequence[int]) -> str:
    return f"Run{'s' if len(runs) > 1 else ''} {conjoined([str(number) for number in runs])}"


def conjoined(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
