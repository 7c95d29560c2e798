"""The benches of cleaning and of marks, and the documents they measure on."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from scripts.bench import punctuation
from scripts.bench.corrections.__main__ import main
from scripts.bench.corrections.talks import error_rate, find_talks, merge_naively
from scripts.bench.truths.documents import differing_stretches, refer_document
from scripts.bench.truths.mishearing import mishear_clause
from scripts.bench.truths.recording import TEXTS
from scripts.bench.truths.voicing import read_script, unvoice, voice_latin
from scripts.training.panels.screenplay import Line, parse_screenplay
from subtools.core import Alignment, Correction, Decision, Paragraph, Span, Transcript, Word
from subtools.formats.corrections import compose_corrections
from subtools.formats.words import compose_words
from subtools.lexicon import split_words
from subtools.metrics import parse_reference

HAN = re.compile("[\u4e00-\u9fff]")


def spoken(*clauses: str) -> dict[str, Any]:
    """Return the truth of a talk in which each clause takes a second."""
    entries = []
    units = []
    for k, text in enumerate(clauses):
        entries.append(
            {"index": k, "spoken": text, "text": text, "start": k, "end": k + 1, "turn": 0}
            | {"speaker": "甲", "doc": [0, len(text)]}
        )
        units.append({"u": text, "s": k, "e": k + 1, "clause": k, "turn": 0, "k": [0, len(text)]})
    turn = {"speaker": "甲", "start": 0, "end": len(clauses), "spoken": "，".join(clauses) + "。"}
    return {
        "duration": len(clauses) + 1,
        "speakers": {"甲": ""},
        "turns": [turn],
        "clauses": entries,
        "units": units,
        "terms": [],
    }


def differences(written: str, said: str) -> list[tuple[str, str]]:
    return [(written[a:b], said[c:d]) for (a, b), (c, d) in differing_stretches(written, said)]


@pytest.mark.parametrize(
    ("written", "said", "found"),
    [
        ("抱著隱喻的", "拋磚引玉的", [("抱著隱喻", "拋磚引玉")]),
        ("用cooper netties做", "用Kubernetes做", [("cooper netties", "Kubernetes")]),
        ("Scanning Law很", "Scaling Law很", [("Scanning", "Scaling")]),
        ("GPT3。5了", "GPT-3.5了", [("3。5", "3.5")]),
        ("有12秒", "有二十秒", [("12", "二十")]),
        ("有12秒", "有十二秒", []),
        ("数据", "有ABC数据", [("", "有ABC")]),
        ("是是的", "是的", [("是", "")]),
    ],
)
def test_what_differs_is_whole_words_and_numbers(
    written: str, said: str, found: list[tuple[str, str]]
) -> None:
    assert differences(written, said) == found


def test_a_document_is_put_beside_what_was_said() -> None:
    truth = spoken("我們用Kubernetes", "一共3台", "沒有壞")
    body = "我們用酷伯內提斯一共三台。沒有懷"
    reference = refer_document(body, truth)
    parse_reference(json.dumps(reference))
    assert [clause["text"] for clause in reference["clauses"]] == [
        "我們用酷伯內提斯",
        "一共三台",
        "沒有懷",
    ]
    wrong = [(c["seed"], c["spoken"], body[slice(*c["doc"])]) for c in reference["corrections"]]
    assert wrong == [("酷伯內提斯", "Kubernetes", "酷伯內提斯"), ("懷", "壞", "懷")]


def test_a_clause_that_the_document_lacks_is_joined_to_the_one_before() -> None:
    reference = refer_document("我們開始。好的。", spoken("我們開始", "對不對", "好的"))
    assert [c["spoken"] for c in reference["clauses"]] == ["我們開始對不對", "好的"]
    assert [(c["seed"], c["spoken"]) for c in reference["corrections"]] == [("", "對不對")]
    assert reference["units"][1]["k"] == [4, 7]


def test_capitals_are_said_one_by_one_and_the_rest_as_listed() -> None:
    assert voice_latin("用SQL和Redis，", {"Redis": "red is"}) == "用{SQL|S Q L}和{Redis|red is}，"


def test_what_is_written_is_the_truth_however_it_is_voiced() -> None:
    clause = {"index": 0, "text": "用P99吧", "spoken": "用P 九十九吧", "doc": [0, 5], "turn": 0}
    units = [{"clause": 0, "k": place} for place in ([0, 1], [1, 2], [3, 4], [6, 7])]
    correction = {"seed": "P99", "spoken": "P 九十九", "clause": 0, "doc": [1, 4]}
    turns = [{"text": "用P99吧。", "spoken": "用P 九十九吧。"}]
    made = unvoice(
        {"clauses": [clause], "units": units, "corrections": [correction], "turns": turns}
    )
    assert made["clauses"][0]["spoken"] == "用P99吧"
    assert [unit["k"] for unit in made["units"]] == [[0, 1], [1, 4], [1, 4], [4, 5]]
    assert made["corrections"] == []


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_texts_can_be_recorded_and_hold_their_terms(path: Path) -> None:
    script = read_script(path.read_text("utf-8"))
    play = parse_screenplay(script.screenplay)
    lines = [event for event in play.events if isinstance(event, Line)]
    said = "".join(clause.written for line in lines for clause in line.clauses)
    missing = [term for term in script.terms if term.casefold() not in said.casefold()]
    names = {role.name for role in play.roles}
    assert [term for term in missing if not any(term in name for name in names)] == []
    pauses = [clause.pause for line in lines for clause in line.clauses if clause.pause]
    assert len(pauses) > 20


def test_letters_are_misheard_as_letters_that_rhyme() -> None:
    chance = random.Random(1)
    heard = {mishear_clause("the API", ["API"], chance) for _ in range(40)}
    assert "the API" in heard
    assert len(heard) > 3
    assert all(re.fullmatch("the [A-Z]{3}", text) for text in heard)


def test_naive_merging_takes_what_is_heard_and_keeps_what_is_not() -> None:
    merged = merge_naively("今天講畢業模型。好", "今天 講閉源模型")
    assert error_rate("今天講閉源模型好", merged) == 0.0


def write_talk(folder: Path, body: str, truth: dict[str, Any]) -> None:
    """Write a talk whose words stand a tenth of a second apart."""
    folder.mkdir()
    words = tuple(
        Word(text, Span(k / 10, k / 10 + 0.1)) for k, text in enumerate(split_words(body))
    )
    transcript = Transcript((Paragraph(words),))
    text = compose_words(Alignment(transcript, (), language="zh", aligner="phones"))
    (folder / "a.words.json").write_text(text, "utf-8")
    (folder / "a.ref.json").write_text(json.dumps(refer_document(body, truth)), "utf-8")
    (folder / "a.opus").write_bytes(b"sound")


def test_corrections_of_any_origin_are_scored_from_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "我們用快熱，這裡沒有問題，在見。"
    write_talk(tmp_path / "talk", body, spoken("我們用query", "這裡沒有問題", "再見"))
    results = tmp_path / "results"
    (results / "a").mkdir(parents=True)
    (results / "heard-5.words.json").write_bytes((tmp_path / "talk/a.words.json").read_bytes())
    good = Correction((3, 5), "快熱", "query", Decision.APPLY, 0.99)
    bad = Correction((6, 7), "這", "哪", Decision.APPLY, 0.9)
    for name, found in {"all": [good, bad], "no-glossary": [bad]}.items():
        path = results / "a" / f"{name}.corrections.json"
        path.write_text(compose_corrections(found), "utf-8")
    main([str(tmp_path / "talk"), "--results", str(results), "--errors", "9"])
    printed = capsys.readouterr().out
    row, without = [line for line in printed.splitlines() if line.startswith("| a | ")][:2]
    assert "1/2 = 50 %" in row
    assert "0/1 = 0 %" in without
    assert "1/1 = 500.0" in row
    assert "apply wrongly (other): 這 -> 哪" in printed
    assert "missed (homophone): 在 -> 再" in printed


def test_marks_are_measured_on_the_same_documents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_talk(tmp_path / "talk", "我們開始。好的，好的", spoken("我們開始", "好的", "好的"))
    reference = tmp_path / "talk" / "a.ref.json"
    content = json.loads(reference.read_text("utf-8"))
    content["turns"][0]["spoken"] = "我們開始。好的。好的。"
    reference.write_text(json.dumps(content), "utf-8")
    punctuation.main([str(tmp_path)])
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| a |")]
    assert "| a | none | 0 / 2 | - | 0.00 | 0.00 |" in rows
    assert "| a | as the document has them | 1 / 2 | 1.00 | 0.50 | 0.67 |" in rows


def test_talks_are_found_side_by_side_and_in_folders(tmp_path: Path) -> None:
    write_talk(tmp_path / "talk", "好的", spoken("好的"))
    assert [talk.name for talk in find_talks(tmp_path)] == ["a"]
    assert [talk.spoken for talk in find_talks(tmp_path / "talk")] == ["好的"]
