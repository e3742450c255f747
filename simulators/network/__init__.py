"""What crosses a network: requests to foreign hosts, their time limits, and which hosts may be asked."""

from __future__ import annotations
