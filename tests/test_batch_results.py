"""Results at their addresses, files in the library, hashes: whole or not there, and never lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.batch import Done, FolderResults, Hashes, Job, Kind, Publisher, Step, open_workplace
from subtools.batch.freezing import freeze, thaw
from subtools.catalogue import open_catalogue
from subtools.core import (
    Alignment,
    Finding,
    FindingKind,
    HeardWord,
    NameBasis,
    Paragraph,
    Quote,
    Recognition,
    Source,
    Span,
    Speaker,
    Topic,
    Transcript,
    Turn,
    Word,
)
from subtools.errors import DocumentError, OutputError
from subtools.indexing import Report, index_files

STEP = Step(Kind.ALIGN, {"document": "abc", "partial": False}, {"sound": "def"})


@pytest.fixture
def results(tmp_path: Path) -> FolderResults:
    return FolderResults(tmp_path / "results", tmp_path / "drafts")


def make(results: FolderResults, step: Step = STEP, text: str = "words") -> Done:
    with results.drafting(step) as draft:
        (draft / "alignment.json").write_text(text, encoding="utf-8")
        return results.publish(step, draft, {"samples": 16_000})


# --- addresses


def test_an_address_is_of_all_that_decides_and_of_nothing_else() -> None:
    same = Step(Kind.ALIGN, {"partial": False, "document": "abc"}, {"sound": "def"}, {"x": "y"})
    assert same.address == STEP.address
    others = [
        Step(Kind.NAME, STEP.settings, STEP.inputs),
        Step(Kind.ALIGN, {**STEP.settings, "document": "abd"}, STEP.inputs),
        Step(Kind.ALIGN, {**STEP.settings, "partial": 0}, STEP.inputs),
        Step(Kind.ALIGN, STEP.settings, {"sound": "deg"}),
        Step(Kind.ALIGN, {"document": "abc"}, {**STEP.inputs, "partial": "False"}),
    ]
    assert len({step.address for step in (STEP, *others)}) == 6


# --- results


def test_a_result_is_found_when_it_is_published_and_not_before(results: FolderResults) -> None:
    with results.drafting(STEP) as draft:
        (draft / "alignment.json").write_text("words")
        assert results.find(STEP) is None
        results.publish(STEP, draft, {"samples": 7})
    found = results.find(STEP)
    assert found is not None
    assert found.facts == {"samples": 7}
    assert (found.folder / "alignment.json").read_text() == "words"
    assert list(results.drafts.iterdir()) == []


def test_a_step_that_fails_leaves_nothing(results: FolderResults) -> None:
    with pytest.raises(ZeroDivisionError), results.drafting(STEP) as draft:
        (draft / "alignment.json").write_text("half")
        raise ZeroDivisionError
    assert results.find(STEP) is None
    assert list(results.drafts.iterdir()) == []


def test_of_two_that_make_the_same_the_first_one_wins(results: FolderResults) -> None:
    first = make(results, text="first")
    assert make(results, text="second").files == first.files


@pytest.mark.parametrize("harm", ["shorter", "gone", "record gone", "record damaged"])
def test_a_result_that_lacks_something_is_none_and_can_be_made_again(
    results: FolderResults, harm: str
) -> None:
    folder = make(results).folder
    if harm == "shorter":
        (folder / "alignment.json").write_text("w")
    elif harm == "gone":
        (folder / "alignment.json").unlink()
    elif harm == "record gone":
        (folder / "result.json").unlink()
    else:
        (folder / "result.json").write_text('{"files": {"a')
    assert results.find(STEP) is None
    assert (make(results).folder / "alignment.json").read_text() == "words"


def test_a_result_with_other_bytes_of_the_same_length_is_noticed_when_it_is_used(
    results: FolderResults,
) -> None:
    (make(results).folder / "alignment.json").write_text("WORDS")
    assert results.find(STEP) is not None
    assert results.take(STEP) is None
    assert results.find(STEP) is None


def test_a_result_can_be_dropped(results: FolderResults) -> None:
    make(results)
    results.drop(STEP)
    results.drop(STEP)
    assert results.find(STEP) is None


# --- the work folder


def test_two_runs_do_not_share_a_library_but_two_parts_of_one_do(tmp_path: Path) -> None:
    with (
        open_workplace(tmp_path, "1/2"),
        open_workplace(tmp_path, "2/2"),
        pytest.raises(OutputError, match="another batch"),
        open_workplace(tmp_path, "2/2"),
    ):
        pass
    with open_workplace(tmp_path, "2/2"):
        pass


def test_what_a_killed_run_left_is_cleared_and_what_another_is_at_is_not(tmp_path: Path) -> None:
    with open_workplace(tmp_path, "1/2") as first:
        dead = first.drafts.parent / "0123456789abcdef"
        dead.mkdir()
        (dead / "half.npy").write_text("x")
        (first.drafts / "mine").mkdir()
        with open_workplace(tmp_path, "2/2"):
            assert not dead.exists()
            assert (first.drafts / "mine").is_dir()
    assert list((tmp_path / ".subtools" / "runs").iterdir()) == []


# --- the library


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path / "library", tmp_path / "published")


JOB = Job("talk", "talk.wav")


def outputs(results: FolderResults, **files: str) -> Done:
    step = Step(Kind.OUTPUTS, dict(files))
    with results.drafting(step) as draft:
        for name, text in files.items():
            (draft / f"{name}.srt").write_text(text)
        return results.publish(step, draft, {})


def test_results_are_put_into_the_library_and_replaced_by_newer_ones(
    results: FolderResults, publisher: Publisher
) -> None:
    folder = publisher.publish(JOB, outputs(results, a="1", b="2"))
    publisher.publish(JOB, outputs(results, a="3", c="4"))
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "a.srt": "3",
        "c.srt": "4",
    }


def test_what_a_run_left_that_was_killed_while_it_published_is_removed(
    results: FolderResults, publisher: Publisher
) -> None:
    folder = publisher.library / "talk"
    folder.mkdir(parents=True)
    (folder / ".subtools-0123456789abcdef.part").write_text("half")
    publisher.publish(JOB, outputs(results, a="1"))
    assert [path.name for path in folder.iterdir()] == ["a.srt"]


@pytest.mark.parametrize("before", ["nothing", "ours"])
def test_what_somebody_else_wrote_is_spared(
    results: FolderResults, publisher: Publisher, before: str
) -> None:
    folder = publisher.library / "talk"
    if before == "ours":
        publisher.publish(JOB, outputs(results, a="1"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.srt").write_text("mine")
    with pytest.raises(OutputError, match="--force"):
        publisher.publish(JOB, outputs(results, a="2", b="2"))
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a.srt": "mine"}
    forced = Publisher(publisher.library, publisher.records, force=True)
    forced.publish(JOB, outputs(results, a="2", b="2"))
    assert (folder / "a.srt").read_text() == "2"


def test_what_somebody_edited_stays_while_nothing_new_would_be_written(
    results: FolderResults, publisher: Publisher
) -> None:
    done = outputs(results, a="1", b="2")
    folder = publisher.publish(JOB, done)
    (folder / "a.srt").write_text("1, polished")
    for _ in range(2):
        publisher.publish(JOB, done)
        assert (folder / "a.srt").read_text() == "1, polished"
    (folder / "b.srt").unlink()
    publisher.publish(JOB, done)
    assert (folder / "b.srt").read_text() == "2"
    with pytest.raises(OutputError, match="changed since"):
        publisher.publish(JOB, outputs(results, a="3", b="2"))
    forced = Publisher(publisher.library, publisher.records, force=True)
    forced.publish(JOB, done)
    assert (folder / "a.srt").read_text() == "1"


def test_a_file_that_a_person_removed_comes_back(
    results: FolderResults, publisher: Publisher
) -> None:
    done = outputs(results, a="1")
    folder = publisher.publish(JOB, done)
    (folder / "a.srt").unlink()
    publisher.publish(JOB, done)
    assert (folder / "a.srt").read_text() == "1"


def test_a_run_killed_while_it_publishes_goes_on(
    results: FolderResults, publisher: Publisher
) -> None:
    first, second = outputs(results, a="1", b="1"), outputs(results, a="2", b="2")
    folder = publisher.publish(JOB, first)
    record = publisher.records / "talk.json"
    both = {name: sorted([first.files[name], second.files[name]]) for name in first.files}
    record.write_text(json.dumps(both))
    (folder / "a.srt").write_text("2")  # as far as it had come
    publisher.publish(JOB, second)
    assert {path.read_text() for path in folder.iterdir()} == {"2"}


def test_a_damaged_result_does_not_get_into_the_library(
    results: FolderResults, publisher: Publisher
) -> None:
    done = outputs(results, a="1")
    (done.folder / "a.srt").write_text("X")
    with pytest.raises(OutputError, match="damaged"):
        publisher.publish(JOB, done)


# --- hashes of files


def test_a_hash_is_kept_until_the_file_changes(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.txt", tmp_path / "hashes.json"
    path.write_text("one")
    os.utime(path, (1e9, 1e9))
    hashes = Hashes(kept)
    first = hashes.hash(path, DocumentError)
    hashes.save()
    again = Hashes.load(kept)
    assert again.known == hashes.known
    assert len(again.known) == 1
    path.write_text("two")
    os.utime(path, (1e9 + 1, 1e9 + 1))
    assert again.hash(path, DocumentError) != first


def test_a_file_changed_just_now_is_not_trusted_to_stay(tmp_path: Path) -> None:
    path, hashes = tmp_path / "a.txt", Hashes()
    path.write_text("one")
    first = hashes.hash(path, DocumentError)
    times = path.stat()
    path.write_text("two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert hashes.hash(path, DocumentError) != first


def test_a_damaged_file_of_hashes_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "hashes.json").write_text("{")
    assert Hashes.load(tmp_path / "hashes.json").known == {}


# --- values

seconds = st.floats(0, 1e5, allow_nan=False)
spans = st.tuples(seconds, seconds).map(lambda pair: Span(min(pair), max(pair)))
shares = st.none() | st.floats(0, 1)
words = st.builds(Word, st.text(), st.none() | spans, shares, st.none() | st.text())
turns = st.builds(lambda s, span, c: Turn(s, span.start, span.end, c), st.text(), spans, shares)
speakers = st.builds(
    Speaker,
    st.text(),
    st.text(),
    st.sampled_from(NameBasis),
    shares,
    st.lists(st.builds(Quote, st.text(), st.text(), st.none() | spans), max_size=2).map(tuple),
)
findings = st.builds(
    Finding,
    st.sampled_from(FindingKind),
    st.text(),
    st.text(),
    st.none() | spans,
    st.none() | st.tuples(st.integers(), st.integers()),
)
topics = st.builds(lambda title, span: Topic(title, span.start, span.end), st.text(), spans)
paragraphs = st.lists(words, min_size=1, max_size=4).map(lambda found: Paragraph(tuple(found)))


@given(
    st.builds(
        Alignment,
        st.builds(
            Transcript,
            st.lists(paragraphs, max_size=3).map(tuple),
            st.builds(Source, part=st.none() | st.integers(), title=st.none() | st.text()),
        ),
        st.lists(findings, max_size=3).map(tuple),
        st.text(),
        st.text(),
        st.lists(turns, max_size=3).map(tuple),
        st.lists(speakers, max_size=2).map(tuple),
        st.lists(topics, max_size=2).map(tuple),
    )
)
def test_an_alignment_comes_back_to_the_last_digit(alignment: Alignment) -> None:
    assert thaw(Alignment, freeze(alignment)) == alignment


def test_numbers_of_numpy_are_numbers() -> None:
    word = HeardWord("大", np.float64(0.1), np.float32(0.2), 1)  # type: ignore[arg-type]  # as ctranslate2 gives
    heard = Recognition(((word,),), (Span(0.0, 1.0),), "zh")
    assert thaw(Recognition, freeze(heard)) == heard


@pytest.mark.parametrize("text", ["[]", "{}", '{"paragraphs": 3}', "null", "3"])
def test_what_is_no_alignment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no Alignment"):
        thaw(Alignment, text)


def test_the_work_folder_is_not_looked_through_for_talks(tmp_path: Path) -> None:
    for folder in ("talk", ".subtools/results/outputs/ab/abc"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "words.json").write_text("{}")
    report = Report()
    with open_catalogue(tmp_path / "talks.sqlite", write=True) as catalogue:
        index_files(catalogue, [tmp_path], report)
    assert [failure.path for failure in report.failures] == [tmp_path / "talk" / "words.json"]
