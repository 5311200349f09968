"""The kinds of argument that a plugin declares. Each converts one word as CoreDNS's Go code would.

`convert` raises `Invalid` with the words of the finding; `located` tells whether CoreDNS itself names the line
(`c.Errf`) or only the plugin (a plain error). `example` gives a valid word, for docs and Hypothesis strategies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..golang.addresses import Network, parse_cidr, parse_ip, split_host_port
from ..golang.durations import duration_text, parse_duration
from ..golang.errors import GoError
from ..golang.numbers import parse_bool, parse_float, parse_int, parse_uint, to_int
from ..golang.quoting import quote
from ..language import keys
from ..releases.rules import ByRelease

if TYPE_CHECKING:
    from ..findings import Expected, Span
    from ..language.words import Token
    from ..releases import Release

WRONG_COUNT = "Wrong argument count or unexpected line ending after '{}'"
"""What Go's `c.ArgErr()` says; `{}` stands for the last word that was read. See `wrong_count`."""


def wrong_count(last: str) -> str:
    """What Go's `c.ArgErr()` says where `last` is the word that was read last: it has other words for a brace."""
    return "Unexpected token '{', expecting argument" if last == "{" else WRONG_COUNT.format(last)


class Invalid(Exception):
    """A word that CoreDNS would refuse. `coredns` is CoreDNS's own message without prefix and line. `at`: the word, whose
    line CoreDNS names unless `last` is given; or its place alone, where CoreDNS names the line that it has read last. `last`:
    the word that CoreDNS had read last, if that is another one. `prefix`: what stands before the place, if not
    `Plugin.PREFIX`. `related`: other places, with words. `meant`: the word that most likely was meant, and `write`: what to
    write instead; the hint and the fix say so. `expected` and `choices`: as for `Finding`."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        coredns: str | None = None,
        located: bool = True,
        at: Token | Span | None = None,
        prefix: str | None = None,
        related: tuple[tuple[Span, str], ...] = (),
        last: Token | None = None,
        meant: str = "",
        write: str = "",
        expected: Expected = "",
        choices: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.meant = meant
        self.write = write
        self.expected: Expected = expected
        self.choices = choices
        self.at = at
        self.last = last
        self.related = related
        self.prefix = prefix
        self.message = message
        self.hint = hint
        self.coredns = message if coredns is None else coredns
        self.located = located


class MissingFile(Invalid):
    """A file that a directive reads is not there. Where CoreDNS's machine may have it, that is a notice, and the
    directive is left out as one that is not simulated."""

    def __init__(self, path: str, message: str, **more: Any) -> None:
        super().__init__(message, **more)
        self.path = path


class Type:
    """A word, taken as it stands."""

    label = "word"
    example = "word"
    expected: Expected = ""
    choices: tuple[str, ...] = ()

    def __init__(
        self,
        label: str | None = None,
        *,
        error: str | None = None,
        located: bool = True,
        hint: str = "",
        prefix: str | None = None,
        example: str = "",
    ) -> None:
        """`error` is CoreDNS's message for a bad word, where it has one of its own: `{}` stands for the word, `{lower}` for it
        in lower case, `{quoted}` for it in Go's quotes, and `{go}` for what Go's library says of it. `hint`: what to write
        instead, where that does not depend on the word. `prefix`: as for `Invalid`."""
        if label:
            self.label = label
        if example:
            self.example = example
        self.error = error
        self.located = located
        self.hint = hint
        self.prefix = prefix

    def convert(self, text: str, release: Release) -> Any:
        """The value of `text`. Raises Invalid."""
        return text

    def settle(self, value: Any, given: Any, setup: Any) -> Any:
        """What becomes of an argument's value (for all further words, a tuple) once the whole occurrence has been read:
        for kinds that the server block or the world has a say in. `given` is the `Given` that the words stand in, `setup`
        the plugin's `Setup`. Raises Invalid."""
        return value

    def fits(self, text: str, release: Release) -> bool:
        """Whether a `Maybe` argument takes `text` for its own (it may still be out of range)."""
        try:
            self.convert(text, release)
        except Invalid:
            return False
        return True

    def each(self, words: Iterable[Token], release: Release) -> list[Any]:
        """The values of some words. Raises Invalid, which tells the word."""
        out = []
        for word in words:
            try:
                out.append(self.convert(word.text, release))
            except Invalid as error:
                error.at = error.at or word.span
                raise
        return out

    def bad(
        self, text: str, message: str, *, coredns: str | None = None, hint: str = "", meant: str = "", write: str = ""
    ) -> Invalid:
        """The error for `text`, in this argument's own words where it has them. `meant`, `write`: as for `Invalid`."""
        if self.error is not None:
            coredns = self.error.format(text, lower=text.lower(), quoted=quote(text), go=coredns)
        return Invalid(
            message,
            hint=self.hint or hint,
            coredns=coredns,
            located=self.located,
            prefix=self.prefix,
            expected=self.expected,
            choices=self.choices,
            meant="" if self.hint else meant,
            write="" if self.hint else write,
        )

    def refused(self, text: str, error: GoError) -> Invalid:
        """The error for `text` where Go's library has refused it."""
        return self.bad(text, error.message, hint=error.hint, coredns=error.text)


Word = Type


class Changing(Type):
    """Another type from some releases on: `first`, and from each release in `steps` (oldest first) the one that stands
    there."""

    def __init__(self, first: Type, steps: Mapping[str, Type]) -> None:
        self.steps = ByRelease(first, steps)
        latest = [first, *steps.values()][-1]
        super().__init__(latest.label)
        self.example = latest.example

    def convert(self, text: str, release: Release) -> Any:
        """The value of `text`. Raises Invalid."""
        return self.steps.at(release).convert(text, release)

    def fits(self, text: str, release: Release) -> bool:
        """Whether a `Maybe` argument takes `text` for its own."""
        return self.steps.at(release).fits(text, release)

    def settle(self, value: Any, given: Any, setup: Any) -> Any:
        """What becomes of the value in the end."""
        return self.steps.at(setup.release).settle(value, given, setup)


class Bounded(Type):
    """A number within bounds; `above` is an exclusive lower one. `range_error` is CoreDNS's message for one that is out of
    them, where it is not that for a bad word; `range_located`: whether it names the line, where the other does not."""

    unit = ""

    def __init__(
        self,
        label: str | None = None,
        *,
        min: float | None = None,
        max: float | None = None,
        above: float | None = None,
        range_error: str | None = None,
        range_located: bool | None = None,
        **words: Any,
    ) -> None:
        super().__init__(label, **words)
        self.min, self.max, self.above, self.range_error = min, max, above, range_error
        self.range_located = self.located if range_located is None else range_located

    def bounded(self, text: str, value: float, read: str = "") -> None:
        """Raises Invalid where `value`, which stands there as `text`, is out of bounds. `read`: as what CoreDNS reads it, if
        not as it stands."""
        if not (
            (self.min is not None and value < self.min)
            or (self.above is not None and value <= self.above)
            or (self.max is not None and value > self.max)
        ):
            return
        limits = (("at least", self.min), ("more than", self.above), ("at most", self.max))
        bounds = " and ".join(f"{words} {limit:.15g}{self.unit}" for words, limit in limits if limit is not None)
        message = f"`{text}` is out of range: it has to be {bounds}"
        if self.range_error is None:
            raise self.bad(text, message)
        raise Invalid(
            message, hint=self.hint, coredns=self.out_of_range(read or text, value), located=self.range_located
        )

    def out_of_range(self, text: str, value: float) -> str:
        """CoreDNS's words. In `range_error`, `{}` stands for the number."""
        return (self.range_error or "").format(value)


class Int(Bounded):
    """A whole number as Go's strconv.Atoi reads it, within bounds."""

    label = "number"
    example = "5"
    expected = "whole number"

    def __init__(
        self, label: str | None = None, *, bits: int = 64, signed: bool = True, call: str = "", **more: Any
    ) -> None:
        """`call`: the function of strconv that its errors name, where it is neither Atoi nor ParseUint."""
        super().__init__(label, **more)
        self.bits = bits
        self.low = -(1 << (bits - 1)) if signed else 0
        self.high = (1 << (bits - 1 if signed else bits)) - 1
        self.signed = signed
        self.call = call or ("Atoi" if signed else "ParseUint")

    def fits(self, text: str, release: Release) -> bool:
        """Whether it is a number at all."""
        value = to_int(text, 80)
        return value is not None and self.low <= value <= self.high

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid for anything else, and for a number out of bounds."""
        try:
            value = (parse_int if self.signed else parse_uint)(text, self.bits, call=self.call)
        except GoError as error:
            raise self.refused(text, error) from None
        self.bounded(text, value)
        return value


class Float(Bounded):
    """A number as Go's strconv.ParseFloat reads it, within bounds."""

    label = "number"
    example = "0.5"

    def __init__(self, label: str | None = None, *, bits: int = 64, **more: Any) -> None:
        super().__init__(label, **more)
        self.bits = bits

    def convert(self, text: str, release: Release) -> float:
        """The number. Raises Invalid."""
        try:
            value = parse_float(text, self.bits)
        except GoError as error:
            raise self.refused(text, error) from None
        self.bounded(text, value)
        return value


class Duration(Bounded):
    """A Go duration, in seconds, within bounds (also seconds)."""

    label = "duration"
    example = "5s"
    unit = " s"

    def __init__(self, label: str | None = None, *, bare_seconds: bool = False, **more: Any) -> None:
        """`bare_seconds` lets a bare number stand for seconds."""
        super().__init__(label, **more)
        self.bare = bare_seconds

    def convert(self, text: str, release: Release) -> float:
        """Seconds. Raises Invalid."""
        word = f"{text}s" if self.bare and to_int(text) is not None else text
        try:
            value = parse_duration(word)
        except GoError as error:
            raise self.refused(word, error) from None
        self.bounded(text, value, word)
        return value

    def out_of_range(self, text: str, value: float) -> str:
        """CoreDNS's words. In `range_error`, `{}` stands for the word, `{quoted}` for it in Go's quotes, `{go}` for the
        duration as Go prints it, `{ns}` for its nanoseconds."""
        return (self.range_error or "").format(text, quoted=quote(text), go=duration_text(value), ns=round(value * 1e9))


class Bool(Type):
    """A truth value as Go's strconv.ParseBool reads it."""

    label = "true|false"
    example = "true"
    choices = ("true", "false")

    def convert(self, text: str, release: Release) -> bool:
        """The value. Raises Invalid."""
        try:
            return parse_bool(text)
        except GoError as error:
            raise self.refused(text, error) from None


class Cidr(Type):
    """A network as Go's net.ParseCIDR reads it."""

    label = "network"
    example = "10.0.0.0/8"

    def __init__(self, label: str | None = None, *, hint: str = "such as `10.0.0.0/8`", **words: Any) -> None:
        super().__init__(label, hint=hint, **words)

    def convert(self, text: str, release: Release) -> Network:
        """The network. Raises Invalid."""
        network = parse_cidr(text)
        if network is None:
            raise self.bad(text, f"`{text}` is no network", coredns=f"invalid CIDR address: {text}")
        return network


class OneOf(Type):
    """One of a few words, in this case only (unless `fold`)."""

    def __init__(self, *words: str, label: str | None = None, fold: bool = False, **more: Any) -> None:
        super().__init__(label or "|".join(words), **more)
        self.choices = words
        self.example = words[0]
        self.fold = fold

    def convert(self, text: str, release: Release) -> str:
        """The word. Raises Invalid with the nearest valid one."""
        word = text.lower() if self.fold else text
        if word not in self.choices:
            known = f"one of {', '.join(self.choices)}" if len(self.choices) > 1 else f"`{self.choices[0]}`"
            raise self.bad(text, f"`{text}` is not {known}", meant=nearest(text, self.choices))
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


class Ip(Type):
    """An IP address, as it is written."""

    label = "address"
    example = "10.0.0.7"
    expected = "address"

    def convert(self, text: str, release: Release) -> str:
        """The address. Raises Invalid."""
        if parse_ip(text) is None:
            raise self.bad(text, f"`{text}` is not an IP address")
        return text


class Listen(Type):
    """An address to listen on, `host:port`; the host may be empty."""

    label = "address"
    example = ":8080"
    expected = "address with a port"

    def convert(self, text: str, release: Release) -> str:
        """The address as written. Raises Invalid."""
        try:
            split_host_port(text)
        except GoError as error:
            raise self.refused(text, error) from None
        return text


class RecordType(Type):
    """A record type, in capitals, that the release knows."""

    label = "type"
    example = "A"
    expected = "record type"

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        from ..dns.codes import TYPES, type_name

        number = TYPES.get(text)
        if number is None or type_name(number, release) != text:
            upper = text.upper() if text.upper() in TYPES and text != text.upper() else ""
            raise self.bad(text, f"`{text}` is not a record type", hint="such as A or ANY", write=upper)
        return number


def nearest(word: str, words: tuple[str, ...] | frozenset[str] | set[str] | list[str]) -> str:
    """The valid word nearest to `word`, or ''."""
    from difflib import get_close_matches

    close = get_close_matches(word.lower(), sorted(words), n=1, cutoff=0.6)
    return close[0] if close else ""
