"""A connection to one server, and calls over it (google.golang.org/grpc: clientconn.go, pick_first, http2_client.go).

A connection that fails is tried again after a pause of 1 s, then 1.6 times as long each time, up to 120 s (in a real
CoreDNS give or take a fifth).
"""

from __future__ import annotations

from ...chain.network import NEVER
from ...chain.query import Reached
from ...plugin import Msg, Query, Setup, quote
from .._backend import Link, Schedule, TlsFiles, Trust
from ._rules import GrpcRules

FIRST_PAUSE, GROWS_BY, LONGEST_PAUSE = 1.0, 1.6, 120.0
CONNECT_TIMEOUT = 20.0
"""Seconds that a server has for its first octets."""

READ_TIMEOUT = 3.0
"""Seconds after which a CoreDNS that speaks plain DNS closes a connection without a whole message."""

IDLE, CONNECTING, READY, FAILED = "idle", "connecting", "ready", "failed"

DEADLINE = "rpc error: code = DeadlineExceeded desc = context deadline exceeded"
WAITING = " while waiting for connections to become ready"
NOT_GRPC = (
    "rpc error: code = Unimplemented desc = unexpected HTTP status code received from server: 404 (Not Found); "
    'transport: received unexpected content-type "text/plain; charset=utf-8"'
)
NO_PROTOCOL = (
    "credentials: cannot check peer: missing selected ALPN property. If you upgraded from a grpc-go version earlier than "
    "1.67, your TLS connections may have stopped working due to ALPN enforcement. For more details, see: "
    "https://github.com/grpc/grpc-go/issues/434"
)


class Channel:
    """The way to one server. tls: what `tls` names, None in the clear."""

    def __init__(self, address: str, setup: Setup, schedule: Schedule, tls: TlsFiles | None, name: str) -> None:
        self.rules = GrpcRules.of(setup.release)
        self.setup = setup
        self.schedule = schedule
        self.address = address
        self.tls = tls
        self.link = Link("grpc", f"{address}0" if address.endswith(":") else address, setup)
        self.link.trust = None if tls is None else Trust(name, tls.authorities or None)
        self.unreadable = self._unreadable(address)
        self.state = IDLE
        self.error = ""
        self.peer = Reached()
        self.until = 0.0
        self.failures = 0
        self.asked = setup.world.clock.now

    def __repr__(self) -> str:
        return self.address

    def _unreadable(self, address: str) -> str:
        """The error of an address that cannot be resolved."""
        if self.rules.url == "passthrough":
            return ""
        if address.startswith("dns://"):
            why = "missing address"
            text = (
                f"dns resolver: {why}"
                if self.rules.idle_error
                else f'delegating_resolver: invalid target address "": {why}'
            )
        elif address.endswith(":"):
            why = "missing port after port-separator colon"
            text = f"dns resolver: {why}"
            if not self.rules.idle_error:
                text = f"delegating_resolver: invalid target address {quote(address)}: {why}"
        elif "://" in address and not address.startswith("unix:"):
            text = f"invalid target address {address}, error info: address {address}:443: too many colons in address"
        else:
            return ""
        if self.rules.idle_error:
            return f"failed to exit idle mode: {text}"
        return f"rpc error: code = Unavailable desc = {text}"

    def start(self, now: float) -> None:
        """Connect, if the release does so at once."""
        if self.rules.connects_at_once and not self.unreadable:
            self.schedule.at(now, self._connect)

    # -- calls --------------------------------------------------------------------------------------------------------

    def ask(self, query: Query, deadline: float) -> tuple[Msg | None, str]:
        """Call, and let the time pass that it takes, up to `deadline` (of `ctx.elapsed`). The reply, or the error."""
        if self.unreadable:
            return None, self.unreadable
        ctx = query.ctx
        self.schedule.until(ctx.now())
        network = self.setup.instance.network
        if self.state == READY and network is not None and network.reach(self.link.target).who is not self.peer.who:
            self._lost(ctx.now())
        self.asked = ctx.now()
        while self.state not in (READY, FAILED):
            if ctx.elapsed >= deadline:
                return None, DEADLINE + (WAITING if self.rules.tells_waiting else "")
            if self.state == IDLE:
                self._connect(ctx.now())
            else:
                ctx.elapsed = min(ctx.elapsed + max(self.until - ctx.now(), 0.0), deadline)
                self.schedule.until(ctx.now())
                if self.state == CONNECTING and ctx.now() >= self.until:
                    self._connected(self.until)
        if self.state == FAILED:
            return None, self.error
        if ctx.elapsed >= deadline:
            return None, DEADLINE
        if self.peer.listener is not None and self.peer.listener.transport == "https":
            return None, NOT_GRPC
        return self._call(query, deadline)

    def _call(self, query: Query, deadline: float) -> tuple[Msg | None, str]:
        ctx, network = query.ctx, self.setup.instance.network
        assert network is not None
        answer = network.exchange(self.link.target, query.msg, ctx, proto="tcp", transport="grpc")
        if answer.error:
            return None, f"rpc error: code = Unknown desc = {answer.error}"
        reply = answer.reply
        end = ctx.elapsed + (NEVER if reply is None else answer.elapsed)
        ctx.elapsed = min(end, deadline)
        if reply is None or end > deadline:
            return None, DEADLINE
        reply.compress = False  # whatever the sender did, that is gone when the message is read
        return reply, ""

    def _lost(self, now: float) -> None:
        """The connection is gone: the server was stopped, or another one is there."""
        self.state = IDLE
        if self.rules.reconnects == "waits":  # it was tried again at once, when nothing was there yet
            self.error = self._dialing(self.link.dial("tcp", "connect: connection refused"))
            self._connected(self.asked)
            self.schedule.until(now)

    # -- connections --------------------------------------------------------------------------------------------------

    def _connect(self, now: float) -> None:
        """Begin to connect."""
        network = self.setup.instance.network
        self.peer = Reached("unreachable") if network is None or self.link.broken else network.reach(self.link.target)
        self.error, takes = self._outcome()
        if not takes:
            self._connected(now)
            return
        if self.state != FAILED or self.rules.reconnects != "fails":
            self.state = CONNECTING
        self.until = now + takes
        self.schedule.at(self.until, self._connected)

    def _connected(self, now: float) -> None:
        """What came of it."""
        if not self.error:
            self.state, self.failures = READY, 0
            return
        self.state = FAILED
        pause = min(FIRST_PAUSE * GROWS_BY**self.failures, LONGEST_PAUSE)
        self.failures += 1
        self.schedule.at(now + pause, self._idle if self.rules.reconnects == "asked" else self._connect)

    def _idle(self, now: float) -> None:
        if self.state == FAILED:
            self.state = IDLE

    def _outcome(self) -> tuple[str, float]:
        """The error of a connection that is made now, '' for none, and the seconds after which it is known."""
        peer, link = self.peer, self.link
        if link.address.startswith("unix:"):
            return self._dialing(f"dial unix {link.address[7:]}: connect: no such file or directory"), 0.0
        if link.broken:
            return self._dialing(link.refusal("tcp")), 0.0
        if peer.fault in ("refused", "unreachable"):
            words = "connection refused" if peer.fault == "refused" else "network is unreachable"
            return self._dialing(link.dial("tcp", f"connect: {words}")), 0.0
        if peer.fault:
            return self._silence(), CONNECT_TIMEOUT
        listener = peer.listener
        if listener is None:
            return "", 0.0
        plain = listener.transport == "dns" or (listener.transport == "tls" and listener.encryption is None)
        if self.tls is not None:
            return self._handshake(plain)
        if plain:
            return self._preface("EOF"), READ_TIMEOUT
        if listener.encryption is not None:
            return self._preface("EOF"), 0.0
        if listener.transport == "https":
            note = ", note that the frame header looked like an HTTP/1.1 header" if self.rules.header_note else ""
            what = "http2: failed reading the frame payload: " if note else ""
            return self._preface(f"{what}http2: frame too large{note}"), 0.0
        return "", 0.0

    def _handshake(self, plain: bool) -> tuple[str, float]:
        listener, tls = self.peer.listener, self.tls
        assert tls is not None
        lead = "transport: authentication handshake failed: "
        if plain:
            return _unavailable(lead + "EOF"), READ_TIMEOUT
        encryption = listener.encryption
        if encryption is None:
            return _unavailable(f"{lead}tls: first record does not look like a TLS handshake"), 0.0
        wrong = self.link.distrusts(encryption.certificate)
        if wrong:
            return _unavailable(f"{lead}tls: failed to verify certificate: {wrong}"), 0.0
        if listener.transport == "tls" and self.rules.checks_protocol:
            return _unavailable(lead + NO_PROTOCOL), 0.0
        if not encryption.admits(tls.certificate):
            return self._preface("remote error: tls: certificate required"), 0.0
        return (self._preface("EOF"), READ_TIMEOUT) if listener.transport == "tls" else ("", 0.0)

    def _dialing(self, what: str) -> str:
        return _unavailable(f"transport: Error while dialing{self.rules.colon} {what}")

    def _preface(self, what: str) -> str:
        if not self.rules.preface:
            return "rpc error: code = Unavailable desc = connection closed before server preface received"
        return _unavailable(f"error reading server preface: {what}")

    def _silence(self) -> str:
        if not self.rules.preface:
            return "rpc error: code = Unavailable desc = failed to receive server preface within timeout"
        return self._preface(f"read tcp {self.link.both_ends()}: use of closed network connection")


def _unavailable(what: str) -> str:
    return f"rpc error: code = Unavailable desc = connection error: desc = {quote(what)}"


__all__ = ["Channel"]
