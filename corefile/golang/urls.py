"""What Go's net/url says of text that it does not take for a URL."""

from __future__ import annotations

import re

from ..light import regex
from ..releases import LATEST, Release
from ..releases.rules import ReleaseRules, since
from .quoting import quote

_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CONTROL = regex(r"[\x00-\x1f\x7f]")
_PORT = regex(r"(?::[0-9]*)?")
_NO_ESCAPE = regex(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)
_NOT_IN_USERINFO = regex(r"[^A-Za-z0-9._:~!$&'()*+,;=%@-]")
_NOT_IN_HOST = regex(r"%(?!25|[89A-Fa-f][0-9A-Fa-f]).{0,2}|[ \\^`{|}]", re.DOTALL)
"""Of what is ASCII, only `%` itself may be written as an escape."""


class UrlRules(ReleaseRules):
    """What differs between releases."""

    brackets_hold_ipv6 = since("1.13.1", "brackets in a host hold an IPv6 address (Go 1.25.2, CVE-2025-47912)")
    bracket_begins = since("1.14.2", "nothing stands in front of a bracket (Go 1.26.1, CVE-2026-25679)")


def parse_error(text: str, release: Release | None = None) -> str:
    """What url.Parse says of text that is no URL; '' for one. The newest release is meant without one.

    >>> parse_error("foo"), parse_error("127.0.0.1:4646")
    ('', 'first path segment in URL cannot contain colon')
    """
    text, _, fragment = text.partition("#")
    if _CONTROL.search(text):
        return "net/url: invalid control character in URL"
    if text.startswith(":"):
        return "missing protocol scheme"
    scheme = _SCHEME.match(text)
    path = text[scheme.end() if scheme else 0 :].partition("?")[0]
    if scheme is None and ":" in path.partition("/")[0]:
        return "first path segment in URL cannot contain colon"
    authority = ""
    if scheme is not None and not path.startswith("/"):
        path = ""  # it is opaque, and kept as it stands
    elif path.startswith("//") and (scheme is not None or not path.startswith("///")):
        authority, _, path = path[2:].partition("/")
    return _authority_error(authority, UrlRules.of(release or LATEST)) or _escape_error(path) or _escape_error(fragment)


def _authority_error(text: str, rules: UrlRules) -> str:
    userinfo, _, host = text.rpartition("@")
    if wrong := _host_error(host, rules):
        return wrong
    if userinfo and _NOT_IN_USERINFO.search(userinfo):
        return "net/url: invalid userinfo"
    name, _, password = userinfo.partition(":")
    return _escape_error(name) or _escape_error(password)


def _host_error(text: str, rules: UrlRules) -> str:
    """What is wrong with a host, with a port or without."""
    if rules.bracket_begins and text.rfind("[") > 0:
        return "invalid IP-literal"
    bracketed = text.startswith("[")
    end = text.rfind("]") + 1 if bracketed else text.rfind(":")
    if bracketed and not end:
        return "missing ']' in host"
    host, port = (text[:end], text[end:]) if end >= 0 else (text, "")
    if not _PORT.fullmatch(port):
        return f"invalid port {quote(port)} after host"
    if found := _NOT_IN_HOST.search(host if bracketed else text):
        if found[0].startswith("%"):
            return _refused(found[0])
        return f"invalid character {quote(found[0])} in host name"
    if bracketed and ":" not in host and rules.brackets_hold_ipv6:
        ip = host[1:-1]
        return "invalid IP-literal" if "." in ip else f"invalid host: ParseAddr({quote(ip)}): unable to parse IP"
    return ""


def _escape_error(text: str) -> str:
    found = _NO_ESCAPE.search(text) if "%" in text else None
    return _refused(found[0]) if found else ""


def _refused(escape: str) -> str:
    octets = escape.encode("utf-8", "surrogateescape")[:3]
    return f"invalid URL escape {quote(octets.decode('utf-8', 'surrogateescape'))}"


def query_of(text: str) -> list[tuple[str, str]]:
    """The names and values of a URL's query, as url.Values has them (since Go 1.17): what has a semicolon or an escape that
    is none is left out.

    >>> query_of("a=1&b=%41+c&d;e=1&f=%zz&g")
    [('a', '1'), ('b', 'A c'), ('g', '')]
    """
    from urllib.parse import unquote_plus

    parts = [part.partition("=") for part in text.split("&") if part and ";" not in part]
    good = [part for part in parts if not _NO_ESCAPE.search("".join(part))]
    return [(unquote_plus(name, "latin-1"), unquote_plus(value, "latin-1")) for name, _, value in good]


__all__ = ["UrlRules", "parse_error", "query_of"]
