"""What is written wrong: what may have been said instead, what speaks for it, what is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.alignment import align_posteriors
from subtools.cleaning import (
    CleaningSettings,
    Fit,
    Observation,
    Page,
    Sought,
    add_up,
    choose_candidates,
    compare_sounds,
    decide,
    find_broken_numbers,
    find_disagreements,
    find_transliterations,
    lay_out,
    locate_terms,
    measure_misfit,
    plan_passages,
    spot_patterns,
    weigh,
)
from subtools.cleaning.deciding import HELD_BACK
from subtools.cleaning.fitting import Stretch, fit_words
from subtools.cleaning.spotting import LANES, LONGEST, STEP
from subtools.cleaning.values import LONGEST_CLAUSE
from subtools.core import (
    Adviser,
    Alignment,
    Answer,
    Correction,
    Decision,
    Evidence,
    EvidenceKind,
    Glossary,
    HeardWord,
    Paragraph,
    Posteriors,
    Question,
    Span,
    Term,
    Transcript,
    Word,
)
from subtools.correcting import Witnesses, apply_corrections, find_corrections
from subtools.correcting.observing import count_repeats, observe
from subtools.formats.correction_lists import compose_correction_markdown
from subtools.formats.correction_pages import compose_correction_html
from subtools.glossary import term_sounds
from subtools.lexicon import split_words
from subtools.phonetics import read_words
from tests.posteriors import Recording, Sound, record

BEFORE, AFTER = "我們今天先來講一下", "然後再看其他的東西吧"


def document(text: str) -> Transcript:
    return Transcript((Paragraph(tuple(Word(word) for word in split_words(text))),))


def say(*parts: str, seed: int = 0, sure: float = 1.0) -> Recording:
    """Return the sound of ``parts``, as a sure classifier hears it."""
    words = [
        readings[0] for part in parts for readings in read_words(split_words(part)) if readings
    ]
    return record([Sound(word) for word in words], np.random.default_rng(seed), sure=sure)


def written(text: str, spoken: Posteriors) -> Alignment:
    return align_posteriors(document(text), spoken, language="zh")


def find(
    text: str,
    said: str,
    *terms: str,
    heard: Sequence[HeardWord] | None = None,
    judge: float | None = None,
    settings: CleaningSettings | None = None,
    adviser: Adviser | None = None,
) -> tuple[Correction, ...]:
    """Return the corrections of ``BEFORE + text + AFTER``, of which ``said`` is spoken."""
    posteriors = say(BEFORE, said, AFTER).posteriors
    alignment = written(BEFORE + text + AFTER, posteriors)
    glossary = Glossary(tuple(Term(term, source="a list") for term in terms))

    def answer(_start: float, _end: float, texts: Sequence[str]) -> list[float]:
        return [0.0] + [judge or 0.0] * (len(texts) - 1)

    asked = None if judge is None else answer
    witnesses = Witnesses(posteriors, glossary, heard, asked, adviser)
    return find_corrections(alignment, witnesses, settings)


def applied(corrections: Sequence[Correction]) -> list[tuple[str, str]]:
    return [(c.before, c.after) for c in corrections if c.decision is Decision.APPLY]


# --- terms in the sound ---------------------------------------------------------------


def test_a_term_is_spotted_where_it_is_spoken() -> None:
    spoken = say(BEFORE, "閉源", AFTER)
    (hit,) = spot_patterns([("b", "i", "van")], spoken.log_probs)
    word = len(BEFORE)
    assert abs(hit.first - spoken.first[word]) <= STEP
    assert abs(hit.last - spoken.last[word + 1]) <= STEP
    assert hit.cost < 0.5


@given(place=st.integers(0, 200))
def test_a_term_is_spotted_wherever_the_lanes_are_cut(place: int) -> None:
    filler = read_words(["好"])[0][0]
    sounds = [Sound(filler)] * place + [Sound(("b", "i")), Sound(("van",))]
    sounds += [Sound(filler)] * (200 - place)
    spoken = record(sounds, np.random.default_rng(1), sure=1.0)
    assert len(spoken.log_probs) > LANES * STEP * LONGEST / 2
    hits = spot_patterns([("b", "i", "van")], spoken.log_probs)
    assert [abs(hit.first - int(spoken.first[place])) <= STEP for hit in hits] == [True]


def test_nothing_is_spotted_in_nothing() -> None:
    assert spot_patterns([], say(BEFORE).log_probs) == ()
    assert spot_patterns([("b",)], np.zeros((0, 80), np.float16)) == ()


def test_the_words_that_are_said_fit_best_and_explain_the_sound() -> None:
    spoken = say("閉源")
    frames = 0, len(spoken.log_probs)
    words = [(("b", "i"),), (("van",),)]
    others = [(("b", "i"),), (("ie",),)]
    right, wrong = fit_words(
        [Stretch(*frames, tuple(words), range(2)), Stretch(*frames, tuple(others), range(2))],
        spoken.log_probs,
    )
    assert right.total > wrong.total
    assert right.unexplained < 1 < wrong.unexplained


def test_words_for_which_there_is_no_room_do_not_fit() -> None:
    spoken = say("閉源")
    (score,) = fit_words([Stretch(0, 3, ((("b", "i"),), (("van",),)))], spoken.log_probs)
    assert score.total == -np.inf


def test_either_way_to_say_a_word_will_do() -> None:
    spoken = say("長城")
    ways = ((("zh", "ang"), ("ch", "ang")), (("ch", "eng"),))
    one = ((("ch", "ang"),), (("ch", "eng"),))
    both = fit_words(
        [Stretch(0, len(spoken.log_probs), words) for words in (ways, one)], spoken.log_probs
    )
    assert both[0].total == both[1].total


# --- candidates -----------------------------------------------------------------------


def located(text: str, said: str, term: Term) -> set[tuple[str, str]]:
    spoken = say(BEFORE, said, AFTER)
    page = lay_out(written(BEFORE + text + AFTER, spoken.posteriors).transcript)
    sought = Sought(term.name, term_sounds(term), term.aliases)
    hits = spot_patterns(sought.sounds, spoken.log_probs)
    return {(c.before, c.after) for c in locate_terms(page, [sought], [(0, hit) for hit in hits])}


def test_a_term_is_proposed_where_it_is_heard_and_something_else_is_written() -> None:
    assert ("畢業", "閉源") in located("畢業", "閉源", Term("閉源"))


@pytest.mark.parametrize("text", ["閉源", "闭源", "「閉源」"])
def test_a_term_is_not_proposed_where_it_is_written(text: str) -> None:
    assert located(text, "閉源", Term("閉源")) == set()


def test_an_alias_is_not_wrong() -> None:
    assert located("封閉源", "封閉源", Term("閉源", aliases=("封閉源",))) == set()


def page_of(text: str) -> Page:
    words = split_words(text)
    timed = tuple(Word(word, Span(k * 0.2, k * 0.2 + 0.2)) for k, word in enumerate(words))
    return lay_out(Transcript((Paragraph(timed),)))


def hearing(text: str) -> list[HeardWord]:
    return [
        HeardWord(word, k * 0.2, k * 0.2 + 0.2, 0.5) for k, word in enumerate(split_words(text))
    ]


def test_what_a_recogniser_wrote_instead_is_a_candidate() -> None:
    found = list(find_disagreements(page_of("為什麼能夠佔成自身"), hearing("为什么能够战胜自身")))
    assert (found[0].before, found[0].after) == ("佔成", "战胜")


def test_characters_that_only_look_different_are_left_out_of_a_second_candidate() -> None:
    found = list(find_disagreements(page_of("會何之前從客戶"), hearing("会和志强从客户")))
    assert {(c.before, c.after) for c in found} == {
        ("何之前", "和志强"),
        ("之前", "志强"),
        ("前", "强"),
    }


@pytest.mark.parametrize("heard", ["他们都说好", "她們都說好"])
def test_words_that_only_grammar_tells_apart_are_no_candidates(heard: str) -> None:
    assert list(find_disagreements(page_of("它們都說好"), hearing(heard))) == []


@pytest.mark.parametrize(("text", "after"), [("GPT-3。5，", "3.5"), ("是3+5嗎", "3.5")])
def test_a_broken_number_is_a_candidate(text: str, after: str) -> None:
    assert [c.after for c in find_broken_numbers(page_of(text))] == [after]


@pytest.mark.parametrize("text", ["有3。5個", "3.5", "3，然後5", "第3。500"])
def test_sentences_between_numbers(text: str) -> None:
    expected = ["3.5"] if text == "有3。5個" else []
    assert [c.after for c in find_broken_numbers(page_of(text))] == expected


def test_passages_for_a_judge_are_whole_clauses_and_short() -> None:
    page = page_of("這是一句話，" * 40)
    candidate = page.propose(range(100, 102), "那是", EvidenceKind.GLOSSARY, "")
    (passage,) = plan_passages(page, [candidate])
    assert passage.span.duration < 15
    assert len(passage.texts) == 2
    assert passage.texts[0] != passage.texts[1]


def test_a_term_does_not_run_into_the_letters_beside_it() -> None:
    page = page_of("用拉瑪three的")
    candidate = page.propose(range(1, 3), "LLaMA", EvidenceKind.GLOSSARY, "")
    assert (candidate.before, candidate.after) == ("拉瑪", "LLaMA ")


def test_paragraphs_are_not_joined_to_a_number() -> None:
    paragraphs = [Paragraph(page_of(text).words) for text in ("有3。", "5個")]
    assert list(find_broken_numbers(lay_out(Transcript(tuple(paragraphs))))) == []


# --- evidence and decisions -----------------------------------------------------------

CLEAR = Fit(40.0, 0.2)


def one(
    before: str, after: str, seen: Observation, origin: EvidenceKind = EvidenceKind.GLOSSARY
) -> Correction:
    page = page_of(f"我們說{before}的時候")
    first = 3
    words = range(first, first + len(split_words(before)))
    (correction,) = decide(page, [page.propose(words, after, origin, "listed")], [seen])
    return correction


def test_what_sounds_better_and_is_listed_is_applied() -> None:
    assert one("畢業", "閉源", Observation(fit=CLEAR, judged=5.0)).decision is Decision.APPLY


def test_every_voice_is_told_the_strongest_first() -> None:
    evidence = one("畢業", "閉源", Observation(fit=CLEAR, judged=5.0)).evidence
    kinds = [voice.kind for voice in evidence]
    assert kinds[0] is EvidenceKind.SOUND
    assert set(kinds) == {EvidenceKind.SOUND, EvidenceKind.RECOGNISER, EvidenceKind.GLOSSARY}
    assert [abs(voice.weight) for voice in evidence] == sorted(
        (abs(voice.weight) for voice in evidence), reverse=True
    )


@given(judged=st.floats(-100, 100), wording=st.floats(-50, 0))
def test_a_recogniser_alone_is_never_enough(judged: float, wording: float) -> None:
    seen = Observation(fit=Fit(0.0, 0.0), judged=judged, heard="閉源", wording=wording)
    found = one("畢業", "閉源", seen, EvidenceKind.RECOGNISER)
    assert found.decision is not Decision.APPLY


@given(gain=st.floats(-1000, -1), judged=st.floats(-50, 200), repeats=st.integers(0, 20))
def test_nothing_is_applied_against_the_sound(gain: float, judged: float, repeats: int) -> None:
    seen = Observation(Fit(gain, 0.0), judged, "閉源", 9.0, repeats=repeats)
    assert one("畢業", "閉源", seen).decision is not Decision.APPLY


@pytest.mark.parametrize(
    ("before", "after"),
    [("三個", "山歌"), ("不是", "都是"), ("沒說", "每說"), ("GPT3", "GPT"), ("十年", "實驗")],
)
def test_numbers_and_negations_need_more(before: str, after: str) -> None:
    seen = Observation(fit=CLEAR, judged=0.5)
    assert one("畢業", "閉源", seen).decision is Decision.APPLY
    assert one(before, after, seen).decision is Decision.PROPOSE
    assert one(before, after, Observation(fit=CLEAR, judged=9.0)).decision is Decision.APPLY


STRANGE = Observation(
    Fit(0.0, 0.05), 2.0, "Ridis", strangeness=1.0, likeness=0.8, phones=5
)  # no word, heard just so by a recogniser as well


def test_what_is_no_word_is_taken_for_the_term_that_sounds_and_looks_so() -> None:
    assert one("Ridis", "Redis", STRANGE).decision is Decision.APPLY
    a_word = replace(STRANGE, strangeness=0.5)
    assert one("Ridis", "Redis", a_word).decision is not Decision.APPLY


def test_a_slip_of_letters_is_put_right_where_a_recogniser_hardly_objects() -> None:
    slip = Observation(Fit(20.0, 0.5), -4.0, "Skeling Law", strangeness=0.5, likeness=0.86)
    assert one("Skilling Law", "Scaling Law", slip).decision is Decision.APPLY
    sure = replace(slip, judged=-12.0)
    assert one("Skilling Law", "Scaling Law", sure).decision is Decision.PROPOSE
    unlike = replace(slip, likeness=0.6)
    assert one("Schilling Low", "Scaling Law", unlike).decision is Decision.PROPOSE


def test_a_term_in_han_is_not_applied_against_a_recogniser() -> None:
    assert one("端定", "斷點", Observation(fit=CLEAR, judged=-1.0)).decision is Decision.PROPOSE


def test_what_nobody_vouches_for_needs_a_recogniser_that_is_sure() -> None:
    found = [
        one(
            "大家",
            "代價",
            Observation(CLEAR, judged, "代價", wording=5.0),
            EvidenceKind.RECOGNISER,
        ).decision
        for judged in (-1.0, 12.0)
    ]
    assert found == [Decision.PROPOSE, Decision.APPLY]


def test_what_a_recogniser_writes_in_han_for_latin_letters_is_no_proposal() -> None:
    seen = Observation(CLEAR, 12.0, "巴")
    assert one("Pod", "巴", seen, EvidenceKind.RECOGNISER).decision is Decision.KEEP


def test_the_users_own_terms_count_for_more() -> None:
    page = page_of("我們說在體的時候")
    shipped = page.propose(range(3, 5), "載體", EvidenceKind.GLOSSARY, "listed")
    seen = Observation(Fit(0.0, 0.0), 2.0, phones=5)
    scores = [add_up(weigh(replace(shipped, is_own=own), seen)) for own in (False, True)]
    assert scores[1] > scores[0]


@pytest.mark.parametrize(
    ("text", "before", "after", "strangeness"),
    [
        ("我們用Gobernadi部署", "Gobernadi", "Kubernetes", 1.0),
        ("我們用cooper netties部署", "cooper netties", "Kubernetes", 1.0),
        ("它叫Scanning Law吧", "Scanning Law", "Scaling Law", 0.5),
        ("我們說ABI的時候", "ABI", "API", 0.5),
        ("we look at the Scanning Law here", "Scanning Law", "Scaling Law", 0.0),
        ("我們說傑森的時候", "傑森", "JSON", 0.0),
    ],
)
def test_how_strange_latin_letters_are(
    text: str, before: str, after: str, strangeness: float
) -> None:
    page = page_of(text)
    first = next(k for k, core in enumerate(page.cores) if before.startswith(core))
    words = range(first, first + len(split_words(before)))
    candidate = page.propose(words, after, EvidenceKind.GLOSSARY, "listed")
    assert observe(page, candidate, CLEAR, None, set()).strangeness == strangeness


def test_what_makes_no_word_is_taken_for_a_term_of_the_user_that_sounds_just_so() -> None:
    page = page_of("我們說快兆的時候")
    candidate = replace(
        page.propose(range(3, 5), "快照", EvidenceKind.GLOSSARY, "listed"), is_own=True
    )
    seen = Observation(Fit(0.0, 0.0), 0.0, "快兆", 2.0, phones=4)
    decisions = [
        decide(page, [candidate], [replace(seen, is_no_word=odd)])[0].decision
        for odd in (False, True)
    ]
    assert decisions == [Decision.KEEP, Decision.PROPOSE]


def test_no_word_of_a_term_is_written_twice() -> None:
    pairs = located("它叫Scanning Law吧", "它叫Scaling Law吧", Term("Scaling Law"))
    assert ("Scanning Law", "Scaling Law") in pairs
    assert ("Scanning", "Scaling Law") not in pairs


def test_a_text_without_marks_is_laid_out_in_parts() -> None:
    marked = "我們說畢業的時候，他們說畢業的時候。"
    assert page_of(marked).clauses == (0, 8, 16)
    page = page_of(marked + "我們說畢業的時候" * 500)
    assert page.clauses[:3] == (0, 8, 16)
    assert max(last - first for first, last in pairwise(page.clauses)) == LONGEST_CLAUSE


def test_what_is_put_right_at_one_place_is_likelier_at_another() -> None:
    page = page_of("我們說畢業的時候，他們說畢業的時候")
    both = [
        page.propose(range(first, first + 2), "閉源", EvidenceKind.GLOSSARY, "listed")
        for first in (3, 11)
    ]
    clear, doubtful = Observation(CLEAR, 8.0), Observation(Fit(12.0, 0.3), 3.0)
    alone = decide(page, both[1:], [doubtful])
    together = decide(page, both, [clear, doubtful])
    assert alone[0].decision is Decision.PROPOSE
    assert [one.decision for one in together] == [Decision.APPLY, Decision.APPLY]


def test_what_is_found_in_several_ways_repeats_only_at_other_places() -> None:
    page = page_of("我們說畢業的時候，他們說畢業的時候")
    first, again, other = (
        page.propose(range(begin, begin + 2), "閉源", EvidenceKind.GLOSSARY, reason)
        for begin, reason in ((3, "heard"), (3, "spelled so"), (11, "heard"))
    )
    fits = Observation(CLEAR)
    assert [s.repeats for s in count_repeats([first, again], [fits] * 2)] == [0, 0]
    assert [s.repeats for s in count_repeats([first, again, other], [fits] * 3)] == [1, 1, 1]


def test_what_is_written_so_everywhere_is_hardly_misheard_every_time() -> None:
    page = page_of("三元鋰的電池，還是三元鋰，都是三元鋰")
    found = page.propose(range(3), "三元里", EvidenceKind.RECOGNISER, "")
    seen = observe(page, found, Fit(0.0, 0.0), None, ())
    assert seen.written == 2
    scores = [add_up(weigh(found, replace(seen, written=times))) for times in (0, 1, 2)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_what_stands_before_a_title_needs_more() -> None:
    seen = Observation(fit=Fit(0.0, 0.0), judged=11.0, heard="借助東", wording=8.0)
    decisions = []
    for text in ("我接著董老師的觀點", "我接著董事們的觀點"):
        page = page_of(text)
        found = page.propose(range(1, 4), "借助東", EvidenceKind.RECOGNISER, "")
        decisions += [decide(page, [found], [seen])[0].decision]
    assert decisions == [Decision.PROPOSE, Decision.APPLY]


def test_a_part_of_a_name_needs_more() -> None:
    page = page_of("第二場，我是江若琳，我們今天談兩件事")
    place = page.cores.index("琳")
    found = page.propose(range(place, place + 1), "林", EvidenceKind.RECOGNISER, "")
    seen = Observation(Fit(0.0, 0.0), judged=6.0, heard="林", wording=10.0)
    assert decide(page, [found], [seen])[0].decision is Decision.PROPOSE
    elsewhere = page_of("第二場，我是做琳片的，我們今天談兩件事")
    place = elsewhere.cores.index("琳")
    found = elsewhere.propose(range(place, place + 1), "林", EvidenceKind.RECOGNISER, "")
    assert decide(elsewhere, [found], [seen])[0].decision is Decision.APPLY


def test_which_name_makes_the_likelier_words_says_nothing() -> None:
    page = page_of("鐘老師有補充嗎")
    named = replace(page.propose(range(3), "董老師", EvidenceKind.CONSISTENCY, ""), is_person=True)
    seen = Observation(Fit(0.0, 0.0), 5.0, wording=9.0)
    kinds = [voice.kind for voice in weigh(named, seen)]
    assert EvidenceKind.FREQUENCY not in kinds


def test_two_readings_that_are_as_good_are_for_a_person() -> None:
    page = page_of("我們說畢業的時候")
    seen = Observation(fit=CLEAR, judged=5.0)
    both = [
        page.propose(range(3, 5), after, EvidenceKind.GLOSSARY, "") for after in ("閉源", "比元")
    ]
    (correction,) = decide(page, both, [seen, seen])
    assert correction.decision is Decision.PROPOSE


def test_what_else_may_have_been_said_is_shown_with_a_proposal() -> None:
    page = page_of("我們說畢業的時候")
    likelier, likely, hardly = (
        Observation(Fit(gain, 0.0), judged)
        for gain, judged in ((14.0, 3.0), (14.0, 1.0), (2.0, -9.0))
    )
    whole = [page.propose(range(3, 5), w, EvidenceKind.GLOSSARY, "") for w in ("閉源", "比率")]
    part = page.propose(range(4, 5), "元", EvidenceKind.GLOSSARY, "")
    wider = page.propose(range(2, 5), "稅比重", EvidenceKind.GLOSSARY, "")
    never = page.propose(range(3, 5), "壁虎", EvidenceKind.GLOSSARY, "")
    candidates = [*whole, part, wider, never]
    seen = [likelier, likely, likely, likely, hardly]
    (correction,) = decide(page, candidates, seen, CleaningSettings(apply=1.0))
    assert (correction.before, correction.after) == ("畢業", "閉源")
    assert correction.alternatives == ("畢元", "比率")  # what keeps more is likelier


def test_of_what_only_sounds_like_what_was_heard_a_person_decides() -> None:
    page = page_of("我們說畢業的時候")
    seen = Observation(CLEAR, judged=12.0, wording=12.0)
    heard = page.propose(range(3, 5), "閉源", EvidenceKind.FREQUENCY, "it sounds so")
    (made,) = decide(page, [heard], [seen])
    assert (made.decision, made.held_back) == (Decision.APPLY, "")
    (asked,) = decide(page, [replace(heard, is_reheard=True)], [seen])
    assert (asked.decision, asked.score) == (Decision.PROPOSE, HELD_BACK)
    assert asked.held_back == "only its sound was heard, not the word"


@pytest.mark.parametrize(
    ("text", "before", "after", "why"),
    [
        ("我說畢業老師的時候", "畢業", "必業", "a name would change"),
        ("我說三個模型", "三", "山", "a number would change"),
        ("我說這不是模型", "不", "部", "a negation would change"),
    ],
)
def test_why_a_correction_is_held_back_is_said(
    text: str, before: str, after: str, why: str
) -> None:
    page = page_of(text)
    start = page.cores.index(before[0])
    words = range(start, start + len(before))
    listed = page.propose(words, after, EvidenceKind.GLOSSARY, "")
    (found,) = decide(page, [listed], [Observation(Fit(9.0, 0.0), judged=11.0, wording=1.0)])
    assert (found.decision, found.held_back) == (Decision.PROPOSE, why)


def test_evidence_that_is_left_out_counts_for_nothing() -> None:
    page = page_of("我們說畢業的時候")
    candidate = page.propose(range(3, 5), "閉源", EvidenceKind.GLOSSARY, "listed")
    without = (EvidenceKind.SOUND, EvidenceKind.GLOSSARY)
    voices = weigh(candidate, Observation(fit=CLEAR, judged=5.0), without)
    assert [voice.kind for voice in voices] == [EvidenceKind.RECOGNISER]


# --- all of it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said", "term"),
    [
        ("畢業", "閉源", "閉源"),  # Han misheard as Han
        ("傑森", "JSON", "JSON"),  # Han written for an English name
        ("GDP-4", "GPT-4", "GPT-4"),  # letters
        ("cooper netties", "Kubernetes", "Kubernetes"),  # English misheard as other words
        ("Bobby and", "泛化能力", "泛化能力"),  # Han misheard as English
    ],
)
def test_a_misheard_term_is_put_right(text: str, said: str, term: str) -> None:
    assert applied(find(text, said, term, judge=4.0)) == [(text, term)]


@pytest.mark.parametrize("said", ["閉源", "JSON", "GPT-4", "Kubernetes", "泛化能力", "畢業"])
def test_what_is_right_stays(said: str) -> None:
    terms = ("閉源", "JSON", "GPT-4", "Kubernetes", "泛化能力")
    assert applied(find(said, said, *terms, judge=0.0)) == []


def test_without_a_glossary_terms_are_those_of_the_document() -> None:
    said = "先說Kubernetes的事再說Kubernetes的人最後"
    found = find(said + "說cooper netties的", said + "說Kubernetes的", judge=4.0)
    assert applied(found) == [("cooper netties", "Kubernetes")]
    assert EvidenceKind.CONSISTENCY in {v.kind for c in found for v in c.evidence}


def test_what_is_applied_can_be_undone_and_all_else_keeps_its_time() -> None:
    posteriors = say(BEFORE, "閉源", AFTER).posteriors
    before = written(BEFORE + "畢業，" + AFTER, posteriors)
    glossary = Glossary((Term("閉源"),))

    def agree(_start: float, _end: float, texts: Sequence[str]) -> list[float]:
        return [0.0] + [4.0] * (len(texts) - 1)

    corrections = find_corrections(before, Witnesses(posteriors, glossary, None, agree))
    after = apply_corrections(before, corrections, posteriors)
    assert after.transcript.body == BEFORE + "閉源，" + AFTER
    (made,) = [c for c in corrections if c.decision is Decision.APPLY]
    first, last = made.offsets
    body = after.transcript.body
    assert body[:first] + made.before + body[first + len(made.after) :] == before.transcript.body
    old, new = before.transcript.words, after.transcript.words
    assert len(old) == len(new)
    assert all(word.span is not None for word in new)
    assert last - first == 2


def test_the_same_again_gives_the_same() -> None:
    assert find("畢業", "閉源", "閉源") == find("畢業", "閉源", "閉源")


def test_a_language_model_is_asked_about_doubts_alone_and_decides_nothing_alone() -> None:
    asked: list[Question] = []

    def choose_first(questions: Sequence[Question], /) -> tuple[Answer | None, ...]:
        asked.extend(questions)
        return tuple(Answer(0) for _ in questions)

    assert find("畢業", "閉源", "閉源", judge=9.0, adviser=choose_first)
    assert [question.readings for question in asked if question.before == "畢業"] == []
    assert applied(find("畢業", "畢業", "閉源", judge=-9.0, adviser=choose_first)) == []
    doubtful = find("畢業", "閉源", "閉源", judge=-3.0, adviser=choose_first)
    assert ("畢業", ("閉源",)) in [(q.before, q.readings) for q in asked]
    kinds = {voice.kind for c in doubtful for voice in c.evidence}
    assert EvidenceKind.LANGUAGE_MODEL in kinds


# --- for a person ---------------------------------------------------------------------

NASTY = "<script>alert(1)</script>[x](javascript:y)|`*_"


def nasty() -> Correction:
    voice = Evidence(EvidenceKind.SOUND, NASTY, 1.0)
    place = (0, len(NASTY))
    span = Span(62.5, 63.0)
    return Correction(place, NASTY, NASTY, Decision.APPLY, 0.9, (voice,), span, (NASTY * 2,))


def test_html_for_reading_has_no_markup_of_others_and_no_script() -> None:
    html = compose_correction_html([nasty()], NASTY * 2, title=NASTY, page="https://a.b/?x=1&y=<z>")
    assert "<script" not in html
    assert "default-src 'none'" in html
    assert 'href="https://a.b/?x=1&amp;y=' in html
    assert "1:02" in html


def test_markdown_for_reading_has_no_markup_of_others() -> None:
    text = compose_correction_markdown([nasty()], NASTY * 2, title=NASTY, page="https://a.b/")
    assert "<script" not in text.replace("\\<script", "")
    assert "\\[x\\](javascript" in text
    assert "](<https://a.b/" in text


def test_what_is_kept_is_not_for_reading() -> None:
    kept = Correction((0, 1), "a", "b", Decision.KEEP, 0.1)
    assert "Applied (0)" in compose_correction_markdown([kept], "a")


def test_the_sound_is_compared_with_its_neighbours_in_place() -> None:
    spoken = say(BEFORE, "閉源", AFTER)
    page = lay_out(written(BEFORE + "畢業" + AFTER, spoken.posteriors).transcript)
    words = range(len(BEFORE), len(BEFORE) + 2)
    right = page.propose(words, "閉源", EvidenceKind.GLOSSARY, "")
    wider = page.propose(range(len(BEFORE) - 1, len(BEFORE) + 2), "閉源", EvidenceKind.GLOSSARY, "")
    fits = compare_sounds(page, [right, wider], spoken.log_probs)
    assert fits[0].gain > 10
    assert fits[0].gain > fits[1].gain


def test_of_what_is_read_just_as_it_is_written_the_sound_says_nothing() -> None:
    page = page_of("就包括拉瑪自己也是")
    (named,) = find_transliterations(page, [Sought("LLaMA", term_sounds(Term("LLaMA")))])
    seen = Observation(Fit(0.0, 4.0), judged=3.0, is_no_word=True)
    assert EvidenceKind.SOUND not in {voice.kind for voice in weigh(named, seen)}
    wider = replace(page.propose(range(2, 5), "LLaMA", named.origin, ""), sounds=named.sounds)
    chosen = choose_candidates([wider, named], [Fit(40.0, 6.0), seen.fit], [0.0, 0.0])
    assert chosen == [1]


@pytest.mark.parametrize("mark", ["，", ""])
def test_words_that_are_not_said_leave_the_sound_unexplained(mark: str) -> None:
    clauses = ("我們今天先來講一下", "然後再看其他的東西吧", "最後大家一起來討論") * 4
    parts = tuple(clause + mark for clause in clauses)
    spoken = say(*parts)
    right = lay_out(written("".join(parts), spoken.posteriors).transcript)
    spans = [word.span for word in right.words]
    others = split_words(
        f"這個模型的參數有多少{mark}能夠處理很長的文本嗎{mark}我覺得並不很容易{mark}" * 4
    )
    assert len(others) == len(spans)
    wrong = [Word(text, span, 0.9) for text, span in zip(others, spans, strict=True)]
    page = lay_out(Transcript((Paragraph(tuple(wrong)),)))
    fitting, other = (measure_misfit(one, spoken.log_probs) for one in (right, page))
    assert fitting is not None
    assert fitting < 1
    assert other is not None
    assert other > 10
    assert measure_misfit(lay_out(document(parts[0])), spoken.log_probs) is None  # no times
