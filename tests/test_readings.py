"""Words to the phones that they may be spoken with."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.lexicon import split_words, word_core
from subtools.phonetics import (
    NOISE,
    PHONES,
    SILENCE,
    Reading,
    english,
    espeak,
    phones_to_text,
    read_words,
    spell_reading,
)
from subtools.phonetics.english import guess_phones, ipa_to_phones, pronounce_word, spell_letters
from subtools.phonetics.mandarin import syllable_phones

SPEECH = frozenset(PHONES) - {SILENCE, NOISE}
MOST = 8

# What documents really have: words of all scripts, numbers with signs, names, all sorts of gaps.
pieces = st.one_of(
    st.sampled_from(["我們", "看到", "GPT-4o", "LLaMA", "3.5", "1,000", "12:30", "50%", "$5"]),
    st.sampled_from(["1/2", "2024-11-03", "don't", "Ⅳ", "²", "々", "の", "мир", "α", "ß"]),
    st.sampled_from([" ", "，", "。", "-", "/", ".", "&", "+", "%", "℃", "\n"]),
    st.from_regex(r"[0-9]{1,9}([.,:/-][0-9]{1,9}){0,3}", fullmatch=True),
    st.from_regex(r"[A-Za-z']{1,12}[0-9]{0,3}", fullmatch=True),
    st.text(max_size=4),
)
texts = st.lists(pieces, max_size=12).map("".join)


def read(text: str) -> list[tuple[Reading, ...]]:
    """Return the readings of each word of ``text``."""
    return list(read_words(split_words(text)))


def heard(text: str, place: int = 0) -> list[str]:
    """Return the readings of one word of ``text``, for people."""
    return [spell_reading(reading) for reading in read(text)[place]]


def pinyin(text: str) -> str:
    """Return the first readings of all words, for people."""
    return " ".join(spell_reading(readings[0]) for readings in read(text) if readings)


def said(chinese: str) -> str:
    """Return how a text in Han characters is said."""
    return pinyin(chinese)


# --- every text


@given(texts)
@settings(max_examples=200)
def test_every_word_has_few_readings_of_real_phones(text: str) -> None:
    words = split_words(text)
    readings = read_words(words)
    assert len(readings) == len(words)
    for choices in readings:
        assert len(choices) == len(set(choices)) <= MOST
        assert all(reading and SPEECH.issuperset(reading) for reading in choices)


@given(st.lists(st.text(max_size=6), max_size=6))
def test_words_that_nobody_cut_are_not_refused(words: list[str]) -> None:
    assert len(read_words(words)) == len(words)


@given(st.text("我們看到的是一二GPTopen2024 .,%", max_size=30))
def test_the_first_core_of_a_word_in_a_known_script_has_a_reading(text: str) -> None:
    words = split_words(text)
    for word, readings in zip(words, read_words(words), strict=True):
        assert bool(readings) == bool(word_core(word))


def test_no_words_have_no_readings() -> None:
    assert read_words([]) == ()
    assert read_words(["", "，", "「」 "]) == ((), (), ())


def test_an_unknown_script_is_not_guessed() -> None:
    assert read("のカмирสวัสดี한국") == [()] * len(split_words("のカмирสวัสดี한국"))


# --- Han characters


@pytest.mark.parametrize("charset", ["gb2312", "big5"])
def test_every_syllable_of_the_national_standards_is_phones_and_back(charset: str) -> None:
    from pypinyin import Style, pinyin

    unlike = {"m": "ng", "n": "ng", "hm": "hng", "ê": "ye", "yo": "o"}
    syllables = {
        syllable
        for character in characters_of(charset)
        for syllable in pinyin(character, heteronym=True, style=Style.NORMAL)[0]
        if syllable != character  # units such as 兙, which have no reading
    }
    assert len(syllables) > 390
    for syllable in syllables:
        expected = unlike.get(syllable, syllable.replace("v", "ü"))
        assert SPEECH.issuperset(syllable_phones(syllable))
        assert "".join(spell_reading(syllable_phones(syllable)).split()) == expected


@pytest.mark.parametrize("charset", ["gb2312", "big5"])
def test_every_character_of_the_national_standards_has_a_reading(charset: str) -> None:
    characters = [*characters_of(charset)]
    readings = read_words(characters)
    unread = {c for c, found in zip(characters, readings, strict=True) if not found}
    assert unread <= {"兙", "兡", "嗧"}  # decagram, hectogram, gallon: nobody uses them


def characters_of(charset: str) -> Iterator[str]:
    """Yield the Han characters of a two-byte character set."""
    for code in range(0xA1_40, 0xFF_FF):
        character = code.to_bytes(2, "big").decode(charset, "ignore")
        if re.fullmatch("[\u4e00-\u9fff\uf900-\ufaff]", character):
            yield character


@pytest.mark.parametrize(
    ("syllable", "phones"),
    [
        ("zhi", "zh ih"),
        ("ri", "r ih"),
        ("ci", "c ih"),
        ("xu", "x v"),
        ("jun", "j vn"),
        ("quan", "q van"),
        ("jue", "j ve"),
        ("lve", "l ve"),
        ("nü", "n v"),
        ("lu", "l u"),
        ("yi", "i"),
        ("you", "iu"),
        ("yong", "iong"),
        ("wu", "u"),
        ("wei", "ui"),
        ("wen", "un"),
        ("weng", "ueng"),
        ("yuan", "van"),
        ("er", "er"),
        ("hng", "h ng"),
        ("n", "ng"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_a_syllable_is_an_initial_and_a_final(syllable: str, phones: str) -> None:
    assert syllable_phones(syllable) == tuple(phones.split())


def test_the_reading_in_context_comes_first() -> None:
    assert heard("長大", 0)[0] == "zhang"
    assert heard("長城", 0)[0] == "chang"
    assert pinyin("银行行长") == pinyin("銀行行長") == "yin hang hang zhang"


@pytest.mark.parametrize(
    ("character", "readings"),
    [
        ("了", {"le", "liao"}),
        ("着", {"zhe", "zhao", "zhuo"}),
        ("著", {"zhu", "zhe", "zhuo", "zhao"}),
        ("地", {"di", "de"}),
        ("得", {"de", "dei"}),
        ("还", {"hai", "huan"}),
        ("還", {"hai", "huan"}),
        ("都", {"dou", "du"}),
        ("行", {"xing", "hang"}),
        ("重", {"zhong", "chong"}),
        ("谁", {"shei", "shui"}),
        ("那", {"na", "nei"}),
        ("這", {"zhe", "zhei"}),
        ("嗯", {"ng", "en"}),
        ("啊", {"a", "ya", "wa", "na"}),
        ("我", {"wo"}),
        ("不", {"bu"}),
        ("一", {"yi"}),
    ],
)
def test_a_character_has_the_readings_that_people_use(character: str, readings: set[str]) -> None:
    assert set(heard(character)) == readings


def test_a_suffix_still_sounds() -> None:
    assert heard("玩儿", 1) == ["er"]


def test_iteration_marks_and_compatibility_ideographs_are_read() -> None:
    assert heard("人々", 1) == ["ren"]
    assert heard("\uf9d1") == heard("六")


# --- numbers in Chinese text


@pytest.mark.parametrize(
    ("text", "place", "readings"),
    [
        ("2024年", 0, ["二零二四", "二千零二十四", "两千零二十四"]),
        ("有2024人", 1, ["二零二四", "两千零二十四"]),
        ("有85人", 1, ["八十五", "八五"]),
        ("有10人", 1, ["十"]),
        ("有2个", 1, ["二", "两"]),
        ("有150个", 1, ["一百五十", "一百五", "一五零", "幺五零"]),
        ("有22000个", 1, ["二万二千", "二万两千", "两万两千"][:1]),
        ("有1,000个", 1, ["一千"]),
        ("有3.5个", 1, ["三点五"]),
        ("有3.05个", 1, ["三点零五"]),
        ("打110吧", 1, ["幺幺零", "一百一十", "一一零"]),
        ("是007吧", 1, ["零零七"]),
        ("打13800138000吧", 1, ["一三八零零一三八零零零", "幺三八零零幺三八零零零"]),
        ("是5%吧", 1, ["百分之五"]),
        ("是１００％吧", 1, ["百分之百", "百分之一百"]),
        ("在12:30吧", 1, ["十二点三十分", "十二点半", "十二点三十"]),
        ("在2:05吧", 1, ["二点零五分", "两点零五分"]),
        ("是37℃吧", 1, ["三十七度", "三十七摄氏度"]),
        ("要$5吧", 1, ["五美元", "五美金"]),
        ("要50€，", 1, ["五十欧元"]),
        ("要3k吧", 1, ["三千"]),
        ("要10w吧", 1, ["十万"]),
        ("要6B吧", 1, ["六十亿"]),
        ("要5km吧", 1, ["五公里", "五千米"]),
        ("要5m吧", 1, ["五米"]),
        ("要500M吧", 1, ["五百兆", "五亿"]),
        ("要50W吧", 1, ["五十万", "五十瓦"]),
        ("是3+5吧", 1, ["三加"]),
        ("要3-5天", 1, ["三", "三到", "三至"]),
        ("是-5度", 1, ["负五"]),
        ("版本1.2.3吧", 2, ["一点二点三"]),
        ("是2024.11.3吧", 1, ["二零二四年十一月三日", "二零二四年十一月三号"]),
        ("比分3:0吧", 2, ["三比零"]),
        ("三十٣٤", 2, ["三十四"]),
    ],
)
def test_a_number_is_read_as_in_chinese(text: str, place: int, readings: list[str]) -> None:
    assert {said(reading) for reading in readings} <= set(heard(text, place))


def test_between_han_characters_a_number_is_not_read_in_english() -> None:
    assert not any("/" in phones_to_text(r) for r in read("有2024人")[1])


def test_a_fraction_is_said_from_below() -> None:
    assert (heard("有1/2呢", 1)[0], heard("有1/2呢", 2)[0]) == (said("二分之"), said("一"))
    assert said("二十四") in heard("是24/7呢", 1)[0]


def test_a_date_in_pieces_has_its_units() -> None:
    date = [heard("在2024-11-03呢", place)[0] for place in (1, 2, 3)]
    assert date == [said("二零二四年"), said("十一月"), said("三日")]
    assert heard("在2024/11/3呢", 2)[0] == said("十一月")


def test_a_sentence_mark_inside_a_number_is_a_point() -> None:
    first, second = read("我用GPT-3。5")[3:]
    assert first[0] == (*syllable_phones("san"), *syllable_phones("dian"))
    assert second[0] == syllable_phones("wu")


def test_a_version_number_after_letters_has_a_point() -> None:
    name, rest = read("用Qwen2.5吧")[1:3]
    assert spell_reading(name[0]) == "k y uw w eh n er dian"
    assert rest[0] == syllable_phones("wu")


def test_after_a_latin_word_a_number_may_be_in_either_language() -> None:
    assert set(heard("我們用GPT-4呢", 4)) == {"si", "f ao r"}
    assert {"san dian wu", "th r iy p oy n t f ay v"} <= set(heard("用GPT-3.5吧", 2))


# --- numbers in English text


@pytest.mark.parametrize(
    ("text", "place", "readings"),
    [
        ("In 2024 we", 1, ["twenty twenty four", "two thousand twenty four"]),
        ("at 3.5 now", 1, ["three point five"]),
        ("at 1,000 now", 1, ["one thousand"]),
        ("at 50% now", 1, ["fifty percent"]),
        ("at $5 now", 1, ["five dollars", "five"]),
        ("at 12:30 now", 1, ["twelve thirty"]),
        ("at 787 now", 1, ["seven hundred eighty seven", "seven eighty seven"]),
        ("at 101 now", 1, ["one oh one"]),
        ("the 21st now", 1, ["twenty first"]),
        ("the 1990s now", 1, ["nineteen nineties"]),
        ("an 128k now", 1, ["one hundred twenty eight thousand"]),
        ("an 5 km now", 2, ["kilometers"]),
        ("an 1/2 now", 2, ["half"]),
    ],
)
def test_a_number_is_read_as_in_english(text: str, place: int, readings: list[str]) -> None:
    expected = {" ".join(pinyin(reading).split()) for reading in readings}
    assert expected <= set(heard(text, place))


# --- Latin words


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("model", "M AA D AH L"),
        ("thing", "TH IH NG"),
        ("button", "B AH T AH N"),
        ("city", "S IH T IY"),
        ("world", "W ER L D"),
        ("hour", "AW ER"),
        ("four", "F AO R"),
        ("genre", "ZH AA N R AH"),
        ("naive", "N AY IY V"),
        ("don't", "D OW N T"),
    ],
)
def test_a_word_is_pronounced_as_in_america(word: str, phones: str) -> None:
    assert read(word)[0][0] == tuple(phones.split())


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("GPT", ["JH IY P IY T IY"]),
        ("AI", ["EY AY"]),
        ("GAN", ["G AE N", "JH IY EY EH N"]),
        ("NASA", ["N AE S AH", "EH N EY EH S EY"]),
        ("LLaMA", ["L AA M AH", "EH L EH L EY EH M EY"]),
        ("OpenAI", ["OW P AH N EY AY"]),
        ("ChatGPT", ["CH AE T JH IY P IY T IY"]),
        ("GPUs", ["JH IY P IY Y UW Z"]),
        ("H100", ["EY CH W AH N HH AH N D R IH D", "EY CH W AH N Z IY ER OW Z IY ER OW"]),
        ("3D", ["TH R IY D IY"]),
        ("4o", ["F AO R OW"]),
        ("XYZ", ["EH K S W AY Z IY", "EH K S W AY Z EH D"]),
        ("naïve", ["N AY IY V"]),
        ("ＧＰＴ", ["JH IY P IY T IY"]),
        ("α", ["AE L F AH"]),
        ("the", ["DH AH", "DH IY"]),
    ],
)
def test_a_name_is_read_as_word_and_letter_by_letter(text: str, readings: list[str]) -> None:
    found = [" ".join(reading) for reading in read(text)[0]]
    assert found[0] == readings[0]
    assert set(readings) <= set(found)


def test_in_chinese_talk_letters_may_be_said_as_chinese_syllables() -> None:
    assert "ji pi ti" in heard("我們用GPT呢", 3)
    assert "ji pi ti" not in heard("We use GPT now", 2)


def test_in_chinese_talk_a_short_word_may_be_letters() -> None:
    assert heard("用app吧", 1) == ["ae p", "ey p iy p iy"]
    assert heard("the app is", 1) == ["ae p"]


def test_signs_after_a_word_may_be_said() -> None:
    assert heard("use C++ now", 1) == ["s iy p l ah s p l ah s", "s iy"]
    assert heard("our R&D here", 1) == ["aa r ah n d", "aa r"]
    assert heard("use node.js now", 1) == ["n ow d", "n ow d d aa t"]


# --- espeak-ng


def test_all_that_espeak_says_is_in_the_table() -> None:
    for word in random_words(3000):
        ipa = espeak.english_ipa(word)
        assert ipa is not None
        bare = english._IPA_MARKS.sub("", ipa)
        assert english._IPA_SOUND.sub("", bare).strip() == ""


def random_words(count: int) -> Iterator[str]:
    """Yield words with all sorts of spellings, the same each time."""
    generator = random.Random(1)
    onsets = ["b", "br", "c", "ch", "chr", "d", "f", "g", "gh", "gl", "h", "j", "kn", "ll", "m"]
    onsets += ["n", "ng", "p", "ph", "ps", "qu", "rh", "s", "sch", "t", "th", "tz", "v", "wr", "x"]
    rhymes = ["a", "ae", "ah", "air", "al", "aught", "ay", "e", "ea", "eau", "ed", "eigh", "el"]
    rhymes += ["en", "er", "eu", "i", "ier", "il", "ine", "ing", "ir", "ism", "o", "oi", "on", "oo"]
    rhymes += ["ough", "ous", "ow", "oy", "tion", "tle", "u", "ue", "ure", "y"]
    for _ in range(count):
        length = generator.randint(1, 3)
        word = "".join(generator.choice(onsets) + generator.choice(rhymes) for _ in range(length))
        yield generator.choice([word, word.upper(), word.title()])


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("bˈʌʔn̩", "B AH T AH N"),
        ("lˈɑːx", "L AA K"),
        ("(de)nˈaɪn(en-us)", "N AY N"),
        ("hˈɜːɹi", "HH ER IY"),
        ("☺", ""),
        ("", ""),
    ],
)
def test_ipa_is_folded_to_the_nearest_phone(ipa: str, phones: str) -> None:
    assert ipa_to_phones(ipa) == tuple(phones.split())


def test_without_the_library_words_go_by_their_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(english, "english_ipa", lambda _: None)
    pronounce_word.cache_clear()
    try:
        assert pronounce_word("shop") == (guess_phones("shop"),) == (("SH", "AA", "P"),)
        assert pronounce_word("gh") == ()
    finally:
        pronounce_word.cache_clear()


@pytest.mark.parametrize("failure", ["ImportError()", "OSError()", "RuntimeError()"])
def test_a_library_that_cannot_be_loaded_is_no_error(failure: str) -> None:
    code = f"""
import sys, types
broken = types.ModuleType("espeakng_loader")
def fail(): raise {failure}
broken.get_library_path = broken.get_data_path = fail
sys.modules["espeakng_loader"] = broken if {failure!r} != "ImportError()" else None
from subtools.phonetics import read_words
print(read_words(["GPT ", "shop"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "('SH', 'AA', 'P')" in done.stdout


def test_the_library_works_from_a_folder_with_spaces(tmp_path: Path) -> None:
    import espeakng_loader

    folder = tmp_path / "a folder 名"
    shutil.copytree(Path(espeakng_loader.__file__).parent, folder / "espeakng_loader")
    code = (
        f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        "from subtools.phonetics.espeak import english_ipa\n"
        "import espeakng_loader; print(espeakng_loader.__file__, ascii(english_ipa('shop')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{folder}/espeakng_loader/__init__.py {'ʃˈɑːp'!a}"


def test_the_library_works_from_a_very_long_path(tmp_path: Path) -> None:
    import espeakng_loader

    folder = tmp_path.joinpath(*(["folder" * 7] * 4))
    shutil.copytree(Path(espeakng_loader.__file__).parent, folder / "espeakng_loader")
    code = (
        f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        "from subtools.phonetics.espeak import english_ipa\n"
        "print(ascii(english_ipa('shop')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ascii("ʃˈɑːp")
    assert done.stderr == ""


def test_threads_share_the_library() -> None:
    words = [*random_words(400)]
    expected = [espeak.english_ipa(word) for word in words]
    found: list[list[str | None]] = []
    threads = [
        threading.Thread(target=lambda: found.append([espeak.english_ipa(word) for word in words]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


@given(st.from_regex(r"[A-Za-z']{1,60}", fullmatch=True))
def test_letters_in_any_order_can_be_said(word: str) -> None:
    assert all(SPEECH.issuperset(reading) for reading in pronounce_word(word))


@given(st.from_regex("[A-Za-z]{1,8}", fullmatch=True))
def test_spelling_gives_each_letter_its_name(letters: str) -> None:
    names = [spell_letters(letter)[0] for letter in letters]
    assert spell_letters(letters)[0] == tuple(phone for name in names for phone in name)


# --- phones for people


def test_what_was_heard_is_pinyin_and_english() -> None:
    heard_phones = ("sil", "n", "v", "x", "ve", "noise", "G", "AE", "N", "sil", "uo", "zh", "ih")
    assert phones_to_text(heard_phones) == "nü xue /g ae n/ wo zhi"


@given(st.lists(st.sampled_from(PHONES)))
def test_no_phone_of_speech_is_lost(phones: list[str]) -> None:
    text = phones_to_text(phones)
    assert bool(text) == bool(SPEECH & set(phones))
    assert "  " not in text
