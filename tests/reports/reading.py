"""What a browser would see of a report: elements, links, tables, and the packed evidence."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from reports import results_file

if TYPE_CHECKING:
    from reports.model import Results

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}]]>\u202e\x00\ud800|`@a #1 <!--"

_FIXED = {"schema_version", "kind", "profile", "verdict", "level", "fail_on", "status", "group", "sha256"}
"""Strings that are words of the schema, not texts."""


@dataclass
class Page:
    """An HTML document, taken apart."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    scripts: list[tuple[dict[str, str], str]] = field(default_factory=list)
    style: str = ""
    text: str = ""

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def parse(html: str) -> Page:
    page = Page()

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            attributes = {name: value or "" for name, value in attrs}
            page.elements.append((tag, attributes))
            if tag == "script":
                page.scripts.append((attributes, ""))

        def handle_data(self, data: str) -> None:
            tag = page.elements[-1][0] if page.elements else ""
            if tag == "script" and self.cdata_elem == "script":
                attributes, before = page.scripts[-1]
                page.scripts[-1] = (attributes, before + data)
            elif tag == "style" and self.cdata_elem == "style":
                page.style += data
            else:
                page.text += data

    Parser(convert_charrefs=True).feed(html)
    return page


def unpacked(page: Page) -> list[dict[str, Any]]:
    """Return all scenarios of a page's evidence with their bodies put together, as its script does it."""
    pools: dict[str, list[Any]] = {"scenarios": [], "bodies": [], "runs": []}
    for attributes, text in page.scripts:
        if "data-scenarios" in attributes:
            chunk = json.loads(zlib.decompress(base64.b64decode(text)))
            for kind, pool in pools.items():
                assert int(attributes[f"data-{kind}"]) == len(pool)
                pool.extend(chunk[kind])
    for body in pools["bodies"]:
        body["decoded"] = [
            d for p in body["parts"] if isinstance(p, int) for d in pools["runs"][p]["decoded"]
        ]
        body["content"] = "".join(
            p if isinstance(p, str) else pools["runs"][p]["text"] for p in body.pop("parts")
        )
    for scenario in pools["scenarios"]:
        for exchange in scenario["exchanges"]:
            for message in filter(None, (exchange["request"], exchange["response"])):
                message["body"] = None if message["body"] is None else pools["bodies"][message["body"]]
    return pools["scenarios"]


def hostile(results: Results) -> Results:
    """Return results in which every text is an attack; ids stay different and agree."""
    data = json.loads(results_file.to_json(results))
    return results_file.from_json(json.dumps({key: _attack(value, key) for key, value in data.items()}))


def _attack(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _attack(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_attack(item, key) for item in value]
    if not isinstance(value, str) or key in _FIXED or key in ("started", "finished"):
        return value
    return value + HOSTILE
