"""Aligners: which one is chosen, plug-ins, and what is made of what they give back."""

from __future__ import annotations

import re
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from subtools import aligners, caption
from subtools.aligners import (
    AUTO,
    PHONES,
    RECOGNITION,
    Aligner,
    AlignerOptions,
    PhoneAligner,
    adopt_aligner,
    aligner_names,
    choose_aligner,
    guess_language,
    load_engine,
)
from subtools.aligners.builtin import speech_duration
from subtools.core import (
    SAMPLE_RATE,
    Alignment,
    Audio,
    Posteriors,
    Progress,
    Recognition,
    Span,
    Transcript,
    no_progress,
)
from subtools.errors import AlignmentError, MediaError
from subtools.phonetics import PHONE_INDEX
from subtools.phonetics import PHONES as ALL_PHONES
from subtools.pipeline import Settings
from subtools.plots import PlotRequest
from tests.speech import document, heard

ROOT = Path(__file__).resolve().parent.parent
CHINESE = "首先我想問各位嘉賓，因為各位都是做大模型的，那麼GPT-4的能力呢？"
MIXED = "我們的 scaling law 其實是 very simple 的 idea，大家都 know 它 is just data。"
ENGLISH = "The weather in the mountains changed quickly, and we walked back to the village."
JAPANESE = "今日は大規模言語モデルについて話したいと思います。"
KOREAN = "오늘은 대규모 언어 모델에 대해 이야기하겠습니다."
CANTONESE = "我哋今日講嘅嘢係唔係好簡單，佢喺度做咗好多嘢。"
GERMAN = "Das Wetter in den Bergen änderte sich schnell, und wir gingen ins Dorf zurück."
SOUND = Audio(np.zeros(20 * SAMPLE_RATE, np.int16))


# --- which language a document is in, and what aligns it


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (CHINESE, "zh"),
        (MIXED, "zh"),
        (CHINESE + "就像「すし」一樣。", "zh"),
        (ENGLISH, "en"),
        (ENGLISH + " His name is 王小明.", "en"),
        (JAPANESE, "ja"),
        (KOREAN, "ko"),
        (CANTONESE, "yue"),
        (GERMAN, None),
        ("Доброе утро, как дела?", None),
        ("1 2 3", None),
    ],
)
def test_the_script_tells_the_language(text: str, language: str | None) -> None:
    assert guess_language(document(text)) == language


@pytest.mark.parametrize(
    ("text", "language", "chosen"),
    [
        (CHINESE, None, PHONES),
        (MIXED, None, PHONES),
        (MIXED, "zh", PHONES),
        (MIXED, "en", PHONES),
        (ENGLISH, None, PHONES),
        (ENGLISH, "en", PHONES),
        (GERMAN, "en", PHONES),
        (ENGLISH, "zh", PHONES),
        (CHINESE, "yue", RECOGNITION),
        (ENGLISH, "de", RECOGNITION),
        (GERMAN, None, RECOGNITION),
        (JAPANESE, None, RECOGNITION),
        (JAPANESE, "zh", RECOGNITION),
        (KOREAN, "zh", RECOGNITION),
        (CANTONESE, None, RECOGNITION),
    ],
)
def test_chinese_and_english_go_by_their_sounds_and_all_else_by_recognition(
    text: str, language: str | None, chosen: str
) -> None:
    assert choose_aligner(AUTO, document(text), language) == chosen


# The first article of the Universal Declaration of Human Rights.
DECLARED = {
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with "
    "reason and conscience and should act towards one another in a spirit of brotherhood.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft "
    "und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn begiftigd "
    "met verstand en geweten, en behoren zich jegens elkander in een geest van broederschap te "
    "gedragen.",
    "da": "Alle mennesker er født frie og lige i værdighed og rettigheder. De er udstyret med "
    "fornuft og samvittighed, og de bør handle mod hverandre i en broderskabets ånd.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués "
    "de raison et de conscience et doivent agir les uns envers les autres dans un esprit de "
    "fraternité.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como "
    "están de razón y conciencia, deben comportarse fraternalmente los unos con los otros.",
    "vi": "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi. Mọi con "
    "người đều được tạo hóa ban cho lý trí và lương tâm và cần phải đối xử với nhau trong tình "
    "bằng hữu.",
    "id": "Semua orang dilahirkan merdeka dan mempunyai martabat dan hak-hak yang sama. Mereka "
    "dikaruniai akal dan hati nurani dan hendaknya bergaul satu sama lain dalam semangat "
    "persaudaraan.",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni "
    "obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa.",
    "pinyin": "Ren ren sheng er zi you, zai zun yan he quan li shang yi lü ping deng. Ta men fu "
    "you li xing he liang xin, bing ying yi xiong di guan xi de jing shen xiang dui dai.",
}
JARGON = (
    "Each transformer block applies multi-head attention, layer normalisation and a position-wise "
    "feed-forward network. Query, key and value projections share one fused GEMM kernel. With "
    "FlashAttention-2, softmax statistics are recomputed in SRAM, which cuts HBM traffic. GPT-4 "
    "and Llama-3 70B use grouped-query attention; KV-cache memory then scales with eight heads "
    "instead of sixty-four."
)
LOANS = (
    "Heute reden wir über Machine Learning: Das Training läuft im Data Center, das Deployment "
    "macht ein Start-up mit Open Source Tools. The winner takes it all, sagte der CEO im Interview."
)
NOTES = (
    "Agenda: quarterly revenue, headcount, hiring freeze. Next steps: budget review, risk matrix."
)


@pytest.mark.parametrize("language", DECLARED)
def test_of_the_languages_in_latin_script_only_english_is_called_english(language: str) -> None:
    text = document(DECLARED[language])
    assert guess_language(text) == ("en" if language == "en" else None)
    assert choose_aligner(AUTO, text, None) == (PHONES if language == "en" else RECOGNITION)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        (JARGON, PHONES),
        (LOANS, RECOGNITION),
        (NOTES, RECOGNITION),
        (DECLARED["en"] + DECLARED["de"] * 2, RECOGNITION),
        (ENGLISH + GERMAN, RECOGNITION),
    ],
)
def test_what_is_not_surely_english_is_left_to_the_recogniser(text: str, chosen: str) -> None:
    assert choose_aligner(AUTO, document(text), None) == chosen
    assert choose_aligner(AUTO, document(text), "en") == PHONES


def test_a_name_is_taken_at_its_word() -> None:
    assert choose_aligner(RECOGNITION, document(CHINESE), None) == RECOGNITION
    assert choose_aligner(PHONES, document(GERMAN), None) == PHONES
    assert choose_aligner("other", document(JAPANESE), None) == "other"


@pytest.mark.parametrize("text", [JAPANESE, KOREAN])
def test_phones_refuses_a_script_it_cannot_read(text: str) -> None:
    with pytest.raises(AlignmentError, match="--aligner recognition"):
        choose_aligner(PHONES, document(text), "zh")


def test_phones_is_refused_for_a_language_it_does_not_know() -> None:
    with pytest.raises(AlignmentError, match="Chinese and English only, not 'de'"):
        choose_aligner(PHONES, document(GERMAN), "de")
    assert choose_aligner(RECOGNITION, document(GERMAN), "de") == RECOGNITION


# --- the aligner by sounds


def posteriors(*phones: str) -> Posteriors:
    """Return ten frames of each of ``phones``."""
    log_probs = np.full((10 * len(phones), len(ALL_PHONES)), -10, np.float16)
    for index, phone in enumerate(phones):
        log_probs[10 * index : 10 * index + 10, PHONE_INDEX[phone]] = 0
    frames = len(log_probs)
    return Posteriors(log_probs, np.zeros(frames, np.float16), np.zeros(frames, np.float32))


def classifier(*phones: str) -> Callable[[], Any]:
    def classify(_audio: Audio, /, *, progress: Progress = no_progress) -> Posteriors:
        progress("listening", 1, 1)
        return posteriors(*phones)

    return lambda: classify


def test_silence_and_noise_are_no_speech() -> None:
    assert speech_duration(posteriors("sil", "a", "noise", "m", "a")) == pytest.approx(0.3)


def test_phones_refuses_a_sound_in_which_nobody_speaks() -> None:
    with pytest.raises(MediaError, match="nobody speaks"):
        PhoneAligner(classifier("sil", "noise"))(document(CHINESE), SOUND, language=None)


def test_phones_hands_out_what_its_classifier_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligners.builtin, "align_posteriors", share_evenly)
    kept: list[Posteriors] = []
    aligner = PhoneAligner(classifier(*"abmfdt"), kept.append)
    assert aligner(document(CHINESE), SOUND, language=None).language == "zh"
    assert aligner(document(CHINESE), SOUND, language="en").language == "en"
    assert aligner(document(NOTES), SOUND, language=None).language == "en"
    assert [len(each.log_probs) for each in kept] == [60, 60, 60]


# --- plug-ins


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Install a distribution that brings an aligner; the value does it."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(source: str, name: str = "even", module: str = "subtools_even") -> Path:
        (tmp_path / f"{module}.py").write_text(source, "utf-8")
        folder = tmp_path / f"{module}-1.2.dist-info"
        folder.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: 1.2\n"
        (folder / "METADATA").write_text(metadata, "utf-8")
        entry = f"[subtools.aligners]\n{name} = {module}:load_even\n"
        (folder / "entry_points.txt").write_text(entry, "utf-8")
        return tmp_path

    yield install
    for module in [name for name in sys.modules if name.startswith("subtools_even")]:
        del sys.modules[module]


def documented_example() -> str:
    """Return the aligner that docs/aligners.md shows."""
    text = (ROOT / "docs" / "aligners.md").read_text(encoding="utf-8")
    [source] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return str(source)


def write_talk(folder: Path, samples: npt.NDArray[np.int16] | None = None) -> tuple[Path, Path]:
    """Write a sound, ten seconds of noise unless given, and a document."""
    audio, text = folder / "talk.wav", folder / "talk.txt"
    with wave.open(str(audio), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        noise = np.random.default_rng(0).normal(0, 1000, 10 * SAMPLE_RATE)
        file.writeframes((noise if samples is None else samples).astype("<i2").tobytes())
    text.write_text("大家好，歡迎各位。", "utf-8")
    return audio, text


def test_the_aligner_of_the_documentation_works_from_the_command_line(
    plug_in: Callable[..., Path], tmp_path: Path
) -> None:
    site = plug_in(documented_example())
    audio, text = write_talk(tmp_path)
    arguments = ["align", str(text), "-a", str(audio), "-o", str(tmp_path), "--aligner", "even"]
    code = f"import sys; sys.path.insert(0, {str(site)!r}); from subtools.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert "aligner even" in done.stderr
    words = (tmp_path / "words.json").read_text("utf-8")
    assert '"aligner": "even"' in words
    assert '"subtools-even": "1.2"' in words


def test_an_installed_aligner_is_known_by_its_name(plug_in: Callable[..., Path]) -> None:
    assert aligner_names() == (PHONES, RECOGNITION)
    plug_in(documented_example())
    assert aligner_names() == (PHONES, RECOGNITION, "even")


def test_an_unknown_name_lists_those_that_are_known(plug_in: Callable[..., Path]) -> None:
    plug_in(documented_example())
    with pytest.raises(AlignmentError, match="known are auto, phones, recognition, even"):
        load_engine("evne", AlignerOptions())


def test_options_reach_the_plug_in(plug_in: Callable[..., Path]) -> None:
    plug_in("def load_even(options):\n    raise ValueError(f'{options.model} {options.threads}')")
    with pytest.raises(AlignmentError, match=r"'even' cannot be loaded: ValueError: small 3"):
        load_engine("even", AlignerOptions(model="small", threads=3))


def test_a_plug_in_that_cannot_be_imported_is_named(plug_in: Callable[..., Path]) -> None:
    plug_in("import a_module_that_is_not_there")
    with pytest.raises(AlignmentError, match=r"'even' cannot be loaded: ModuleNotFoundError"):
        load_engine("even", AlignerOptions())


def test_a_built_in_name_cannot_be_taken(plug_in: Callable[..., Path]) -> None:
    plug_in(documented_example(), name=RECOGNITION)
    assert aligner_names() == (PHONES, RECOGNITION)


def test_two_plug_ins_of_one_name_are_refused(plug_in: Callable[..., Path]) -> None:
    plug_in(documented_example())
    plug_in(documented_example(), module="subtools_even_too")
    with pytest.raises(AlignmentError, match="subtools-even and subtools-even-too both bring"):
        load_engine("even", AlignerOptions())


# --- what someone else's aligner gives back


def run(aligner: Any) -> Alignment:
    given: Aligner = aligner
    return adopt_aligner(given).align(document(CHINESE), SOUND, language="zh")


def giving(change: Callable[[Alignment], object]) -> Any:
    """Return an aligner that finds every word, and gives back what ``change`` makes of it."""

    def strange(transcript: Transcript, _: Audio, /, **_options: object) -> object:
        words = [replace(w, span=Span(k, k + 1)) for k, w in enumerate(transcript.words)]
        return change(Alignment(transcript.with_words(words), (), "zh", "?"))

    return strange


def test_the_result_carries_the_name_of_the_aligner() -> None:
    assert run(giving(lambda alignment: alignment)).aligner == "strange"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: replace(a, transcript=document(CHINESE[:-3])), "gave back 26 words for"),
        (lambda a: replace(a, transcript=document("二" + CHINESE[1:])), "gave back '二' for '首'"),
        (lambda _: None, "gave back NoneType"),
        (lambda a: replace(a, transcript=backwards(a.transcript)), "out of order"),
        (lambda _: 1 / 0, "failed: ZeroDivisionError: division by zero"),
    ],
)
def test_anything_but_the_words_in_time_is_a_fault_of_the_aligner(
    change: Callable[[Alignment], object], message: str
) -> None:
    with pytest.raises(AlignmentError, match=message) as caught:
        run(giving(change))
    assert "'strange'" in str(caught.value)


def backwards(transcript: Transcript) -> Transcript:
    spans = [word.span for word in reversed(transcript.words)]
    pairs = zip(transcript.words, spans, strict=True)
    return transcript.with_words([replace(word, span=span) for word, span in pairs])


def test_what_a_plug_in_tells_the_user_is_left_as_it_is() -> None:
    def strange(*_: object, **__: object) -> Alignment:
        raise MediaError("too quiet", hint="speak up")

    with pytest.raises(MediaError, match="too quiet"):
        run(strange)


# --- in the pipeline


def recognise(
    _: Audio, /, *, language: str | None = None, progress: Progress = no_progress
) -> Recognition:
    progress("recognising", 1, 1)
    return heard((1.0, "大家好，歡迎各位。"), language=language or "zh")


def test_a_recogniser_that_is_given_is_used(tmp_path: Path) -> None:
    audio, text = write_talk(tmp_path)
    captions = caption(audio, text, recognizer=recognise)
    assert captions.alignment.aligner == RECOGNITION
    assert captions.provenance.settings["aligner"] == AUTO
    assert captions.cues[0].start == pytest.approx(1.0)
    assert caption(audio, recognizer=recognise).alignment.aligner.startswith("none")


@pytest.mark.model
def test_chinese_is_aligned_without_a_recogniser_and_can_be_drawn(
    clip_sound: Audio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio, text = write_talk(tmp_path, clip_sound.samples[12 * SAMPLE_RATE : 22 * SAMPLE_RATE])
    monkeypatch.setattr(aligners.builtin, "align_posteriors", share_evenly)
    monkeypatch.setattr(aligners.registry, "load_whisper", None)
    settings = Settings(model="large-v3", offset=5.0, threads=1)
    captions = caption(audio, text, settings, plot=PlotRequest(Span(6.0, 8.0)))
    assert captions.alignment.aligner == PHONES
    assert captions.provenance.model.startswith("base sha256:")
    assert captions.stretch is not None
    assert captions.stretch.posteriors is not None
    assert len(captions.stretch.posteriors.log_probs) == 200
    assert captions.compose(".html").count('class="phone"') > 5


def share_evenly(transcript: Transcript, found: Posteriors, *, language: str) -> Alignment:
    """Stand in for the alignment, which this is not about."""
    step = found.duration / len(transcript.words)
    spans = (Span(k * step, (k + 1) * step) for k in range(len(transcript.words)))
    pairs = zip(transcript.words, spans, strict=True)
    timed = [replace(word, span=span, confidence=0.5) for word, span in pairs]
    return Alignment(transcript.with_words(timed), (), language, PHONES)


def test_an_aligner_that_is_given_is_used_and_shifted(tmp_path: Path) -> None:
    audio, text = write_talk(tmp_path)
    found: dict[str, Any] = {}
    exec(documented_example(), found)
    captions = caption(
        audio, text, Settings(offset=2.0), aligner=found["load_even"](AlignerOptions())
    )
    assert captions.alignment.aligner == "align"
    first = captions.alignment.transcript.words[0].span
    assert first is not None
    assert first.start == pytest.approx(2.0)


def test_text_far_from_the_sound_is_refused_whatever_the_aligner(tmp_path: Path) -> None:
    audio, text = write_talk(tmp_path)

    def deaf(transcript: Transcript, _: Audio, /, **_options: object) -> Alignment:
        return Alignment(transcript, (), "zh", "deaf")

    aligner: Any = deaf
    with pytest.raises(AlignmentError, match="nothing of the text was heard"):
        caption(audio, text, aligner=aligner)
    text.write_text("大家好，" * 1000, "utf-8")
    with pytest.raises(AlignmentError, match="nobody speaks that fast"):
        caption(audio, text, aligner=aligner)


def test_an_aligner_without_a_document_is_refused(tmp_path: Path) -> None:
    audio, _ = write_talk(tmp_path)
    with pytest.raises(AlignmentError, match="no document"):
        caption(audio, settings=Settings(aligner=PHONES))
