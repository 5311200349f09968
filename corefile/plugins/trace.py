"""trace - reports how long each plugin takes for a query, to Zipkin or Datadog.

Description: every query, or each Nth, makes a span with one below it for each plugin behind, and is sent to ENDPOINT.
Nothing is sent here; answers are the same. Since 1.8.5 the metadata `trace/traceid` has the number of the query's
trace, which is random: 1 for the first query here, and so on.

Syntax:

    trace [ENDPOINT-TYPE] [ENDPOINT] {
        every N
        service NAME
        client_server [BOOL]
        datadog_analytics_rate RATE
        zipkin_max_backlog_size N
        zipkin_max_batch_size N
        zipkin_max_batch_interval DURATION
    }

ENDPOINT-TYPE is `zipkin` unless given, or `datadog`; ENDPOINT is localhost:9411 or localhost:8126. With `every 0` there
are no traces. Up to 1.14.3 what is no property is ignored.

Examples: `trace zipkin http://10.0.0.9:9411/api/v2/spans { every 100 }`.
"""

from __future__ import annotations

from ..plugin import (
    NEXT,
    Bool,
    Declaration,
    Duration,
    Float,
    Gate,
    Given,
    Int,
    Invalid,
    Line,
    Opt,
    Outcome,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    Rest,
    Setup,
    Type,
    changed,
    hint,
    since,
    wrong_count,
)

TRACED = Reason("traced", "a trace of it would be sent to {}")


RATE = Float(
    "rate",
    min=0,
    max=1,
    located=False,
    range_error="datadog analytics rate must be between 0 and 1, '{:f}' is not supported",
)


class Trace(Gate):
    """Counts queries."""

    class Config(Declaration):
        endpoint: tuple[str, ...] = Rest(doc="the type, and where it is")
        every: int = Line(Int(signed=False, located=False), default=1, doc="trace each of so many queries")
        service: str = Line(Type("name"), default="coredns", doc="the service's name")
        client_server: bool = Line(Opt("on", Bool(located=False), default=True), default=False, doc="share spans")
        datadog_analytics_rate: float = Line(
            Opt("rate", RATE, default=0.0), default=0.0, since="1.8.0", doc="share of analysed spans"
        )
        zipkin_max_backlog_size: int = Line(Int(located=False), default=0, since="1.9.4", doc="spans kept")
        zipkin_max_batch_size: int = Line(Int(located=False), default=0, since="1.9.4", doc="spans in a message")
        zipkin_max_batch_interval: float = Line(
            Duration(located=False), default=0.0, since="1.9.4", doc="time between messages"
        )

    class Rules(ReleaseRules):
        types = changed(("zipkin",), {"1.1.0": ("zipkin", "datadog")}, "the types of endpoints")
        names_trace = since("1.8.5", "the trace's number is metadata")

    READS = Reads(several="fields", unknown=changed("", {"1.14.4": "unknown property '{}'"}))
    STATE = "how many queries there have been"
    config: Config
    rules: Rules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """The type of endpoint, where two words are given."""
        words = given.values["endpoint"]
        if len(words) > 2:
            said = wrong_count(words[-1])
            raise Invalid(
                "`trace` takes at most two words", hint="a type, and an address", coredns=said, at=given.words[-1]
            )
        known = cls.Rules.of(setup.release).types
        if len(words) == 2 and words[0].lower() not in known:
            raise Invalid(
                f"`{words[0]}` is no type of endpoint",
                hint=f"there is {' and '.join(known)}",
                choices=tuple(known),
                coredns=f"tracing endpoint type '{words[0].lower()}' is not supported",
                located=False,
                at=given.words[0],
            )

    def prepare(self) -> None:
        """No query has come."""
        self.count = 0
        words = self.config.endpoint
        self.to = f"{words[0].lower() if len(words) == 2 else 'zipkin'}{f' at {words[-1]}' if words else ''}"
        self.setup.notice("outside-effect", f"`trace` reports to {self.to}; nothing is sent here")

    def renew(self) -> None:
        """No query has come."""
        self.count = 0

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on."""
        self.count += 1
        if not self.config.every or self.count % self.config.every:
            return NEXT
        if self.rules.names_trace and query.ctx.metadata is not None:
            number = f"{self.count:016x}"
            query.ctx.metadata["trace/traceid"] = lambda: number
        return hint(TRACED(self.to))
