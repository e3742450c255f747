"""Serves an ecosystem on sockets: everything over TLS on one port, its management on another."""

from __future__ import annotations
