"""Results turned into documents; knows nothing of pytest or simulators."""

from __future__ import annotations
