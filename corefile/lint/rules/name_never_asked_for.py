r"""name-never-asked-for: a name in a zone's file is not spelled as in queries, so that no query finds it.

Why: CoreDNS keeps the names of a file as they are written. Those of queries come with a backslash before what is special in
names, and with three digits for each octet beyond ASCII; `bücher` and `b\195\188cher` are two names to it. Only an alias that is
spelled in the same way leads there.

Fix: Write an international label in Punycode, as clients ask for it, and a backslash before `@`, `'` and the like.

Bad:
    example.org {
        file db.example.org
    }

Good:
    example.org {
        file db.mended
    }

World:
    files:
      db.example.org: "@ 60 SOA ns host 1 7200 3600 1209600 300\n@ 60 NS ns\nbücher 60 A 10.0.0.1\n"
      db.mended: "@ 60 SOA ns host 1 7200 3600 1209600 300\n@ 60 NS ns\nxn--bcher-kva 60 A 10.0.0.1\n"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...dns.errors import WireError
from ...dns.escapes import is_spelled_otherwise, normal_name
from ...dns.names import in_punycode, is_subdomain
from ...findings import Span
from ..rule import Mistake
from ..zone_files import text_of, zones_read

if TYPE_CHECKING:
    from ..subject import Subject

SHOWN = 3
"""Names of a file that are shown."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each file, where it is named."""
    for read in zones_read(subject):
        zone, path = read.zone, read.path
        names = list(_never_found(zone))
        if names:
            one = len(names) == 1
            shown = ", ".join(f"`{_short(name, zone.origin)}`" for name in names[:SHOWN])
            rest = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
            yield Mistake(
                f"no query finds {shown}{rest} of {path}: CoreDNS keeps {'it' if one else 'them'} as written, and queries "
                f"have {'it' if one else 'them'} spelled otherwise",
                read.named,
                related=tuple(_places(names, zone.origin, path, subject)),
                hint=f"write `{_mended(_short(names[0], zone.origin))}`" + ("" if one else ", and so on"),
            )


def _never_found(zone: Any) -> Iterator[str]:
    for node in zone.nodes.values():
        if is_spelled_otherwise(node.name) and is_subdomain(zone.origin.lower(), node.name.lower()):
            try:
                asked = normal_name(node.name)
            except WireError:  # which cannot be sent, and so not asked for
                continue
            if zone.search(asked) is not node:
                yield node.name


def _short(name: str, origin: str) -> str:
    """A name as it stands below its origin."""
    return name[: -len(origin) - 1] if name.endswith(f".{origin}") else name


def _mended(name: str) -> str:
    """The name as clients ask for it."""
    if not name.isascii():
        try:
            return in_punycode(name)
        except UnicodeError:  # no label that clients know
            pass
    whole = normal_name(name if name.endswith(".") else name + ".")
    return whole if name.endswith(".") else whole[:-1]


def _places(names: list[str], origin: str, path: str, subject: Subject) -> Iterator[tuple[Span, str]]:
    """Where the first of the names stand, if they are owners in the file itself."""
    source = text_of(path, subject)
    wanted = {spelling for name in names[:SHOWN] for spelling in (name, _short(name, origin))}
    start = found = 0
    for line in source.text.split("\n"):
        words = line.split(None, 1)
        if words and line[0] not in " \t;" and words[0].lower() in wanted and found < SHOWN:
            found += 1
            yield Span(source, start, start + len(words[0])), "never found"
        start += len(line) + 1
