"""A first test of a Corefile: the names that its plugins tell apart, with what they are answered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from ..classes.landscape import Landscape
from ..findings import LIMITS, CorefileError, Limits
from ..releases import Release
from .cases import Case
from .observe import observe
from .steps import expectation
from .update import in_brief, scalar

MOST = 40
"""How many names a first test has."""


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
    out = [f"about: names of {os.path.basename(os.path.normpath(corefile))}, as CoreDNS {release.version} answers them"]
    out += [f"{key}: {scalar(value)}" for key, value in data.items()]
    rows: list[str] = []
    lost: list[str] = []
    for query, present in _queries(Landscape(server)):
        if len(rows) >= MOST:
            break
        step = {"query": query, "timeout": 30}
        try:
            actual, _ = observe(server.copy(), step)
        except (CorefileError, ValueError):
            continue
        if actual.get("rcode") in (None, "SERVFAIL") and "wire" not in actual:
            if not present:
                lost.append(query.split()[0].removeprefix("no-such-name."))
        elif "wire" not in actual and (not present or actual.get("answer")):
            name, kind = query.split()
            brief = in_brief(actual, kind)
            asked = name if kind == "A" and brief != "NODATA" else query
            if expectation(brief)["rcode"] == actual["rcode"]:
                rows.append(f"  {asked}: {brief}")
    if lost:
        out += [
            f"# No answer came for names of {', '.join(dict.fromkeys(lost[:3]))}: where these are forwarded, say who answers.",
            "# upstreams:",
            "#   10.0.0.53: www.example.com. 300 IN A 192.0.2.80",
        ]
    return "\n".join([*out, "names:", *(rows or ["  example.com: REFUSED"])]) + "\n"


def _beside(path: str, folder: str) -> str:
    relative = os.path.relpath(path, folder)
    return relative if relative.startswith("..") else f"./{relative}"


def _queries(landscape: Landscape) -> Iterator[tuple[str, bool]]:
    """Questions for the names that something tells apart, and whether they are worth a line only where a record comes; then one
    for a name that nothing knows in each zone."""
    names = [name for name in landscape.nodes if name != "." and "*" not in name and "\\" not in name]
    names.sort(key=lambda name: name.split(".")[::-1])
    for name in names:
        for kind in ("PTR",) if name.endswith(".arpa.") else ("A", "AAAA"):
            yield f"{name} {kind}", True
    zones = {zone for site in landscape.nodes.values() for zone in _zones(site)} - {"."}
    for zone in sorted(z for z in zones if not any(z != above and z.endswith(f".{above}") for above in zones)):
        yield f"no-such-name.{zone} {'PTR' if zone.endswith('.arpa.') else 'A'}", False


def _zones(node: Any) -> Iterator[str]:
    for mark in node.marks:
        if mark[0] == "zone" or getattr(mark[1], "__name__", "") == "Below":
            yield node.name


__all__ = ["first_test"]
