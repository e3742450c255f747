"""Failpoints: named points of a service's behaviour at which a fault can make it deviate.

A failpoint is a name, such as `rcp.put.validity`, and what a sound service does there. While a fault is on
that disables the name, nothing is done; while one replaces it, something else is; pieces that are done in an
order can be moved to its beginning. A fault speaks of names only, so each name is known from the moment its
class or module is made: `names()` tells them all, and a fault with a name that is not among them is an error.

    class Pool(Service):
        @failpoint("rcp.put.store")
        def _store(self, call: Call) -> None: ...

    pool._store(call)            # heeds the faults that are on
    effects=(pool._store, ...)   # is called by name in its turn: `FaultInjector.enabled`
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

if TYPE_CHECKING:
    from simulators.kernel.fault_injection import FaultInjector

F = TypeVar("F", bound=Callable[..., object])
F_co = TypeVar("F_co", bound=Callable[..., object], covariant=True)
S = TypeVar("S")
P = ParamSpec("P")
R = TypeVar("R")

_NAMES: set[str] = set()


def names() -> frozenset[str]:
    """Return the names of all failpoints of the modules that have been imported."""
    return frozenset(_NAMES)


@dataclass(frozen=True, slots=True)
class Failpoint(Generic[F_co]):
    """A name and what is done there unless a fault says otherwise.

    Attributes:
        name: Service, operation or part, and piece, for example `rcp.put.validity`.
        default: What a sound service does.
    """

    name: str
    default: F_co

    def __post_init__(self) -> None:
        _NAMES.add(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class BoundFailpoint(Failpoint[Callable[P, R]]):
    """A method of one object that is a failpoint; calling it heeds the faults that are on.

    Attributes:
        injector: Knows the faults.
        without: What a call gives while a fault disables it.
    """

    injector: FaultInjector = field(repr=False)
    without: R

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do what the method does, or what a fault does in its place; nothing where one disables it."""
        active = self.injector.active
        if (encounters := self.injector.encounters) is not None:
            encounters.passed(self.name)
        # One look at the snapshot, so that a fault switched on meanwhile counts for this call or does not.
        if self.name in active.disabled:
            return self.without
        return active.done_at(self.name, self.default)(*args, **kwargs)


class FailpointMethod(Generic[S, P, R]):
    """The descriptor behind `failpoint`."""

    def __init__(
        self, name: str, function: Callable[Concatenate[S, P], R], services: Iterable[str], without: Any
    ) -> None:
        self._template = name
        self._function = function
        self._without = without
        self.__doc__ = function.__doc__
        _NAMES.update(name.format(service=service) for service in services or ("",))

    def __set_name__(self, owner: type, attribute: str) -> None:
        self._attribute = attribute

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: S, owner: type) -> BoundFailpoint[P, R]: ...

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        name = self._template.format(service=getattr(instance, "name", ""))
        if name not in _NAMES:
            raise LookupError(f"{owner.__name__}.{self._attribute}: no service of its own is named in {name}")
        method = self._function.__get__(instance, owner)
        bound = BoundFailpoint(name, method, instance.injector, self._without)
        # The next look finds it there: a descriptor without `__set__` gives way to the object's attributes.
        # Not if a subclass has overridden it and this is `super()`.
        if getattr(owner, self._attribute) is self:
            instance.__dict__[self._attribute] = bound
        return bound


def failpoint(
    name: str, *, services: Iterable[str] = (), without: object = None
) -> Callable[[Callable[Concatenate[S, P], R]], FailpointMethod[S, P, R]]:
    """Make a method a failpoint; its object has to have an `injector`.

    Args:
        name: The name; `{service}` in it stands for the `name` of the object.
        services: Which services that can be, where the name leaves it open.
        without: What a call gives while a fault disables the failpoint; only to be left out where the method
            returns nothing, or where no fault can disable it but for its turn among others.
    """

    def decorate(function: Callable[Concatenate[S, P], R]) -> FailpointMethod[S, P, R]:
        return FailpointMethod(name, function, services, without)

    return decorate


def failpoint_function(name: str) -> Callable[[F], Failpoint[F]]:
    """Make a function a failpoint, to be done in its turn or resolved by a `FaultInjector`."""

    def decorate(function: F) -> Failpoint[F]:
        return Failpoint(name, function)

    return decorate
