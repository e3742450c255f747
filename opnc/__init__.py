"""The protocol: facts that the judge and the simulators share. No I/O but reading its own data files."""

from __future__ import annotations
