"""The application, and the one place that turns errors into a message and a status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from subtools import console
from subtools.errors import OutputError, SubtoolsError

FAILED, INTERRUPTED = 1, 130
_JARGON = "Value error, "  # which newer typers put before what is wrong
INTERRUPTED_TEXT = "interrupted; nothing was written"


class ErrorGroup(TyperGroup):
    """The one place that turns errors into a message and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix(_JARGON)
            raise
        except SubtoolsError as error:
            console.print_error(str(error))
            raise typer.Exit(FAILED) from error
        except OSError as error:
            console.print_error(str(error))
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as error:
            console.print_error(INTERRUPTED_TEXT)
            raise typer.Exit(INTERRUPTED) from error


app = typer.Typer(
    name="subtools",
    cls=ErrorGroup,
    help="Subtitles for long talks: align a transcript to its sound, offline, Chinese first.",
    epilog="Exit status: 0 done, 1 failed, 2 wrong arguments, 130 interrupted.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        console.print_line(f"subtools {version('subtools')}")
        raise typer.Exit


@app.callback()
def _main(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Subtitles for long talks: align a transcript to its sound, offline, Chinese first."""


def spare_inputs(outputs: Iterable[Path], inputs: Sequence[Path]) -> None:
    """Refuse to write over what is read, ``--force`` or not.

    Raises:
        OutputError: Naming the file.
    """
    read = {path.resolve() for path in inputs}
    for path in outputs:
        if path.resolve() in read:
            raise OutputError(
                "this file is read, and would be written over",
                hint="write to another folder or name",
                path=path,
            )
