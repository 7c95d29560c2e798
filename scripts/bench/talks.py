"""Folders of talks and recordings, and the cases that are made of them.

The format of a folder: `NAME.opus` (or any other sound), `NAME.doc.txt`, and
`NAME.ref.json` or `NAME.WORD.ref.json` with the truth, which may end before the talk does.
A sound with `NAME.txt` and no truth is a *recording*, judged by its silences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from subtools.core import Alignment, Paragraph, Seconds, Transcript, Word
from subtools.formats.words import compose_words
from subtools.lexicon import split_words
from subtools.metrics import Reference, parse_reference
from subtools.reading import load_document, read_text

_DOCUMENT = ".doc.txt"
_REFERENCE = ".ref.json"
_TEXTS = {".txt", ".json", ".rttm", ".md"}  # all other files of that name are its sound
_LATIN_TALK = 0.15  # share of Han below which a text is taken for English


@dataclass(frozen=True, slots=True)
class Talk:
    """A sound, its text, and the truth about them.

    Attributes:
        name: For the tables.
        audio: Any file ffmpeg reads.
        transcript: The document; its words have no times.
        reference: The truth; None for a recording.
    """

    name: str
    audio: Path
    transcript: Transcript
    reference: Reference | None


@dataclass(frozen=True, slots=True)
class Case:
    """One sound as it is given to the systems.

    Attributes:
        name: For the tables.
        sound: WAV file, 16 kHz mono.
        duration: Of the sound, in seconds.
        documents: The texts to align to it, as ``words.json`` files without times.
        reference: The truth about the first document; None for a recording.
        language: ISO 639-1 code.
    """

    name: str
    sound: Path
    duration: Seconds
    documents: tuple[Path, ...]
    reference: Reference | None
    language: str


def find_talks(folder: Path) -> tuple[Talk, ...]:
    """Return the talks and recordings in ``folder``, by name.

    Raises:
        FileNotFoundError: If there is none.
        DocumentError: If a document or reference cannot be read.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file())
    talks = []
    for sound in files:
        if sound.suffix.lower() in _TEXTS or sound.name.startswith("."):
            continue
        document, reference = _companions(sound, files)
        if document is not None:
            truth = None if reference is None else parse_reference(read_text(reference))
            talks.append(Talk(sound.stem, sound, load_document(document), truth))
    if not talks:
        raise FileNotFoundError(f"{folder}: no sound with a NAME{_DOCUMENT} or NAME.txt beside it")
    return tuple(talks)


def _companions(sound: Path, files: Sequence[Path]) -> tuple[Path | None, Path | None]:
    """Return the document of ``sound`` and, for a talk, its reference."""
    names = {path.name: path for path in files}
    document = names.get(sound.stem + _DOCUMENT)
    truths = [
        path
        for path in files
        if path.name.startswith(f"{sound.stem}.") and path.name.endswith(_REFERENCE)
    ]
    if document is not None and truths:
        return document, truths[0]
    return document or names.get(f"{sound.stem}.txt"), None


def guess_language(body: str) -> str:
    """Return the language of a text by its script: ``zh`` or ``en``.

    >>> guess_language("我們看GPT-4"), guess_language("We look at it. 好")
    ('zh', 'en')
    """
    letters = [character for character in body if character.isalpha()]
    han = sum("\u3400" <= character <= "\u9fff" for character in letters)
    return "zh" if letters and han / len(letters) > _LATIN_TALK else "en"


def make_transcript(paragraphs: Sequence[str]) -> Transcript:
    """Return the transcript of ``paragraphs``, each split into words."""
    return Transcript(tuple(Paragraph(tuple(map(Word, split_words(p)))) for p in paragraphs if p))


def write_document(transcript: Transcript, path: Path) -> Path:
    """Write ``transcript`` where the systems read it; as ``words.json``, so as to be exact."""
    body = transcript.body
    path.write_text(
        compose_words(Alignment(transcript, (), guess_language(body), "none")), encoding="utf-8"
    )
    return path
