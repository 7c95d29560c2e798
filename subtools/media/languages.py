"""Names of languages: BCP 47 as people and sites write it, ISO 639-2/T as containers want it."""

from __future__ import annotations

import re
from pathlib import PurePath

# Two letters of ISO 639-1 and three of ISO 639-2/T, run together.
# Source: https://www.loc.gov/standards/iso639-2/php/code_list.php
_CODES = (
    "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul "
    "bibis bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym "
    "dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas ffful fifin fjfij "
    "fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat "
    "huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav "
    "kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir "
    "lalat lbltz lglug lilim lnlin lolao ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon "
    "mrmar msmsa mtmlt mymya nanau nbnob ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya "
    "ococi ojoji omorm orori ososs papan pipli plpol pspus ptpor quque rmroh rnrun roron rurus "
    "rwkin sasan scsrd sdsnd sesme sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp ssssw "
    "stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk tltgl tntsn toton trtur tstso "
    "tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid yoyor "
    "zazha zhzho zuzul"
)
_TERMS = {pair[:2]: pair[2:] for pair in _CODES.split()}
# ISO 639-2/B, the English names' abbreviations, and parts of Chinese that are written the same.
_SYNONYMS = {
    "alb": "sqi",
    "arm": "hye",
    "baq": "eus",
    "bur": "mya",
    "chi": "zho",
    "cze": "ces",
    "dut": "nld",
    "fre": "fra",
    "geo": "kat",
    "ger": "deu",
    "gre": "ell",
    "ice": "isl",
    "mac": "mkd",
    "mao": "mri",
    "may": "msa",
    "per": "fas",
    "rum": "ron",
    "slo": "slk",
    "tib": "bod",
    "wel": "cym",
    "cmn": "zho",
}
_THREE_LETTERS = {*_TERMS.values(), *_SYNONYMS, "yue", "nan", "wuu", "hak"}
_TAG = re.compile(r"(?:ai-)?([a-z]{2,3})((?:-[a-z0-9]{1,8})*)", re.IGNORECASE)
_UNKNOWN = "und"
# Where the languages of the Macintosh, all that ffmpeg writes to .mov, have other abbreviations.
# Source: mov_mdhd_language_map in ffmpeg's libavformat/isom.c
_MACINTOSH_PAIRS = "deuger ellgre islice mkdmac nlddut sqialb swesve zhochi"
MACINTOSH = {pair[:3]: pair[3:] for pair in _MACINTOSH_PAIRS.split()}

# What viewers read in a player's menu, where three letters do not say it: the scripts of Chinese.
_TITLES = {
    "zh-hant": "繁體中文",
    "zh-hans": "简体中文",
    "zh-hk": "繁體中文（香港）",
    "zh-mo": "繁體中文（澳門）",
    "zh-tw": "繁體中文（臺灣）",
    "zh-cn": "简体中文",
    "zh-sg": "简体中文（新加坡）",
    "zho": "中文",
    "yue": "粵語",
    "eng": "English",
    "jpn": "日本語",
    "kor": "한국어",
    "fra": "Français",
    "deu": "Deutsch",
    "spa": "Español",
    "ita": "Italiano",
    "por": "Português",
    "rus": "Русский",
    "ara": "العربية",
    "hin": "हिन्दी",
    "vie": "Tiếng Việt",
    "tha": "ไทย",
    "ind": "Bahasa Indonesia",
}


def container_code(tag: str | None) -> str:
    """Return the three letters of ISO 639-2/T for a tag of BCP 47, ``und`` for None.

    >>> [container_code(tag) for tag in ("zh-Hant", "en", "chi", "yue", None)]
    ['zho', 'eng', 'zho', 'yue', 'und']

    Raises:
        ValueError: If it is no language.
    """
    if tag is None or tag.lower() == _UNKNOWN:
        return _UNKNOWN
    found = _TAG.fullmatch(tag)
    code = found[1].lower() if found else ""
    code = _TERMS.get(code, _SYNONYMS.get(code, code))
    if len(code) != len(_UNKNOWN):
        raise ValueError(f"no language: {tag!r}")
    return code


def title_of(tag: str | None) -> str:
    """Return what a language is called by those who speak it; empty where we do not know.

    >>> title_of("zh-Hant-TW"), title_of("zh-TW"), title_of("ai-zh"), title_of("eng")
    ('繁體中文', '繁體中文（臺灣）', '中文', 'English')
    """
    if tag is None:
        return ""
    plain = tag.lower().removeprefix("ai-").replace("cmn-", "zh-")
    longest = next((known for known in _TITLES if f"{plain}-".startswith(f"{known}-")), None)
    return _TITLES[longest] if longest else _TITLES.get(container_code(tag), "")


def guess_language(name: str) -> str | None:
    """Return the language that the name of a subtitle file tells; None if it tells none.

    >>> guess_language("talk.zh-Hant.srt"), guess_language("talk.ai-zh.srt")
    ('zh-Hant', 'ai-zh')
    >>> guess_language("talk.srt"), guess_language("talk.v2.srt"), guess_language("1.2.vtt")
    (None, None, None)
    """
    suffixes = PurePath(name).stem.split(".")[1:]
    found = _TAG.fullmatch(suffixes[-1].replace("_", "-")) if suffixes else None
    if found is None:
        return None
    is_known = found[1].lower() in _TERMS or found[1].lower() in _THREE_LETTERS
    return found[0] if is_known else None
