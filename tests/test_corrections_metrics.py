"""How corrections are judged, by examples worked by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Correction, Decision
from subtools.errors import DocumentError
from subtools.metrics import (
    CorrectionScore,
    EndScore,
    Kind,
    Misheard,
    Reference,
    Share,
    classify,
    fold_spoken,
    fold_tokens,
    parse_reference,
    score_corrections,
    score_sentence_ends,
    wilson_interval,
)
from subtools.metrics.reference import Clause

APPLY, PROPOSE, KEEP = Decision.APPLY, Decision.PROPOSE, Decision.KEEP
texts = st.text("一二十百万點点三a bG4.5%，零 two", max_size=20)


def truth_of(*clauses: tuple[str, str], terms: Sequence[str] = ()) -> tuple[str, Reference]:
    """Return body and truth of clauses (written, spoken) with a comma after each.

    What is wrong in a clause is one item from the first to the last difference.
    """
    body, entries, wrong = "", [], []
    for k, (written, spoken) in enumerate(clauses):
        place = (len(body), len(body) + len(written))
        entries.append(Clause(written, spoken, float(k), k + 1.0, "甲", place))
        if written != spoken:
            wrong.append(_difference(written, spoken, k, place[0]))
        body += written + "，"
    return body, Reference(60.0, 60.0, ("甲",), (), tuple(entries), (), tuple(wrong), tuple(terms))


def _difference(written: str, spoken: str, clause: int, offset: int) -> Misheard:
    head = next(k for k in range(len(written) + 1) if written[: k + 1] != spoken[: k + 1])
    rest = min(len(written), len(spoken)) - head
    tail = next(k for k in range(rest + 1) if k == rest or written[-k - 1 :] != spoken[-k - 1 :])
    end = len(written) - tail
    said = spoken[head : len(spoken) - tail]
    return Misheard(written[head:end], said, clause, (offset + head, offset + end))


def change(body: str, before: str, after: str, decision: Decision = APPLY) -> Correction:
    start = body.index(before)
    return Correction((start, start + len(before)), before, after, decision, 0.9)


def score(*changes: tuple[str, str], of: tuple[str, Reference]) -> CorrectionScore:
    body, truth = of
    return score_corrections(body, [change(body, *pair) for pair in changes], truth)


def test_script_case_width_and_spaces_are_no_difference() -> None:
    assert fold_spoken("我們用 Ｐython  寫的。") == fold_spoken("我们用PYTHON写的")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("二零二四年", "2024年"),
        ("三點五", "3.5"),
        ("百分之四十九", "49%"),
        ("兩百二十萬", "220万"),
        ("六万三千", "63,000"),
        ("一千零五", "1005"),
        ("三百二", "320"),
        ("六亿三千万", "6.3亿"),
        ("nine percent", "9 %"),
        ("nineteen ninety", "1990"),
        ("an hour and fifty minutes", "an hour and 50 minutes"),
        ("seven hundred and ninety eight", "798"),
        ("a hundred and fifty thousand stars", "150,000 stars"),
        ("two point four metres", "2.4 metres"),
    ],
)
def test_a_number_is_the_same_in_words_and_in_figures(one: str, other: str) -> None:
    assert fold_spoken(one) == fold_spoken(other)


@pytest.mark.parametrize(
    ("one", "other"), [("3。5", "3.5"), ("十四", "四十"), ("四", "十"), ("sixteen", "sixty")]
)
def test_another_number_is_another_text(one: str, other: str) -> None:
    assert fold_spoken(one) != fold_spoken(other)


@given(texts)
def test_tokens_stand_in_order_and_hold_all_letters_and_digits(text: str) -> None:
    tokens = fold_tokens(text)
    places = [place for token in tokens for place in (token.start, token.end)]
    assert places == sorted(places)
    held = {k for token in tokens for k in range(token.start, token.end)}
    assert all(k in held for k, character in enumerate(text) if character.isalnum())


def test_a_correction_that_leaves_what_was_said_is_right() -> None:
    found = score(("快熱", "query"), of=truth_of(("用快熱去找", "用query去找")))
    assert found.precision(APPLY) == found.recall() == Share(1, 1)
    assert (found.edits_before, found.edits_after) == (5, 0)


def test_half_a_repair_is_not_right() -> None:
    found = score(("抱著隱喻", "拋磚隱喻"), of=truth_of(("抱著隱喻的", "拋磚引玉的")))
    assert (found.precision(APPLY), found.recall()) == (Share(0, 1), Share(0, 1))


def test_a_part_that_is_right_is_right_but_does_not_mend_the_whole() -> None:
    found = score(("抱著", "拋磚"), of=truth_of(("抱著隱喻的", "拋磚引玉的")))
    assert (found.precision(APPLY), found.recall()) == (Share(1, 1), Share(0, 1))


def test_two_parts_mend_the_whole() -> None:
    both = score(("抱著", "拋磚"), ("隱喻", "引玉"), of=truth_of(("抱著隱喻的", "拋磚引玉的")))
    assert (both.precision(APPLY), both.recall()) == (Share(2, 2), Share(1, 1))


def test_a_repair_may_take_its_neighbours_along_and_have_another_form() -> None:
    found = score(("这个Scanning Law", "這個 scaling law"), of=truth_of(
        ("这个Scanning Law很", "这个Scaling Law很")
    ))  # fmt: skip
    assert (found.precision(APPLY), found.recall()) == (Share(1, 1), Share(1, 1))


def test_a_word_of_which_a_letter_is_replaced_is_compared_whole() -> None:
    truth = truth_of(("用bunchmork測", "用benchmark測"))
    assert score(("u", "e"), of=truth).precision(APPLY) == Share(0, 1)


def test_what_was_right_and_is_no_more_makes_a_clause_wrong() -> None:
    found = score(("在", "再"), of=truth_of(("我在這裡", "我在這裡"), ("好的", "好的")))
    assert found.clauses == Share(1, 2)
    assert [(one.is_right, one.was_right) for one in found.judged] == [(False, True)]


def test_a_clause_that_was_wrong_anyway_is_not_made_wrong() -> None:
    found = score(
        ("在", "再"),
        of=truth_of(
            ("我在者裡", "我在這裡"),
        ),
    )
    assert (found.clauses, found.precision(APPLY)) == (Share(0, 0), Share(0, 1))


def test_a_figure_that_becomes_another_number_is_compared_whole() -> None:
    body, truth = truth_of(("有4個", "有4萬個"))
    found = score_corrections(body, [Correction((2, 2), "", "万", APPLY, 0.9)], truth)
    assert (found.precision(APPLY), found.recall()) == (Share(1, 1), Share(1, 1))
    wrong = score_corrections(body, [Correction((2, 2), "", "千", APPLY, 0.9)], truth)
    assert (wrong.precision(APPLY), wrong.recall()) == (Share(0, 1), Share(0, 1))


def test_another_form_of_the_same_is_not_counted() -> None:
    found = score(("3.5", "三点五"), ("Git", " git "), of=truth_of(("用Git3.5版", "用Git3.5版")))
    assert found.judged == ()
    assert found.clauses == Share(0, 1)


def test_what_is_proposed_counts_for_what_is_found_only() -> None:
    body, truth = truth_of(("差一句", "插一句"))
    found = score_corrections(body, [change(body, "差", "插", PROPOSE)], truth)
    assert (found.recall(), found.recall(proposed=True)) == (Share(0, 1), Share(1, 1))
    assert (found.precision(APPLY), found.precision(PROPOSE)) == (Share(0, 0), Share(1, 1))
    assert found.cer_after == found.cer_before


def test_another_reading_beside_a_proposal_counts_for_what_is_shown_only() -> None:
    body, truth = truth_of(("差一句", "插一句"))
    proposed = replace(change(body, "差", "查", PROPOSE), alternatives=("茶", "插"))
    found = score_corrections(body, [proposed], truth)
    assert (found.recall(proposed=True), found.recall(shown=True)) == (Share(0, 1), Share(1, 1))
    assert found.precision(PROPOSE) == Share(0, 1)


def test_what_is_kept_does_not_count() -> None:
    body, truth = truth_of(("差一句", "插一句"))
    assert score_corrections(body, [change(body, "差", "查", KEEP)], truth).judged == ()


def test_missing_words_are_put_in_and_words_too_many_left_out() -> None:
    body, truth = truth_of(("我們很好", "我們都很好"), ("是是是的", "是的"))
    put_in = Correction((2, 2), "", "都", APPLY, 0.9)
    found = score_corrections(body, [put_in, change(body, "是是是", "是")], truth)
    assert (found.precision(APPLY), found.recall()) == (Share(2, 2), Share(2, 2))


def test_a_correction_across_clauses_is_judged_with_both() -> None:
    truth = truth_of(("我們做規", "我們做規模"), ("磨定律", "定律"))
    found = score(("規，磨", "規模，"), of=truth)
    assert (found.precision(APPLY), found.edits_before, found.edits_after) == (Share(1, 1), 1, 0)


def test_of_two_in_one_place_what_is_applied_counts() -> None:
    body, truth = truth_of(("差一句", "插一句"))
    both = [change(body, "差一", "查一", PROPOSE), change(body, "差", "插")]
    assert score_corrections(body, both, truth).precision(PROPOSE) == Share(0, 0)


def test_what_lies_outside_the_truth_does_not_count() -> None:
    body, truth = truth_of(("差一句", "插一句"))
    later = Correction((len(body), len(body) + 1), "誰", "隨", APPLY, 0.9)
    assert score_corrections(body + "誰", [later], truth).judged == ()


def test_kinds_go_by_what_is_wrong_there() -> None:
    body, truth = truth_of(("幣參數", "B參數"), ("模型蠢練", "模型訓練"), terms=["訓練"])
    found = score_corrections(body, [change(body, "蠢", "訓")], truth)
    assert found.recall(Kind.TERM) == Share(1, 2)
    assert found.precision(APPLY, Kind.TERM) == Share(1, 1)
    assert found.recall(Kind.HOMOPHONE) == Share(0, 0)


def test_sounds_that_are_often_confused_are_homophones() -> None:
    pairs = [("真", "正"), ("刺", "赤"), ("他", "它"), ("好", "號"), ("好", "老"), ("", "了")]
    kinds = [classify(Misheard(*pair, 0, (0, len(pair[0]))), pair[1], ()) for pair in pairs]
    assert kinds == [Kind.HOMOPHONE] * 4 + [Kind.OTHER] * 2


def test_scores_of_documents_add_up() -> None:
    one = score(("差", "插"), of=truth_of(("差一句", "插一句")))
    two = score(("差", "查"), of=truth_of(("差一句", "插一句")))
    assert (one + two).precision(APPLY) == Share(1, 2)
    assert (one + two).as_dict()["homophone"]["mended"] == {"hits": 1, "of": 2}
    assert (one + two).cer_after == pytest.approx(1 / 6)


@given(st.lists(st.tuples(texts.filter(bool), texts), min_size=1, max_size=4))
def test_the_truth_itself_is_always_right(clauses: list[tuple[str, str]]) -> None:
    body, truth = truth_of(*clauses)
    perfect = [
        Correction(wrong.doc, wrong.written, wrong.spoken, APPLY, 0.9) for wrong in truth.misheard
    ]
    found = score_corrections(body, perfect, truth)
    assert found.precision(APPLY).hits == found.precision(APPLY).total
    assert found.edits_after == 0


@given(st.integers(0, 50), st.integers(0, 50))
def test_the_interval_holds_the_share(hits: int, misses: int) -> None:
    low, high = wilson_interval(hits, hits + misses)
    assert 0 <= low <= high <= 1
    if hits + misses:
        assert low <= hits / (hits + misses) <= high


def test_an_interval_as_published() -> None:
    # 81 of 263, R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998)
    assert [round(limit, 4) for limit in wilson_interval(81, 263)] == [0.2553, 0.3662]


def reference_json(**changed: Any) -> str:
    clause = {"text": "差", "spoken": "插", "start": 0, "end": 1, "speaker": "甲", "doc": [0, 1]}
    wrong = {"seed": "差", "spoken": "插", "clause": 0, "start": 0, "doc": [0, 1]}
    whole = {"duration": 9, "speakers": {}, "turns": [], "clauses": [clause], "units": []}
    return json.dumps(whole | {"corrections": [wrong], "terms": ["插嘴"]} | changed)


def test_a_reference_tells_what_was_misheard_and_the_terms() -> None:
    truth = parse_reference(reference_json())
    assert truth.misheard == (Misheard("差", "插", 0, (0, 1)),)
    assert truth.terms == ("插嘴",)


def test_missing_words_have_no_place_of_their_own() -> None:
    missing = {"seed": "", "spoken": "插", "clause": 0, "doc": [1, 1]}
    assert parse_reference(reference_json(corrections=[missing])).misheard[0].doc == (1, 1)


def test_a_reference_whose_corrections_do_not_fit_is_refused() -> None:
    wrong = {"seed": "差不多", "spoken": "插", "clause": 0, "doc": [0, 1]}
    with pytest.raises(DocumentError, match=r"corrections\[0\].*not as long"):
        parse_reference(reference_json(corrections=[wrong]))
    with pytest.raises(DocumentError, match="list of texts"):
        parse_reference(reference_json(terms="插嘴"))


@pytest.mark.parametrize(
    ("written", "score"),
    [
        ("我們開始。你好嗎？很好，謝謝。", EndScore(2, 2, 2)),
        ("我们开始。你好吗。很好，谢谢", EndScore(2, 2, 2)),
        ("我們開始，你好嗎？很。好謝謝。", EndScore(1, 2, 2)),
        ("我們開始你好嗎很好謝謝", EndScore(0, 0, 2)),
        ("那我們開始吧。你好嗎，很好謝謝。", EndScore(0, 1, 2)),
    ],
)
def test_sentence_ends_count_by_place(written: str, score: EndScore) -> None:
    assert score_sentence_ends("我們開始。你好嗎？很好，謝謝。", written) == score


def test_points_inside_numbers_and_names_end_nothing() -> None:
    assert score_sentence_ends("It is 3.5. Yes.", "It is 3.5. Yes.") == EndScore(1, 1, 1)


def test_f1_of_sentence_ends() -> None:
    score = EndScore(1, 2, 2) + EndScore(1, 1, 3)
    assert (score.precision, score.recall, score.f1) == (2 / 3, 2 / 5, 0.5)
    assert EndScore(0, 0, 0).f1 == 1.0
