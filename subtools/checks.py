"""What is refused: text and sound that cannot belong together, times nobody sees."""

from __future__ import annotations

from subtools.core import Alignment, Audio, Seconds, Transcript
from subtools.errors import AlignmentError, MismatchError
from subtools.whisper import known_languages

# Words a second above which a text cannot belong to a sound: Mandarin at its fastest has
# about 9 syllables a second, so more than half of such a text cannot have been spoken.
MOST_WORDS_A_SECOND = 20.0
# Share of the words; another talk in the same language has about 0.02 by recognition, 0 by phones.
LEAST_HEARD = 0.1


def check_language(language: str | None) -> None:
    """Refuse a language code Whisper does not know.

    Raises:
        AlignmentError: Naming the most usual codes.
    """
    if language is not None and language not in known_languages():
        raise AlignmentError(
            f"unknown language {language!r}", hint="use a code such as zh, en, ja, ko, de"
        )


def check_room(transcript: Transcript, audio: Audio) -> None:
    """Refuse a text that is far too long for the sound.

    Raises:
        MismatchError: Saying how long either is.
    """
    words = len(transcript.words)
    if words > MOST_WORDS_A_SECOND * audio.duration:
        raise MismatchError(
            f"the text has {words} words, the sound lasts only {audio.duration:.0f} s: "
            "nobody speaks that fast",
            hint="check that both are of the same talk; --partial if the sound is a part of it",
        )


def check_heard(alignment: Alignment, *, partial: bool) -> None:
    """Refuse an alignment in which next to nothing of the text was heard.

    Raises:
        MismatchError: Saying how much was heard, and in which language.
    """
    words = alignment.transcript.words
    share = sum(word.confidence is not None for word in words) / len(words)
    if share == 0 or (share < LEAST_HEARD and not partial):
        heard = f"only {share:.0%}" if share else "nothing"
        advice = "" if partial else ", --partial if they share only a part"
        raise MismatchError(
            f"{heard} of the text was heard in the sound, which was taken to be "
            f"in {alignment.language!r}",
            hint="check that both are of the same talk and language; "
            f"--language if it was taken for another{advice}",
        )


def check_in_video(alignment: Alignment, offset: Seconds) -> None:
    """Refuse an offset that leaves nothing to show.

    Raises:
        AlignmentError: If no word has a time at or after 0.
    """
    if not any(word.span for word in alignment.transcript.words):
        raise AlignmentError(
            f"with an offset of {offset:g} s, nothing is spoken after the video starts",
            hint="give a smaller --offset",
        )
