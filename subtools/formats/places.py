r"""Nine places on the screen, as the keypad of a computer numbers them, for WebVTT's settings.

7 8 9 is the top, 1 2 3 the bottom, 2 is the usual place. So do ``\an`` of ASS and
``location`` of Bilibili count.
"""

from __future__ import annotations

USUAL = 2
_SETTINGS = {
    1: "align:left",
    2: "",
    3: "align:right",
    4: "line:50%,center align:left",
    5: "line:50%,center",
    6: "line:50%,center align:right",
    7: "line:0 align:left",
    8: "line:0",
    9: "line:0 align:right",
}
_SIDES = {"start": 0, "left": 0, "end": 2, "right": 2}


def place_to_settings(place: int) -> str:
    """Return the settings of a WebVTT cue in one of the nine places; none for other numbers.

    >>> place_to_settings(7), place_to_settings(2), place_to_settings(12)
    ('line:0 align:left', '', '')
    """
    return _SETTINGS.get(place, "")


def is_place(settings: str) -> bool:
    """Tell whether ``settings`` say one of the nine places and nothing else."""
    return settings in _SETTINGS.values()


def settings_to_place(settings: str) -> int:
    """Return the one of the nine places that is nearest to what ``settings`` say.

    >>> [settings_to_place(s) for s in ("line:0", "line:-1 align:end", "line:55%", "position:9%")]
    [8, 3, 5, 2]
    """
    said = dict(part.split(":", 1) for part in settings.split() if ":" in part)
    return 1 + 3 * _height(said.get("line", "")) + _SIDES.get(said.get("align", ""), 1)


def _height(line: str) -> int:
    """Return 0 for the bottom, 1 for the middle, 2 for the top."""
    number = line.partition(",")[0]
    try:
        value = float(number.removesuffix("%"))
    except ValueError:
        return 0
    if number.endswith("%"):
        return 2 if value < 100 / 3 else 1 if value <= 200 / 3 else 0
    return 2 if value >= 0 else 0  # the first lines count from the top, negative ones from below
