"""How sure corrections are, in words, and what belongs to one place."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from subtools.core import (
    Alignment,
    Correction,
    Decision,
    Evidence,
    EvidenceKind,
    Finding,
    FindingKind,
    Paragraph,
    Span,
    Sureness,
    Transcript,
    Word,
    explain_all,
    explain_evidence,
    format_score,
    judge_score,
    name_stance,
)
from subtools.formats.correction_lists import compose_correction_markdown, group_corrections
from subtools.formats.correction_pages import compose_correction_html
from subtools.formats.corrections import compose_corrections, parse_corrections
from subtools.page import compose_review
from subtools.page.joining import join_findings

BODY = "甲乙丙丁戊己庚辛壬癸"


def correct(
    place: int,
    score: float = 0.7,
    decision: Decision = Decision.PROPOSE,
    *voices: Evidence,
    end: float | None = None,
    others: tuple[str, ...] = (),
) -> Correction:
    """Return a correction of the character at ``place``, spoken in the second ``place``."""
    span = Span(place, end or place + 1.0)
    return Correction((place, place + 1), BODY[place], "子", decision, score, voices, span, others)


def find(first: float, last: float, kind: FindingKind = FindingKind.MISHEARD) -> Finding:
    return Finding(kind, "x", "heard", Span(first, last))


# --- words


@given(st.floats(0, 1))
def test_every_score_has_a_word_and_a_percentage(score: float) -> None:
    assert judge_score(score) in Sureness
    assert "100" not in format_score(score), "nothing is certain"
    assert format_score(score) != "0 %"


def test_a_surer_score_never_has_a_weaker_word() -> None:
    words = [judge_score(score / 100) for score in range(101)]
    order = list(Sureness)
    assert [order.index(word) for word in words] == sorted(map(order.index, words), reverse=True)


def test_every_kind_of_evidence_says_something_else_for_and_against() -> None:
    for kind in EvidenceKind:
        pair = {explain_evidence(Evidence(kind, "", weight)) for weight in (2.0, -2.0)}
        assert len(pair) == 2
    alike = Evidence(EvidenceKind.SOUND, "sounds the same, 2.0 nats a phone unexplained", -1.0)
    assert explain_evidence(alike) == "both sound alike here"


def test_how_strongly_a_voice_speaks_follows_its_weight() -> None:
    said = [name_stance(Evidence(EvidenceKind.SOUND, "", w)) for w in (4.0, 2.0, 0.4, -0.4, -9.0)]
    assert said == ["strongly for", "for", "a little for", "a little against", "strongly against"]


def test_voices_that_say_the_same_are_one_line() -> None:
    voices = [
        Evidence(EvidenceKind.SOUND, "", 2.0),
        Evidence(EvidenceKind.CONSISTENCY, "", 1.5),
        Evidence(EvidenceKind.CONSISTENCY, "", 1.6),
    ]
    assert explain_all(voices) == (
        ("strongly for", "it agrees with other places of the document"),
        ("for", "it fits what is heard better than what is written"),
    )


# --- what a person reads


def test_proposals_are_grouped_by_how_sure_they_are() -> None:
    corrections = [
        correct(0, 0.4),
        correct(1, 0.99, Decision.APPLY),
        correct(2, 0.95),
        correct(3, 0.6),
        correct(4, 0.6),
        correct(5, 0.1, Decision.KEEP),
    ]
    groups = group_corrections(corrections)
    assert [(group.title, len(group.corrections)) for group in groups] == [
        ("Applied", 1),
        ("Proposed, likely", 1),
        ("Proposed, possible", 2),
        ("Proposed, unlikely", 1),
    ]
    text = compose_correction_markdown(corrections, BODY)
    assert text.index("## Proposed, likely (1)") < text.index("## Proposed, possible (2)")
    assert "~~丙~~ **子**丁戊己庚辛壬癸 (likely, 95 %)" in text


def test_the_html_says_in_words_what_speaks_for_a_correction_and_marks_what_changes() -> None:
    voice = Evidence(EvidenceKind.SOUND, "fits the sound worse by 3 nats", -3.5)
    page = compose_correction_html(
        [correct(3, 0.6, Decision.PROPOSE, voice)], BODY, page="./a%20b.m4a", language="zh-Hant"
    )
    assert "<del>丁</del>" in page and "<ins>子</ins>" in page
    assert 'href="./a%20b.m4a#t=2"' in page
    assert '<span class="sure possible">possible</span> <span class="score">60 %</span>' in page
    assert "<b>strongly against</b> <span>it does not fit what is heard</span>" in page
    assert "<details" in page and "sound -3.5: fits the sound worse by 3 nats" in page
    assert 'lang="zh-Hant"' in page
    assert "<script" not in page


def test_other_readings_stand_behind_the_one_that_is_proposed() -> None:
    corrections = [correct(2, others=("丑", "")), correct(5)]
    text = compose_correction_markdown(corrections, BODY)
    assert "甲乙~~丙~~ **子** (or *丑*, *–*)丁戊" in text
    assert text.count("(or ") == 1
    page = compose_correction_html(corrections, BODY)
    nothing = '<i lang="en">nothing</i>'
    others = f'(<i lang="en">or</i> <bdi>丑</bdi>, <bdi>{nothing}</bdi>)'
    assert f'<ins>子</ins> <span class="others">{others}</span>丁戊' in page
    assert page.count('class="others"') == 1


def test_why_something_is_only_proposed_is_said() -> None:
    corrections = [replace(correct(2), held_back="a <name> would change"), correct(5)]
    text = compose_correction_markdown(corrections, BODY)
    assert "\n  - held back: a \\<name\\> would change\n" in text
    page = compose_correction_html(corrections, BODY)
    assert "Held back: a &lt;name&gt; would change." in page
    assert (text.count("- held back:"), page.count("Held back:")) == (1, 1)
    assert parse_corrections(compose_corrections(corrections)) == tuple(corrections)


def test_the_page_offers_each_other_reading_once_and_not_what_is_written_or_proposed() -> None:
    alignment = Alignment(Transcript((Paragraph((Word(BODY, None, None),)),)), (), "zh", "phones")
    corrections = [correct(2, others=("丑", "丙", "子", "丑", "寅")), correct(5)]
    page = compose_review(alignment, corrections)
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert found is not None
    items = json.loads(found[1])["items"]
    assert [item["alternatives"] for item in items] == [["丑", "寅"], []]


# --- one place, one task


def test_a_finding_belongs_to_the_correction_that_has_most_of_it() -> None:
    corrections = [correct(0), correct(1), correct(2)]
    assert join_findings([find(1.2, 1.9)], corrections) == {0: 1}
    assert join_findings([find(0.8, 2.0)], corrections) == {0: 1}


def test_a_finding_of_a_whole_sentence_is_not_decided_by_one_word_of_it() -> None:
    assert join_findings([find(0.0, 8.0)], [correct(3)]) == {}


def test_the_characters_decide_where_times_are_not_known() -> None:
    finding = Finding(FindingKind.NOT_IN_AUDIO, "丁", "not heard", None, (3, 4))
    assert join_findings([finding], [correct(3)]) == {0: 0}
    assert join_findings([finding], [correct(4)]) == {}


def test_who_speaks_is_another_question_and_what_is_unlikely_decides_nothing() -> None:
    speaker = find(3.0, 4.0, FindingKind.DOUBTFUL_SPEAKER)
    assert join_findings([speaker], [correct(3)]) == {}
    assert join_findings([find(3.0, 4.0)], [correct(3, 0.1, Decision.KEEP)]) == {}
