"""Why an answer came out: the plugins that were asked, in their order, what each made of the question, and what they asked
on the way. Collected only for those who read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..dns.codes import BADVERS, rcode_name, type_name
from ..findings.layout import Line, Part, Style, line, plain
from .query import Outcome, Reason, Result, Why, name_of, words

if TYPE_CHECKING:
    from ..findings import Span


WIDTH = 118
"""Characters of a line where a trace is printed to no terminal."""

DEEPEST = 6
"""How many inner questions deep the text of a trace goes; those below are counted."""


class Hop:
    """The part of one plugin in a trace.

    plugin: its directive's name. order: its place in plugin.cfg. span: of the directive, None if it has none.
    name, type: of the question that it was asked; the type is a number. depth: 0 for the client's question, 1 for one
    that a plugin asked before it could answer, and so on.
    outcome: `next` (passed on), `fallthrough` (passed on by its property `fallthrough`), `hint` (passed on with
    something added), `handled` (answered), `failed` (answered with an error by the server), or `panic`.
    rcode: of the answer; '' if it passed on. asked: the questions that it asked itself, each a `Lookup`.
    """

    __slots__ = (
        "_back",
        "_changed",
        "_left",
        "_notes",
        "_why",
        "asked",
        "depth",
        "name",
        "order",
        "outcome",
        "plugin",
        "rcode",
        "span",
        "type",
    )

    def __init__(self, plugin: str, order: int, span: Span | None, name: str, type: int, depth: int) -> None:
        self.plugin = plugin
        self.order = order
        self.span = span
        self.name = name
        self.type = type
        self.depth = depth
        self.outcome = "next"
        self.rcode = ""
        self.asked: list[Lookup] = []
        self._left = False  # whether it has said what becomes of the question
        self._why: Why = ""
        self._changed: Why = ""
        self._notes: list[Why] = []
        self._back: list[Why] = []

    @property
    def why(self) -> str:
        """The reason in words."""
        return words(self._why)

    @property
    def reason(self) -> str:
        """The name of the reason, '' where it has none."""
        return name_of(self._why)

    @property
    def changed(self) -> str:
        """What it changed for those behind it, in words; '' where nothing."""
        return words(self._changed)

    @property
    def notes(self) -> list[str]:
        """What else is to be said, in words."""
        return [words(why) for why in self._notes]

    @property
    def back(self) -> list[str]:
        """What it did to the result on the way back, in words."""
        return [words(why) for why in self._back]

    @property
    def back_reasons(self) -> list[str]:
        """The names of the reasons that it gave on the way back."""
        return [name_of(why) for why in self._back]

    @property
    def line(self) -> int | None:
        """The directive's line in the file that the user has."""
        return None if self.span is None else self.span.locate().line

    @property
    def path(self) -> str | None:
        """The file that the user has the directive in."""
        return None if self.span is None else self.span.locate().path

    def __repr__(self) -> str:
        at = "" if self.span is None else f" {self.path}:{self.line}"
        return f"<Hop {self.plugin}{at} {self.outcome}{f' {self.rcode}' if self.rcode else ''}>"

    def __eq__(self, other: object) -> bool:
        return self.to_json() == other.to_json() if isinstance(other, Hop) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        state = {name: getattr(self, name) for name in self.__slots__}
        for name in ("_why", "_changed"):
            state[name] = _plain(state[name])
        for name in ("_notes", "_back"):
            state[name] = [_plain(why) for why in state[name]]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def to_json(self) -> dict[str, Any]:
        """The hop as plain data."""
        return {
            "plugin": self.plugin,
            "order": self.order,
            "path": self.path,
            "line": self.line,
            "name": self.name,
            "type": type_name(self.type),
            "outcome": self.outcome,
            "reason": self.reason,
            "why": self.why,
            "changed": self.changed,
            "notes": self.notes,
            "rcode": self.rcode,
            "back": [{"reason": name_of(why), "why": words(why)} for why in self._back],
            "asked": [lookup.to_json() for lookup in self.asked],
        }


class Lookup:
    """A question and the plugins that it went to: the client's question, or one that a plugin asked before it could
    answer.

    name, type: what was asked, '' and 0 where the message has no question. server: the server block that was chosen, with
    the listener, the zone, and all zones that are served there; empty where none was looked for. behind: whether only the
    plugins behind the asking one were asked. rcode: what came of it. hops: the plugins that were asked.
    """

    __slots__ = ("_end", "behind", "hops", "name", "rcode", "server", "type")

    def __init__(self, name: str = "", type: int = 0, *, behind: bool = False) -> None:
        self.name = name
        self.type = type
        self.behind = behind
        self.server: dict[str, Any] = {}
        self.hops: list[Hop] = []
        self.rcode = ""
        self._end: Why = ""

    def __getstate__(self) -> dict[str, Any]:
        state = {name: getattr(self, name) for name in self.__slots__}
        state["_end"], state["server"] = _plain(self._end), _without_instance(self.server)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    @property
    def end(self) -> str:
        """Why it ended, where no plugin had the last word; in words."""
        return words(self._end)

    @property
    def end_reason(self) -> str:
        """The name of that reason."""
        return name_of(self._end)

    @property
    def last(self) -> Hop | None:
        """The last plugin that was asked: the one that answered, where one did."""
        return self.hops[-1] if self.hops else None

    def to_json(self) -> dict[str, Any]:
        """The question and its hops as plain data."""
        return {
            "name": self.name,
            "type": type_name(self.type) if self.name else "",
            "behind": self.behind,
            "server": server_json(self.server),
            "rcode": self.rcode,
            "hops": [hop.to_json() for hop in self.hops],
            "end": end_json(self._end),
        }


def _plain(why: Why) -> Why:
    """The same words under the same name, without the objects that they are about."""
    text, name = words(why), name_of(why)
    return (Reason(name, text.replace("{", "{{").replace("}", "}}")),) if name else text


def _without_instance(server: dict[str, Any]) -> dict[str, Any]:
    """A record of the chosen server that does not hold the whole instance: what is read of it here, and no more."""
    if not server:
        return server
    site, listener = server["site"], server["listener"]
    plain = {id(s): _plain_site(s, whole=s is site) for sites in listener.zones.values() for s in sites}
    zones = {zone: [plain[id(s)] for s in sites] for zone, sites in listener.zones.items()}
    seen = SimpleNamespace(label=listener.label, zones=zones)
    return {
        **server,
        "listener": seen,
        "site": None if site is None else plain.get(id(site)) or _plain_site(site, whole=True),
    }


def _plain_site(site: Any, *, whole: bool) -> SimpleNamespace:
    """What a trace reads of a server block; whole: with its plugins."""
    chain: Any = site.chain and True
    if whole and site.chain:
        chain = SimpleNamespace(handlers=[SimpleNamespace(name=h.name, span=h.span) for h in in_chain(site)])
    return SimpleNamespace(span=site.span, chain=chain, view_name=site.view_name, filters=())


def in_chain(site: Any) -> list[Any]:
    """The plugins of a server block's chain, but for those that were asked as the block was chosen."""
    before = [getattr(allows, "__self__", None) for allows in site.filters]
    return [h for h in site.chain.handlers if all(h is not other for other in before)]


def end_json(why: Why) -> dict[str, str] | None:
    """Why a question ended without a plugin, as plain data."""
    return {"reason": name_of(why), "why": words(why)} if why else None


def server_json(server: dict[str, Any]) -> dict[str, Any] | None:
    """The chosen server as plain data. `zone`, `path` and `line` are None where no zone matches."""
    if not server:
        return None
    site = server["site"]
    where = None if site is None else site.span.locate()
    return {
        "zone": server["zone"] if site is not None else None,
        "listen": address_of(server),
        "path": where.path if where else None,
        "line": where.line if where else None,
        "text": chosen(server),
    }


def address_of(server: dict[str, Any]) -> str:
    """Where a server listens, such as `:53`."""
    label: str = server["listener"].label
    return label.removeprefix("dns://")


def chosen(server: dict[str, Any]) -> str:
    """Which server and zone was chosen, against which others, in words."""
    if not server:
        return "no server was asked"
    site, zone = server["site"], server["zone"]
    address = address_of(server)
    zones = server["zones"]
    others = [z for z in zones if z != zone]
    if site is None:
        served = ", ".join(f'"{z}"' for z in zones) or "nothing"
        why = f"no zone here matches (it serves {served})"
        if "." in zones:
            empty = all(s.chain is None for s in server["listener"].zones["."])
            why = f'server "." {"has no plugin that answers" if empty else "has no view that lets this question in"}'
        return f"{address}   {why}: REFUSED"
    where = site.span.locate()
    text = f'{address}   server "{zone}" ({where.path}:{where.line})'
    if site.view_name:
        text += f', as its view "{site.view_name}" fits'
    for other in server["listener"].zones.get(zone, ()):
        if other is site:
            break
        if other.view_name:
            text += f'; view "{other.view_name}" (line {other.span.locate().line}) does not fit'
    if others:
        quoted = [f'"{z}"' for z in others[:4]] + (["..."] if len(others) > 4 else [])
        longer = "does" if len(others) == 1 else "do"
        reason = f"{longer} not match" if zone == "." else f"{longer} not match, or less closely"
        text += f"; {', '.join(quoted)} {reason}"
    return text


class Trace:
    """Why a query is answered as it is: the server block that was chosen, and the plugins that were asked.

    Printing it gives what `corefile query --trace` shows; two traces are equal if that text is.

    hops: each plugin's part, in the order in which they were asked; those of the questions that a plugin asks itself
    stand behind it, one `depth` deeper. question: the client's question, with the hops of it alone, as a `Lookup`.
    left_out: name and span of each directive that is not simulated in the server blocks that had a part in the answer,
    those of upstreams included.

    >>> from corefile import loads
    >>> trace = loads(".:53 {\\n whoami\\n}").query("example.org").trace
    >>> [(hop.plugin, hop.line, hop.outcome, hop.rcode) for hop in trace.hops]
    [('whoami', 2, 'handled', 'NOERROR')]
    """

    __slots__ = ("_notes", "_open", "hops", "left_out", "question")

    def __init__(self) -> None:
        self.hops: list[Hop] = []
        self.question = Lookup()
        self.left_out: list[tuple[str, Span]] = []
        self._open: list[Hop] = []  # those that are being asked, each by the one before it
        self._notes: list[Why] = []

    # -- recording ----------------------------------------------------------------------------------------------------

    def chose(self, query: Any, server: dict[str, Any]) -> None:
        """Record which server block `query` goes to. Where a plugin is at hand, it is the plugin that asks."""
        if self._open:
            self._open[-1].asked.append(Lookup(query.name, query.type))
        lookup = self._lookup()
        lookup.name, lookup.type, lookup.server = query.name, query.type, server

    def behind(self, query: Any) -> None:
        """Record that the plugin at hand asks those behind it."""
        if self._open:
            self._open[-1].asked.append(Lookup(query.name, query.type, behind=True))

    def enter(self, handler: Any, query: Any) -> Hop:
        """Record that `handler` is asked; `leave` is told the outcome."""
        hop = Hop(handler.name, handler.order, handler.span, query.name, query.type, len(self._open))
        self._lookup().hops.append(hop)
        self.hops.append(hop)
        self._open.append(hop)
        return hop

    def leave(self, hop: Hop, handler: Any, outcome: Outcome | None) -> None:
        """Record what `handler` said; None where it broke off."""
        del self._open[hop.depth :]
        hop._left = True
        if outcome is None:
            hop.outcome = "panic"
            return
        hop.outcome = outcome.kind
        if isinstance(outcome, Result):
            hop._why = outcome.why
            hop.rcode = rcode_name(outcome.reply.rcode if outcome.reply is not None else outcome.rcode)
        else:
            hop._why = outcome.why or handler.PASSES
            hop._changed = outcome.changed

    def again(self, hop: Hop) -> None:
        """Record that the plugin of `hop` sees the result; `back` is told what it made of it."""
        self._open[hop.depth :] = [hop]

    def back(self, hop: Hop, before: Result, after: Result) -> None:
        """Record what the plugin of `hop` made of the result on the way back, where it says something."""
        del self._open[hop.depth :]
        if after is not before and after.why and after.why != before.why:
            hop._back.append(after.why)

    def note(self, why: Why) -> None:
        """A remark of the plugin at hand, on the way in or back, or to the whole."""
        if self._open:
            hop = self._open[-1]
            (hop._back if hop._left else hop._notes).append(why)
        else:
            self._notes.append(why)

    def used(self, handler: Any, number: int, rule: str = "", *, passed: bool = False) -> None:
        """Nothing: its reason tells which rules fit."""

    def finish(self, rcode: int | None, why: Why = "") -> None:
        """Record what came of the question at hand (None: no reply), and why, where no plugin had the last word."""
        lookup = self._lookup()
        # 16 is BADSIG too, but that one stands in TSIG records, not in headers.
        lookup.rcode = "no reply" if rcode is None else "BADVERS" if rcode == BADVERS else rcode_name(rcode)
        if why:
            lookup._end = why

    def _lookup(self) -> Lookup:
        """The question that is being asked."""
        if not self._open:
            return self.question
        asked = self._open[-1].asked
        if not asked:
            asked.append(Lookup(self._open[-1].name, self._open[-1].type))
        return asked[-1]

    # -- reading ------------------------------------------------------------------------------------------------------

    @property
    def server(self) -> dict[str, Any]:
        """The server block that the client's question went to: `listener`, `site`, `zone`, and `zones`, all that are served
        there. Empty where none was looked for."""
        return self.question.server

    @property
    def chosen(self) -> str:
        """Which server and zone was chosen, against which others, in words."""
        return chosen(self.server)

    @property
    def last(self) -> Hop | None:
        """The last plugin that was asked for the client's question: the one that answered, where one did."""
        return self.question.last

    @property
    def end(self) -> str:
        """Why the query ended where no plugin had the last word, in words."""
        return self.question.end

    @property
    def notes(self) -> list[str]:
        """Remarks to the whole."""
        return [words(why) for why in self._notes]

    def not_asked(self) -> list[Any]:
        """The handlers of the chosen server behind the one that ended the chain."""
        site, last = self.server.get("site"), self.last
        if site is None or site.chain is None or last is None or last.outcome not in ("handled", "failed"):
            return []
        # A name may stand for several handlers, and one further behind may have been asked in the background of another.
        asked = [(hop.plugin, hop.span) for hop in self.hops]
        handlers = in_chain(site)
        at = next((i for i, h in enumerate(handlers) if (h.name, h.span) == (last.plugin, last.span)), None)
        return [] if at is None else [h for h in handlers[at + 1 :] if (h.name, h.span) not in asked]

    def lines(self) -> list[Line]:
        """What printing it shows, as lines that a terminal may colour and wrap."""
        return [Line((Part("  "),), (Part(self.chosen),), 8), *_Text(self).lines(self.question, "")]

    def __str__(self) -> str:
        return plain(self.lines(), WIDTH)

    def __repr__(self) -> str:
        where = f'server "{self.server["zone"]}" at {address_of(self.server)}' if self.server else "no server was asked"
        asked = ", ".join([h.plugin for h in self.hops])
        return f"<Trace {where}{': ' if asked else ''}{asked}>"

    def __eq__(self, other: object) -> bool:
        return self.lines() == other.lines() if isinstance(other, Trace) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        notes = [_plain(why) for why in self._notes]
        return {"question": self.question, "hops": self.hops, "left_out": self.left_out, "_notes": notes}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._open = []
        for name, value in state.items():
            setattr(self, name, value)

    def to_json(self) -> dict[str, Any]:
        """The trace as plain data: the client's question, and whatever was asked on the way."""
        question = self.question.to_json()
        return {
            "server": question["server"],
            "hops": question["hops"],
            "end": question["end"],
            "not_asked": [h.name for h in self.not_asked()],
            "not_simulated": [
                {"directive": name, "path": at.path, "line": at.line}
                for name, at in ((name, span.locate()) for name, span in self.left_out)
            ],
            "notes": self.notes,
        }


class _Text:
    """The lines of a trace. Directives are told by their line, those of other files than the server block's by the path,
    too."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        shown = [h for h in trace.hops if h.depth <= DEEPEST]
        self.width = max((len(h.plugin) + 3 * h.depth for h in shown), default=0)
        self.number = max((len(str(h.line or "")) for h in shown), default=0)

    @staticmethod
    def place(span: Span | None, path: str) -> str:
        """Where a directive stands: its line, with the file where that is not `path`."""
        if span is None:
            return ""
        where = span.locate()
        return str(where.line) if where.path == path else f"{where.path}:{where.line}"

    def lines(self, lookup: Lookup, rail: str, path: str = "", depth: int = 0) -> Iterator[Line]:
        """The way of one question; `rail` stands before each line of an inner one. path: the file that is at hand."""
        site = lookup.server.get("site")
        path = path if site is None else site.span.locate().path
        end = lookup.end if lookup.hops else ""
        for i, hop in enumerate(lookup.hops):
            last = i == len(lookup.hops) - 1 and not end
            head = f"{hop.plugin:<{self.width - 3 * depth}}"
            branch = self.branch(rail, last, head, f"{self.place(hop.span, path):>{self.number}}")
            yield Line(branch, tuple(self.outcome(hop)))
            below = rail + ("   " if last else "|  ")
            if hop is lookup.last and not depth:
                yield from self.not_asked(sum(len(p.text) for p in branch), path)
            for inner in hop.asked:
                yield from self.inner(inner, below, path, depth + 1)
        if end:
            head = f"{'(end)':<{self.width - 3 * depth}}"
            body = (Part(end), *self.code(lookup.rcode, end))
            yield Line(self.branch(rail, True, head, " " * self.number), body)
        elif lookup.end and not depth and (site is not None or not lookup.server):
            yield line("     ", f"{lookup.end}{'' if lookup.rcode in lookup.end else f' -> {lookup.rcode}'}")
        if not depth:
            yield from self.remarks(path)
        back = [f"{h.plugin} {text}" for h in reversed(lookup.hops) for text in h.back]
        if back:
            yield line(f"  {rail}   ", "on the way back: " + "; ".join(back))

    @staticmethod
    def branch(rail: str, last: bool, name: str, place: str) -> tuple[Part, ...]:
        """What stands before the words of a hop."""
        return (Part(f"  {rail}{'`-' if last else '|-'} "), Part(name, "bold"), Part(f" {place}   "))

    def outcome(self, hop: Hop) -> Iterator[Part]:
        """The words of a hop."""
        why = hop.why or ("panics" if hop.outcome == "panic" else hop.outcome)
        yield Part(why, "dim" if hop.outcome in ("next", "hint") else "")
        yield from self.code(hop.rcode, why)
        if hop.changed:
            yield Part(f"; {hop.changed}")
        for note in hop.notes:
            yield Part(f"; {note}")

    @staticmethod
    def code(rcode: str, why: str) -> Iterator[Part]:
        """` -> SERVFAIL`, unless the words have it."""
        if rcode and not re.search(rf"-> {rcode}\b", why):
            yield Part(" ->")
            yield Part(f" {rcode}", _style(rcode))

    def inner(self, lookup: Lookup, rail: str, path: str, depth: int) -> Iterator[Line]:
        """A question that a plugin asked."""
        site = lookup.server.get("site")
        whom = "those behind it " if lookup.behind else ""
        chosen = self.trace.server.get("site")
        if site is not None and (chosen is None or site.span != chosen.span):
            where = site.span.locate()
            whom = f'server "{lookup.server["zone"]}" ({where.path}:{where.line}) '
        head = f"  {rail}asks {whom}for {lookup.name} {type_name(lookup.type)}: "
        body: list[Part] = [Part(lookup.rcode, _style(lookup.rcode))]
        if not lookup.hops and lookup.end:
            body.append(Part(f", {lookup.end}"))
        yield Line((Part(head),), tuple(body), len(rail) + 6)
        if depth <= DEEPEST:
            yield from self.lines(lookup, rail, path, depth)
        elif lookup.hops:
            yield line(f"  {rail}", f"... and so on, {_depth(lookup)} more deep", "dim")

    def not_asked(self, pad: int, path: str) -> Iterator[Line]:
        """Who comes behind the end of the chain."""
        behind = [f"{h.name} ({self.place(h.span, path)})" for h in self.trace.not_asked()]
        if behind:
            yield line(" " * pad, f"{', '.join(behind)} {'is' if len(behind) == 1 else 'are'} not asked", "dim")

    def remarks(self, path: str) -> Iterator[Line]:
        """Remarks to the whole."""
        missing = [f"{name} ({self.place(span, path)})" for name, span in self.trace.left_out]
        if missing:
            text = f"not simulated, so this may not be CoreDNS's answer: {', '.join(missing)}"
            yield line("     ", text, "warning")
        for note in self.trace.notes:
            yield line("     ", note)


def _depth(lookup: Lookup) -> int:
    """How many plugins deep a question leads."""
    return max((1 + max(map(_depth, hop.asked), default=0) for hop in lookup.hops), default=0)


def _style(rcode: str) -> Style:
    return "good" if rcode == "NOERROR" else "error"


__all__ = ["DEEPEST", "WIDTH", "Hop", "Lookup", "Trace"]
