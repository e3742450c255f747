"""The PKI: issuing (EST, RFC 7030), certificate status (OCSP, RFC 6960; CRL, RFC 5280), and its clients."""

from __future__ import annotations
