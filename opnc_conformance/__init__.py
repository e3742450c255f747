"""The front door: the `opnc` command and the pytest plugin."""

from __future__ import annotations
