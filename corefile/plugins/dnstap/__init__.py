"""dnstap - reports queries and replies in the dnstap format, to a collector or to whoever connects.

Description: each query and each reply that a plugin behind writes makes a frame, and so do those of `forward` (up to
1.4.0, `proxy`) to its upstreams; with `full` a frame has the whole message. Nothing is sent to anywhere here:
`Server.dnstap` has the frames, byte for byte. Answers are the same. Up to 1.9.4 a block has one dnstap, the first.

Syntax:

    dnstap [listen] ENDPOINT [full] [BUFFER] [QUEUE] {
        identity NAME
        version TEXT
        extra FORMAT
        skipverify
        tls CERT KEY [CA]
    }

ENDPOINT is a socket's path, `unix://PATH`, `tcp://HOST:PORT` or `tls://HOST:PORT` (since 1.11.0). The block came with 1.9.4,
`skipverify` with 1.11.0, `extra` with 1.11.1; `listen` and its `tls` with 1.14.4. Up to 1.14.3 what is no property is ignored.
BUFFER (MiB, up to 1024) and QUEUE (ten thousands of frames, up to 4096) are numbers that are looked at since 1.13.0.

Examples: `dnstap tcp://10.0.0.9:6000 full`.
"""

from __future__ import annotations

from functools import partial

from ...chain.capabilities import Way
from ...chain.scrub import as_answered, as_written
from ...dns import wire
from ...golang.errors import GoError
from ...golang.numbers import parse_int, to_uint
from ...golang.urls import parse_error
from ...language.words import Token
from ...plugin import (
    Arg,
    Declaration,
    Gate,
    Given,
    Invalid,
    Line,
    Msg,
    Next,
    Outcome,
    Query,
    Reads,
    Rest,
    Result,
    Setup,
    changed,
    quote,
    until,
    wrong_count,
)
from .._backend import LOCAL_PORT, destinations, split_port
from ._frames import Frames
from ._rules import DnstapRules

SIZES = (("MultipleTcpWriteBuf", 1024, "MiB units"), ("MultipleQueue", 4096, "x10k messages"))


def _tls(line: Given, setup: Setup) -> object:
    """A certificate is for listeners alone, and has a key."""
    if setup.given.values.get("words", ())[:1] != ("listen",):
        said, message, hint = "tls directive only valid for listeners", "there is no listener here", "dnstap listen"
    elif len(line.words) < 2:
        said, message, hint = "tls requires cert and key file paths", "`tls` needs two files", "tls CERT KEY"
    else:
        return line.value
    raise Invalid(message, hint=f"write `{hint}`", coredns=said, at=line.span)


class Dnstap(Gate):
    """Sees queries, and replies as they were sent."""

    class Config(Declaration):
        words: tuple[str, ...] = Rest(
            required=True, brace=until("1.9.4"), doc="the endpoint and what is sent; until 1.9.4 a brace is an endpoint"
        )
        skipverify: bool = Line(since="1.11.0", extra="lines", doc="take any certificate")
        identity: str | None = Line(Arg("name"), since="1.9.4", extra="lines", doc="the server's name in frames")
        version: str | None = Line(Arg("text"), since="1.9.4", extra="lines", doc="its version")
        extra: str | None = Line(Arg("format"), since="1.11.1", extra="lines", doc="further text, as `log` formats it")
        tls: tuple[str, ...] = Line(
            Rest("files"), since="1.14.4", read=_tls, doc="certificate, key and authority of a listener"
        )

    READS = Reads(
        several="each",
        far=changed("line", {"1.9.4": "block", "1.10.1": "all"}),
        unknown=changed("", {"1.14.4": "unknown property '{}'"}),
    )
    Rules = DnstapRules
    WRITER = True
    PASSES = "passes on; a frame is sent"
    config: Config
    rules: DnstapRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """The endpoint, and the numbers behind it."""
        rules, words = cls.Rules.of(setup.release), list(given.words)
        if rules.listens and words[0].text == "listen":
            if len(words) < 2:
                said = "dnstap listen requires an endpoint argument"
                raise Invalid("`listen` needs an endpoint", hint="such as `tcp://:6000`", coredns=said, at=words[0])
            del words[0]
        if not rules.ignores_numbers:
            for word, (name, most, unit) in zip(words[2:], SIZES, strict=False):
                _size(word, name, most, unit, words[-1])
        _endpoint(words[0], rules, setup, words[0 if rules.reads_one else -1])

    def prepare(self) -> None:
        """Nothing is sent to anywhere, but kept."""
        config = self.config
        words = config.words[1:] if self.rules.listens and config.words[0] == "listen" else config.words
        self.endpoint = words[0]
        full = words[1:2] == ("full",)
        self.frames = Frames(self.setup, full, config.identity, config.version, config.extra)
        what = f"`dnstap {' '.join(config.words)}`"
        self.setup.notice(
            "outside-effect",
            f"{what} reports queries and replies; nothing is sent here",
            hint="`Server.dnstap` has the frames",
        )

    def start(self) -> None:
        """Look for plugins that have a say in what the server makes of the request."""
        self.adding = self.setup.site.find("adds_opt")

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on, with an eye on what is written."""
        began = query.ctx.now()
        if self.rules.query_at_once:
            self.frames.client_query(query, began)
        return Next(then=partial(self._written, query, began))

    def _written(self, query: Query, began: float, result: Result) -> Result:
        """Replies are told of as they leave the server."""
        if result.reply is not None:
            made = query.final
            tells = not self.rules.query_at_once or self.frames.extra is not None
            if tells:
                request = made.msg
                if not any(handler.adds_opt(query) for handler in self.adding):
                    supported = self.setup.instance.options.codes
                    request = as_answered(request, result.reply, self.setup.release, supported)
                made = made.asking(msg=as_written(query, request, result, self.adding))
            if self.fails(made.msg):
                result = self.failing(result)
            query.ctx.written += (partial(self._sent, query, made, began, 1 + len(result.later)),)
        return result

    def fails(self, msg: Msg) -> bool:
        """Whether a query cannot be told of, since plugins behind have given it a name that has no wire form."""
        return self.rules.fails_unpacked and self.frames.full and wire.unsendable(msg) != ""

    def failing(self, result: Result) -> Result:
        """The result with that error, unless it has one, or nothing was written."""
        if result.reply is None or result.error is not None:
            return result
        both = self.rules.reply_fails_too and not wire.unsendable(result.reply)
        what = "client response" if both else "client query"
        return result.replying(result.reply, error=f"plugin/dnstap: {what}: dns: bad rdata")

    def _sent(self, query: Query, made: Query, began: float, count: int, replies: tuple[Msg, ...]) -> None:
        """What the plugins behind wrote has been sent; or could not be, where there is nothing. made: what had become of
        the query when it was written."""
        for reply in replies[:count] or (None,):
            if not self.rules.query_at_once:
                self.frames.client_query(made, began)
            if reply is not None and not (self.rules.reply_fails_too and self.fails(made.msg)):
                self.frames.client_response(made, began, reply)

    def tap_asked(self, query: Query, link: Way, proto: str, began: float, reply: Msg | None, error: str) -> None:
        """See `capabilities.Taps`."""
        host, port = split_port(link.address) or (link.address, "0")
        network = self.setup.instance.network
        own = None
        if network is not None and not error.startswith("dial "):
            own = link.source or network.source_for(host.partition("%")[0]), LOCAL_PORT
        if self.rules.own_socket and link.transport in ("tls", "https"):
            proto = "tcp"
        self.frames.asked(query, (host, to_uint(port, 32) or 0), own, proto, began, reply)


def _size(word: Token, name: str, most: int, unit: str, last: Token) -> None:
    try:
        number = parse_int(word.text)
    except GoError as error:
        said = f"dnstap: invalid {name} {quote(word.text)}: {error.text}"
        raise Invalid(error.message, coredns=said, at=word, last=last) from None
    if not 1 <= number <= most:
        said = f"dnstap: {name} must be between 1 and {most} ({unit}): {number}"
        raise Invalid(f"`{number}` is not from 1 to {most}", coredns=said, at=word, last=last)


def _endpoint(word: Token, rules: DnstapRules, setup: Setup, last: Token) -> None:
    scheme, found, rest = word.text.partition("://")
    if not found or scheme not in (("tcp", "tls") if rules.tls else ("tcp",)):
        return
    try:
        if rules.reads_files:
            destinations([rest], setup)
            return
        bad = parse_error(word.text, setup.release) != ""
    except Invalid:
        bad = True
    if bad:
        said = wrong_count(last.text)
        message, hint = f"`{word.text}` is no endpoint", "such as `tcp://10.0.0.9:6000`"
        raise Invalid(message, hint=hint, coredns=said, at=word, last=last)
