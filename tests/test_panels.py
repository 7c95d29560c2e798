"""The made-up talks of scripts/training/panels: what is said, what is written, what is true.

The voices themselves need the training extra; what is tested here does not.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.training.panels import document, reference, screenplay
from scripts.training.panels.document import compose_document
from scripts.training.panels.reference import Said, Unit, compose_reference, compose_rttm
from scripts.training.panels.screenplay import (
    Clause,
    Entry,
    Heading,
    Layout,
    Line,
    Role,
    Screenplay,
    Sound,
    group_clauses,
    parse_clauses,
    parse_screenplay,
    split_units,
)

TEXTS = Path(screenplay.__file__).parent / "texts"
HEADER = """
title = "圓桌"
seed = 1
layout = "commas"

[voices."主持人"]
mix = { zf_a = 1.0 }

[voices."林教授"]
mix = { zm_a = 3.0, zm_b = 1.0 }
aliases = ["林老師"]
+++
"""

words = st.text("林陳周請好的嗎說", min_size=1, max_size=12)
clauses = st.builds(lambda text, mark: Clause(text, text, mark), words, st.sampled_from("，。？"))
lines = st.builds(
    Line,
    st.sampled_from(["主持人", "林教授"]),
    st.sampled_from(Entry),
    st.lists(clauses, min_size=1, max_size=6).map(tuple),
)
screenplays = st.builds(
    Screenplay,
    title=words,
    layout=st.sampled_from(Layout),
    roles=st.just((Role("主持人", {"a": 1.0}), Role("林教授", {"b": 1.0}))),
    events=st.lists(lines, max_size=30).map(tuple),
    seed=st.just(1),
)


def record_evenly(play: Screenplay, *, pause: float = 0.0) -> list[Said]:
    """Return every clause as said in a second, with a pause after it."""
    turns = [event for event in play.events if isinstance(event, Line)]
    said: list[Said] = []
    for number, line in enumerate(turns):
        for clause in line.clauses:
            start = len(said) * (1.0 + pause)
            text = clause.spoken
            said.append(Said(number, clause, (Unit(text, (0, len(text)), start, start + 1.0),)))
    return said


def reference_of(play: Screenplay, *, pause: float = 0.0) -> dict[str, Any]:
    places = compose_document(play).places
    return compose_reference(play, places, record_evenly(play, pause=pause), 100.0)


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
def test_every_screenplay_reads_and_everybody_in_its_cast_speaks(path: Path) -> None:
    play = parse_screenplay(path.read_text("utf-8"))
    speaking = {event.speaker for event in play.events if isinstance(event, Line)}
    assert speaking == {role.name for role in play.roles}


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_named_speaker_is_named_in_the_document_and_no_other_is(path: Path) -> None:
    play = parse_screenplay(path.read_text("utf-8"))
    body = compose_document(play).body
    named = {role.name for role in play.roles if role.name in body}
    assert named - {"主持人"} == {role.name for role in play.roles if role.is_named}


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_screenplay_has_only_marks_that_the_voices_can_read(path: Path) -> None:
    play = parse_screenplay(path.read_text("utf-8"))
    said = "".join(c.spoken for e in play.events if isinstance(e, Line) for c in e.clauses)
    assert not set("；：、「」（）…—;:") & set(said)


def test_a_turn_line_gives_speaker_entry_and_clauses() -> None:
    play = parse_screenplay(HEADER + "主持人：請林教授，(0.8)好。\n林教授+：嗯。\n* applause 3\n")
    assert play.events == (
        Line("主持人", Entry.FOLLOWS, (Clause("請林教授", "請林教授", "，", 0.8), _plain("好"))),
        Line("林教授", Entry.BACKCHANNEL, (_plain("嗯"),)),
        Sound("applause", 3.0),
    )


def test_a_topic_begins_with_the_turn_after_it() -> None:
    play = parse_screenplay(
        HEADER
        + "= 開場\n主持人：大家好，請坐。\n林教授：好。\n"
        + "= 保險 由誰賠\n* applause 3\n主持人：誰賠。\n"
    )
    assert play.events[3] == Heading("保險 由誰賠")
    assert reference_of(play)["topics"] == [
        {"start": 0.0, "title": "開場", "turn": 0},
        {"start": 3.0, "title": "保險 由誰賠", "turn": 2},
    ]


def test_a_topic_is_not_written_into_the_document() -> None:
    play = parse_screenplay(HEADER + "= 保險\n主持人：誰賠。\n")
    assert compose_document(play).body == "誰賠。"


@pytest.mark.parametrize("script", ["主持人：好。\n= 保險\n", "= 保險\n= 賠償\n主持人：好。\n"])
def test_a_topic_that_nobody_speaks_of_is_refused(script: str) -> None:
    with pytest.raises(ValueError, match="no turn follows the topic: 保險"):
        parse_screenplay(HEADER + script)


def test_an_indented_line_goes_on_with_the_turn() -> None:
    play = parse_screenplay(HEADER + "主持人：大家好，\n  請坐。\n")
    (line,) = play.events
    assert isinstance(line, Line)
    assert [clause.written for clause in line.clauses] == ["大家好", "請坐"]


def test_shares_of_voices_sum_to_one() -> None:
    _, role = parse_screenplay(HEADER + "主持人：好。\n").roles
    assert role.mix == {"zm_a": 0.75, "zm_b": 0.25}
    assert role.aliases == ("林老師",)


def test_a_variant_is_written_one_way_and_said_another() -> None:
    (clause,) = parse_clauses("請{凌|林}教授和{程|陳}老師。")
    assert (clause.written, clause.spoken) == ("請凌教授和程老師", "請林教授和陳老師")
    assert clause.corrections == ((1, "凌", "林"), (5, "程", "陳"))


@pytest.mark.parametrize(
    "line",
    ["周總：誰。", "主持人 說了什麼。", "主持人：沒有完", "主持人：{凌林}。", "* rain 3", "=保險"],
)
def test_a_line_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse_screenplay(HEADER + line + "\n")


@given(st.lists(clauses, max_size=20))
def test_breaths_hold_every_clause_once_and_in_order(given_clauses: list[Clause]) -> None:
    groups = list(group_clauses(given_clauses))
    assert [clause for group in groups for clause in group] == given_clauses
    assert all(groups)


def test_a_breath_ends_at_a_silence_and_at_a_full_stop() -> None:
    said = list(parse_clauses("一，二，(0.5)三。四，五。"))
    breaths = [[clause.spoken for clause in group] for group in group_clauses(said)]
    assert breaths == [["一", "二"], ["三"], ["四", "五"]]


@given(st.text("林GPTa' 嗎", max_size=20))
def test_units_stand_where_they_say(spoken: str) -> None:
    units = split_units(spoken)
    assert [spoken[a:b] for _, (a, b) in units] == [text for text, _ in units]
    assert "".join(text for text, _ in units) == spoken.replace(" ", "")


@given(screenplays)
def test_every_clause_stands_in_the_body_where_its_place_says(play: Screenplay) -> None:
    written = compose_document(play)
    turns = [event for event in play.events if isinstance(event, Line)]
    for line, places in zip(turns, written.places, strict=True):
        for clause, (start, end) in zip(line.clauses, places, strict=True):
            assert written.body[start:end] == clause.written


@given(screenplays)
def test_no_paragraph_ends_where_the_speaker_changes_unless_each_turn_has_one(
    play: Screenplay,
) -> None:
    written = compose_document(replace(play, layout=Layout.COMMAS))
    for places in written.places[:-1]:
        assert written.body[places[-1][1]] == "，"


def test_a_paragraph_of_commas_ends_with_a_full_stop_near_its_hundredth_character() -> None:
    line = Line("主持人", Entry.FOLLOWS, tuple([_plain("十個字十個字十個字呀")] * 30))
    play = replace(parse_screenplay(HEADER), events=(line,))
    paragraphs = compose_document(play).text.split("\n\n")[1:]
    assert [len(paragraph.strip()) for paragraph in paragraphs] == [110, 110, 110]
    assert {paragraph.strip()[-1] for paragraph in paragraphs} == {"。"}
    assert document.PARAGRAPH[Layout.COMMAS] == 100


def test_a_document_of_turns_gives_every_turn_a_paragraph() -> None:
    play = parse_screenplay(HEADER + "主持人：好，王芳。\n林教授：到。\n")
    text = compose_document(replace(play, layout=Layout.TURNS)).text
    assert text == "# 圓桌\n\n好，王芳。\n\n到。\n"


@given(screenplays)
def test_the_reference_gives_every_clause_its_turn_its_place_and_its_time(play: Screenplay) -> None:
    truth = reference_of(play)
    body = compose_document(play).body
    for clause in truth["clauses"]:
        turn = truth["turns"][clause["turn"]]
        assert body[slice(*clause["doc"])] == clause["text"]
        assert clause["speaker"] == turn["speaker"]
        assert turn["start"] <= clause["start"] < clause["end"] <= turn["end"]


def test_a_correction_says_what_was_written_and_where() -> None:
    play = parse_screenplay(HEADER + "主持人：大家好，請{凌|林}教授。\n")
    (correction,) = reference_of(play)["corrections"]
    assert correction == {"seed": "凌", "spoken": "林", "clause": 1, "start": 1.0, "doc": [5, 6]}


@pytest.mark.parametrize(("pause", "spans"), [(0.49, 1), (0.5, 2)])
def test_half_a_second_of_silence_parts_a_turn_in_the_rttm(pause: float, spans: int) -> None:
    play = parse_screenplay(HEADER + "主持人：大家好，請坐。\n")
    rttm = compose_rttm("talk", reference_of(play, pause=pause))
    assert len(rttm.splitlines()) == spans
    assert rttm.startswith("SPEAKER talk 1 0.000 ")


def test_a_space_in_a_name_becomes_an_underscore_in_the_rttm() -> None:
    play = Screenplay(
        "t",
        Layout.TURNS,
        (Role("觀眾 1", {"a": 1.0}),),
        (Line("觀眾 1", Entry.FOLLOWS, (_plain("好"),)),),
        1,
    )
    assert compose_rttm("t", reference_of(play)) == (
        "SPEAKER t 1 0.000 1.000 <NA> <NA> 觀眾_1 <NA> <NA>\n"
    )


def test_a_talk_without_speech_has_an_empty_rttm() -> None:
    play = parse_screenplay(HEADER + "* music 60\n")
    assert compose_rttm("t", reference_of(play)) == ""
    assert reference.JOINED_GAP == 0.5


def _plain(text: str) -> Clause:
    return Clause(text, text, "。")
