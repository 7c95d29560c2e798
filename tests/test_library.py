"""The voices that the user has given a name."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from subtools.core import KnownVoice, Span, VoiceSample
from subtools.errors import LibraryError
from subtools.library import (
    add_voice,
    compose_voices,
    delete_voice,
    list_voices,
    parse_voices,
    voices_file,
)

MODEL = "a model"

times = st.floats(0, 1e5)
embeddings = npst.arrays(
    np.float32, st.integers(1, 8), elements=st.floats(-1, 1, width=32, allow_subnormal=False)
)
spans = st.none() | st.tuples(times, times).map(lambda ends: Span(min(ends), max(ends)))
samples = st.builds(VoiceSample, embeddings, st.text(), st.text(), spans)
texts = st.text(st.characters(exclude_categories=["Cs"]))
voices = st.builds(KnownVoice, texts, st.lists(samples, max_size=3).map(tuple))


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "share" / "subtools"
    monkeypatch.setenv("SUBTOOLS_DATA_DIR", str(folder))
    return folder


def sample(
    *values: float, model: str = MODEL, source: str = "talk.mp4", span: Span | None = None
) -> VoiceSample:
    return VoiceSample(np.array(values or (0.6, 0.8), np.float32), model, source, span)


def facts(voice: KnownVoice) -> tuple[str, list[tuple[list[float], str, str, Span | None]]]:
    """Return all of ``voice`` in a form that can be compared."""
    return voice.name, [(s.embedding.tolist(), s.model, s.source, s.span) for s in voice.samples]


def test_a_voice_that_was_added_is_there_in_the_next_run() -> None:
    add_voice("宋老師", sample(0.6, 0.8, span=Span(10.0, 40.0)))
    (found,) = list_voices()
    expected = KnownVoice("宋老師", (sample(0.6, 0.8, span=Span(10.0, 40.0)),))
    assert facts(found) == facts(expected)


def test_nothing_is_written_until_a_voice_is_added(data_folder: Path) -> None:
    assert list_voices() == ()
    with pytest.raises(LibraryError, match="no voice is called"):
        delete_voice("宋老師")
    assert not data_folder.parent.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way")
def test_only_the_user_may_read_the_voices(data_folder: Path) -> None:
    for name in ("宋老師", "曾老師"):
        add_voice(name, sample())
        assert stat.S_IMODE(voices_file().stat().st_mode) == 0o600
        assert stat.S_IMODE(data_folder.stat().st_mode) == 0o700


def test_samples_of_a_voice_add_up_and_the_same_place_counts_once() -> None:
    add_voice("宋老師", sample(0.6, 0.8))
    add_voice("宋老師", sample(0.0, 1.0, source="other.mp4"))
    voice = add_voice("宋老師", sample(1.0, 0.0))
    assert [s.source for s in voice.samples] == ["other.mp4", "talk.mp4"]
    assert [s.embedding.tolist() for s in voice.samples] == [[0.0, 1.0], [1.0, 0.0]]
    assert list(map(facts, list_voices())) == [facts(voice)]


def test_voices_are_listed_by_name() -> None:
    for name in ("b", "a", "c"):
        add_voice(name, sample())
    assert [voice.name for voice in list_voices()] == ["a", "b", "c"]


def test_samples_of_another_model_are_left_out() -> None:
    add_voice("a", sample(0.6, 0.8))
    add_voice("a", sample(0.1, 0.2, 0.3, model="another model"))
    add_voice("b", sample(model="another model"))
    (voice,) = list_voices(model=MODEL)
    assert facts(voice) == ("a", facts(KnownVoice("a", (sample(0.6, 0.8),)))[1])


def test_a_deleted_voice_is_gone_and_with_the_last_one_the_file(data_folder: Path) -> None:
    add_voice("a", sample())
    add_voice("b", sample())
    assert delete_voice(" a ").name == "a"
    assert [voice.name for voice in list_voices()] == ["b"]
    delete_voice("b")
    assert list(data_folder.iterdir()) == []


def test_names_that_look_the_same_are_the_same() -> None:
    add_voice("Jose\u0301", sample())
    add_voice(" José ", sample(source="other.mp4"))
    (voice,) = list_voices()
    assert (voice.name, len(voice.samples)) == ("José", 2)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[31m", "\ud800"])
def test_a_name_that_is_none_is_refused(name: str, data_folder: Path) -> None:
    with pytest.raises(LibraryError, match="cannot be the name"):
        add_voice(name, sample())
    assert not data_folder.exists()


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("宋老师", "near are 宋老師"), ("Zhang", "known are 宋老師, 曾先生")],
)
def test_an_unknown_name_is_answered_with_those_that_may_be_meant(asked: str, hint: str) -> None:
    add_voice("宋老師", sample())
    add_voice("曾先生", sample())
    with pytest.raises(LibraryError, match=hint):
        delete_voice(asked)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": "other", "version": 1, "voices": []}',
        b'{"format": "subtools voices", "version": "x", "voices": []}',
        b'{"format": "subtools voices", "version": 1, "voices": [{"name": "a"}]}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_reported_and_not_replaced(content: bytes, data_folder: Path) -> None:
    data_folder.mkdir(parents=True)
    voices_file().write_bytes(content)
    for use in (list_voices, lambda: add_voice("a", sample()), lambda: delete_voice("a")):
        with pytest.raises(LibraryError, match="this is no file of voices") as caught:
            use()
        assert caught.value.path == voices_file()
    assert voices_file().read_bytes() == content


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("embedding", []),
        ("embedding", [[1.0]]),
        ("embedding", ["x"]),
        ("embedding", [float("nan")]),
        ("span", [3.0, 1.0]),
        ("span", [1.0]),
        ("span", "ab"),
    ],
)
def test_a_sample_that_is_none_is_reported(member: str, value: object) -> None:
    file = json.loads(compose_voices([KnownVoice("a", (sample(),))]))
    file["voices"][0]["samples"][0][member] = value
    with pytest.raises(LibraryError, match="this is no file of voices"):
        parse_voices(json.dumps(file))


def test_a_file_of_a_newer_version_is_not_touched(data_folder: Path) -> None:
    data_folder.mkdir(parents=True)
    newer = '{"format": "subtools voices", "version": 2, "people": []}'
    voices_file().write_text(newer)
    with pytest.raises(LibraryError, match=r"newer version.*update"):
        add_voice("a", sample())
    assert voices_file().read_text() == newer


def test_a_folder_that_cannot_be_made_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SUBTOOLS_DATA_DIR", str(tmp_path / "file" / "subtools"))
    with pytest.raises(LibraryError, match=r"cannot be (read|written).*SUBTOOLS_DATA_DIR"):
        add_voice("a", sample())


def test_a_write_that_fails_leaves_the_old_voices(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_voice("a", sample())
    before = voices_file().read_bytes()

    def fail(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(path), None, str(target))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(LibraryError, match="No space left"):
        add_voice("b", sample())
    assert [path.read_bytes() for path in data_folder.iterdir()] == [before]


@given(st.lists(voices, max_size=4, unique_by=lambda voice: voice.name))
def test_composed_voices_are_parsed_as_they_were(listed: list[KnownVoice]) -> None:
    by_name = sorted(listed, key=lambda voice: voice.name)
    assert list(map(facts, parse_voices(compose_voices(listed)))) == list(map(facts, by_name))


@given(embeddings)
def test_embeddings_come_back_bit_by_bit(embedding: npt.NDArray[np.float32]) -> None:
    kept = parse_voices(compose_voices([KnownVoice("a", (VoiceSample(embedding, "m", "s"),))]))
    assert kept[0].samples[0].embedding.tobytes() == embedding.tobytes()
