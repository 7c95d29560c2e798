"""What docs/formats.md says of formats is what they do."""

from __future__ import annotations

from pathlib import Path

from subtools.formats import FORMATS, Feature

PAGE = Path(__file__).parent.parent / "docs" / "formats.md"


def loss_table() -> str:
    """Return the table of what each format holds, as the page has it."""
    rows = [["", *(f"`{known.name}`" for known in FORMATS if known.compose)]]
    rows.append(["---"] * len(rows[0]))
    for feature in Feature:
        held = (feature in known.holds for known in FORMATS if known.compose)
        rows.append([feature.value, *("yes" if is_held else "–" for is_held in held)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def test_the_loss_table_is_what_the_formats_say() -> None:
    assert loss_table() in PAGE.read_text(encoding="utf-8")


def test_every_format_and_suffix_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    for known in FORMATS:
        (row,) = (row for row in rows if f"`{known.name}`" in row.split("|")[1])
        assert all(f"`{suffix}`" in row for suffix in known.suffixes)
        can = [bool(known.parse), bool(known.compose)]
        assert " / ".join("yes" if it else "no" for it in can) in row
