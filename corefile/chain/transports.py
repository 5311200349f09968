"""How clients ask: over UDP and TCP, TLS, HTTPS, HTTP/3, QUIC and gRPC, and what each makes of a reply.

Source: core/dnsserver (server_tls.go, server_https.go, server_https3.go, server_grpc.go, server_quic.go) and plugin/pkg/doh
of each release.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..dns import wire
from ..dns.codes import BADVERS, SOA
from ..dns.errors import WireError
from ..dns.message import Msg
from ..dns.response import NAME_ERROR, NODATA, SUCCESS, Kinds
from ..golang.addresses import EVERYWHERE
from ..light import NamedTuple
from ..releases.rules import ReleaseRules, changed, since, until
from . import accept
from .instance import UNSENDABLE
from .query import Context, Reason, Why

if TYPE_CHECKING:
    from ..releases import Release
    from .headers import Headers
    from .instance import Instance
    from .listener import Listener

TRANSPORTS = ("udp", "tcp", "tls", "https", "https3", "quic", "grpc")

OVER_UDP = frozenset(("dns", "quic", "https3"))
OVER_TCP = frozenset(("dns", "tls", "grpc", "https"))
"""The transports whose servers occupy a UDP or a TCP port."""

PORTS = {"dns": 53, "udp": 53, "tcp": 53, "tls": 853, "quic": 853, "https": 443, "https3": 443, "grpc": 443}

PATH = "/dns-query"
KEEPALIVE = 11
"""The EDNS option that DNS over QUIC forbids (RFC 9250 §5.5.2)."""

NO_METRIC = ""
FIXED = "128"

NO_CERTIFICATE = Reason(
    "no-certificate", "the server at {} has no certificate, so it speaks {} in the clear, and no TLS"
)
HAS_CERTIFICATE = Reason("speaks-tls", "the server at {} speaks TLS only")
OTHER_TRANSPORT = Reason("other-transport", "the server at {} speaks {}, not {}")
NOT_THE_PATH = Reason("other-path", "HTTP {}: DNS is answered at " + PATH + " alone")
BAD_REQUEST = Reason("no-dns-request", "HTTP {}: {}")
NO_RESPONSE = Reason("no-response", "HTTP 500: nothing in the chain has written a reply")
QUESTION_BACK = Reason("question-back", "no reply was written, and gRPC sends the question back")
REJECTED = Reason("message-not-taken", "such a message is refused before any plugin is asked")
BAD_QUIC = Reason("quic-protocol-error", "the connection is closed: DNS over QUIC has {}")


class Via(NamedTuple):
    """How a client asks, in all detail, for `transport`.

    transport: one of udp, tcp, tls, https, https3, quic and grpc. tls: whether over TLS; None: over TLS for tls and
    https, as the server is for grpc. certificate: PEM text of the client's certificate, None if it has none. method,
    path: of the HTTP request (RFC 8484); a path with a `?` holds the query itself.
    """

    transport: str = "udp"
    tls: bool | None = None
    certificate: str | None = None
    method: str = "POST"
    path: str = PATH

    @property
    def proto(self) -> str:
        """What the server takes it for: udp or tcp."""
        return "udp" if self.transport in ("udp", "quic", "https3") else "tcp"


class Http(NamedTuple):
    """The HTTP response that carries a DNS message, or one without a DNS message, which has a `body`.

    status: such as 200. cache_control: the header, None if there is none. body: its text.
    """

    status: int
    cache_control: str | None = None
    body: str = ""


class Rpc(NamedTuple):
    """How a gRPC call failed. status: gRPC's number, such as 2 for UNKNOWN."""

    status: int
    message: str


NOT_PACKED = Rpc(2, "dns: bad rdata")
"""What a message without a wire form leads to."""


class Received(NamedTuple):
    """What came back to a client: a message, and what the transport says."""

    msg: Msg | None
    http: Http | None = None
    grpc: Rpc | None = None


NEEDS_TLS = "Client sent an HTTP request to an HTTPS server."
"""What a server for HTTPS says to a client that speaks HTTP (Go's package net/http)."""


class TransportRules(ReleaseRules):
    """What differs between releases."""

    wrong_method = changed(405, {"1.2.0": 400}, "the HTTP status of a method other than GET and POST")
    hides_errors = since("1.14.5", "HTTP says no more than `invalid request`")
    checks_header = since("1.14.7", "messages are looked at as over UDP and TCP before they are read, and refused")
    fixed_age = until("1.2.0", "`max-age` is 128")
    age_of_soa = until("1.2.5", "that of a denial is the SOA record's last field")
    whole_age = since("1.11.4", "`max-age` has no fraction")
    says_no_response = since("1.4.0", "HTTP says so where no reply was written; before, the server panics")
    https_knows_address = since(
        "1.14.4", "plugins see the address that a query over HTTPS came to; before, that of the socket"
    )
    https_metric = changed(NO_METRIC, {"1.9.1": "coredns_dns_https_responses_total"}, "counts replies over HTTPS")
    https3_metric = changed(NO_METRIC, {"1.13.2": "coredns_dns_https3_responses_total"}, "counts replies over HTTP/3")
    quic_metric = changed(NO_METRIC, {"1.11.0": "coredns_dns_quic_responses_total"}, "counts replies over QUIC")


def local_ip(ctx: Context, release: Release) -> str:
    """The server's address as plugins see it. Over TCP, TLS and QUIC it is the one that the query came to; over UDP,
    HTTP/3, gRPC and HTTPS that of the socket, which may be open to all."""
    by_socket = ctx.transport == "grpc" or (ctx.proto == "udp" and ctx.transport != "quic")
    if ctx.transport == "https":
        by_socket = not TransportRules.of(release).https_knows_address
    if not by_socket:
        return ctx.server_ip
    host = ctx.server.rpartition("//")[2].rpartition(":")[0].strip("[]")
    return "::" if host in EVERYWHERE else host


def heard(instance: Instance, ip: str, port: int, via: Via) -> Listener | None:
    """The listener that a client's packet to `ip`:`port` reaches, whether it understands it or not."""
    own = via.transport if via.transport not in ("udp", "tcp") else "dns"
    return instance.reached(ip, port, own, OVER_UDP if via.proto == "udp" else OVER_TCP)


def mismatch(listener: Listener, via: Via) -> Why | None:
    """Why a client and a server do not understand each other; None where they do."""
    speaks, wants, encryption = listener.transport, via.transport, listener.encryption
    label = listener.label
    if wants in ("udp", "quic", "https3"):
        if speaks != ("dns" if wants == "udp" else wants):
            return OTHER_TRANSPORT(label, NAMES[speaks], NAMES[wants])
        return encryption.refuses(via.certificate, label) if encryption is not None and wants != "udp" else None
    over_tls = encryption is not None if via.tls is None and wants == "grpc" else via.tls
    if over_tls is None:
        over_tls = wants in ("tls", "https")
    same = speaks == wants or (wants in ("tcp", "tls") and speaks in ("dns", "tls"))
    if not same:
        return OTHER_TRANSPORT(label, NAMES[speaks], NAMES[wants])
    if speaks == "dns":
        return OTHER_TRANSPORT(label, NAMES[speaks], NAMES["tls"]) if over_tls else None
    if over_tls and encryption is None:
        return NO_CERTIFICATE(label, IN_THE_CLEAR[speaks])
    if encryption is not None and not over_tls:
        return HAS_CERTIFICATE(label)
    return encryption.refuses(via.certificate, label) if encryption is not None else None


def in_the_clear(listener: Listener, via: Via) -> Received | None:
    """What a server for HTTPS sends to a client that speaks HTTP without TLS, which it knows by the first octets of these
    methods. None where it sends nothing, and where it needs no TLS."""
    plain = via.transport == "https" and via.tls is False and via.method in ("GET", "HEAD", "POST", "PUT", "OPTIONS")
    if not plain or listener.transport != "https" or listener.encryption is None:
        return None
    return Received(None, Http(400, None, "" if via.method == "HEAD" else NEEDS_TLS))


NAMES = {
    "dns": "plain DNS",
    "udp": "plain DNS",
    "tcp": "plain DNS",
    "tls": "DNS over TLS",
    "https": "DNS over HTTPS",
    "https3": "DNS over HTTP/3",
    "quic": "DNS over QUIC",
    "grpc": "gRPC",
}
IN_THE_CLEAR = {"tls": "plain DNS over TCP", "https": "HTTP", "grpc": "gRPC"}


def exchange(instance: Instance, listener: Listener, msg: Msg | bytes, ctx: Context, via: Via) -> Received:
    """What comes back for a message, or for octets, in the listener's transport."""
    ask = {"https": _https, "https3": _https, "grpc": _grpc, "quic": _quic}.get(listener.transport)
    if ask is not None:
        return ask(instance, listener, msg, ctx, via, TransportRules.of(instance.release))
    if listener.headers is not None and ctx.proto == "udp":
        sender = ctx.client
        opened = _opened(listener.headers, instance, msg, ctx)
        if opened is None:
            return Received(None)
        received = _plain(instance, listener, opened, ctx)
        return received if _comes_back(instance, listener, sender, ctx) else Received(None)
    return _plain(instance, listener, msg, ctx)


def _plain(instance: Instance, listener: Listener, msg: Msg | bytes, ctx: Context) -> Received:
    try:
        if isinstance(msg, bytes):
            msg = accept.read(msg, instance.release, ctx.proto)
    except accept.Unreadable as e:
        return Received(e.reply)
    return Received(instance.exchange(msg, ctx, listener))


def _comes_back(instance: Instance, listener: Listener, sender: str, ctx: Context) -> bool:
    """Whether a reply reaches a client of the same machine. A server that looks for headers does not know which of the
    machine's addresses was asked, and one that is open to all replies from the address that the system takes."""
    network = instance.network
    if listener.host not in EVERYWHERE or network is None or not network.is_local(sender):
        return True
    return network.source_for(sender) == ctx.server_ip


def _opened(headers: Headers, instance: Instance, msg: Msg | bytes, ctx: Context) -> Msg | bytes | None:
    """A datagram without its PROXY header; None where the server drops it."""
    if not isinstance(msg, bytes):
        headers.recall(ctx)
        return msg
    try:
        return headers.opened(msg[: accept.LONGEST], ctx)
    except WireError as error:
        instance.log(headers.dropped(ctx, error))
        return None


def _note(ctx: Context, why: Why) -> None:
    if ctx.trace is not None:
        ctx.trace.note(why)


def accepted(msg: Msg | bytes, release: Release) -> Msg:
    """The message, as it is read where no library looks at it first. Raises ValueError with Go's words."""
    rules = TransportRules.of(release)
    if isinstance(msg, bytes):
        if rules.checks_header and len(msg) < 12:
            raise ValueError("dns: buffer size too small")
        if rules.checks_header and not accept.takes_header(msg, release):
            raise ValueError("dns request rejected")
        try:
            msg = accept.unpack(msg, release)
        except WireError as error:
            raise ValueError(accept.words(error, release)) from None
    elif rules.checks_header and accept.refuse_header(msg, release) is not False:
        raise ValueError("dns request rejected")
    words = accept.unreadable(msg, release)
    if words:
        raise ValueError(words)
    return msg


def _https(
    instance: Instance, listener: Listener, msg: Msg | bytes, ctx: Context, via: Via, rules: TransportRules
) -> Received:
    metric = rules.https_metric if listener.transport == "https" else rules.https3_metric

    def said(http: Http, why: Why | None, reply: Msg | None = None) -> Received:
        if metric:
            instance.metrics.inc(metric, (("server", listener.label), ("status", str(http.status))))
        if why is not None:
            _note(ctx, why)
        return Received(reply, http)

    def wrong(status: int, words: str, why: Why) -> Received:
        return said(Http(status, None, "" if via.method == "HEAD" else words), why)

    from urllib.parse import unquote

    path, asked, query = via.path.partition("?")
    if unquote(path) != PATH:
        return said(Http(404), NOT_THE_PATH(404))
    try:
        if via.method not in ("GET", "POST"):
            if rules.wrong_method == 405:
                return said(Http(405), BAD_REQUEST(405, f"the method is {via.method}"))
            raise ValueError(f"method not allowed: {via.method}")
        if via.method == "GET" and asked:
            msg = _of_url(query)
        msg = accepted(msg, instance.release)
    except ValueError as e:
        return wrong(400, "invalid request" if rules.hides_errors else str(e), BAD_REQUEST(400, str(e)))
    reply = instance.exchange(msg, ctx, listener)
    if ctx.unsent is not None:
        return said(Http(200, f"max-age={_age(ctx.unsent, ctx, instance.release, rules)}"), None)
    if reply is None:
        if not rules.says_no_response or instance.ended is not None:
            return Received(None)
        return said(Http(500, None, "No response"), NO_RESPONSE())
    return said(Http(200, f"max-age={_age(reply, ctx, instance.release, rules)}"), None, reply)


def _of_url(query: str) -> bytes:
    """The octets of a message in a URL. Raises ValueError with Go's words."""
    from base64 import urlsafe_b64decode

    from ..golang.urls import query_of

    values = [value for name, value in query_of(query) if name == "dns"]
    if len(values) != 1:
        raise ValueError("multiple 'dns' query values found" if values else "no 'dns' query parameter found")
    text = re.sub(r"[\r\n]", "", values[0])
    wrong = re.search(r"[^A-Za-z0-9_\r\n-]", values[0])
    if wrong or len(text) % 4 == 1:
        raise ValueError(f"illegal base64 data at input byte {wrong.start() if wrong else len(values[0]) - 1}")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _age(reply: Msg, ctx: Context, release: Release, rules: TransportRules) -> str:
    """How long a reply may be kept, in seconds (plugin/pkg/dnsutil/ttl.go)."""
    if rules.fixed_age:
        return FIXED
    kind = SUCCESS if reply.rcode == BADVERS else Kinds(release).of(reply, ctx.now())  # that rcode is the OPT record's
    records: list[Any] = [*reply.answer, *reply.ns, *reply.extra]
    seconds = 5
    if kind in (SUCCESS, NAME_ERROR, NODATA) and (records or (rules.age_of_soa and reply.edns is not None)):
        if rules.age_of_soa and kind != SUCCESS:
            seconds = next((rr[4][6] for rr in reversed(records) if rr[1] == SOA), 3600)
        else:
            seconds = min([3600, *(rr[3] for rr in records)])
    return str(seconds) if rules.whole_age else f"{seconds:f}"


def _grpc(
    instance: Instance, listener: Listener, msg: Msg | bytes, ctx: Context, via: Via, rules: TransportRules
) -> Received:
    try:
        taken = accepted(msg, instance.release)
    except ValueError as e:
        _note(ctx, REJECTED())
        return Received(None, None, Rpc(2, str(e)))
    reply = instance.exchange(taken, ctx, listener)
    if reply is None and instance.ended is not None:
        return Received(None)
    if reply is not None:
        return Received(reply)
    if ctx.unsent is not None:
        return Received(None, None, NOT_PACKED)
    back = (ctx.request or taken).copy()
    wrong = wire.unsendable(back, instance.rules.leading_dots)  # a name that a plugin has given the question
    if wrong:
        _note(ctx, UNSENDABLE(wrong))
        return Received(None, None, NOT_PACKED)
    _note(ctx, QUESTION_BACK())
    return Received(wire.as_read(back) if instance.rules.leading_dots else back)


def _quic(
    instance: Instance, listener: Listener, msg: Msg | bytes, ctx: Context, via: Via, rules: TransportRules
) -> Received:
    def count(code: str) -> None:
        if rules.quic_metric:
            instance.metrics.inc(rules.quic_metric, (("server", listener.label), ("status", code)))

    try:
        taken = accepted(msg, instance.release)
        wrong = ""
    except ValueError:
        taken, wrong = Msg(), "no such messages"
    if not wrong and taken.id:
        wrong = "no ID but 0"
    if not wrong and taken.edns is not None and any(code == KEEPALIVE for code, _ in taken.edns.options):
        wrong = "no TCP keepalive"
    if wrong:
        count("0x2")
        _note(ctx, BAD_QUIC(wrong))
        return Received(None)
    reply = instance.exchange(taken, ctx, listener)
    count("0x0")
    return Received(reply)


__all__ = [
    "NAMES",
    "OVER_TCP",
    "OVER_UDP",
    "PATH",
    "PORTS",
    "TRANSPORTS",
    "Http",
    "Received",
    "Rpc",
    "Via",
    "accepted",
    "exchange",
    "heard",
    "in_the_clear",
    "local_ip",
    "mismatch",
]
