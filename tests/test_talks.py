"""Talks by address: which text is tried first, which is refused, where a talk comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from subtools.core import Alignment, Finding, FindingKind, Paragraph, Source, Span, Transcript, Word
from subtools.download import Fetched, KeptFile, Metadata
from subtools.errors import DocumentError, FetchError, MismatchError
from subtools.pipeline import Captions, Settings
from subtools.talks import (
    SiteText,
    Talk,
    TextChoice,
    caption_talk,
    check_said,
    fetch_talk,
    find_address,
    is_address,
    source_of,
)
from tests.bilibili import CONFERENCE, TALK, emulated_bilibili
from tests.conftest import ROOT

SEED = next((ROOT / "seeds").glob("*.txt"))


def alignment(heard: int, unheard: int = 0, unwritten: float = 0.0) -> Alignment:
    """Return words of half a second, some of them heard, and speech that is not written."""
    words = [Word("水", Span(i / 2, i / 2 + 0.5), 0.9) for i in range(heard)]
    words += [Word("火") for _ in range(unheard)]
    finding = Finding(FindingKind.NOT_IN_TEXT, "", "", Span(100.0, 100.0 + unwritten))
    findings = (finding,) if unwritten else ()
    return Alignment(Transcript((Paragraph(tuple(words)),)), findings, "zh", "phones")


def fetched(*subtitles: tuple[str, bool]) -> Fetched:
    kept = tuple(KeptFile(f"{name}.srt", 1, "", "", "", name, is_ai) for name, is_ai in subtitles)
    metadata = Metadata(
        key="k",
        site="BiliBili",
        id="BV1zE421N7UJ",
        title="大会",
        sound=KeptFile("a.m4a", 1, ""),
        subtitles=kept,
        part=8,
        part_title="圆桌讨论",
        uploader="智源社区",
        url="https://x/",
    )
    return Fetched(Path("a.m4a"), metadata, subtitles=tuple(Path(k.name) for k in kept))


# --- what is refused


@pytest.mark.parametrize(("heard", "unheard", "unwritten"), [(9, 0, 0), (5, 5, 0), (9, 1, 4.5)])
def test_a_text_that_is_said_and_says_most_is_taken(
    heard: int, unheard: int, unwritten: float
) -> None:
    check_said(alignment(heard, unheard, unwritten))


def test_a_text_of_which_little_is_heard_is_refused() -> None:
    with pytest.raises(MismatchError, match=r"40% of it was heard"):
        check_said(alignment(4, 6))


def test_a_text_that_has_little_of_what_is_said_is_refused() -> None:
    with pytest.raises(MismatchError, match=r"has 25% of what is said"):
        check_said(alignment(4, 0, unwritten=6.0))


# --- which text is tried, and what happens if it does not fit


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were put against the sound; those with 'wrong' in their name do not fit."""
    texts: list[str] = []

    def caption(sound: Path, document: Path | None, *_: object, **more: object) -> Captions:
        del sound, more
        texts.append(document.name if document else "recognised")
        said = alignment(0, 9) if "wrong" in texts[-1] else alignment(9)
        return Captions(said, (), provenance=None, duration=9.0)  # type: ignore[arg-type]

    monkeypatch.setattr("subtools.talks.caption", caption)
    return texts


def talk(*names: str, notes: tuple[str, ...] = ()) -> Talk:
    texts = tuple(SiteText(Path(name), name, by_machine=True) for name in names)
    return Talk(Path("a.m4a"), None, texts, notes=notes)


def test_texts_are_tried_until_one_is_said(tried: list[str]) -> None:
    notes: list[str] = []
    caption_talk(talk("wrong.srt", "right.srt", "other.srt"), note=notes.append)
    assert tried == ["wrong.srt", "right.srt"]
    assert len(notes) == 1
    assert "wrong.srt" in notes[0]


def test_without_a_text_that_is_said_the_speech_is_recognised(tried: list[str]) -> None:
    caption_talk(talk("wrong.srt"), Settings())
    assert tried == ["wrong.srt", "recognised"]


def test_the_sites_text_is_not_looked_at_if_another_is_wanted(tried: list[str]) -> None:
    caption_talk(talk("right.srt"), choice=TextChoice.RECOGNISED)
    assert tried == ["recognised"]


def test_a_document_of_the_users_comes_before_the_sites(tried: list[str]) -> None:
    caption_talk(Talk(Path("a.m4a"), Path("mine.txt"), talk("right.srt").texts))
    assert tried == ["mine.txt"]


def test_a_text_that_was_asked_for_and_does_not_fit_is_an_error(tried: list[str]) -> None:
    with pytest.raises(MismatchError, match=r"0% of it was heard.*--text recognised"):
        caption_talk(talk("wrong.srt"), choice=TextChoice.SITE)
    assert tried == ["wrong.srt"]


def test_a_text_that_is_not_there_says_why(tried: list[str]) -> None:
    with pytest.raises(MismatchError, match=r"no subtitles of this talk \(log in first\)"):
        caption_talk(talk(notes=("log in first",)), choice=TextChoice.SITE)
    assert not tried


# --- where a talk is, and where it comes from


def test_the_seed_names_its_video() -> None:
    assert find_address(SEED) == "BV1zE421N7UJ?p=8"


def test_a_document_without_a_part_names_the_whole_video(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text("# 大会 - BV1zE421N7UJ\n\n大家好。\n", encoding="utf-8")
    assert find_address(document) == "BV1zE421N7UJ"


def test_a_document_that_names_no_video_is_told_so(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text("大家好。\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"which video.*--audio"):
        find_address(document)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("https://example.org/a.mp3", True), ("av170001", True), ("b23.tv/x", True)),
        *(("talk.m4a", False), ("C:\\talk.m4a", False), ("a\0b", False), ("", False)),
        *(("file:///talk.m4a", False), ("ftp://example.org/a", False), ("x" * 5000, False)),
    ],
)
def test_what_leads_to_the_web_is_an_address(text: str, expected: bool) -> None:
    assert is_address(text) is expected


def test_the_source_is_what_the_site_says() -> None:
    expected = Source("大会", 8, "圆桌讨论", "智源社区", "BV1zE421N7UJ", "https://x/")
    assert source_of(fetched()) == expected
    assert source_of(Fetched(Path("a.m4a"))) == Source()


def test_a_talk_has_the_likeliest_text_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = fetched(("ai-en", True), ("en", False), ("ai-zh", True), ("zh-Hant", False))
    monkeypatch.setattr("subtools.talks.find_fetched", lambda *_: (found,))
    languages = {
        language: [
            text.language
            for text in fetch_talk("BV1zE421N7UJ", language=language, folders=[tmp_path]).texts
        ]
        for language in (None, "en")
    }
    assert languages[None] == ["zh-Hant", "ai-zh", "en", "ai-en"]
    assert languages["en"] == ["en", "ai-en", "zh-Hant", "ai-zh"]


def test_a_talk_is_fetched_into_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUBTOOLS_CACHE", str(tmp_path / "cache"))
    with emulated_bilibili(tmp_path) as site:
        for name, value in site.environment.items():
            monkeypatch.setenv(name, value)
        found = fetch_talk(TALK.bvid)
        assert found.sound.parent == tmp_path / "cache" / "fetched"
        assert [text.language for text in found.texts] == ["ai-zh"]
        assert found.source.title == TALK.title
        with pytest.raises(FetchError, match="圆桌讨论"):
            fetch_talk(CONFERENCE.bvid)
