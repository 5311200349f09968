"""What NodeLocal DNSCache makes of the Corefile in its ConfigMap before CoreDNS reads it.

Source: cmd/node-cache/app (configmap.go, cache_app.go, main.go) and pkg/dns/config of github.com/kubernetes/dns. It writes
addresses in place of four words, and a server block for each stub domain of kube-dns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from ..findings import Embedding, Source
from ..golang.addresses import parse_ip
from ..light import NamedTuple, regex
from .workloads import argument

if TYPE_CHECKING:
    from .cluster import Cluster
    from .world import World

CLUSTER_DNS = "__PILLAR__CLUSTER__DNS__"
UPSTREAMS = "__PILLAR__UPSTREAM__SERVERS__"
LOCAL = "__PILLAR__LOCAL__DNS__"
SERVER = "__PILLAR__DNS__SERVER__"
_WORD = regex("|".join((CLUSTER_DNS, UPSTREAMS, LOCAL, SERVER)))

STAND_IN = "192.0.2.10"
"""The cluster's DNS where its address is not known: an address for documentation (RFC 5737)."""
SERVICES = ("kube-dns-upstream", "kube-dns")
"""The Services whose address is the cluster's DNS: the one of the documented manifest, and the default of `-upstreamsvc`."""
CONFIG = "kube-dns"
"""The ConfigMap with `upstreamNameservers` and `stubDomains`."""
NAMESPACE = "kube-system"
RESOLV_CONF = "/etc/resolv.conf"
_OVER_TCP = f"\n    forward . {UPSTREAMS} {{\n            force_tcp\n    }}\n"
_OVER_UDP = f"\n    forward . {UPSTREAMS}\n"
_BIND = regex(r"^[ \t]*bind[ \t]+([^#\n]*)", 8)


class Filling(NamedTuple):
    """A word of the ConfigMap, and what stands in its place. whence: whose the value is; '' where it is not known."""

    word: str
    value: str
    whence: str

    @property
    def assumed(self) -> str:
        """What the world says of it, as `World.assumed` has it."""
        return f"{self.word}={self.value}"

    def __str__(self) -> str:
        if self.whence:
            return f"NodeLocal DNSCache puts {self.value} ({self.whence}) in the place of `{self.word}`"
        return (
            f"NodeLocal DNSCache puts the address of Service {SERVICES[0]} in the place of `{self.word}`; {self.value} stands "
            "in for it: --cluster FILE with that Service gives it"
        )


class Filled(NamedTuple):
    """A Corefile as CoreDNS reads it, and what was put into it."""

    source: Source
    fillings: tuple[Filling, ...] = ()


def filled(source: Source, world: World) -> Filled:
    """The Corefile with what NodeLocal DNSCache puts in, where it has words for that; each word of it stands where the one
    in its place stood. The world has it as assumed."""
    if not _WORD.search(source.text):
        return Filled(source)
    found = _Cluster(world.given_cluster)
    bound = {word for words in _BIND.findall(source.text) for word in words.split()}
    values = {
        CLUSTER_DNS: found.cluster_dns(bound) or (STAND_IN, ""),
        UPSTREAMS: found.upstreams() or (RESOLV_CONF, f"no ConfigMap {CONFIG} has `upstreamNameservers`"),
    }
    local = found.local()
    if local:
        values |= {LOCAL: (" ".join(local), "-localip"), SERVER: ("", "-localip has all addresses")}
    text = source.text
    edits: list[tuple[int, int, str]] = []
    at = 0
    while values[UPSTREAMS][0] != RESOLV_CONF and (at := text.find(_OVER_TCP, at)) >= 0:
        edits.append((at + len(_OVER_UDP) - 1, at + len(_OVER_TCP), "\n"))
        at += len(_OVER_TCP) - 1
    edits += [(m.start(), m.end(), values[m[0]][0]) for m in _WORD.finditer(text) if m[0] in values]
    if not local and (bind := _BIND.search(text)) is not None:
        local = _WORD.sub("", bind[1]).split()
    edits.append((len(text), len(text), "".join(_stub_domains(found.config.get("stubDomains"), local))))
    used = {m[0] for m in _WORD.finditer(text)}
    fillings = tuple(Filling(word, *value) for word, value in values.items() if word in used)
    for one in fillings:
        world.note_assumed(one.assumed)
    return Filled(_edited(source, sorted(edits)), fillings)


def _edited(source: Source, edits: Sequence[tuple[int, int, str]]) -> Source:
    """The text with other words in places of it, which don't overlap."""
    text = ""
    at = 0
    pairs: list[tuple[int, int]] = []
    for start, end, words in edits:
        pairs += [(len(text), at), (len(text) + start - at, start)]
        text += source.text[at:start] + words
        at = end
    pairs.append((len(text), at))
    text += source.text[at:]
    outer = source.embedding
    if outer is None:
        return Source(source.path, text, source.name, Embedding(source.text, _rising(pairs), ""))
    inner = [(start, place) for start, place in outer.pairs]
    joined: list[tuple[int, int]] = []
    for number, (start, place) in enumerate(pairs):
        joined.append((start, outer.offset(place)))
        stop = pairs[number + 1][0] if number + 1 < len(pairs) else len(text)
        joined += [(start + p - place, o) for p, o in inner if place < p < place + stop - start]
    return Source(source.path, text, source.name, Embedding(outer.text, _rising(joined), outer.context))


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The last place of each beginning."""
    return sorted(dict(pairs).items())


def _stub_domains(given: Any, local: Sequence[str]) -> Iterator[str]:
    """The server blocks for the stub domains of kube-dns."""
    for domain, servers in given.items() if isinstance(given, Mapping) else ():
        if isinstance(servers, list) and servers:
            bind = " ".join(local)
            asked = " ".join(map(str, servers))
            yield f"\n{domain}:53 {{\n    errors\n    cache 30\n    bind {bind}\n    forward . {asked}\n}}\n"


class _Cluster:
    """What a cluster says of its NodeLocal DNSCache."""

    def __init__(self, cluster: Cluster | None) -> None:
        self.cluster = cluster
        self.config = self._config()

    def cluster_dns(self, bound: Set[str]) -> tuple[str, str] | None:
        """The address of the cluster's DNS, and whose it is. bound: where NodeLocal DNSCache answers itself, in place of a
        Service: it asks another one then, which is not among those given."""
        services = [] if self.cluster is None else self.cluster.services
        named = self._argument("upstreamsvc")
        for name in (named,) if named else SERVICES:
            having = [
                s for s in services if s.name == name and s.cluster_ips and parse_ip(s.cluster_ips[0]) is not None
            ]
            having = [s for s in having if named or s.cluster_ips[0] not in bound]
            having.sort(key=lambda s: s.namespace != NAMESPACE)
            if having:
                return having[0].cluster_ips[0], f"Service {having[0].namespace}/{having[0].name}"
        return None

    def upstreams(self) -> tuple[str, str] | None:
        """The name servers of kube-dns's ConfigMap, and whose they are."""
        given = self.config.get("upstreamNameservers")
        if not isinstance(given, list) or not given:
            return None
        return " ".join(map(str, given)), f"upstreamNameservers of ConfigMap {NAMESPACE}/{CONFIG}"

    def local(self) -> list[str]:
        """The addresses that it listens at."""
        return [ip for ip in self._argument("localip").split(",") if parse_ip(ip) is not None]

    def _config(self) -> dict[str, Any]:
        """The values of kube-dns's ConfigMap that can be read; none where one of them cannot, as none counts then."""
        for item in () if self.cluster is None else self.cluster.objects.get("ConfigMap", ()):
            metadata, data = item.get("metadata") or {}, item.get("data") or {}
            if (metadata.get("name"), metadata.get("namespace")) != (CONFIG, NAMESPACE) or not isinstance(
                data, Mapping
            ):
                continue
            try:
                return {
                    name: json.loads(str(data[name])) for name in ("upstreamNameservers", "stubDomains") if name in data
                }
            except (ValueError, RecursionError):
                return {}
        return {}

    def _argument(self, name: str) -> str:
        """What its DaemonSet gives node-cache as an argument; '' where it does not."""
        for item in () if self.cluster is None else self.cluster.objects.get("DaemonSet", ()):
            pod: Any = item
            for step in ("spec", "template", "spec"):
                pod = pod.get(step) if isinstance(pod, Mapping) else None
            containers = pod.get("containers") if isinstance(pod, Mapping) else None
            for container in containers if isinstance(containers, list) else ():
                if not isinstance(container, Mapping) or "node-cache" not in str(container.get("image")):
                    continue
                found = argument([str(w) for key in ("command", "args") for w in container.get(key) or ()], name)
                if found:
                    return found
        return ""


__all__ = ["Filled", "Filling", "filled"]
