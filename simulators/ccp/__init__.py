"""The contract certificate pool (CCP): signed contract data, kept for the vehicles and delivered to them."""

from __future__ import annotations
