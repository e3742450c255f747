"""Requests and answers as such, whatever they are about."""

from __future__ import annotations
