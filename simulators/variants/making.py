"""How variants are written down: behaviour that is not that of our simulators, and conforms all the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.fault_injection import Cell, Tamper
    from simulators.kernel.messages import Answer, Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way in which an implementation may differ from our simulators and still conform.

    What it does is told as with a fault: the last six attributes mean what those of `Fault` mean. Tampering
    has to be a function of call and answer alone, for a proof tries it on answers to see who meets it.

    Attributes:
        id: Its name, for example `rcp.administration-elsewhere`.
        service: The service that behaves so; `common` where it is all.
        summary: What the implementation does, one sentence.
        sources: What allows it: ids of errata, or clauses such as `RFC 7030 4.1.1` or `OPNC docs/01`.
        lenient: How much a finding about it may weigh at most in the lenient profile; None: none is made.
        strict: The same in the strict profile.
        unjudged: Ids of requirements that cannot be judged with it, so that their scenarios may be not
            applicable or inconclusive; `PCP-*` means all that begin so.
        leaves_out: Why requirements may be unjudged; to be given with `unjudged`.
        matters: Tells by a call and the answer of our simulators whether it makes a difference in a scenario;
            None: it does where one of its failpoints is passed, or its tampering would change an answer.
        declares: What its implementer declares otherwise, by attributes of a target, `declared` by options.
    """

    id: str
    service: str
    summary: str
    sources: tuple[str, ...]
    lenient: Severity | None = Severity.INFO
    strict: Severity | None = Severity.INFO
    unjudged: tuple[str, ...] = ()
    leaves_out: str = ""
    matters: Callable[[Call, Answer], object] | None = None
    declares: Mapping[str, Any] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    tamper: Mapping[str, Tamper] = field(default_factory=dict)
    rights: Mapping[Cell, bool] = field(default_factory=dict)
    moved_first: frozenset[str] = frozenset()
    replaced: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    around: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
