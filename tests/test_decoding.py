"""Bytes to text: Chinese in every encoding it is saved in, and what is no text."""

from __future__ import annotations

import codecs
import io
import random
import re
import zipfile
from pathlib import Path

import ffmpeg
import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.decoding import decode_text
from subtools.errors import DocumentError

SIMPLIFIED = (
    "大家好，欢迎来到今天的讲座。",
    "我们先来看第一张图，好吗？",
    "谢谢主持人，我先说两句。",
    "这个问题其实很简单，就是没有人愿意去做。",
    "芯片的算力每两年翻一番，",
    "接下来进入圆桌讨论环节",
    "深度学习框架的选择取决于团队的经验和项目的规模，没有标准答案。",
    "P8：我们用GPT-4做了3.5万条数据的标注。",
    "春眠不觉晓，处处闻啼鸟。",
)
TRADITIONAL = (
    "大家好，歡迎來到今天的講座。",
    "我們先來看第一張圖，好嗎？",
    "謝謝主持人，我先說兩句。",
    "這個問題其實很簡單，就是沒有人願意去做。",
    "晶片的算力每兩年翻一番，",
    "接下來進入圓桌討論環節",
    "深度學習框架的選擇取決於團隊的經驗和項目的規模，沒有標準答案。",
    "P8：我們用GPT-4做了3.5萬條數據的標註。",
    "春眠不覺曉，處處聞啼鳥。",
)
SEEDS = Path(__file__).resolve().parent.parent / "seeds"
SEED = next(SEEDS.glob("*.txt")).read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", SIMPLIFIED)
def test_one_simplified_sentence_is_read_in_every_encoding(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", TRADITIONAL)
def test_one_traditional_sentence_is_read_in_every_encoding(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
def test_a_whole_talk_is_read_in_every_encoding(encoding: str) -> None:
    encodable = SEED.encode(encoding, "ignore").decode(encoding)  # 5 Simplified characters
    assert len(encodable) > 0.99 * len(SEED)
    assert decode_text(encodable.encode(encoding)) == encodable


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-16-le"])
@given(start=st.integers(0, len(SEED) - 40), length=st.integers(15, 40))
def test_any_stretch_of_a_talk_is_read(encoding: str, start: int, length: int) -> None:
    text = "，".join(re.findall(r"[\u4e00-\u9fff]+", SEED[start : start + length]))
    text = text.encode(encoding, "ignore").decode(encoding)
    if len(text) >= 10:
        assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("皆さん、こんにちは。今日は人工知能についてお話しします。", "shift_jis"),
        ("皆さん、こんにちは。今日は人工知能についてお話しします。", "euc_jp"),
        ("여러분 안녕하세요. 오늘은 인공지능에 대해 이야기하겠습니다.", "euc_kr"),
        ("Très bien, où est le café déjà vu ? L’été dernier…", "cp1252"),
        ("Können wir über die Größe sprechen? Natürlich, sehr schön.", "cp1252"),
        ("El niño comió piñas en el jardín mañana, señor.", "cp1252"),
        ("Добрый день, дорогие друзья, сегодня мы поговорим о науке.", "cp1251"),
        ("Ясно, что сегодня мы поговорим о науке.", "cp1251"),
        ("Plain words, nothing else.", "utf-16-le"),
        ("€5 或 5‧5 元，我們說好了。", "cp950"),
    ],
)
def test_other_languages_are_read(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@given(
    text=st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), min_size=1)
)
def test_a_byte_order_mark_is_believed(mark: bytes, encoding: str, text: str) -> None:
    text = "a" + text
    assert decode_text(mark + text.encode(encoding)) == text


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(
        lambda text: text[0] != "\ufeff" and text.strip("\ufeff \n") != ""
    )
)
def test_valid_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    assert decode_text(text.encode()) == text


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_lines_end_with_a_line_feed(ending: str, encoding: str) -> None:
    text = ending.join(["大家好。", "", "謝謝。"])
    assert decode_text(text.encode(encoding)) == "大家好。\n\n謝謝。"


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"\xef\xbb\xbf\n"]
)
def test_a_file_without_a_character_is_called_empty(data: bytes) -> None:
    with pytest.raises(DocumentError, match="the document is empty"):
        decode_text(data)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("大家好，世界。\n我們開始。\n好".encode()[:-1], "utf-8"),
        ("大家好，欢迎来到讲座。\n".encode("gb18030") * 2 + b"\xb5\xff\n", "gb18030"),
        ("大家好，歡迎來到講座。\n".encode("big5") * 2 + b"\xa4\xff\n", "big5hkscs"),
        (codecs.BOM_UTF16_LE + "好\n好\n".encode("utf-16-le") + b"\x00", "utf-16-le"),
    ],
)
def test_a_damaged_line_is_named(data: bytes, encoding: str) -> None:
    with pytest.raises(DocumentError, match=f"line 3 is not valid {encoding}") as caught:
        decode_text(data, path="talk.txt")
    assert (caught.value.path, caught.value.line) == (Path("talk.txt"), 3)
    assert caught.value.hint


def test_a_pdf_a_document_and_an_archive_are_named() -> None:
    files = {
        "a PDF": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "an RTF document": rb"{\rtf1\ansi\deff0 Hello}",
        "an old Word document": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504),
        "a Word document": _zip("word/document.xml"),
        "an archive": _zip("talk.txt"),
    }
    for kind, data in files.items():
        with pytest.raises(DocumentError, match=f"not text .it looks like {kind}:"):
            decode_text(data)


def test_pictures_and_recordings_made_by_ffmpeg_are_named(tmp_path: Path) -> None:
    for name, kind in {
        "picture.png": "an image",
        "picture.jpg": "an image",
        "picture.gif": "an image",
        "sound.wav": "sound:",
        "sound.mp3": "sound:",
        "sound.flac": "sound:",
        "sound.ogg": "sound:",
        "sound.aac": "sound:",
        "sound.m4a": "sound or video",
        "video.mp4": "sound or video",
        "video.mkv": "sound or video",
        "video.avi": "sound or video",
        "video.mpg": "video",
    }.items():
        with pytest.raises(DocumentError, match=f"it looks like {kind}"):
            decode_text(_record(tmp_path / name).read_bytes())


def test_the_bundled_recording_is_called_sound(clip_audio: Path) -> None:
    with pytest.raises(DocumentError, match="it looks like sound: give the text of the talk"):
        decode_text(clip_audio.read_bytes(), path=clip_audio)


@pytest.mark.parametrize("size", [64, 1000, 100_000])
@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_refused(size: int, seed: int) -> None:
    with pytest.raises(DocumentError, match="binary data"):
        decode_text(random.Random(seed).randbytes(size))


@pytest.mark.parametrize("loudness", [0, 20, 3000])
def test_raw_samples_are_refused(loudness: int) -> None:
    samples = np.random.default_rng(0).normal(0, loudness, 16_000).astype("<i2")
    with pytest.raises(DocumentError, match="binary data"):
        decode_text(samples.tobytes())


@pytest.mark.parametrize(
    "data",
    [
        b"Hello\0 world, hello.",
        "大家好\0，我們開始。".encode(),
        bytes(100),
        codecs.BOM_UTF8 + b"a\0b",
    ],
)
def test_text_with_nul_bytes_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match="binary data"):
        decode_text(data)


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_document_error(data: bytes) -> None:
    try:
        text = decode_text(data)
    except DocumentError as error:
        assert error.hint or "empty" in error.message
    else:
        assert text and "\0" not in text and "\r" not in text


def _zip(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, "text")
    return stream.getvalue()


def _record(path: Path) -> Path:
    """Write a tenth of a second of test picture or tone; ffmpeg picks the codec by the name."""
    is_sound = path.stem == "sound"
    source = "sine=duration=0.1" if is_sound else "testsrc=duration=0.1:size=64x64:rate=25"
    frames = {"vframes": 1} if path.stem == "picture" else {}
    stream = ffmpeg.input(source, f="lavfi").output(str(path), **frames)
    stream.run(cmd=imageio_ffmpeg.get_ffmpeg_exe(), quiet=True, overwrite_output=True)
    return path
