"""What is tested: Gherkin, a folder per service or concern."""

from __future__ import annotations
