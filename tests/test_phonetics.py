"""Text to phones: what sounds alike is spelled alike."""

from __future__ import annotations

import warnings
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.phonetics import Phones, fold_text, spell_phones, unify_script

LANGUAGES = ("zh", "yue", "en", "de", "fr", "ja", "ko", "vi", "id", "fa", "ru", "am", "th", "xx")

languages = st.sampled_from(LANGUAGES)
han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=30)
numbers = st.from_regex(r"\d{1,12}([.,．]\d{1,20}){0,2}\s?[%％]?", fullmatch=True)


def spell(text: str, language: str = "zh") -> Phones:
    """Return the phones of a text in one piece."""
    return spell_phones([text], language)[0]


# --- Han


def test_a_character_is_an_initial_and_a_toneless_final() -> None:
    assert spell_phones(["大", "模", "型", "愛"], "zh") == (
        ("d", "a"),
        ("m", "o"),
        ("x", "in"),
        ("ai",),
    )


@pytest.mark.parametrize(
    ("one", "other"), [("佔成", "戰成"), ("依次", "一次"), ("國揚", "國洋"), ("在", "再")]
)
def test_homophones_are_equal(one: str, other: str) -> None:
    assert spell(one) == spell(other)


@pytest.mark.parametrize(("one", "other"), [("知", "資"), ("是", "四"), ("吃", "詞"), ("星", "心")])
def test_what_speakers_often_do_not_tell_apart_is_equal(one: str, other: str) -> None:
    assert spell(one) == spell(other)


@pytest.mark.parametrize(("one", "other"), [("大", "他"), ("模", "型"), ("來", "外")])
def test_other_sounds_differ(one: str, other: str) -> None:
    assert spell(one) != spell(other)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("我們看到它呈現出非常明顯的代際差", "我们看到它呈现出非常明显的代际差"),
        ("銀行的行長長大了", "银行的行长长大了"),
        ("頭髮與發展", "头发与发展"),
    ],
)
def test_traditional_equals_simplified(traditional: str, simplified: str) -> None:
    assert spell(traditional) == spell(simplified)


def test_a_reading_looks_at_the_neighbours_across_a_border() -> None:
    assert spell_phones(["長", "大"], "zh")[0] == ("z", "an")
    assert spell_phones(["長", "城"], "zh")[0] == ("c", "an")


def test_punctuation_breaks_the_neighbourhood_and_has_no_phones() -> None:
    assert spell_phones(["，", "「", "。」 "], "zh") == ((), (), ())


@given(han)
def test_every_han_character_has_phones_of_its_own(text: str) -> None:
    assert all(spell_phones(list(text), "zh"))


# --- pieces


@given(st.text() | han, st.lists(st.integers(0, 30)), languages)
def test_borders_between_pieces_change_no_phone(
    text: str, borders: list[int], language: str
) -> None:
    cuts = [0, *sorted(min(border, len(text)) for border in borders), len(text)]
    pieces = [text[a:b] for a, b in pairwise(cuts)]
    spelled = spell_phones(pieces, language)
    assert len(spelled) == len(pieces)
    assert tuple(chain.from_iterable(spelled)) == spell(text, language)


def test_an_empty_piece_takes_no_phones_from_the_next() -> None:
    assert spell_phones(["", "大", "", "型", ""], "zh") == ((), ("d", "a"), (), ("x", "in"), ())
    assert spell_phones([], "zh") == ()


# --- numbers


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("85", "八十五"),
        ("10", "十"),
        ("128", "一百二十八"),
        ("3.5", "三點五"),
        ("3.50", "三點五零"),
        ("1,000", "一千"),
        ("2023", "二零二三"),
        ("2023年", "二零二三年"),
        ("007", "零零七"),
        ("13800138000", "一三八零零一三八零零零"),
        ("5%", "百分之五"),
        ("5 %", "百分之五"),
        ("１００％", "百分之一百"),
        ("８５", "八十五"),
        ("３．５", "三點五"),
        ("٣٤", "三十四"),
        ("85\n人", "八十五人"),
        ("85\u3000人", "八十五人"),
        ("GPT-4", "GPT四"),
        ("3.1415926535897932384626", "三點" + "一四一五九二六五三五八九七九三二三八四六二六"),
    ],
)
def test_a_number_is_read_as_in_chinese(written: str, read: str) -> None:
    assert spell(written) == spell(read)


@pytest.mark.parametrize(
    ("language", "written", "read"),
    [
        ("en", "85", "eighty-five"),
        ("en", "3.5", "three point five"),
        ("en", "1,000", "one thousand"),
        ("en", "5%", "five percent"),
        ("de", "21", "einundzwanzig"),
        ("fr", "21", "vingt et un"),
        ("vi", "5", "năm"),
        ("id", "5", "lima"),
        ("fa", "5", "پنج"),
    ],
)
def test_a_number_is_read_as_in_the_language(language: str, written: str, read: str) -> None:
    assert spell(written, language) == spell(read, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_version_or_date_is_its_digits(language: str) -> None:
    assert spell("1.2.３", language) == ("1", "2", "3")


@pytest.mark.parametrize(
    ("language", "number"), [("xx", "85"), ("am", "3873297"), ("en", "9" * 400)]
)
def test_a_number_without_a_reading_is_its_digits(language: str, number: str) -> None:
    assert spell(number, language) == tuple(number)


@given(numbers, languages)
def test_every_number_can_be_spelled(number: str, language: str) -> None:
    assert spell(number, language)


# --- other scripts


def test_letters_are_folded() -> None:
    assert spell("Café ＧＰＴ ﬁ Straße") == tuple("cafegptfistrasse")


def test_katakana_equals_hiragana_and_voicing_is_folded() -> None:
    assert spell("カガ") == spell("かが") == spell("ｶｶﾞ") == ("か", "か")


def test_a_hangul_syllable_is_its_jamo() -> None:
    assert spell("한") == ("\u1112", "\u1161", "\u11ab")


@pytest.mark.parametrize(
    ("character", "phones"),
    [("²", ("2",)), ("①", ("1",)), ("Ⅳ", ("i", "v")), ("々", ("々",)), ("☺", ())],
)
def test_a_sign_stands_for_its_letters_or_for_nothing(character: str, phones: Phones) -> None:
    assert spell(character) == spell(character, "en") == phones


@given(st.text(), languages)
def test_no_text_is_refused(text: str, language: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spelled = spell(text, language)
    assert all(spelled)  # no phone is empty


# --- folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("我們的 ＧＰＴ－4，很好！", "我们的gpt4很好"),
        ("Scaling Law", "scalinglaw"),
        ("GPT-3。5", "gpt35"),
        ("Straße", "strasse"),
        ("？！，。 \n", ""),
        ("", ""),
    ],
)
def test_folding_keeps_letters_and_digits(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@given(st.text("我們为為 GPt４4，。é\n") | st.text("漢字乾隆瞭望干麼著"))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(han)
def test_folding_keeps_every_han_character(text: str) -> None:
    assert len(fold_text(text)) == len(text)


def test_words_that_differ_in_a_vowel_sign_differ_folded() -> None:
    assert fold_text("กิน") != fold_text("กน")
    assert fold_text("कि") != fold_text("क")


def test_each_piece_of_a_number_has_its_share_of_the_reading() -> None:
    whole = spell_phones(["12.7%"], "zh")[0]
    pieces = spell_phones(["12", ".7", "%"], "zh")
    assert tuple(chain.from_iterable(pieces)) == whole
    assert all(pieces)


def test_a_short_decimal_is_no_year() -> None:
    assert spell_phones(["19.5"], "zh") == spell_phones(["十九點五"], "zh")
    assert spell_phones(["1995"], "zh") == spell_phones(["一九九五"], "zh")


def test_characters_of_both_scripts_are_left_alone() -> None:
    mixed = ["余先生和岳飛在床上", "群眾後來", "只有里長", "我们看见"]
    assert unify_script(mixed) == ("余先生和岳飛在床上", "群眾後來", "只有里長", "我們看見")
    assert unify_script(["于先生", "余先生"]) == ("于先生", "余先生")


def test_talk_that_is_mostly_simplified_stays_so() -> None:
    assert unify_script(["我们看见它们", "這樣"]) == ("我们看见它们", "这样")
