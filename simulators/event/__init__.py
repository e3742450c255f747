"""The event service: endpoints, the queue of events, and their delivery by webhook."""

from __future__ import annotations
