"""Bytes of subtitle files to text: short lines among much ASCII, and what was mended."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.decoding import decode_subtitles, decode_text
from subtools.errors import DocumentError

HANS = (
    "谢谢。",
    "我们走吧！",
    "他说什么？",
    "不行",
    "OK，没问题",
    "（笑）",
    "♪ 音乐 ♪",
    "这是GPT-4模型",
)
HANT = (
    "謝謝。",
    "我們走吧！",
    "他說什麼？",
    "不行",
    "OK，沒問題",
    "（笑）",
    "體驗",
    "這是GPT-4模型",
)
JAPANESE = ("はい", "ありがとう", "行きましょう", "何ですか？", "カメラ")
KOREAN = ("감사합니다", "가자!", "뭐라고?")
FRENCH = ("café", "Où est-il ?", "Très bien", "C’est l’été…", "déjà", "à", "Ça va ?", "«Non»")
GERMAN = ("Größe", "schön", "für", "Übung", "Straße", "„Ja“")
SPANISH = ("¿Qué?", "mañana", "niño", "¡Hola!")
RUSSIAN = ("Да", "Привет", "Что это?", "Спасибо", "Пойдём")
GREEK = ("Γεια", "Ευχαριστώ")
POLISH = ("Cześć, dziękuję", "źle, Łódź, że")
TURKISH = ("Teşekkürler", "Çok güzel")


def compose(lines: tuple[str, ...]) -> str:
    return "".join(
        f"{number}\n00:00:{number:02d},000 --> 00:00:{number:02d},900\n{line}\n\n"
        for number, line in enumerate(lines, start=1)
    )


SAVED = [
    *[(HANS, encoding) for encoding in ("utf-8", "gbk", "gb18030", "utf-16-le", "utf-16-be")],
    *[(HANT, encoding) for encoding in ("big5", "big5hkscs", "cp950", "gb18030", "utf-16-le")],
    *[(JAPANESE, encoding) for encoding in ("shift_jis", "cp932", "euc_jp", "utf-16-be")],
    *[(KOREAN, encoding) for encoding in ("euc_kr", "cp949")],
    *[(lines, "cp1252") for lines in (FRENCH, GERMAN, SPANISH)],
    *((RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (GREEK, "cp1253")),
    *((POLISH, "cp1250"), (TURKISH, "cp1254"), (HANS, "utf-32-le"), (FRENCH, "utf-32-be")),
]


@pytest.mark.parametrize(("lines", "encoding"), SAVED)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_in_its_encoding(
    lines: tuple[str, ...], encoding: str, line_end: str
) -> None:
    text = compose(tuple(line for line in lines if _is_held(line, encoding)))
    data = text.replace("\n", line_end).encode(encoding)
    assert decode_subtitles(data) == (text, ())


@pytest.mark.parametrize(
    ("line", "encoding"),
    [
        (line, encoding)
        for lines, encoding in SAVED
        for line in lines
        # The letters of one short word may be those of another language as well.
        if encoding not in {"cp1250", "cp1254"}
    ],
)
def test_one_line_among_english_ones_is_read(line: str, encoding: str) -> None:
    if _is_held(line, encoding):
        text = compose(("Hello there", line, "What is it?"))
        assert decode_subtitles(text.encode(encoding)) == (text, ())


def test_four_bytes_of_gb18030_are_read() -> None:
    text = compose(("我们都叫㐂", "𠮷野家，我们走吧", "谢谢你们"))
    assert decode_subtitles(text.encode("gb18030")) == (text, ())


@pytest.mark.parametrize("bom", [codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE])
def test_a_byte_order_mark_is_believed(bom: bytes) -> None:
    encoding = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_BE: "utf-16-be"}.get(bom, "utf-32-le")
    assert decode_subtitles(bom + compose(HANS).encode(encoding)) == (compose(HANS), ())


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_document_error(data: bytes) -> None:
    try:
        text, _ = decode_subtitles(data)
    except DocumentError:
        return
    assert text and "\0" not in text and "\r" not in text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip))
def test_what_is_good_for_a_document_is_the_same_for_subtitles(text: str) -> None:
    try:
        read = decode_text(text.encode())
    except DocumentError:
        return
    assert decode_subtitles(text.encode()) == (read, ())


# --- mended -----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "cp1252"])
def test_nul_bytes_are_left_out(encoding: str) -> None:
    lines = FRENCH if encoding == "cp1252" else HANS
    text = compose(lines)
    data = text.encode(encoding)
    place = data.index(b"\n\n") + 1
    damaged = data[:place] + b"\0\0" + data[place:] + bytes(500)
    read, remarks = decode_subtitles(damaged)
    assert (read, [str(remark) for remark in remarks]) == (
        text,
        ["line 4: NUL characters left out (502)"],
    )


def test_nul_characters_of_utf_16_are_left_out() -> None:
    data = codecs.BOM_UTF16_LE + "a\nb\0\nc\n".encode("utf-16-le")
    read, remarks = decode_subtitles(data)
    assert read == "a\nb\nc\n"
    assert [str(remark) for remark in remarks] == ["line 2: NUL characters left out (1)"]


@pytest.mark.parametrize(
    ("data", "text", "remark"),
    [
        (
            "好的\n我们走".encode() + b"\xe5\xa5\n" + "谢谢".encode(),
            "好的\n我们走\ufffd\n谢谢",
            "line 2: not valid utf-8, shown as \ufffd (1)",
        ),
        (
            compose(HANS).encode("gb18030") + b"\xb5\xff\n",
            compose(HANS) + "\ufffd\ufffd\n",
            "line 33: not valid gb18030, shown as \ufffd (2)",
        ),
        (
            codecs.BOM_UTF16_LE + "好\n好\n".encode("utf-16-le") + b"\x00",
            "好\n好\n\ufffd",
            "line 3: not valid utf-16-le, shown as \ufffd (1)",
        ),
        (
            compose(HANS).encode() + compose(HANT).encode("big5", "ignore"),
            compose(HANS) + compose(HANT).encode("big5", "ignore").decode("big5"),
            "line 35: 8 lines in big5hkscs, unlike the rest",
        ),
        (
            compose(HANS).encode() + b"Tr\xe8s bien, d\xe9j\xe0\n",
            compose(HANS) + "Très bien, déjà\n",
            "line 33: 1 line in cp1252, unlike the rest",
        ),
    ],
)
def test_damage_is_mended_with_a_remark(data: bytes, text: str, remark: str) -> None:
    read, remarks = decode_subtitles(data)
    assert [str(remark) for remark in remarks] == [remark]
    assert read == text


@pytest.mark.parametrize("data", [b"", b" \r\n", codecs.BOM_UTF8, bytes(2000)])
def test_a_file_without_a_character_is_called_empty(data: bytes) -> None:
    with pytest.raises(DocumentError, match="the document is empty"):
        decode_subtitles(data)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"\x1f\x8b\x08" + bytes(20), b"\x1aE\xdf\xa3" + bytes(30)]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match="binary data"):
        decode_subtitles(data)


@pytest.mark.parametrize("unit", [b"a", b"\xe9", b"\xff", b"a\0", b"\0", "好".encode("gbk"), b"\r"])
def test_no_bytes_take_long(unit: bytes) -> None:
    try:
        decode_subtitles(unit * 1_000_000)
    except DocumentError:
        return


def _is_held(line: str, encoding: str) -> bool:
    return line.encode(encoding, "ignore").decode(encoding) == line
