"""How likely a Chinese text is, and which likelier one sounds the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.ngrams import find_idioms, load_ngrams, rehear_text, reread_text, score_text
from subtools.ngrams.tables import NO_WORD

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=20)


def reread(text: str, *listed: str) -> list[tuple[str, str]]:
    return [
        (text[found.start : found.end], found.text)
        for found in reread_text(text, frozenset(listed))
    ]


def word(text: str) -> int:
    return load_ngrams().places[text]


def test_the_likeliest_words_come_first_and_have_their_sounds() -> None:
    table = load_ngrams()
    assert table.words[0] == "的"
    assert table.sounds[word("我们")] == "wo men"
    assert len(table.words) == len(table.sounds) == len(table.costs)
    assert (table.pairs[1:] > table.pairs[:-1]).all()
    assert (table.triples[1:] > table.triples[:-1]).all()


def test_a_word_is_likelier_after_those_that_it_follows() -> None:
    table = load_ngrams()
    alone = table.likelihood(word("北京"), (NO_WORD, NO_WORD))
    after = table.likelihood(word("北京"), (NO_WORD, word("在")))
    wrong = table.likelihood(word("北京"), (NO_WORD, word("很")))
    assert after > alone > wrong


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我们能够佔成对手", "我们能够战胜对手"),
        ("我想问一下個位專家", "我想问一下各位專家"),
        ("他兵刃很多的医院", "他病人很多的医院"),
        ("種瘤細胞會擴散", "腫瘤細胞會擴散"),
    ],
)
def test_what_makes_sense_is_likelier(written: str, meant: str) -> None:
    assert score_text(meant) > score_text(written) + 3


def test_words_in_other_letters_part_a_text() -> None:
    assert score_text("我们用 Kubernetes 部署") == pytest.approx(
        score_text("我们用") + score_text("Kubernetes") + score_text("部署")
    )


def test_a_listed_word_need_not_be_known() -> None:
    text = "我们用腺病毒载体"
    assert "腺病毒载体" not in load_ngrams().places
    assert score_text(text, frozenset({"腺病毒载体"})) > score_text(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("這種兵刃還可以活很久", [("兵刃", "病人")]),
        ("吃衛生素的人很多", [("衛生素", "维生素")]),
        ("它是一個換存的問題", [("換存", "缓存")]),
        ("種瘤細胞會擴散", [("種瘤", "肿瘤")]),
        ("一切都好，沒有問題", []),
        ("we keep the GPU busy", []),
        ("", []),
    ],
)
def test_likelier_words_of_the_same_sound_are_found(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert reread(text) == found


@pytest.mark.parametrize(
    ("text", "heard", "meant"),
    [
        ("學到更加范化的能力", "范化", "泛化"),
        ("剛剛可能我也接送老師的問題", "送", "宋"),
        ("我們做了一個时宴", "时宴", "实验"),
    ],
)
def test_of_what_was_heard_other_words_of_the_same_sound_are_found(
    text: str, heard: str, meant: str
) -> None:
    place = text.index(heard)
    found = rehear_text(text, range(place, place + len(heard)), "")
    assert meant in found
    assert heard not in found


def test_what_a_document_writes_often_is_likelier_in_it() -> None:
    text, heard = "我們迅模型的時候", range(2, 3)
    body = "先做训练，然后训练好了，我们再训练，再测试，"
    assert rehear_text(text, heard, body)[0] == "训"
    assert rehear_text(text, heard, "我们在寻找，寻找了，再寻找一个，")[0] == "寻"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我先抱著隱喻", [("抱著隱喻", "抛砖引玉")]),
        ("規則寫到三死亡行的時候", [("三死亡行", "三思而行"), ("三死亡行", "三生有幸")]),
        ("我先拋磚引玉", []),
        ("我先說兩句", []),
        ("three GPUs", []),
        ("一一一龦", []),  # nobody knows how the last one is read
        ("", []),
    ],
)
def test_idioms_that_nearly_sound_so_are_found(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[one.start : one.end], one.text) for one in find_idioms(text)] == found


@given(HAN, st.integers(0, 19), st.integers(1, 4))
def test_of_any_text_what_is_heard_again_fits_in_its_place(
    text: str, start: int, length: int
) -> None:
    heard = range(min(start, len(text)), min(start + length, len(text)))
    for meant in rehear_text(text, heard, text):
        assert len(meant) == len(heard)
        assert meant != text[heard.start : heard.stop]
    assert all(one.end - one.start == len(one.text) for one in find_idioms(text))


def test_what_a_glossary_lists_is_found() -> None:
    text = "我們用線病讀做實驗"
    assert reread(text, "腺病毒") == [("線病讀", "腺病毒")]


@given(HAN)
def test_every_text_has_a_likelihood_and_rereadings_in_it(text: str) -> None:
    assert score_text(text) <= 0
    places = [(found.start, found.end, len(found.text)) for found in reread_text(text)]
    assert all(0 <= start < end <= len(text) for start, end, _ in places)
    assert all(end - start == length for start, end, length in places)
    assert places == sorted(places)


@given(HAN)
def test_rereadings_are_likelier_as_a_whole(text: str) -> None:
    found = list(reread_text(text))
    other = text
    for one in found:
        other = other[: one.start] + one.text + other[one.end :]
    assert not found or score_text(other) > score_text(text)
