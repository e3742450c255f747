"""Backends of parties that are tested themselves."""

from __future__ import annotations
