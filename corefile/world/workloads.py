"""What a manifest says of the CoreDNS that runs: its image, and its environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..findings import LIMITS, Limits
from ..language.documents import SMALL, DocumentError, Node, nodes
from ..light import NamedTuple, regex

if TYPE_CHECKING:
    from ..releases import Release

_IMAGE = regex(r"\bcoredns\b[^\s\"']*:v?\d+\.\d+\.\d+")
_BEFORE_ALL = regex(r":v?0\.\d")
_TEMPLATE = ("spec", "template", "spec")


class Workload(NamedTuple):
    """A container of CoreDNS. path: the manifest. image: with its tag. env: the variables that have a value there."""

    path: str
    image: str
    env: dict[str, str]

    @property
    def known(self) -> Release | None:
        """The release of the image; None where none is known of it."""
        from ..releases import UnknownRelease, find

        try:
            return find(self.image)
        except UnknownRelease:
            return None

    @property
    def release(self) -> Release:
        """The release of the image; the first or the newest where none is known of it."""
        from ..releases import ALL, LATEST

        return self.known or (ALL[0] if _BEFORE_ALL.search(self.image) else LATEST)


def workloads(path: str, text: str, limits: Limits = LIMITS) -> Iterator[Workload]:
    """The containers of CoreDNS in the Deployments, DaemonSets, StatefulSets and Pods of a manifest. A text that is no
    YAML has none."""
    if not _IMAGE.search(text):
        return
    try:
        queue = list(nodes(text, _IMAGE if len(text) > SMALL else None, limits))
    except DocumentError:
        return
    for node in queue:
        if node.kind == "list":
            queue += node.items
            continue
        fields = node.fields()
        items = fields.get("items")
        if items is not None and items.kind == "list":
            queue += items.items
            continue
        for container in (*_containers(node, *_TEMPLATE), *_containers(node, "spec")):
            parts = container.fields()
            image = parts["image"].text if "image" in parts else ""
            if _IMAGE.search(image):
                yield Workload(path, image, _env(parts.get("env")))


def _containers(node: Node, *way: str) -> list[Node]:
    for step in (*way, "containers"):
        found = node.fields().get(step) if node.kind == "map" else None
        if found is None:
            return []
        node = found
    return [item for item in node.items if item.kind == "map"] if node.kind == "list" else []


def _env(node: Node | None) -> dict[str, str]:
    out = {}
    for item in node.items if node is not None and node.kind == "list" else ():
        fields = item.fields() if item.kind == "map" else {}
        if "name" in fields and "value" in fields:
            out[fields["name"].text] = fields["value"].text
    return out


__all__ = ["Workload", "workloads"]
