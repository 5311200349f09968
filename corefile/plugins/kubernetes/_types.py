"""Types of words in the `kubernetes` block."""

from __future__ import annotations

from ...golang.durations import parse_duration
from ...golang.errors import GoError
from ...golang.numbers import parse_float
from ...plugin import Duration, Given, Int, Invalid, Release, Setup, Type, quote
from ...world.selectors import Selector
from .._backend import destinations
from ._rules import KubernetesRules


class Ttl(Int):
    """Seconds, up to an hour."""

    label = "seconds"
    example = "30"

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        try:
            value = super().convert(text, release)
        except Invalid as error:
            error.located = False
            raise
        least = KubernetesRules.of(release).least_ttl
        if not least <= value <= 3600:
            raise Invalid(
                f"a TTL of {value} s is out of range: it has to be at least {least} and at most 3600",
                coredns=f"ttl must be in range [{least}, 3600]: {value}",
            )
        return value


class Pause(Duration):
    """A duration with the plugin's own words for what is none: `{0}` is the word, `{1}` what Go says."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    def convert(self, text: str, release: Release) -> float:
        """Seconds. Raises Invalid."""
        try:
            return parse_duration(text)
        except GoError as error:
            coredns = self.words.format(text, error.text)
            raise Invalid(error.message, hint=error.hint, located=False, coredns=coredns) from None


class Limit(Int):
    """A whole number that is not negative."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        try:
            value = super().convert(text, release)
        except Invalid as error:
            raise Invalid(error.message, coredns=f"invalid {self.name} {quote(text)}: {error.coredns}") from None
        if value < 0:
            raise Invalid(f"`{self.name}` may not be negative", coredns=f"{self.name} must be >= 0")
        return value


class Rate(Type):
    """A number of queries per second, not negative."""

    label = "number"
    example = "12.5"

    def convert(self, text: str, release: Release) -> float:
        """The number. Raises Invalid."""
        try:
            value = parse_float(text, 32)
        except GoError as error:
            raise Invalid(error.message, coredns=f"invalid apiserver_qps {quote(text)}: {error.text}") from None
        if value < 0:
            raise Invalid("`apiserver_qps` may not be negative", coredns="apiserver_qps must be >= 0")
        return value


class Labels(Type):
    """The words of a label selector."""

    label = "selector"
    example = "app=web"

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> Selector:
        """The selector. Raises Invalid with CoreDNS's words."""
        text, what = " ".join(value), given.name.removesuffix("s")
        try:
            return Selector.parse(text, KubernetesRules.of(setup.release).selector_words)
        except ValueError as error:
            raise Invalid(
                f"`{text}` is not a label selector: {error}",
                hint="such as `app=web, stage in (qa, prod)`",
                coredns=f"unable to parse {what} selector value: '{text}': {error}",
                located=False,
            ) from None


class Resolvers(Type):
    """Addresses of servers that resolve names."""

    label = "address"
    example = "10.0.0.53"

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> tuple[str, ...] | None:
        """The addresses with their ports; None since they have no effect any more. Raises Invalid."""
        if not KubernetesRules.of(setup.release).upstream_elsewhere:
            return None
        return tuple(destinations(value, setup))


__all__ = ["Labels", "Limit", "Pause", "Rate", "Resolvers", "Ttl"]
