"""What Go's net/url says of text that it does not take for a URL."""

from __future__ import annotations

import re

from .quoting import quote


def control_error(text: str) -> str:
    """What url.Parse says of text with a control character in it, before it looks at anything else; '' for other text.

    >>> control_error("http://a"), control_error("http://a\\n")
    ('', 'net/url: invalid control character in URL')
    """
    if any(letter < " " or letter == "\x7f" for letter in text):
        return "net/url: invalid control character in URL"
    return ""


def host_error(authority: str) -> str:
    """What url.Parse says of a host, with a port or without; '' for one that it takes.

    >>> host_error("[::1]:53"), host_error("a b")
    ('', 'invalid character " " in host name')
    """
    host, colon, port = authority.rpartition(":") if ":" in authority.rpartition("]")[2] else (authority, "", "")
    if not re.fullmatch("[0-9]*", port):
        return f"invalid port {quote(colon + port)} after host"
    if "%" in host:
        return f"invalid URL escape {quote(host[host.index('%') :].rstrip(']')[:3])}"
    if host.startswith("[") and ":" not in host:
        return "invalid IP-literal"
    found = re.search(r"[ \\^`{|}]", host)
    return f"invalid character {quote(found[0])} in host name" if found else ""


def parse_error(text: str) -> str:
    """What url.Parse says of text that is no URL; '' for one.

    >>> parse_error("foo"), parse_error("127.0.0.1:4646")
    ('', 'first path segment in URL cannot contain colon')
    """
    if wrong := control_error(text):
        return wrong
    scheme, colon, rest = text.partition(":")
    if colon and not scheme:
        return "missing protocol scheme"
    if colon and not (scheme[0].isalpha() and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()):
        return "first path segment in URL cannot contain colon" if "/" not in scheme else ""
    return host_error(re.split("[/?#]", rest[2:], maxsplit=1)[0]) if rest.startswith("//") else ""


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


__all__ = ["control_error", "host_error", "parse_error", "query_of"]
