"""A first test of a Corefile: the names that its plugins tell apart, with what they are answered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from ..api import Server
from ..classes.landscape import Landscape
from ..dns.names import longest_match
from ..findings import LIMITS, CorefileError, Limits
from ..golang.addresses import EVERYWHERE, join_port
from ..light import NamedTuple, regex
from ..releases import Release
from ..world.files import STAND_IN
from .cases import Case, run_all
from .observe import PROBE, observe
from .steps import expectation
from .update import in_brief, scalar, updated

MOST = 40
"""How many names a first test has."""
USUAL = "127.0.0.1:53"
"""The address that a step asks by itself."""
OUTSIDE = "www.example.com."
"""A name that is in none of the zones, unless they are very wide."""


def first_test(
    corefile: str,
    cluster: str | None,
    release: Release,
    folder: str,
    within: str | None = None,
    limits: Limits = LIMITS,
) -> str:
    """The text of a test in `folder` for a Corefile, or the ConfigMap or folder that it is in, and the objects of a cluster,
    both given as paths. Raises BadTest and CorefileError where they cannot be used."""
    data: dict[str, Any] = {"coredns": str(release.version), "corefile": _beside(corefile, folder)}
    if cluster is not None:
        data["cluster"] = _beside(cluster, folder)
    case = Case(os.path.join(folder, "dns.yaml"), data, within, limits)
    server = case.server()
    server.start()
    landscape = Landscape(server)
    ways = _ways(server) or [_Way({}, (".",))]
    first = _First(server, landscape, ways)
    first.ask()
    for client in _clients(landscape) if first.refuses else ():
        other = _First(server, landscape, ways, client)
        other.ask()
        if not other.refuses:
            first, data["client"] = other, client
            break
    about = f"names of {os.path.basename(os.path.abspath(corefile))}, as CoreDNS {release.version} answers them"
    out = [f"about: {scalar(about, block=True)}"]
    out += [f"{key}: {scalar(value)}" for key, value in data.items()]
    out += _silent(first.lost, server)
    first.rows = {number: rows for number, rows in first.rows.items() if rows} or first.last_resort()
    usual = first.rows.pop(0, []) if not ways[0].keys else []
    out += ["names:", *(f"  {row}" for row in usual)] if usual else []
    out += ["steps:"] if first.rows else []
    for number, rows in first.rows.items():
        keys = [f"{key}: {'false' if value is False else scalar(value)}" for key, value in ways[number].keys.items()]
        out += [f"- {keys[0]}", *(f"  {key}" for key in keys[1:]), "  names:", *(f"    {row}" for row in rows)]
    return _as_run(case.path, "\n".join(out) + "\n", within, limits)


def _as_run(path: str, text: str, within: str | None, limits: Limits) -> str:
    """The test with what its steps are answered one after the other: each was asked of a server of its own, and some plugins
    (`erratic`, say) answer the second question otherwise than the first."""
    result = run_all(Case.in_text(path, text, within, limits))
    return text if result["passed"] else updated(text, result).text


class _Way(NamedTuple):
    """How a listener is asked. keys: of a step; none for what a step does by itself. zones: those that are served
    there."""

    keys: dict[str, Any]
    zones: tuple[str, ...]


def _ways(server: Server) -> list[_Way]:
    """A way to ask each listener, the usual one first: where plain DNS over UDP is spoken at 127.0.0.1:53. Those that give no
    reply, as without a certificate, are left out."""
    out: list[_Way] = []
    for listener in server.process.instance.listeners:
        host = "127.0.0.1" if listener.host in EVERYWHERE else listener.host
        to = join_port(host, listener.port)
        if listener.transport == "dns":
            usual = to == USUAL
            if usual and out and not out[0].keys:  # one that is bound there, and one that is bound everywhere
                out[0] = _Way({}, (*out[0].zones, *listener.zones))
            else:
                out.insert(0 if usual else len(out), _Way({} if usual else {"to": to}, tuple(listener.zones)))
            continue
        for more in ({}, {"tls": False}):
            keys = {"to": to, "transport": listener.transport, **more}
            try:
                actual, _ = observe(server.copy(), _step(f"{OUTSIDE} A", keys))
            except (CorefileError, ValueError):
                continue
            if "rcode" in actual:
                out.append(_Way(keys, tuple(listener.zones)))
                break
    return out


def _step(query: str, keys: dict[str, Any], client: str | None = None) -> dict[str, Any]:
    return {"query": query, "timeout": 30, **keys, **({"from": client} if client else {})}


class _First:
    """The first questions, from one client. rows: what was answered, by the number of the way. lost: zones, or a name, without
    an answer, by the address that was asked for it. refuses: whether every answer is REFUSED, as where the client is not let
    in."""

    def __init__(self, server: Server, landscape: Landscape, ways: list[_Way], client: str | None = None) -> None:
        self.server = server
        self.landscape = landscape
        self.ways = ways
        self.client = client
        self.rows: dict[int, list[str]] = {}
        self.lost: dict[str, list[str]] = {}
        self.refuses = True

    def ask(self) -> None:
        """Ask them in each way, until there are enough answers. What one way has shown is no row of another one."""
        known: set[str] = set()
        for number, way in enumerate(self.ways):
            rows = self.rows[number] = []
            for query, present in _queries(self.landscape):
                if len(known) >= MOST:
                    return
                if not self._is_served(query.partition(" ")[0], number):
                    continue
                row = self._row(query, present, way)
                if row and row not in known:
                    known.add(row)
                    rows.append(row)

    def _is_served(self, name: str, number: int) -> bool:
        """Whether the server of a way has a zone of the name, or is the first one and no other has one."""
        served = [longest_match(way.zones, name) is not None for way in self.ways]
        return served[number] or (number == 0 and not any(served))

    def last_resort(self) -> dict[int, list[str]]:
        """A row for a name that nothing knows, as it is answered, where there is no other."""
        for number, way in enumerate(self.ways):
            try:
                actual, _ = observe(self.server.copy(), _step(f"{OUTSIDE} A", way.keys, self.client))
            except (CorefileError, ValueError):
                continue
            if "rcode" in actual or "reply" in actual:
                return {number: [f"{OUTSIDE}: {in_brief(actual, 'A')}"]}
        return {0: [f"{OUTSIDE}: SERVFAIL"]}

    def _row(self, query: str, present: bool, way: _Way) -> str:
        """A question with its answer; '' where it is not worth a line."""
        asked: list[str] = []
        server = self.server.copy()
        server.process.network.seen = lambda address, _: asked.append(address)
        try:
            actual, _ = observe(server, _step(query, way.keys, self.client))
        except (CorefileError, ValueError):
            return ""
        name, kind = query.split()
        failed = actual.get("rcode") in (None, "SERVFAIL")
        self.refuses &= actual.get("rcode") == "REFUSED"
        if "wire" in actual or (failed and present):
            return ""
        if failed and asked:
            for address in dict.fromkeys(asked):
                self.lost.setdefault(address, []).append(name.removeprefix("no-such-name."))
        elif "rcode" in actual and (not present or actual.get("answer")):
            brief = in_brief(actual, kind)
            if expectation(brief)["rcode"] == actual["rcode"]:
                return f"{scalar(name if kind == 'A' and brief != 'NODATA' else query)}: {brief}"
        return ""


def _clients(landscape: Landscape) -> Iterator[str]:
    """A client in each network that plugins tell apart."""
    for network in dict.fromkeys(landscape.networks):
        kind: Any = IPv4Address if network.bits == 32 else IPv6Address
        yield str(kind(network.address + int(network.prefix < network.bits - 1)))


def _silent(lost: dict[str, list[str]], server: Server) -> list[str]:
    """Comments that say where nothing answers yet, and how to say what does."""
    if not lost:
        return []
    places, upstreams, files = [], [], []
    for asked, given in list(lost.items())[:3]:
        names = list(dict.fromkeys(given))
        ip, _, port = asked.rpartition(":")
        address = ip if port == "53" else asked
        where = address
        if ip == STAND_IN and "/etc/resolv.conf" in server.world.assumed:
            where = "the name server of /etc/resolv.conf"
            files = ["# files:", f"#   /etc/resolv.conf: nameserver {STAND_IN}"]
        more = ", ..." if len(names) > 3 else ""
        places.append(f"# Nothing answers yet at {where}, which is asked for {', '.join(names[:3])}{more}")
        name = next((n if n == OUTSIDE else f"www.{n}" for n in names if not n.endswith(".arpa.")), OUTSIDE)
        upstreams.append(f"#   {scalar(address)}: {name} 300 IN A 192.0.2.80")
    return [*places, "# Say what does:", *files, "# upstreams:", *upstreams]


def _beside(path: str, folder: str) -> str:
    relative = os.path.relpath(path, folder)
    return relative if relative.startswith("..") else "./" if relative == "." else f"./{relative}"


BLANK = regex(r"\\?(\s)")


def _queries(landscape: Landscape) -> Iterator[tuple[str, bool]]:
    """Questions for the names that something tells apart, and whether they are worth a line only where a record comes; then one
    for a name that nothing knows in each zone, and for one outside of all."""
    names = [name for name in landscape.nodes if name != "." and "*" not in name and not PROBE.match(name)]
    names.sort(key=lambda name: name.split(".")[::-1])
    names = [BLANK.sub(lambda match: f"\\{ord(match[1]):03}", name) for name in names]  # a step's words end at a blank
    for name in names:
        for kind in ("PTR",) if name.endswith(".arpa.") else ("A", "AAAA"):
            yield f"{name} {kind}", True
    yield f"{OUTSIDE} A", False
    zones = {zone for site in landscape.nodes.values() for zone in _zones(site)} - {"."}
    for zone in sorted(z for z in zones if not any(z != above and z.endswith(f".{above}") for above in zones)):
        yield f"no-such-name.{zone} {'PTR' if zone.endswith('.arpa.') else 'A'}", False


def _zones(node: Any) -> Iterator[str]:
    for mark in node.marks:
        if mark[0] == "zone" or getattr(mark[1], "__name__", "") == "Below":
            yield node.name


__all__ = ["first_test"]
