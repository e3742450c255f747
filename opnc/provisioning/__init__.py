"""Contract data: signatures over EXI, transport of contract keys, and the messages that carry both."""

from __future__ import annotations
