"""Backends of vehicle makers, mobility providers and charge point operators: clients of an ecosystem.

They reach its services as any participant does, over HTTP with a token, and nothing else of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.backends.cpo import CpoBackend
from simulators.backends.emsp import EmspBackend
from simulators.backends.oem import OemBackend

if TYPE_CHECKING:
    from simulators.backends.backend import Backend

BACKENDS: tuple[type[Backend], ...] = (OemBackend, EmspBackend, CpoBackend)
