"""What signs and units say, next to a number or a name.

``{}`` stands for the number; what follows ``|`` is said less often.
"""

from __future__ import annotations

from decimal import Decimal

# (Tables have several entries to a line, so that they can be seen at once.)
# fmt: off
_CHINESE_SIGNS = {
    "%": "百分之{}", "‰": "千分之{}", "°": "{}度",
    "℃": "{}摄氏度|{}度|摄氏{}度", "℉": "{}华氏度",
    "$": "{}美元|{}美金|{}块", "¥": "{}元|{}块|{}块钱|{}日元", "€": "{}欧元", "£": "{}英镑",
    "+": "{}加|{}多", "×": "{}乘|{}乘以", "*": "{}乘|{}乘以", "÷": "{}除以", "=": "{}等于",
    "<": "{}小于", ">": "{}大于", "~": "{}到|{}至",
    "-": "{}|{}到|{}至|{}减|{}杠", "±": "{}正负",
    "−": "{}减", "–": "{}到|{}至", "—": "{}到|{}至", "≈": "{}约等于", "≤": "{}小于等于",
    "≥": "{}大于等于", "→": "{}到", "/": "{}|{}比", "&": "{}和|{}",
}
_ENGLISH_SIGNS = {
    "%": "{} percent", "‰": "{} per mille", "°": "{} degrees", "℃": "{} degrees celsius",
    "℉": "{} degrees fahrenheit", "$": "{} dollars", "¥": "{} yuan|{} yen", "€": "{} euros",
    "£": "{} pounds", "+": "{} plus", "×": "{} times|{} by", "*": "{} times", "=": "{} equals",
    "÷": "{} divided by", "<": "{} less than", ">": "{} greater than", "~": "{} to",
    "-": "{}|{} to|{} minus|{} dash", "−": "{} minus", "–": "{} to", "—": "{} to",
    "±": "{} plus minus", "/": "{}|{} slash|{} over", "&": "{} and", "@": "{} at",
    "#": "{} sharp",
}
# fmt: on
_NEGATIVE = {"-": ("负{}", "minus {}|negative {}"), "−": ("负{}", "minus {}")}
# By letters as written; a unit that has a prefix is one entry.
# fmt: off
_CHINESE_UNITS = {
    "k": "{}千", "K": "{}千", "w": "{}万", "W": "{}万|{}瓦", "m": "{}米", "M": "{}兆",
    "km": "{}公里|{}千米", "cm": "{}厘米|{}公分", "mm": "{}毫米",
    "nm": "{}纳米", "kg": "{}公斤|{}千克",
    "g": "{}克", "mg": "{}毫克", "t": "{}吨",
    "L": "{}升", "ml": "{}毫升", "mL": "{}毫升",
    "s": "{}秒",
    "ms": "{}毫秒", "min": "{}分钟", "h": "{}小时", "Hz": "{}赫兹", "kHz": "{}千赫|{}千赫兹",
    "MHz": "{}兆赫", "GHz": "{}吉赫|{}吉赫兹", "MB": "{}兆",
    "kW": "{}千瓦", "V": "{}伏", "x": "{}倍",
}
_ENGLISH_UNITS = {
    "k": "{} thousand", "K": "{} thousand", "m": "{} million|{} meters", "M": "{} million",
    "b": "{} billion", "B": "{} billion", "bn": "{} billion", "t": "{} tons",
    "T": "{} trillion|{} tera", "km": "{} kilometers", "cm": "{} centimeters",
    "mm": "{} millimeters", "nm": "{} nanometers", "kg": "{} kilograms|{} kilos",
    "g": "{} grams", "mg": "{} milligrams", "L": "{} liters", "ml": "{} milliliters",
    "s": "{} seconds", "ms": "{} milliseconds", "min": "{} minutes", "h": "{} hours",
    "Hz": "{} hertz", "kHz": "{} kilohertz", "MHz": "{} megahertz", "GHz": "{} gigahertz",
    "KB": "{} kilobytes", "MB": "{} megabytes", "GB": "{} gigabytes|{} gigs",
    "TB": "{} terabytes", "x": "{} times", "W": "{} watts", "V": "{} volts",
}
_FACTORS = {
    "k": Decimal(10**3), "K": Decimal(10**3), "w": Decimal(10**4), "W": Decimal(10**4),
    "M": Decimal(10**6), "b": Decimal(10**9), "B": Decimal(10**9),
    "T": Decimal(10**12),
}
# fmt: on
_SAME = {
    "％": "%",
    "＄": "$",
    "￥": "¥",
    "＋": "+",
    "＝": "=",
    "～": "~",
    "〜": "~",
    "º": "°",
    "－": "-",
}


def unify_sign(sign: str) -> str:
    """Return the usual form of a full-width sign."""
    return _SAME.get(sign, sign)


def chinese_sign(sign: str) -> tuple[str, ...]:
    """Return what ``sign`` makes of the number or name it stands next to, in Chinese.

    >>> chinese_sign("%"), chinese_sign("!")
    (('百分之{}',), ())
    """
    return _split(_CHINESE_SIGNS.get(unify_sign(sign), ""))


def english_sign(sign: str) -> tuple[str, ...]:
    """Return what ``sign`` makes of the number or name it stands next to, in English."""
    return _split(_ENGLISH_SIGNS.get(unify_sign(sign), ""))


def negative_signs(sign: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what ``sign`` right before a number says, in Chinese and in English."""
    chinese, english = _NEGATIVE.get(unify_sign(sign), ("", ""))
    return _split(chinese), _split(english)


def chinese_unit(letters: str) -> tuple[str, ...]:
    """Return what the unit ``letters`` says after a number, in Chinese."""
    return _split(_CHINESE_UNITS.get(letters, ""))


def english_unit(letters: str) -> tuple[str, ...]:
    """Return what the unit ``letters`` says after a number, in English."""
    return _split(_ENGLISH_UNITS.get(letters, ""))


def unit_factor(letters: str) -> Decimal | None:
    """Return by how much the unit multiplies what it counts; None if it is no such unit."""
    return _FACTORS.get(letters)


def _split(patterns: str) -> tuple[str, ...]:
    return tuple(patterns.split("|")) if patterns else ()
