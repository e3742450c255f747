"""What holds for all tests of the suite itself."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# An example that takes long says something about the machine, and what else it is busy with.
settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on any machine")
