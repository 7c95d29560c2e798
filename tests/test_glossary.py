"""Files of terms, the terms that ship, and terms that a text shows."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Glossary, Term
from subtools.errors import DocumentError
from subtools.glossary import (
    convert_glossary,
    fold_name,
    merge_glossaries,
    mine_terms,
    parse_glossary,
    starter_glossary,
    term_sounds,
)
from subtools.lexicon import clean_name
from subtools.phonetics import PHONE_INDEX, Script, simplify

names = st.text(
    st.characters(categories=["L", "N"], exclude_characters="\u0640"), min_size=1, max_size=12
)


def read(text: str, path: str | None = None) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return aliases and sounds by name."""
    return {t.name: (t.aliases, t.sounds) for t in parse_glossary(text, path=path).terms}


# --- files


def test_a_mapping_has_lists_single_names_and_longer_entries() -> None:
    text = "a: [b, c, a]\nd: e\nf: {aliases: [g], sounds: ef, note: x}\nh:\ni: {sounds: [ai1]}\n"
    expected = {
        "a": (("b", "c"), ()),
        "d": (("e",), ()),
        "f": (("g",), ("ef",)),
        "h": ((), ()),
        "i": ((), ("ai1",)),
    }
    assert read(text) == read(text, "g.yaml") == expected
    assert read('a = ["b"]\n[f]\naliases = ["g"]', "g.toml") == {
        "a": (("b",), ()),
        "f": (("g",), ()),
    }


def test_a_list_has_terms_and_entries() -> None:
    text = "# mine\n- GPT-4\n- 闭源模型: [closed model]\n- C#\n"
    expected = {"GPT-4": ((), ()), "闭源模型": (("closed model",), ()), "C#": ((), ())}
    assert read(text) == read(text, "g.yml") == expected


def test_plain_text_has_a_term_a_line() -> None:
    text = "# mine\nGPT-4\n\nC# = C sharp\n智譜 = Zhipu AI，智譜清言、/zhi4 pu3/\n"
    text += "JSON\tjay son\t/傑森/\n"
    expected = {
        "GPT-4": ((), ()),
        "C#": (("C sharp",), ()),
        "智譜": (("Zhipu AI", "智譜清言"), ("zhi4 pu3",)),
        "JSON": (("jay son",), ("傑森",)),
    }
    assert read(text) == read(text, "g.txt") == read(text, "g.tsv") == read(text, "g") == expected


def test_a_colon_in_a_text_file_is_part_of_the_term() -> None:
    assert read("Re:Invent = x", None) == {"Re:Invent": (("x",), ())}
    assert read("Nier: Automata\n", "games.txt") == {"Nier: Automata": ((), ())}


@pytest.mark.parametrize("path", [None, "g.yaml", "g.txt", "g.toml"])
def test_an_empty_file_has_no_terms(path: str | None) -> None:
    assert parse_glossary("\ufeff\n# nothing\n", path=path) == Glossary()


@pytest.mark.parametrize(
    ("text", "path", "line", "message"),
    [
        ("a:\n  - b\n  - [c]\n", "g.yaml", 3, "a name must be text"),
        ("a:\n  - b\n  -\n", "g.yaml", 3, "a name must be text"),
        ("- a\n- [b]\n", "g.yaml", 2, "a name must be text"),
        ("a:\n  aliases: {b: c}\n", "g.yaml", 2, "a name must be text"),
        ("a:\n  aliases: [b]\n  alais: [c]\n", "g.yaml", 3, "an entry has no 'alais'"),
        ("a: b\n\na: c\n", "g.yaml", 3, "'a' stands here twice"),
        ("- a\n- b\n- a\n", "g.yaml", 3, "'a' stands here twice"),
        ("a\nb\na = c\n", "g.txt", 3, "'a' stands here twice"),
        ("a\n = b\n", "g.txt", 2, "a name needs a letter or a digit"),
        ("a = b, ...\n", "g.txt", 1, "a name needs a letter or a digit"),
        ("a\n" + "long " * 30, "g.txt", 2, "a name has at most 100 characters, not 149"),
        ("a: [b\n", "g.yaml", 2, "this is not YAML"),
    ],
)
def test_an_error_has_its_line(text: str, path: str, line: int, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        parse_glossary(text, path=path)
    assert (caught.value.path, caught.value.line) == (Path(path), line)
    assert caught.value.hint or "YAML" in message or "twice" in message


@given(st.dictionaries(names, st.lists(names, max_size=3), min_size=1, max_size=5))
def test_text_and_yaml_say_the_same(terms: dict[str, list[str]]) -> None:
    lines = "".join(f"{name} = {', '.join(others)}\n" for name, others in terms.items())
    quoted = json.dumps(terms, ensure_ascii=False)  # which is YAML too
    assert read(lines, "g.txt") == read(quoted, "g.yaml")
    assert list(read(lines, "g.txt")) == list(terms)


def test_terms_say_which_file_lists_them() -> None:
    assert parse_glossary("a", path="some/where.txt").terms == (Term("a", source="where.txt"),)


# --- together


def test_the_first_spelling_of_a_term_stays() -> None:
    mine = Glossary((Term("縮放定律", ("scaling law",)), Term("gpt 4")))
    other = Glossary((Term("GPT-4", ("GPT four",)), Term("缩放定律"), Term("C#"), Term("C++")))
    merged = merge_glossaries(mine, other)
    assert merged.terms == (*mine.terms, Term("C#"), Term("C++"))
    assert merge_glossaries() == Glossary()
    assert merge_glossaries(merged, merged) == merged


@given(names)
def test_folding_again_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


def test_a_name_of_nothing_but_signs_is_not_folded_away() -> None:
    assert fold_name("--") == "--"


def test_a_glossary_is_put_in_one_script() -> None:
    both = Glossary((Term("机器学习", ("機器學習", "machine learning"), ("ji1 qi4",), "list"),))
    converted = convert_glossary(both, Script.T)
    assert converted.terms == (Term("機器學習", ("machine learning",), ("ji1 qi4",), "list"),)


# --- sounds


def said(term: Term) -> list[str]:
    return [" ".join(reading) for reading in term_sounds(term)]


def test_letters_are_named_and_digits_read_in_both_languages() -> None:
    assert said(Term("GPT-4"))[0] == "JH IY P IY T IY s ih"
    assert "JH IY P IY T IY F AO R" in said(Term("GPT-4"))
    assert "s an d ian u" in " ".join(said(Term("GPT-3.5")))
    assert said(Term("CEO"))[0] == "S IY IY OW"


def test_listed_sounds_come_first() -> None:
    assert said(Term("Qwen", sounds=("qian1 wen4",)))[0] == "q ian un"
    assert said(Term("绿", sounds=("lǜ",)))[0] == "l v"
    assert said(Term("x", sounds=("chat gee",)))[0].startswith("CH")
    assert said(Term("x", sounds=("long",)))[:2] == ["l ong", "L AO NG"]


def test_other_names_are_not_how_a_term_is_said() -> None:
    assert term_sounds(Term("大模型", ("LLM",))) == term_sounds(Term("大模型"))


@given(st.text(max_size=12))
def test_sounds_are_phones_and_few(name: str) -> None:
    sounds = term_sounds(Term(name, sounds=(name,)))
    assert len(sounds) <= 24
    assert all(reading and set(reading) <= set(PHONE_INDEX) for reading in sounds)


# --- the terms that ship


STARTER = starter_glossary().terms


def test_the_starter_has_terms_models_companies_and_people() -> None:
    names = {term.name for term in STARTER}
    assert 500 <= len(STARTER) <= 3000
    assert names >= {"LLM", "Transformer", "OpenAI", "ChatGPT", "Qwen", "Kubernetes", "PyTorch"}
    assert names >= {"LoRA", "RLHF", "Mixture of Experts", "Google", "Whisper", "GPT-4", "FFmpeg"}
    assert names >= {"大语言模型", "闭源", "微调", "人工智能", "智谱", "字节跳动", "图灵", "马斯克"}


def test_the_starter_names_each_thing_once_in_simplified_characters() -> None:
    assert merge_glossaries(starter_glossary()).terms == STARTER
    for term in STARTER:
        assert simplify(term.name) == term.name
        assert term.name not in term.aliases
        assert term.names == tuple(map(clean_name, term.names))


def test_no_everyday_word_is_a_term_of_the_starter() -> None:
    names = {name.casefold() for term in STARTER for name in term.names}
    english = "model time people window apple amazon data the image paper boss fine question"
    chinese = "模型 时间 公司 我们 问题 能力 数据 老师 开始"
    assert names & {*english.split(), *chinese.split()} == set()


def test_every_list_behind_the_starter_is_named_with_its_licence() -> None:
    page = files("subtools.glossary").joinpath("SOURCES.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    for source in {name for term in STARTER for name in term.source.split(", ")}:
        row = next(row for row in rows if source in row)
        assert re.search("MIT|Apache|CC0|CC BY-SA", row)


def test_the_starter_says_what_pinyin_does_not() -> None:
    [term] = [term for term in STARTER if term.name == "微调"]
    assert term.sounds == ("wei1 tiao2",)
    assert term_sounds(term)[0] == ("ui", "t", "iao")


# --- terms that a text shows


def mined(text: str, **options: Any) -> list[str]:
    return [term.name for term in mine_terms(text, "document", **options)]


def test_names_and_technical_words_are_mined() -> None:
    text = (
        "我們用 PyTorch 和 vLLM，PyTorch 很慢，vLLM 很快。So it is. So what? The vLLM team. "
        "GPT-4 比 GPT-4 好，scaling law 就是 scaling law，token 的 token。"
    )
    assert mined(text) == ["vLLM", "PyTorch", "GPT-4", "scaling law", "token"]
    assert mined(text, least=3) == ["vLLM"]
    known = Glossary((Term("pytorch"), Term("x", ("GPT 4",))))
    assert mined(text, known=known) == ["vLLM", "scaling law", "token"]


@pytest.mark.parametrize("name", ["白岩松", "于海洋", "常书鸿", "古天乐", "单田芳"])
def test_people_whose_surname_is_a_word_as_well_are_mined(name: str) -> None:
    assert mined(f"今天请到{name}来讲，{name}先生很有名。") == [name]


def test_the_commonest_spelling_is_mined() -> None:
    assert mined("OpenAI openAI OpenAI，Open AI") == ["OpenAI"]


def test_in_english_only_what_is_no_ordinary_word_is_mined() -> None:
    text = "The Kubernetes cluster runs. We run Kubernetes on the cluster. Is CUDA, CUDA code."
    assert mined(text) == ["Kubernetes", "CUDA"]


def test_names_in_quotes_and_brackets_are_mined_from_a_title() -> None:
    title = "【圓桌】《大模型之夏》智譜 CEO 張鵬、王慧文：明白 OpenAI 之後"
    assert mined(title, least=1) == ["CEO", "OpenAI", "張鵬", "王慧文", "大模型之夏"]


def test_links_and_addresses_are_not_mined() -> None:
    text = "LLM https://www.Example.com/video/BV1xx?p=A1 www.Example.org Me.Too@Example.com，RAG"
    assert mined(text, least=1) == ["LLM", "RAG"]


def test_a_part_of_a_name_is_mined_where_it_stands_alone() -> None:
    assert mined("Hugging Face 的 Hugging Face") == ["Hugging Face"]
    text = "Hugging Face 的 Hugging Face 是 AI，AI 比 OpenAI 大，OpenAI 和 OpenAI。"
    assert mined(text) == ["OpenAI", "Hugging Face", "AI"]
    assert mined("用 Google Cloud，Google 很好，用 Google Cloud。") == ["Google", "Google Cloud"]


def test_mined_terms_say_where_they_are_from() -> None:
    assert mine_terms("DeepSeek", "title", least=1) == (Term("DeepSeek", source="title"),)
    assert mine_terms("", "title", least=1) == ()
    with pytest.raises(ValueError, match="least"):
        mine_terms("DeepSeek", "title", least=0)


@given(st.text(max_size=60))
def test_what_is_mined_stands_in_the_text(text: str) -> None:
    for term in mine_terms(text, "document", least=1):
        assert "".join(term.name.split()) in "".join(text.split())
