"""The handlers of a server block, and the one loop that runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dns.message import SERVFAIL
from .metrics import WRITERS
from .query import Next, Query, Result

if TYPE_CHECKING:
    from .declare import Plugin
    from .trace import Trace


class Chain:
    """The handlers of a server block in order, and the one loop that runs them."""

    __slots__ = ("handlers", "named", "serves")

    def __init__(self, handlers: list[Plugin]) -> None:
        self.handlers = handlers
        self.named = any(h.NAMES_WRITERS for h in handlers)
        self.serves = [h.serve for h in handlers]
        for i, h in enumerate(handlers):
            if h.rest is not None:  # shared with the chain of another key
                continue
            h.rest = lambda query, start=i + 1: self.run(query, start)

    def run(self, query: Query, start: int = 0) -> Result:
        """Ask the handlers from `start` on, and take the result back through those that want to see it."""
        if query.ctx.trace is not None or self.named:
            return self._traced(query, start, query.ctx.trace)
        thens = None
        serves = self.serves
        result: Result
        for i in range(start, len(serves)):
            outcome = serves[i](query)
            if isinstance(outcome, Next):
                if outcome.then is not None:
                    if thens is None:
                        thens = [outcome.then]
                    else:
                        thens.append(outcome.then)
                if outcome.query is not None:
                    if not self.handlers[i].COPIES:
                        query.became = outcome.query
                    query = outcome.query
                continue
            result = outcome
            break
        else:
            result = self.nobody(start)
        if thens is not None:
            while thens:
                result = thens.pop()(result)
        return result

    def nobody(self, start: int) -> Result:
        """Every handler passed on: the last one fails with SERVFAIL (plugin/plugin.go, NextOrFailure)."""
        last = self.handlers[-1]
        return Result(
            None,
            SERVFAIL,
            f"plugin/{last.name}: no next plugin found",
            f"{last.name} is the last plugin and passes on: nobody answers",
            last.name,
        )

    def _traced(self, query: Query, start: int, trace: Trace | None) -> Result:
        """The same with a trace, and with `Result.plugin` set."""
        thens = []
        if trace is not None:
            trace.depth += start > 0
        result: Result
        for handler in self.handlers[start:]:
            outcome = handler.serve(query)
            hop = trace.hop(handler, outcome, query) if trace is not None else None
            if isinstance(outcome, Next):
                if outcome.then is not None:
                    thens.append((outcome.then, handler, hop))
                if outcome.query is not None:
                    if not handler.COPIES:
                        query.became = outcome.query
                    query = outcome.query
                continue
            outcome.plugin = outcome.plugin or handler.name
            result = outcome
            break
        else:
            result = self.nobody(start)
        while thens:
            then, handler, hop = thens.pop()
            before = result
            result = then(result)
            if result.reply is not None and handler.name in WRITERS:
                result.plugin = handler.name
            if trace is not None and hop is not None:
                trace.back(hop, before, result)
        if trace is not None:
            trace.depth -= start > 0
        return result


__all__ = ["Chain"]
