"""Why an answer came out: one hop per plugin asked, collected only when somebody wants to read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..dns.codes import rcode_name, type_name
from ..findings.layout import Line, Part, line, plain
from .query import Next, Outcome, Result, Why, words

if TYPE_CHECKING:
    from ..findings import Span


WIDTH = 118
"""Characters of a line where a trace is printed to no terminal."""


class Hop:
    """One plugin's part.

    `outcome` is `next`, `fallthrough`, `hint`, `handled` or `failed`; `order` is the plugin's place in plugin.cfg;
    `depth` tells how many sub-queries deep it was asked; `name` and `type` are what it was asked for; `back` is what it
    did to the result on the way back.
    """

    __slots__ = ("_changed", "_why", "back", "depth", "name", "order", "outcome", "plugin", "rcode", "span", "type")

    def __init__(
        self,
        plugin: str,
        order: int,
        span: Span | None,
        outcome: str,
        why: Why,
        changed: Why,
        depth: int,
        name: str,
        type: int,
        rcode: str,
    ) -> None:
        self.plugin = plugin
        self.order = order
        self.span = span
        self.outcome = outcome
        self._why = why
        self._changed = changed
        self.depth = depth
        self.name = name
        self.type = type
        self.rcode = rcode
        self.back: list[str] = []

    @property
    def why(self) -> str:
        """The reason in words."""
        return words(self._why)

    @property
    def changed(self) -> str:
        """What it changed for those behind it, in words; '' where nothing."""
        return words(self._changed)

    @property
    def line(self) -> int | None:
        """The directive's line in the file that the user has."""
        return None if self.span is None else self.span.source.locate(self.span.start).line

    def to_json(self) -> dict[str, Any]:
        """The hop as plain data."""
        where = None if self.span is None else self.span.source.locate(self.span.start)
        return {
            "plugin": self.plugin,
            "order": self.order,
            "outcome": self.outcome,
            "why": self.why,
            "changed": self.changed,
            "rcode": self.rcode,
            "depth": self.depth,
            "name": self.name,
            "type": type_name(self.type),
            "back": self.back,
            "path": where.path if where else None,
            "line": where.line if where else None,
        }


class Trace:
    """The way of one query: which servers were considered, then the hops in the order in which they happened.

    Printing it gives the text that `corefile query --trace` shows.
    """

    __slots__ = ("at", "depth", "hops", "notes", "server")

    def __init__(self) -> None:
        self.hops: list[Hop] = []
        self.at: Hop | None = None
        self.depth = 0
        self.server: dict[str, Any] = {}
        self.notes: list[str] = []

    def hop(self, handler: Any, outcome: Outcome, query: Any) -> Hop:
        """Record what `handler` said to `query`."""
        passes = isinstance(outcome, Next)
        why = outcome.why or (handler.PASSES if passes else "")
        rcode = ""
        if isinstance(outcome, Result):
            rcode = rcode_name(outcome.reply.rcode if outcome.reply is not None else outcome.rcode)
        hop = Hop(
            handler.name,
            handler.order,
            handler.span,
            outcome.kind,
            why,
            outcome.changed if isinstance(outcome, Next) else "",
            self.depth,
            query.name,
            query.type,
            rcode,
        )
        self.hops.append(hop)
        self.at = hop
        return hop

    def back(self, hop: Hop, before: Result, after: Result) -> None:
        """Record what the plugin of `hop` made of the result on the way back, where it says something."""
        if after is not before and after.why and after.why != before.why:
            hop.back.append(words(after.why))

    def note(self, why: Why) -> None:
        """A remark of the plugin at hand."""
        if self.at is not None:
            self.at.back.append(words(why))
        else:
            self.notes.append(words(why))

    @property
    def chosen(self) -> str:
        """Which server and zone was chosen, against which others, in words."""
        if not self.server:
            return "no server was asked"
        listener, site, zone = self.server["listener"], self.server["site"], self.server["zone"]
        address = listener.label.removeprefix("dns://")
        others = [z for z in self.server["zones"] if z != zone]
        if site is None:
            served = ", ".join(f'"{z}"' for z in self.server["zones"]) or "nothing"
            return f"{address}   no zone here matches (it serves {served}): REFUSED"
        where = site.span.source.locate(site.span.start)
        text = f'{address}   server "{zone}" ({where.path}:{where.line})'
        if others:
            quoted = [f'"{z}"' for z in others[:4]] + (["..."] if len(others) > 4 else [])
            longer = "does" if len(others) == 1 else "do"
            reason = f"{longer} not match" if zone == "." else f"{longer} not match, or less closely"
            text += f"; {', '.join(quoted)} {reason}"
        return text

    def not_asked(self) -> list[Any]:
        """The handlers of the chosen server behind the one that ended the chain."""
        site = self.server.get("site")
        top = [h for h in self.hops if h.depth == 0]
        if site is None or site.chain is None or not top or top[-1].outcome not in ("handled", "failed"):
            return []
        # A name may stand for several handlers, and one further behind may have been asked in the background of another.
        asked = [(hop.plugin, hop.span) for hop in self.hops]
        handlers = site.chain.handlers
        at = next((i for i, h in enumerate(handlers) if (h.name, h.span) == (top[-1].plugin, top[-1].span)), None)
        return [] if at is None else [h for h in handlers[at + 1 :] if (h.name, h.span) not in asked]

    def lines(self) -> list[Line]:
        """What printing it shows, as lines that a terminal may colour and wrap."""
        out = [Line((Part("  "),), (Part(self.chosen),), 8)]
        width = max((len(h.plugin) + 2 * h.depth for h in self.hops), default=0)
        number = max((len(str(h.line or "")) for h in self.hops), default=0)
        pad = " " * (2 + 3 + width + 1 + number + 3)
        for i, hop in enumerate(self.hops):
            name = "  " * hop.depth + hop.plugin
            head = (
                Part(f"  {'`-' if i == len(self.hops) - 1 else '|-'} "),
                Part(f"{name:<{width}}", "bold"),
                Part(f" {hop.line or '':>{number}}   "),
            )
            why = hop.why or hop.outcome
            body = [Part(why, "dim" if hop.outcome in ("next", "hint") else "")]
            if hop.rcode and not re.search(rf"-> {hop.rcode}\b", why):
                body += [Part(" ->"), Part(f" {hop.rcode}", "good" if hop.rcode == "NOERROR" else "error")]
            if hop.changed:
                body.append(Part(f"; {hop.changed}"))
            out.append(Line(head, tuple(body)))
        behind = [f"{h.name} ({h.span.source.locate(h.span.start).line})" for h in self.not_asked()]
        if behind:
            out.append(line(pad, f"{', '.join(behind)} {'is' if len(behind) == 1 else 'are'} not asked", "dim"))
        site = self.server.get("site")
        missing = [f"{name} ({span.source.locate(span.start).line})" for name, span in (site.left_out if site else ())]
        if missing:
            out.append(
                line("     ", f"not simulated, so this may not be CoreDNS's answer: {', '.join(missing)}", "warning")
            )
        out += [line("     ", note) for note in self.notes]
        back = [f"{h.plugin} {text}" for h in reversed(self.hops) for text in h.back]
        if back:
            out.append(line("     ", "on the way back: " + "; ".join(back)))
        return out

    def __str__(self) -> str:
        return plain(self.lines(), WIDTH)

    def __repr__(self) -> str:
        return f"<Trace {' '.join(h.plugin for h in self.hops)}>"

    def to_json(self) -> dict[str, Any]:
        """The trace as plain data."""
        return {
            "server": self.chosen,
            "hops": [h.to_json() for h in self.hops],
            "notes": self.notes,
            "not_asked": [h.name for h in self.not_asked()],
        }
