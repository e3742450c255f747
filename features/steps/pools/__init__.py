"""Several ecosystems whose pools ask one another."""

from __future__ import annotations
