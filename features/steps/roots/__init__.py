"""Root certificates and the pool that holds them."""

from __future__ import annotations
