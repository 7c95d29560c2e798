"""Turns given to another speaker: found again, made in words and turns, and made once only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import (
    Alignment,
    Edit,
    EditKind,
    Finding,
    FindingKind,
    NameBasis,
    Speaker,
    Turn,
)
from subtools.errors import DocumentError
from subtools.formats.edits import compose_edits, parse_edits
from subtools.revising import Gift, give_words, move_range, rename_people, resolve_edits
from subtools.revising.alignments import revise_alignment
from subtools.shifting import shift_alignment
from tests.test_edits import edit_at, edit_of, spoken


def talk() -> Alignment:
    """Return four lines, said by A, B, A and B, each with a turn."""
    alignment = spoken()
    turns: list[Turn] = []
    for word in alignment.transcript.words:
        if word.span and word.speaker:
            if not turns or turns[-1].speaker != word.speaker:
                turns.append(Turn(word.speaker, word.span.start, word.span.end, 0.9))
            turns[-1] = replace(turns[-1], end=word.span.end)
    people = tuple(Speaker(name, f"SPEAKER_0{k}") for k, name in enumerate("AB"))
    return replace(alignment, turns=tuple(turns), speakers=people)


def turn_of(alignment: Alignment, first: str, last: str, name: str, was: str = "A") -> Edit:
    """Return what the page would save for the clauses from ``first`` to ``last``."""
    start, end = (edit_of(alignment, text, name, EditKind.TURN) for text in (first, last))
    until = replace(end, after="", speaker="", time=end.time and round(end.time, 1))
    return replace(start, speaker=was, until=until, time=start.time and round(start.time, 1))


def make(alignment: Alignment, edits: Sequence[Edit]) -> tuple[Alignment, list[str]]:
    """Make edits as `apply` does; return the document, and what did not fit."""
    found = resolve_edits(alignment, edits)
    revised = rename_people(revise_alignment(alignment, found.changes), found.names)
    gifts = [Gift(move_range(g.offsets, found.changes), g.speaker) for g in found.gifts]
    return give_words(revised, gifts), [unfit.reason for unfit in found.unfit]


def said_by(alignment: Alignment, name: str) -> str:
    return "".join(word.text for word in alignment.transcript.words if word.speaker == name)


def test_a_turn_is_given_whole_clauses_whatever_stood_in_the_file() -> None:
    edit = turn_of(talk(), "想問", "有沒有用", "C")
    given_away, unfit = make(talk(), [edit])
    assert unfit == []
    assert said_by(given_away, "C") == "首先我想問各位嘉賓，合成數據到底有沒有用，"
    assert [speaker.name for speaker in given_away.speakers] == ["C", "B", "A"]
    assert given_away.speakers[0].basis is NameBasis.GIVEN
    first = given_away.turns[0]
    assert first.speaker == "C"
    assert (first.start, first.end) == (talk().turns[0].start, talk().turns[0].end)
    assert [turn.speaker for turn in given_away.turns] == ["C", "B", "A", "B"]


def test_a_part_of_a_turn_leaves_the_other_part() -> None:
    away, _ = make(talk(), [turn_of(talk(), "推理的", "會下降", "A", was="B")])
    assert said_by(away, "B").startswith("我覺得Scanning Law還沒有到頭，這個")
    kept = [turn for turn in away.turns if turn.speaker == "B"]
    assert kept[0].end == pytest.approx(next(t for t in away.turns if t.start >= kept[0].end).start)
    assert sum(t.end - t.start for t in away.turns) == pytest.approx(
        sum(t.end - t.start for t in talk().turns), abs=0.1
    )


def test_who_has_nothing_left_to_say_is_no_speaker_any_more() -> None:
    alignment = talk()
    edits = [turn_of(alignment, "首先", "有沒有用", "B"), turn_of(alignment, "用合成", "說過", "B")]
    away, _ = make(alignment, [*edits, turn_of(alignment, "對對對", "對對對", "B")])
    assert [speaker.name for speaker in away.speakers] == ["B"]
    assert {turn.speaker for turn in away.turns} == {"B"}


def test_it_is_found_again_in_a_document_that_was_aligned_anew_and_changed() -> None:
    edits = [
        turn_of(talk(), "首先", "有沒有用", "C"),
        edit_of(talk(), "嘉賓", "朋友"),
        *(edit_of(talk(), text, "", EditKind.LANDMARK) for text in ("推理的成本", "GDP4", "樹聚")),
    ]
    later = shift_alignment(talk(), 12.0)
    found, unfit = make(later, edits)
    assert unfit == []
    assert said_by(found, "C") == "首先我想問各位朋友，合成數據到底有沒有用，"


def test_making_it_twice_is_making_it_once_with_a_new_name_as_well() -> None:
    alignment = talk()
    sample = edit_of(alignment, "首先我想問", "林教授", EditKind.SPEAKER)
    edits = [
        replace(sample, speaker="A"),
        turn_of(alignment, "首先", "有沒有用", "B"),
    ]
    once, unfit = make(alignment, edits)
    assert unfit == []
    assert said_by(once, "林教授").startswith("對對對")
    twice, unfit = make(once, edits)
    assert unfit == []
    assert twice == once


def test_what_is_not_there_any_more_is_told_and_nobody_gets_it() -> None:
    edit = turn_of(talk(), "首先", "有沒有用", "C")
    lost = replace(edit, until=replace(edit.until or edit, before="不在這裡"))
    away, unfit = make(talk(), [lost])
    assert away == talk()
    assert unfit == ["its text is not there any more"]


def test_a_doubt_about_who_speaks_is_settled() -> None:
    doubt = Finding(FindingKind.DOUBTFUL_SPEAKER, "首先", "may be B", None, (0, 2))
    other = replace(doubt, text="這個", offsets=(len(talk().transcript.body) - 5,) * 2)
    alignment = replace(talk(), findings=(doubt, other))
    away, _ = make(alignment, [turn_of(alignment, "首先", "有沒有用", "C")])
    assert away.findings == (other,)


@given(st.data())
def test_no_text_and_no_time_of_a_word_changes(data: st.DataObject) -> None:
    alignment = talk()
    length = len(alignment.transcript.body)
    first = data.draw(st.integers(0, length - 1))
    last = data.draw(st.integers(first + 1, length))
    away = give_words(alignment, [Gift((first, last), data.draw(st.sampled_from("ABC")))])
    assert [(w.text, w.span) for w in away.transcript.words] == [
        (w.text, w.span) for w in alignment.transcript.words
    ]
    assert {turn.speaker for turn in away.turns} <= {speaker.name for speaker in away.speakers}
    assert list(away.turns) == sorted(away.turns, key=lambda turn: turn.start)


# --- in the file


def test_a_file_brings_it_back() -> None:
    edit = turn_of(talk(), "首先", "有沒有用", "C")
    assert parse_edits(compose_edits([edit])) == (edit,)


@pytest.mark.parametrize(
    ("until", "what"),
    [('"x"', '"until" is no'), ("null", '"until" is no'), ('{"before": " "}', "is empty")],
)
def test_a_turn_without_an_end_is_refused(until: str, what: str) -> None:
    entry = f'{{"kind": "turn", "before": "x", "after": "A", "until": {until}}}'
    text = f'{{"format": "subtools-edits", "version": 1, "edits": [{entry}]}}'
    with pytest.raises(DocumentError, match=f"edit 1 cannot be read: .*{what}"):
        parse_edits(text)


def test_a_turn_of_nobody_is_refused() -> None:
    edit = replace(edit_at(talk(), 0, 2, "", EditKind.TURN), until=edit_at(talk(), 0, 2, ""))
    with pytest.raises(DocumentError, match="does not say who speaks"):
        parse_edits(compose_edits([edit]))
