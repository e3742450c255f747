"""The catalogue of variants: what an implementation may do otherwise than ours without breaking anything.

Every module of this package that has `VARIANTS` adds to it. A fault shows that a scenario can fail; a variant
shows that it does not fail wrongly.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from opnc.problem import Problem
from simulators import faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulators.kernel.fault_injection import Behaviour
    from simulators.variants.making import Variant


def _all() -> Iterator[Variant]:
    for module in sorted(each.name for each in iter_modules(__path__)):
        yield from getattr(import_module(f"{__name__}.{module}"), "VARIANTS", ())


VARIANTS: tuple[Variant, ...] = tuple(_all())
_BY_ID = {variant.id: variant for variant in VARIANTS}


def by_id(variant_id: str) -> Variant:
    """Return a variant by its id.

    Raises:
        Problem: If there is no such variant.
    """
    try:
        return _BY_ID[variant_id]
    except KeyError:
        raise Problem(f"there is no variant {variant_id!r}", hint="opnc prove --list names them") from None


def declared_with(name: str | None) -> Mapping[str, Any]:
    """Return what implementers declare otherwise whose product behaves so; nothing for a fault or None."""
    return _BY_ID[name].declares if name in _BY_ID else {}


def behaviour(name: str) -> Behaviour:
    """Return a variant or a fault by its id.

    Raises:
        Problem: If there is neither.
    """
    return _BY_ID[name] if name in _BY_ID else faults.by_id(name)
