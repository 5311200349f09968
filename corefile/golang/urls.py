"""What Go's net/url says of text that it does not take for a URL."""

from __future__ import annotations

import re


def control_error(text: str) -> str:
    """What url.Parse says of text with a control character in it, before it looks at anything else; '' for other text.

    >>> control_error("http://a"), control_error("http://a\\n")
    ('', 'net/url: invalid control character in URL')
    """
    if any(letter < " " or letter == "\x7f" for letter in text):
        return "net/url: invalid control character in URL"
    return ""


def query_of(text: str) -> list[tuple[str, str]]:
    """The names and values of a URL's query, as url.Values has them (since Go 1.17): what has a semicolon or an escape that
    is none is left out.

    >>> query_of("a=1&b=%41+c&d;e=1&f=%zz&g")
    [('a', '1'), ('b', 'A c'), ('g', '')]
    """
    from urllib.parse import unquote_plus

    parts = [part.partition("=") for part in text.split("&") if part and ";" not in part]
    good = [part for part in parts if not re.search(r"%(?![0-9A-Fa-f]{2})", "".join(part))]
    return [(unquote_plus(name, "latin-1"), unquote_plus(value, "latin-1")) for name, _, value in good]


__all__ = ["control_error", "query_of"]
