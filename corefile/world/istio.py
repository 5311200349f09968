"""Istio's DNS of 2018 as an upstream: the hosts of ServiceEntry objects, as istio-coredns-plugin serves them.

It answers A questions for hosts whose entry has addresses, and everything else with NXDOMAIN. A host `*.global.test`
stands for every name below `global.test.`, however deep, but not for `global.test.` itself; the longest such host wins,
and an exact one before all. A wildcard needs two labels besides the `*`. Names are compared letter by letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..dns.codes import IN, NXDOMAIN, A
from ..dns.message import Msg
from ..dns.names import labels
from ..dns.rdata.encodings import pack_ipv4
from ..dns.rr import RR

if TYPE_CHECKING:
    from .world import World

TTL = 3600


class Istio:
    """The ServiceEntry objects of `world` as a DNS server.

    default: the address of entries that give none; without it they are left out. `mappings` are the addresses by host
    (`.global.test.` for a wildcard), `log` the lines that the real one writes about them.
    """

    speaks_msg = True

    def __init__(self, world: World, default: str | None = None) -> None:
        self.world = world
        self.default = default
        self.mappings: dict[str, tuple[str, ...]] = {}
        self.log: list[str] = []
        self._seen: Any = None
        self._read()

    def __call__(self, msg: Msg) -> Msg:
        """The reply to `msg`."""
        if self.world.cluster is not self._seen:
            self._read()
        reply = msg.reply()
        reply.aa = True
        question = msg.question
        if question is not None and question[1] == A:
            reply.answer = [RR(question[0], A, IN, TTL, (ip,)) for ip in self.addresses(question[0])]
        if not reply.answer:
            reply.rcode = NXDOMAIN
        return reply

    def addresses(self, name: str) -> tuple[str, ...]:
        """The addresses of `name` (with its trailing dot); none where no entry has it."""
        found = self.mappings.get(name)
        if found is not None:
            return found
        parts = labels(name)
        for i in range(1, len(parts) - 1):
            found = self.mappings.get(f".{'.'.join(parts[i:])}.")
            if found is not None:
                return found
        return ()

    def _read(self) -> None:
        self._seen = self.world.cluster
        found: dict[str, list[tuple[str, ...]]] = {}
        for entry in self._seen.entries if self._seen is not None else ():
            spec = entry.get("spec") or {}
            if str(spec.get("resolution") or "NONE") == "NONE":  # as an entry without `resolution` is, too
                continue
            given = [str(x) for x in spec.get("addresses") or ()] or ([self.default] if self.default else [])
            addresses = tuple(x for x in given if _is_ipv4(x))
            if not addresses:
                continue
            for host in map(str, spec.get("hosts") or ()):
                key = _key(host)
                if key and addresses not in found.setdefault(key, []):
                    found[key].append(addresses)
        self.mappings = {
            key: self.world.choose(some, f"istio: which of the entries for {key} counts") for key, some in found.items()
        }
        self.log = [f"adding DNS mapping: {key} ->[{' '.join(ips)}]" for key, ips in self.mappings.items()]


def _key(host: str) -> str:
    """The name that a host is found by; '' for one that Istio itself refuses (no dot, or a `*` that is no label)."""
    if "*" not in host:
        return f"{host}." if "." in host else ""
    return f".{host[2:]}." if host.startswith("*.") and "*" not in host[2:] and host[2:] else ""


def _is_ipv4(text: str) -> bool:
    try:
        pack_ipv4(text)
    except ValueError:
        return False
    return True


__all__ = ["Istio"]
