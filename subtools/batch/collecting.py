"""A whole collection as a manifest: each part with the document that is of it.

A document is of a part if it names it: by its BV id and part, in its header or in its file's
name. Without an id, the title decides, in either script, and the number of the part beside it.
Where two documents suit a part about as well, or none does, a person has to look: the manifest
says so in a column that is for people only.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from subtools.batch.rows import Row
from subtools.core import Seconds, Source
from subtools.download import FetchOptions, PartPlan, parse_address, plan_parts
from subtools.download import Kind as AddressKind
from subtools.errors import DocumentError, FetchError
from subtools.inputs import readable
from subtools.matching import likeness
from subtools.phonetics import simplify
from subtools.reading import load_document
from subtools.talks import is_address

HEADER = ("source", "part", "document", "title", "duration", "note")
DOCUMENTS = {".txt", ".md", ".docx", ".srt", ".vtt", ".ass", ".json"}
_BVID = re.compile(r"BV[0-9A-Za-z]{10}")
_PART = re.compile(r"(?:^|[^0-9A-Za-z])[pP]?0*([1-9][0-9]{0,3})(?![0-9])")
_NUMERAL = re.compile(r"[0-9]+|[一二三四五六七八九十百上中下]")
_NAMED = 3.0  # by id and part: more than any title
_ALIKE = 0.8  # of the characters, in order; numerals, which tell 報告一 from 報告二, must agree
_WITHIN = 0.9  # for a title that stands in the other whole: 圓桌討論 in 2024大會圓桌討論
_SHORTEST_WITHIN = 4  # characters; shorter ones stand in anything
_ALIKE_WITH_NUMBER = 0.5  # where the number of the part is the same, too
_NUMBER = 0.5  # what an equal number counts beside the likeness of titles
_CLOSE = 0.05  # a second document that suits so nearly as well leaves it open


@dataclass(frozen=True, slots=True)
class Document:
    """A document that may be of a part.

    Attributes:
        path: The file.
        source: What its header says, and else its name.
        titles: What it is called: in its header, and its file.
        number: A number in its name that may be the part's.
    """

    path: Path
    source: Source = field(default_factory=Source)
    titles: tuple[str, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One part of a collection, for a manifest.

    Attributes:
        source: The address of the video.
        part: Number of the part, if it has parts.
        title: What it is called.
        duration: How long it is, about; None: unknown.
        document: Its document, if one was found.
        note: What a person should know.
    """

    source: str
    part: int | None
    title: str
    duration: Seconds | None = None
    document: Path | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection, and what was found of it.

    Attributes:
        parts: Its parts, in order.
        unused: Documents that are of none, or that cannot be read, with the reason.
    """

    parts: tuple[Planned, ...]
    unused: tuple[tuple[Path, str], ...] = ()


def plan_collection(
    address: str,
    documents: Sequence[Path],
    options: FetchOptions = FetchOptions(),  # noqa: B008 - frozen
) -> Collection:
    """Return the parts of the video, or the videos of the list, at ``address``.

    Raises:
        FetchError: If the site does not say.
    """
    parts = [_to_planned(part, address) for part in plan_parts(address, options=options)]
    return match_documents(parts, documents)


def match_documents(parts: Sequence[Planned], documents: Sequence[Path]) -> Collection:
    """Return ``parts`` with the document of each, where one is surely of it."""
    readable, unused = _read_documents(documents)
    scores = {
        (p, d): score
        for p, part in enumerate(parts)
        for d, document in enumerate(readable)
        if (score := score_match(part, document, count=len(parts))) > 0
    }
    of_part: defaultdict[int, list[int]] = defaultdict(list)
    of_document: defaultdict[int, list[int]] = defaultdict(list)
    for p, d in scores:
        of_part[p].append(d)
        of_document[d].append(p)

    def near(score: float, pair: tuple[int, int]) -> bool:
        return abs(score - scores[pair]) <= _CLOSE

    chosen: dict[int, int] = {}
    taken: set[int] = set()
    notes: dict[int, str] = {}
    for (p, d), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        if p in chosen or p in notes or d in taken:
            continue
        documents_near = [e for e in of_part[p] if e not in taken and near(score, (p, e))]
        parts_near = [q for q in of_document[d] if q not in chosen and near(score, (q, d))]
        if len(documents_near) > 1:
            names = ", ".join(readable[e].path.name for e in documents_near)
            notes[p] = f"it may be any of {names}"
        elif len(parts_near) > 1:
            notes[p] = f"{readable[d].path.name} may be of this or another part"
        else:
            chosen[p] = d
            taken.add(d)
    found = tuple(
        _with_document(part, readable[chosen[p]].path if p in chosen else None, notes.get(p, ""))
        for p, part in enumerate(parts)
    )
    left = [d for d in range(len(readable)) if d not in chosen.values()]
    unused += [(readable[d].path, "it is of none of the parts") for d in left]
    return Collection(found, tuple(unused))


def pair_given(given: Sequence[str]) -> tuple[Row, ...]:
    """Return sounds, addresses and documents that a person named as the lines of a manifest.

    A document goes with the sound that is called the same or that it names; one that names a
    video and goes with none of the sounds is a job by itself.
    """
    texts = [name for name in given if _is_document(name)]
    sounds = [name for name in given if name not in texts]
    collection = match_documents([_to_sound(name) for name in sounds], [Path(t) for t in texts])
    rows = []
    for name, part in zip(sounds, collection.parts, strict=True):
        cells = {"source": name} | ({"document": str(part.document)} if part.document else {})
        rows.append(Row(given.index(name) + 1, cells))
    for path, reason in collection.unused:
        rows.append(_to_row(path, reason, given.index(str(path)) + 1))
    return tuple(sorted(rows, key=lambda row: row.line))


def score_match(part: Planned, document: Document, *, count: int = 2) -> float:
    """Return how well ``document`` suits ``part``; 0: not at all.

    Args:
        part: The part.
        document: The document.
        count: How many parts there are: a single one needs no number.
    """
    bvid = _find_bvid(part.source)
    if document.source.bvid is not None and bvid is not None:
        if document.source.bvid != bvid:
            return 0.0
        number = document.source.part or document.number
        return _NAMED if number == part.part or (number is None and count == 1) else 0.0
    alike = max((_compare(part.title, title) for title in document.titles), default=0.0)
    number = document.source.part or document.number
    if part.part is not None and number == part.part:
        return alike + _NUMBER if alike >= _ALIKE_WITH_NUMBER else 0.0
    return alike if alike >= _ALIKE else 0.0


def compose_manifest(collection: Collection, folder: Path) -> str:
    """Return a manifest in CSV that will lie in ``folder``."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(HEADER)
    for part in collection.parts:
        length = "" if part.duration is None else round(part.duration)
        document = "" if part.document is None else _seen_from(folder, part.document)
        number = "" if part.part is None else part.part
        table.writerow([part.source, number, document, part.title, length, part.note])
    return text.getvalue()


def find_documents(folder: Path) -> tuple[Path, ...]:
    """Return the files in ``folder`` and below that may be documents, in order.

    Raises:
        DocumentError: If there is no such folder.
    """
    if not folder.is_dir():
        raise DocumentError("there is no such folder", hint="check the name", path=folder)
    files = (path for path in folder.rglob("*") if path.suffix.lower() in DOCUMENTS)
    return tuple(sorted(path for path in files if path.is_file()))


def read_document(path: Path) -> Document:
    """Return what a document says of the part that it is of.

    Raises:
        DocumentError: If it cannot be read.
    """
    source = load_document(path).source
    stem = readable(path.stem)
    bvid = source.bvid or _find_bvid(stem)
    rest = _BVID.sub(" ", stem).replace("_", " ")
    number = _PART.search(rest)
    bare = _PART.sub(" ", rest).strip()
    titles = tuple(filter(None, (source.part_title, source.title, bare, stem)))
    said = Source(source.title, source.part, source.part_title, source.uploader, bvid)
    return Document(path, said, titles, int(number[1]) if number else None)


def _read_documents(paths: Sequence[Path]) -> tuple[list[Document], list[tuple[Path, str]]]:
    readable, unused = [], []
    for path in paths:
        try:
            readable.append(read_document(path))
        except DocumentError as error:
            unused.append((path, error.message))
    return readable, unused


def _is_document(name: str) -> bool:
    return Path(name).suffix.lower() in DOCUMENTS and not is_address(name)


def _to_sound(name: str) -> Planned:
    if not is_address(name):
        return Planned(name, None, readable(Path(name).stem))
    address = parse_address(name)
    return Planned(name, address.part, "")


def _to_row(path: Path, reason: str, line: int) -> Row:
    """Return a document that goes with no sound as a job, if it says whose text it is."""
    try:
        is_alone = load_document(path).source.bvid is not None
    except DocumentError as error:
        return Row(line, {}, str(error))
    return Row(line, {"document": str(path)}, "" if is_alone else f"{path}: {reason}")


def _to_planned(part: PartPlan, address: str) -> Planned:
    url = part.url or address
    try:
        found = parse_address(url)
    except FetchError:
        return Planned(url, None, part.title, part.duration)
    if found.kind is AddressKind.BILIBILI and found.part is not None:
        return Planned(found.bvid or address, found.part, part.title, part.duration)
    return Planned(url, None, part.title, part.duration)


def _with_document(part: Planned, document: Path | None, note: str) -> Planned:
    note = note or ("" if document else "no document was found")
    return Planned(part.source, part.part, part.title, part.duration, document, note)


def _find_bvid(text: str) -> str | None:
    found = _BVID.search(text)
    return found[0] if found else None


def _compare(a: str, b: str) -> float:
    a, b = _fold(a), _fold(b)
    shorter, longer = sorted((a, b), key=len)
    if a != b and len(shorter) >= _SHORTEST_WITHIN and shorter in longer:
        return _WITHIN
    return likeness(a, b) if _numerals(a) == _numerals(b) else 0.0


@cache
def _numerals(folded: str) -> list[str]:
    return _NUMERAL.findall(folded)


@cache
def _fold(text: str) -> str:
    """Return what of a title is compared: its letters and characters, in one script."""
    return "".join(c for c in simplify(text).casefold() if c.isalnum())


def _seen_from(folder: Path, path: Path) -> str:
    absolute, base = path.absolute(), folder.absolute()
    return absolute.relative_to(base).as_posix() if absolute.is_relative_to(base) else str(absolute)
