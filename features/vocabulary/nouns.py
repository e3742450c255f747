"""The kinds of nouns: how each is written, what is read from it, and which register keeps such things.

One line per kind. What only a kind needs to know stands here or in `plans.py`; nothing here imports a step.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.vocabulary.plans import (
    ECOSYSTEMS,
    NEW_ROOT,
    VEHICLE_CLAUSES,
    draft_plan,
    root_plan,
    vehicle_plan,
)
from features.vocabulary.references import THAT, Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

QUOTED = '"[^"]*"'
_ROLES = "OEM|eMSP|CPO|CPS"
_OF_ECOSYSTEM = f"(?: of (?:{ECOSYSTEMS}))?"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of noun.

    Attributes:
        pattern: A regular expression without capturing groups.
        read: Turns the text into a value, a `Ref` or several.
        type: The annotation that a step gives its parameter; empty where it is that of the register.
        register: The fixture that keeps things of this kind; empty for values.
        examples: Texts that the pattern matches, for tests and for the reference page.
        free: Whether it matches anything, so that a sentence may have it once only.
    """

    pattern: str
    read: Callable[[str], Any]
    type: str = ""
    register: str = ""
    examples: tuple[str, ...] = ()
    free: bool = False


@dataclass(frozen=True, slots=True)
class Time:
    """How much time passes.

    Attributes:
        days: Whole days.
        cleansing: Whether the interval of the target passes after which it cleans up.
    """

    days: int
    cleansing: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What a prepared request is about.

    Attributes:
        owner: The party whose thing it is.
        which: `first` or `second` of the owner's ids; None where the sentence does not say.
        length: Characters of the PCID, 17 or 18; None for something of any kind.
        ends_in: The check character of the PCID; None where the sentence does not say.
    """

    owner: str
    which: str | None = None
    length: int | None = None
    ends_in: str | None = None


# Parties: letter case is ignored, for columns of examples hold "oem" and "OEM"

_PLAYED = (
    rf"(?i:the (?:other )?(?:{_ROLES})(?: with own PKI| without provider id)?{_OF_ECOSYSTEM}"
    "|the administrator|the peer pool|its eMSP|(?:the|another) party concerned)"
)
_PARTY = (
    rf"{_PLAYED}|a party|somebody without credentials"
    rf"|a pool with (?:no token|a token of (?:{ECOSYSTEMS}))"
)


def _party(text: str) -> Ref:
    return Ref("party", text.lower().removeprefix("the "))


# Things that have a register


def _vehicle(text: str) -> Ref:
    if found := re.fullmatch(r"an? (impostor|(?:longer )?sibling) of that vehicle", text):
        return Ref("vehicle", facet=found[1])
    if '"' in text:
        return Ref("vehicle", literal=text.split('"')[1])
    if "new certificate" in text:
        return Ref("vehicle", "new")
    return Ref("vehicle", "other" if text == "the other vehicle" else THAT)


def _new_vehicle(text: str) -> Ref:
    name = "other" if text.startswith("another") else THAT
    owner = re.match(rf"(?:a|another) vehicle of ({_PLAYED}|{ECOSYSTEMS})", text)
    plan = vehicle_plan(text, owner[1].lower().removeprefix("the ") if owner else None)
    return Ref("vehicle", name, new=True, plan=plan)


def _named(kind: str, text: str, **more: Any) -> Ref:
    found = re.search(r"\b(second|third|further|other|new|another)\b", text)
    name = found[1] if found else THAT
    return Ref(kind, "other" if name == "another" else name, **more)


def _contract(text: str) -> Ref:
    if '"' in text:
        return Ref("contract", literal=text.split('"')[1])
    if text == "the contract that it is told of":
        return Ref("contract", facet="told of")
    return _named("contract", text)


_SETS = {
    "both contracts": (THAT, "second"),
    "all three contracts": (THAT, "second", "third"),
    "no contract": (),
    "nothing": (),
}


def _contracts(text: str) -> tuple[Ref, ...]:
    names = _SETS.get(text)
    return (_contract(text),) if names is None else tuple(Ref("contract", name) for name in names)


def _root(text: str) -> Ref:
    if '"' in text:
        return Ref("root", literal=text[len('the root with the id "') : -1])
    facets = {
        "the root with an id nobody was given": "unknown",
        "the first root of the list": "first of the list",
    }
    return Ref("root", facet=facets.get(text))


def _roots(text: str) -> tuple[Ref, ...]:
    if text == "each of the further roots":
        return (Ref("root", facet="further"),)
    if text == "every root the target declares":
        return (Ref("root", facet="declared"),)
    return (_root(text),)


def _new_root(text: str) -> Ref:
    plan = root_plan(text)
    other = "other" if text.startswith("another") else THAT
    return Ref("root", "second" if plan.twin else other, new=True, plan=plan)


def _certificate(text: str) -> Ref:
    if text in {"its CA", "a serial number that was never issued"}:
        return Ref("certificate", facet=text)
    if text == "the certificate of the CPS":
        return Ref("certificate", facet="of the CPS")
    if owner := re.fullmatch(rf"the (certificate|Sub-CA [12]) of ({_VEHICLE}|{_CONTRACT})", text):
        thing = _contract(owner[2]) if "contract" in owner[2] else _vehicle(owner[2])
        return Ref("certificate", facet=f"{owner[1]} of the {thing.kind}", of=thing)
    return _named("certificate", text)


def _time(text: str) -> Time:
    days = re.match(r"(\d+) days?", text)
    return Time(int(days[1]) if days else 0, cleansing=text.endswith("interval"))


def _subject(text: str) -> Subject:
    owner = re.search(rf" of ({_PLAYED})", text)
    which = re.search(r" under its (first|second) id$", text)
    length = re.match(r"a PCID of (\d+) characters", text)
    ending = re.search(r'that ends in "(.)"$', text)
    return Subject(
        owner=owner[1].lower().removeprefix("the ") if owner else "",
        which=which[1] if which else None,
        length=int(length[1]) if length else None,
        ends_in=ending[1] if ending else None,
    )


def _answer(text: str) -> Ref:
    if text.startswith("the answer of "):
        return Ref("answer", "of " + _party(text.removeprefix("the answer of ")).name)
    names = {"the answer": "latest", "the reading": "reading"}
    return Ref("answer", names.get(text) or text.split(" ")[1])


def _words(text: str) -> str:
    return text


def _quoted(text: str) -> str:
    return text[1:-1]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in _quoted(text).split(","))


_VEHICLE = (
    "the vehicle with its new certificate|the (?:new|old) certificate|the vehicle of that charge point"
    f"|the vehicle {QUOTED}|the PCID {QUOTED}|an impostor of that vehicle|that vehicle|the other vehicle"
    "|a (?:longer )?sibling of that vehicle"
    "|the vehicle"
)
_NEW_VEHICLE = rf"(?:a|another) vehicle(?: of (?:{_PLAYED}|{ECOSYSTEMS}))?{VEHICLE_CLAUSES}"
_CONTRACT = (
    "that contract|the (?:second|third|further) contract|the new data of that contract"
    f"|the contract {QUOTED}|the contract that it is told of"
)
_FORM = "(?:signed )?contract data"
_DRAFT = f"(?:further |new )?{_FORM}|an order|a further order"
_DRAFT_REF = f"(?:those|the(?: new| further)?) {_FORM}|that order|the (?:new|further) order"
_ROOT = 'that root|the first root of the list|the root with the id ".*?"|the root with an id nobody was given'
_CERTIFICATE = (
    f"that certificate|the other certificate|the (?:certificate|Sub-CA [12]) of (?:{_VEHICLE}|{_CONTRACT})"
    "|the certificate of the CPS|its CA|a serial number that was never issued"
)
_SUBJECT = (
    rf"something of {_PLAYED}(?: under its (?:first|second) id)?|a PCID of \d+ characters of {_PLAYED}"
    rf'|a PCID of {_PLAYED} that ends in "."'
)
_ANSWER = f"the answer of {_PLAYED}|the answer|the reading|the (?:first|second) answer"

KINDS: Mapping[str, Kind] = {
    "party": Kind(
        _PARTY,
        _party,
        "Party",
        "parties",
        ("the OEM", "the eMSP with own PKI of beta", "its eMSP", "a party"),
    ),
    "ecosystem": Kind(ECOSYSTEMS, _words, "str", "", ("beta", "gamma")),
    "pools": Kind(f"{ECOSYSTEMS}|every other pool", _words, "str", "", ("beta", "every other pool")),
    "vehicle": Kind(
        _VEHICLE,
        _vehicle,
        "",
        "vehicles",
        ("that vehicle", "the other vehicle", 'the PCID "x"', "the new certificate"),
    ),
    "new_vehicle": Kind(
        _NEW_VEHICLE,
        _new_vehicle,
        "Ref",
        "vehicles",
        ("a vehicle", "another vehicle of the OEM of beta", "a vehicle under a V2G root"),
    ),
    "contract": Kind(
        _CONTRACT, _contract, "", "contracts", ("that contract", "the second contract", 'the contract "x"')
    ),
    "contracts": Kind(
        f"{_CONTRACT}|{'|'.join(_SETS)}", _contracts, "", "contracts", ("that contract", "both contracts")
    ),
    "new_contract": Kind(
        "a (?:(?:second|third|further) )?contract",
        lambda text: _named("contract", text, new=True),
        "Ref",
        "contracts",
        ("a contract", "a second contract"),
    ),
    "draft": Kind(
        _DRAFT,
        lambda text: _named("contract", text, new=True, plan=draft_plan(text)),
        "Ref",
        "contracts",
        ("an order", "further signed contract data", "new contract data"),
    ),
    "draft_ref": Kind(
        _DRAFT_REF,
        lambda text: _named("contract", text, plan=draft_plan(text)),
        "",
        "contracts",
        ("that order", "those contract data", "the new signed contract data"),
    ),
    "root": Kind(
        _ROOT, _root, "", "roots", ("that root", "the first root of the list", 'the root with the id "x"')
    ),
    "roots": Kind(
        f"{_ROOT}|each of the further roots|every root the target declares",
        _roots,
        "",
        "roots",
        ("that root", "each of the further roots"),
    ),
    "new_root": Kind(
        NEW_ROOT, _new_root, "Ref", "roots", ("a root", 'a root of types "v2g, pe"', "the V2G root of beta")
    ),
    "certificate": Kind(
        _CERTIFICATE,
        _certificate,
        "CertificationPath",
        "certificates",
        ("that certificate", "the certificate of that vehicle"),
    ),
    "new_certificate": Kind(
        "a certificate|another certificate",
        lambda text: _named("certificate", text, new=True),
        "Ref",
        "certificates",
        ("a certificate", "another certificate"),
    ),
    "endpoint": Kind(
        "that endpoint|the other endpoint|the endpoint",
        lambda text: _named("endpoint", text),
        "",
        "endpoints",
        ("that endpoint", "the other endpoint"),
    ),
    "new_endpoint": Kind(
        "an endpoint|another endpoint",
        lambda text: _named("endpoint", text, new=True),
        "Ref",
        "endpoints",
        ("an endpoint", "another endpoint"),
    ),
    "occurrence": Kind(
        "that occurrence", lambda _text: Ref("occurrence"), "", "occurrences", ("that occurrence",)
    ),
    "new_occurrence": Kind(
        "an occurrence that the accounts can cause",
        lambda _text: Ref("occurrence", new=True),
        "Ref",
        "occurrences",
        ("an occurrence that the accounts can cause",),
    ),
    "call": Kind("that request", lambda _text: Ref("call"), "", "calls", ("that request",)),
    "csr": Kind("that request", lambda _text: Ref("csr"), "", "csrs", ("that request",)),
    "token": Kind("that token", lambda _text: Ref("token"), "", "tokens", ("that token",)),
    "new_token": Kind(
        "an access token", lambda _text: Ref("token", new=True), "Ref", "tokens", ("an access token",)
    ),
    "answer": Kind(_ANSWER, _answer, "Exchange", "answers", ("the answer", "the answer of the OEM")),
    "subject": Kind(
        _SUBJECT, _subject, "Subject", "", ("something of the OEM", "a PCID of 17 characters of the OEM")
    ),
    "domain": Kind(
        r"the domain \w+", lambda text: text.removeprefix("the domain "), "str", "", ("the domain cpo",)
    ),
    "time": Kind(
        r"(?:\d+ days? and )?the cleansing interval|\d+ days?",
        _time,
        "Time",
        "",
        ("3 days", "1 day and the cleansing interval"),
    ),
    "edition": Kind("ISO 15118-20|ISO 15118-2", _words, "str", "", ("ISO 15118-20", "ISO 15118-2")),
    "service": Kind(r"the \w+ service", lambda text: text.split(" ")[1], "str", "", ("the rcp service",)),
    "operation": Kind(
        r"[\w-]+(?: for \w+)?", _words, "str", "", ("getRootCertificatesV1", "getCaCertsV1 for cpo")
    ),
    "place": Kind(r"(?:an entry of )?[^\s\",]+", _words, "str", "", ("emaid", "an entry of enabledEvents")),
    "reason": Kind(r"\w+", _words, "str", "", ("keyCompromise",)),
    "statuses": Kind(
        r"(?:one of )?\d{3}(?:(?:, | or )\d{3})*",
        lambda text: tuple(map(int, re.findall(r"\d+", text))),
        "tuple[int, ...]",
        "",
        ("200", "one of 400, 409 or 422"),
    ),
    "n": Kind(r"\d+", int, "int", "", ("3",)),
    "text": Kind(QUOTED, _quoted, "str", "", ('"x"',)),
    "names": Kind('"[^"]+"', _names, "tuple[str, ...]", "", ('"root.cert.added, root.cert.revoked"',)),
    "word": Kind(r"[^\s\",]+", _words, "str", "", ("word",)),
    "any": Kind(".+", _words, "str", "", ("whatever is said",), free=True),
}
"""Every kind of noun."""

UNKNOWN = "there is no kind {!r}; there are {}"


def kind(name: str) -> Kind:
    """Return a kind.

    Raises:
        LookupError: If there is none of the name.
    """
    if name not in KINDS:
        raise LookupError(UNKNOWN.format(name, ", ".join(KINDS)))
    return KINDS[name]
