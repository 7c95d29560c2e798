"""The order of the commands in ``subtools --help``."""

from __future__ import annotations

import typer

PANELS: dict[str, tuple[str, ...]] = {
    "Subtitles of a talk": ("caption", "fetch", "align", "transcribe", "clean", "resync"),
    "Many talks": ("plan", "batch", "why", "serve"),
    "Who speaks": ("diarize", "name", "voices"),
    "What it is about": (*("topics", "chapters", "text", "index", "search", "page", "open"),),
    "Corrections": ("review", "apply"),
    "Files of subtitles": (
        *("check", "convert", "shift", "scale", "trim", "split", "concat", "bilingual"),
    ),
    "Videos": ("mux", "burn"),
    "Besides": ("score", "cache"),
}


def arrange_commands(app: typer.Typer) -> None:
    """Put the commands of ``app`` into panels, in the order of ``PANELS``.

    Raises:
        KeyError: If one stands in none of them.
    """
    places = {name: (k, panel) for panel, names in PANELS.items() for k, name in enumerate(names)}
    order = {name: k for k, name in enumerate(places)}
    for command in app.registered_commands:
        command.rich_help_panel = places[command.name or ""][1]
    for group in app.registered_groups:
        name = group.typer_instance.info.name if group.typer_instance else None
        group.rich_help_panel = places[name or ""][1]
    app.registered_commands.sort(key=lambda command: order[command.name or ""])
