"""One module per command: `HELP`, `configure(parser)` and `run(arguments) -> exit code`."""

from __future__ import annotations
