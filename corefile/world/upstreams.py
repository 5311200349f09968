"""What answers at the addresses around a CoreDNS: zone text, another CoreDNS, a function, or a fault."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypedDict, Union, get_args

from ..dns.codes import rcode_number
from ..findings import Source
from ..findings.limits import LIMITS, TooLarge
from ..golang.addresses import parse_ip
from .files import Content

DEFAULT_SOA = ". 3600 IN SOA ns.invalid. hostmaster.invalid. 1 7200 3600 1209600 300"
"""The SOA record of an upstream given as records without one."""

FaultKind = Literal["timeout", "refused", "unreachable", "truncated", "rcode"]
FAULTS: tuple[str, ...] = get_args(FaultKind)


class Fault:
    """An upstream that misbehaves: `Fault.timeout()` and so on, or `Fault("timeout")`.

    kind: 'timeout' (no answer comes), 'refused' (the connection is), 'unreachable', 'truncated' (every UDP answer is
    empty with TC set; TCP times out) or 'rcode' (every answer has this response code and nothing else). code: the
    response code's name. Raises ValueError for any other.

    >>> Fault.rcode("NXDOMAIN")
    Fault.rcode('NXDOMAIN')
    >>> Fault("timout")
    Traceback (most recent call last):
    ValueError: there is no fault 'timout': did you mean 'timeout'?
    """

    __slots__ = ("code", "kind")

    def __init__(self, kind: FaultKind, code: str = "SERVFAIL") -> None:
        if kind not in FAULTS:
            raise ValueError(f"there is no fault {kind!r}{_nearest(kind, FAULTS)}")
        self.kind = kind
        self.code = rcode_name(code)

    @classmethod
    def timeout(cls) -> Fault:
        """No answer comes."""
        return cls("timeout")

    @classmethod
    def refused(cls) -> Fault:
        """Nothing listens there: the connection is refused."""
        return cls("refused")

    @classmethod
    def unreachable(cls) -> Fault:
        """There is no way to the address."""
        return cls("unreachable")

    @classmethod
    def truncated(cls) -> Fault:
        """Every answer over UDP is empty with TC set; TCP times out."""
        return cls("truncated")

    @classmethod
    def rcode(cls, code: str) -> Fault:
        """Every answer has this response code, such as SERVFAIL, and nothing else."""
        return cls("rcode", code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fault) and (self.kind, self.code) == (other.kind, other.code)

    def __hash__(self) -> int:
        return hash((self.kind, self.code))

    def __repr__(self) -> str:
        return f"Fault.rcode({self.code!r})" if self.kind == "rcode" else f"Fault.{self.kind}()"


class AnotherCoreDNS(TypedDict, total=False):
    """A CoreDNS of its own: its Corefile, the files that it names and their folder on disk, its release (default: the
    newest), and whether it is in the same cluster (default: it is)."""

    corefile: str | Source
    files: Mapping[str, Content]
    root: str
    coredns: str
    cluster: bool


class FaultByName(TypedDict):
    """A fault by the name of its kind."""

    fault: str


class CodeByName(TypedDict):
    """Every answer has this response code."""

    rcode: str


class IstioDNS(TypedDict):
    """Istio's CoreDNS of 2018, with the ServiceEntries of the cluster. `default`: the address of those without one."""

    istio: bool | Mapping[str, str | None]


Upstream = Union[
    str, "os.PathLike[str]", AnotherCoreDNS, FaultByName, CodeByName, IstioDNS, Fault, Callable[[Any], Any], None
]
"""Zone text, a file (a zone, a Corefile or a ConfigMap with one), a mapping, a fault, a function from a
`dnslib.DNSRecord` to the reply, None (no answer) or a `Fault`, or None, where nothing listens."""

_KEYS: Mapping[str, tuple[str, ...]] = {
    "corefile": ("corefile", "files", "root", "coredns", "cluster"),
    "fault": ("fault",),
    "rcode": ("rcode",),
    "istio": ("istio",),
}


class Upstreams(dict[str, Any]):
    """Upstreams by address. What is put there, replaced or taken away holds for the next packet; `version` counts these
    changes. It is looked at where it is put there: see `checked` for the errors.

    >>> upstreams = Upstreams()
    >>> upstreams["10.0.0.53"] = "www.example.org. 60 IN A 192.0.2.1"
    >>> upstreams["10.0.0.53"] = None
    >>> upstreams
    {'10.0.0.53': Fault.refused()}
    """

    version = 0

    @classmethod
    def unchecked(cls, given: Mapping[str, Any]) -> Upstreams:
        """Upstreams that have been looked at already."""
        self = cls()
        dict.update(self, given)
        return self

    def __setitem__(self, where: str, upstream: Upstream) -> None:
        super().__setitem__(str(where), _checked(_address(where), upstream))
        self.version += 1

    def __delitem__(self, where: str) -> None:
        super().__delitem__(where)
        self.version += 1

    def update(self, *given: Any, **named: Upstream) -> None:
        """Put upstreams there; none of them if one is wrong."""
        found = {str(w): _checked(_address(w), u) for w, u in dict(*given, **named).items()}
        super().update(found)
        self.version += 1

    def __ior__(self, given: Any) -> Upstreams:  # type: ignore[override,misc]
        self.update(given)
        return self

    def setdefault(self, where: str, upstream: Any = None) -> Any:
        """What is there, or what is put there."""
        if where not in self:
            self[where] = upstream
        return self[where]

    def pop(self, where: str, *otherwise: Any) -> Any:
        """Take one away."""
        self.version += 1
        return super().pop(where, *otherwise)

    def popitem(self) -> tuple[str, Any]:
        """Take the last one away."""
        self.version += 1
        return super().popitem()

    def clear(self) -> None:
        """Take all away."""
        self.version += 1
        super().clear()

    def __deepcopy__(self, memo: dict[int, Any]) -> Upstreams:
        from copy import deepcopy

        other = memo[id(self)] = Upstreams()
        dict.update(other, {where: deepcopy(upstream, memo) for where, upstream in self.items()})
        other.version = self.version
        return other


def checked(upstreams: Mapping[str, Upstream] | None) -> Upstreams:
    """Upstreams by address, files read. Raises ValueError and TypeError for what is none, with its address; OSError for
    a file that cannot be read."""
    if isinstance(upstreams, Upstreams):
        return upstreams
    if not isinstance(upstreams, Mapping | None):
        raise TypeError(f"upstreams are a mapping from address to what answers there, not {upstreams!r:.60}")
    found = Upstreams()
    found.update(upstreams or {})
    found.version = 0
    return found


def _address(where: object) -> str:
    words = str(where)
    if ip_of(words) is None:
        raise ValueError(f"upstream {words}: an IP address is needed, such as 10.0.0.53 or [fd00::1]:5353")
    return words


def _checked(where: str, upstream: Any) -> Any:
    if isinstance(upstream, os.PathLike):
        upstream = in_file(os.fspath(upstream), where)
    if isinstance(upstream, str):
        wrong = wrong_zone(upstream)
        if wrong is not None:
            raise ValueError(f"upstream {where}: not records of a zone file, {wrong}{_meant(upstream)}")
        return upstream
    if isinstance(upstream, Mapping):
        return _mapping(where, upstream)
    if upstream is None:
        return Fault.refused()
    if isinstance(upstream, Fault) or callable(upstream):
        return upstream
    raise TypeError(
        f"upstream {where}: zone text, a pathlib.Path, a mapping with corefile, fault, rcode or istio, a Fault or a "
        f"function is needed, not {upstream!r:.40}"
    )


def _meant(text: str) -> str:
    """What one word in place of records may stand for."""
    if text in FAULTS:
        return f"; a fault is given as Fault({text!r})"
    return f"; a path is given as pathlib.Path({text!r})" if text and not text.split()[1:] else ""


def _mapping(where: str, upstream: Mapping[str, Any]) -> dict[str, Any]:
    kinds = [key for key in _KEYS if key in upstream]
    if len(kinds) != 1:
        close = next((_nearest(str(key), tuple(_KEYS), "") for key in upstream if key not in _KEYS["corefile"]), "")
        given = f", not {', '.join(map(str, upstream)) or 'none'}{close}"
        raise ValueError(f"upstream {where}: one of corefile, fault, rcode or istio is needed{given}")
    known = _KEYS[kinds[0]]
    for key in upstream:
        if key not in known:
            raise ValueError(f"upstream {where}: {key!r} does not go with {kinds[0]}{_nearest(str(key), known)}")
    try:
        if "fault" in upstream:
            return {"fault": Fault(upstream["fault"]).kind}
        if "rcode" in upstream:
            return {"rcode": rcode_name(upstream["rcode"])}
    except ValueError as error:
        raise ValueError(f"upstream {where}: {error}") from None
    if "corefile" in upstream:
        if not isinstance(upstream["corefile"], str | Source):
            raise TypeError(f"upstream {where}: a corefile is text, not {upstream['corefile']!r:.40}")
        if not isinstance(upstream.get("files") or {}, Mapping):
            raise TypeError(f"upstream {where}: files are a mapping from path to text, not {upstream['files']!r:.40}")
        if upstream.get("coredns"):
            from ..releases import find

            find(str(upstream["coredns"]))
    return dict(upstream)


def ip_of(text: str) -> str | None:
    """The IP address in `IP`, `IP:PORT`, `[IPv6]:PORT`; None for anything else."""
    m = re.fullmatch(r"\[([^\]]+)\](?::([0-9]{1,5}))?|([^:\[\]]*):([0-9]{1,5})|([^\[\]]+)", text)
    ip = m and (m[1] or m[3] or m[5])
    if not m or not ip or int(m[2] or m[4] or 0) > 65535 or parse_ip(ip.partition("%")[0]) is None:
        return None
    return ip


def in_file(path: str, where: str) -> Upstream:
    """The upstream in a file: zone text, a Corefile, or a ConfigMap with one. Raises OSError, ValueError."""
    from .corefiles import corefiles, read_text

    text = read_text(path)
    if looks_like_corefile(text):
        found = corefiles([path]).found
        if not found:
            raise ValueError(f"upstream {where}: there is no Corefile in {path}")
        return {"corefile": found[0].source, "files": found[0].around, "root": found[0].root}
    return text


def looks_like_corefile(text: str) -> bool:
    """Whether a file is a Corefile, or a manifest, rather than a zone file: a line that ends in an opening brace tells."""
    from .corefiles import looks_like_manifest

    return looks_like_manifest(text) or re.search(r"^[ \t]*[^;\s][^;\n]*\{[ \t\r]*$", text, re.M) is not None


def whole_zone(given: str) -> str:
    """Zone text with an SOA record, which stands in front where it has none; the TTL of records without one is its. A byte
    order mark is left out."""
    given = given.removeprefix("\ufeff")
    return given if re.search(r"\bSOA\b", given) else f"{DEFAULT_SOA}\n{given}"


def wrong_zone(given: str) -> str | None:
    """What is wrong with zone text, and in which line; None where it is fine. Beyond the default limit of records it is
    not read: the server that is made of it says that it is too large."""
    from ..dns.zonefile import Budget, ZoneError, parse

    given = given.removeprefix("\ufeff")
    text = whole_zone(given)
    try:
        for _ in parse(text + "\n", ".", budget=Budget(LIMITS.records)):
            pass
    except TooLarge:
        return None
    except ZoneError as error:
        return f"line {error.line - (text is not given)}: {error.message}: {error.text!r}"
    return None


def rcode_name(code: object) -> str:
    """The name of a response code. Raises ValueError."""
    try:
        rcode_number(str(code).upper())
    except (KeyError, ValueError):
        raise ValueError(f"there is no response code {code!r} (such as SERVFAIL)") from None
    return str(code).upper()


def _nearest(word: object, words: tuple[str, ...], otherwise: str | None = None) -> str:
    from difflib import get_close_matches

    close = get_close_matches(str(word), words, n=1)
    if close:
        return f": did you mean {close[0]!r}?"
    return f" (one of {', '.join(words)})" if otherwise is None else otherwise


__all__ = [
    "FAULTS",
    "Fault",
    "FaultKind",
    "Upstream",
    "Upstreams",
    "checked",
    "in_file",
    "ip_of",
    "looks_like_corefile",
    "wrong_zone",
]
