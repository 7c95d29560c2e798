"""An address to a sound file and what is known about it: yt-dlp finds, we fetch and verify.

what the user typed    addresses, options, cookies
the whole of a fetch   fetching (without yt-dlp) ──► jobs (what is wanted) ──► making (one part)
asking the site        leading, asking, bilibili, observing (its answers), explaining (its errors)
requests               opening (polite, bounded) on handling (HTTP) with parameters (yt-dlp's)
the bytes              verified ──► streaming or pieces, keeping (what is there), verifying
asked for by others    shielding
on the disk            folders, clearing, metadata, texts
"""

from subtools.download.addresses import Address, Kind, hide_secrets, parse_address
from subtools.download.clearing import Unfinished, discard, list_unfinished
from subtools.download.fetching import Fetched, PartPlan, fetch, find_fetched, plan_parts
from subtools.download.folders import name_key
from subtools.download.metadata import Chapter, KeptFile, Metadata, compose_metadata, parse_metadata
from subtools.download.options import (
    ALL_PARTS,
    FetchOptions,
    Limits,
    Parts,
    Patience,
    parse_parts,
    parse_rate,
)
from subtools.download.shielding import is_public, public_only
from subtools.download.verifying import Measure

__all__ = [
    "ALL_PARTS",
    "Address",
    "Chapter",
    "FetchOptions",
    "Fetched",
    "KeptFile",
    "Kind",
    "Limits",
    "Measure",
    "Metadata",
    "PartPlan",
    "Parts",
    "Patience",
    "Unfinished",
    "compose_metadata",
    "discard",
    "fetch",
    "find_fetched",
    "hide_secrets",
    "is_public",
    "list_unfinished",
    "name_key",
    "parse_address",
    "parse_metadata",
    "parse_parts",
    "parse_rate",
    "plan_parts",
    "public_only",
]
