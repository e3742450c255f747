"""Certificates of Plug & Charge: profiles, reading, issuing, chains, revocation data, EST bodies."""

from __future__ import annotations
