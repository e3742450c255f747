"""How far a run is, on a terminal: a line at the bottom that moves along, failures above it, in colour."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

if TYPE_CHECKING:
    from opnc_conformance.progress import Counts
    from reports.model import ScenarioResult

STYLES = {"FAIL": "bold red", "ERROR": "bold magenta", "expected": "green", "seen": "red"}
"""Styles of the words that a line may begin with."""


class LiveDisplay:
    """Shows a bar with counts, rate and time left, and the feature that runs."""

    def __init__(self) -> None:
        # A stream of its own: while a scenario runs, what is written to the terminal is kept from it.
        terminal = os.dup(sys.stdout.fileno())
        self._stream = os.fdopen(terminal, "w", encoding="utf-8", errors="backslashreplace")
        console = Console(file=self._stream, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[failed]}", style="bold red"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            # Else it would put itself between the terminal and whatever else is written.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("collecting", total=None, failed="", rate="")
        self._bar.start()

    def say(self, text: str) -> None:
        """Show lines above the bar, the labels of failures in colour."""
        if self._stream.closed:
            print(text, flush=True)
            return
        for line in text.splitlines():
            shown = Text(line)
            word = line.split(maxsplit=1)[0] if line.strip() else ""
            if word in STYLES:
                start = line.index(word)
                shown.stylize(STYLES[word], start, start + len(word))
            self._bar.console.print(shown, soft_wrap=True)

    def begin(self, total: int) -> None:
        """Begin with the bar."""
        self._bar.update(self._task, description="running", total=total)

    def done(self, result: ScenarioResult, counts: Counts) -> None:
        """Move the bar along."""
        failed = f"{counts.failed} failed" if counts.failed else ""
        feature = result.id.partition("::")[0]
        self._bar.update(
            self._task,
            completed=counts.done,
            description=f"{feature:<28.28}",
            failed=failed,
            rate=f"{counts.rate:.0f}/s",
        )

    def close(self) -> None:
        """Take the bar away."""
        if not self._stream.closed:
            self._bar.stop()
            self._stream.close()
