"""The shell every HTML document shares: one file, no network, nothing executed but our own script.

Escaping is automatic in every template. The content security policy names our style and our script by hash,
so that even markup that slipped through could neither run nor load anything.
"""

from __future__ import annotations

import base64
import hashlib
import urllib.parse
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from reports.text import visible

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, *, script: str | None = None, **values: Any) -> str:
    """Fill a template that extends `page.html`.

    Args:
        template: Its file name in `templates`.
        script: File name of the page's script there; None for a page without.
        values: What the template speaks of.
    """
    style = Markup(_asset("style.css"))  # noqa: S704 - our own file
    code = Markup(_asset(script)) if script else None  # noqa: S704 - our own file
    policy = _policy(style, code)
    return _environment().get_template(template).render(style=style, script=code, policy=policy, **values)


def _shown(value: Any) -> Any:
    # Markup is ours, or was escaped with its texts made visible before.
    return value if isinstance(value, Markup) else visible(str(value))


# Jinja keeps the compiled templates in its environment: one for all pages compiles each once.
@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        # A misspelt name in a template is an error, not an empty place in a report.
        undefined=jinja2.StrictUndefined,
        # For every value that is put in, so no template can forget it.
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["fragment"] = lambda text: urllib.parse.quote(text, errors="replace")
    environment.filters["kebab"] = lambda text: text.replace(" ", "-")
    environment.filters["moment"] = lambda moment: f"{moment:%Y-%m-%d %H:%M:%S %Z}"
    environment.filters["duration"] = duration
    return environment


def duration(seconds: float) -> str:
    """Return a duration in the unit that suits it: `12 ms`, `1.4 s`, `3 min 20 s`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str | None) -> str:
    """Return the content security policy of a page (W3C CSP Level 3): what is ours by hash, nothing else."""
    allowed = {"style-src": style, "script-src": script}
    rules = [f"{kind} '{_integrity(text)}'" for kind, text in allowed.items() if text is not None]
    # These two do not fall back to `default-src`, so they have to be named.
    return "; ".join(["default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"])


def _integrity(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
