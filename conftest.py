"""Makes `pytest features` work in a checkout: the plugin of the suite, loaded for every session."""

from __future__ import annotations

pytest_plugins = ["opnc_conformance.plugin"]
