"""The bridge: steps with target fixtures and steps with registers in one scenario, while they are converted.

- What an old step returns into a target fixture is filed too: in the register of its kind under the name of
  `NAMES`, silently in place of what is there as pytest-bdd does it; every `Exchange` among the answers.
- What a new step files is put into the target fixtures of the same name, where old steps find it.

To be deleted when no `target_fixture` of `NAMES` or `ANSWERS` is left:

- this module, and what is tested of it in `tests/features/vocabulary/test_steps.py`;
- its calls: `publish` in `steps.py`, `filed` in `opnc_conformance/steps.py`, `ref_of` in `checking.py`;
- `published` of `Register` and of `Answers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import compat

from features.vocabulary.nouns import KINDS
from features.vocabulary.references import THAT, Ref
from fixtures.evidence.exchange import Exchange
from fixtures.testdata.contracts import Contract

if TYPE_CHECKING:
    import pytest

NAMES: dict[str, tuple[str, str]] = {
    "vehicle": ("vehicle", THAT),
    "other_vehicle": ("vehicle", "other"),
    "contract": ("contract", THAT),
    "second": ("contract", "second"),
    "third": ("contract", "third"),
    "further": ("contract", "further"),
    "conflicting": ("contract", "further"),
    "renewal": ("contract", "new"),
    "root": ("root", THAT),
    "enrolled": ("certificate", THAT),
    "request_made": ("csr", THAT),
    "prepared": ("call", THAT),
    "token": ("token", THAT),
}
"""Target fixture -> kind and name of the thing that it holds."""

ANSWERS = frozenset({"answer", "second", "second_answer", "other_answer", "anonymous"})
"""Target fixtures of answers to what is judged; exchanges in all others were asked for afterwards."""

_inject = compat.inject_fixture


def ref_of(fixture: str, value: object) -> Ref | None:
    """Return under which name a register keeps what an old step returned; None: under none."""
    if fixture not in NAMES or isinstance(value, Exchange):
        return None
    kind, name = NAMES[fixture]
    if fixture == "renewal" and not isinstance(value, Contract):
        kind = "vehicle"
    return Ref(kind, name)


def filed(request: pytest.FixtureRequest, fixture: str, value: object) -> None:
    """Do what pytest-bdd does with a target fixture, and file the value where new steps look for it."""
    _inject(request, fixture, value)
    if isinstance(value, Exchange):
        answers = request.getfixturevalue("answers")
        answers.file(value, afterwards=fixture not in ANSWERS)
        answers.published = len(answers.filed)
    elif (ref := ref_of(fixture, value)) is not None:
        register = request.getfixturevalue(KINDS[ref.kind].register)
        register.things[ref.name] = value
        register.published.add(ref.name)


def publish(request: pytest.FixtureRequest) -> None:
    """Put what a new step has filed into target fixtures."""
    answers = request.getfixturevalue("answers")
    for each in answers.filed[answers.published :]:
        _inject(request, "reading" if each.afterwards else "answer", each.exchange)
    answers.published = len(answers.filed)
    for kind in {kind for kind, _ in NAMES.values()}:
        register = request.getfixturevalue(KINDS[kind].register)
        for name in register.things.keys() - register.published:
            for fixture in _fixtures(kind, name):
                _inject(request, fixture, register.things[name])
        register.published.update(register.things)


def _fixtures(kind: str, name: str) -> list[str]:
    if (kind, name) == ("vehicle", "new"):
        return ["renewal"]
    return [fixture for fixture, held in NAMES.items() if held == (kind, name)]
