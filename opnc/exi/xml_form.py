"""Values as XML text, as the schemas of ISO 15118 see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from opnc.exi.datatypes import SimpleType
from opnc.exi.grammar import grammar_of
from opnc.exi.schema import Attribute, Content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opnc.exi.codec import Decoded
    from opnc.exi.schema import Particle

    Comment = Callable[[str, Any], str]


def no_comment(_name: str, _value: Any) -> str:
    """Comment on nothing: every value is spelt out."""
    return ""


def to_xml(decoded: Decoded, comment: Comment = no_comment) -> str:
    """Return a stream that was read as indented XML text.

    Args:
        decoded: The stream.
        comment: Given the name and value of an element of simple content, returns a comment to stand there in
            place of the value (no two hyphens in it), or nothing.
    """
    prefixes = {namespace: prefix for prefix, namespace in decoded.schema.namespaces.items()}
    # All on the root: prefixes of the set are few, and so the lines below stay short.
    declared = "".join(f" xmlns:{prefix}={quoteattr(name)}" for name, prefix in prefixes.items())
    root = decoded.root
    name = f"{prefixes[root.namespace]}:{root.name}"
    return "\n".join(_XmlWriter(prefixes, comment).element(name, decoded.value, declared, 0)) + "\n"


class _XmlWriter:
    def __init__(self, prefixes: dict[str, str], comment: Comment) -> None:
        self._prefixes = prefixes
        self._comment = comment

    def _name(self, part: Particle) -> str:
        return f"{self._prefixes[part.namespace]}:{part.name}" if part.namespace else part.name

    def element(self, name: str, value: Any, attributes: str, depth: int) -> Iterator[str]:
        """Yield the lines of an element of a complex type."""
        indent = "  " * depth
        text = ""
        children: list[str] = []
        for part in grammar_of(type(value)).particles:
            held = getattr(value, part.name)
            if held is None:
                continue
            if isinstance(part.marker, Attribute):
                attributes += f' {self._name(part)}="{_text(part, held)}"'
            elif isinstance(part.marker, Content):
                text = _text(part, held)
            else:
                for item in held if part.many else (held,):
                    children += self._child(part, item, depth + 1)
        if children:
            yield f"{indent}<{name}{attributes}>"
            yield from children
            yield f"{indent}</{name}>"
        else:
            yield f"{indent}<{name}{attributes}>{text}</{name}>" if text else f"{indent}<{name}{attributes}/>"

    def _child(self, part: Particle, item: Any, depth: int) -> Iterator[str]:
        name = self._name(part)
        if not isinstance(part.type, SimpleType):
            yield from self.element(name, item, "", depth)
            return
        # In place of the value: a certificate in base64 helps nobody who reads.
        comment = self._comment(part.name, item)
        text = f"<!-- {comment} -->" if comment else _text(part, item)
        yield f"{'  ' * depth}<{name}>{text}</{name}>"


def _text(part: Particle, value: Any) -> str:
    """Spell a simple value; white space is spelt so that reading XML keeps it."""
    spelt = part.type.lexical(value) if isinstance(part.type, SimpleType) else ""
    text = escape(spelt, {'"': "&quot;"})
    # White space that XML would change, and whatever could move the cursor of a terminal.
    return text if text.isprintable() else "".join(map(_referred, text))


def _referred(character: str) -> str:
    return character if character.isprintable() else f"&#{ord(character)};"
