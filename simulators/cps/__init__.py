"""The certificate provisioning service (CPS): it issues and signs contract data."""

from __future__ import annotations
