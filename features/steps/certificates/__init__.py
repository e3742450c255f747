"""Certificates of the PKI: EST, revocation, OCSP, CRLs."""

from __future__ import annotations
