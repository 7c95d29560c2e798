"""What was asked for to a job: the same checks as a line of a manifest, and a few more.

Nobody who asks the service may name a file of this machine, nor a place that only this
machine reaches.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from subtools.batch import Device, Job, Row, make_jobs
from subtools.batch.manifest import derive_name
from subtools.core import PLAIN_RULES
from subtools.download import Kind, parse_address
from subtools.errors import DocumentError, FetchError, SubtoolsError
from subtools.service.problems import Problem, bad_value
from subtools.service.records import SOURCE
from subtools.styles import STYLES
from subtools.talks import find_address

MEDIA, DOCUMENT, NAMES = "media", "document", "names"
FILES = (MEDIA, DOCUMENT, NAMES)
SETTINGS = ("language", "style", "outputs", "speakers", "topics", "aligner", "text")
_COLUMNS = {MEDIA: "source", DOCUMENT: "document", NAMES: "names"}
_LONGEST_SUFFIX = 8
_LOCAL_ENDS = (".local", ".localhost", ".internal", ".lan", ".home", ".home.arpa", ".intranet")
_NO_JOB = Job(name="", source="")
STYLE_NAMES = tuple(rules.name for rules in STYLES)


def read_request(
    fields: Mapping[str, str], files: Mapping[str, str], folder: Path, *, allow_private: bool
) -> dict[str, str]:
    """Return what is asked for, as a line of a manifest says it.

    Args:
        fields: Fields of the form.
        files: Names of the files that were uploaded, as seen from ``folder``, by what they are.
        folder: Where they are.
        allow_private: Whether addresses of the local network may be fetched.

    Raises:
        Problem: If it makes no sense.
    """
    cells = {name: value for name, value in fields.items() if name in SETTINGS and value}
    unknown = [name for name in fields if name not in (*SETTINGS, "address")]
    if unknown:
        known = ", ".join((*FILES, "address", *SETTINGS))
        raise Problem(422, "unknown_field", "there is a field that is not known", f"known: {known}")
    cells |= {_COLUMNS[role]: name for role, name in files.items()}
    address = fields.get("address", "").strip()
    if address and MEDIA in files:
        raise bad_value("there are a file and an address", "give one of them")
    if not address and MEDIA not in files:
        address = _address_in(folder / files[DOCUMENT]) if DOCUMENT in files else ""
    if address:
        cells["source"] = read_address(address, allow_private=allow_private)
    elif MEDIA not in files:
        raise bad_value("there is no sound", "give a file, or an address")
    if cells.get("style", PLAIN_RULES.name) not in STYLE_NAMES:
        raise bad_value("there is no such style", f"known: {', '.join(STYLE_NAMES)}")
    _try(cells, folder)
    return cells


def make_job(
    cells: Mapping[str, str],
    folder: Path,
    name: str,
    device: Device = Device(),  # noqa: B008 - frozen
) -> Job:
    """Return the job of a ticket, whose files are in ``folder``.

    Raises:
        DocumentError: If a file of it is missing.
    """
    row = Row(1, {**cells, "name": name})
    manifest = make_jobs([row], folder / SOURCE, replace(_NO_JOB, device=device))
    if manifest.mistakes or not manifest.jobs:
        mistakes = "; ".join(mistake.text for mistake in manifest.mistakes)
        raise DocumentError(mistakes, hint="ask for it again")
    return manifest.jobs[0]


def read_address(text: str, *, allow_private: bool) -> str:
    """Return the address that ``text`` says, in its plainest form.

    What a name leads to is seen when it is fetched; here, only what its text says is refused.

    Raises:
        Problem: If it is no address on the web, or one of the local network.
    """
    try:
        address = parse_address(text)
    except FetchError as error:
        raise bad_value(error.message, error.hint) from error
    if address.kind is Kind.FILE:
        raise bad_value("this is no address", "upload the file, or give an address")
    if not allow_private and is_local(urlsplit(address.url).hostname or ""):
        hint = "the service was started without --allow-private"
        raise Problem(422, "private_address", "addresses of the local network are refused", hint)
    return address.url


def is_local(host: str) -> bool:
    """Return whether ``host`` says by itself that it is no host of the public web.

    >>> [is_local(host) for host in ("192.168.1.1", "nas", "router.lan", "[::1]", "1.1.1.1")]
    [True, True, True, True, False]
    """
    host = host.strip("[]").rstrip(".").lower()
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_ENDS)


def clean_file_name(name: str, otherwise: str) -> str:
    """Return ``name`` without its path, as every system takes it.

    >>> clean_file_name("../../talks/a b.M4A", "talk"), clean_file_name("..", "talk")
    ('a b.m4a', 'talk')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, suffix = last.rpartition(".")
    is_suffix = dot and suffix.isascii() and suffix.isalnum() and len(suffix) <= _LONGEST_SUFFIX
    stem = stem if is_suffix else last
    clean = derive_name(Job("", f"./{stem}.x")) if stem.strip(" .") else otherwise
    return f"{clean}.{suffix.lower()}" if is_suffix else clean


def name_folder(cells: Mapping[str, str]) -> str:
    """Return what the folder of a job is to be called."""
    return derive_name(Job("", cells["source"]))


def _address_in(document: Path) -> str:
    try:
        return find_address(document)
    except SubtoolsError as error:
        raise bad_value("there is no sound", "give a file, or an address") from error


def _try(cells: Mapping[str, str], folder: Path) -> None:
    """Find what is wrong with what is asked for.

    Raises:
        Problem: Naming all of it.
    """
    manifest = make_jobs([Row(1, cells)], folder, _NO_JOB)
    if manifest.mistakes:
        text = "; ".join(mistake.text for mistake in manifest.mistakes)
        raise bad_value(text.replace(f"{folder}/", ""))
