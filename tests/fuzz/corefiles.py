"""Corefiles that reach the plugins: directives of recorded cases put together, then bent; checked, started and asked."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache

from corefile import releases
from corefile.api import build, loads
from corefile.findings import CorefileError, TooLarge
from corefile.findings.layout import plain
from corefile.findings.report import report
from corefile.lint import checks
from corefile.world import World
from corefile.world.upstreams import Upstreams

from .draw import Draw
from .packets import ZONE
from .pool import directives, objects
from .safe import safe

KEYS = (
    *(".", ".:53", "example.org", "example.org:1053", "10.0.0.0/24", "cluster.local", "tls://.", "https://example.org"),
    *(
        "grpc://.",
        "quic://.",
        "dns://a.b.",
        "fd00::/64",
        "10.0.0.0/25:53",
        "in-addr.arpa",
        "*.x",
        "{$A}",
        "EXAMPLE.org.",
    ),
)
NAMES = (
    *(
        "example.org",
        "a.example.org",
        "svc1.ns1.svc.cluster.local",
        "x.y",
        "1.0.0.10.in-addr.arpa",
        "version.bind",
        ".",
    ),
    *("a.b.example.org", "*.example.org", "\\000.example.org", "kubernetes.default.svc.cluster.local"),
)
TYPES = ("A", "AAAA", "PTR", "SRV", "MX", "TXT", "SOA", "NS", "ANY", "AXFR", "HINFO", "DS", "TYPE65")
FILES = {
    "db.example.org": ZONE,
    "more.conf": "errors\nlog\n",
    "hosts": "10.0.0.1 a.example.org\n::1 b.example.org x\n",
    "example.org.db": ZONE,
    "empty": "",
}


def corefile(draw: Draw) -> str:
    """A Corefile, mostly bent."""
    blocks = []
    for _ in range(draw.size(4)):
        keys = " ".join({draw.choice(KEYS): None for _ in range(1 + draw.few(2))})
        lines = "\n".join(draw.choice(directives()) for _ in range(draw.size(6)))
        blocks.append(f"{keys} {{\n{lines}\n}}\n")
    if draw.often(0.1):
        blocks.insert(0, f"(s) {{\n{draw.choice(directives())}\n}}\n")
        blocks[-1] = blocks[-1].replace("{\n", "{\nimport s\nimport m*\n", 1)
    text = "".join(blocks)
    if draw.often(0.25):
        return text
    return draw.bent_text(text)


make = corefile
USES_CLUSTER = re.compile("kubernetes|k8s|autopath|external")


@cache
def upstreams() -> Upstreams:
    """What answers at the addresses of upstreams; its texts are read once."""
    return Upstreams(
        {"10.0.0.53": ZONE.replace("$ORIGIN example.org.", "$ORIGIN ."), "10.0.0.54": {"fault": "timeout"}}
    )


def look(draw: Draw, text: str) -> str:
    """Check it for one release in one world, and ask it; what is said."""
    release = releases.LATEST if draw.often(0.4) else draw.choice(releases.ALL)
    world = World(
        files=FILES,
        env={"A": draw.choice(("example.org", "", "a b", "{$A}"))},
        cluster=[*draw.some(objects(), draw.size(6))] if USES_CLUSTER.search(text) and draw.often(0.6) else None,
        upstreams=upstreams(),
        addresses=["10.0.0.10"],
        choose=lambda options, why: draw.randrange(len(options)),
    )
    found = checks(text + "\n", release=release, world=world)
    said = plain(report(found, width=draw.choice((40, 100))))
    safe(said)
    if any(f.severity == "error" or f.code == "environment-unset" for f in found):
        return said
    server = loads(text + "\n", release=release, world=world)
    if draw.often(0.1):
        build(server.source, server.release, world)
    for _ in range(draw.size(4)):
        try:
            reply = server.query(
                draw.choice(NAMES),
                draw.choice(TYPES),
                cls=draw.choice(("IN", "IN", "IN", "CH")),
                do=draw.often(0.2),
                client=draw.choice((None, "10.0.0.7", "::1")),
                wait=draw.often(0.8),
            )
        except CorefileError:
            break
        octets = reply.octets
        assert octets is None or 12 <= len(octets) <= 65535
        said += "\n".join([repr(reply), str(reply), str(reply.trace), *map(str, reply.log), *map(str, reply.notices)])
    with suppress(TooLarge):  # so many timers that time stands still
        server.advance(draw.choice((0.0, 1.0, 100.0)))
    return said


__all__ = ["corefile", "look", "make"]
