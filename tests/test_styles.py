"""Styles by name and in files: what they ask, and what is refused."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from subtools.core import PLAIN_RULES, Balance, CueRules, Cutting, NameRoom, Punctuation
from subtools.errors import DocumentError
from subtools.styles import (
    BBC,
    BILIBILI,
    NETFLIX_EN,
    NETFLIX_ZH_HANS,
    NETFLIX_ZH_HANT,
    PLAIN,
    STYLE_KEYS,
    STYLES,
    at_frame_rate,
    describe_rules,
    find_style,
    parse_style,
)
from subtools.styles.files import _KEYS

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "styles.md"


def test_styles_are_found_by_name() -> None:
    names = ["plain", "netflix-zh-hant", "netflix-zh-hans", "netflix-en", "bbc", "bilibili"]
    assert [style.name for style in STYLES] == names
    assert [find_style(name) for name in names] == list(STYLES)


def test_plain_is_what_cues_are_cut_by_anyway() -> None:
    without = {field.name for field in fields(CueRules)} - {"source"}
    assert all(getattr(PLAIN, name) == getattr(PLAIN_RULES, name) for name in without)


@pytest.mark.parametrize("style", [NETFLIX_ZH_HANT, NETFLIX_ZH_HANS])
def test_netflix_in_chinese_has_16_characters_9_a_second_and_2_frames(style: CueRules) -> None:
    assert (style.max_columns, style.max_lines, style.max_speed) == (32, 2, 18)
    assert (style.min_duration, style.max_duration) == (5 / 6, 7)
    assert (style.frame_rate, style.min_gap, style.closed_gap) == (24, 2 / 24, 0.5)
    assert style.is_shared
    assert style.balance is Balance.LOWER


def test_styles_differ_where_their_guides_do() -> None:
    assert NETFLIX_ZH_HANT.punctuation is Punctuation.HANT
    assert NETFLIX_ZH_HANS.punctuation is Punctuation.HANS
    assert (NETFLIX_EN.max_columns, NETFLIX_EN.max_speed) == (42, 20)
    assert (BBC.max_columns, BBC.max_words_per_minute, BBC.has_colours) == (37, 180, True)
    assert (BILIBILI.max_lines, BILIBILI.punctuation) == (1, Punctuation.HANS)


def test_every_style_says_where_it_stands() -> None:
    assert all(style.source for style in STYLES)
    for style in STYLES[1:5]:
        assert "https://" in style.source
    assert "no rules" in BILIBILI.source  # of the site's own


def test_a_gap_is_as_many_frames_at_another_frame_rate() -> None:
    faster = at_frame_rate(NETFLIX_EN, 30)
    assert faster.min_gap == pytest.approx(2 / 30)
    assert (faster.closed_gap, faster.min_duration) == (0.5, 5 / 6)
    assert at_frame_rate(PLAIN, 25).frame_rate == 25


def test_the_document_says_the_figures() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \|(.*)\|$", text, flags=re.MULTILINE)
    cells = {name: [cell.strip() for cell in row.split("|")] for name, row in rows}
    for style in STYLES:
        assert cells[style.name][:4] == [
            describe_rules(style)[what] for what in ("line", "duration", "reading speed", "gaps")
        ]
    for key in STYLE_KEYS:
        assert f"`{key}`" in text


# --- files

EVERYTHING = """
extends = "netflix-zh-hant"
name = "house"
source = "our own"
max_characters = 14
max_lines = 1
min_duration = "900 ms"
max_duration = 6
max_characters_per_second = 8
max_words_per_minute = 170
frame_rate = "24000/1001"
min_gap = "3 frames"
closed_gap = "12 frames"
hold = "0.25 s"
max_pause = 1.5
cutting = "clauses"
balance = "even"
punctuation = "kept"
two_speakers = false
colours = true
keep_untimed = true
name_room = "nowhere"
"""


def test_a_file_sets_every_rule() -> None:
    rate = 24000 / 1001
    assert parse_style(EVERYTHING) == CueRules(
        name="house",
        max_columns=28,
        max_lines=1,
        min_duration=0.9,
        max_duration=6.0,
        max_speed=16.0,
        max_words_per_minute=170.0,
        min_gap=3 / rate,
        closed_gap=12 / rate,
        hold=0.25,
        frame_rate=rate,
        max_pause=1.5,
        cutting=Cutting.CLAUSES,
        balance=Balance.EVEN,
        punctuation=Punctuation.KEPT,
        is_shared=False,
        has_colours=True,
        keep_untimed=True,
        name_room=NameRoom.NONE,
        source="our own",
    )
    settable = {key.field for key in _KEYS.values()} | {"frame_rate"}
    assert settable == {field.name for field in fields(CueRules)}


def test_a_file_that_says_nothing_is_plain_with_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("# nothing\n", encoding="utf-8")
    found = find_style(path)
    assert (found.name, found.max_columns) == ("mine", 42)
    assert find_style(str(path)) == found


def test_limits_can_be_lifted() -> None:
    lifted = parse_style(
        'extends = "netflix-en"\nframe_rate = "none"\nmax_columns_per_second = "none"'
    )
    assert (lifted.frame_rate, lifted.max_speed) == (None, None)


def test_another_frame_rate_keeps_frames() -> None:
    assert parse_style('extends = "netflix-en"\nframe_rate = 25').min_gap == 2 / 25


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("\nmax_charcters = 16", 2, "did you mean max_characters?"),
        ("zzz = 1", 1, "no rule is called 'zzz'"),
        ('extends = "netflix-hant"', 1, "did you mean netflix-zh-hant?"),
        ("max_columns = 0", 1, "give a whole number from 1"),
        ("max_columns = 12.5", 1, "give a whole number"),
        ('min_duration = "1 parsec"', 1, "give seconds"),
        ('min_gap = "2 frames"', 1, "frames only with a frame_rate"),
        ("min_gap = -1", 1, "give seconds"),
        ("hold = nan", 1, "give seconds"),
        ('frame_rate = "24/0"', 1, "a fraction"),
        ("colours = 1", 1, "true or false"),
        ('balance = "upper"', 1, "'even', 'lower'"),
        ("max_lines = [1, 2]", 1, "one value"),
        ("max_columns = 3\nmax_characters = 2", 1, "say the same"),
        ("min_duration = 8", None, "longer than the longest"),
        ("max_lines = = 1", 1, "not TOML"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_line(
    text: str, line: int | None, message: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_style(text, path="house.toml")
    assert message in str(caught.value)
    assert caught.value.line == line


def test_a_style_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="did you mean bilibili"):
        find_style("bilbili")
    with pytest.raises(DocumentError, match="no such file"):
        find_style(tmp_path / "none.toml")


def test_styles_in_the_users_folder_are_found_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUBTOOLS_DATA_DIR", str(tmp_path))
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "house.toml").write_text("max_lines = 1", encoding="utf-8")
    assert find_style("house").max_lines == 1
    with pytest.raises(DocumentError, match="no style is called"):
        find_style("../styles/house")
