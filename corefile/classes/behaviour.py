"""What a server does with a question, so that questions which are answered alike compare equal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from ..dns.codes import RRSIG, class_name, rcode_name, type_name
from ..dns.message import Msg
from ..dns.names import is_subdomain, labels
from ..dns.record import Record
from ..dns.rr import RR
from ..golang.addresses import from_reverse, parse_ip, to_reverse
from ..light import NamedTuple, regex

if TYPE_CHECKING:
    from ..chain.reply import Reply
    from ..chain.trace import Lookup
    from ..findings import Span

FLAGS = ("aa", "tc", "ra", "ad", "z")
"""Flags of a reply that are not those of the query, echoed."""


class Step(NamedTuple):
    """What one plugin did. path, line: of the directive. outcome, reason: as a trace's `Hop` has them. back: the names
    of the reasons that it gave on the way back. asked: the routes of the questions that the plugin asked itself."""

    plugin: str
    path: str
    line: int
    outcome: str
    reason: str
    back: tuple[str, ...] = ()
    asked: tuple[Route, ...] = ()


class Route(NamedTuple):
    """The way of a question. zone, path, line: of the server block that it went to; '' and 0 if none took it. steps:
    the plugins that were asked. end: the name of the reason why it ended, if no plugin answered."""

    zone: str
    path: str
    line: int
    steps: tuple[Step, ...]
    end: str

    @property
    def last(self) -> Step | None:
        """The last plugin that was asked; None if there was none."""
        return self.steps[-1] if self.steps else None


class RecordKind(NamedTuple):
    """The records of a reply with these in common. section: answer, authority or additional. owner: '=' for the
    question's name; a name above it that plugins know, or one that is alike; '*' for any other. ttl: in seconds."""

    section: str
    owner: str
    type: str
    ttl: int


class Behaviour(NamedTuple):
    """What a server does with a question. The names and the data of records are left out, so that names which differ in
    nothing else have equal behaviours.

    rcode: '' if no reply comes. flags: those set, of aa, tc, ra, ad and z; `-rd`, `+cd` and so on for a flag that
    differs from the query's, `-edns`, `+edns`, `-do`, `+do` for an OPT record that does. options: the codes of the
    reply's EDNS options that the query has not. records: kinds of records. route: the server block and the plugins that
    were asked.
    """

    rcode: str
    flags: tuple[str, ...]
    options: tuple[int, ...]
    records: tuple[RecordKind, ...]
    route: Route

    def __str__(self) -> str:
        kinds = ", ".join(dict.fromkeys(kind.type for kind in self.records if kind.section == "answer"))
        last = self.route.last
        by = self.route.end or "no server" if last is None else f"{last.plugin}:{last.line}"
        why = f" ({last.reason})" if last is not None and last.reason else ""
        return f"{self.rcode or 'no reply'}{f' {kinds}' if kinds else ''} by {by}{why}"


def behaviour(query: Msg, reply: Reply, known: Callable[[str], str]) -> Behaviour:
    """What a reply and its trace come to. known: gives, for a name that is above the question's, what stands for it."""
    msg, route = reply.msg, _route(reply.trace.question)
    if msg is None:
        return Behaviour("", (), (), (), route)
    assert query.question is not None
    name = query.question[0].lower()
    sections = (("answer", msg.answer), ("authority", msg.ns), ("additional", msg.extra))
    records = {
        RecordKind(section, _owner(rr[0].lower(), name, known), type_name(rr[1]), rr[3])
        for section, rrs in sections
        for rr in rrs
    }
    given = query.edns.options if query.edns is not None else ()
    options = () if msg.edns is None else tuple(option[0] for option in msg.edns.options if option not in given)
    return Behaviour(rcode_name(msg.rcode), _flags(query, msg), options, tuple(sorted(records)), route)


def _owner(owner: str, name: str, known: Callable[[str], str]) -> str:
    if owner == name:
        return "="
    return known(owner) if is_subdomain(owner, name) else "*"


def _flags(query: Msg, reply: Msg) -> tuple[str, ...]:
    out = [flag for flag in FLAGS if getattr(reply, flag)]
    for flag in ("rd", "cd"):
        if getattr(query, flag) != getattr(reply, flag):
            out.append(f"{'+' if getattr(reply, flag) else '-'}{flag}")
    if (query.edns is None) != (reply.edns is None):
        out.append("-edns" if reply.edns is None else "+edns")
    elif query.edns is not None and reply.edns is not None and query.edns.do != reply.edns.do:
        out.append("+do" if reply.edns.do else "-do")
    return tuple(out)


def _route(lookup: Lookup) -> Route:
    site = lookup.server.get("site")
    steps = tuple(
        Step(
            hop.plugin,
            *_where(hop.span),
            hop.outcome,
            hop.reason,
            tuple(hop.back_reasons),
            tuple(map(_route, hop.asked)),
        )
        for hop in lookup.hops
    )
    if site is None:
        return Route("", "", 0, steps, lookup.end_reason)
    return Route(lookup.server["zone"], *_where(site.span), steps, lookup.end_reason)


@lru_cache(maxsize=1024)
def _where(span: Span | None) -> tuple[str, int]:
    """The file and line of a directive."""
    if span is None:
        return "", 0
    where = span.locate()
    return where.path, where.line


# -- data -------------------------------------------------------------------------------------------------------------

PIECES = regex(r"[a-z]+|[0-9]+|[^a-z0-9]+", re.I)


class Asked(NamedTuple):
    """A question and who asked it, for comparisons of data that is made of them."""

    query: Msg
    client: str


def differs(one: Reply, asked: Asked, other: Reply, asked_other: Asked) -> str:
    """How the records of two replies differ, '' where they are the same but for names and data that are made of the two
    questions: records of one are paired with such of the other."""
    if one.msg is None or other.msg is None:
        return "" if one.msg is other.msg else "one has no reply"
    pair = _Pair(asked, asked_other)
    for section in ("answer", "ns", "extra"):
        left, right = (sorted(map(_text, getattr(reply.msg, section))) for reply in (one, other))
        if left == right:
            continue
        for text in left:
            found = next((x for x in right if x == text), None) or next((x for x in right if pair.alike(text, x)), None)
            if found is None:
                return f"{section}: {text} is not among {right}"
            right.remove(found)
        if right:
            return f"{section}: {right} are not there"
    return ""


def _text(rr: RR) -> str:
    """A record in lower case; a signature without what follows from the name: how many labels it has, and the octets."""
    text = str(Record(rr)).lower()
    if rr[1] != RRSIG:
        return text
    words = text.split(" ")
    return " ".join([*words[:6], *words[7:12]])


class _Pair:
    """Two questions, and whether words of their replies are the same but for what is made of them."""

    def __init__(self, one: Asked, other: Asked) -> None:
        assert one.query.question is not None
        assert other.query.question is not None
        self.names = one.query.question[0].lower(), other.query.question[0].lower()
        self.labels = tuple(frozenset(labels(name)) for name in self.names)
        self.pieces = _made_of(one), _made_of(other)
        self.clients = _without_port(one.client), _without_port(other.client)
        self.spelled = _spelled(self.names[0]), _spelled(self.names[1])

    def alike(self, one: str, other: str) -> bool:
        """Whether two records are."""
        left, right = one.split(" "), other.split(" ")
        return len(left) == len(right) and all(a == b or self._word(a, b) for a, b in zip(left, right, strict=True))

    def _word(self, one: str, other: str) -> bool:
        if _short(one, self.names[0]) == _short(other, self.names[1]):
            return True
        if (one, other) == self.clients:
            return True
        one, other = _unspelled(one, self.spelled[0], self.names[0]), _unspelled(other, self.spelled[1], self.names[1])
        if one == other:
            return True
        mine, yours = self.labels
        both = mine | yours
        known = ((mine, yours), (both, both)) if one.endswith(".") and other.endswith(".") else ()
        if any(self._name(one, a) == self._name(other, b) for a, b in known):
            return True
        return _outline(one, self.pieces[0]) == _outline(other, self.pieces[1])

    @staticmethod
    def _name(name: str, known: frozenset[str]) -> list[str]:
        """The name with runs of known labels as one."""
        out: list[str] = []
        for label in labels(name):
            word = "~" if label in known else label
            if word != "~" or out[-1:] != ["~"]:
                out.append(word)
        return out


def _spelled(name: str) -> tuple[str, ...]:
    """The address of a reverse name, as names may have it."""
    from ipaddress import ip_address

    text = from_reverse(name)
    if not text:
        return ()
    whole = ip_address(text).exploded
    return whole.replace(":", ""), whole, text


def _unspelled(word: str, texts: tuple[str, ...], name: str) -> str:
    """The word with `~` in place of each of some texts, and of an address that a name spells."""
    address = parse_ip(word)
    if address is not None and (
        any(text in name for text in _spelled(to_reverse(word)))
        or any(parse_ip(label.replace("-", ":")) == address for label in labels(name))
    ):
        return "~"
    for text in texts:
        word = re.sub(rf"(?<![0-9a-f.:]){re.escape(text)}(?![0-9a-f:]|\.[0-9])", "~", word)
    return word


def _without_port(client: str) -> str:
    """The address of a client."""
    return client.partition(":")[0] if "." in client else client


def _short(word: str, name: str) -> str:
    """The word with `~` in place of the question's name."""
    if word == name:
        return "~"
    if name == ".":
        return f"{word}~" if word.endswith(".") else word
    return word[: -len(name)] + "~" if word.endswith(f".{name}") else word


def _made_of(asked: Asked) -> frozenset[str]:
    """The pieces of which data of a reply may be made."""
    question = asked.query.question
    assert question is not None
    numbers = {str(number) for number in (asked.query.id, *question[1:])}
    kinds = _words(f"{type_name(question[1])} {class_name(question[2])}")
    return frozenset((*_words(question[0]), *numbers, *kinds))


def _words(text: str) -> Iterator[str]:
    return (piece for piece in PIECES.findall(text.lower()) if piece.isalnum())


def _outline(text: str, made_of: frozenset[str]) -> list[str]:
    """The text with each run of pieces of the question as one."""
    out: list[str] = []
    for piece in PIECES.findall(text):
        if piece in made_of or (out and out[-1] == "~" and not piece.strip(".-:\\_*")):
            if not out or out[-1] != "~":
                out.append("~")
        else:
            out.append(piece)
    return out


__all__ = ["Asked", "Behaviour", "RecordKind", "Route", "Step", "behaviour", "differs"]
