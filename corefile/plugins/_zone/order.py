"""The order of names in CoreDNS's tree: label by label from the right, where a label ends in its dot. A name that a store has
without its last dot comes before those that have it.
"""

from __future__ import annotations

from functools import cache

from ...dns.escapes import latin
from ...dns.names import labels


def _undecimal(label: str) -> str:
    """A label as the tree compares it: the first octets of `\\DDD` put right, and the last ones left over behind."""
    octets, size, i = list(label), len(label), 0
    while i < size:
        if octets[i] == "\\" and i + 3 < size and all("0" <= x <= "9" for x in octets[i + 1 : i + 4]):
            octets[i] = chr(int("".join(octets[i + 1 : i + 4])) & 255)
            for j in range(i + 1, size - 3):
                octets[j] = octets[j + 3]
            size -= 3
        i += 1
    return "".join(octets)


def order(name: str) -> tuple[str, ...]:
    """The key by which names are sorted."""
    if name == ".":
        return (".",)
    name = latin(name)  # octets are compared
    parts = [x + "." for x in labels(name)]
    if parts and name[-1] != ".":
        parts[-1] = parts[-1][:-1]
    if "\\" in name:
        parts = [_undecimal(x) for x in parts]
    return tuple(reversed(parts))


@cache
def escaped_key(name: str) -> str:
    return "\0".join(reversed(order(name)))
