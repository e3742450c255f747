"""Vehicles that ask for their contracts and install them."""

from __future__ import annotations
