"""The commands that put text in time: ``caption`` and ``align``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.aligners import AUTO
from subtools.checks import check_language
from subtools.cleaned import LIST_SUFFIXES, compose_lists, link_sound
from subtools.cli.app import app, spare_inputs
from subtools.cli.cleaning import GlossaryOption
from subtools.cli.fetching import (
    BrowserOption,
    CookiesOption,
    ProxyOption,
    RateOption,
    read_fetch_options,
)
from subtools.cli.inputs import find_talk, read_inputs
from subtools.cli.options import (
    AlignerOption,
    AudioOption,
    BeamOption,
    DiarizerOption,
    FolderOption,
    ForceOption,
    FormatsOption,
    JsonOption,
    KeepUntimedOption,
    LanguageOption,
    LeastSpeakersOption,
    LibraryOption,
    ModelOption,
    MostSpeakersOption,
    NamesOption,
    OffsetOption,
    PartialOption,
    PlotOption,
    PlotSpanOption,
    QuietOption,
    SpeakersOption,
    SpeakerStyleOption,
    ThreadsOption,
    TrackOption,
    TurnsOption,
    WithSpeakersOption,
    read_formats,
)
from subtools.cli.outlining import CountOption, WantedOption, read_topic_settings
from subtools.cli.speakers import read_speaker_settings
from subtools.cli.styling import (
    CuesOption,
    FrameRateOption,
    StyleOption,
    WordTimesOption,
    read_look,
)
from subtools.cli.summaries import print_summary, print_unmet, summarise
from subtools.core import PLAIN_RULES, Glossary, Progress
from subtools.correcting import clean_captions, load_glossaries
from subtools.diarizers import VOICES
from subtools.inputs import printable_name
from subtools.keeping import MOST_HEARD, KeptWork
from subtools.pipeline import Captions, Settings
from subtools.places import kept_hearings, unfinished_recognitions
from subtools.plots import PlotRequest
from subtools.presenting import PAGE_SUFFIX, USUAL, USUAL_FORMATS, Look, compose_output, refer_to
from subtools.store import check_outputs, write_outputs
from subtools.talks import Talk, TextChoice, caption_talk
from subtools.topics import ANY_TOPICS


@app.command(
    "caption",
    epilog="Examples: `subtools caption talk.txt --audio talk.m4a -o out` · "
    "`subtools caption talk.txt` (its header names the video) · "
    "`subtools caption 'https://www.bilibili.com/video/BV1zE421N7UJ?p=8'` · "
    "`subtools caption --audio talk.mp4 --language en` · "
    "`subtools caption old.srt --audio talk.mp4 -o new`",
)
def caption_command(
    document: Annotated[
        str | None,
        typer.Argument(
            metavar="DOCUMENT|ADDRESS",
            help="Transcript or old subtitle file, or the address of a video; without a document, "
            "the site's subtitles or what is recognised.",
        ),
    ] = None,
    audio: Annotated[
        str | None,
        typer.Option(
            "--audio",
            "-a",
            metavar="FILE|ADDRESS",
            help="Sound or video of the talk; else the video that the document's header names.",
        ),
    ] = None,
    text: Annotated[
        TextChoice | None,
        typer.Option(
            "--text",
            help="Without a document: the `site`'s subtitles or what is `recognised`; else the "
            "first subtitle of the site that the sound agrees with. `clean`: with the "
            "corrections that are safe (`subtools clean`).",
        ),
    ] = None,
    glossary: GlossaryOption = None,
    output_dir: FolderOption = Path(),
    aligner: AlignerOption = AUTO,
    model: ModelOption = "base",
    language: LanguageOption = None,
    track: TrackOption = None,
    offset: OffsetOption = 0.0,
    partial: PartialOption = False,
    beam: BeamOption = None,
    threads: ThreadsOption = None,
    keep_untimed: KeepUntimedOption = False,
    with_speakers: WithSpeakersOption = True,
    speakers: SpeakersOption = None,
    least: LeastSpeakersOption = None,
    most: MostSpeakersOption = None,
    diarizer: DiarizerOption = VOICES,
    turns: TurnsOption = None,
    names: NamesOption = None,
    known_voices: LibraryOption = True,
    style: StyleOption = PLAIN_RULES.name,
    cues: CuesOption = None,
    frame_rate: FrameRateOption = None,
    speaker_style: SpeakerStyleOption = None,
    word_times: WordTimesOption = False,
    count: CountOption = None,
    wanted: WantedOption = None,
    formats: FormatsOption = USUAL_FORMATS,
    cookies: CookiesOption = None,
    browser: BrowserOption = None,
    proxy: ProxyOption = None,
    rate: RateOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make subtitles: `STEM.srt`, `STEM.vtt`, chapters, a page to read and listen, `words.json`.

    STEM is the audio file's. `--formats` chooses: `srt`, `vtt`, `ass`, ... and `chapters`, `page`.

    The sound is a file, or is fetched: from the address you give, or the video that the
    document's header names. What was fetched is kept (`subtools cache`).

    Speakers are told apart by their voices and named by what people call each other; a
    document that says who speaks is believed. The subtitles' text is exactly the document's.
    Words that were not heard get no time: they are left out of the subtitles (unless you say
    `--keep-untimed`) and listed as findings, here and in `words.json`.
    """
    who = None
    if with_speakers:
        who = read_speaker_settings(
            diarizer, speakers, least, most, turns, names, known_voices=known_voices
        )
    look = read_look(
        style, cues, frame_rate, speaker_style, keep_untimed=keep_untimed, word_times=word_times
    )
    topics = read_topic_settings(count, wanted) or ANY_TOPICS
    settings = Settings(
        model, language, track, offset, partial, beam, threads, look.rules, aligner, who, topics
    )
    suffixes = read_formats(formats)
    check_language(language)
    given = read_inputs(document, audio, text)
    if glossary and text is not TextChoice.CLEAN:
        raise typer.BadParameter("is for the clean text: --text clean", param_hint="--glossary")
    terms = load_glossaries(glossary or []) if text is TextChoice.CLEAN else None
    check_outputs([output_dir / "words.json"], force=force)
    options = read_fetch_options(cookies, browser, proxy, rate)
    talk = find_talk(given, options, language, output_dir, is_silent=quiet or as_json)
    outputs = {output_dir / f"{talk.sound.stem}{s}": s for s in suffixes}
    outputs[output_dir / "words.json"] = ".json"
    if text is TextChoice.CLEAN:
        outputs |= {output_dir / f"{talk.sound.stem}{suffix}": suffix for suffix in LIST_SUFFIXES}
    make_results(
        talk,
        settings,
        outputs,
        choice=text,
        terms=terms,
        others=[path for path in (turns, names, wanted, *(glossary or [])) if path is not None],
        look=look,
        force=force,
        quiet=quiet,
        as_json=as_json,
    )


@app.command(
    "align",
    epilog="Examples: `subtools align talk.txt --audio talk.m4a -o out --json` · "
    "`subtools align talk.txt --audio talk.m4a --plot why.html --plot-span 12:30-12:40`",
)
def align_command(
    document: Annotated[Path, typer.Argument(help="Transcript or old subtitle file.")],
    audio: AudioOption,
    output_dir: FolderOption = Path(),
    aligner: AlignerOption = AUTO,
    model: ModelOption = "base",
    language: LanguageOption = None,
    track: TrackOption = None,
    offset: OffsetOption = 0.0,
    partial: PartialOption = False,
    beam: BeamOption = None,
    threads: ThreadsOption = None,
    plot: PlotOption = None,
    plot_span: PlotSpanOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find out when each word of a document is spoken: writes `words.json` only."""
    if plot_span is not None and plot is None:
        raise typer.BadParameter("say where to draw it: --plot FILE.html", param_hint="--plot-span")
    settings = Settings(
        model, language, track, offset, partial, beam, threads, aligner=aligner, speakers=None
    )
    outputs = {output_dir / "words.json": ".json"} | ({} if plot is None else {plot: ".html"})
    request = None if plot is None else PlotRequest(plot_span)
    talk = Talk(audio, document)
    make_results(talk, settings, outputs, request, force=force, quiet=quiet, as_json=as_json)


def make_results(
    talk: Talk,
    settings: Settings,
    outputs: Mapping[Path, str],
    plot: PlotRequest | None = None,
    look: Look = USUAL,
    *,
    choice: TextChoice | None = None,
    terms: Glossary | None = None,
    others: Sequence[Path] = (),
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Make the captions and write ``outputs`` (path to suffix); ``others`` are read, too."""
    check_outputs(list(outputs), force=force)
    texts_read = [talk.document] if talk.document else [text.path for text in talk.texts]
    spare_inputs(outputs, [talk.sound, *texts_read, *others])
    notes = list(talk.notes)
    kept = KeptWork(unfinished_recognitions(), talk.sound.name)
    with console.show_progress(quiet=quiet or as_json) as progress:
        captions = caption_talk(
            talk,
            settings,
            choice=choice,
            plot=plot,
            note=notes.append,
            keep=kept,
            progress=progress,
        )
        lists: dict[str, str] = {}
        if choice is TextChoice.CLEAN:
            folder = next(iter(outputs)).parent
            captions, lists = _clean(captions, talk, settings, terms, folder, progress)
    texts = {
        path: lists[suffix] if suffix in lists else _compose(captions, suffix, look, talk, path)
        for path, suffix in outputs.items()
    }
    write_outputs(texts, force=force)
    kept.discard()
    if kept.reused:
        total = kept.reused + kept.written
        notes.append(f"went on where it was interrupted: {kept.reused} of {total} parts were there")
    if settings.speakers is not None and not (quiet or as_json):
        print_unmet(settings.speakers, captions.alignment)
    with console.printing():
        if as_json:
            summary = summarise(captions, list(outputs), notes)
            console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
        elif not quiet:
            print_summary(captions, list(outputs), notes)


def _clean(
    captions: Captions,
    talk: Talk,
    settings: Settings,
    terms: Glossary | None,
    folder: Path,
    progress: Progress,
) -> tuple[Captions, dict[str, str]]:
    """Return the subtitles of the clean text, and the lists of corrections for ``folder``."""
    memory = KeptWork(kept_hearings(), talk.sound.name)
    cleaned, corrections = clean_captions(
        captions, talk.sound, settings, terms, keep=memory, progress=progress
    )
    memory.make_room(MOST_HEARD)
    sound, stem = link_sound(talk.sound, folder), talk.sound.stem
    return cleaned, compose_lists(corrections, captions.alignment, stem, sound)


def _compose(captions: Captions, suffix: str, look: Look, talk: Talk, path: Path) -> str:
    """Return one result; a page plays the sound if it is a file of the user's.

    A sound that was fetched lies in the cache, from where it may be cleared: the page then
    leads to the site.
    """
    media = None
    if suffix == PAGE_SUFFIX and captions.stretch is None:
        is_own = talk.source.url is None or talk.sound.parent.resolve() == path.parent.resolve()
        media = refer_to(talk.sound, path.parent) if is_own else None
    name = Path(printable_name(talk.sound)).stem
    return compose_output(captions, suffix, look, media=media, name=name)
