"""One module per command: `configure(parser)` and `run(arguments) -> exit code`."""

from __future__ import annotations
