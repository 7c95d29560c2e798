"""What the page is made of, and the commands that make and open it."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import (
    Alignment,
    FindingKind,
    Input,
    Paragraph,
    Provenance,
    Span,
    Topic,
    Transcript,
    Word,
)
from subtools.formats.words import compose_words
from subtools.page import MediaReference, compose_page, relative_link
from subtools.page.folding import collect_folds, collect_readings
from subtools.page.inlining import compose_json
from subtools.page.marking import cut_runs, explain_words
from subtools.page.passages import cut_passages
from tests.commands import assert_one_line_error, subtools
from tests.paging import CLIP, SOURCE, change, finding, talk, with_topics

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
SPANS = st.none() | st.tuples(st.floats(0, 1e4), st.floats(0, 5)).map(
    lambda pair: Span(pair[0], pair[0] + pair[1])
)
WORDS = st.builds(
    Word,
    TEXTS,
    SPANS,
    st.none() | st.floats(0, 1),
    st.none() | st.sampled_from(["甲", "乙", "<b>"]),
)
TRANSCRIPTS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(tuple), max_size=6).map(
    lambda paragraphs: Transcript(tuple(map(Paragraph, paragraphs)))
)


class Reader(HTMLParser):
    """What a browser makes of a page: its elements, and the text in paragraphs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.passages: list[str] = []
        self._is_inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "p" and dict(attrs).get("dir") == "auto":
            self._is_inside = True
            self.passages.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.passages[-1] += data


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found.group(1)))


# --- text and numbers


@given(TRANSCRIPTS)
def test_whatever_the_words_are_the_page_shows_them_all_and_no_other_element(
    transcript: Transcript,
) -> None:
    page = compose_page(Alignment(transcript, (), "zh", "phones"))
    reader = Reader(page)
    steering = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")
    expected = steering.sub("?", transcript.body.replace("\r", " "))
    assert steering.sub("?", "".join(reader.passages)) == expected
    assert reader.tags.count("script") == 3
    assert not {"b", "img", "iframe"} & set(reader.tags)


@given(TRANSCRIPTS)
def test_times_come_back_from_the_numbers_to_the_millisecond(transcript: Transcript) -> None:
    data = data_of(compose_page(Alignment(transcript, (), "zh", "phones")))
    gaps, lasts = data["gaps"], data["lasts"]
    assert isinstance(gaps, list)
    assert isinstance(lasts, list)
    end = 0
    for word, gap, last in zip(transcript.words, gaps, lasts, strict=True):
        assert (word.span is None) == (gap is None)
        if word.span is not None:
            assert (end + gap) / 1000 == pytest.approx(word.span.start, abs=0.0006)
            end += gap + last
            assert end / 1000 == pytest.approx(word.span.end, abs=0.0006)


@given(st.recursive(st.text() | st.none() | st.integers(), st.lists, max_leaves=8))
def test_json_in_the_page_is_json_and_closes_no_script(value: object) -> None:
    text = compose_json(value)
    assert json.loads(text) == value
    assert not set("<>&\u2028\u2029") & set(text)


def test_lengths_are_counted_as_browsers_count_them() -> None:
    data = data_of(compose_page(talk((None, "𠮷野家"))))
    assert data["lengths"] == [2, 1, 1]


def test_a_text_that_looks_like_a_place_of_the_template_is_none() -> None:
    assert "{{script}}" in compose_page(talk(("{{style}}", "{{script}} 好")))


def test_the_same_talk_gives_the_same_page() -> None:
    assert compose_page(talk()) == compose_page(talk())


# --- policy


def test_the_policy_names_hashes_and_the_media_file_only() -> None:
    page = compose_page(talk(), media=MediaReference("./a.opus"))
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    rules = dict(rule.split(" ", 1) for rule in found.group(1).split("; "))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"('sha256-[\w+/=]{44}' ?){2}", rules["script-src"])
    assert "unsafe" not in found.group(1)
    assert "http" not in found.group(1)
    assert "connect-src 'none'" in compose_page(talk())


def test_no_script_of_ours_writes_html() -> None:
    assets = files("subtools.page") / "assets"
    scripts = [file for file in assets.iterdir() if file.name.endswith(".js")]
    assert len(scripts) > 10
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text)
        assert len(text.splitlines()) < 300


# --- passages


@given(TRANSCRIPTS, st.lists(st.floats(0, 1e4), max_size=4))
def test_passages_are_the_words_in_order_each_of_one_speaker(
    transcript: Transcript, starts: list[float]
) -> None:
    topics = [Topic(f"{start}", start, start) for start in sorted(starts)]
    passages = cut_passages(transcript, topics)
    assert tuple(word for passage in passages for word in passage.words) == transcript.words
    assert all(passage.words for passage in passages)
    assert all({word.speaker for word in p.words} == {p.speaker} for p in passages)
    named = [number for passage in passages for number in passage.topics]
    assert len(named) == len(set(named))


def test_a_topic_begins_a_passage_in_the_middle_of_a_paragraph() -> None:
    alignment = with_topics(talk((None, "一二三四五六七八")), 0.0, 1.0)
    passages = cut_passages(alignment.transcript, alignment.topics)
    assert ["".join(word.text for word in p.words) for p in passages] == ["一二三四", "五六七八"]
    assert [p.topics for p in passages] == [(0,), (1,)]


def test_a_text_without_paragraphs_is_cut_where_sentences_end() -> None:
    transcript = talk((None, "我們今天來談談大模型的能力和成本。" * 40)).transcript
    lengths = [len(passage.words) for passage in cut_passages(transcript, ())]
    assert max(lengths) <= 180
    assert all(length % 16 == 0 for length in lengths)


def test_a_text_without_any_mark_is_cut_all_the_same() -> None:
    transcript = talk((None, "好" * 1000)).transcript
    assert max(len(passage.words) for passage in cut_passages(transcript, ())) == 300


# --- marks


def test_words_of_a_finding_say_what_it_says() -> None:
    alignment = change(change(talk(), 0, confidence=0.1), 1, confidence=None)
    alignment = replace(alignment, findings=(finding(FindingKind.MISHEARD, Span(0, 1), (1, 3)),))
    runs = list(cut_runs(alignment.transcript.words[:4], 0, explain_words(alignment)))
    assert [(run.text, run.grade) for run in runs] == [
        ("首", "doubt"),
        ("先", "guess"),
        ("我想", ""),
    ]
    assert "10% sure" in runs[0].reason
    assert runs[1].reason == "misheard?: heard here: wu"


# --- search


def test_all_forms_of_a_character_fold_to_one() -> None:
    text = collect_folds("數據臺")
    folds = dict(zip(text[::2], text[1::2], strict=True))
    assert folds["數"] == "数"
    assert folds["據"] == "据"
    assert folds["臺"] == "台"
    assert "发" in {folds["發"], folds["髮"]}


def test_characters_are_read_in_all_usual_ways_though_the_talk_lacks_them() -> None:
    readings = collect_readings("")
    assert "长" in readings["chang"]
    assert "长" in readings["zhang"]
    assert "绿" in readings["lv"]
    assert len(json.dumps(readings, ensure_ascii=False).encode()) < 20_000


def test_rare_characters_of_the_talk_are_there_too() -> None:
    assert "翀" not in "".join(collect_readings("").values())
    assert "翀" in collect_readings("翀")["chong"]


# --- links


@pytest.mark.parametrize(
    ("media", "folder", "link"),
    [
        ("out/talk.opus", "out", "./talk.opus"),
        ("talk 1.opus", "out", "../talk%201.opus"),
        ("out/a/演講?#.mp4", "out", "./a/%E6%BC%94%E8%AC%9B%3F%23.mp4"),
        ("out/javascript:x", "out", "./javascript%3Ax"),
    ],
)
def test_the_media_file_is_linked_relatively_and_encoded(
    media: str, folder: str, link: str
) -> None:
    assert relative_link(Path(media), Path(folder)) == link


def test_a_page_address_that_is_none_is_not_linked() -> None:
    for url in ("javascript:alert(1)", "http://[", "file:///etc/passwd"):
        page = compose_page(talk(source=replace(SOURCE, bvid=None, url=url)))
        assert data_of(page)["link"] is None
        assert url not in page


# --- the commands


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.json"
    path.write_text(compose_words(talk()), encoding="utf-8")
    return path


def test_page_writes_a_page_that_plays_the_file(words: Path, tmp_path: Path) -> None:
    outcome = subtools("page", words, "--media", CLIP, "--title", "A <title>")
    assert outcome.status == 0, outcome
    assert outcome.stdout.strip() == str(tmp_path / "clip.html")
    page = (tmp_path / "clip.html").read_text(encoding="utf-8")
    assert re.search(r'<audio id="media" src="(\.\./)+[^"]*/tests/data/clip/clip\.opus"', page)
    assert "A &lt;title&gt;" in page
    assert_one_line_error(subtools("page", words, "--media", CLIP), "exists already", "--force")
    assert subtools("page", words, "--media", CLIP, "--force", "--quiet").stdout == ""


def test_page_without_sound_says_so(words: Path, tmp_path: Path) -> None:
    outcome = subtools("page", words, "-o", tmp_path / "new" / "talk.html")
    assert outcome.status == 0, outcome
    assert "--media" in outcome.stderr
    page = (tmp_path / "new" / "talk.html").read_text(encoding="utf-8")
    assert 'data-media="none"' in page
    assert '["https://www.bilibili.com/video/BV1zE421N7UJ?p=8\\u0026t=",""]' in page


def test_page_refuses_what_it_cannot_use(words: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no sound", encoding="utf-8")
    assert_one_line_error(subtools("page", tmp_path / "no.json"), "no.json", "no such file")
    assert_one_line_error(subtools("page", tmp_path / "notes.txt"), "notes.txt", "not a words.json")
    outcome = subtools("page", words, "--media", tmp_path / "notes.txt")
    assert_one_line_error(outcome, "notes.txt")
    assert_one_line_error(subtools("page", words, "-o", words, "--force"), "is read")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "words.json"]


def test_page_takes_the_file_the_words_were_made_from_if_it_lies_beside(tmp_path: Path) -> None:
    provenance = Provenance({"audio": Input("clip.opus", "0" * 64)})
    (tmp_path / "words.json").write_text(compose_words(talk(), provenance), encoding="utf-8")
    (tmp_path / "clip.opus").write_bytes(CLIP.read_bytes())
    assert subtools("page", tmp_path / "words.json").status == 0
    page = (tmp_path / "clip.html").read_text(encoding="utf-8")
    assert '<audio id="media" src="./clip.opus" data-name="clip.opus"' in page


def test_open_shows_the_page_of_a_folder_at_a_moment(words: Path, tmp_path: Path) -> None:
    subtools("page", words, "-o", tmp_path / "my talk.html")
    (tmp_path / "plot.html").write_text("<title>another page</title>", encoding="utf-8")
    seen = tmp_path / "seen"
    program = tmp_path / "browser.py"
    program.write_text(
        f"import sys, pathlib; pathlib.Path({str(seen)!r}).write_text(sys.argv[1])",
        encoding="utf-8",
    )
    env = {"BROWSER": f"{sys.executable} {program} %s"}
    outcome = subtools("open", tmp_path, "--at", "1:15.5", env=env)
    address = (tmp_path / "my talk.html").resolve().as_uri() + "#t=75.500"
    assert outcome.status == 0, outcome
    assert outcome.stdout.strip() == address
    assert seen.read_text(encoding="utf-8") == address


def test_open_says_what_is_missing(words: Path, tmp_path: Path) -> None:
    assert_one_line_error(subtools("open", tmp_path), "no page in this folder", "subtools page")
    assert_one_line_error(subtools("open", tmp_path / "no.html"), "no such file")
    for name in ("a.html", "b.html"):
        subtools("page", words, "-o", tmp_path / name)
    assert_one_line_error(subtools("open", tmp_path), "several pages", "a.html, b.html")
    assert subtools("open", tmp_path, "--at", "noon").status == 2
    failed = subtools("open", tmp_path / "a.html", env={"BROWSER": "false %s"})
    assert_one_line_error(failed, "no browser")
    assert "a.html" in failed.stdout
