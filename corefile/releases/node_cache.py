"""Which CoreDNS an image of NodeLocal DNSCache has, and which of its plugins: node_cache.txt."""

from __future__ import annotations

from . import Release, UnknownRelease, find, table

NAME = "k8s-dns-node-cache"


def image(tag: str) -> Release:
    """The CoreDNS in an image: its release, with the plugins that the image lacks in `missing`.

    Raises UnknownRelease.

    >>> found = image("1.22.28")
    >>> found, found.build, "kubernetes" in found.missing
    (<Release 1.10.0>, 'k8s-dns-node-cache 1.22.28', True)
    """
    number = _number(tag)
    rows = table("node_cache.txt")
    plugins: set[str] = set()
    release = ""
    for since, coredns, *more in rows:
        if number is None or (_number(since) or ()) > number:
            break
        release = coredns
        plugins.update(more)
    if not release:
        raise UnknownRelease(
            f"which CoreDNS the image {NAME}:{tag} has is not known (known are {rows[0][0]} and newer)"
        )
    found = find(release)
    missing = frozenset(found.order) - plugins
    return Release(found.version, found.date, found.order, missing, f"{NAME} {tag.removeprefix('v')}")


def _number(version: str) -> tuple[int, ...] | None:
    parts = version.removeprefix("v").partition("-")[0].split(".")
    return tuple(map(int, parts)) if len(parts) == 3 and all(part.isdigit() for part in parts) else None


__all__ = ["NAME", "image"]
