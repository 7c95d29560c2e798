"""Manifests: three forms, one meaning; all mistakes at once, each with its line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.batch import Job, Manifest, parse_manifest
from subtools.errors import DocumentError
from subtools.talks import TextChoice

DEFAULTS = Job("", "", style="plain")
CSV = """name,source,part,document,language,speakers,outputs
opening,a.m4a,,a.txt,zh,no,"srt,vtt"
,BV1zE421N7UJ,8,b.txt,,,
"""
JSONL = """{"name": "opening", "source": "a.m4a", "document": "a.txt", \
"language": "zh", "speakers": "no", "outputs": ["srt", "vtt"]}

{"source": "BV1zE421N7UJ", "part": 8, "document": "b.txt"}
"""
YAML = """jobs:
  - name: opening
    source: a.m4a
    document: a.txt
    language: zh
    speakers: no
    outputs: [srt, vtt]
  - source: BV1zE421N7UJ
    part: 8
    document: b.txt
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.m4a", "a.txt", "b.txt"):
        (tmp_path / name).write_text("x")
    return tmp_path


def parse(text: str, folder: Path, name: str = "m.csv") -> Manifest:
    return parse_manifest(text, folder / name, DEFAULTS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (CSV, "m.csv"),
        (CSV.replace(",", ";").replace('"srt;vtt"', "srt vtt"), "m.csv"),
        (CSV.replace('"srt,vtt"', "srt vtt").replace(",", "\t"), "m.tsv"),
        (CSV.replace("\n", "\r\n"), "m.csv"),
        (JSONL, "m.jsonl"),
        (YAML, "m.yaml"),
        (YAML.removeprefix("jobs:\n"), "m.yml"),
    ],
)
def test_the_three_forms_say_the_same(text: str, name: str, folder: Path) -> None:
    found = parse(text, folder, name)
    assert found.mistakes == ()
    opening, panel = found.jobs
    assert opening.name == "opening"
    assert opening.source == str(folder / "a.m4a")
    assert opening.document == folder / "a.txt"
    assert (opening.language, opening.speakers) == ("zh", 0)
    assert opening.outputs == (".srt", ".vtt")
    assert (panel.name, panel.source, panel.part) == ("BV1zE421N7UJ_p8", "BV1zE421N7UJ", 8)
    assert panel.outputs == DEFAULTS.outputs


def test_all_mistakes_are_told_with_their_lines(folder: Path) -> None:
    text = (
        "name,source,part,langauge,language,style,outputs,document,speakers,text\n"
        "one,a.m4a,,zh,,,,,,\n"
        "two,a.m4a,x,,,,,,,\n"
        "three,a.m4a,,,xx,nobody,odt,,,\n"
        ",,,,,,,,2,\n"
        "one,a.m4a,,,,,,a.txt,,\n"
        "six,a.m4a,3,,,,,,,site\n"
        "bad/name,a.m4a,,,,,,,-1,\n"
    )
    told = [(m.line, m.text.partition(":")[0]) for m in parse(text, folder).mistakes]
    assert told == [
        (1, "there is no column `langauge`; did you mean `language`?"),
        (3, "part"),
        (4, "language"),
        (4, "style"),
        (4, "outputs"),
        (5, "there is no source"),
        (6, "name"),
        (7, "part"),
        (7, "text"),
        (8, "name"),
        (8, "speakers"),
    ]


def test_a_column_of_the_header_is_told_of_once_and_one_of_a_line_with_its_line(
    folder: Path,
) -> None:
    table = parse("source,lang\na.m4a,\na.m4a,zh\na.m4a,zh\n", folder)
    assert [mistake.line for mistake in table.mistakes] == [1]
    lines = parse('{"source": "a.m4a"}\n{"source": "a.m4a", "lang": "zh"}\n', folder, "m.jsonl")
    assert [mistake.line for mistake in lines.mistakes] == [2]


def test_a_number_of_speakers_says_what_else_there_is(folder: Path) -> None:
    (mistake,) = parse("source,speakers\na.m4a,zwei\n", folder).mistakes
    assert mistake.text.startswith("speakers: 'zwei' is no number from 1 on, nor `no`")
    assert "`auto`" in mistake.text


def test_lines_are_counted_where_cells_have_several(folder: Path) -> None:
    text = 'source,language\n"a.m4a",zh\n"a\nb.m4a",zh\na.m4a,xx\n'
    assert [mistake.line for mistake in parse(text, folder).mistakes] == [3, 5]


def test_a_missing_file_is_told_and_costs_its_job_only(folder: Path) -> None:
    found = parse("source,document\na.m4a,nix.txt\na.m4a,a.txt\nnix.m4a,a.txt\n", folder)
    assert [(m.line, m.is_missing) for m in found.mistakes] == [(2, True), (4, True)]
    assert [job.name for job in found.jobs] == ["a", "a-2", "nix"]


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("", "m.csv", 1),
        ("audio\na.m4a\n", "m.csv", 1),
        ('source\n"a.m4a\n', "m.csv", 2),
        ("jobs: 3\n", "m.yaml", None),
        ("a: [\n", "m.yaml", 2),
        ("x", "m.odt", None),
    ],
)
def test_what_is_no_manifest_is_refused(
    text: str, name: str, line: int | None, folder: Path
) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(text, folder, name)
    assert caught.value.line == line


def test_a_line_of_json_that_is_none_is_one_mistake_among_others(folder: Path) -> None:
    found = parse('{"source": "a.m4a"}\n{"source"\n[1]\n{"part": true}\n', folder, "m.jsonl")
    assert [mistake.line for mistake in found.mistakes] == [2, 3, 4, 4]
    assert len(found.jobs) == 1


def test_columns_for_people_are_left_alone(folder: Path) -> None:
    found = parse("source,title,duration,note\na.m4a,報告,60,no document\n", folder)
    assert found.mistakes == ()


def test_all_columns_get_where_they_belong(folder: Path) -> None:
    text = (
        "source,names,glossary,style,aligner,model,speakers,topics,track,offset,partial,text,beam,threads\n"
        "a.m4a,a.txt,b.txt,bbc,recognition,base,3,8,2,-1.5,yes,recognised,4,2\n"
    )
    found = parse(text, folder)
    assert found.mistakes == ()
    job = found.jobs[0]
    assert (job.names, job.glossary) == (folder / "a.txt", folder / "b.txt")
    assert (job.style, job.aligner, job.model) == ("bbc", "recognition", "base")
    assert (job.speakers, job.topics, job.track, job.offset) == (3, 8, 2, -1.5)
    assert (job.partial, job.text, job.beam, job.threads) == (True, TextChoice.RECOGNISED, 4, 2)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_names_are_unique_and_folders_everywhere(titles: list[str]) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["source"])
    table.writerows([[f"/x/{title}.wav"] for title in titles if "\x00" not in title])
    found = parse_manifest(text.getvalue(), Path("/x/m.csv"), DEFAULTS)
    names = [job.name.casefold() for job in found.jobs]
    assert len(set(names)) == len(names)
    assert all(name == Path(name).name and name not in {"", ".", ".."} for name in names)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for suffix in ("csv", "jsonl", "yaml"):
        try:
            parse_manifest(text, Path(f"/x/m.{suffix}"), DEFAULTS)
        except DocumentError as error:
            assert json.dumps(error.message)


def test_a_clean_text_is_asked_for_in_a_column_of_its_own(folder: Path) -> None:
    text = "source,clean,text\na.m4a,yes,\na.m4a,no,\na.m4a,maybe,\na.m4a,,clean\n"
    found = parse(text, folder)
    assert [job.clean for job in found.jobs] == [True, False]
    assert [(mistake.line, mistake.text.partition(" ")[0]) for mistake in found.mistakes] == [
        (4, "clean:"),
        (5, "text:"),
    ]
