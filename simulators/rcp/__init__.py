"""The root certificate pool (RCP): the roots that every party of the ecosystem relies on."""

from __future__ import annotations
