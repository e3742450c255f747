"""Every role of a Plug & Charge ecosystem, in process."""

from __future__ import annotations
