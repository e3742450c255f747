"""Who may do what: tokens, rights, transport security."""

from __future__ import annotations
