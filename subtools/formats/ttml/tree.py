"""XML to a tree that knows its lines, and no more of XML than TTML needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from subtools.errors import DocumentError

DEEPEST = 100  # elements inside one another; subtitles have about ten
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


@dataclass(slots=True)
class Node:
    """An element.

    Attributes:
        name: Without its namespace, of which TTML has had three.
        attributes: Names without their namespace, and values.
        line: Where it begins, from 1.
        children: Elements and texts in it.
    """

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Node | str] = field(default_factory=list)

    def elements(self) -> Iterator[Node]:
        """Yield the elements right in it."""
        return (child for child in self.children if isinstance(child, Node))

    def find_all(self, name: str) -> Iterator[Node]:
        """Yield the elements of a name in it, however deep."""
        for child in self.elements():
            if child.name == name:
                yield child
            yield from child.find_all(name)

    def text(self) -> str:
        """Return all text in it."""
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)


def parse_xml(text: str) -> Node:
    """Return the root of ``text``.

    Raises:
        DocumentError: If it is no XML, has a document type (which could name entities that
            grow without bounds) or elements nested too deeply.
    """
    builder = _Builder()
    try:
        builder.feed(_DECLARATION.sub(_blank, text.removeprefix("\ufeff"), count=1))
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code) or "unknown fault"
        hint = "an editor for XML shows what is wrong there"
        raise DocumentError(f"not XML: {message}", hint=hint, line=error.lineno) from error
    return builder.root


def _blank(declaration: re.Match[str]) -> str:
    """Return nothing in as many lines: the encoding that it names was that of the bytes."""
    return "\n" * declaration[0].count("\n")


class _Builder:
    """Builds the tree while expat reads."""

    def __init__(self) -> None:
        self._stack: list[Node] = [Node("", {}, 1)]
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse

    @property
    def root(self) -> Node:
        return next(self._stack[0].elements())

    def feed(self, text: str) -> None:
        self._parser.Parse(text.encode("utf-8", "replace"), True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._stack) > DEEPEST:
            line = self._parser.CurrentLineNumber
            raise DocumentError("elements of XML nested too deeply", line=line)
        known = {_local(key): value for key, value in attributes.items()}
        node = Node(_local(name), known, self._parser.CurrentLineNumber)
        self._stack[-1].children.append(node)
        self._stack.append(node)

    def _end(self, _name: str) -> None:
        self._stack.pop()

    def _characters(self, text: str) -> None:
        self._stack[-1].children.append(text)

    def _refuse(self, *_declaration: object) -> None:
        hint = "take the line <!DOCTYPE …> out"
        line = self._parser.CurrentLineNumber
        raise DocumentError("XML with a document type is not read", hint=hint, line=line)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
