"""Header fields of HTTP (RFC 9110 section 5): names in any letter case, each any number of times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Headers:
    """The header fields of one message.

    Attributes:
        pairs: Names and values, as they were sent and in that order.
    """

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, fields: Headers | Mapping[str, str] | Iterable[tuple[str, str]]) -> Headers:
        """Take over fields that are held in another form, such as those of `httpx`.

        Args:
            fields: Pairs of name and value, or a mapping. One that can hold a name several times must tell
                so by `multi_items`, as those of `httpx` do.
        """
        if isinstance(fields, Headers):
            return fields
        # By its method, for this package does not depend on `httpx`; `items` there joins repeated names.
        if (repeating := getattr(fields, "multi_items", None)) is not None:
            return cls(tuple(repeating()))
        return cls(tuple(fields.items() if isinstance(fields, Mapping) else fields))

    @classmethod
    def from_environ(cls, environ: Mapping[str, object]) -> Headers:
        """Return the header fields of a WSGI request (PEP 3333), names in lower case with hyphens.

        A server hands over one value per name; values of one name are joined by commas there.
        """
        # Content-Type and Content-Length alone have no prefix; a server may give them empty.
        named = {name.removeprefix("HTTP_"): value for name, value in environ.items() if _is_header(name)}
        pairs = ((name.replace("_", "-").lower(), str(value)) for name, value in named.items() if value != "")
        return cls(tuple(pairs))

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a name, in their order."""
        wanted = name.lower()
        return tuple(value for key, value in self.pairs if key.lower() == wanted)

    def get(self, name: str) -> str | None:
        """Return the value of a name; several are joined by commas (RFC 9110 section 5.3), none is None."""
        found = self.all(name)
        return ", ".join(found) if found else None

    def first(self, name: str) -> str | None:
        """Return the first value of a name; for fields that are no lists, where a second one is a flaw."""
        found = self.all(name)
        return found[0] if found else None

    def with_(self, name: str, value: str) -> Headers:
        """Return these fields with one value of a name, at the end, in place of any others."""
        return Headers((*self.without(name).pairs, (name, value)))

    def without(self, *names: str) -> Headers:
        """Return these fields without some names."""
        left_out = {name.lower() for name in names}
        return Headers(tuple(pair for pair in self.pairs if pair[0].lower() not in left_out))

    def __contains__(self, name: str) -> bool:
        return bool(self.all(name))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)


def _is_header(name: str) -> bool:
    return name.startswith("HTTP_") or name in {"CONTENT_TYPE", "CONTENT_LENGTH"}
