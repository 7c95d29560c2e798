"""What may have been said instead, found in the text alone or in what a recogniser wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from subtools.cleaning import (
    Page,
    Sought,
    choose_candidates,
    find_disagreements,
    find_lettered_units,
    find_misspelled_terms,
    find_rehearings,
    find_rereadings,
    find_transliterations,
    lay_out,
)
from subtools.cleaning.comparing import Fit
from subtools.core import EvidenceKind, HeardWord, Paragraph, Term, Transcript, Word
from subtools.glossary import term_sounds
from subtools.lexicon import split_words
from subtools.phonetics.accents import accent_phones


def page_of(text: str) -> Page:
    return lay_out(Transcript((Paragraph(tuple(Word(word) for word in split_words(text))),)))


def sought(*names: str) -> list[Sought]:
    return [Sought(name, term_sounds(Term(name)), source="a list") for name in names]


def misspelled(text: str, *names: str) -> list[tuple[str, str]]:
    return [(c.before, c.after) for c in find_misspelled_terms(page_of(text), sought(*names))]


@pytest.mark.parametrize(
    ("text", "term", "found"),
    [
        ("還是都在bunchmark上面", "benchmark", ("bunchmark", "benchmark")),
        ("就是GBT5這個級別", "GPT", ("GBT5", "GPT5")),
        ("就是GDP4這個級別", "GPT-4", ("GDP4", "GPT-4")),
        ("就是BD-L1這個", "PD-L1", ("BD-L1", "PD-L1")),
        ("我們這種Rack系統", "RAG", ("Rack", "RAG")),
        ("用cooper netties部署", "Kubernetes", ("cooper netties", "Kubernetes")),
        ("做file tuning的時候", "Fine-tuning", ("file tuning", "Fine-tuning")),
        ("這個Scanning Law有點", "Scaling Law", ("Scanning Law", "Scaling Law")),
    ],
)
def test_what_is_nearly_a_term_may_be_the_term(
    text: str, term: str, found: tuple[str, str]
) -> None:
    assert found in misspelled(text, term)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("我們用GPT的時候", ("GPT",)),  # it is the term
        ("我們用GPT4的時候", ("GPT-3",)),  # another number
        ("我們用CPU的時候", ("GPT",)),  # letters that do not rhyme
        ("我們用ABC的時候", ("DEG",)),  # none is the same
        ("我們用Python的時候", ("Redis",)),
        ("這個，Scanning，Law有點", ("Scaling Law",)),  # not one clause
        ("沒有英文", ("GPT",)),
    ],
)
def test_what_is_something_else_is_left_alone(text: str, terms: Sequence[str]) -> None:
    assert misspelled(text, *terms) == []


def test_of_stretches_for_one_term_the_most_similar_is_proposed() -> None:
    assert misspelled("做file tuning的時候", "Fine-tuning") == [("file tuning", "Fine-tuning")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一個7B的模型，就有幾幣參數", [("幣", "B")]),
        ("一個7B的模型，有十比參數", [("比", "B")]),
        ("一個7B的模型，用的是比特幣", []),  # no number before it
        ("一個模型，就有幾幣參數", []),  # nobody counts in B
    ],
)
def test_letters_that_a_document_counts_in_may_be_meant_by_their_sound(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert [(one.before, one.after) for one in find_lettered_units(page_of(text))] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("就包括拉瑪自己也是", [("拉瑪", "LLaMA")]),
        ("就包括拉，瑪自己也是", []),  # two clauses
        ("就包括喇叭自己也是", []),
    ],
)
def test_a_term_may_be_written_in_han_just_as_it_sounds(
    text: str, found: list[tuple[str, str]]
) -> None:
    candidates = find_transliterations(page_of(text), sought("LLaMA", "YAML"))
    assert [(one.before, one.after) for one in candidates] == found


def test_the_likelier_word_of_the_same_sound_is_proposed_in_its_place() -> None:
    page = page_of("你好，這個兵刃還可以活很久")
    (found,) = find_rereadings(page)
    assert (found.before, found.after) == ("兵刃", "病人")
    assert page.text(found.words) == "兵刃"
    assert found.origin is EvidenceKind.FREQUENCY


def test_an_idiom_that_nearly_sounds_so_is_proposed() -> None:
    (found,) = find_rereadings(page_of("我先抱著隱喻，對吧"))
    assert (found.before, found.after) == ("抱著隱喻", "抛砖引玉")


def test_other_words_of_the_sound_that_was_heard_are_proposed() -> None:
    page = page_of("先做訓練，我們虛模型的時候，訓練數據")
    place = page.cores.index("虛")
    heard = page.propose(range(place, place + 1), "迅", EvidenceKind.RECOGNISER, "it was heard")
    found = list(find_rehearings(page, heard))
    assert found[0].after == "训"
    assert {(one.before, one.origin) for one in found} == {("虛", EvidenceKind.FREQUENCY)}
    latin = replace(heard, after="LLaMA")
    assert list(find_rehearings(page, latin)) == []


def test_pieces_of_a_word_that_was_heard_are_one_word() -> None:
    page = page_of("我們用RDC做快照")
    texts = ("我們", "用", " R", "DB", "做", "快", "照")
    heard = [HeardWord(text, k, k + 1.0, 1.0) for k, text in enumerate(texts)]
    assert [(c.before, c.after) for c in find_disagreements(page, heard)] == [("RDC", "RDB")]


def test_of_the_same_for_more_and_fewer_words_the_sound_chooses() -> None:
    page = page_of("我們用cooper netties的時候")
    both = [
        page.propose(range(3, last), "Kubernetes", EvidenceKind.GLOSSARY, "") for last in (5, 6)
    ]
    assert choose_candidates(both, [Fit(30.0, 0.5), Fit(20.0, 0.5)], [1.0, 4.0]) == [0]


def test_of_the_same_for_more_and_fewer_words_the_almost_right_ones_are_chosen() -> None:
    page = page_of("我們做file tuning的時候")
    both = [
        page.propose(range(first, 5), "Fine-tuning", EvidenceKind.GLOSSARY, "") for first in (4, 3)
    ]
    assert choose_candidates(both, [Fit(68.0, 0.5), Fit(63.0, 0.5)], [1.0, 1.0]) == [1]


def test_of_many_for_the_same_words_the_likeliest_are_looked_at() -> None:
    page = page_of("我們說畢業的時候")
    names = ["閉源", "比元", "必遠", "筆緣", "壁院"]
    found = [page.propose(range(3, 5), name, EvidenceKind.GLOSSARY, "") for name in names]
    odds = [0.0, 3.0, -2.0, 1.0, 2.0]
    assert choose_candidates(found, [None] * 5, odds) == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("english", "mandarin"),
    [
        ("L AA M AH", "l a m a"),
        ("S K EY L IH NG", "s k ei l ing"),
        ("K AE F K AH", "k ai f k a"),
        ("IH N AH F", "i n e f"),  # a nasal before a vowel begins a syllable
        ("b i van", "b i van"),
    ],
)
def test_english_is_said_with_the_sounds_of_mandarin(english: str, mandarin: str) -> None:
    assert " ".join(accent_phones(english.split())) == mandarin


def test_a_term_in_english_may_be_said_with_an_accent() -> None:
    said = [" ".join(phones) for phones in term_sounds(Term("LLaMA"))]
    assert said[:2] == ["L AA M AH", "l a m a"]
