"""What is lost in a format: what it names is lost, and what it does not name is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Block, Cue, Native, Span, Subtitles, Word
from subtools.formats import FORMATS, Feature, Format, SpeakerStyle, format_for, list_losses
from subtools.formats.shown import words_of  # WebVTT has the times of words in its markup
from subtools.formats.styled import compose_runs
from tests.cues_for_formats import cues_in_order, names, with_words

READ = [known for known in FORMATS if known.parse and known.compose]
PLAIN = Cue(1, 2, ("one",))
SETTINGS = st.sampled_from(["", "", "line:0", "align:left", "position:10%,line-left size:30%"])
NATIVES = st.sampled_from(
    [
        None,
        None,
        Native("ass", "{\\pos(1,2)}x", (("style", "Top"),)),
        Native("bcc", "", (("sid", "1"),)),
    ]
)
BLOCKS = st.sampled_from(
    [Block("vtt", "NOTE", "hello"), Block("ass", "Comment", "0,x"), Block("lrc", "ar", "王")]
)


@st.composite
def rich_cues(draw: st.DrawFn, cue: Cue) -> Cue:
    looks = draw(
        st.sampled_from([frozenset[str](), frozenset("b"), frozenset("bi"), frozenset({"c.red"})])
    )
    rich = replace(
        cue,
        markup=compose_runs([[(line, looks)] for line in cue.lines]),
        settings=draw(SETTINGS),
        identifier=draw(st.sampled_from(["", "", "intro", "1"])),
        confidence=draw(st.none() | st.just(0.5)),
        reason=draw(st.sampled_from(["", "heard"])),
        native=draw(NATIVES),
    )
    return with_words(rich) if draw(st.booleans()) else rich


@st.composite
def rich_subtitles(draw: st.DrawFn) -> Subtitles:
    last = 9 * 3_600_000  # ms; ASS ends before 10 hours
    cues = draw(cues_in_order(speakers=st.none() | names, overlapping=True, last=last))
    return Subtitles(
        tuple(draw(rich_cues(cue)) for cue in cues),
        draw(st.sampled_from(["", "zh"])),
        draw(st.sampled_from(["", "座談"])),
        tuple(draw(st.lists(BLOCKS, max_size=1))),
    )


def changes(before: Cue, after: Cue) -> Iterator[tuple[str, ...]]:
    """Yield, for whatever of ``before`` is not in ``after``, the words that may name it."""
    if [round(t, 3) for t in (before.start, before.end)] != [after.start, after.end]:
        yield ("times (",)
    if before.lines != after.lines:
        yield ("line breaks", "characters of the text", "spaces in the text")
    if before.speaker not in (None, after.speaker):
        yield ("speakers",)
    if before.markup not in ("", re.sub(r"<\d[^>]*>", "", after.markup)):  # times are of words
        yield ("italics and other tags", "tags other than")
    if before.settings not in ("", after.settings):
        yield ("places on the screen",)
    if before.identifier not in ("", after.identifier):
        yield ("names of cues",)
    if before.confidence not in (None, after.confidence) or before.reason not in ("", after.reason):
        yield ("confidence and its reason",)
    if before.native not in (None, after.native):
        yield ("what only",)
    if [word.span for word in before.words] != [word.span for word in words_of(after)]:
        yield ("times of words", "ends of words")


@given(rich_subtitles(), st.sampled_from(READ), st.booleans())
def test_what_is_not_named_as_lost_is_kept(whole: Subtitles, known: Format, sung: bool) -> None:
    assert known.compose is not None
    assert known.parse is not None
    losses = "\n".join(list_losses(whole, known, word_times=sung))
    style = None if Feature.SPEAKER in known.holds else SpeakerStyle.NONE
    read = known.parse(known.compose(whole, style=style, word_times=sung))
    for name, value in (("language", read.language), ("title", read.title)):
        if getattr(whole, name) not in ("", value):
            assert f"the {name}" in losses
    contents = {(block.kind, block.text) for block in read.blocks}
    if any((block.kind, block.text) not in contents for block in whole.blocks):
        assert Feature.BLOCKS in losses
    if len(read.cues) != len(whole.cues):
        assert f"cues ({len(whole.cues)} become {len(read.cues)})" in losses
        return
    cues, others = list(whole.cues), list(read.cues)
    if "the order of cues" in losses:
        for listed in (cues, others):
            listed.sort(key=lambda cue: (cue.start, cue.end, "".join(cue.text.split())))
    for before, after in zip(cues, others, strict=True):
        for words in changes(before, after):
            assert any(word in losses for word in words), (words, losses)


SAMPLES: dict[Feature, Subtitles] = {
    Feature.TIMES: Subtitles((PLAIN,)),
    Feature.LINES: Subtitles((replace(PLAIN, lines=("one", "two")),)),
    Feature.SPEAKER: Subtitles((replace(PLAIN, speaker="Ann"),)),
    Feature.VOICES: Subtitles((Cue(1, 2, ("Hi", "Yo"), markup="<v Ann>Hi</v>\n<v Bob>Yo</v>"),)),
    Feature.MARKUP: Subtitles((replace(PLAIN, markup="<i>one</i>"),)),
    Feature.SETTINGS: Subtitles((replace(PLAIN, settings="line:0"),)),
    Feature.IDENTIFIER: Subtitles((replace(PLAIN, identifier="intro"),)),
    Feature.WORDS: Subtitles(
        (Cue(1, 2, ("so long",), words=(Word("so ", Span(1, 1.5)), Word("long", Span(1.5, 2)))),)
    ),
    Feature.CONFIDENCE: Subtitles((replace(PLAIN, confidence=0.5, reason="heard"),)),
    Feature.OVERLAPS: Subtitles((PLAIN, Cue(1.5, 2.5, ("two",)))),
}
BLOCK_SAMPLES = {
    "vtt": Block("vtt", "NOTE", "by hand"),
    "ass": Block("ass", "Comment", "0,0:00:00.00,0:00:01.00,Default,,0,0,0,,by hand"),
    "ssa": Block("ass", "Comment", "Marked=0,0:00:00.00,0:00:01.00,Default,,0,0,0,,by hand"),
    "lrc": Block("lrc", "ar", "Ann"),
    "bcc": Block("bcc", "header", '{"font_size": 0.5}'),
}


def is_named(feature: Feature, losses: tuple[str, ...]) -> bool:
    return any(loss.startswith(feature.value) for loss in losses)


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
@pytest.mark.parametrize("feature", SAMPLES)
def test_a_format_holds_what_it_says_and_nothing_else(known: Format, feature: Feature) -> None:
    sample = SAMPLES[feature]
    if known.name == "rttm":  # who speaks is all it has
        cues = tuple(replace(cue, speaker=cue.speaker or "Ann") for cue in sample.cues)
        sample = replace(sample, cues=cues)
    losses = list_losses(sample, known, word_times=True)
    if known.name == "rttm" and feature in {Feature.LINES, Feature.CONFIDENCE}:
        assert "characters of the text (1 cue)" in losses
        return
    assert is_named(feature, losses) == (feature not in known.holds), losses


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_blocks_are_held_by_the_formats_that_say_so(known: Format) -> None:
    assert (Feature.BLOCKS in known.holds) == (known.name in BLOCK_SAMPLES)
    for name, block in BLOCK_SAMPLES.items():
        losses = list_losses(Subtitles((PLAIN,), blocks=(block,)), known)
        same = name == known.name
        assert is_named(Feature.BLOCKS, losses) == (not same) or block.format == "ass", name


LOST: list[tuple[str, Callable[[Cue], Cue], str]] = [
    ("ass", lambda cue: replace(cue, start=1.004), "times (1 cue)"),
    ("lrc", lambda cue: replace(cue, lines=("a", "[00:01.00]b")), "characters of the text (1 cue)"),
    ("srt", lambda cue: replace(cue, lines=("a  ",)), "spaces in the text (1 cue)"),
    ("ass", lambda cue: replace(cue, speaker="Lee, Ann"), "speakers (1 cue)"),
    ("bcc", lambda cue: replace(cue, settings="position:10%"), "places on the screen (1 cue)"),
    ("ass", lambda cue: replace(cue, markup="<c.red>one</c>"), "italics and other tags (1 cue)"),
    (
        "srt",
        lambda cue: replace(cue, native=Native("ass", "", (("style", "Top"), ("layer", "1")))),
        "what only ass has: style, layer (1 cue)",
    ),
]


@pytest.mark.parametrize(("name", "change", "loss"), LOST)
def test_losses_are_named_with_the_cues_they_concern(
    name: str, change: Callable[[Cue], Cue], loss: str
) -> None:
    assert loss in list_losses(Subtitles((change(PLAIN),)), format_for(name))
    assert loss not in list_losses(Subtitles((PLAIN,)), format_for(name))


def test_cues_that_disappear_are_counted() -> None:
    cues = (PLAIN, Cue(2, 3, ("two",), "Ann"))
    assert "cues (2 become 1)" in list_losses(Subtitles(cues), format_for("rttm"))


def test_tags_that_mean_the_same_are_no_loss() -> None:
    nested = replace(PLAIN, markup="<i><b>one</b></i>")
    assert list_losses(Subtitles((nested,)), format_for("ass")) == ()


def test_the_order_of_cues_is_lost_where_times_decide() -> None:
    cues = (Cue(5, 6, ("b",)), Cue(1, 2, ("a",)))
    assert list_losses(Subtitles(cues), format_for("lrc")) == ("the order of cues",)
    assert list_losses(Subtitles(cues), format_for("csv")) == ()
