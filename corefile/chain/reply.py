"""What a caller gets back: a reply in the field's words, and a real DNS message when one is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..dns import codes, convert, wire
from ..dns.message import Edns, Msg
from ..dns.rr import RR
from ..findings import Finding, Span
from ..releases import Release
from .trace import Trace
from .transports import Http, Rpc

if TYPE_CHECKING:
    import dnslib

    from ..dns.record import Record

FLAGS = ("qr", "aa", "tc", "rd", "ra", "ad", "cd")


class Reply:
    """What a client got for one query, and what the library knows about it.

    Replies are equal where the client got the same message after the same time.

    elapsed: simulated seconds from the query to the reply, or until the client gave up. release: of the server.
    http: the HTTP response, over https and https3: `status`, `cache_control`, and `body` if that is no DNS message.
    grpc: `status` and `message` of a gRPC call that failed.
    """

    __slots__ = ("_later", "_left_out", "_log", "_msg", "_trace", "elapsed", "grpc", "http", "release")

    elapsed: float
    release: Release
    http: Http | None
    grpc: Rpc | None

    def __init__(
        self,
        msg: Msg | None,
        elapsed: float,
        log: list[Any],
        trace: Trace | None,
        release: Release,
        left_out: Sequence[tuple[str, Span]] = (),
        http: Http | None = None,
        grpc: Rpc | None = None,
        later: Sequence[Msg] = (),
    ) -> None:
        self._msg = msg
        self.elapsed = elapsed
        self._log = log
        self._trace = trace
        self.release = release
        self._left_out = left_out
        self.http = http
        self.grpc = grpc
        self._later = tuple(later)  # the messages of a transfer after the first

    @property
    def received(self) -> bool:
        """Whether a reply came before the client's timeout. If not, `rcode` is '' and the sections are empty."""
        return self._msg is not None

    @property
    def rcode(self) -> str:
        """The response code's name, such as `NXDOMAIN`; '' where no reply came."""
        if self._msg is None:
            return ""
        # 16 is BADSIG too, but that one stands in TSIG records, not in headers.
        return "BADVERS" if self._msg.rcode == codes.BADVERS else codes.rcode_name(self._msg.rcode)

    @property
    def flags(self) -> tuple[str, ...]:
        """The header flags that are set, of `qr aa tc rd ra ad cd`, in this order."""
        if self._msg is None:
            return ()
        return tuple(f for f in FLAGS if getattr(self._msg, f))

    @property
    def opcode(self) -> str:
        """The opcode's name, such as `QUERY`; '' where no reply came."""
        return "" if self._msg is None else codes.opcode_name(self._msg.opcode)

    @property
    def id(self) -> int | None:
        """The message's ID, which is that of the query; None where no reply came."""
        return None if self._msg is None else self._msg.id

    @property
    def question(self) -> str:
        """The question section, such as `www.example.org. IN A`; '' where it is empty or no reply came."""
        q = None if self._msg is None else self._msg.question
        return "" if q is None else f"{q.name} {codes.class_name(q.cls)} {codes.type_name(q.type)}"

    @property
    def answer(self) -> list[Record]:
        """The answer section; of a zone transfer those of all its messages."""
        if self._msg is None:
            return []
        return _records(self._msg.answer) + [record for more in self._later for record in _records(more.answer)]

    @property
    def authority(self) -> list[Record]:
        """The authority section."""
        return [] if self._msg is None else _records(self._msg.ns)

    @property
    def additional(self) -> list[Record]:
        """The additional section without the OPT record, which is `edns`."""
        return [] if self._msg is None else _records(self._msg.extra)

    @property
    def edns(self) -> Edns | None:
        """The OPT record; None if there is none."""
        return None if self._msg is None else self._msg.edns

    @property
    def log(self) -> list[str]:
        """The lines that CoreDNS has written since the reply before, without date and time."""
        return [line if isinstance(line, str) else line() for line in self._log]

    @property
    def notices(self) -> list[Finding]:
        """A notice for each directive that is not simulated in the server blocks that had a part in the answer, those
        of upstreams included. Where there is one, this may not be CoreDNS's answer."""
        hint = "this may not be CoreDNS's answer"
        return [
            Finding("not-simulated", f"`{name}` is not simulated", span, hint=hint, severity="notice", directive=name)
            for name, span in self._left_out
        ]

    @property
    def trace(self) -> Trace:
        """Why this is the answer: print it, or read its `hops`. Empty after `trace=False`."""
        return self._trace or Trace()

    @property
    def message(self) -> dnslib.DNSRecord:
        """The reply as a message of dnslib; of a zone transfer the first. Raises ValueError where no reply came, and
        for one that has no wire form."""
        if self._msg is None:
            raise ValueError("no reply came: the client would time out")
        return convert.to_dnslib(self._msg)

    @property
    def octets(self) -> bytes | None:
        """The reply as it is sent (over TCP without the two octets of the length), of a zone transfer its first message;
        None where no reply came. Raises ValueError for one that has no wire form."""
        return None if self._msg is None else wire.pack(self._msg)

    @property
    def all_octets(self) -> list[bytes]:
        """The same of all messages: a zone transfer may have several. Raises ValueError."""
        return [] if self._msg is None else [wire.pack(one) for one in (self._msg, *self._later)]

    @property
    def msg(self) -> Msg | None:
        """The reply as the chain has it, for those who write plugins. Internal: it may change in any version."""
        return self._msg

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reply):
            return NotImplemented
        mine = (self._msg, self._later, self.elapsed, self.http, self.grpc)
        return mine == (other._msg, other._later, other.elapsed, other.http, other.grpc)

    __hash__ = None  # type: ignore[assignment]  # a message has none

    def __repr__(self) -> str:
        if self._msg is None and self.http is not None:
            return f"<Reply: HTTP {self.http.status}>"
        if self._msg is None:
            return f"<Reply: none within {self.elapsed:g} s>"
        answer = self.answer
        if not answer:
            return f"<Reply {self.rcode}, no answer>"
        more = f", and {len(answer) - 1} more" if len(answer) > 1 else ""
        return f"<Reply {self.rcode}: {answer[0]}{more}>"

    def __getstate__(self) -> dict[str, Any]:
        return {
            "msg": self._msg,
            "elapsed": self.elapsed,
            "log": self.log,
            "trace": self._trace,
            "release": self.release,
            "left_out": tuple(self._left_out),
            "http": self.http,
            "grpc": self.grpc,
            "later": self._later,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]


def _records(rrs: list[RR]) -> list[Record]:
    from ..dns.record import Record

    return [Record(rr) for rr in rrs]


__all__ = ["Reply"]
