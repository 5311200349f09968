"""Kubernetes objects with some of their values changed, as YAML and as JSON, then bent; loaded, changed and asked about."""

from __future__ import annotations

import contextlib
import json
from functools import cache
from typing import Any

import yaml

from corefile.api import loads
from corefile.dns.errors import BadName
from corefile.findings import CorefileError
from corefile.findings.layout import line, plain
from corefile.world import World
from corefile.world.cluster import Cluster
from corefile.world.manifests import ManifestError

from .draw import Draw
from .pool import bent_data, objects
from .safe import safe

COREFILE = "cluster.local in-addr.arpa {\n kubernetes cluster.local in-addr.arpa {\n  pods verified\n }\n autopath @kubernetes\n}\n"
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def cluster(draw: Draw) -> str:
    """Objects as text."""
    found = [draw.choice(objects()) for _ in range(draw.size(5))]
    for _ in range(draw.few(2)):
        at = draw.randrange(len(found))
        found[at] = bent_data(draw, found[at])
    if draw.often(0.2):
        found = [{"apiVersion": "v1", "kind": "List", "items": found}]
    if draw.often(0.3):
        text = "\n".join(json.dumps(one, ensure_ascii=draw.often(0.5)) for one in found)
    else:
        text = "---\n".join(map(as_yaml, found))
    if draw.often(0.5):
        return text
    return draw.bent_text(
        text, ("&a", "*a", "!!int", "!!binary", "[", "{", "- ", ": ", "|", ">", "'", '"', "---", "...", "<<: *a", "\t")
    )


def as_yaml(value: Any) -> str:
    """An object as YAML; that of one which is drawn again and again is written once."""
    known = _texts()
    text = known.get(id(value))
    return yaml.dump(value, Dumper=DUMPER, allow_unicode=True) if text is None else text


@cache
def _texts() -> dict[int, str]:
    return {
        id(one): yaml.dump(one, Dumper=DUMPER, allow_unicode=number % 2 > 0) for number, one in enumerate(objects())
    }


def names(cluster: Cluster | None) -> list[str]:
    """A few names to ask for, those of the cluster's first services among them."""
    services = () if cluster is None else [*cluster.services][:3]
    return [
        "svc1.testns.svc.cluster.local",
        "1.0.0.10.in-addr.arpa",
        "10-0-0-1.default.pod.cluster.local",
        "*.*.svc.cluster.local",
        *(f"{service.name}.{service.namespace}.svc.cluster.local" for service in services),
    ]


make = cluster


def look(draw: Draw, text: str) -> str:
    """Load it, change it, and ask; what is said."""
    said = ""
    try:
        world = World(cluster=text)
    except ManifestError as error:
        safe(plain([line(str(error))]))  # as the command prints it
        return str(error)
    world.upstreams = {"10.0.0.9": {"istio": True}}  # type: ignore[assignment]
    try:
        server = loads(COREFILE, world=world)
        asked = names(world.cluster)
        for name in draw.sample(asked, 2):
            with contextlib.suppress(BadName):
                reply = server.query(name, draw.choice(("A", "AAAA", "SRV", "PTR", "TXT")))
                said += f"{reply} {reply.octets!r} {reply.trace}"
        if draw.often(0.4):
            with contextlib.suppress(ManifestError):
                world.apply(cluster(draw))
            server.query(asked[0])
    except CorefileError:
        pass
    return said


__all__ = ["cluster", "look", "make"]
