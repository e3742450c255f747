"""The Event Service: endpoints, subscriptions, deliveries."""

from __future__ import annotations
