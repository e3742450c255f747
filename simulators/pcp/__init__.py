"""The provisioning certificate pool (PCP): certificate chains of vehicles, published by their makers."""

from __future__ import annotations
