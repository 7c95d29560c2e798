"""The file of terms that mean the same: ``term: [other names]``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from subtools.catalogue.values import Glossary
from subtools.errors import DocumentError
from subtools.settings import Setting, parse_settings

_HINT = "write `term: [other name, ...]`"


def parse_glossary(text: str, *, path: Path | str | None = None) -> Glossary:
    """Return the terms of a YAML or TOML file, each with what else it is called.

    Args:
        text: The file's text.
        path: Where it was read.

    Raises:
        DocumentError: If it is not such a file, with the line.

    >>> parse_glossary("閉源模型: [畢業模型, closed model]").names
    {'閉源模型': ('閉源模型', '畢業模型', 'closed model')}
    """
    members = parse_settings(text, path=path).members
    return Glossary(
        {
            term: tuple(dict.fromkeys((term, *_other_names(setting, path))))
            for term, setting in members
        }
    )


def _other_names(setting: Setting, path: Path | str | None) -> Iterator[str]:
    """Yield the names in a list, or in the member ``aliases`` of a longer entry."""
    if setting.members:
        aliases = setting.member("aliases")
        yield from _other_names(aliases, path) if aliases else ()
        return
    for item in setting.items or (setting,):
        if item.items or item.members:
            raise DocumentError("a name must be text", hint=_HINT, path=path, line=item.line)
        if item.text:
            yield item.text
