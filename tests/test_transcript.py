"""Documents as people and programs write them: what is spoken, and by whom."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from subtools.core import Cue, Source, Transcript
from subtools.errors import DocumentError
from subtools.lexicon import word_core
from subtools.transcript import cues_to_transcript, parse_document
from tests.subtitling import srt

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

Said = list[tuple[str | None, str]]  # (speaker, paragraph)

CLAUSES = (
    *(
        "我們看到大模型的能力",
        "GPT-3。5很好",
        "這是第3.5版",
        "他說「好」",
        "是12:30開始的",
        "嗯……",
        "對",
    ),
    *(
        "Scanning Law 的 idea",
        "我老婆說醒醒",
        "有三點：第一是數據",
        "so we tried, again",
        "人均卡量——上來",
    ),
)
NAMES = (
    "宋老師",
    "曾老師",
    "主持人",
    "Alice",
    "Bob Smith",
    "Speaker 1",
    "约翰·史密斯",
    "發言人2",
    "李明",
)
ODD_NAMES = ("大会主席团代表", "the man in black", "Prof. Alexander Hamilton")  # need to come back
paragraphs = st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=4).map(
    lambda clauses: "，".join(clauses) + "。"
)
bodies = st.lists(paragraphs, min_size=1, max_size=8)


@st.composite
def speeches(draw: st.DrawFn) -> list[tuple[str, list[str]]]:
    """Draw a talk of some people, each heard twice or more, never twice in a row."""
    names = draw(st.lists(st.sampled_from(NAMES + ODD_NAMES), min_size=2, max_size=4, unique=True))
    order = names * draw(st.integers(2, 3))
    return [(name, draw(st.lists(paragraphs, min_size=1, max_size=4))) for name in order]


def said_in(speeches: list[tuple[str, list[str]]]) -> Said:
    return [(name, text) for name, texts in speeches for text in texts]


def read(transcript: Transcript) -> Said:
    """Return who says what; every word of a paragraph must have the same speaker."""
    for paragraph in transcript.paragraphs:
        assert len({word.speaker for word in paragraph.words}) == 1
        assert all(word.span is None and word.confidence is None for word in paragraph.words)
    return [(paragraph.words[0].speaker, paragraph.text) for paragraph in transcript.paragraphs]


def said(document: str) -> Said:
    return read(parse_document(textwrap.dedent(document)))


# ---- header and paragraphs


def test_the_clip_agrees_with_its_reference(clip_document: Path, clip_reference: Path) -> None:
    transcript = parse_document(clip_document.read_text(encoding="utf-8"))
    clauses = json.loads(clip_reference.read_text(encoding="utf-8"))["clauses"]
    written = [clause for clause in clauses if clause["doc"] is not None]
    assert len(written) > 60
    for clause in written:
        first, last = clause["doc"]
        assert transcript.body[first:last] == clause["text"]


def test_the_seed_comes_back_line_by_line() -> None:
    header, *lines = next(SEEDS.glob("*.txt")).read_text(encoding="utf-8").splitlines()
    transcript = parse_document("\n".join([header, *lines]))
    assert transcript.source == Source(
        "2024北京智源大会-大语言模型", 8, "圆桌讨论", "智源社区", "BV1zE421N7UJ"
    )
    assert read(transcript) == [(None, line) for line in lines if line]


@pytest.mark.parametrize(
    ("header", "source"),
    [
        (
            "# 大会 - P8：圆桌 - 智源 - BV1zE421N7UJ",
            Source("大会", 8, "圆桌", "智源", "BV1zE421N7UJ"),
        ),
        (
            "# 大会 - P08: 圆桌 - 智源 - BV1zE421N7UJ",
            Source("大会", 8, "圆桌", "智源", "BV1zE421N7UJ"),
        ),
        ("# A - B - P1：x - U - BV1zE421N7UJ", Source("A - B", 1, "x", "U", "BV1zE421N7UJ")),
        ("# A - P1：x - y - U - BV1zE421N7UJ", Source("A", 1, "x - y", "U", "BV1zE421N7UJ")),
        ("# A - P2 - P3：x - U - BV1zE421N7UJ", Source("A - P2", 3, "x", "U", "BV1zE421N7UJ")),
        ("# A - P8：x - BV1zE421N7UJ", Source("A", 8, "x", None, "BV1zE421N7UJ")),
        ("# A - P8 - U - BV1zE421N7UJ", Source("A", 8, None, "U", "BV1zE421N7UJ")),
        ("# A - U - BV1zE421N7UJ", Source("A", uploader="U", bvid="BV1zE421N7UJ")),
        ("# A - BV1zE421N7UJ", Source("A", bvid="BV1zE421N7UJ")),
        ("# BV1zE421N7UJ", Source(bvid="BV1zE421N7UJ")),
        ("A - U - BV1zE421N7UJ", Source("A", uploader="U", bvid="BV1zE421N7UJ")),
        ("# A - P8：x - U", Source("A - P8：x - U")),
        ("# A - BV1zE421N7U", Source("A - BV1zE421N7U")),
        ("\ufeff# A - P0：x", Source("A - P0：x")),
    ],
)
@pytest.mark.parametrize("above", ["", "\n\n", "\ufeff"])
def test_the_header_is_read_from_the_right(header: str, source: Source, above: str) -> None:
    transcript = parse_document(f"{above}{header}\n\n大家好。\n")
    assert transcript.source == source
    assert transcript.body == "大家好。"


titles = st.text("大会語言模型AB-： 8P", min_size=1).map(str.strip).filter(bool)


@given(titles, st.integers(1, 9999), titles, titles, bodies)
def test_a_header_and_paragraphs_come_back(
    title: str, part: int, part_title: str, uploader: str, texts: list[str]
) -> None:
    pieces = (title, part_title, uploader)
    assume(
        not any(" - " in f" {piece} " for piece in pieces)
        and part_title.lstrip("： ") == part_title
    )
    header = f"# {title} - P{part}：{part_title} - {uploader} - BV1zE421N7UJ"
    transcript = parse_document("\n\n".join([header, *texts]) + "\n")
    assume(not uploader.startswith("P8"))  # would be a part itself
    assert transcript.source == Source(title, part, part_title, uploader, "BV1zE421N7UJ")
    assert read(transcript) == [(None, text) for text in texts]
    assert transcript.body == "".join(texts)


# ---- any text


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from((*CLAUSES, *NAMES, *"：:\n#*-_[] "))).map("".join)
    )
)
def test_any_text_is_a_transcript_or_a_document_error(text: str) -> None:
    try:
        transcript = parse_document(text)
    except DocumentError as error:
        assert error.hint
        return
    assert any(word_core(word.text) for word in transcript.words)
    for paragraph in transcript.paragraphs:
        assert paragraph.text == paragraph.text.strip(" \t\n\u3000\ufeff\u200b\u00ad") != ""
        assert all(word.text for word in paragraph.words)


@given(
    st.lists(
        st.text("我你好啊，。 \t\u3000？A3-", min_size=1).map(str.strip).filter(bool), min_size=1
    )
)
def test_plain_text_loses_only_what_is_between_its_paragraphs(texts: list[str]) -> None:
    texts = [text for text in texts if not text.startswith("-")]
    assume(any(map(word_core, texts)))
    assert read(parse_document("\n \u200b\n".join(texts))) == [(None, text) for text in texts]


def test_whitespace_inside_a_paragraph_stays_and_around_it_goes() -> None:
    document = "\ufeff\u3000\u3000我  們\u3000\t看。 \u200b\r\n\r\n\u00ad好\u00ad的\u00ad\u2028對。"
    assert said(document) == [(None, "我  們\u3000\t看。"), (None, "好\u00ad的"), (None, "對。")]


@pytest.mark.parametrize(
    "document",
    [
        "",
        "\n\n",
        "# 只有標題\n",
        "# A - P8：x - U - BV1zE421N7UJ\n\n",
        "# A\n\n## B\n\n---\n",
        "……\n\n。",
        "主持人：\n嘉賓：\n",
        "![a](b.png)\n\n**  **",
    ],
)
def test_a_document_that_says_nothing_is_an_error(document: str) -> None:
    with pytest.raises(DocumentError, match="the document has no text") as caught:
        parse_document(document)
    assert caught.value.hint


# ---- scripts


@pytest.mark.parametrize(
    "label", ["{}：", "{}: ", "[00:01:02] {}：", "{} 00:01:02: ", "{}（12:30）：", "【{}】："]
)
@given(speeches())
def test_a_script_comes_back(label: str, speeches: list[tuple[str, list[str]]]) -> None:
    blocks = [label.format(name) + "\n\n".join(texts) for name, texts in speeches]
    assert said("\n\n".join(blocks)) == said_in(speeches)


@pytest.mark.parametrize("label", ["{}：", "{}:", "{}  00:01:02", "{}(1:02)", "00:01:02 {}："])
@given(speeches())
def test_a_label_alone_on_its_line_names_what_follows(
    label: str, speeches: list[tuple[str, list[str]]]
) -> None:
    blocks = ["\n".join([label.format(name), *texts]) for name, texts in speeches]
    assert said("\n\n".join(blocks)) == said_in(speeches)


@given(bodies, speeches())
def test_text_above_the_first_label_has_no_speaker(
    above: list[str], speeches: list[tuple[str, list[str]]]
) -> None:
    below = said_in(speeches)
    assume(len(above) <= len(below))
    document = "\n".join([*above, *(f"{name}：" + "\n".join(texts) for name, texts in speeches)])
    assert said(document) == [(None, text) for text in above] + below


def test_two_labels_make_a_short_script() -> None:
    assert said("李明：你好。\n韓梅：你好。") == [("李明", "你好。"), ("韓梅", "你好。")]


def test_two_roles_make_a_script_however_long_they_speak() -> None:
    document = "主持人：好。\n一。\n二。\n三。\n嘉賓：對。\n四。\n五。"
    assert [name for name, _ in said(document)] == ["主持人"] * 4 + ["嘉賓"] * 3


def test_a_single_speaker_who_is_named_now_and_then_is_a_script() -> None:
    document = "宋老師：一。\n二。\n三。\n四。\n五。\n宋老師：六。\n七。"
    assert {name for name, _ in said(document)} == {"宋老師"}


@pytest.mark.parametrize(
    "document",
    [
        "注意：今天下雨。\n\n我們看到了。\n\n注意：結束了。",
        "注意：今天下雨。\n地点：北京。",
        "12:30 開始。\n\n13:30 結束。\n\n大家好。\n\n再見。\n\n就這樣。",
        "最終比分3:2。\n最終比分3:1。",
        "http://example.org\n\nhttps://example.org/a",
        r"C:\talks\a.txt" + "\n" + r"C:\talks\b.txt",
        "std::vector\nstd::map",
        "主持人：大家好。\n我們開始。\n好。\n再見。",  # once is no script
        "第一：好。\n第二：很好。\n第三：最好。",
        "苹果：水果。\n桌子：家具。\n老虎：动物。\n汽车：车辆。\n北京：城市。",  # a list of terms
        "我的看法：好。\n我們的問題是：難。",
        "有三點：一。\n有三點：二。",
        "There is one thing: time.\nThere is another: money.",
        "一。\n" * 8 + "李明：好。\n韓梅：好。\n李明：好。",  # too late
        "他說，我想：好。\n他說，我想：壞。",
        "More than twenty-four letters: yes.\n" * 2,
    ],
)
def test_a_colon_in_a_plain_text_makes_no_speaker(document: str) -> None:
    lines = [line.strip() for line in document.splitlines() if line]
    assert said(document) == [(None, line) for line in lines]


def test_a_colon_in_a_speech_is_not_a_label() -> None:
    document = """\
        主持人：大家好。
        我的觀點是：很好。
        注意：12:30 結束。
        宋老師：見 https://example.org 吧。
        主持人：好。
        """
    assert said(document) == [
        ("主持人", "大家好。"),
        ("主持人", "我的觀點是：很好。"),
        ("主持人", "注意：12:30 結束。"),
        ("宋老師", "見 https://example.org 吧。"),
        ("主持人", "好。"),
    ]


def test_times_before_most_paragraphs_are_dropped() -> None:
    assert said("[00:01] 大家好。\n00:05 我們開始。\n好。\n00:10\n對。") == [
        (None, "大家好。"),
        (None, "我們開始。"),
        (None, "好。"),
        (None, "對。"),
    ]


def test_a_time_before_one_paragraph_of_many_is_spoken() -> None:
    texts = ["12:30 我們開會。", "好。", "對。"]
    assert [text for _, text in said("\n".join(texts))] == texts


# ---- Markdown


@pytest.mark.parametrize(
    "heading", ["## {}", "### {} ###", "**{}**", "__{}__", "## **{}**", "## {} 00:01:02", "# {}"]
)
@given(speeches())
def test_headings_that_come_back_are_speakers(
    heading: str, speeches: list[tuple[str, list[str]]]
) -> None:
    blocks = ["\n\n".join([heading.format(name), *texts]) for name, texts in speeches]
    transcript = parse_document("\n\n".join(["# 圓桌討論", *blocks]))
    assert transcript.source.title == "圓桌討論"
    assert read(transcript) == said_in(speeches)


@pytest.mark.parametrize("label", ["**{}：** ", "**{}**：", "__{}:__ ", "- **{}:** ", "> *{}*: "])
@given(speeches())
def test_bold_labels_are_speakers(label: str, speeches: list[tuple[str, list[str]]]) -> None:
    blocks = [label.format(name) + "\n\n".join(texts) for name, texts in speeches]
    assert said("# 圓桌\n\n## 上半場\n\n" + "\n\n".join(blocks)) == said_in(speeches)


def test_roles_that_do_not_come_back_are_speakers_too() -> None:
    assert said("# T\n\n## 宋老師\n好。\n\n## 曾老師\n對。") == [
        ("宋老師", "好。"),
        ("曾老師", "對。"),
    ]


def test_sections_are_neither_speakers_nor_spoken() -> None:
    assert said("# T\n\n## 背景\n好。\n\n## 方法\n對。\n\n### 數據\n是。") == [
        (None, "好。"),
        (None, "對。"),
        (None, "是。"),
    ]


def test_a_single_person_among_sections_is_a_section() -> None:
    assert said("# T\n\n## 方法\n一。\n\n## 討論\n二。\n\n## 宋老師\n三。") == [
        (None, "一。"),
        (None, "二。"),
        (None, "三。"),
    ]


def test_speakers_inside_sections_are_told_apart_by_level() -> None:
    document = """\
        # 圓桌

        ## 上半場

        ### 宋老師
        一。

        ### 曾老師
        二。

        ## 下半場

        三。

        ### 宋老師
        四。
        """
    assert said(document) == [
        ("宋老師", "一。"),
        ("曾老師", "二。"),
        (None, "三。"),
        ("宋老師", "四。"),
    ]


def test_a_bold_line_that_is_no_speaker_is_spoken() -> None:
    assert said("# T\n\n**這很重要**\n\n對。") == [(None, "這很重要"), (None, "對。")]


def test_markup_is_taken_off_and_text_is_not() -> None:
    document = r"""
        # **大** [會](https://example.org)

        <!-- not
        spoken -->
        > 他說**真的*很*好**，___對___。
        - 見[這裡](https://example.org "a b")，`snake_case`，~~不~~
        * [x] 5 * 3 * 2，2 \* 3，_是_，我_們_的_
        + ![圖](a.png)好
        1. C# 和 __init__ 方法
        ```
        5 * * 3
        ```
        ***
        """
    transcript = parse_document(textwrap.dedent(document))
    assert transcript.source.title == "大 會"
    assert [text for _, text in read(transcript)] == [
        "他說真的很好，對。",
        "見這裡，snake_case，不",
        "5 * 3 * 2，2 * 3，是，我_們_的_",
        "好",
        "1. C# 和 init 方法",
        "5 * * 3",
    ]


def test_plain_text_keeps_its_dashes_stars_and_underscores() -> None:
    texts = ["- 你好。", "* 2*3*4，_a_", "snake_case，__init__", "5 ** 2 和 3 ** 2", "[笑] (x)"]
    assert [text for _, text in said("\n".join(texts))] == texts


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ('title: "圓桌: 討論"\ndate: 2024-06-14\n', "圓桌: 討論"),
        ("title: 圓桌\ntags:\n  - a\n- b\n# c\n\n", "圓桌"),
        ("date: 2024-06-14\n", "標題"),
        ("title:\n", "標題"),
    ],
)
def test_front_matter_is_not_spoken(front: str, title: str) -> None:
    transcript = parse_document(f"---\n{front}---\n\n# 標題\n\n大家好。")
    assert (transcript.source.title, transcript.body) == (title, "大家好。")


@pytest.mark.parametrize("top", ["---\n大家好。\n---\n", "---\n大家好。\n", "---\n---\n大家好。\n"])
def test_a_rule_on_top_is_no_front_matter(top: str) -> None:
    assert "大家好。" in parse_document(top + "**好**").body


@pytest.mark.parametrize(
    "piece", ["*a ", "[", "![", "<!-- ", "_a ", "`a ", "【", "12:30 ", "# ", "a  "]
)
def test_brackets_that_never_close_are_text_and_looked_for_no_further(piece: str) -> None:
    # 0.1 s each; without limits on what they hold, minutes, so that nobody waits for the end.
    assert parse_document(f"# t\n\n我{piece * 5000}").body.startswith(f"我{piece}".strip())


# ---- hard-wrapped text

PROSE = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the "
    "age of foolishness, it was the epoch of belief, it was the epoch of incredulity.",
    "There were a king with a large jaw and a queen with a plain face, on the throne of England; "
    "there were a king with a large jaw and a queen with a fair face, on the throne of France.",
)


@pytest.mark.parametrize("width", [50, 60, 72, 80, 98])
def test_hard_wrapped_paragraphs_are_joined(width: int) -> None:
    document = "\n\n".join(textwrap.fill(text, width) for text in PROSE * 2)
    assert [text for _, text in said(document)] == list(PROSE * 2)
    assert [text for _, text in said(f"# Title\n\n{document}")] == list(PROSE * 2)


def test_a_hard_wrapped_script_keeps_its_speakers() -> None:
    turns = [("Alice", PROSE[0]), ("Bob", PROSE[1]), ("Alice", PROSE[1])]
    document = "\n\n".join(textwrap.fill(f"{name}: {text}", 60) for name, text in turns)
    assert said(document) == turns
    assert said("# T\n\nIntroduction.\n\n" + document.replace("\n\n", "\n"))[1:] == turns


@pytest.mark.parametrize(
    "document",
    [
        "\n".join(f"line {k} of captions, forty columns wide and more," for k in range(9)),
        "\n\n".join(
            "這一行有四十個字以上而且沒有標點符號" * 3 + "\n" + "好的" * 25 for _ in range(4)
        ),
        "\n\n".join(
            "Yes, that is what I think about it, really.\nNo, I do not think so." for _ in "abcd"
        ),
        "\n\n".join("short line\nshort line\nshort line" for _ in "abcd"),
    ],
)
def test_lines_that_are_not_wrapped_stay_apart(document: str) -> None:
    assert [text for _, text in said(document)] == [line for line in document.splitlines() if line]


# ---- cues


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("我們看到", "大模型"), "我們看到大模型"),
        (("我們看到，", "大模型"), "我們看到，大模型"),
        (("他說“好”", "然後"), "他說“好”然後"),
        (("很好。", "Then we left"), "很好。Then we left"),
        (("這個", "idea"), "這個 idea"),
        (("Scanning", "Law，", "「很好」"), "Scanning Law，「很好」"),
        (("Hello there,", "  ", " friend. "), "Hello there, friend."),
        (("한국어", "입니다"), "한국어 입니다"),
        (("-", "好"), "- 好"),
    ],
)
def test_the_lines_of_a_cue_are_joined_as_they_are_read(lines: tuple[str, ...], text: str) -> None:
    assert cues_to_transcript([Cue(0.0, 1.0, lines)]).body == text


lines = st.sampled_from((*CLAUSES, "", " ", "\u200b", " Hello,", "«oui»"))
cues = st.builds(
    Cue,
    start=st.just(1.0),  # real files hold cues at the same time, and of no length
    end=st.sampled_from((1.0, 2.0)),
    lines=st.lists(lines, min_size=1, max_size=3).map(tuple),
    speaker=st.sampled_from((None, *NAMES)),
)


@given(st.lists(cues))
def test_each_cue_with_text_is_a_paragraph(cues: list[Cue]) -> None:
    spoken = [cue for cue in cues if cue.text.strip("\n \u200b")]
    if not spoken:
        with pytest.raises(DocumentError):
            cues_to_transcript(cues)
        return
    told = read(cues_to_transcript(cues))
    assert [name for name, _ in told] == [cue.speaker for cue in spoken]
    for (_, text), cue in zip(told, spoken, strict=True):
        assert _bare(text) == _bare(cue.text)


def _bare(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def test_tags_in_subtitles_are_not_spoken() -> None:
    text = '{\\an8}<i>Hello</i>\n<font color="#f00">大家好</font>'
    cues = srt.parse(f"1\n00:00:00,000 --> 00:00:01,000\n{text}\n")
    assert cues_to_transcript(cues).body == "Hello 大家好"


def test_labels_in_subtitles_are_speakers() -> None:
    lines = ["宋老師：請。", "各位好。", "曾老師：謝謝。", "宋老師：好。"]
    words = cues_to_transcript([Cue(0.0, 1.0, (line,)) for line in lines]).words
    assert "".join(word.text for word in words) == "請。各位好。謝謝。好。"
    assert [word.speaker for word in words if word.text in {"請。", "謝"}] == [
        "宋老師",
        "曾老師",
    ]
