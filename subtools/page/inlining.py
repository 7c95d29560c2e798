"""Styles and scripts in one file, and the policy that allows them and nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from subtools.page.media import MediaReference

GENERATOR = "subtools page"  # by which a page is known again


@dataclass(frozen=True, slots=True)
class Template:
    """What a page is made of.

    Attributes:
        page: Name of its HTML, without suffix.
        generator: By which it is known again.
        styles: Names of its style sheets.
        scripts: Names of its scripts. They share one scope: each may use what those before it
            declare.
    """

    page: str
    generator: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]


PAGE = Template(
    "page",
    GENERATOR,
    ("page",),
    (
        *("data", "passages", "clock", "links", "follow", "timeline"),
        *("folding", "matching", "search", "dialogs", "keys", "start"),
    ),
)
REVIEW = Template(
    "review",
    "subtools review",
    ("page", "review"),
    (
        *("review-text", "review-state", "review-compose", "review-placing", "review-player"),
        *("review-files", "review-list", "review-card", "review-readings", "review-people"),
        *("review-turns", "review-keys", "review-start"),
    ),
)
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_ICON = "data:"
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def fill_page(
    values: Mapping[str, str], media: MediaReference | None, template: Template = PAGE
) -> str:
    """Return the page with ``values``, which are HTML, in their places.

    Args:
        values: What stands at ``{{name}}``; a value that looks like a place is none.
        media: What the page may play.
        template: Which page.
    """
    style = "\n".join(_load(f"{name}.css") for name in template.styles)
    script = "\n".join(_load(f"{name}.js") for name in template.scripts)
    theme = _load("theme.js")
    known = {
        **values,
        "generator": template.generator,
        "policy": _compose_policy(style, (theme, script), media),
        "style": style,
        "theme": theme,
        "script": script,
    }
    return _PLACE.sub(lambda place: known[place.group(1)], _load(f"{template.page}.html"))


def compose_json(value: object) -> str:
    r"""Return ``value`` as JSON that can stand in a script element whatever it holds.

    >>> compose_json("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: _UNSAFE[found.group()], text)


def _compose_policy(style: str, scripts: tuple[str, ...], media: MediaReference | None) -> str:
    """Return the Content-Security-Policy: these styles and scripts, and the media file.

    ``'self'`` does not cover files in all browsers, so ``file:`` stands beside it. A server
    without byte ranges lets nobody seek; the script then fetches the file whole, into a blob.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(map(_hash, scripts)),
        "style-src": _hash(style),
        "img-src": _ICON,
        "media-src": "blob:" if media is None else "'self' file: blob:",
        "connect-src": "'none'" if media is None else "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _load(name: str) -> str:
    """Return an asset, its line ends as browsers count them."""
    text = (files("subtools.page") / "assets" / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")
