"""The formats of log lines: placeholders and what they stand for (plugin/pkg/replacer, in its four versions).

* to 1.2.6: `{>...}` in any case, and what is unknown among these is `-`; the rest of the placeholders in this case.
* 1.3.0: `{local}`, and metadata as `{/name}`, in lower case.
* 1.4.0: all of them in this case; unknown ones stay as they are.
* 1.6.0: formats are taken apart beforehand, so that a value is not searched for placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..chain.query import Query
from ..chain.scrub import SUPPORTED_OPTIONS, edns_size, message_length
from ..dns.codes import NOERROR, class_name
from ..dns.message import Edns, Msg
from ..dns.rr import RR
from ..golang.addresses import EVERYWHERE, bracketed
from ..golang.durations import duration_text
from ._observer import rcode_text, stamp, type_text

if TYPE_CHECKING:
    from ..releases import Release

EMPTY = "-"
COMMON_LATE = (
    '{remote}:{port} - {>id} "{type} {class} {name} {proto} {size} {>do} {>bufsize}" '
    "{rcode} {>rflags} {rsize} {duration}"
)


def common(release: Release) -> str:
    """The format `{common}`, which is the default."""
    if release >= "1.2.6":
        return COMMON_LATE
    port = ":{port}" if release >= "1.1.0" else ""
    id = " {>id}" if release >= "1.0.5" else ""
    return "{remote}" + port + " - [{when}]" + id + COMMON_LATE[COMMON_LATE.index(' "') :]


def combined(release: Release) -> str:
    """The format `{combined}`."""
    return common(release) + ' "{>opcode}"'


class Seen:
    """What a log saw of an exchange, kept until somebody reads the line.

    `wrote` is the message that was written, as it left the server; `answer`, `ns`, `extra`, `edns` and `compress` are
    its parts as they were when it was written, before the server made it fit: the size is taken from these.
    """

    __slots__ = (
        "answer",
        "compress",
        "edns",
        "elapsed",
        "extra",
        "fields",
        "format",
        "ns",
        "query",
        "rcode",
        "release",
        "through_server",
        "when",
        "wrote",
    )

    def __init__(
        self,
        format: Any,
        query: Query,
        wrote: Msg | None,
        rcode: int,
        elapsed: float,
        release: Release,
        through_server: bool,
    ) -> None:
        self.format = format
        self.query = query
        self.release = release
        self.rcode = rcode
        self.elapsed = elapsed
        self.when = query.ctx.now()
        self.through_server = through_server
        self.wrote = wrote
        self.fields: list[str] | None = None  # the values of metadata, where the format has some
        if wrote is not None:
            self.answer: list[RR] = wrote.answer
            self.ns: list[RR] = wrote.ns
            self.extra: list[RR] = wrote.extra
            self.edns: Edns | None = wrote.edns
            self.compress = wrote.compress

    def __call__(self) -> str:
        """The line."""
        text: str = self.format.line(self)
        return text

    def size(self) -> int:
        """Octets of what was written."""
        if self.wrote is None:
            return 0
        msg = self.wrote.copy()
        msg.answer, msg.ns, msg.extra, msg.edns = self.answer, self.ns, self.extra, self.edns
        return message_length(msg, self.release, self.compress)

    def request_size(self) -> int:
        """Octets of the request as it stands now. The server's writer takes options that it does not know out of it."""
        msg = self.query.final.msg
        edns = msg.edns
        if edns is not None and edns.options and self.through_server and self.edns is None:
            msg = msg.copy()
            options = tuple([o for o in edns.options if o[0] in SUPPORTED_OPTIONS])
            msg.edns = edns._replace(options=options)
        return message_length(msg, self.release)


def flags(msg: Msg) -> str:
    """The header flags that are set, such as `qr,aa,rd`."""
    return ",".join([f for f in ("qr", "aa", "tc", "rd", "ra", "z", "ad", "cd") if getattr(msg, f)])


def _rcode(seen: Seen) -> str:
    if seen.wrote is None and seen.release >= "1.8.5":
        return EMPTY
    return rcode_text(seen.rcode, seen.release) or str(seen.rcode)


def _duration(seen: Seen) -> str:
    if seen.release < "1.1.4":
        return duration_text(seen.elapsed)
    return f"{seen.elapsed:.9f}s"


def _local(query: Query) -> str:
    # A UDP socket that is open to all addresses does not know which one a packet came to.
    ctx = query.ctx
    if ctx.proto == "udp":
        host = ctx.server.rpartition("//")[2].rpartition(":")[0].strip("[]")
        return "[::]" if host in EVERYWHERE else bracketed(host)
    return bracketed(ctx.server_ip)


def _bufsize(query: Query) -> int:
    edns = query.msg.edns
    return edns_size(query.ctx.proto, edns.udp if edns is not None else 0)


VALUES: dict[str, Callable[[Seen], str]] = {
    "{type}": lambda s: type_text(s.query.final.type, s.release),
    "{name}": lambda s: s.query.name,
    "{class}": lambda s: class_name(s.query.final.cls),
    "{proto}": lambda s: s.query.ctx.proto,
    "{size}": lambda s: str(s.request_size()),
    "{remote}": lambda s: bracketed(s.query.ctx.client),
    "{port}": lambda s: str(s.query.ctx.client_port),
    "{local}": lambda s: _local(s.query),
    "{>id}": lambda s: str(s.query.msg.id),
    "{>opcode}": lambda s: str(s.query.msg.opcode),
    "{>do}": lambda s: "true" if s.query.final.do else "false",
    "{>bufsize}": lambda s: str(_bufsize(s.query.final)),
    "{rcode}": _rcode,
    "{rsize}": lambda s: str(s.size()),
    "{duration}": _duration,
    "{>rflags}": lambda s: EMPTY if s.wrote is None else flags(s.wrote),
}


class Format:
    """A format of 1.6.0 and later, taken apart."""

    __slots__ = ("metadata", "parts")

    def __init__(self, text: str) -> None:
        self.parts: list[str | Callable[[Seen], str] | int] = []
        self.metadata: list[str] = []
        rest = text
        while (close := rest.find("}")) >= 0:
            open = rest.rfind("{", 0, close)
            word = rest[open : close + 1] if open >= 0 else ""
            value = VALUES.get(word)
            if value is not None or word.startswith("{/"):
                if open:
                    self.parts.append(rest[:open])
                if value is not None:
                    self.parts.append(value)
                else:
                    self.parts.append(len(self.metadata))
                    self.metadata.append(word[2:-1])
            else:
                self.parts.append(rest[: close + 1])
            rest = rest[close + 1 :]
        if rest:
            self.parts.append(rest)

    def line(self, seen: Seen) -> str:
        """The text."""
        fields = seen.fields or []
        return "[INFO] " + "".join(
            [p if isinstance(p, str) else fields[p] if isinstance(p, int) else p(seen) for p in self.parts]
        )


_OLD_WORD = re.compile(r"\{>[^}]*\}")
_METADATA = re.compile(r"\{/([^}]*)\}")


class OldFormat:
    """A format up to 1.5.2, in which words are replaced one after another."""

    __slots__ = ("fold", "lead", "metadata", "release", "text")

    def __init__(self, text: str, release: Release) -> None:
        self.text = text
        self.release = release
        self.fold = release < "1.4.0"
        self.metadata = []
        if release >= "1.3.0":
            self.metadata = [m.lower() if self.fold else m for m in _METADATA.findall(text)]
        self.lead = "[INFO] " if release >= "1.2.6" else ""

    def line(self, seen: Seen) -> str:
        """The text."""
        text = self.text
        if self.fold:
            text = _OLD_WORD.sub(lambda m: self._old_value(m[0].lower(), seen), text)
            if "{when}" in text:
                text = text.replace("{when}", EMPTY if self.release >= "1.2.6" else stamp(seen.when))
        for word, value in VALUES.items():
            if word in text and (self.release >= "1.3.0" or word != "{local}"):
                text = text.replace(word, value(seen) or (EMPTY if self.fold else ""))
        fields = iter(seen.fields or ())
        if self.metadata:
            text = _METADATA.sub(lambda m: next(fields, EMPTY) or (EMPTY if self.fold else ""), text)
        return self.lead + text

    def _old_value(self, word: str, seen: Seen) -> str:
        value = VALUES.get(word)
        return (value(seen) if value is not None else "") or EMPTY


@lru_cache(maxsize=256)
def parse(text: str, release: Release) -> Format | OldFormat:
    """A format of `release`."""
    return Format(text) if release >= "1.6.0" else OldFormat(text, release)


__all__ = ["EMPTY", "NOERROR", "Format", "OldFormat", "Seen", "combined", "common", "flags", "parse"]
