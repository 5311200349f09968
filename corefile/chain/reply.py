"""What a caller gets back: a reply in the field's words, and a real DNS message when one is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..dns import codes, convert, wire
from ..dns.codes import BADVERS
from ..dns.message import Msg
from ..dns.rr import RR
from ..findings import Finding, Span
from .trace import Trace

if TYPE_CHECKING:
    import dnslib


class Reply:
    """The answer to one query. A reply that never came has `received` False, no rcode and empty sections.

    elapsed: seconds that the answer took in the simulated world. log: lines that CoreDNS wrote since the last reply.
    """

    __slots__ = ("_log", "elapsed", "instance", "left_out", "msg", "trace_data")

    def __init__(
        self,
        msg: Msg | None,
        elapsed: float,
        log: list[Any],
        trace: Trace | None,
        instance: Any,
        left_out: Sequence[tuple[str, Span]] = (),
    ) -> None:
        self.msg = msg
        self.elapsed = elapsed
        self._log = log
        self.trace_data = trace
        self.instance = instance
        self.left_out = left_out

    @property
    def received(self) -> bool:
        """Whether a reply came at all."""
        return self.msg is not None

    @property
    def rcode(self) -> str:
        """The response code's name, such as `NXDOMAIN`; '' where no reply came."""
        if self.msg is None:
            return ""
        # 16 is BADSIG too, but that one stands in TSIG records, not in headers.
        return "BADVERS" if self.msg.rcode == BADVERS else codes.rcode_name(self.msg.rcode)

    @property
    def flags(self) -> tuple[str, ...]:
        """The header flags that are set, of `qr aa tc rd ra ad cd`."""
        if self.msg is None:
            return ()
        return tuple(f for f in ("qr", "aa", "tc", "rd", "ra", "ad", "cd") if getattr(self.msg, f))

    @property
    def answer(self) -> list[RR]:
        """The answer section."""
        return self.msg.answer if self.msg is not None else []

    @property
    def authority(self) -> list[RR]:
        """The authority section."""
        return self.msg.ns if self.msg is not None else []

    @property
    def additional(self) -> list[RR]:
        """The additional section without the OPT record."""
        return self.msg.extra if self.msg is not None else []

    @property
    def log(self) -> list[str]:
        """The lines of CoreDNS's output."""
        return [line if isinstance(line, str) else line() for line in self._log]

    @property
    def notices(self) -> list[Finding]:
        """The directives that are not simulated of all server blocks that had a part in the answer, those of upstreams
        included: with one of them it may not be CoreDNS's answer."""
        hint = "this may not be CoreDNS's answer"
        return [
            Finding("not-simulated", f"`{name}` is not simulated", span, hint=hint, severity="notice")
            for name, span in self.left_out
        ]

    @property
    def message(self) -> dnslib.DNSRecord:
        """The reply as a dnslib message. Raises ValueError where no reply came."""
        if self.msg is None:
            raise ValueError("no reply came: the client would time out")
        return convert.to_dnslib(self.msg)

    @property
    def octets(self) -> bytes | None:
        """The reply as it is sent, None where no reply came. Raises WireError for one that has no wire form."""
        return None if self.msg is None else wire.pack(self.msg)

    @property
    def trace(self) -> Trace:
        """Why this is the answer; print it. Empty unless asked for (`query(..., trace=True)`)."""
        return self.trace_data or Trace()

    def __repr__(self) -> str:
        if self.msg is None:
            return "<Reply none>"
        return f"<Reply {self.rcode} {len(self.answer)} answers>"
