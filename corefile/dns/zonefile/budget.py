"""How much may come of master files with all that they include and generate."""

from __future__ import annotations

from typing import NoReturn

from ...findings import TooLarge

PER_RECORD = 128
"""Octets that a record has on average; an included file counts as 32 of them at least, so that there is an end to those
that are empty."""
LEAST = 32 * PER_RECORD
FILE = 18
"""Records that a file counts as besides those in it, and a zone that has none."""
SIGNATURE = 30
"""Records that a signature of `sign` counts as."""
TOKENS = 6
"""How many records more one counts as that is not plainly written (see `plain`): it is read token by token."""


class Budget:
    """How many records, and octets that `$INCLUDE` and `$GENERATE` bring, may yet come. Several files may share one."""

    __slots__ = ("most", "octets", "records")

    def __init__(self, records: int) -> None:
        self.most = self.records = records
        self.octets = records * PER_RECORD

    def take_text(self, octets: int) -> None:
        """More text. Raises TooLarge."""
        self.octets -= max(octets, LEAST)
        if self.octets < 0:
            self.refuse()

    def take_file(self) -> None:
        """A file that begins. Raises TooLarge."""
        self._take(FILE)

    def take_zones(self, count: int) -> None:
        """Zones whose records come from elsewhere, or later. Raises TooLarge."""
        self._take(FILE * count)

    def take_tokens(self, more: int = 0) -> None:
        """What is read token by token. Raises TooLarge."""
        self._take(TOKENS + more)

    def take_signature(self, cost: int) -> None:
        """A signature. cost: how many times as long one takes as most do. Raises TooLarge."""
        self._take(SIGNATURE * cost)

    def _take(self, records: int) -> None:
        self.records -= records
        if self.records < 0:
            self.refuse()

    def refuse(self) -> NoReturn:
        """Raises TooLarge."""
        raise TooLarge(
            f"more than {self.most:,} records, or {self.most * PER_RECORD:,} octets that $INCLUDE and $GENERATE bring, are "
            "not read",
            "records",
        )


__all__ = ["Budget"]
