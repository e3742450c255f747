"""Step definitions, one file per subject."""

from __future__ import annotations
