"""Master files (RFC 1035 §5), as CoreDNS's DNS library (miekg/dns) reads them, down to its errors.

What it does that the RFC does not say: the TTL of a record without one is the `$TTL`, else that of the last record
that had one, and the first record needs either; `$TTL` and `$ORIGIN` are known in any case; a line break within
parentheses does not end a word; a comment within parentheses makes the next words eligible as types again; `$GENERATE`
(BIND's) has a TTL of 3600 whatever `$TTL` says; a type with nothing behind it at the end of the file is a record
without RDATA.

CoreDNS's `file` and `auto` allow `$INCLUDE`, in every release; `template` and others that read single records do too.

Behaviour that changed, by the release of CoreDNS that brought it: 1.6.7 no `$GENERATE` within `$GENERATE`, APL; 1.8.0
HTTPS and SVCB; 1.8.3 `\\#` for known types; 1.8.4 ZONEMD; 1.11.0 words of more than 2048 octets, IPSECKEY, AMTRELAY;
1.11.4 NXNAME; 1.12.1 RESINFO; 1.14.1 TTLs above 4294967295 are refused, not wrapped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..escapes import latin
from ..names import fqdn
from ..rr import RR
from .budget import Budget
from .cursor import Include
from .error import ZoneError, quote
from .parser import DEFAULT_TTL, Parser

if TYPE_CHECKING:
    from ...releases import Release

__all__ = ["Budget", "ZoneError", "parse", "quote", "record"]


def parse(
    text: str,
    origin: str,
    *,
    path: str = "",
    include: Include | None = None,
    default_ttl: int | None = None,
    release: Release | None = None,
    spelled: bool = False,
    budget: Budget | None = None,
) -> Iterator[RR]:
    """The records of a master file, in order; those before an error come before it is raised.

    `origin` is completed with a dot; an empty one is none. `path` names the file in errors, and included files are
    looked for in its directory: `include` gets their paths and returns their text, or None where there is no such file;
    without `include` the directive is refused. `default_ttl` is in seconds. `release` (the newest, where it is None)
    settles what is known to the library. `spelled` keeps names as they are written. Octets that are not
    UTF-8 are expected as `surrogateescape` leaves them. `budget`: how much may come of it.

    Raises ZoneError, TooLarge.

    >>> [rr.name for rr in parse("$TTL 1h\\n@ NS ns1\\nns1 A 192.0.2.1\\n", "example.org")]
    ['example.org.', 'ns1.example.org.']
    """
    parser = Parser(latin(text), ".", path, include, release)
    if not origin:
        parser.origin = ""
    else:
        known = parser.absolute(latin(fqdn(origin)))
        if known is None:
            raise ZoneError("bad initial origin name", "", 0, 0, path)
        parser.origin = known
    parser.spelled = spelled
    if default_ttl is not None:
        parser.ttl = default_ttl
    if budget is None:
        return parser.records()
    parser.budget = budget
    return _counted(parser.records(), budget)


def _counted(records: Iterator[RR], budget: Budget) -> Iterator[RR]:
    budget.take_file()
    for rr in records:
        budget.records -= 1
        if budget.records < 0:
            budget.refuse()
        yield rr


def record(text: str, *, release: Release | None = None, spelled: bool = False) -> RR | None:
    """The first record of `text`, as miekg/dns's NewRR reads it: the TTL is 3600 where it is not given, and names are
    below the root; `spelled` is as in `parse`. None where there is no record. Raises ZoneError.

    >>> record("www.example. A 192.0.2.1").ttl
    3600
    """
    if text and not text.endswith("\n"):
        text += "\n"
    found = parse(text, ".", include=lambda _: None, default_ttl=DEFAULT_TTL, release=release, spelled=spelled)
    return next(found, None)
