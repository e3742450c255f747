"""Parties and vehicles: everything that is a client of the services, or a receiver of their events."""

from __future__ import annotations
