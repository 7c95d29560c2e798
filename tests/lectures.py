"""Made-up talks with times and speakers, for tests of topics."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from subtools.core import Paragraph, Seconds, Span, Transcript, Word
from subtools.lexicon import split_words
from subtools.metrics import Reference

HAN_PACE, LATIN_PACE = 0.24, 0.36  # s for a character, for a word
Line = tuple[str | None, str, Seconds]  # who, what, and the silence before it


def talk(*lines: Line, at: Seconds = 0.5, timed: bool = True) -> Transcript:
    """Return a talk of these turns, a paragraph each."""
    paragraphs, now = [], at
    for speaker, text, pause in lines:
        now += pause
        words = []
        for word in split_words(text):
            pace = LATIN_PACE if word[0].isascii() else HAN_PACE
            span = Span(now, now + pace) if timed else None
            words.append(Word(word, span, speaker=speaker))
            now += pace + (0.2 if word[-1:] in "，。？, .?" else 0.0)
        if words:
            paragraphs.append(Paragraph(tuple(words)))
    return Transcript(tuple(paragraphs))


def talk_of(reference: Reference) -> Transcript:
    """Return what is said in a recording, the words of a clause evenly in its time."""
    paragraphs = []
    for clause in reference.clauses:
        texts = split_words(f"{clause.text}，")
        step = (clause.end - clause.start) / len(texts)
        spans = [
            Span(clause.start + step * k, clause.start + step * (k + 1)) for k in range(len(texts))
        ]
        words = [Word(t, s, speaker=clause.speaker) for t, s in zip(texts, spans, strict=True)]
        paragraphs.append(Paragraph(tuple(words)))
    return Transcript(tuple(paragraphs))


ANSWERS = {
    "reactors": "反應爐裡面的中子被水減速，鈾燃料的溫度就會升高，冷卻水把熱量帶到蒸汽機。",
    "bees": "蜜蜂回到蜂巢會跳舞，別的蜜蜂看了就知道花在哪裡，花蜜要釀成蜂蜜。",
    "glass": "玻璃是沙子燒出來的，窯的溫度要一千五百度，吹玻璃的師傅用鐵管。",
    "tides": "潮汐是月亮拉著海水，滿月的時候潮水最高，漁民看月亮出海。",
    "paper": "造紙要把樹皮煮爛，紙漿在竹簾上抄起來，晾乾就是一張紙。",
}
QUESTIONS = {
    "reactors": "那接下來想請教各位，核電廠的反應爐為什麼要用水來冷卻？",
    "bees": "下一個問題，蜜蜂是怎麼告訴同伴花蜜在哪裡的？",
    "glass": "我們再來聊聊玻璃，玻璃是怎麼從沙子變出來的？",
    "tides": "那如果提到月亮的話，潮汐和月亮到底是什麼關係？",
    "paper": "最後一個問題，古人是怎樣用樹皮造紙的？",
}


def interview(subjects: Sequence[str], *, answers: int = 3) -> Transcript:
    """Return a talk in which 王老師 asks about each of ``subjects``, and then asks for more."""
    lines: list[Line] = []
    for subject in subjects:
        lines.append(("王老師", QUESTIONS[subject], 0.6))
        lines.append(("李博士", ANSWERS[subject] * answers, 0.4))
        lines.append(("王老師", "還有其他老師想要補充的嗎？", 0.4))
        lines.append(("陳博士", ANSWERS[subject] * answers, 0.4))
    return talk(*lines)


texts = st.text(
    "一我們的水火大模型數據?？，。,. abGPT語言嗎呢第二接下來\u200b<&\n", min_size=1, max_size=60
)
lines = st.tuples(
    st.sampled_from([None, "王老師", "李博士", "Ann Lee"]),
    texts,
    st.floats(0, 3, allow_nan=False),
)
talks = st.lists(lines, max_size=25).map(lambda made: talk(*made))
