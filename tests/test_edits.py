"""A person's edits: their file, and the places where they belong in a changed document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.core import Alignment, Correction, Decision, Edit, EditKind, NameBasis, Speaker, Turn
from subtools.errors import DocumentError
from subtools.formats.edits import compose_edits, parse_edits
from subtools.revising import (
    Change,
    Resolution,
    move_range,
    rename_people,
    resolve_edits,
    revise_alignment,
)
from subtools.shifting import shift_alignment
from tests.paging import talk

LINES = (
    "首先我想問各位嘉賓，合成數據到底有沒有用，",
    "我覺得Scanning Law還沒有到頭，推理的成本會下降，",
    "對對對，我們用合成數據做了很多嘗試，GDP4也說過，",
    "這個樹聚很重要，對對對，開源社區做得非常好。",
)
CONTEXT = 12


def spoken(times: int = 1) -> Alignment:
    return talk(*(("AB"[k % 2], line) for k, line in enumerate(LINES)), times=times)


def edit_at(
    alignment: Alignment, first: int, last: int, after: str, kind: EditKind = EditKind.EDIT
) -> Edit:
    """Return what the review page would save for these characters."""
    words, body = alignment.transcript.words, alignment.transcript.body
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    time = next(
        w.span.start for w, s in zip(words, starts[1:], strict=True) if s > first and w.span
    )
    left, right = body[max(0, first - CONTEXT) : first], body[last : last + CONTEXT]
    return Edit(kind, body[first:last], after, left, right, time)


def edit_of(
    alignment: Alignment, before: str, after: str, kind: EditKind = EditKind.EDIT, nth: int = 0
) -> Edit:
    first = -1
    for _ in range(nth + 1):
        first = alignment.transcript.body.index(before, first + 1)
    return edit_at(alignment, first, first + len(before), after, kind)


def apply(alignment: Alignment, edits: Sequence[Edit]) -> tuple[Alignment, Resolution]:
    found = resolve_edits(alignment, edits)
    return revise_alignment(alignment, found.changes, interpolate=True), found


def body_of(alignment: Alignment, *edits: Edit) -> str:
    return apply(alignment, edits)[0].transcript.body


def changed(alignment: Alignment, *pairs: tuple[str, str]) -> Alignment:
    body = alignment.transcript.body
    changes = [Change((body.index(a), body.index(a) + len(a)), b) for a, b in pairs]
    return revise_alignment(alignment, changes, interpolate=True)


# --- the file


ANY_TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Zs"]), max_size=9
)
EDITS = st.builds(
    Edit,
    st.sampled_from([kind for kind in EditKind if kind not in {EditKind.SPEAKER, EditKind.TURN}]),
    ANY_TEXT.filter(bool),
    ANY_TEXT,
    ANY_TEXT,
    ANY_TEXT,
    st.none() | st.integers(0, 99_999).map(lambda tenths: tenths / 10),
)


@given(st.lists(EDITS, max_size=4), ANY_TEXT)
def test_a_file_gives_back_what_was_written(edits: list[Edit], title: str) -> None:
    assert parse_edits(compose_edits(edits, title)) == tuple(edits)


def test_each_edit_is_a_line_so_that_files_can_be_compared() -> None:
    text = compose_edits(
        [edit_of(spoken(), "GDP4", "GPT-4"), edit_of(spoken(), "樹聚", "數據")], "圓桌"
    )
    lines = [line for line in text.splitlines() if "before" in line]
    assert len(lines) == 2
    assert json.loads(text)["talk"] == "圓桌"
    assert "數據" in lines[1]


def test_a_name_is_kept_with_words_that_its_owner_says() -> None:
    edit = Edit(EditKind.SPEAKER, "我覺得", "林教授", "", "還沒有", 3.5, "SPEAKER_01")
    assert parse_edits(compose_edits([edit])) == (edit,)


@pytest.mark.parametrize(
    ("after", "read"),
    [
        ("a\n\n9\n00:00:01,000 --> 00:00:02,000\nb", "a  9 00:00:01,000 --> 00:00:02,000 b"),
        ("\u202eabc\x00\x1b[31m", "abc[31m"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{data}}", "{{data}}"),
    ],
)
def test_whatever_stands_in_a_file_is_text_on_one_line(after: str, read: str) -> None:
    text = compose_edits([Edit(EditKind.EDIT, "x", after)])
    assert parse_edits(text)[0].after == read


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not a file of edits"),
        ("[]", "this is no file of edits"),
        ('{"format": "subtools-words", "version": 1}', "this is no file of edits"),
        ('{"format": "subtools-edits", "version": 9, "edits": []}', "edits of version 9"),
        ('{"format": "subtools-edits", "version": 1}', "no list of edits"),
        ('{"format": "subtools-edits", "version": 1, "edits": [7]}', "edit 1 cannot be read"),
        ('{"format": "subtools-edits", "version": 1, "edits": [{"kind": "rm"}]}', "'rm' is not"),
        (
            '{"format": "subtools-edits", "version": 1, '
            '"edits": [{"kind": "edit", "before": " "}]}',
            '"before" is empty',
        ),
        (
            '{"format": "subtools-edits", "version": 1, "edits": [{"kind": "edit", "before": 1}]}',
            '"before" is no text',
        ),
        (
            '{"format": "subtools-edits", "version": 1, '
            '"edits": [{"kind": "edit", "before": "a", "time": -1}]}',
            "before 0",
        ),
        (
            '{"format": "subtools-edits", "version": 1, '
            '"edits": [{"kind": "speaker", "after": "A"}]}',
            "which speaker",
        ),
        (
            '{"format": "subtools-edits", "version": 1, '
            '"edits": [{"kind": "speaker", "speaker": "A", "after": "\\u200b"}]}',
            "new name is empty",
        ),
        (
            '{"format": "subtools-edits", "version": 1, "edits": ' + "[" * 100_000,
            "nested too deeply",
        ),
        (
            '{"format": "subtools-edits", "version": 1, "edits": [{"kind": "edit", "before": "'
            + "a" * 2001
            + '"}]}',
            "longer than 2000",
        ),
    ],
)
def test_what_is_no_file_of_edits_is_refused_and_says_why(text: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem.replace("(", r"\(")):
        parse_edits(text)


# --- where an edit belongs


def test_an_edit_is_made_where_it_was_meant() -> None:
    alignment = spoken()
    assert "Scaling Law還沒有" in body_of(alignment, edit_of(alignment, "Scanning", "Scaling"))


def test_of_several_like_places_the_one_with_the_same_surroundings_is_meant() -> None:
    alignment = spoken()
    revised = body_of(alignment, edit_of(alignment, "對對對", "是的", nth=1))
    assert revised == alignment.transcript.body.replace("重要，對對對", "重要，是的")


def test_where_the_surroundings_are_the_same_the_time_decides() -> None:
    alignment = spoken(times=3)
    edit = edit_of(alignment, "Scanning", "Scaling", nth=1)
    length = len(alignment.transcript.body) // 3
    assert body_of(alignment, edit)[length : 2 * length].count("Scaling") == 1


def test_without_a_time_like_places_are_told_and_none_is_changed() -> None:
    alignment = spoken(times=3)
    edit = replace(edit_of(alignment, "Scanning", "Scaling", nth=1), time=None)
    revised, found = apply(alignment, [edit])
    assert revised is alignment
    assert [unfit.reason for unfit in found.unfit] == ["it fits in 3 places"]


def test_a_like_place_elsewhere_is_not_the_one_that_was_meant() -> None:
    """The same words with the same neighbours, a minute away: another place."""
    alignment = spoken(times=6)
    edit = edit_of(alignment, "Scanning", "Scaling", nth=5)
    shorter = replace(
        alignment,
        transcript=replace(alignment.transcript, paragraphs=alignment.transcript.paragraphs[:4]),
    )
    revised, found = apply(shorter, [edit])
    assert revised is shorter
    assert found.unfit[0].reason.startswith("it fits only at 0:0")


def test_edits_survive_when_all_times_move() -> None:
    """A title sequence was cut off: all is a minute and a half earlier or later."""
    alignment = shift_alignment(spoken(), 100.0)
    edits = [
        edit_of(alignment, a, b)
        for a, b in (("Scanning", "Scaling"), ("GDP4", "GPT-4"), ("樹聚", "數據"))
    ]
    moved = shift_alignment(alignment, -90.0)
    assert body_of(moved, *edits) == body_of(alignment, *edits)
    assert "GPT-4" in body_of(moved, *edits)


def test_one_edit_alone_does_not_prove_that_all_has_moved() -> None:
    alignment = shift_alignment(spoken(), 100.0)
    _, found = apply(shift_alignment(alignment, -90.0), [edit_of(alignment, "GDP4", "GPT-4")])
    assert len(found.unfit) == 1


def test_landmarks_prove_that_all_has_moved_even_for_one_edit() -> None:
    alignment = shift_alignment(spoken(), 100.0)
    marks = [
        edit_of(alignment, text, "", EditKind.LANDMARK)
        for text in ("首先我想問各位", "推理的成本會", "開源社區做得")
    ]
    edits = [edit_of(alignment, "GDP4", "GPT-4"), *marks]
    revised, found = apply(shift_alignment(alignment, -90.0), edits)
    assert "GPT-4" in revised.transcript.body
    assert (found.unfit, found.done) == ((), 0)


@pytest.mark.parametrize(
    "pairs",
    [
        (("到頭，推理", "到頭。推理"),),  # other punctuation
        (("還沒有", "还没有"),),  # another script
        (("我覺得", "我认为"), ("到頭", "盡頭")),  # words beside it
        (("合成數據到底有沒有用，", ""),),  # a clause before it left out
        (("Law", "ＬＡＷ"),),  # another width
    ],
)
def test_edits_survive_small_changes_beside_them(pairs: tuple[tuple[str, str], ...]) -> None:
    alignment = spoken()
    edit = edit_of(alignment, "Scanning", "Scaling")
    assert "Scaling" in body_of(changed(alignment, *pairs), edit)


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (("Scanning", "Scammer"), "its text is not there any more"),
        (
            ("也說過，這個樹聚很重要，對對對，開", "樹聚"),
            "its text is there, but what stood around",
        ),
    ],
)
def test_what_does_not_fit_any_more_is_told_and_made_nowhere(
    pair: tuple[str, str], reason: str
) -> None:
    alignment = spoken()
    edits = {
        "Scanning": edit_of(alignment, "Scanning", "Scaling"),
        "也": edit_of(alignment, "樹聚", "數據"),
    }
    edit = edits.get(pair[0], edits["也"])
    now = changed(alignment, pair)
    revised, found = apply(now, [edit])
    assert revised is now
    assert found.unfit[0].number == 1
    assert found.unfit[0].reason.startswith(reason)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("GDP4", "GPT-4"),
        ("樹聚", "數據"),
        ("對對對，我", "對，我"),
        ("還沒有", "還沒有沒有"),
        ("很", ""),
    ],
)
def test_what_was_made_is_not_made_again(before: str, after: str) -> None:
    alignment = spoken()
    edit = edit_of(alignment, before, after)
    once, _ = apply(alignment, [edit])
    twice, found = apply(once, [edit])
    assert once is not alignment
    assert twice is once
    assert (found.done, found.unfit) == (1, ())


@settings(max_examples=40)
@given(st.data())
def test_whatever_else_changes_an_edit_is_made_at_its_place_or_not_at_all(
    data: st.DataObject,
) -> None:
    alignment = spoken(times=2)
    body = alignment.transcript.body
    length = len(body)
    first = data.draw(st.integers(0, length - 3))
    last = first + data.draw(st.integers(1, 3))
    if not body[first:last].strip():
        return
    edit = edit_at(alignment, first, last, "〔新〕")
    ends = sorted(data.draw(st.lists(st.integers(0, length), max_size=12, unique=True)))
    places = [p for p in zip(ends[::2], ends[1::2], strict=False) if p[1] - p[0] < 9]
    others = [Change(place, data.draw(st.text("我你他數據a", max_size=3))) for place in places]
    moved = revise_alignment(alignment, others, interpolate=True)
    found = resolve_edits(moved, [edit])
    place = move_range((first, last), others)
    assert [change.offsets for change in found.changes] in ([], [place])
    if not any(c.offsets[0] <= last + CONTEXT and first - CONTEXT <= c.offsets[1] for c in others):
        assert len(found.changes) == 1


def test_edits_of_the_same_words_are_made_once() -> None:
    alignment = spoken()
    first, second = (
        edit_of(alignment, "Scanning", "Scaling"),
        edit_of(alignment, "Scanning Law", "SL"),
    )
    _, found = apply(alignment, [first, second])
    assert [change.after for change in found.changes] == ["Scaling"]
    assert found.unfit[0].reason == "another edit changes the same words"


# --- corrections and what a person says of them


def correction(alignment: Alignment, before: str, after: str, decision: Decision) -> Correction:
    first = alignment.transcript.body.index(before)
    return Correction((first, first + len(before)), before, after, decision, 0.9)


def test_safe_corrections_are_made_and_proposals_only_when_accepted() -> None:
    alignment = spoken()
    listed = [
        correction(alignment, "Scanning", "Scaling", Decision.APPLY),
        correction(alignment, "GDP4", "GPT-4", Decision.PROPOSE),
        correction(alignment, "樹聚", "數據", Decision.PROPOSE),
        correction(alignment, "嘉賓", "家賓", Decision.KEEP),
    ]
    accepted = edit_of(alignment, "GDP4", "GPT-4", EditKind.ACCEPT)
    found = resolve_edits(alignment, [accepted], listed)
    assert [change.after for change in found.changes] == ["Scaling", "GPT-4"]


def test_a_rejected_correction_is_not_made() -> None:
    alignment = spoken()
    listed = [correction(alignment, "Scanning", "Scaling", Decision.APPLY)]
    rejected = edit_of(alignment, "Scanning", "Scaling", EditKind.REJECT)
    found = resolve_edits(alignment, [rejected], listed)
    assert (found.changes, found.done) == ((), 1)


def test_a_rejected_correction_that_was_made_already_is_taken_back() -> None:
    alignment = spoken()
    rejected = edit_of(alignment, "Scanning", "Scaling", EditKind.REJECT)
    clean = changed(alignment, ("Scanning", "Scaling"))
    assert body_of(clean, rejected) == alignment.transcript.body


def test_own_words_go_before_a_correction_of_the_same_words() -> None:
    alignment = spoken()
    listed = [correction(alignment, "Scanning", "Scaling", Decision.APPLY)]
    for own in (
        edit_of(alignment, "Scanning", "Skating", EditKind.REPLACE),
        edit_of(alignment, "我覺得Scanning Law", "我覺得Skating Law"),
    ):
        found = resolve_edits(alignment, [own], listed)
        assert [change.after for change in found.changes] == [own.after]


def test_corrections_of_another_text_are_refused() -> None:
    alignment = spoken()
    listed = [correction(alignment, "Scanning", "Scaling", Decision.APPLY)]
    with pytest.raises(ValueError, match="does not stand at"):
        resolve_edits(changed(alignment, ("首先", "")), [], listed)


def test_a_finding_that_was_looked_at_changes_nothing() -> None:
    alignment = spoken()
    checked = edit_of(alignment, "Scanning", "Scanning", EditKind.CHECKED)
    assert apply(alignment, [checked])[0] is alignment


# --- speakers


def with_people(alignment: Alignment) -> Alignment:
    speakers = (Speaker("A", "SPEAKER_00"), Speaker("B", "SPEAKER_01"))
    turns = (Turn("A", 0.0, 5.0), Turn("B", 5.0, 9.0), Turn("A", 9.0, 14.0))
    return replace(alignment, speakers=speakers, turns=turns)


def test_a_speaker_is_renamed_everywhere() -> None:
    renamed = rename_people(with_people(spoken()), {"A": "宋老師"})
    assert {word.speaker for word in renamed.transcript.words} == {"宋老師", "B"}
    assert [turn.speaker for turn in renamed.turns] == ["宋老師", "B", "宋老師"]
    assert renamed.speakers[0] == Speaker("宋老師", "SPEAKER_00", NameBasis.GIVEN, 1.0)


def test_two_speakers_can_swap_their_names_or_become_one() -> None:
    swapped = rename_people(with_people(spoken()), {"A": "B", "B": "A"})
    assert [turn.speaker for turn in swapped.turns] == ["B", "A", "B"]
    joined = rename_people(with_people(spoken()), {"B": "A"})
    assert [speaker.name for speaker in joined.speakers] == ["A"]
    assert {word.speaker for word in joined.transcript.words} == {"A"}


def test_a_name_goes_to_who_says_the_words_whatever_the_label_is_now() -> None:
    alignment = with_people(spoken())
    edit = replace(edit_of(alignment, "我覺得", "趙老師", EditKind.SPEAKER), speaker="B")
    again = rename_people(alignment, {"A": "B", "B": "A"})  # another run numbers them otherwise
    assert resolve_edits(again, [edit]).names == {"A": "趙老師"}
    named = rename_people(alignment, {"B": "趙老師"})
    found = resolve_edits(named, [edit])
    assert (found.names, found.done) == ({}, 1)


def test_a_name_whose_words_are_gone_is_given_to_nobody() -> None:
    alignment = with_people(spoken())
    edit = replace(edit_of(alignment, "我覺得Scan", "趙老師", EditKind.SPEAKER), speaker="B")
    found = resolve_edits(changed(alignment, ("我覺得", "")), [edit])
    assert found.names == {}
    assert len(found.unfit) == 1


def test_a_name_without_words_goes_by_the_name_alone() -> None:
    edit = Edit(EditKind.SPEAKER, "", "趙老師", speaker="B")
    assert resolve_edits(spoken(), [edit]).names == {"B": "趙老師"}
