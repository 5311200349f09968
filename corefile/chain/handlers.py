"""The handlers of a server block, and the one loop that runs them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from ..dns.codes import SERVFAIL
from ..releases.rules import at
from .query import Handler, Next, Outcome, Query, Reason, Recorder, Result

Back: TypeAlias = Callable[[Query, Result], Result]
Serve: TypeAlias = Callable[[Query], Outcome]
Inside: TypeAlias = Callable[[Query, str], Outcome]
Step: TypeAlias = "tuple[tuple[Back, ...], Serve, Inside | None, Callable[[Query], str | None] | None, bool]"
"""The `back` of the filters before a handler; its `serve`, or its `outside` with what it does inside of a zone and what
finds the zone (see `Handler.within`); whether it copies queries."""

END = Reason("end-of-the-chain", "{} is the last plugin and passes on, so nothing answers")


class Chain:
    """The handlers of a server block in order, and the one loop that runs them."""

    __slots__ = ("copies", "handlers", "names_writers", "steps")

    def __init__(self, handlers: list[Handler]) -> None:
        self.handlers = handlers
        self.names_writers = any(at(h.SHOWS_WRITER, h.setup.release) for h in handlers)
        self.copies = [at(h.COPIES, h.setup.release) for h in handlers]
        self.steps: list[list[Step]] = [[]] * (len(handlers) + 1)  # by where they begin; made when they are needed
        for i, h in enumerate(handlers):
            if h.rest is None:  # else it is shared with the chain of another key
                h.rest = partial(self.run, start=i + 1)

    def _steps(self, start: int) -> list[Step]:
        """What the loop does from `start` on; it is kept. Filters of everything need not be asked on the way in, so
        they are no steps: each step has the `back` of those right before it, the last one first."""
        steps: list[Step] = []
        backs: list[Back] = []
        for handler, copies in zip(self.handlers[start:], self.copies[start:], strict=True):
            if handler.always_back:
                backs.insert(0, handler.back)
                continue
            within = handler.within()
            inside, zone_of = within or (None, None)
            steps.append((tuple(backs), handler.serve if inside is None else handler.outside, inside, zone_of, copies))
            backs = []
        self.steps[start] = [*steps, (tuple(backs), self.end, None, None, False)]
        return self.steps[start]

    def run(self, query: Query, start: int = 0) -> Result:
        """Ask the handlers from `start` on, and take the result back through those that want to see it."""
        if query.ctx.trace is not None or self.names_writers:
            return self._traced(query, start, query.ctx.trace)
        thens: list[tuple[Any, Query | None]] = []
        outcome: Any = None
        for backs, serve, inside, zone_of, copies in self.steps[start] or self._steps(start):
            if backs:
                thens.append((backs, query))
            if inside is None:
                outcome = serve(query)
            elif zone_of is None:
                outcome = inside(query, ".")
            else:
                zone = zone_of(query)
                outcome = serve(query) if zone is None else inside(query, zone)
            if type(outcome) is not Next:
                break
            if outcome.then is not None:
                thens.append((outcome.then, None))
            if outcome.query is not None:
                if not copies:
                    query.became = outcome.query
                query = outcome.query
        result: Result = outcome
        while thens:
            back, asked = thens.pop()
            if asked is None:
                result = back(result)
            else:
                for each in back:
                    result = each(asked, result)
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
