"""Domain names as cheap keys.

A name is a `str` in presentation form (RFC 1035 §5.1 escapes) with its trailing dot, as CoreDNS's DNS library holds
it. What is compared or used as a key is lower case. No function here allocates more than its result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..golang.domains import fqdn as fqdn
from ..golang.domains import is_domain_name_in_octets
from ..light import regex
from .errors import BadName, WireError
from .escapes import PLAIN_NAME, label_text, latin, name_labels, normal_name, split_labels

_HALVES = regex("[\ud800-\udc7f\udd00-\udfff]")  # lone surrogates that do not stand for an octet


@lru_cache(8192)
def parse_name(text: str) -> str:
    """The absolute name that a user means by `text`, with or without its last dot; letters keep their case.

    Escapes (RFC 1035 §5.1) are read, and written as CoreDNS's DNS library writes them. Raises BadName, a ValueError.

    >>> parse_name("www.Example.org"), parse_name("a@b."), parse_name(r"\\097.")
    ('www.Example.org.', 'a\\\\@b.', 'a.')
    """
    if PLAIN_NAME.fullmatch(text) and len(text) < 254:
        return text if text[-1] == "." else text + "."
    if text == ".":
        return text
    if not text:
        raise BadName(text, "is empty; `.` is the root")
    if (len(text) - len(text.rstrip("\\"))) % 2:
        raise BadName(text, "ends in a backslash that escapes nothing")
    for number in re.findall(r"\\(?:\\|(\d{3}))", text, re.ASCII):
        if number and int(number) > 255:
            raise BadName(text, f"has the escape `\\{number}`; 255 is the last octet")
    if _HALVES.search(text):
        raise BadName(text, "has half of a character")
    octets = split_labels(fqdn(text))
    if not octets[0] and len(octets) > 1:
        raise BadName(text, "begins with a dot")
    for label in octets:
        if not label:
            raise BadName(text, "has an empty label")
        if len(label) > 63:
            raise BadName(text, f"has a label of {len(label)} octets; 63 are the most")
    size = sum([len(label) + 1 for label in octets]) + 1
    if size > 255:
        raise BadName(text, f"has {size} octets; 255 are the most")
    return "".join([label_text(label) + "." for label in octets])


def next_label(name: str, start: int) -> int:
    """Offset of the label after the one at `start`, or -1 where there is none (the end of the name)."""
    if "\\" not in name:
        dot = name.find(".", start)
        return -1 if dot < 0 or dot + 1 >= len(name) else dot + 1
    i, end = start, len(name)
    while i < end:
        ch = name[i]
        if ch == "\\":
            i += 4 if name[i + 1 : i + 4].isdigit() and len(name[i + 1 : i + 4]) == 3 else 2
            continue
        i += 1
        if ch == ".":
            return i if i < end else -1
    return -1


def labels(name: str) -> list[str]:
    """The labels of `name` as written, without the root: `['www', 'example', 'org']`."""
    if name in (".", ""):
        return []
    if "\\" not in name:
        return name.rstrip(".").split(".")
    out, start = [], 0
    while True:
        nxt = next_label(name, start)
        if nxt < 0:
            out.append(name[start:-1] if fqdn(name) == name else name[start:])
            return out
        out.append(name[start : nxt - 1])
        start = nxt


def count_labels(name: str) -> int:
    """How many labels `name` has; the root has 0."""
    if name in (".", ""):
        return 0
    if "\\" not in name:
        return name.count(".") + (not name.endswith("."))
    return len(labels(name))


def suffixes(name: str) -> Iterator[str]:
    """`name` and every parent of it down to the last label, longest first; the root is not among them.

    >>> list(suffixes("a.example.org."))
    ['a.example.org.', 'example.org.', 'org.']
    """
    start = 0
    while start >= 0:
        yield name[start:]
        start = next_label(name, start)


def parent(name: str) -> str:
    """`name` without its first label; the root's parent is the root."""
    nxt = next_label(name, 0)
    return "." if nxt < 0 else name[nxt:]


def is_subdomain(zone: str, name: str) -> bool:
    """Whether `name` is `zone` or below it, on a label boundary. Both are lower case."""
    if zone == ".":
        return True
    if not name.endswith(zone):
        return False
    cut = len(name) - len(zone)
    if cut == 0:
        return True
    if name[cut - 1] != ".":
        return False
    if "\\" not in name:
        return True
    return any(s == zone for s in suffixes(name))


def longest_match(zones: tuple[str, ...], name: str) -> str | None:
    """The longest of `zones` that `name` lies in, as CoreDNS's `Zones.Matches` chooses it; None where none matches."""
    best = None
    for zone in zones:
        if (best is None or len(zone) > len(best)) and is_subdomain(zone, name):
            best = zone
    return best


def wire_length(name: str) -> int:
    """Octets of `name` uncompressed on the wire (RFC 1035 §3.1)."""
    return 1 if name == "." else length_of_octets(name if name.isascii() else latin(name))


def length_of_octets(name: str) -> int:
    """The same for a name in which each character is an octet."""
    if "\\" not in name:
        return len(name) + 1
    n, i = 1, 0
    while i < len(name):
        if name[i] == "\\":
            i += 4 if len(name[i + 1 : i + 4]) == 3 and name[i + 1 : i + 4].isdigit() else 2
        else:
            i += 1
        n += 1
    return n


def is_sendable(name: str) -> bool:
    """Whether miekg/dns puts `name` into a message: it is absolute, and no label is empty or beyond 63 octets. It takes more
    than 255 octets in all."""
    if len(name) < 64 and name.endswith(".") and ".." not in name and "\\" not in name and name[0] != ".":
        return name.isascii() or not why_unsendable(name)
    return name == "." or not why_unsendable(name)


@lru_cache(4096)
def why_unsendable(name: str) -> str:
    """What is wrong with a name that has no wire form; '' where nothing is."""
    try:
        name_labels(name)
    except WireError as error:
        return str(error)
    return ""


def in_punycode(name: str) -> str:
    """A name as clients send it: its international labels in Punycode (RFC 3490). Raises UnicodeError where it has no form.

    >>> in_punycode("www.bücher.example.")
    'www.xn--bcher-kva.example.'
    """
    return ".".join(label if label.isascii() else label.encode("idna").decode("ascii") for label in name.split("."))


def _is_domain_name(name: str) -> bool:
    """The same as `golang.domains.is_domain_name` for a name each character of which is one octet."""
    if len(name) < 254 and PLAIN_NAME.fullmatch(name):
        return True
    if name == ".":
        return True
    if not name.endswith(".") or (len(name) - len(name[:-1].rstrip("\\"))) % 2 == 0:
        name += "."
    return is_domain_name_in_octets(name.encode("latin-1"))


def absolute_name(name: str, origin: str) -> str | None:
    """`name` as it stands in a master file below `origin`; None where that is no name. An empty origin is none."""
    if name == "@":
        return origin or None
    if not name or name == "\n" or not _is_domain_name(name):
        return None
    if not name.isascii():
        name = "".join([x if x < "\x7f" else f"\\{ord(x):03d}" for x in name])
    full = fqdn(name)
    if full == name:
        return normal_name(name)
    if not origin:
        return None
    return normal_name(full) if origin == "." else normal_name(full) + origin
