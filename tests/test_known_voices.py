from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from subtools import known_voices
from subtools.core import SAMPLE_RATE, Span, Turn, VoiceSample
from subtools.errors import LibraryError, MediaError
from subtools.known_voices import learn_voice, load_library
from subtools.library import add_voice, list_voices
from subtools.voices import EMBEDDING_MODEL, EMBEDDING_SIZE
from tests.commands import write_wav


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUBTOOLS_DATA_DIR", str(tmp_path / "voices"))


def test_several_samples_of_a_voice_are_one_voiceprint() -> None:
    for source, place in (("a.wav", 0), ("b.wav", 1)):
        vector = np.eye(EMBEDDING_SIZE, dtype=np.float32)[place]
        add_voice("王磊", VoiceSample(vector, EMBEDDING_MODEL, source))
    add_voice("別人", VoiceSample(np.ones(2, np.float32), "another model", "c.wav"))
    library = load_library()
    assert list(library) == ["王磊"]
    assert library["王磊"][:3] == pytest.approx([0.5**0.5, 0.5**0.5, 0.0])


def test_a_sample_of_another_size_is_reported_as_damaged() -> None:
    add_voice("王磊", VoiceSample(np.ones(10, np.float32), EMBEDDING_MODEL, "a.wav"))
    with pytest.raises(LibraryError, match="subtools voices delete 王磊"):
        load_library()


def embed_by_time(sounds: Sequence[npt.NDArray[np.float32]], /) -> npt.NDArray[np.float32]:
    """Stand in for an embedder; the level of a sound is its voice."""
    return np.array([np.eye(3)[round(float(s[len(s) // 2]) * 32768)] for s in sounds], np.float32)


@pytest.fixture
def two_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twenty seconds: the first voice for ten, the second for five, then nobody."""
    samples = np.repeat([1, 2, 0], np.array([10, 5, 5]) * SAMPLE_RATE)
    turns = (Turn("A", 0.0, 10.0), Turn("B", 10.0, 15.0))
    monkeypatch.setattr(known_voices, "load_diarizer", lambda *_: lambda _audio: turns)
    monkeypatch.setattr(known_voices, "load_embedder", lambda **_: embed_by_time)
    return write_wav(tmp_path / "two.wav", samples)


@pytest.mark.parametrize(
    ("spans", "voice", "kept"),
    [
        ((Span(11.0, 14.0),), 2, Span(11.0, 14.0)),
        ((Span(9.2, 15.0),), 2, Span(9.2, 15.0)),  # a little of somebody else
        ((Span(12.0, 100.0),), 2, Span(12.0, 20.0)),  # until the end of the sound
        ((Span(0.0, 4.0), Span(6.0, 8.0)), 1, None),
    ],
)
def test_a_voice_is_that_of_who_speaks_where_the_user_says(
    spans: tuple[Span, ...], voice: int, kept: Span | None, two_voices: Path
) -> None:
    known = learn_voice(" 王磊 ", two_voices, spans)
    assert known.name == "王磊"
    [sample] = known.samples
    assert sample.embedding.tolist() == np.eye(3)[voice].tolist()
    assert (sample.model, sample.span) == (EMBEDDING_MODEL, kept)
    name, digest = sample.source.rsplit(" ", 1)
    assert (name, len(digest)) == ("two.wav", 16)
    assert [kept.name for kept in list_voices()] == ["王磊"]


@pytest.mark.parametrize("spans", [(), (Span(8.0, 12.0),)])
def test_a_sample_of_several_people_is_refused(spans: tuple[Span, ...], two_voices: Path) -> None:
    with pytest.raises(MediaError, match=r"2 people speak there .*--span"):
        learn_voice("王磊", two_voices, spans)
    assert list_voices() == ()


@pytest.mark.parametrize("span", [Span(15.5, 19.0), Span(30.0, 40.0), Span(2.0, 2.5)])
def test_where_nobody_speaks_for_a_second_nothing_is_kept(span: Span, two_voices: Path) -> None:
    with pytest.raises(MediaError, match="nobody speaks there"):
        learn_voice("王磊", two_voices, [span])
    assert list_voices() == ()


def test_a_voice_without_a_name_is_refused(two_voices: Path) -> None:
    with pytest.raises(LibraryError, match="cannot be the name"):
        learn_voice(" ", two_voices, [Span(0.0, 4.0)])
    assert list_voices() == ()
