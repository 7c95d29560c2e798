"""Results in an object store: whole or not there, whatever fails on the way."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from subtools.batch import Done, Job, Kind, Publisher, Step, StoredResults
from subtools.batch.results import LostError
from subtools.errors import OutputError

_STEP = Step(Kind.ALIGN, {"a": 1})
_NO_PAUSES = (0.0, 0.0)


class PowerFailure(BaseException):
    """The process ends here; nobody catches it."""


class FaultyStore(MemoryFileSystem):  # type: ignore[misc]  # fsspec publishes no types
    """Fails at the requests it is told to; what it was putting is half there."""

    protocol = "faulty"
    store: dict[str, Any] = {}  # noqa: RUF012 - as its base class has it
    pseudo_dirs = [""]  # noqa: RUF012
    cachable = False
    count = 0
    failing: tuple[int, ...] = ()
    error: BaseException = OSError("connection reset")

    def _meet(self, name: str, *arguments: Any, **options: Any) -> Any:
        number = FaultyStore.count
        FaultyStore.count += 1
        if number in FaultyStore.failing:
            if name == "put_file":
                content = Path(arguments[0]).read_bytes()
                super().pipe_file(arguments[1], content[: len(content) // 2])
            raise FaultyStore.error
        return getattr(super(), name)(*arguments, **options)

    def cat_file(self, *arguments: Any, **options: Any) -> Any:
        return self._meet("cat_file", *arguments, **options)

    def get_file(self, *arguments: Any, **options: Any) -> Any:
        return self._meet("get_file", *arguments, **options)

    def put_file(self, *arguments: Any, **options: Any) -> Any:
        return self._meet("put_file", *arguments, **options)

    def pipe_file(self, *arguments: Any, **options: Any) -> Any:
        return self._meet("pipe_file", *arguments, **options)


@pytest.fixture(autouse=True)
def calm_store() -> Iterator[None]:
    fsspec.register_implementation("faulty", FaultyStore, clobber=True)
    yield
    FaultyStore.store.clear()
    FaultyStore.count, FaultyStore.failing = 0, ()
    FaultyStore.error = OSError("connection reset")
    MemoryFileSystem.store.clear()


def open_results(private: Path, address: str = "faulty://bucket/results", **more: Any) -> Any:
    return StoredResults(address, private, pauses=_NO_PAUSES, **more)


def make(results: StoredResults, step: Step = _STEP, text: str = "words") -> Done:
    with results.drafting(step) as draft:
        (draft / "words.json").write_text(text, encoding="utf-8")
        (draft / "more.json").write_text(text * 2, encoding="utf-8")
        return results.publish(step, draft, {"samples": 7})


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_what_one_process_publishes_another_takes(tmp_path: Path, kind: str) -> None:
    address = "memory://results" if kind == "memory" else f"file://{tmp_path}/store"
    made = make(open_results(tmp_path / "a", address))
    other = open_results(tmp_path / "b", address)
    taken = other.take(_STEP)
    assert taken is not None
    assert (taken.files, taken.facts) == (made.files, {"samples": 7})
    assert (taken.folder / "words.json").read_text("utf-8") == "words"
    assert taken.folder.is_relative_to(tmp_path / "b")


def test_a_result_is_there_when_it_is_published_and_gone_when_it_is_dropped(tmp_path: Path) -> None:
    results = open_results(tmp_path)
    assert results.find(_STEP) is None
    make(results)
    assert results.find(_STEP) is not None
    results.drop(_STEP)
    assert results.find(_STEP) is None
    assert results.take(_STEP) is None


def test_only_the_record_is_read_until_files_are_wanted(tmp_path: Path) -> None:
    make(open_results(tmp_path / "a"))
    other = open_results(tmp_path / "b")
    found = other.find(_STEP)
    assert found is not None
    assert not found.folder.exists()
    assert sorted(path.name for path in other.bring(found).folder.iterdir()) == [
        "more.json",
        "words.json",
    ]


def test_what_is_published_in_the_library_is_brought_from_the_store(tmp_path: Path) -> None:
    make(open_results(tmp_path / "a"))
    other = open_results(tmp_path / "b")
    publisher = Publisher(tmp_path / "library", tmp_path / "records", bring=other.bring)
    found = other.find(_STEP)
    assert found is not None
    folder = publisher.publish(Job("talk", "x"), found)
    assert (folder / "words.json").read_text("utf-8") == "words"
    third = open_results(tmp_path / "c")
    again = Publisher(tmp_path / "library", tmp_path / "records", bring=third.bring)
    found = third.find(_STEP)
    assert found is not None
    again.publish(Job("talk", "x"), found)
    assert not (tmp_path / "c" / "copies").exists()  # what is there is not fetched


@pytest.mark.parametrize("moment", range(6))
def test_who_dies_at_any_moment_of_publishing_leaves_nothing_half_done(
    tmp_path: Path, moment: int
) -> None:
    FaultyStore.failing, FaultyStore.error = (moment,), PowerFailure()
    try:
        make(open_results(tmp_path / "a"))
    except PowerFailure:
        assert moment < 4  # one request to look, two files, the record
    FaultyStore.failing = ()
    again = open_results(tmp_path / "b")
    taken = again.take(_STEP) or make(again)
    assert (taken.folder / "words.json").read_text("utf-8") == "words"
    assert open_results(tmp_path / "c").take(_STEP) is not None


@pytest.mark.parametrize("moment", range(12))
def test_a_request_that_fails_is_made_again(tmp_path: Path, moment: int) -> None:
    FaultyStore.failing = (moment, moment + 1)
    make(open_results(tmp_path / "a"))
    taken = open_results(tmp_path / "b").take(_STEP)
    assert taken is not None
    assert (taken.folder / "more.json").read_text("utf-8") == "wordswords"


def test_a_store_that_never_answers_is_a_failure_that_may_pass(tmp_path: Path) -> None:
    FaultyStore.failing = tuple(range(1000))
    with pytest.raises(LostError, match="does not answer: connection reset"):
        open_results(tmp_path).find(_STEP)


@pytest.mark.parametrize("harm", ["cut", "other", "gone"])
def test_a_damaged_result_is_not_taken_but_made_anew(tmp_path: Path, harm: str) -> None:
    make(open_results(tmp_path / "a"))
    path = next(path for path in FaultyStore.store if path.endswith("words.json"))
    if harm == "gone":
        del FaultyStore.store[path]
    else:
        fsspec.filesystem("faulty").pipe_file(path, b"wor" if harm == "cut" else b"sword")
    other = open_results(tmp_path / "b")
    assert other.take(_STEP) is None
    assert other.find(_STEP) is None
    assert make(other).files == make(open_results(tmp_path / "c")).files


def test_a_half_written_record_is_no_result(tmp_path: Path) -> None:
    make(open_results(tmp_path / "a"))
    path = next(path for path in FaultyStore.store if path.endswith("result.json"))
    store = fsspec.filesystem("faulty")
    store.pipe_file(path, store.cat_file(path)[:-9])
    assert open_results(tmp_path / "b").find(_STEP) is None


def test_a_damaged_copy_is_fetched_again(tmp_path: Path) -> None:
    results = open_results(tmp_path)
    copy = make(results).folder / "words.json"
    copy.write_text("sword", encoding="utf-8")
    taken = results.take(_STEP)
    assert taken is not None
    assert copy.read_text("utf-8") == "words"


def test_of_two_that_make_the_same_the_first_one_wins(tmp_path: Path) -> None:
    first, second = open_results(tmp_path / "a"), open_results(tmp_path / "b")
    with second.drafting(_STEP) as draft:
        (draft / "words.json").write_text("late", encoding="utf-8")
        made = make(first)
        assert second.publish(_STEP, draft, {}).files == made.files
    taken = second.take(_STEP)
    assert taken is not None
    assert (taken.folder / "words.json").read_text("utf-8") == "words"


def test_copies_keep_to_their_limit_but_for_the_newest(tmp_path: Path) -> None:
    results = open_results(tmp_path, limit=100)
    for number in itertools.count(1):
        make(results, Step(Kind.ALIGN, {"a": number}), "x" * 50)
        if number == 20:
            break
    held = list((tmp_path / "copies").rglob("words.json"))
    assert len(held) == 8
    assert results.take(Step(Kind.ALIGN, {"a": 1})) is not None  # fetched again


def test_a_store_of_no_known_kind_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nosuch://x cannot be reached"):
        open_results(tmp_path, "nosuch://x")
