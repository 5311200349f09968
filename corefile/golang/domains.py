"""Domain names as github.com/miekg/dns takes them, by the release of CoreDNS whose version of it is asked for."""

from __future__ import annotations

from ..releases import LATEST, Release
from ..releases.rules import ReleaseRules, since, until


class DomainRules(ReleaseRules):
    """What differs between releases."""

    empty_names = until("1.3.1", "the empty text is a name (miekg/dns 1.1.2)")
    sees_escapes = since("1.3.1", "a dot at the end may be escaped")
    counts_octets = until(
        "1.11.0", "a letter of several bytes in front of it counts as that many escapes, also where there are none"
    )
    leading_dots = until("1.9.4", "a name may begin with a dot (miekg/dns 1.1.50)")
    dangling_escapes = until("1.11.4", "it may end in a backslash (miekg/dns 1.1.59)")


def fqdn(name: str, release: Release | None = None) -> str:
    """`name` with a dot at its end, unless it has one that is not escaped. The newest release is meant without one.

    A letter of several bytes in front of the escapes counts as that many of them.

    >>> fqdn("a.b"), fqdn("a.b."), fqdn(r"a.b\\.")
    ('a.b.', 'a.b.', 'a.b\\\\..')
    """
    if not name.endswith("."):
        return name + "."
    front = name[:-1]
    escaped = front.endswith("\\")
    if not escaped and front.isascii():
        return name
    rules = DomainRules.of(release or LATEST)
    if not rules.sees_escapes or not (escaped or rules.counts_octets):
        return name
    bare = front.rstrip("\\")
    escapes = len(front) - len(bare) + len(bare[-1:].encode("utf-8", "surrogatepass"))
    return name if (escapes if bare else escapes + 1) % 2 else name + "."


def is_domain_name(name: str, release: Release | None = None) -> bool:
    """Whether the release takes it for a domain name. It need not be fully qualified."""
    if not name:
        return DomainRules.of(release or LATEST).empty_names
    if len(name) < 64 and "\\" not in name and ".." not in name and name[0] != "." and name.isascii():
        return True
    return is_domain_name_in_octets(fqdn(name, release).encode("utf-8", "surrogatepass"), release)


def is_domain_name_in_octets(data: bytes, release: Release | None = None) -> bool:
    """The same for the octets of a name that is not empty and ends in a dot."""
    end = len(data)
    rules = DomainRules.of(release or LATEST)
    at = begin = length = 0
    dot = escape = False
    while at < end:
        char = data[at]
        if char == 0x5C:
            escape = not escape
            if length + 1 > 256:
                return False
            number = data[at + 1 : at + 4]
            step = 3 if len(number) == 3 and number.isdigit() else 1
            at += step
            begin += step
            dot = False
        elif char == 0x2E:
            escape = False
            if dot or (at == 0 and end > 1 and not rules.leading_dots):
                return False
            dot = True
            if at - begin >= 64:
                return False
            length += 1 + at - begin
            if length > 256:
                return False
            begin = at + 1
        else:
            escape = dot = False
        at += 1
    return rules.dangling_escapes or not escape


def lower(text: str) -> str:
    """Go's strings.ToLower: letter by letter, where Python minds the neighbours (the Greek final sigma)."""
    return text.lower() if text.isascii() else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
