"""The two streams of the terminal, as a command that has to come to its end needs them."""

from __future__ import annotations

import io
import os
import stat
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Pipe(io.FileIO):
    """A pipe that nobody may read from any more, which is no reason to stop."""

    def write(self, content: ReadableBuffer, /) -> int:
        try:
            return super().write(content) or 0
        except BrokenPipeError:
            # `opnc run | head` has seen enough. The run has not: its reports are still to be written.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return memoryview(content).nbytes


def prepare() -> None:
    """Let output survive what a terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def outlive_readers() -> None:
    """Let output survive a reader that goes away."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        # A stand-in of somebody else, such as that of a test, keeps its place.
        if not isinstance(stream, io.TextIOWrapper):
            continue
        # Unbuffered, there is a file where otherwise its buffer is.
        is_own = isinstance(stream.buffer, io.BufferedWriter | io.FileIO) and stream.fileno() == number
        if is_own and _is_pipe(number):
            setattr(sys, name, _as_pipe(stream))


def _is_pipe(number: int) -> bool:
    kind = os.fstat(number).st_mode
    return stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)


def _as_pipe(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    stream.flush()
    buffered = io.BufferedWriter(_Pipe(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(buffered, stream.encoding, "backslashreplace", line_buffering=True)
