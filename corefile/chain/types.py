"""The kinds of argument that a plugin declares. Each converts one word as CoreDNS's Go code would.

`convert` raises `Invalid` with the words of the finding; `located` tells whether CoreDNS itself names the line
(`c.Errf`) or only the plugin (a plain error). `example` gives a valid word, for docs and Hypothesis strategies.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..golang.errors import Invalid as Invalid
from ..golang.quoting import quote, quote_bytes
from ..language import keys

if TYPE_CHECKING:
    from ..releases import Release


class Type:
    """A word, taken as it stands."""

    label = "word"
    example = "word"

    def __init__(self, label: str | None = None, *, error: str | None = None, located: bool = True) -> None:
        """`error` is CoreDNS's message for a bad word (`{}` stands for the word, `{lower}` for it in lower case), where
        it has one of its own."""
        if label:
            self.label = label
        self.error = error
        self.located = located

    def convert(self, text: str, release: Release) -> Any:
        """The value of `text`. Raises Invalid."""
        return text

    def fits(self, text: str, release: Release) -> bool:
        """Whether a `Maybe` argument takes `text` for its own (it may still be out of range)."""
        try:
            self.convert(text, release)
        except Invalid:
            return False
        return True

    def bad(self, text: str, message: str, *, hint: str = "", coredns: str | None = None) -> Invalid:
        """The error for `text`, in this argument's own words where it has them."""
        own = self.error.format(text, lower=text.lower()) if self.error is not None else coredns
        return Invalid(message, hint=hint, coredns=own, located=self.located)


Word = Type


class Int(Type):
    """A whole number as Go's strconv.Atoi reads it, within bounds."""

    label = "number"
    example = "5"

    def __init__(
        self,
        label: str | None = None,
        *,
        min: int | None = None,
        max: int | None = None,
        bits: int = 64,
        signed: bool = True,
        error: str | None = None,
        range_error: str | None = None,
        located: bool = True,
        call: str = "",
    ) -> None:
        """`call`: the function of strconv that its errors name, where it is neither Atoi nor ParseUint."""
        super().__init__(label, error=error, located=located)
        self.min, self.max, self.range_error = min, max, range_error
        self.low = -(1 << (bits - 1)) if signed else 0
        self.high = (1 << (bits - 1 if signed else bits)) - 1
        self.signed = signed
        self.call = call or ("Atoi" if signed else "ParseUint")

    def fits(self, text: str, release: Release) -> bool:
        """Whether it is a number at all."""
        return re.fullmatch(r"[+-]?[0-9]+", text) is not None and self.low <= int(text) <= self.high

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid for anything else, and for a number out of bounds."""
        call = self.call
        if not re.fullmatch(r"[+-]?[0-9]+" if self.signed else r"[0-9]+", text):
            raise self.bad(
                text,
                f"`{text}` is not a whole number",
                coredns=f"strconv.{call}: parsing {quote(text)}: invalid syntax",
            )
        value = int(text)
        if not self.low <= value <= self.high:
            raise self.bad(
                text,
                f"`{text}` is too large a number",
                coredns=f"strconv.{call}: parsing {quote(text)}: value out of range",
            )
        if (self.min is not None and value < self.min) or (self.max is not None and value > self.max):
            low = "" if self.min is None else f"at least {self.min}"
            high = "" if self.max is None else f"at most {self.max}"
            bounds = " and ".join(x for x in (low, high) if x)
            message = f"`{text}` is out of range: it has to be {bounds}"
            if self.range_error is not None:
                raise Invalid(message, coredns=self.range_error.format(value), located=self.located)
            raise self.bad(text, message)
        return value


_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_NUMBER = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
_UNIT = re.compile("[^.0-9]*")


def go_duration(text: str) -> float:
    """Seconds in a Go duration such as `1h15m`, `500ms`, `-1.5h` or `0`. Raises Invalid with Go's message.

    Source: Go's time.ParseDuration.
    """
    body = text[1:] if text[:1] in "+-" and text else text
    sign = -1.0 if text.startswith("-") else 1.0
    if body == "0":
        return 0.0
    invalid = Invalid(
        f"`{text}` is not a duration",
        hint="such as `30s` or `1m30s`",
        coredns=f"time: invalid duration {quote_bytes(text)}",
    )
    if not body:
        raise invalid
    total, pos = 0.0, 0
    while pos < len(body):
        number = _NUMBER.match(body, pos)
        if number is None or _overflows(number[0]):
            raise invalid
        match = _UNIT.match(body, number.end())
        unit = match[0] if match else ""
        if not unit:
            raise Invalid(
                f"`{text}` has no unit",
                hint=f"write `{text}s` for seconds",
                coredns=f"time: missing unit in duration {quote_bytes(text)}",
            )
        if unit not in _UNITS:
            raise Invalid(
                f"`{unit}` is not a unit of time",
                hint="units are ns, us, ms, s, m and h",
                coredns=f"time: unknown unit {quote_bytes(unit)} in duration {quote_bytes(text)}",
            )
        total += float(number[0]) * _UNITS[unit]
        pos = number.end() + len(unit)
    if total > 9223372036.854775:
        raise Invalid(f"`{text}` is too long a duration", coredns=f"time: invalid duration {quote_bytes(text)}")
    return sign * total


def _overflows(number: str) -> bool:
    """Whether what stands before the point is more than Go counts up to."""
    whole = number.partition(".")[0].lstrip("0")
    return len(whole) > 19 or (len(whole) == 19 and whole > str(1 << 63))


def go_duration_text(seconds: float) -> str:
    """As Go prints a duration.

    >>> [go_duration_text(x) for x in (0, 0.0015, -90, 3600)]
    ['0s', '1.5ms', '-1m30s', '1h0m0s']
    """
    ns = round(abs(seconds) * 1e9)
    sign = "-" if seconds < 0 and ns else ""
    if ns == 0:
        return "0s"
    if ns < 1_000_000_000:
        unit, size = next((u, n) for u, n in (("ms", 1_000_000), ("µs", 1000), ("ns", 1)) if ns >= n)
        return f"{sign}{_fraction(ns, size)}{unit}"
    minutes, rest = divmod(ns, 60_000_000_000)
    hours, minutes = divmod(minutes, 60)
    lead = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{sign}{lead}{_fraction(rest, 1_000_000_000)}s"


def _fraction(ns: int, size: int) -> str:
    whole, part = divmod(ns, size)
    return f"{whole}.{str(part).rjust(len(str(size)) - 1, '0').rstrip('0')}" if part else str(whole)


class Duration(Type):
    """A Go duration, in seconds, within bounds (also seconds)."""

    label = "duration"
    example = "5s"

    def __init__(
        self,
        label: str | None = None,
        *,
        min: float | None = None,
        max: float | None = None,
        above: float | None = None,
        error: str | None = None,
        range_error: str | None = None,
        bare_seconds: bool = False,
        located: bool = True,
    ) -> None:
        """`above` is an exclusive lower bound; `bare_seconds` lets a bare number stand for seconds. In `range_error`,
        `{}` stands for the word, `{go}` for the duration as Go prints it, `{ns}` for its nanoseconds."""
        super().__init__(label, error=error, located=located)
        self.min, self.max, self.above, self.range_error, self.bare = min, max, above, range_error, bare_seconds

    def convert(self, text: str, release: Release) -> float:
        """Seconds. Raises Invalid."""
        if self.bare and re.fullmatch(r"[+-]?\d+", text):
            value = float(text)
        else:
            try:
                value = go_duration(text)
            except Invalid as e:
                raise self.bad(text, e.message, hint=e.hint, coredns=e.coredns) from None
        low = self.min if self.min is not None else self.above
        if (
            (self.min is not None and value < self.min)
            or (self.above is not None and value <= self.above)
            or (self.max is not None and value > self.max)
        ):
            bounds = []
            if low is not None:
                bounds.append(f"{'at least' if self.min is not None else 'more than'} {low:g} s")
            if self.max is not None:
                bounds.append(f"at most {self.max:g} s")
            message = f"`{text}` is out of range: it has to be {' and '.join(bounds)}"
            if self.range_error is not None:
                own = self.range_error.format(text, go=go_duration_text(value), ns=round(value * 1e9))
                raise Invalid(message, coredns=own, located=self.located)
            raise self.bad(text, message)
        return value


class OneOf(Type):
    """One of a few words, in this case only (unless `fold`)."""

    def __init__(
        self, *words: str, label: str | None = None, error: str | None = None, located: bool = True, fold: bool = False
    ) -> None:
        super().__init__(label or "|".join(words), error=error, located=located)
        self.words = words
        self.example = words[0]
        self.fold = fold

    def convert(self, text: str, release: Release) -> str:
        """The word. Raises Invalid with the nearest valid one."""
        word = text.lower() if self.fold else text
        if word not in self.words:
            raise self.bad(text, f"`{text}` is not one of {', '.join(self.words)}", hint=nearest(text, self.words))
        return word


class Zone(Type):
    """A zone, or a network in CIDR notation: a tuple of normalised zone names (see `keys.normalize`)."""

    label = "zone"
    example = "example.org"

    def convert(self, text: str, release: Release) -> tuple[str, ...]:
        """The zones that `text` stands for; empty where CoreDNS silently ignores it."""
        try:
            return keys.normalize(text, release)
        except ValueError as e:
            raise self.bad(text, f"`{text}` is not a zone: {e}", coredns=str(e)) from None


class Name(Type):
    """A domain name: lower case, with its trailing dot."""

    label = "name"
    example = "www.example.org"

    def convert(self, text: str, release: Release) -> str:
        """The normalised name."""
        from ..dns.names import fqdn

        return fqdn(text).lower()


def split_host_port(text: str) -> tuple[str, str]:
    """Host and port as Go's net.SplitHostPort takes them apart. Raises Invalid with Go's message."""
    m = re.fullmatch(r"\[([^\[\]]*)\]:([^:\[\]]*)|([^:\[\]]*):([^:\[\]]*)", text)
    if not m:
        if ":" not in text or text.endswith("]"):
            reason = "missing port in address"
        elif text.count(":") > 1 and not text.startswith("["):
            reason = "too many colons in address"
        elif text.startswith("[") and "]" not in text:
            reason = "missing ']' in address"
        else:
            reason = "missing port in address" if text.startswith("[") else "unexpected '[' in address"
        raise Invalid(
            f"`{text}` is not an address with a port: {reason}",
            hint="such as `:8080` or `127.0.0.1:8080`",
            coredns=(f"address {text}: " if text else "") + reason,
        )
    return (m[1] or m[3] or ""), (m[2] if m[1] is not None else m[4])


def is_host_name(text: str) -> bool:
    """Whether Go's package net asks a name server for it at all (its isDomainName)."""
    labels = text.removesuffix(".").split(".")
    fits = all(re.fullmatch("(?!-)[A-Za-z0-9_-]{1,63}(?<!-)", label) for label in labels)
    return fits and len(text) <= 253 + text.endswith(".") and not re.fullmatch("[0-9.]+", text)


class Listen(Type):
    """An address to listen on, `host:port`; the host may be empty."""

    label = "address"
    example = ":8080"

    def convert(self, text: str, release: Release) -> str:
        """The address as written. Raises Invalid."""
        try:
            split_host_port(text)
        except Invalid as e:
            raise self.bad(text, e.message, hint=e.hint, coredns=e.coredns) from None
        return text


def nearest(word: str, words: tuple[str, ...] | frozenset[str] | set[str] | list[str]) -> str:
    """A hint naming the valid word nearest to `word`, or ''."""
    from difflib import get_close_matches

    close = get_close_matches(word.lower(), sorted(words), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""
