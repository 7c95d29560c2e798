"""What to subtitle: a document, an address, a sound file, or two of these."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import typer

from subtools import console
from subtools.download import FetchOptions
from subtools.talks import Talk, TextChoice, fetch_talk, find_address, is_address


@dataclass(frozen=True, slots=True)
class Given:
    """What the user typed.

    Attributes:
        document: The text, if it is a file of the user's.
        sound: The sound, if it is a file.
        address: Where the sound is, if it is to be fetched.
    """

    document: Path | None = None
    sound: Path | None = None
    address: str = ""


def read_inputs(document: str | None, audio: str | None, text: TextChoice | None) -> Given:
    """Return what the first argument and ``--audio`` mean together.

    Raises:
        typer.BadParameter: If they make no sense together.
        DocumentError: If the sound is to be that of a document's video, and it names none.
    """
    if document is None and audio is None:
        raise typer.BadParameter("give a document, the address of a video, or --audio")
    if document is not None and is_address(document):
        if audio is not None:
            raise typer.BadParameter(
                "an address and --audio are two sounds: give one of them", param_hint="--audio"
            )
        document, audio = None, document
    if document is not None and text not in {None, TextChoice.CLEAN}:
        raise typer.BadParameter("there is a document, so it is the text", param_hint="--text")
    path = None if document is None else Path(document)
    if audio is not None and not is_address(audio):
        if text is TextChoice.SITE:
            raise typer.BadParameter("a file has no site", param_hint="--text")
        return Given(path, Path(audio))
    if audio is not None:
        return Given(path, address=audio)
    return Given(path, address=find_address(Path(document or "")))


def find_talk(
    given: Given, options: FetchOptions, language: str | None, folder: Path, *, is_silent: bool
) -> Talk:
    """Return the talk that is meant, its sound fetched unless it is in ``folder`` or kept.

    Raises:
        FetchError: If it cannot be fetched.
        OutputError: If a file cannot be written.
    """
    if given.sound is not None:
        return Talk(given.sound, given.document)
    if not is_silent:
        console.print_note(f"the sound is that of {given.address}")
    with console.show_progress(quiet=is_silent) as progress:
        return fetch_talk(
            given.address,
            options,
            document=given.document,
            language=language,
            folders=[folder],
            progress=progress,
        )
