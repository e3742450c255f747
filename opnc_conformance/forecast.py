"""What a run would judge: a forecast from the feature files and a target file, before anything is sent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features import index
from fixtures.bench.coverage import SERVICES, belongs_to
from fixtures.doctor.outcome import Check, CheckOutcome
from fixtures.target.declaration import NEEDS
from opnc import catalogue
from simulators.ecosystem import PARTIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fixtures.target.file import TargetFile
    from opnc.catalogue.model import Requirement

_PARTY = re.compile(rf"\bthe ({'|'.join(sorted(PARTIES, key=len, reverse=True))})\b")

_NOUNS: Mapping[str, frozenset[str]] = {
    "whose provisioning certificate is published": frozenset({"pcp"}),
    "a contract of": frozenset({"ccp"}),
    "subscribes": frozenset({"event"}),
}
"""What sentences say where a service has a part in a scenario -> the services."""

KEYS: Mapping[str, str] = {
    "admin": "parties.administrator",
    "clock": "management",
    "retries": "receiver.retry_interval_s",
    "receiver": "receiver",
    "second-ecosystem": "peers",
    "ocsp": "status",
    "webhook": "webhooks",
    "backend": "backends",
    "factory-reset": "factory_reset",
    "revocable-ca": "supports.revocable_ca",
}
"""Need -> the key of the target file that meets it."""

ENOUGH = 0.9
"""Share of the requirements of a service below which a forecast is a warning."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a scenario asks of a target, as far as its text shows.

    Attributes:
        needs: Keys of `NEEDS`.
        parties: The accounts that act in it.
        services: The services that have a part in it.
        certificates: Whether certificates of the tester are needed.
    """

    needs: tuple[str, ...]
    parties: frozenset[str]
    services: frozenset[str]
    certificates: bool


def forecast(file: TargetFile) -> Iterator[Check]:
    """Say of each service of a target how many of its requirements a run can judge, and what is missing.

    Yields:
        A check for each service that is not simulated; what sentences do not show it cannot know.
    """
    askings = _askings()
    for service in file.target.services:
        if service not in file.target.simulated:
            yield _of_service(service, file, askings)


def _of_service(service: str, file: TargetFile, askings: Mapping[str, list[Asking]]) -> Check:
    known = catalogue.load().requirements.values()
    own = [each for each in known if _is_meant(each, service) and each.id in askings]
    # What keeps the first of its scenarios from being judged, where nothing can be.
    missing = {each.id: found for each in own if (found := _missing(askings[each.id], file))}
    judged = len(own) - len(missing)
    counted = Counter(missing.values()).most_common()
    reasons = "; ".join(f"{number} not without {what}" for what, number in counted)
    seen = f"{judged} of {len(own)} requirements can be judged{f'; {reasons}' if reasons else ''}"
    if judged < ENOUGH * len(own):
        return Check(CheckOutcome.WARNING, f"forecast {service}", seen, f"give {counted[0][0]}")
    return Check(CheckOutcome.OK, f"forecast {service}", seen)


def _is_meant(requirement: Requirement, service: str) -> bool:
    return belongs_to(requirement, next(name for name, means in SERVICES.items() if means == service))


def _missing(askings: list[Asking], file: TargetFile) -> str | None:
    """Return what the scenario lacks that lacks least; None where one of them lacks nothing."""
    lacks = [_lacks(each, file) for each in askings]
    return min(lacks, key=len)[0] if all(lacks) else None


def _lacks(asking: Asking, file: TargetFile) -> list[str]:
    target, connected = file.target, file.target.connected
    found = [KEYS.get(each, NEEDS[each]) for each in asking.needs if each not in target.meets]
    found += [f"parties.{_quoted(each)}" for each in sorted(asking.parties - {*target.accounts})]
    if asking.services & target.simulated and not connected:
        found.append("simulated_by (opnc serve --beside)")
    if asking.certificates and not target.supplied and not file.harness_pki:
        found.append("pki.ca")
    return found


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _askings() -> dict[str, list[Asking]]:
    """Return requirement id -> what its scenarios ask of a target."""
    found: dict[str, list[Asking]] = {}
    for path in index.feature_files():
        for template in index.templates(path):
            for row in index.examples(template):
                entry = index.entry(template, row)
                text = "\n".join(step.name for step in template.render(row).steps).lower()
                asking = _asking(entry.needs, text)
                for requirement in entry.requirements:
                    found.setdefault(requirement, []).append(asking)
    return found


def _asking(needs: tuple[str, ...], text: str) -> Asking:
    services = frozenset[str]().union(*(each for said, each in _NOUNS.items() if said in text))
    return Asking(needs, frozenset(_PARTY.findall(text)), services, bool(services & {"pcp", "ccp"}))
