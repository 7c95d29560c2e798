"""TTML to cues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from subtools.core import Cue, Remark, Seconds, Span, Subtitles, Word
from subtools.errors import DocumentError
from subtools.formats.places import place_to_settings
from subtools.formats.shown import fit_words, mend_times
from subtools.formats.styled import Run, break_runs, compose_runs, shown_runs
from subtools.formats.ttml.looks import Style, Styles, looks_of
from subtools.formats.ttml.times import Clock, read_clock
from subtools.formats.ttml.tree import Node, parse_xml
from subtools.lexicon import clean_name

_ROOT = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:[\w.-]+:)?tt[\s>]", re.DOTALL
)
_SPACES = re.compile(r"[ \t\r\n]+")
_NEVER = float("inf")
LAST_CUE = 5.0  # seconds; how long a last paragraph stays that nothing ends
_HINT = "the root of TTML is <tt>, its cues are <p begin=… end=…> in <body>"


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like TTML: its root is called so."""
    return _ROOT.match(text) is not None


def parse(text: str) -> Subtitles:
    """Return the paragraphs of TTML ``text`` as cues.

    Where a paragraph has times and what is in it has too, these are the times of words; where
    it has none, each stretch with times is a cue.

    Raises:
        DocumentError: If it is no TTML.
    """
    root = parse_xml(text)
    if root.name != "tt":
        raise DocumentError(f"not TTML: its root is <{root.name[:40]}>", hint=_HINT, line=root.line)
    reader = _Reader(root)
    body = next((node for node in root.elements() if node.name == "body"), None)
    if body is not None:
        reader.read(body, _Context(style={}, agent=""), (0.0, _NEVER), 0.0)
    reader.end_cues()
    return Subtitles(
        tuple(reader.cues),
        language=root.attributes.get("lang", ""),
        title=_find_title(root),
        remarks=(*reader.remarks, *reader.summary()),
    )


def _find_title(root: Node) -> str:
    heads = (node for node in root.elements() if node.name == "head")
    titles = (title.text() for head in heads for title in head.find_all("title"))
    return clean_name(next(titles, ""))


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element has from those around it."""

    style: Style
    agent: str
    preserves: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text in a paragraph, with its time if it has one of its own."""

    run: Run
    span: Span | None


@dataclass(slots=True)
class _Reader:
    """Walks through a file."""

    root: Node
    clock: Clock = field(init=False)
    styles: Styles = field(init=False)
    agents: dict[str, str] = field(init=False)
    cues: list[Cue] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    endless: list[int] = field(default_factory=list)  # indexes of cues
    pictures: int = 0
    preserves: bool = False

    def __post_init__(self) -> None:
        self.clock = read_clock(self.root.attributes)
        self.styles = Styles(self.root)
        self.agents = {
            node.attributes.get("id", ""): clean_name(_agent_name(node))
            for node in self.root.find_all("agent")
        }
        self.preserves = self.root.attributes.get("space") == "preserve"

    def read(
        self, node: Node, context: _Context, limits: tuple[float, float], before: Seconds
    ) -> Seconds:
        """Add the cues in ``node``; return when it ends.

        Args:
            node: Body, division or paragraph.
            context: What is around it.
            limits: When what is around it begins and ends.
            before: When it would begin, if it did not say it.
        """
        inner = self._enter(node, context)
        start, end = self._times(node, limits, before)
        self.pictures += "backgroundImage" in node.attributes
        if node.name == "p":
            self._read_paragraph(node, inner, start, end)
        else:
            is_sequence = node.attributes.get("timeContainer") == "seq"
            at = start
            for child in node.elements():
                if child.name in {"div", "p"}:
                    reached = self.read(child, inner, (start, end), at)
                    at = reached if is_sequence and reached < _NEVER else start
                self.pictures += child.name == "image"
        return end

    def end_cues(self) -> None:
        """Give the cues that nothing ends the time until another one begins."""
        endless, later = set(self.endless), [_NEVER]
        for index in reversed(range(len(self.cues)) if endless else range(0)):
            cue = self.cues[index]
            while later[-1] <= cue.start:
                later.pop()
            if index in endless:
                end = later[-1] if later[-1] < _NEVER else cue.start + LAST_CUE
                self.cues[index] = replace(cue, end=end)
            later.append(cue.start)

    def summary(self) -> Iterator[Remark]:
        """Yield remarks on what is not kept of the whole file."""
        if self.endless:
            count = len(self.endless)
            yield Remark(f"{count} paragraphs without an end stay until the next one, or 5 s")
        if self.styles.unused:
            yield Remark(f"not kept of its looks: {', '.join(sorted(self.styles.unused))}")
        if self.pictures:
            yield Remark(f"{self.pictures} pictures left out")

    def _enter(self, node: Node, context: _Context) -> _Context:
        region = self.styles.region(node.attributes.get("region", ""))
        space = node.attributes.get("space")
        return _Context(
            {**region, **context.style, **self.styles.own(node)},
            node.attributes.get("agent", context.agent),
            space == "preserve" if space else context.preserves or self.preserves,
        )

    def _times(
        self, node: Node, limits: tuple[float, float], before: Seconds
    ) -> tuple[Seconds, Seconds]:
        """Return when ``node`` begins and ends; it never ends if nothing says it."""
        said = {key: self._time(node, key) for key in ("begin", "end", "dur")}
        begin = said["begin"]
        start = before + begin if begin is not None else before
        ends = [limits[1]]
        if said["end"] is not None:
            ends.append(before + said["end"])
        if said["dur"] is not None:
            ends.append(start + said["dur"])
        return round(start, 6), round(min(ends), 6)

    def _time(self, node: Node, key: str) -> Seconds | None:
        text = node.attributes.get(key)
        if text is None:
            return None
        try:
            return self.clock.parse(text)
        except ValueError as error:
            hint = "times are 00:00:01.500, 1.5s, 36f or 15000t"
            raise DocumentError(f"{key} is {error}", hint=hint, line=node.line) from error

    def _read_paragraph(self, node: Node, context: _Context, start: Seconds, end: Seconds) -> None:
        first = 0.0 if self._counts_from_zero(node, start, end) else start
        pieces = list(self._pieces(node, context, (first, end), None))
        pieces = pieces if context.preserves else _collapse(pieces)
        is_timed = {"begin", "end", "dur"} & node.attributes.keys() or end < _NEVER
        if not is_timed and any(piece.span for piece in pieces):
            for span, group in groupby(pieces, key=lambda piece: piece.span):
                if span is not None:
                    self._add(node, context, (span.start, span.end), list(group))
                elif lost := "".join(piece.run[0] for piece in group).strip():
                    self.remarks.append(Remark(f"text without times: {lost[:40]!r}", node.line))
        elif end < _NEVER:
            self._add(node, context, (start, end), pieces)
        elif "begin" in node.attributes:
            self._add(node, context, (start, _NEVER), pieces)
        elif shown := "".join(piece.run[0] for piece in pieces).strip():
            message = f"a paragraph without times is left out: {shown[:40]!r}"
            self.remarks.append(Remark(message, node.line))

    def _counts_from_zero(self, node: Node, start: Seconds, end: Seconds) -> bool:
        """Tell whether what is in a paragraph does not count from it, as it should."""
        times = [
            (self._time(span, "begin"), self._time(span, "end")) for span in node.find_all("span")
        ]
        begins = [begin for begin, _ in times if begin is not None]
        ends = [finish for _, finish in times if finish is not None]
        return bool(begins and ends) and min(begins) >= start and max(ends) > end - start

    def _pieces(
        self, node: Node, context: _Context, limits: tuple[float, float], span: Span | None
    ) -> Iterator[_Piece]:
        """Yield the text in ``node``."""
        looks = looks_of(context.style)
        for child in node.children:
            if isinstance(child, str):
                yield _Piece((child, looks), span)
            elif child.name == "br":
                yield _Piece(("\u2028", looks), span)
            elif child.name == "span":
                inner = self._enter(child, context)
                times, own = limits, span
                if {"begin", "end", "dur"} & child.attributes.keys():
                    times = self._times(child, limits, limits[0])
                    own = Span(times[0], max(times)) if times[1] < _NEVER else None
                yield from self._pieces(child, inner, times, own)

    def _add(
        self, node: Node, context: _Context, times: tuple[float, float], pieces: list[_Piece]
    ) -> None:
        """Add a cue of ``pieces``, if they have text."""
        lines = shown_runs(break_runs([piece.run for piece in pieces]))
        if not lines:
            return
        if times[1] >= _NEVER:
            self.endless.append(len(self.cues))
            times = times[0], times[0]
        start, end, mended = mend_times(*times, "the paragraph")
        self.remarks += [Remark(remark.text, node.line) for remark in mended]
        texts = tuple("".join(text for text, _ in line) for line in lines)
        cue = Cue(
            start,
            end,
            texts,
            self._speaker(context.agent, node.line),
            identifier=node.attributes.get("id", ""),
            settings=place_to_settings(self.styles.place(context.style)),
            markup=compose_runs(lines),
        )
        words = [Word(p.run[0], p.span) for p in pieces if p.run[0].strip()]
        is_sung = len({word.span for word in words} - {None}) > 1
        self.cues.append(replace(cue, words=fit_words(cue, words)) if is_sung else cue)

    def _speaker(self, agents: str, line: int) -> str | None:
        names = [self.agents.get(name, "") for name in agents.split()]
        if len(names) > 1:
            self.remarks.append(Remark("of several agents the first one is kept", line))
        return names[0] or None if names else None


def _agent_name(node: Node) -> str:
    return next((name.text() for name in node.find_all("name")), "")


def _collapse(pieces: list[_Piece]) -> list[_Piece]:
    """Return ``pieces`` with a space for each stretch of white space, none at ends of lines."""
    collapsed: list[_Piece] = []
    is_open = False  # whether a space may follow
    for piece in pieces:
        text, looks = piece.run
        if text != "\u2028":
            text = _SPACES.sub(" ", text)
            text = text if is_open else text.removeprefix(" ")
        else:
            _strip_last(collapsed)
        if text:
            is_open = text != "\u2028" and not text.endswith(" ")
            collapsed.append(replace(piece, run=(text, looks)))
    _strip_last(collapsed)
    return collapsed


def _strip_last(pieces: list[_Piece]) -> None:
    """Take the space at the end of the last of ``pieces``."""
    if pieces and pieces[-1].run[0].endswith(" "):
        text, looks = pieces[-1].run
        pieces[-1] = replace(pieces[-1], run=(text.rstrip(" "), looks))
