"""The formats of log lines: placeholders and what they stand for (plugin/pkg/replacer, in its four versions)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ..chain.scrub import SUPPORTED_OPTIONS, as_reused, edns_size, message_length
from ..chain.transports import local_ip
from ..dns.codes import ANY_CLASS, class_name, type_name
from ..golang.addresses import bracketed
from ..golang.durations import duration_text
from ..golang.formats import without_arguments
from ..light import regex
from ..plugin import RR, Edns, Msg, Query, Release, ReleaseRules, between, changed, since, until
from ._observer import rcode_text, stamp

EMPTY = "-"
WHAT_AND_HOW = '"{type} {class} {name} {proto} {size} {>do} {>bufsize}" {rcode} {>rflags} {rsize} {duration}'


class FormatRules(ReleaseRules):
    """What differs between releases."""

    common = changed(
        "{remote} - [{when}] " + WHAT_AND_HOW,
        {
            "1.0.5": "{remote} - [{when}] {>id} " + WHAT_AND_HOW,
            "1.1.0": "{remote}:{port} - [{when}] {>id} " + WHAT_AND_HOW,
            "1.2.6": "{remote}:{port} - {>id} " + WHAT_AND_HOW,
        },
        "the format `{common}`, which is the default",
    )
    go_duration = until("1.1.4", "`{duration}` is as Go prints it, not a fraction of seconds")
    levels = since("1.2.6", "lines begin with a level, and `{when}` is empty")
    local_and_metadata = since("1.3.0", "`{local}` and `{/name}` are placeholders")
    folds_case = until(
        "1.4.0", "placeholders that begin with `{>` are taken in any case, and `-` stands for unknown ones"
    )
    own_name = until("1.4.0", "`{name}` is what `rewrite` has made of it")
    taken_apart = since("1.6.0", "formats are taken apart beforehand, so that values are not searched for placeholders")
    goes_through_format = between(
        "1.2.6", "1.9.4", "a `%` in a line begins a verb of Go's formats, which misses its value"
    )
    no_rcode = since("1.8.5", "`{rcode}` is `-` where nothing was written")

    common_within = since("1.9.1", "`{common}` and `{combined}` may be a part of a format")

    @property
    def combined(self) -> str:
        """The format `{combined}`."""
        return self.common + ' "{>opcode}"'

    def named(self, text: str) -> str:
        """A format with those that have names put in their places."""
        if self.common_within:
            return text.replace("{common}", self.common).replace("{combined}", self.combined)
        return {"{common}": self.common, "{combined}": self.combined}.get(text, text)


class LogLine:
    """A line about an exchange, put into words only where it is read.

    `wrote` is the message that was written, as it left the server; `answer`, `ns`, `extra`, `edns` and `compress` are
    its parts as they were when it was written, before the server made it fit: the size is taken from these. `earlier`:
    octets of what a plugin wrote before it.
    """

    __slots__ = (
        "answer",
        "compress",
        "earlier",
        "edns",
        "elapsed",
        "extra",
        "fields",
        "format",
        "ns",
        "query",
        "rcode",
        "rules",
        "supported",
        "through_server",
        "when",
        "wrote",
    )

    def __init__(
        self,
        format: Format | OldFormat,
        query: Query,
        wrote: Msg | None,
        rcode: int,
        elapsed: float,
        through_server: bool,
        supported: frozenset[int] = SUPPORTED_OPTIONS,
    ) -> None:
        self.format = format
        self.supported = supported
        self.query = query
        self.rules: FormatRules = format.rules
        self.rcode = rcode
        self.elapsed = elapsed
        self.when = query.ctx.now()
        self.through_server = through_server
        self.wrote: Msg | None = wrote
        self.earlier = 0
        self.fields: list[str] | None = None  # the values of metadata, where the format has some
        if wrote is not None:
            self.answer: list[RR] = wrote.answer
            self.ns: list[RR] = wrote.ns
            self.extra: list[RR] = wrote.extra
            self.edns: Edns | None = wrote.edns
            self.compress = wrote.compress

    def __call__(self) -> str:
        """The line."""
        line = self.format.line(self)
        return without_arguments(line) if self.rules.goes_through_format else line

    def size(self) -> int:
        """Octets of what was written."""
        if self.wrote is None:
            return 0
        msg = self.wrote.copy()
        msg.answer, msg.ns, msg.extra, msg.edns = self.answer, self.ns, self.extra, self.edns
        return self.earlier + message_length(msg, self.rules.release, self.compress)

    def request_size(self) -> int:
        """Octets of the request as it stands now. The server's writer takes options that it does not know out of it."""
        msg = self.query.final.msg
        if msg.edns is not None and self.through_server and self.edns is None:
            msg = as_reused(msg, self.rules.release, self.supported)
        return message_length(msg, self.rules.release)


def flags(msg: Msg) -> str:
    """The header flags that are set, such as `qr,aa,rd`."""
    return ",".join([f for f in ("qr", "aa", "tc", "rd", "ra", "z", "ad", "cd") if getattr(msg, f)])


def _rcode(line: LogLine) -> str:
    if line.wrote is None and line.rules.no_rcode:
        return EMPTY
    return rcode_text(line.rcode, line.rules.release) or str(line.rcode)


def _duration(line: LogLine) -> str:
    return duration_text(line.elapsed) if line.rules.go_duration else f"{line.elapsed:.9f}s"


def _class(number: int) -> str:
    # ANY is a type's name, too, so the DNS library does not print it for a class.
    return f"CLASS{number}" if number == ANY_CLASS else class_name(number)


def _bufsize(query: Query) -> int:
    edns = query.msg.edns
    return edns_size(query.ctx.proto, edns.udp if edns is not None else 0)


VALUES: dict[str, Callable[[LogLine], str]] = {
    "{type}": lambda s: type_name(s.query.final.type, s.rules.release),
    "{name}": lambda s: (s.query.final if s.rules.own_name else s.query).name,
    "{class}": lambda s: _class(s.query.final.cls),
    "{proto}": lambda s: s.query.ctx.proto,
    "{size}": lambda s: str(s.request_size()),
    "{remote}": lambda s: bracketed(s.query.ctx.client),
    "{port}": lambda s: str(s.query.ctx.client_port),
    "{local}": lambda s: bracketed(local_ip(s.query.ctx, s.rules.release)),
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
    """A format that is taken apart."""

    __slots__ = ("metadata", "parts", "rules")

    def __init__(self, text: str, rules: FormatRules) -> None:
        self.rules = rules
        self.parts: list[str | Callable[[LogLine], str] | int] = []
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

    def line(self, line: LogLine) -> str:
        """The text."""
        fields = line.fields or []
        return "[INFO] " + "".join(
            [p if isinstance(p, str) else fields[p] if isinstance(p, int) else p(line) for p in self.parts]
        )


_OLD_WORD = regex(r"\{>[^}]*\}")
_METADATA = regex(r"\{/([^}]*)\}")


def _replaced(pattern: re.Pattern[str], value: Callable[[re.Match[str]], str], text: str) -> str:
    """The text with each match of a pattern replaced. A match ends in a `}`, so nothing is looked for behind the last one: a
    `{` without an end would be followed to the end of the text, once for each."""
    end = text.rfind("}") + 1
    return pattern.sub(value, text[:end]) + text[end:]


class OldFormat:
    """A format in which words are replaced one after another."""

    __slots__ = ("metadata", "rules", "text")

    def __init__(self, text: str, rules: FormatRules) -> None:
        self.text = text
        self.rules = rules
        self.metadata: list[str] = []
        if rules.local_and_metadata:
            found = _METADATA.findall(text, 0, text.rfind("}") + 1)
            self.metadata = [m.lower() if rules.folds_case else m for m in found]

    def line(self, line: LogLine) -> str:
        """The text."""
        text, rules = self.text, self.rules
        empty = ""
        if rules.folds_case:
            empty = EMPTY
            text = _replaced(_OLD_WORD, lambda m: self._old_value(m[0].lower(), line), text)
            if "{when}" in text:
                text = text.replace("{when}", EMPTY if rules.levels else stamp(line.when))
        for word, value in VALUES.items():
            if word in text and (rules.local_and_metadata or word != "{local}"):
                text = text.replace(word, value(line) or empty)
        fields = iter(line.fields or ())
        if self.metadata:
            text = _replaced(_METADATA, lambda m: next(fields, EMPTY) or empty, text)
        return f"[INFO] {text}" if rules.levels else text

    def _old_value(self, word: str, line: LogLine) -> str:
        value = VALUES.get(word)
        return (value(line) if value is not None else "") or EMPTY


@lru_cache(maxsize=256)
def parse(text: str, release: Release) -> Format | OldFormat:
    """A format of `release`."""
    rules = FormatRules.of(release)
    return Format(text, rules) if rules.taken_apart else OldFormat(text, rules)


__all__ = ["EMPTY", "Format", "FormatRules", "LogLine", "OldFormat", "flags", "parse"]
