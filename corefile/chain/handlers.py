"""The handlers of a server block, and the one loop that runs them."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..dns.codes import SERVFAIL
from ..releases.rules import at
from .query import Handler, Next, Query, Reason, Recorder, Result

END = Reason("end-of-the-chain", "{} is the last plugin and passes on, so nothing answers")


class Chain:
    """The handlers of a server block in order, and the one loop that runs them."""

    __slots__ = ("backs", "copies", "handlers", "names_writers", "serves")

    def __init__(self, handlers: list[Handler]) -> None:
        self.handlers = handlers
        self.names_writers = any(at(h.SHOWS_WRITER, h.setup.release) for h in handlers)
        self.serves = [h.serve for h in handlers]
        self.copies = [at(h.COPIES, h.setup.release) for h in handlers]
        # Of filters of everything, which the loop does not have to ask on the way in.
        self.backs: list[Any] = [h.back if h.always_back else None for h in handlers]
        for i, h in enumerate(handlers):
            if h.rest is None:  # else it is shared with the chain of another key
                h.rest = partial(self.run, start=i + 1)

    def run(self, query: Query, start: int = 0) -> Result:
        """Ask the handlers from `start` on, and take the result back through those that want to see it."""
        if query.ctx.trace is not None or self.names_writers:
            return self._traced(query, start, query.ctx.trace)
        thens: list[tuple[Any, Query | None]] = []
        serves, backs = self.serves, self.backs
        result: Result
        for i in range(start, len(serves)):
            back = backs[i]
            if back is not None:
                thens.append((back, query))
                continue
            outcome = serves[i](query)
            if outcome.__class__ is Next:
                if outcome.then is not None:
                    thens.append((outcome.then, None))
                if outcome.query is not None:
                    if not self.copies[i]:
                        query.became = outcome.query
                    query = outcome.query
                continue
            result = outcome  # type: ignore[assignment]
            break
        else:
            result = self.end(query)
        while thens:
            back, asked = thens.pop()
            result = back(result) if asked is None else back(asked, result)
        return result

    def end(self, query: Query) -> Result:
        """Every handler passed on: the last one fails with SERVFAIL (plugin/plugin.go, NextOrFailure)."""
        handler = self.handlers[-1]
        last = handler.CALLED or handler.name
        return Result(None, SERVFAIL, f"plugin/{handler.as_last(query)}: no next plugin found", (END, last), last)

    def _traced(self, query: Query, start: int, trace: Recorder | None) -> Result:
        """The same with a trace, and with `Result.plugin` set."""
        thens = []
        if trace is not None and start:
            trace.behind(query)
        result: Result
        for handler, copies in zip(self.handlers[start:], self.copies[start:], strict=True):
            hop = None if trace is None else trace.enter(handler, query)
            outcome = None
            try:
                outcome = handler.serve(query)
            finally:
                if trace is not None:
                    trace.leave(hop, handler, outcome)
            if isinstance(outcome, Next):
                if outcome.then is not None:
                    thens.append((outcome.then, handler, hop))
                if outcome.query is not None:
                    if not copies:
                        query.became = outcome.query
                    query = outcome.query
                continue
            outcome.plugin = outcome.plugin or handler.name
            result = outcome
            break
        else:
            result = self.end(query)
            if trace is not None:
                trace.finish(result.rcode, result.why)
        while thens:
            then, handler, hop = thens.pop()
            before = result
            if trace is not None:
                trace.again(hop)
            try:
                result = then(result)
            finally:
                if trace is not None:
                    trace.back(hop, before, result)
            if result.reply is not None and handler.WRITER:
                result.plugin = handler.name
        if trace is not None:
            trace.finish(result.rcode if result.reply is None else result.reply.rcode)
        return result


__all__ = ["END", "Chain"]
