"""The command ``transcribe`` and what it keeps until it is done."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from subtools.core import Audio
from subtools.keeping import KeptWork
from subtools.phonetics import Script, detect_script
from tests.commands import subtools, write_wav


@pytest.mark.model
def test_a_talk_is_written_down_with_hints_and_in_a_script(
    clip_sound: Audio, tmp_path: Path
) -> None:
    talk = write_wav(tmp_path / "talk.wav", clip_sound.samples[62 * 16_000 : 86 * 16_000])
    terms = tmp_path / "terms.yaml"
    terms.write_text("Scaling Law: [規模法則]\nMiniCPM: []\n", encoding="utf-8")
    models = Path(json.loads(subtools("cache", "list", "--json").stdout)[-1]["files"][0]).parent
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "models").symlink_to(models, target_is_directory=True)
    arguments = ("--glossary", terms, "--hotwords", "GPT-4，LoRA", "--script", "tw", "--json")
    done = subtools(
        "transcribe", talk, "-o", tmp_path / "out", *arguments, env={"SUBTOOLS_CACHE": str(cache)}
    )
    assert done.status == 0, done.stderr
    text = (tmp_path / "out" / "talk.txt").read_text(encoding="utf-8")
    assert detect_script(text) in {Script.T, Script.TW}
    assert "模型" in text
    words = json.loads((tmp_path / "out" / "words.json").read_text(encoding="utf-8"))
    settings = words["provenance"]["settings"]
    assert settings["hotwords"] == "GPT-4、LoRA、Scaling Law、MiniCPM"
    assert settings["script"] == "tw"
    assert list((cache / "recognising").iterdir()) == []


def test_a_glossary_that_is_none_is_an_error_before_anything_is_heard(tmp_path: Path) -> None:
    terms = tmp_path / "terms.yaml"
    terms.write_text("[", encoding="utf-8")
    talk = tmp_path / "talk.wav"
    talk.write_bytes(b"")
    failed = subtools("transcribe", talk, "-o", tmp_path, "--glossary", terms)
    assert failed.status == 1
    assert "terms.yaml" in failed.stderr


def test_what_is_kept_of_a_recognition_is_listed_and_cleared(tmp_path: Path) -> None:
    parts = KeptWork(tmp_path / "recognising", os.fsdecode(b"talk\xff.m4a"))("key")
    parts.write("00000", "{}")
    environment = {"SUBTOOLS_CACHE": str(tmp_path)}
    [entry] = json.loads(subtools("cache", "list", "--json", env=environment).stdout)
    assert (entry["kind"], entry["title"]) == ("recognising", r"talk\udcff.m4a")
    assert subtools("cache", "clear", "--unfinished", env=environment).status == 0
    assert list((tmp_path / "recognising").iterdir()) == []
    assert parts.read("00000") is None
