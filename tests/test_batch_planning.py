"""A job as steps: what decides each, what is shared, what a change means; devices; documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from subtools.batch import (
    Device,
    DeviceChoice,
    FolderResults,
    Hashes,
    Job,
    Kind,
    LocalExecutor,
    Plan,
    Planner,
    Setup,
    Task,
    Verdict,
    Ways,
    choose_device,
    match_documents,
    pair_given,
    parse_shard,
    parse_size,
)
from subtools.batch.collecting import Planned, read_document
from subtools.batch.reasons import Recorder, explain_plan
from subtools.batch.values import Ending, State
from subtools.download import FetchOptions
from subtools.errors import AlignmentError, DocumentError, MediaError, ModelError, OutputError
from subtools.talks import TextChoice
from subtools.whisper import Cuda

BVID = "BV1zE421N7UJ"
CARD = Device("cuda", "float16", 32)


def cards(count: int, gigabytes: int, *compute_types: str) -> Cuda:
    return Cuda(count, gigabytes << 30, frozenset(compute_types))


@pytest.fixture
def planner(tmp_path: Path) -> Planner:
    known = {"base": "sha256:0123", "large": "sha256:4567"}
    return Planner(tmp_path / "library", Hashes(), known)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    (tmp_path / "a.wav").write_bytes(b"sound")
    (tmp_path / "a.txt").write_text("大家好，我們今天談大模型。", encoding="utf-8")
    return Job("a", str(tmp_path / "a.wav"), document=tmp_path / "a.txt")


def kinds(plan: Plan) -> list[str]:
    return [step.kind.value for step in plan.steps]


# --- which steps


def test_a_document_is_aligned_by_its_phones(planner: Planner, job: Job) -> None:
    expected = ["decode", "encode", "align", "diarize", "name", "topics", "outputs"]
    assert kinds(planner.plan(job)) == expected


def test_a_sound_alone_is_recognised(planner: Planner, job: Job) -> None:
    bare = replace(job, document=None, speakers=0)
    assert kinds(planner.plan(bare)) == ["decode", "recognise", "align", "topics", "outputs"]


def test_another_language_is_aligned_by_recognition(planner: Planner, job: Job) -> None:
    assert "recognise" in kinds(planner.plan(replace(job, language="de")))


def test_an_address_is_fetched_and_the_texts_of_its_site_tried(planner: Planner) -> None:
    job = Job("a", BVID, part=8)
    expected = ["fetch", "decode", "encode", "site", "recognise", "align"]
    plan = planner.plan(job)
    assert kinds(plan)[:6] == expected
    assert plan.steps[0].settings["address"] == f"{BVID}?p=8"
    bare = planner.plan(replace(job, text=TextChoice.RECOGNISED))
    assert kinds(bare)[:4] == ["fetch", "decode", "recognise", "align"]


def test_each_step_comes_after_those_whose_results_it_takes(planner: Planner, job: Job) -> None:
    for one in (job, replace(job, document=None), Job("b", BVID, part=1)):
        plan, seen = planner.plan(one), set[str]()
        for step in plan.steps:
            assert set(step.inputs.values()) <= seen
            seen.add(step.address)
        assert len(seen) == len(plan.steps)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"source": "nix.wav"}, MediaError),
        ({"document": Path("nix.txt")}, DocumentError),
        ({"names": Path("nix.yaml")}, DocumentError),
        ({"language": "xx"}, AlignmentError),
        ({"document": None, "aligner": "phones"}, AlignmentError),
        ({"source": "", "document": None}, MediaError),
        ({"source": "https://example.org/a.mp3", "part": 2}, MediaError),
    ],
)
def test_what_cannot_be_planned_says_why(
    planner: Planner, job: Job, changed: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        planner.plan(replace(job, **changed))  # type: ignore[arg-type]  # of many types


# --- what decides them


def redone(planner: Planner, before: Plan, job: Job) -> list[str]:
    """Return the steps that have another address than before."""
    there = {step.address for step in before.steps}
    return [step.kind.value for step in planner.plan(job).steps if step.address not in there]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": "b"}, []),  # the same depth: the link to the sound is the same
        ({"line": 7}, []),
        ({"glossary": Path("x")}, []),
        ({"style": "bbc"}, ["outputs"]),
        ({"outputs": (".srt",)}, ["outputs"]),
        ({"topics": 3}, ["topics", "outputs"]),
        ({"offset": 2.0}, ["topics", "outputs"]),
        ({"speakers": 3}, ["diarize", "name", "topics", "outputs"]),
        ({"partial": True}, ["align", "diarize", "name", "topics", "outputs"]),
        (
            {"device": Device("cuda", "float16", 32)},
            ["encode", "align", *("diarize", "name", "topics", "outputs")],
        ),
        ({"track": 2}, ["decode", "encode", "align", "diarize", "name", "topics", "outputs"]),
    ],
)
def test_a_change_concerns_what_comes_after_it(
    planner: Planner, job: Job, changed: dict[str, object], expected: list[str]
) -> None:
    before = planner.plan(job)
    assert redone(planner, before, replace(job, **changed)) == expected  # type: ignore[arg-type]


def test_a_glossary_is_told_to_the_recogniser(planner: Planner, job: Job, tmp_path: Path) -> None:
    spoken = replace(job, document=None)
    before = planner.plan(spoken)
    glossary = tmp_path / "terms.txt"
    glossary.write_text("Scaling Law\n", encoding="utf-8")
    found = redone(planner, before, replace(spoken, glossary=glossary))
    assert found == ["recognise", "align", "diarize", "name", "topics", "outputs"]


def test_a_cleaning_takes_what_was_heard_and_has_heard_what_was_not(
    planner: Planner, job: Job
) -> None:
    plain = planner.plan(replace(job, speakers=0))
    plan = planner.plan(replace(job, speakers=0, clean=True))
    expected = ["decode", "encode", "align", "topics", "recognise", "clean", "outputs"]
    assert kinds(plan) == expected
    assert [step.address for step in plan.steps[:4]] == [step.address for step in plain.steps[:4]]
    clean = plan.steps[-2]
    assert set(clean.inputs.values()) == {plan.steps[k].address for k in (0, 1, 3, 4)}
    spoken = planner.plan(replace(job, document=None, speakers=0, clean=True))
    assert kinds(spoken) == ["decode", "recognise", "align", "topics", "encode", "clean", "outputs"]
    site = planner.plan(Job("a", BVID, part=8, clean=True))
    assert Counter(kinds(site)) == Counter([*kinds(planner.plan(Job("a", BVID, part=8))), "clean"])


def test_terms_and_models_concern_a_cleaning_and_not_the_words_before_it(
    planner: Planner, job: Job, tmp_path: Path
) -> None:
    cleaned = replace(job, clean=True)
    before = planner.plan(cleaned)
    glossary = tmp_path / "terms.txt"
    glossary.write_text("Scaling Law\n", encoding="utf-8")
    assert redone(planner, before, replace(cleaned, glossary=glossary)) == ["clean", "outputs"]
    large = redone(planner, before, replace(cleaned, model="large"))
    assert large == ["recognise", "clean", "outputs"]
    assert redone(planner, before, replace(cleaned, style="bbc")) == ["outputs"]
    with pytest.raises(DocumentError, match="no such file"):
        planner.plan(replace(cleaned, glossary=tmp_path / "nix.yaml"))


def test_a_changed_document_leaves_what_was_heard(planner: Planner, job: Job) -> None:
    before = planner.plan(job)
    assert job.document is not None
    job.document.write_text("大家好，我們明天談大模型。", encoding="utf-8")
    found = redone(planner, before, job)
    assert found == ["align", "diarize", "name", "topics", "outputs"]


def test_where_files_are_decides_nothing_but_what_is_in_them_does(
    planner: Planner, job: Job, tmp_path: Path
) -> None:
    before = planner.plan(job)
    moved = tmp_path / "moved.txt"
    moved.write_bytes((tmp_path / "a.txt").read_bytes())
    assert redone(planner, before, replace(job, document=moved)) == ["outputs"]  # it has its name


def test_a_file_that_changes_while_it_is_read_spoils_no_address(
    planner: Planner, job: Job, tmp_path: Path
) -> None:
    from subtools.batch import Tools, run_step

    step = planner.plan(job).steps[0]
    Path(job.source).write_bytes(b"other")
    results = FolderResults(tmp_path / "results", tmp_path / "drafts")
    with pytest.raises((MediaError, DocumentError)):
        run_step(step, {}, results, Tools(Ways(FetchOptions(), tmp_path)))
    assert results.find(step) is None


# --- why


def test_why_compares_with_what_was_done_last(planner: Planner, job: Job, tmp_path: Path) -> None:
    results = FolderResults(tmp_path / "results", tmp_path / "drafts")
    before = planner.plan(job)
    for step in before.steps:
        with results.drafting(step) as draft:
            results.publish(step, draft, {})
    recorder = Recorder(tmp_path / "jobs")
    recorder(before, Ending(job, State.DONE))
    now = planner.plan(replace(job, style="bbc", speakers=2))
    reasons = {r.step.kind: r for r in explain_plan(now, recorder.load("a"), results)}
    assert reasons[Kind.ALIGN].verdict is Verdict.KEPT
    assert reasons[Kind.DIARIZE].changes == ("speakers is 2, not none",)
    assert reasons[Kind.NAME].changes == ("speakers is 2, not none", "diarize has changed")
    told = reasons[Kind.OUTPUTS].changes
    assert 'style is "bbc", not "plain"' in told
    assert "the rules of its style have changed" in told
    results.drop(before.steps[0])
    kept = {r.step.kind: r.verdict for r in explain_plan(before, recorder.load("a"), results)}
    assert kept[Kind.DECODE] is Verdict.NOT_NEEDED
    with pytest.raises(OutputError, match="there are a"):
        recorder.load("b")


def test_a_job_is_known_before_a_run_comes_to_it(
    planner: Planner, job: Job, tmp_path: Path
) -> None:
    recorder = Recorder(tmp_path / "jobs")
    other = replace(job, name="b", style="bbc")
    recorder(planner.plan(job), Ending(job, State.DONE))
    recorder.begin([job, other])
    assert recorder.load("a").steps
    begun = recorder.load("b")
    assert (begun.job, begun.state, begun.steps) == (other, State.NOT_REACHED, ())
    results = FolderResults(tmp_path / "results", tmp_path / "drafts")
    verdicts = {reason.verdict for reason in explain_plan(planner.plan(other), begun, results)}
    assert verdicts == {Verdict.FIRST}


# --- engines


def test_memory_is_kept_and_what_fits_nowhere_runs_alone(tmp_path: Path, job: Job) -> None:
    setup = Setup(tmp_path, tmp_path, Ways(FetchOptions(), tmp_path))
    executor = LocalExecutor(setup, workers=4, memory=parse_size("2G"))
    align = Planner(tmp_path, Hashes(), {"base": "x"}).plan(job).steps[2]
    assert executor.has_room(Task(align, seconds=100 * 3600.0))
    executor._there = [_Busy(Task(align, seconds=3600.0))]  # type: ignore[list-item]  # no process
    assert executor.has_room(Task(align, seconds=60.0))
    assert not executor.has_room(Task(align, seconds=100 * 3600.0))
    executor._there *= 4
    assert not executor.has_room(Task(align, seconds=60.0))
    assert executor.has_room(
        Task(Planner(tmp_path, Hashes(), {"base": "x"}).plan(Job("b", BVID)).steps[0])
    )


class _Busy:
    fetches = False

    def __init__(self, task: Task) -> None:
        self.task = task


@pytest.mark.parametrize(
    ("choice", "batch", "cuda", "expected"),
    [
        (DeviceChoice.AUTO, None, None, Device()),
        (DeviceChoice.CPU, 2, cards(1, 80, "float16"), Device(batch=2)),
        (DeviceChoice.AUTO, None, cards(2, 80, "float16", "int8"), CARD),
        (DeviceChoice.CUDA, None, cards(1, 8, "float32"), Device("cuda", "float32", 4)),
        (DeviceChoice.AUTO, None, cards(1, 0), Device("cuda", "default", 4)),
        (DeviceChoice.AUTO, 7, cards(1, 80, "float16"), Device("cuda", "float16", 7)),
    ],
)
def test_the_device_is_chosen_by_what_is_there(
    choice: DeviceChoice, batch: int | None, cuda: Cuda | None, expected: Device
) -> None:
    assert choose_device(choice, batch, lambda: cuda) == expected


def test_a_device_that_is_not_there_is_not_silently_replaced() -> None:
    with pytest.raises(ModelError, match="no CUDA device"):
        choose_device(DeviceChoice.CUDA, find=lambda: None)


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "1", "a/b", "-1/3"])
def test_what_is_no_part_of_a_batch_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no part"):
        parse_shard(text)


def test_the_parts_of_a_batch_are_all_of_it() -> None:
    jobs = [Job(str(number), "x") for number in range(10)]
    parts = [parse_shard(f"{number}/3").choose(jobs) for number in (1, 2, 3)]
    assert sorted(job.name for part in parts for job in part) == [job.name for job in jobs]


# --- documents and their parts


PARTS = [
    Planned(BVID, number, title)
    for number, title in enumerate(["開幕致辭", "主题报告一", "主题报告二", "圆桌讨论"], 1)
]


@pytest.mark.parametrize(
    ("name", "header", "part"),
    [
        ("x.txt", f"# 大會 - P4：圆桌讨论 - 智源社区 - {BVID}\n\n", 4),
        (f"{BVID}_p2.txt", "", 2),
        (f"{BVID} P03 whatever.txt", "", 3),
        ("圓桌討論.txt", "", 4),
        ("2024大會 圓桌討論.txt", "", 4),
        ("主題報告二.txt", "", 3),
        ("P2 主題報告.txt", "", 2),
        ("x.md", "---\ntitle: 开幕致辞\n---\n\n", 1),
        ("主題報告三.txt", "", None),
        ("紅燒肉.txt", "", None),
        ("04.txt", "", None),  # a number alone says too little
        ("BV1yi421S7ou_p2.txt", "", None),
        (f"{BVID}.txt", "", None),
    ],
)
def test_a_document_is_of_the_part_that_it_names(
    tmp_path: Path, name: str, header: str, part: int | None
) -> None:
    (tmp_path / name).write_text(f"{header}大家好，歡迎大家。\n", encoding="utf-8")
    found = match_documents(PARTS, [tmp_path / name])
    assert [one.part for one in found.parts if one.document] == ([part] if part else [])
    assert bool(found.unused) is (part is None)


def test_what_suits_twice_is_left_to_a_person(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "圓桌討論.txt", tmp_path / "b" / "圆桌讨论.txt"]
    for path in paths:
        path.parent.mkdir()
        path.write_text("大家好。", encoding="utf-8")
    found = match_documents(PARTS, paths)
    assert found.parts[3].document is None
    assert found.parts[3].note == "it may be any of 圓桌討論.txt, 圆桌讨论.txt"


def test_a_number_is_not_taken_from_a_title(tmp_path: Path) -> None:
    path = tmp_path / "GPT4的未來.txt"
    path.write_text("大家好。", encoding="utf-8")
    assert read_document(path).number is None


def test_sounds_and_documents_on_the_command_line_find_each_other(tmp_path: Path) -> None:
    alone = tmp_path / "whole.txt"
    alone.write_text(f"# 大會 - P4：圆桌讨论 - 智源社区 - {BVID}\n\n大家好。\n", encoding="utf-8")
    for name in ("b.txt", "lost.txt"):
        (tmp_path / name).write_text("大家好。\n", encoding="utf-8")
    names = [str(tmp_path / name) for name in ("a.wav", "b.wav", "b.txt", "whole.txt", "lost.txt")]
    rows = pair_given(names)
    assert [row.line for row in rows] == [1, 2, 4, 5]
    assert rows[1].cells == {"source": names[1], "document": names[2]}
    assert rows[2].cells == {"document": names[3]}
    assert "it is of none of the parts" in rows[3].mistake
    (row,) = pair_given([f"{BVID}?p=4", str(alone)])
    assert row.cells == {"source": f"{BVID}?p=4", "document": str(alone)}
