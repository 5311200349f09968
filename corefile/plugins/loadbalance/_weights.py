"""Weight files: a domain name on a line, then lines of `ADDRESS WEIGHT`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...golang.addresses import parse_ip

if TYPE_CHECKING:
    from ...releases import Release

Weights = dict[str, dict[str, int]]
"""Weights by name (with its last dot, in the file's spelling) and address."""


class BadWeights(Exception):
    """A weight file that CoreDNS does not take; the text is CoreDNS's. `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse(text: str, path: str, release: Release, into: Weights) -> None:
    """Read a weight file into `into`, line by line. Raises BadWeights where it has to stop.

    A weight of 0 is refused since 1.11.0, and the messages begin with a small letter since 1.12.2.
    """
    name = ""
    zero = release < "1.11.0"

    def bad(message: str, number: int) -> BadWeights:
        return BadWeights(message if release >= "1.12.2" else message[0].upper() + message[1:], number)

    for number, line in enumerate(text.split("\n"), 1):
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        if len(fields) == 1:
            if address(fields[0]) is not None:
                raise bad(
                    f'wrong domain name:"{fields[0]}" in weight file {path}. (Maybe a missing weight value?)', number
                )
            name = fields[0] if fields[0].endswith(".") else fields[0] + "."
            into.setdefault(name, {})
        elif len(fields) == 2:
            ip = address(fields[0])
            if ip is None:
                raise bad(f'wrong IP address:"{fields[0]}" in weight file {path}', number)
            if not re.fullmatch("[0-9]+", fields[1]) or not (0 if zero else 1) <= int(fields[1]) <= 255:
                raise bad(f'wrong weight value:"{fields[1]}" in weight file {path}', number)
            if not name:
                raise bad(f"missing domain name in weight file {path}", number)
            into[name].setdefault(ip, int(fields[1]))  # of two lines for an address, the first one counts
        else:
            raise bad(f'could not parse weight line:"{line.strip()}" in weight file {path}', number)


def address(text: str) -> str | None:
    """An IP address as records have it; None for anything else."""
    found = parse_ip(text)
    return found[1] if found is not None else None
