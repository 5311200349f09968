"""Lines of a master file that have nothing out of the ordinary, each read at one look.

Nearly all lines of large files are a record of one of a few types, in words without escapes, comments or parentheses, on
a line of its own. `PLAIN` matches such a line whole, and the record is the one that its tokens would give. All other
lines, those with errors among them, are read token by token. `tests/dns/test_plain.py` compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from ...light import regex
from ..codes import AAAA, CNAME, IN, MX, NS, PTR, SRV, TXT, A
from ..escapes import PLAIN_LABEL
from ..rdata.encodings import ipv6_text, pack_ipv6
from ..rr import RR
from .data import DataCursor

_NAME = rf"{PLAIN_LABEL}(?:\.{PLAIN_LABEL})*+\.?"
_BLANKS = "[ \t]++"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_WORD = r'(?:"[ !#-\[\]-~]{0,255}+"|[!#-\'*-:<-\[\]-~]{1,255}+)'  # as long as it is when it is sent (see `text_length`)
PLAIN = regex(
    rf"(?:(?!\$)(@|{_NAME}))?{_BLANKS}"
    rf"(?:([0-9]{{1,9}}){_BLANKS}(?:IN{_BLANKS})?|IN{_BLANKS}(?:([0-9]{{1,9}}){_BLANKS})?)?"
    rf"(?:A{_BLANKS}({_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET})"
    rf"|AAAA{_BLANKS}([0-9A-Fa-f:]{{2,39}})"
    rf"|(CNAME|NS|PTR|MX{_BLANKS}([0-9]{{1,4}})|SRV{_BLANKS}([0-9]{{1,4}}){_BLANKS}([0-9]{{1,4}}){_BLANKS}([0-9]{{1,4}}))"
    rf"{_BLANKS}({_NAME})"
    rf"|TXT{_BLANKS}({_WORD}(?:{_BLANKS}{_WORD})*+))"
    "[ \t]*+\r?\n"
)
NOTHING = regex("(?:[ \t]*+(?:;[^\n]*+)?\r?\n)++")
"""Lines without a word."""

_TARGETS = {"CNAME": CNAME, "NS": NS, "PTR": PTR}
_STRINGS = regex(_WORD)
_MOST = 253
"""Characters that a name may have for sure; whether a longer one is too long, its labels tell."""


class PlainCursor(DataCursor):
    """A cursor that knows plain lines."""

    def plain_records(self, name: str) -> Generator[RR, None, RR | None]:
        """The records of the plain lines at the mark, which goes on to the line behind them; the last of them. name: the
        owner of a record that gives none."""
        mark, text, matching = self.mark, self.text, PLAIN.match
        start = at = mark.at
        line, last = mark.line, None
        while True:
            found = matching(text, at)
            if found is not None:
                rr = self._record(found, name)
                if rr is None:
                    break
                last, name = rr, rr[0]
                yield rr
                at = found.end()
                line += 1
            else:
                found = NOTHING.match(text, at)
                if found is None:
                    break
                line += text.count("\n", at, found.end())
                at = found.end()
        if at != start:
            mark.at, mark.line = at, line
            self.lexer = self.tokens()
        return last

    def _record(self, found: re.Match[str], name: str) -> RR | None:
        """The record in a line that `PLAIN` has found; None where the tokens have to tell."""
        owner, seconds, later, ipv4, ipv6, kind, preference, priority, weight, port, target, words = found.groups()
        origin = self.origin
        if owner is not None:
            if owner[-1] == ".":
                name = owner
            elif not origin:
                return None
            elif owner == "@":
                name = origin
            else:
                name = f"{owner}.{origin}" if origin != "." else f"{owner}."
            if len(owner) > _MOST:
                return None
        seconds = seconds or later
        if seconds is not None:
            ttl = self.remember(int(seconds))
        else:
            ttl = self.ttl
            if ttl < 0:
                return None
        if ipv4 is not None:
            return RR(name, A, IN, ttl, (ipv4,))
        if target is not None:
            if len(target) > _MOST:
                return None
            if target[-1] != ".":
                if not origin:
                    return None
                target = f"{target}.{origin}" if origin != "." else f"{target}."
            if preference is not None:
                return RR(name, MX, IN, ttl, (int(preference), target))
            if port is not None:
                return RR(name, SRV, IN, ttl, (int(priority), int(weight), int(port), target))
            return RR(name, _TARGETS[kind], IN, ttl, (target,))
        if ipv6 is not None:
            try:
                return RR(name, AAAA, IN, ttl, (ipv6_text(pack_ipv6(ipv6)),))
            except ValueError:
                return None
        return RR(name, TXT, IN, ttl, tuple([x.strip('"').encode("latin-1") for x in _STRINGS.findall(words)]))


__all__ = ["NOTHING", "PLAIN", "PlainCursor"]
