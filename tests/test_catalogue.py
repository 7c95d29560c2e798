"""The library of talks: what is indexed is found, in any script and by its sound."""

from __future__ import annotations

import sqlite3
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scripts.bench.search.questions import make_questions, sounds_alike
from scripts.bench.search.talks import make_talk, read_clauses
from subtools.catalogue import (
    Catalogue,
    Filters,
    Match,
    Moment,
    Recording,
    add_recording,
    find_moments,
    find_talk_keys,
    forget_files,
    known_files,
    list_entries,
    open_catalogue,
    prepare_recording,
    remove_talks,
)
from subtools.core import Glossary, Paragraph, Span, Transcript, Word
from subtools.errors import CatalogueError
from subtools.glossary import parse_glossary
from subtools.phonetics.mandarin import read_syllables
from subtools.phonetics.scripts import simplify, unify_script
from tests.talks_to_find import add, recording, transcript

PANEL = (
    "首先我想問各位嘉賓，因為各位都是做大模型的，那麼大模型的能力呢，我們看到GPT-3，GPT-3。5，"
    "GPT-4，以及我們非常期待的未來的GPT-5。它和Scanning Law有點相關，這幾個模型都是畢業模型，"
    "我們先不考慮開源的模型。推理的成本還很高，合成數據對特定能力的激發非常明顯，"
    "長城很長，銀行行長說，百分之八十五的數據都有問題，the embeddings of words are learned。"
)
characters = st.sampled_from(
    "推理合成數據閉源模型長城銀行大小的我们是不了发發後后裡里abcXYZ059，。 -'\""
)
hostile = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ['"', '""', "-", "*", "a*", "NEAR(a b)", "a AND b", "NOT a", "a OR", "(", ")", "^a", "a:b",
     "'; DROP TABLE talks; --", "\x00", "推\x00理", "{tokens}", "made : x", "-推理", '"推理', "“”",
     "%", "_", "？！", "   ", "\udcff", "🙂", "𠮷", "ａＢｃ", "t1", "s1",
     "推" * 10_000, "a " * 5_000]
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "subtools" / "library.sqlite"


@pytest.fixture
def catalogue(path: Path) -> Iterator[Catalogue]:
    with open_catalogue(path, write=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A library for properties, which index into it again and again."""
    with open_catalogue(tmp_path_factory.mktemp("shared") / "library.sqlite", write=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A library of one short talk."""
    with open_catalogue(tmp_path_factory.mktemp("panel") / "library.sqlite", write=True) as opened:
        add(opened, recording(PANEL))
        yield opened


def find(catalogue: Catalogue, text: str, **options: object) -> tuple[Moment, ...]:
    return find_moments(catalogue, text, **options).moments  # type: ignore[arg-type]  # of tests


def matched(catalogue: Catalogue, text: str, **options: object) -> list[tuple[str, Match]]:
    return [(m.matched[0], m.match) for m in find(catalogue, text, **options)]


# --- what is found


@pytest.mark.parametrize(
    ("asked", "written", "match"),
    [
        ("推理", "推理", Match.PHRASE),
        ("合成数据", "合成數據", Match.PHRASE),
        ("gpt4", "GPT-4", Match.PHRASE),
        ("GPT-3.5", "GPT-3。5", Match.PHRASE),
        ("ＧＰＴ５", "GPT-5", Match.PHRASE),
        ("能力呢，我們", "能力呢，我們", Match.PHRASE),
        ("embedding", "embeddings", Match.FORM),
        ("scaling law", "Scanning Law", Match.SOUND),
        ("hecheng shuju", "合成數據", Match.SOUND),
        ("he cheng shu ju", "合成數據", Match.SOUND),
        ("hechengshuju", "合成數據", Match.SOUND),
        ("hé chéng shùjù", "合成數據", Match.SOUND),
        ("he2cheng2 shu4ju4", "合成數據", Match.SOUND),
        ("閉業模型", "畢業模型", Match.SOUND),
        ("和城书具", "合成數據", Match.SOUND),
        ("tueili", "", Match.SOUND),
        ("閉源模型", "畢業模型", Match.NEAR),
        ("85", "八十五", Match.SOUND),
        ("yinhang hangzhang", "銀行行長", Match.SOUND),
        ("zhangcheng", "", Match.SOUND),
        ("大模型成本", "模型", Match.PARTS),
        ("不存在", "", Match.PHRASE),
    ],
)
def test_what_is_asked_for_is_found_as_it_is_written(
    panel: Catalogue, asked: str, written: str, match: Match
) -> None:
    found = matched(panel, asked)
    assert found[:1] == ([(written, match)] if written else []), found


def test_what_is_written_so_comes_before_what_sounds_so(catalogue: Catalogue) -> None:
    add(
        catalogue,
        recording("这里说的是必业模型的事情", key="a"),
        recording("毕业模型就是这样", key="b"),
        recording("我们说闭源模型很好", key="c"),
    )
    assert [(m.talk.key, m.match) for m in find(catalogue, "毕业模型")] == [
        ("b", Match.PHRASE),
        ("a", Match.SOUND),
        ("c", Match.NEAR),
    ]


def test_words_side_by_side_come_before_words_near_each_other(catalogue: Catalogue) -> None:
    far = "推理" + "我們說別的事情，" * 6 + "成本"
    add(
        catalogue,
        recording(far, key="far"),
        recording("推理這件事的成本很高", key="near"),
        recording("推理成本很高", key="side"),
    )
    assert [(m.talk.key, m.match) for m in find(catalogue, "推理 成本")] == [
        ("side", Match.PHRASE),
        ("near", Match.WORDS),
        ("far", Match.WORDS),
    ]
    assert [m.talk.key for m in find(catalogue, '"推理 成本"')] == ["side"]


def test_words_on_both_sides_of_a_border_between_passages_are_near(catalogue: Catalogue) -> None:
    add(catalogue, recording("推理這件事，" + "我們說別的，" * 9 + "成本。"))
    passages = catalogue.connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    assert passages == 2
    assert [m.match for m in find(catalogue, "推理 成本")] == [Match.WORDS]


def test_a_word_with_a_hyphen_before_it_is_not_said_there(catalogue: Catalogue) -> None:
    add(catalogue, recording("開源的模型", key="a"), recording("開源的軟件", key="b"))
    assert [m.talk.key for m in find(catalogue, "开源 -软件")] == ["a"]
    assert find(catalogue, "-软件") == ()


def test_a_phrase_that_goes_over_borders_of_passages_is_found(catalogue: Catalogue) -> None:
    text = "".join(chr(0x4E00 + 7 * k) + ("，" if k % 9 == 8 else "") for k in range(400))
    add(catalogue, recording(text))
    plain = text.replace("，", "")
    for first in range(0, 360, 3):
        for length in (2, 6, 13, 14, 40):
            phrase = plain[first : first + length]
            (moment, *_) = find(catalogue, phrase, exact=True)
            assert "".join(moment.matched).replace("，", "") == phrase
            assert moment.start == pytest.approx(1.0 + 0.25 * first, abs=0.02)


def test_the_time_is_that_of_the_word(panel: Catalogue) -> None:
    (moment,) = find(panel, "合成數據")
    words = transcript(("甲", PANEL)).words
    place = next(
        k for k in range(len(words)) if words[k].text == "合" and words[k + 1].text == "成"
    )
    span = words[place].span
    assert span is not None
    assert moment.start == pytest.approx(span.start, abs=0.01)
    assert moment.is_exact
    assert moment.speaker == "甲"


def test_a_word_without_a_time_has_that_of_its_neighbour_and_says_so(catalogue: Catalogue) -> None:
    words = (Word("推", Span(5.0, 5.2)), Word("理"), Word("好"))
    untimed = (Word("完"), Word("全"))
    for key, said in (("a", words), ("b", untimed)):
        talk = Transcript((Paragraph(said),))
        add(catalogue, Recording(key, f"/{key}", key, talk, "zh", key))
    assert [(m.start, m.is_exact) for m in find(catalogue, "理好")] == [(5.0, False)]
    assert [(m.start, m.is_exact) for m in find(catalogue, "完全")] == [(None, False)]


def test_near_moments_are_one_and_far_ones_are_not(catalogue: Catalogue) -> None:
    add(catalogue, recording("推理，推理，" + "別的事情。" * 40 + "推理。"))
    first, second = sorted(find(catalogue, "推理"), key=lambda m: m.start or 0.0)
    assert first.matched == ("推理", "推理")
    assert second.start is not None
    assert first.start is not None
    assert second.start - first.start > 10


def test_a_passage_that_says_it_often_comes_first(catalogue: Catalogue) -> None:
    add(
        catalogue, recording("推理，推理，推理，好。", key="often"), recording("推理好", key="once")
    )
    assert [m.talk.key for m in find(catalogue, "推理")] == ["often", "once"]


def test_single_characters_are_found(panel: Catalogue) -> None:
    assert matched(panel, "長")[0] == ("長", Match.PHRASE)
    assert matched(panel, "长")[0] == ("長", Match.PHRASE)
    assert matched(panel, "鑫") == []


def test_two_scripts_of_one_word_are_one(catalogue: Catalogue) -> None:
    add(catalogue, recording("她穿著乾淨的衣服，頭髮很長，後面有裡子"))
    for asked in ("穿着干净", "头发很长", "后面有里子", "後面"):
        assert matched(catalogue, asked)[0][1] is Match.PHRASE, asked


def test_exact_finds_only_what_is_written(panel: Catalogue) -> None:
    assert matched(panel, "合成数据", exact=True) == [("合成數據", Match.PHRASE)]
    for asked in ("scaling law", "hecheng shuju", "閉源模型", "embedding", "大模型成本"):
        assert matched(panel, asked, exact=True) == []


def test_english_is_heard_across_borders_of_words(catalogue: Catalogue) -> None:
    add(catalogue, recording("這個 in bedding 的維度，用 Chat GBT 來做，還有 greedy ant 下降"))
    assert matched(catalogue, "embedding") == [("in bedding", Match.SOUND)]
    assert matched(catalogue, "ChatGPT") == [("Chat GBT", Match.SOUND)]
    assert matched(catalogue, "gradient") == [("greedy ant", Match.SOUND)]
    assert matched(catalogue, "chatgbt") == [("Chat GBT", Match.FORM)]
    assert matched(catalogue, "banana") == []


def test_a_glossary_finds_other_names(panel: Catalogue) -> None:
    glossary = parse_glossary("縮放定律: [Scanning Law, scaling law]\n推断: 推理\n")
    assert matched(panel, "缩放定律", glossary=glossary)[0] == ("Scanning Law", Match.FORM)
    assert matched(panel, "推断的成本", glossary=glossary)[0] == ("推理的成本", Match.FORM)
    assert matched(panel, "推断", glossary=Glossary()) == []


# --- limits


@pytest.fixture
def three(catalogue: Catalogue) -> Catalogue:
    talks = {"x": ("趙老師", "2024-06-14"), "y": ("宋老師", "2023-01-01"), "z": ("赵四", None)}
    for key, (name, day) in talks.items():
        said = transcript((name, "我們說推理的事情。"), ("主持人", "推理也要說。"))
        title = f"第{key}講"
        add(catalogue, Recording(key, f"/d/{key}", key, said, "zh", title, published=day))
    return catalogue


def test_a_search_can_be_limited(three: Catalogue) -> None:
    def keys(**filters: str) -> list[str]:
        moments = find(three, "推理", filters=Filters(**filters))
        return sorted({f"{m.talk.key} {m.speaker}" for m in moments if m.speaker != "主持人"})

    assert keys(speaker="赵老师") == ["x 趙老師"]
    assert keys(speaker="趙") == ["x 趙老師", "z 赵四"]
    assert keys(video="y") == ["y 宋老師"]
    assert keys(video="第x讲") == ["x 趙老師"]
    assert keys(until="2023-12-31") == ["y 宋老師"]
    assert keys(since="2024-06-14", until="2024-06-14") == ["x 趙老師"]
    assert keys(since="2024-06-15") == ["z 赵四"]  # known only since it was indexed
    assert keys(speaker="宋", since="2024-01-01") == []


def test_a_speaker_or_talk_that_is_not_there_is_an_error_with_those_that_are(
    three: Catalogue,
) -> None:
    with pytest.raises(CatalogueError, match=r"nobody in the library is called .*near are 趙老師"):
        find(three, "推理", filters=Filters(speaker="趙老闆"))
    with pytest.raises(CatalogueError, match=r"no talk in the library is 'nothing'"):
        find(three, "推理", filters=Filters(video="nothing"))
    assert find_talk_keys(three, "第x講") == ("x",)


def test_at_most_so_many_come_back_and_whether_there_are_more_is_said(three: Catalogue) -> None:
    found = find_moments(three, "推理", limit=2)
    assert len(found.moments) == 2
    assert not found.is_all
    assert find_moments(three, "宋老師").is_all


# --- indexing


def dump(catalogue: Catalogue) -> list[tuple[object, ...]]:
    """Return all that the library holds but numbers."""
    columns = "written, own, sounds, own_sounds, places, words, start, times"
    statements = (
        f"SELECT {columns} FROM passages ORDER BY talk, id",
        "SELECT word, uses FROM words ORDER BY word",
        "SELECT key, title, indexed FROM talks ORDER BY key",
        "SELECT path, digest, key FROM files ORDER BY path",
        "SELECT name FROM speakers ORDER BY name",
    )
    rows = (row for each in statements for row in catalogue.connection.execute(each))
    return [
        tuple(spell(catalogue, value) if isinstance(value, str) else value for value in row)
        for row in rows
    ]


def tokens(catalogue: Catalogue) -> list[tuple[str, int]]:
    """Return the index: each token and how many passages have it."""
    create = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, tokens, row)"
    catalogue.connection.execute(create)
    rows = catalogue.connection.execute("SELECT term, doc FROM temp.vocabulary").fetchall()
    catalogue.connection.execute("DROP TABLE temp.vocabulary")
    return sorted((spell(catalogue, term), doc) for term, doc in rows if not term.isascii())


def spell(catalogue: Catalogue, text: str) -> str:
    """Return ``text`` with words in the place of their code points, which differ each time."""
    words = dict(catalogue.connection.execute("SELECT id, word FROM words"))
    return "".join(f"<{words.get(ord(c) - 0x40000)}>" if ord(c) >= 0x40000 else c for c in text)


def test_a_talk_that_is_indexed_again_takes_its_own_place(catalogue: Catalogue) -> None:
    add(catalogue, recording("推理 scaling law"), recording("別的 scaling", key="other"))
    before, indexed = dump(catalogue), tokens(catalogue)
    changed = recording("換了 words", key="talk")
    add(catalogue, changed)
    assert find(catalogue, "推理") == ()
    assert [m.talk.key for m in find(catalogue, "換了")] == ["talk"]
    add(catalogue, recording("推理 scaling law"))
    assert sorted(map(repr, dump(catalogue))) == sorted(map(repr, before))
    assert tokens(catalogue) == indexed


def test_an_unchanged_file_is_not_indexed_again(catalogue: Catalogue) -> None:
    prepared = prepare_recording(catalogue, recording(PANEL))
    assert add_recording(catalogue, prepared)
    assert not add_recording(catalogue, prepared)
    assert len(list_entries(catalogue.connection)) == 1


def test_a_file_that_is_about_another_talk_now_leaves_nothing_of_the_former(
    catalogue: Catalogue,
) -> None:
    add(catalogue, recording("推理", key="a", path="/words.json"))
    add(catalogue, recording("合成", key="b", path="/words.json"))
    assert [entry.key for entry in list_entries(catalogue.connection)] == ["b"]


def test_what_is_taken_out_leaves_nothing_behind(catalogue: Catalogue, path: Path) -> None:
    add(catalogue, recording("推理", key="a"))
    before = tokens(catalogue)
    add(catalogue, recording("機密 Zanzibar 魑魅魍魎", key="b", title="機密"))
    remove_talks(catalogue, ["b"])
    assert tokens(catalogue) == before
    assert [row[0] for row in catalogue.connection.execute("SELECT word FROM words")] == []
    content = path.read_bytes()
    assert "魑魅".encode() not in content
    assert b"anzibar" not in content
    assert known_files(catalogue) == ("/talks/a/words.json",)


def test_a_file_that_is_gone_takes_its_talk_with_it_unless_there_is_another(
    catalogue: Catalogue,
) -> None:
    add(catalogue, recording("推理", key="a", path="/1"))
    add(catalogue, recording("推理 二", key="a", path="/2"), recording("合成", key="b", path="/3"))
    assert forget_files(catalogue, ["/1", "/3"]) == ("b",)
    assert [entry.key for entry in list_entries(catalogue.connection)] == ["a"]
    assert forget_files(catalogue, ["/2"]) == ("a",)
    assert list_entries(catalogue.connection) == ()


def test_a_write_that_fails_in_the_middle_changes_nothing(catalogue: Catalogue) -> None:
    add(catalogue, recording("推理"))
    before, indexed = dump(catalogue), tokens(catalogue)
    statement = """CREATE TEMP TRIGGER fail BEFORE INSERT ON passages
        WHEN (SELECT count(*) FROM passages) > 3 BEGIN SELECT RAISE(ABORT, 'disk is full'); END"""
    catalogue.connection.execute(statement)
    with pytest.raises(sqlite3.DatabaseError, match="disk is full"):
        add(catalogue, recording(*(f"第{k}段的文字。" * 20 for k in range(9)), key="talk"))
    assert dump(catalogue) == before
    assert tokens(catalogue) == indexed
    catalogue.connection.execute("INSERT INTO tokens (tokens) VALUES ('integrity-check')")


def test_readers_see_whole_talks_while_a_writer_writes(path: Path) -> None:
    with open_catalogue(path, write=True) as writer:
        add(writer, recording("推理", key="0"))
    stop, counts, errors = threading.Event(), set(), []

    def read() -> None:
        while not stop.is_set():
            try:
                with open_catalogue(path) as reader:
                    counts.add(len(find(reader, "推理 完結", limit=50)))
            except CatalogueError as error:
                errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    with open_catalogue(path, write=True) as writer:
        for key in range(1, 9):
            add(writer, recording("推理" + "其他，" * 9 + "完結", key=str(key)))
    stop.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert counts <= set(range(9))


def test_two_writers_take_turns(path: Path) -> None:
    errors: list[BaseException] = []

    def write(name: str) -> None:
        try:
            with open_catalogue(path, write=True) as writer:
                for key in range(6):
                    add(writer, recording(f"推理 {key}", key=f"{key % 3}"))
                    add(writer, recording(f"推理 {name}", key=f"{name}{key}"))
        except BaseException as error:  # noqa: BLE001 - told by the test
            errors.append(error)

    writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert errors == []
    with open_catalogue(path) as reader:
        assert len(list_entries(reader.connection)) == 3 + 12


# --- the file


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way")
def test_only_the_user_may_read_the_library(path: Path) -> None:
    with open_catalogue(path, write=True) as catalogue:
        add(catalogue, recording("推理"))
        files = list(path.parent.iterdir())
        assert len(files) >= 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]
    with open_catalogue(path) as catalogue:
        find(catalogue, "推理")
    assert list(path.parent.iterdir()) == [path]


def test_a_search_without_a_library_says_how_to_make_one(path: Path) -> None:
    with (
        pytest.raises(CatalogueError, match=r"no library yet.*subtools index"),
        open_catalogue(path),
    ):
        pass
    assert not path.parent.exists()


def test_a_library_of_a_newer_version_is_not_touched(path: Path) -> None:
    with open_catalogue(path, write=True) as catalogue:
        catalogue.connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    for write in (False, True):
        with (
            pytest.raises(CatalogueError, match=r"newer version.*update"),
            open_catalogue(path, write=write),
        ):
            pass
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"no database", b"\x00" * 5000, b"SQLite format 3\x00" + b"x" * 9000]
)
def test_what_is_no_library_is_told_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(content)
    for write in (False, True):
        with pytest.raises(CatalogueError, match="no library"), open_catalogue(path, write=write):
            pass
    assert path.read_bytes() == content


def test_a_database_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE talks (id)")
    before = path.read_bytes()
    with (
        pytest.raises(CatalogueError, match="no library of subtools"),
        open_catalogue(path, write=True),
    ):
        pass
    assert path.read_bytes() == before


def test_an_sqlite_without_fts5_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subtools.catalogue.schema._OPTION", "ENABLE_NOTHING")
    monkeypatch.setattr("subtools.catalogue.schema._MODULE", "nothing")
    with (
        pytest.raises(CatalogueError, match=r"no FTS5.*use a Python"),
        open_catalogue(path, write=True),
    ):
        pass


def test_a_library_that_may_only_be_read_can_be_searched(path: Path) -> None:
    with open_catalogue(path, write=True) as catalogue:
        add(catalogue, recording("推理"))
    path.chmod(0o400)
    with open_catalogue(path) as catalogue:
        assert len(find(catalogue, "推理")) == 1


# --- properties


@given(st.data())
@settings(max_examples=40)
def test_every_span_of_a_talk_is_found_in_both_scripts_and_in_pinyin(
    panel: Catalogue, data: st.DataObject
) -> None:
    clauses = [clause for clause in PANEL.replace("。", "，").split("，") if clause.isalpha()]
    clause = data.draw(st.sampled_from([c for c in clauses if not any(x.isascii() for x in c)]))
    first = data.draw(st.integers(0, len(clause) - 2))
    span = clause[first : first + data.draw(st.integers(2, 6))]
    assume(len(span) > 1)
    syllables = [syllable for _, syllable in read_syllables(clause)][first : first + len(span)]
    spellings = {span, simplify(span), unify_script([span, "們們們"])[0]}
    for asked in (*spellings, " ".join(syllables), "".join(syllables)):
        found = find(panel, asked)
        assert any(span in m.matched for m in found), (asked, span, found)


@given(st.lists(st.text(characters, min_size=1, max_size=60), min_size=1, max_size=4), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_span_of_any_text_is_found(
    shared: Catalogue, texts: list[str], data: st.DataObject
) -> None:
    add(shared, recording(*texts, key="any"))
    words = [
        w for text in texts for w in transcript(("甲", text)).words if any(map(str.isalnum, w.text))
    ]
    assume(words)
    first = data.draw(st.integers(0, len(words) - 1))
    span = words[first : first + data.draw(st.integers(1, 6))]
    asked = " ".join(word.text for word in span).replace('"', "").replace("-", " ")
    moments = find(shared, f'"{asked}"', exact=True, limit=1000)
    starts = [moment.start for moment in moments]
    assert moments, (asked, texts)
    assert all(start is not None for start in starts)


@given(hostile)
def test_any_question_is_answered(panel: Catalogue, asked: str) -> None:
    found = find_moments(panel, asked)
    for moment in found.moments:
        assert all(0 <= a < b <= len(moment.text) for a, b in moment.marks)
    assert list_entries(panel.connection)


@given(st.lists(hostile.filter(lambda text: "\udcff" not in text), min_size=1, max_size=3))
@settings(max_examples=30)
def test_any_text_is_indexed_and_taken_out_again(shared: Catalogue, texts: list[str]) -> None:
    shared.connection.execute("DELETE FROM files WHERE 0")
    remove_talks(shared, [entry.key for entry in list_entries(shared.connection)])
    assert tokens(shared) == []
    add(shared, recording(*texts, key="hostile", title=texts[0]))
    for text in texts:
        find_moments(shared, text[:200])
    remove_talks(shared, ["hostile"])
    assert tokens(shared) == []
    assert shared.connection.execute("SELECT count(*) FROM words").fetchone() == (0,)


# --- a small share of the benchmark


def test_known_moments_are_found_whatever_is_misheard_or_typed(tmp_path: Path) -> None:
    clauses = read_clauses(everyday=False)
    talks = [make_talk(number, clauses) for number in range(3)]
    with open_catalogue(tmp_path / "library.sqlite", write=True) as catalogue:
        for talk in talks:
            add(catalogue, talk.recording)
        asked = [q for q in make_questions(talks, 15) if "English" not in q.kind]
        missed = []
        for question in asked:
            moments = find(catalogue, question.text)
            is_there = any(
                m.talk.key == question.key and abs((m.start or 0.0) - question.time) < 2.0
                for m in moments
            )
            if not is_there and not all(
                sounds_alike(m.matched[0], question.meant) for m in moments
            ):
                missed.append((question.kind, question.text, question.meant))
    assert len(missed) <= 0.05 * len(asked), missed
