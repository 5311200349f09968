"""Names and questions: any at all, those of a zone, and those that a server tells apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from ...api import Server
from ...classes import Classes, Question
from ...classes.near import LETTERS, SIZES, Near
from ...dns.errors import BadName
from ...dns.message import Edns
from ...dns.names import is_subdomain, parse_name
from ...dns.names import labels as split
from ..given import the_server, the_suffix

LABEL = "abcdefghijklmnopqrstuvwxyz0123456789-_"

TYPES = ("A", "AAAA", "CNAME", "TXT", "MX", "NS", "SOA", "SRV", "PTR", "DS", "DNSKEY", "HTTPS", "ANY", "TYPE65280")
"""Types of questions, the commonest first; the last stands for those that no plugin knows."""

labels = st.text(LABEL, min_size=1, max_size=12)
"""One label of a host name, in lower case."""


def names(suffix: str = "") -> st.SearchStrategy[str]:
    """Absolute domain names below `suffix` (default: the root), such as `a.b.example.org.`. Raises
    ValueError for a suffix that is no name."""
    suffix = the_suffix("names", suffix)
    tail = "." if suffix == "." else "." + suffix
    return st.lists(labels, min_size=1, max_size=4).map(lambda parts: ".".join(parts) + tail)


def names_in(zone: str) -> st.SearchStrategy[str]:
    """The name of a zone and the names below it, the zone's own first."""
    zone = the_suffix("names_in", zone)
    return st.just(zone) | names(zone)


@st.composite
def respelled(draw: st.DrawFn, name: str) -> str:
    """`name` with some of its letters in upper case: the same name to every DNS server."""
    upper = draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    return "".join(c.upper() if u else c for c, u in zip(name, upper, strict=True))


def questions(suffix: str = "") -> st.SearchStrategy[Question]:
    """Questions of class IN for the common types, for names below `suffix`: `server.query(question)`."""
    return st.tuples(names(suffix), st.sampled_from(TYPES)).map(lambda words: Question(*words))


def queries(server: Server) -> st.SearchStrategy[Question]:
    """Questions close to what a server distinguishes: names of its entries, zones and zone cuts, names that match its
    patterns, and names that just miss them; all types, flags, clients, sizes and listeners that count.

    The server is analysed, and not asked anything, when the first question is drawn. Questions shrink to a name that
    the server knows, of type A, asked plainly.

    >>> from corefile import loads
    >>> from hypothesis import find
    >>> server = loads(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n}")
    >>> find(queries(server), lambda q: [x.rdata for x in server.copy().query(q).answer] == ["10.0.0.1"])
    <Question a.example.org. A>
    """
    the_server("queries", server)
    return _Landmarks(server).questions()


def queries_about(server: Server, zones: Sequence[str]) -> st.SearchStrategy[Question]:
    """Questions of `queries`; and as many for names that the server knows in `zones`, asked plainly, and for any names
    below these. Among all that a server with many names is asked, such questions would be rare. Without zones, any names that the
    server knows are asked for plainly."""
    found = _Landmarks(server)
    zones = [parse_name(zone).lower() for zone in zones]

    def known() -> st.SearchStrategy[Question]:
        names = found.near.known_names
        inside = [name for name in names if any(is_subdomain(zone, name.lower()) for zone in zones or (".",))]
        kinds = st.just("A") | st.sampled_from(TYPES)
        return st.tuples(st.sampled_from(inside or zones), kinds).map(lambda words: Question(*words))

    below = st.sampled_from(zones).flatmap(questions) if zones else found.questions()
    return st.one_of(st.deferred(known), st.deferred(known), found.questions(), below)


class _Landmarks:
    """What questions are drawn from, found once."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._found: Near | None = None

    @property
    def near(self) -> Near:
        """The names, types and clients that count."""
        if self._found is None:
            found = self._found = Near(Classes(self.server, alike=True, guess=True))
            found.names = sorted(
                dict.fromkeys(found.names), key=lambda name: (name.count("\\"), len(split(name)), name)
            )
            found.pool = sorted(found.pool, key=lambda label: (len(label), label))
            found.types = list(dict.fromkeys((*TYPES, *found.types)))
        return self._found

    def questions(self) -> st.SearchStrategy[Question]:
        """Questions."""
        return st.deferred(lambda: self._questions())

    def _questions(self) -> st.SearchStrategy[Question]:
        """What is drawn are numbers, of strategies that are the same for all servers: Hypothesis takes longer to make a
        strategy than to draw from it."""
        near = self.near
        bases = [base.to for base in near.bases]
        sizes = list(dict.fromkeys((*SIZES, *near.sizes)))
        rest: dict[str, tuple[bool, Sequence[Any]]] = {
            "client": (False, near.clients),
            "do": (False, (True,)),
            "edns": (False, [Edns(size, options=options) for size in sizes for options in ((), ((3, b""),))]),
            "flags": (False, ("none", "rd ad", "rd cd", "ad cd")),
            "transport": (False, ("tcp",)),
            "cls": (True, ("CH", "HS", "ANY", "NONE", "CLASS77")),
            "opcode": (True, ("NOTIFY", "UPDATE", "STATUS", "IQUERY")),
        }

        @st.composite
        def drawn(draw: st.DrawFn) -> Question:
            def one_of(options: Sequence[Any]) -> Any:
                return options[draw(_number) % len(options)] if len(options) > 1 else options[0]

            name = one_of(near.names)
            for _ in range(draw(_few)):
                name = _changed(name, _Change(draw(_way), one_of(near.pool), one_of(LETTERS)))
            kind, to = one_of(near.types), one_of(bases)
            more = {}
            for what, (rare, options) in rest.items():
                if draw(_seldom) and (not rare or draw(_seldom)):
                    more[what] = one_of(options)
            if to is not None:
                more.pop("transport", None)
            return Question(name, kind, to=to, **more)

        return drawn()


_number = st.integers(0, 65535)
_few = st.sampled_from((0, 0, 1, 1, 2, 3))
_way = st.integers(0, 6)
_seldom = st.sampled_from((False, False, False, True))


class _Change:
    """One small change of a name."""

    def __init__(self, way: int, label: str, letter: str) -> None:
        self.way, self.label, self.letter = way, label, letter

    def __call__(self, name: str) -> str:
        parts = split(name)
        ways: tuple[Callable[[], list[str]], ...] = (
            lambda: [self.label, *parts],
            lambda: parts[1:],
            lambda: [self.label, *parts[1:]],
            lambda: [parts[0] + self.letter, *parts[1:]],
            lambda: [self.letter + parts[0], *parts[1:]],
            lambda: [parts[0][:-1] or self.letter, *parts[1:]],
            lambda: [parts[0].upper(), *parts[1:]],
        )
        changed = ways[self.way if parts else 0]()
        return ".".join([*changed, ""]) if changed else "."


def _changed(name: str, change: _Change) -> str:
    try:
        return parse_name(change(name))
    except BadName:
        return name


__all__ = ["LABEL", "TYPES", "labels", "names", "names_in", "queries", "queries_about", "questions", "respelled"]
