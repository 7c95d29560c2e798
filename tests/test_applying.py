"""Edits made in files, as the commands do it."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from subtools.applying import apply_file, load_edits
from subtools.core import Edit, EditKind, Word
from subtools.diarization import load_words
from subtools.errors import DocumentError
from subtools.formats.edits import compose_edits, parse_basis
from subtools.reading import load_subtitles
from tests.commands import assert_one_line_error, subtools
from tests.reviewing import clip_alignment, write_talk
from tests.test_edits import edit_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_talk(tmp_path)


def save_edits(folder: Path, *edits: Edit) -> Path:
    path = folder / "clip.edits.json"
    path.write_text(compose_edits(edits, "圓桌"), encoding="utf-8")
    return path


def accept(before: str, after: str, kind: EditKind = EditKind.ACCEPT) -> Edit:
    return edit_of(clip_alignment(), before, after, kind)


def words_in(path: Path) -> tuple[Word, ...]:
    return load_words(path)[0].transcript.words


def body_in(path: Path) -> str:
    return load_words(path)[0].transcript.body


def test_the_subtitles_say_what_was_edited_at_the_times_of_what_stood_there(folder: Path) -> None:
    edits = save_edits(folder, accept("Scanning", "Scaling"), accept("幣", "B"))
    done = subtools("apply", folder / "words.json", edits, "-o", folder / "out")
    assert done.status == 0, done.stderr
    assert "2 places changed, in the times of the words before" in done.stderr
    before, after = words_in(folder / "words.json"), words_in(folder / "out" / "words.json")
    assert [word.span for word in before] == [word.span for word in after]
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [(word.text, word.confidence) for word in changed] == [("Scaling ", None), ("B", None)]
    (srt,) = folder.joinpath("out").glob("*.srt")
    assert "Scaling Law" in srt.read_text(encoding="utf-8")


def test_with_corrections_what_is_safe_is_made_unless_it_was_rejected(folder: Path) -> None:
    rejected = accept("Scanning", "Scaling", EditKind.REJECT)
    edits = save_edits(folder, rejected, accept("佔成", "戰勝"))
    applied = apply_file(folder / "words.json", edits, corrections=folder / "clip.corrections.json")
    body = applied.captions.alignment.transcript.body
    assert (body.count("Scanning"), body.count("Scaling")) == (1, 4)
    assert "戰勝" in body and "依次" in body and "代際差" in body


def test_corrections_that_were_shown_and_are_not_given_are_warned_about(folder: Path) -> None:
    edits = save_edits(folder, accept("佔成", "戰勝"))
    note = {"name": "clip.corrections.json", "count": 12, "applied": 5}
    content = json.loads(edits.read_text(encoding="utf-8")) | {"corrections": note}
    edits.write_text(json.dumps(content), encoding="utf-8")
    command = ("apply", folder / "words.json", edits)
    without = subtools(*command, "-o", folder / "a", "--quiet")
    assert without.status == 0
    assert "warning: the edits were made with corrections" in without.stderr
    assert "clip.corrections.json: 12, of which 5 were shown as applied" in without.stderr
    assert "--corrections clip.corrections.json" in without.stderr
    shown = subtools(*command, "-o", folder / "b", "--json")
    assert json.loads(shown.stdout)["corrections_missing"] == note
    given = subtools(*command, "-c", folder / "clip.corrections.json", "-o", folder / "c")
    assert given.status == 0
    assert "warning" not in given.stderr


@pytest.mark.parametrize(
    "note", [7, {}, {"name": "a", "count": "x", "applied": 1}, {"name": "", "count": 0}]
)
def test_a_note_that_cannot_be_understood_is_none(note: object) -> None:
    content = {"format": "subtools-edits", "version": 1, "edits": [], "corrections": note}
    assert parse_basis(json.dumps(content)) is None


def test_one_speaker_is_not_speakers(folder: Path) -> None:
    name = replace(accept("首先我想問", "主席", EditKind.SPEAKER), speaker="宋老師")
    edits = save_edits(folder, name, accept("Scanning", "Scaling"))
    done = subtools("apply", folder / "words.json", edits, "-o", folder / "out")
    assert "1 place changed" in done.stderr
    assert "1 speaker renamed, 0 edits changed nothing, 0 do not fit" in done.stderr


def test_made_again_nothing_changes_to_the_byte(folder: Path) -> None:
    edits = save_edits(
        folder,
        accept("Scanning", "Scaling"),
        accept("依次", "一次", EditKind.EDIT),
        replace(accept("首先我想問", "主席", EditKind.SPEAKER), speaker="宋老師"),
    )
    first, second = folder / "first", folder / "second"
    assert subtools("apply", folder / "words.json", edits, "-o", first, "-q").status == 0
    done = subtools("apply", first / "words.json", edits, "-o", second, "--json")
    summary = json.loads(done.stdout)
    assert (summary["changed"], summary["already_so"], summary["unfit"]) == (0, 3, [])
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_names_are_in_the_subtitles(folder: Path) -> None:
    edits = save_edits(
        folder, replace(accept("首先我想問", "主席", EditKind.SPEAKER), speaker="宋老師")
    )
    applied = apply_file(folder / "words.json", edits)
    assert applied.resolution.names == {"宋老師": "主席"}
    text = applied.captions.compose(".vtt")
    assert "<v 主席>" in text
    assert "宋老師" not in text


@pytest.mark.model
def test_with_the_sound_only_what_changed_gets_new_times(folder: Path) -> None:
    edits = save_edits(folder, accept("Scanning", "Scaling"), accept("，比如說", "。比如說"))
    done = subtools(
        *("apply", folder / "words.json", edits, "--audio", folder / "clip.opus"),
        *("-o", folder / "out", "--json"),
    )
    assert done.status == 0, done.stderr
    assert json.loads(done.stdout)["realigned"] is True
    before, after = words_in(folder / "words.json"), words_in(folder / "out" / "words.json")
    moved = [k for k, (a, b) in enumerate(zip(before, after, strict=True)) if a.span != b.span]
    place = next(k for k, word in enumerate(after) if word.text == "Scaling ")
    assert place in moved
    assert moved[-1] - moved[0] < 15  # one clause; the punctuation elsewhere moved nobody
    word = after[place]
    assert word.confidence is not None and word.span
    assert word.span.start == pytest.approx(67.677, abs=0.15)
    spans = [w.span for w in after[place - 20 : place + 20] if w.span]
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(spans))


def test_what_does_not_fit_is_told_and_strictly_nothing_is_written(folder: Path) -> None:
    lost = Edit(EditKind.EDIT, "沒有這些字", "有", "左邊", "右邊", 12.0)
    edits = save_edits(folder, accept("Scanning", "Scaling"), lost)
    command = ("apply", folder / "words.json", edits, "-o", folder / "out")
    strict = subtools(*command, "--strict")
    assert_one_line_error(strict, "1 of the edits do not fit", "not there any more")
    assert not (folder / "out").exists()
    done = subtools(*command, "--quiet")
    assert done.status == 0
    assert (
        "not made: edit 2, edit '沒有這些字' at 0:12: its text is not there any more" in done.stderr
    )
    assert "Scaling" in body_in(folder / "out" / "words.json")


def test_a_hostile_text_stays_text(folder: Path) -> None:
    hostile = "x\n\n2\n00:00:00,000 --> 99:00:00,000\n<script>alert(1)</script>{\\an8}"
    edits = save_edits(folder, accept("Scanning", hostile, EditKind.EDIT))
    captions = apply_file(folder / "words.json", edits).captions
    for suffix in (".srt", ".vtt"):
        path = folder / f"hostile{suffix}"
        path.write_text(captions.compose(suffix), encoding="utf-8")
        cues = load_subtitles(path).cues
        assert max(cue.end for cue in cues) < 230
        assert len(cues) == len(captions.cues)
        assert "<script>" in "".join(cue.text for cue in cues).replace("\n", "")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "not a file of edits"),
        ('{"format": "subtools-edits", "version": 2, "edits": []}', "version 2"),
        ('{"format": "subtools-edits", "version": 1, "edits": [{}]}', "edit 1 cannot be read"),
    ],
)
def test_a_file_that_is_none_is_one_line_that_says_so(
    folder: Path, content: str, problem: str
) -> None:
    path = folder / "bad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DocumentError, match=f"bad.json.*{problem}"):
        load_edits(path)


def test_corrections_of_another_text_are_refused(folder: Path) -> None:
    edits = save_edits(folder, accept("Scanning", "Scaling"))
    corrections, made = folder / "clip.corrections.json", folder / "made.json"
    captions = apply_file(folder / "words.json", edits).captions
    made.write_text(captions.compose(".json"), encoding="utf-8")
    with pytest.raises(
        DocumentError, match=r"clip\.corrections\.json: 'Scanning' at 1:07 .* already"
    ):
        apply_file(made, edits, corrections=corrections)


def test_nothing_is_written_over_unless_asked_and_never_what_is_read(folder: Path) -> None:
    edits = save_edits(folder, accept("Scanning", "Scaling"))
    before = (folder / "words.json").read_bytes()
    taken = subtools("apply", folder / "words.json", edits, "-o", folder)
    assert_one_line_error(taken, "exists already", "--force")
    forced = subtools("apply", folder / "words.json", edits, "-o", folder, "--force")
    assert_one_line_error(forced, "would be written over")
    assert (folder / "words.json").read_bytes() == before


def test_the_sound_of_another_talk_is_refused(folder: Path) -> None:
    data: dict[str, Any] = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    data["words"][-1] |= {"start": 400.0, "end": 401.0}
    (folder / "words.json").write_text(json.dumps(data), encoding="utf-8")
    edits = save_edits(folder, accept("Scanning", "Scaling"))
    with pytest.raises(DocumentError, match=r"clip\.opus: the words go on until 6:41"):
        apply_file(folder / "words.json", edits, audio=folder / "clip.opus")
