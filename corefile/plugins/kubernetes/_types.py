"""Types of words in the `kubernetes` block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.types import Duration, Int, Invalid, Type
from ...golang.durations import parse_duration
from ...golang.errors import GoError
from ...golang.numbers import parse_float
from ...golang.quoting import quote

if TYPE_CHECKING:
    from ...releases import Release

MAX_FLOAT32 = 3.4028235677973366e38


class Ttl(Int):
    """Seconds, 0 to 3600; 5 at least before 1.3.0."""

    label = "seconds"
    example = "30"

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        try:
            value = super().convert(text, release)
        except Invalid as error:
            error.located = False
            raise
        low = 0 if release >= "1.3.0" else 5
        if not low <= value <= 3600:
            raise Invalid(
                f"a TTL of {value} s is out of range: it has to be at least {low} and at most 3600",
                coredns=f"ttl must be in range [{low}, 3600]: {value}",
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


__all__ = ["Limit", "Pause", "Rate", "Ttl"]
