"""Contracts: ordering, signing, storing, listing, choosing the default, deleting."""

from __future__ import annotations
