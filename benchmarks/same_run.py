"""Whether two runs with one seed did and found the same, whatever their scenarios are called.

    python benchmarks/same_run.py OLD NEW [--renamed FILE]
    python benchmarks/same_run.py --rename OLD NEW [--renamed FILE]

Compares two results.json modulo times, titles, step texts and ids of scenarios: each scenario must have the
same verdict, findings (requirement, level, texts, erratum, exchange) and exchanges (who asked, operation,
request and response with all headers and bytes), each requirement the same verdict. Exit code 1 where
anything differs. Of OCSP responses and requests with an RSA key only what they say is compared: the library
dates the former by the clock of the machine, and draws a signature or key anew each time.

Keys, ids and times of a scenario are drawn from the seed and the first id it ever had, which the table FILE
(default: reports/renamed.json) tells. A scenario with a new id that is not in the table has drawn other
values, so only the course of its exchanges can be compared; `--rename` finds such scenarios and writes them
into the table. Run the suite once more after that.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import ocsp

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

Scenario: TypeAlias = "Mapping[str, Any]"
Pair: TypeAlias = "tuple[Scenario, Scenario]"
Side: TypeAlias = "list[Scenario]"

TIMES = frozenset({"started", "finished", "duration_s"})
"""Keys that tell when and how long; see `reports.model.TIME_FIELDS`."""

PLACES = frozenset({"step"})
"""Keys that point to a line of the feature file, which may be worded in more or fewer lines."""

SHOWN = 5
"""Differences that are shown of one scenario; the rest follows from them as a rule."""

GUESSES_SHOWN = 20
TELLING_HEADERS = frozenset({"accept", "content-type", "x-skip-revocation"})
"""Headers whose values no scenario draws, but which tell variants of a request apart."""


def main() -> int:
    """Compare or rename, print what came out, return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", type=Path, metavar="OLD", help="results.json of the run before")
    parser.add_argument("new", type=Path, metavar="NEW", help="results.json of the run after")
    parser.add_argument("--renamed", type=Path, default=Path("reports/renamed.json"), metavar="FILE")
    parser.add_argument("--rename", action="store_true", help="write FILE instead of comparing")
    arguments = parser.parse_args()
    old, new = (json.loads(_file(path).read_text()) for path in (arguments.old, arguments.new))
    table = json.loads(arguments.renamed.read_text())["scenarios"] if arguments.renamed.exists() else {}
    if arguments.rename:
        return _rename(old["scenarios"], new["scenarios"], table, arguments.renamed)
    return _compare(old, new, table)


def _file(path: Path) -> Path:
    return path / "results.json" if path.is_dir() else path


def _rename(old: Side, new: Side, table: dict[str, str], path: Path) -> int:
    """Write the table anew: an earlier line stays, unless its scenario is known to be another one by now."""
    pairs, guessed, gone, come = pair(old, new, table)
    made = {before["id"]: after["id"] for before, after in pairs if before["id"] != after["id"]}
    scenarios = dict(sorted({**table, **made}.items()))
    path.write_text(
        json.dumps({"schema_version": 1, "scenarios": scenarios}, indent=1, ensure_ascii=False) + "\n"
    )
    for before, after in guessed[:GUESSES_SHOWN]:
        print(f"guessed by likeness: {before['id']} -> {after['id']}")
    print(f"{len(guessed)} guessed by likeness; where a comparison finds one to be wrong, correct its line")
    _print_unpaired(gone, come)
    print(f"{path}: {len(scenarios)} scenarios, {len(made)} of them from these runs")
    return 1 if gone or come else 0


def _compare(old: Mapping[str, Any], new: Mapping[str, Any], table: Mapping[str, str]) -> int:
    if old["seed"] != new["seed"]:
        print(f"seed {old['seed']} and seed {new['seed']}: nothing can be compared")
        return 1
    pairs, _, gone, come = pair(old["scenarios"], new["scenarios"], table)
    different = roughly = 0
    for before, after in pairs:
        exact = follow(table, before["id"]) == after["id"]
        roughly += not exact
        if found := list(differences(before, after) if exact else rough_differences(before, after)):
            different += 1
            print(f"{before['id']}\n  now {after['id']}")
            print("".join(f"    {line}\n" for line in found[:SHOWN]), end="")
    _print_unpaired(gone, come)
    verdicts = [{each["id"]: each["verdict"] for each in run["requirements"]} for run in (old, new)]
    changed = sorted(
        key for key in {**verdicts[0], **verdicts[1]} if verdicts[0].get(key) != verdicts[1].get(key)
    )
    print(
        "".join(
            f"requirement {key}: {verdicts[0].get(key)}, now {verdicts[1].get(key)}\n" for key in changed
        ),
        end="",
    )
    equal = len(pairs) - different
    print(f"{len(pairs)} scenarios compared, {roughly} of them by their course only")
    print(f"{equal} the same, {different} not")
    return 1 if different or gone or come or changed else 0


def _print_unpaired(gone: Iterable[Scenario], come: Iterable[Scenario]) -> None:
    for title, scenarios in (("gone", gone), ("new", come)):
        for each in scenarios:
            print(f"{title}: {each['id']} ({', '.join(each['requirements'])})")


def follow(table: Mapping[str, str], scenario: str) -> str:
    """Return the id of today; a circle in the table ends where it began."""
    seen = {scenario}
    while (following := table.get(scenario)) is not None and following not in seen:
        seen.add(following)
        scenario = following
    return scenario


def pair(
    old: Iterable[Scenario], new: Iterable[Scenario], table: Mapping[str, str]
) -> tuple[list[Pair], list[Pair], Side, Side]:
    """Find for each scenario what it is called now.

    First by table and id, then by all that tells exactly one from all others, what says most first. What is
    left of the same requirements is paired by likeness of names.

    Returns:
        All pairs, those of them that were guessed by likeness, what is gone, and what is new.
    """
    keys: tuple[Callable[[Scenario], Hashable], ...] = (
        lambda each: follow(table, each["id"]),
        lambda each: (*_row(each), each["feature"]["file"], each["name"]),
        lambda each: (*_row(each), each["name"]),
        lambda each: (*_row(each), each["feature"]["file"], course(each)),
        lambda each: (*_row(each), course(each)),
        _row,
        lambda each: (*each["requirements"], each["feature"]["file"], each["name"], course(each)),
        lambda each: (*each["requirements"], each["feature"]["file"], course(each)),
        lambda each: (*each["requirements"], course(each)),
    )
    pairs: list[Pair] = []
    left, right = list(old), list(new)
    for key in keys:
        found, left, right = _unique(left, right, key)
        pairs += found
    guessed, left, right = _alike(left, right)
    return pairs + guessed, guessed, left, right


def _row(scenario: Scenario) -> tuple[Hashable, ...]:
    return tuple(scenario["requirements"]), tuple(sorted(scenario["example"].values()))


def course(scenario: Scenario) -> tuple[Hashable, ...]:
    """Return what a scenario did, without any value that was drawn: verdict, exchanges, findings."""
    exchanges = (
        (
            *(each["party"], each["operation"], each["request"]["method"]),
            *(tuple(header) for header in each["request"]["headers"] if header[0].lower() in TELLING_HEADERS),
            (each["response"] or {}).get("status"),
        )
        for each in scenario["exchanges"]
    )
    findings = ((each["requirement"], each["level"], each["erratum"]) for each in scenario["findings"])
    return (scenario["verdict"], *exchanges, *findings)


def _unique(left: Side, right: Side, key: Callable[[Scenario], Hashable]) -> tuple[list[Pair], Side, Side]:
    counts = [Counter(map(key, side)) for side in (left, right)]
    alone = {each for each, count in counts[0].items() if count == 1 and counts[1][each] == 1}
    partner = {key(each): each for each in right}
    pairs = [(each, partner[key(each)]) for each in left if key(each) in alone]
    rest = [[each for each in side if key(each) not in alone] for side in (left, right)]
    return pairs, rest[0], rest[1]


def _alike(left: Side, right: Side) -> tuple[list[Pair], Side, Side]:
    sides: dict[Hashable, tuple[Side, Side]] = defaultdict(lambda: ([], []))
    for number, side in enumerate((left, right)):
        for each in side:
            sides[tuple(each["requirements"])][number].append(each)
    pairs: list[Pair] = []
    for before, after in sides.values():
        while before and after:
            best = max(((b, a) for b in before for a in after), key=lambda both: _likeness(*both))
            pairs.append(best)
            before.remove(best[0])
            after.remove(best[1])
    rest = [[each for both in sides.values() for each in both[number]] for number in (0, 1)]
    return pairs, rest[0], rest[1]


def _likeness(before: Scenario, after: Scenario) -> tuple[bool, float]:
    same_course = course(before) == course(after)
    return same_course, SequenceMatcher(None, before["id"], after["id"], autojunk=False).ratio()


def differences(before: Scenario, after: Scenario) -> Iterator[str]:
    """Yield where two scenarios differ that drew the same values."""
    for key in ("verdict", "requirements", "service", "fault", "findings", "exchanges"):
        yield from _within(key, before[key], after[key])


def rough_differences(before: Scenario, after: Scenario) -> Iterator[str]:
    """Yield where the courses of two scenarios differ that drew other values."""
    pairs = zip_longest(course(before), course(after))
    yield from (f"{number}: {was!r}, now {now!r}" for number, (was, now) in enumerate(pairs) if was != now)


def _comparable(message: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return a request or response; what no seed can repeat is put in terms of what it says."""
    said = None if message is None else _said(message["body"])
    if message is None or said is None:
        return message
    headers = [header for header in message["headers"] if header[0].lower() != "content-length"]
    return {**message, "headers": headers, "body": said}


def _said(body: Mapping[str, Any]) -> str | None:
    content = base64.b64decode(body["base64"] or body["text"] or "") if body["media_type"] in READ else b""
    try:
        return READ[body["media_type"]](content) if content else None
    except ValueError:
        return None  # flawed on purpose, so nothing was drawn for it


def _ocsp_response(content: bytes) -> str | None:
    response = ocsp.load_der_ocsp_response(content)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return None
    (single,) = response.responses
    said = (
        single.serial_number,
        single.issuer_key_hash,
        single.hash_algorithm.name,
        single.certificate_status,
        single.this_update_utc,
        single.next_update_utc,
        single.revocation_time_utc,
        single.revocation_reason,
        response.responder_key_hash,
        list(response.extensions),
        response.certificates,
    )
    return f"OCSP response {said!r}"


def _certification_request(content: bytes) -> str | None:
    request = x509.load_der_x509_csr(content)
    key = request.public_key()
    return f"{key.key_size} bits, {request.subject!r}" if isinstance(key, RSAPublicKey) else None


READ: Mapping[str | None, Callable[[bytes], str | None]] = {
    "application/ocsp-response": _ocsp_response,
    "application/pkcs10": _certification_request,
}
"""Readers of what cannot be drawn from a seed; None: it could."""


def _within(place: str, before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    if place.endswith((".request", ".response")):
        before, after = _comparable(before), _comparable(after)
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}.keys() - TIMES - PLACES:
            yield from _within(f"{place}.{key}", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        for number, (was, now) in enumerate(zip_longest(before, after)):
            yield from _within(f"{place}[{number}]", was, now)
    elif before != after:
        yield f"{place}: {_short(before)}, now {_short(after)}"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 160 else f"{text[:157]}..."


if __name__ == "__main__":
    sys.exit(main())
