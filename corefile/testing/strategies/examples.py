"""Examples of a strategy outside of tests: each is made of its seed alone, so that long runs can go on where they ended."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Generic, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

T = TypeVar("T")

SIZE = 8192
"""As many octets as Hypothesis takes for one example."""


class Examples(Generic[T]):
    """What a strategy draws, by seed.

    >>> from corefile.testing.strategies import names
    >>> examples = Examples(names("example.org"))
    >>> examples["7"] == examples["7"]
    True
    """

    def __init__(self, strategy: st.SearchStrategy[T]) -> None:
        self._found: list[T] = []
        keep = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
        test: Any = keep(given(strategy)(self._keep))
        self._one: Callable[[bytes], object] = test.hypothesis.fuzz_one_input

    def _keep(self, value: T) -> None:
        self._found.append(value)

    def __getitem__(self, seed: str) -> T:
        """The example of a seed. Where what its octets stand for is rejected, that of the next ones is taken."""
        octets = Random(seed)
        while not self._found:
            self._one(octets.randbytes(SIZE))
        return self._found.pop()


__all__ = ["Examples"]
