"""Steps about time: what happens when some has passed."""

from __future__ import annotations
