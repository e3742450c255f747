"""A comparison of two runs as JSON, text and Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reports.comparison import NOTHING_WORSE, WORSE, ChangeKind
from reports.markdown import MAX_CHARACTERS, SIGNS, escaped
from reports.serializer import to_data
from reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.comparison import Change, Changes, Comparison
    from reports.model import Verdict
    from reports.runs import Run

HEADLINES = {NOTHING_WORSE: "Nothing got worse", WORSE: "Something got worse"}
DOUBTFUL = "Nothing got worse as far as can be told"

TITLES = {
    ChangeKind.WORSE: "Worse",
    ChangeKind.BETTER: "Better",
    ChangeKind.CHANGED: "Otherwise changed",
    ChangeKind.NEW: "New",
    ChangeKind.GONE: "Gone",
}


def to_json(comparison: Comparison) -> str:
    """Return the comparison as JSON text; its form is `schemas/comparison.schema.json`."""
    return json.dumps(to_data(comparison), indent=1) + "\n"


def headline(comparison: Comparison) -> str:
    """Return what came out, in a few words."""
    return HEADLINES.get(comparison.exit_code, DOUBTFUL)


def to_text(comparison: Comparison) -> str:
    """Return the comparison for a terminal: a line per change, what both runs concluded, the counts."""
    lines = [f"doubt: {one_line(doubt)}" for doubt in comparison.warnings]
    lines += [f"note: {one_line(note)}" for note in comparison.notes]
    lines += [_line(change) for _, changes in _parts(comparison) for change in changes.changes]
    for word, run in (("before", comparison.base), ("now", comparison.new)):
        lines.append(f"{word:<14}{one_line(f'{run.target}: {run.conclusion}')}")
    lines += [f"{title:<14}{_counts(changes)}" for title, changes in _parts(comparison)]
    return "\n".join([*lines, headline(comparison)]) + "\n"


def _line(change: Change) -> str:
    what = one_line(change.reason or change.name, longest=200)
    step = f"{_word(change.before)} -> {_word(change.after)}"
    return f"{change.kind:<9}{step:<32}{one_line(change.id)}  {what}"


def _word(verdict: Verdict | None) -> str:
    return "not judged" if verdict is None else verdict.value


def _counts(changes: Changes) -> str:
    counts = [f"{len(changes.of(kind))} {kind}" for kind in ChangeKind if changes.of(kind)]
    return ", ".join([*counts, f"{changes.unchanged} as before"])


def _parts(comparison: Comparison) -> tuple[tuple[str, Changes], ...]:
    return ("requirements", comparison.requirements), ("scenarios", comparison.scenarios)


def to_markdown(comparison: Comparison) -> str:
    """Return the comparison as Markdown, short enough for a comment on a pull request."""
    lines = [
        f"# {headline(comparison)}",
        "",
        f"- Before: {_run(comparison.base)}",
        f"- Now: {_run(comparison.new)}",
        *(f"- **Doubt:** {escaped(doubt)}" for doubt in comparison.warnings),
        *(f"- Note: {escaped(note)}" for note in comparison.notes),
        "",
        *(f"- {title.capitalize()}: {_counts(changes)}" for title, changes in _parts(comparison)),
    ]
    # The head always fits; whole lines only, for half a line reads like another change.
    room = MAX_CHARACTERS - sum(map(len, lines))
    for line in _changes(comparison):
        room -= len(line) + 1
        if room < 0:
            lines.append("- and more: see the text or JSON of this comparison.")
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def _run(run: Run) -> str:
    who = escaped(f"{run.target}, suite {run.suite}, profile {run.profile}, seed {run.seed}")
    return f"**{escaped(run.conclusion)}**, {who}, {run.started:%Y-%m-%d %H:%M:%S %Z} ({escaped(run.file)})"


def _changes(comparison: Comparison) -> Iterator[str]:
    for title, changes in _parts(comparison):
        for kind in ChangeKind:
            if found := changes.of(kind):
                yield f"\n## {TITLES[kind]}: {title}\n"
                yield from map(_item, found)


def _item(change: Change) -> str:
    # What is gone has no verdict: it is shown as not tested.
    sign = SIGNS[change.after] if change.after else "⚪"
    why = f": {escaped(change.reason)}" if change.reason else ""
    step = f"{_word(change.before)} → {_word(change.after)}"
    return f"- {sign} **{escaped(change.id)}** ({step}) {escaped(change.name)}{why}"
