"""The Unicode classes that Go's regular expressions name, in the syntax of RE2.

Source: Go's package unicode (Unicode 15) and the names that regexp/syntax takes since Go 1.25: in any case, with blanks,
hyphens and underscores left out, and also the long names of categories. Scripts of two words (`Old_Italic`) are not found
by any spelling.
"""

from __future__ import annotations

from functools import lru_cache

_CATEGORIES = frozenset(
    [
        "C",
        "Cc",
        "Cf",
        "Cn",
        "Co",
        "Cs",
        "L",
        "LC",
        "Ll",
        "Lm",
        "Lo",
        "Lt",
        "Lu",
        "M",
        "Mc",
        "Me",
        "Mn",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Pe",
        "Pf",
        "Pi",
        "Po",
        "Ps",
        "S",
        "Sc",
        "Sk",
        "Sm",
        "So",
        "Z",
        "Zl",
        "Zp",
        "Zs",
    ]
)
_ALIASES = {
    "Casedletter": "LC",
    "Closepunctuation": "Pe",
    "Cntrl": "Cc",
    "Combiningmark": "M",
    "Connectorpunctuation": "Pc",
    "Control": "Cc",
    "Currencysymbol": "Sc",
    "Dashpunctuation": "Pd",
    "Decimalnumber": "Nd",
    "Digit": "Nd",
    "Enclosingmark": "Me",
    "Finalpunctuation": "Pf",
    "Format": "Cf",
    "Initialpunctuation": "Pi",
    "Lc": "LC",
    "Letter": "L",
    "Letternumber": "Nl",
    "Lineseparator": "Zl",
    "Lowercaseletter": "Ll",
    "Mark": "M",
    "Mathsymbol": "Sm",
    "Modifierletter": "Lm",
    "Modifiersymbol": "Sk",
    "Nonspacingmark": "Mn",
    "Number": "N",
    "Openpunctuation": "Ps",
    "Other": "C",
    "Otherletter": "Lo",
    "Othernumber": "No",
    "Otherpunctuation": "Po",
    "Othersymbol": "So",
    "Paragraphseparator": "Zp",
    "Privateuse": "Co",
    "Punct": "P",
    "Punctuation": "P",
    "Separator": "Z",
    "Spaceseparator": "Zs",
    "Spacingmark": "Mc",
    "Surrogate": "Cs",
    "Symbol": "S",
    "Titlecaseletter": "Lt",
    "Unassigned": "Cn",
    "Uppercaseletter": "Lu",
}
_SCRIPTS = frozenset(
    [
        "Adlam",
        "Ahom",
        "Arabic",
        "Armenian",
        "Avestan",
        "Balinese",
        "Bamum",
        "Batak",
        "Bengali",
        "Bhaiksuki",
        "Bopomofo",
        "Brahmi",
        "Braille",
        "Buginese",
        "Buhid",
        "Carian",
        "Chakma",
        "Cham",
        "Cherokee",
        "Chorasmian",
        "Common",
        "Coptic",
        "Cuneiform",
        "Cypriot",
        "Cyrillic",
        "Deseret",
        "Devanagari",
        "Dogra",
        "Duployan",
        "Elbasan",
        "Elymaic",
        "Ethiopic",
        "Georgian",
        "Glagolitic",
        "Gothic",
        "Grantha",
        "Greek",
        "Gujarati",
        "Gurmukhi",
        "Han",
        "Hangul",
        "Hanunoo",
        "Hatran",
        "Hebrew",
        "Hiragana",
        "Inherited",
        "Javanese",
        "Kaithi",
        "Kannada",
        "Katakana",
        "Kawi",
        "Kharoshthi",
        "Khmer",
        "Khojki",
        "Khudawadi",
        "Lao",
        "Latin",
        "Lepcha",
        "Limbu",
        "Lisu",
        "Lycian",
        "Lydian",
        "Mahajani",
        "Makasar",
        "Malayalam",
        "Mandaic",
        "Manichaean",
        "Marchen",
        "Medefaidrin",
        "Miao",
        "Modi",
        "Mongolian",
        "Mro",
        "Multani",
        "Myanmar",
        "Nabataean",
        "Nandinagari",
        "Newa",
        "Nko",
        "Nushu",
        "Ogham",
        "Oriya",
        "Osage",
        "Osmanya",
        "Palmyrene",
        "Phoenician",
        "Rejang",
        "Runic",
        "Samaritan",
        "Saurashtra",
        "Sharada",
        "Shavian",
        "Siddham",
        "Sinhala",
        "Sogdian",
        "Soyombo",
        "Sundanese",
        "Syriac",
        "Tagalog",
        "Tagbanwa",
        "Takri",
        "Tamil",
        "Tangsa",
        "Tangut",
        "Telugu",
        "Thaana",
        "Thai",
        "Tibetan",
        "Tifinagh",
        "Tirhuta",
        "Toto",
        "Ugaritic",
        "Vai",
        "Vithkuqi",
        "Wancho",
        "Yezidi",
        "Yi",
    ]
)


def known(name: str) -> str | None:
    """The class that a name stands for: a category, a script, `Any`, `Assigned`, `Ascii`; None where there is none."""
    if name in _CATEGORIES:
        return name
    bare = name.replace(" ", "").replace("_", "").replace("-", "")
    folded = "".join([x.lower() if x.isascii() else x for x in bare])
    if folded[:1].isascii():
        folded = folded[:1].upper() + folded[1:]
    if folded in _CATEGORIES or folded in _SCRIPTS or folded in ("Any", "Assigned", "Ascii"):
        return folded
    return _ALIASES.get(folded)


def class_items(name: str, negated: bool, fold: bool) -> str:
    """What stands between brackets for a class that `known` has found, or for all characters that are not in it.

    fold: whether case does not count there.
    """
    if name == "Any":
        return r"\P{Any}" if negated else r"\p{Any}"
    if name == "Ascii":
        if not negated:
            return r"\x00-\x7F"
        # U+017F and U+212A are the letters s and k in another case.
        return r"\x{80}-\x{17E}\x{180}-\x{2129}\x{212B}-\x{10FFFF}" if fold else r"\x{80}-\x{10FFFF}"
    if name == "Assigned":
        name, negated = "Cn", not negated
    if name == "LC" and not negated:
        return r"\p{Lu}\p{Ll}\p{Lt}"
    if name == "C" and not negated:
        return r"\pC" + _ranges("Cn", False)
    if name in ("Cn", "LC", "C"):
        return _ranges(name, negated)
    return rf"\{'P' if negated else 'p'}{{{name}}}"


@lru_cache(8)
def _ranges(name: str, negated: bool) -> str:
    """The characters of Cn, LC or C, or all others, one by one: RE2 has no name for them."""
    import sys
    from unicodedata import category

    wanted = {"Cn": ("Cn",), "LC": ("Lu", "Ll", "Lt"), "C": ("Cc", "Cf", "Cs", "Co", "Cn")}[name]
    out = []
    start = -1
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and (category(chr(code)) in wanted) is not negated
        if inside and start < 0:
            start = code
        elif not inside and start >= 0:
            out.append(rf"\x{{{start:X}}}-\x{{{code - 1:X}}}")
            start = -1
    return "".join(out)
