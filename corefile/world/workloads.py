"""What a manifest says of the CoreDNS that runs: its image, and its environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..findings import LIMITS, Limits
from ..language.configmap import AS_TEXT
from ..language.documents import SMALL, Node, nodes_above
from ..light import NamedTuple, regex

if TYPE_CHECKING:
    from ..releases import Release

_IMAGE = regex(r"\bcoredns\b[^\s\"']*:v?\d+\.\d+\.\d+")
_REPOSITORY = regex(r"\bcoredns\b")
_TAG = regex(r"v?\d+\.\d+\.\d+")
_HAS_TAG = regex(r"""\btag\\?["']?[ \t]*:|-eksbuild\.""")
_ADDON = regex(r"v?\d+\.\d+\.\d+-eksbuild\.\d+")
_BEFORE_ALL = regex(r":v?0\.\d")
CHART, ADDON = "coredns/coredns", "eks/coredns"
"""The repositories of the images of CoreDNS's own chart, and of EKS's add-on."""
_TEMPLATE = ("spec", "template", "spec")


class Workload(NamedTuple):
    """A container of CoreDNS, or what a chart or an add-on makes one of. path: the file. image: with its tag. env: the
    variables that have a value there. start, end: where the values stand that it is of; 0 for a container, which is of no
    Corefile in particular."""

    path: str
    image: str
    env: dict[str, str]
    start: int = 0
    end: int = 0

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
    """The containers of CoreDNS in the Deployments, DaemonSets, StatefulSets and Pods of a manifest, and what values of
    charts and add-ons say: `image` with the `repository` of a CoreDNS, or beside the `servers` of CoreDNS's own chart, and
    the version of EKS's add-on. Of what is no YAML, those in the documents above it."""
    of_values = _HAS_TAG.search(text) is not None and len(text) <= SMALL
    if not of_values and not _IMAGE.search(text):
        return
    queue, _ = nodes_above(text, _IMAGE if len(text) > SMALL else None, limits)
    if of_values:
        for document in queue:
            yield from _of_values(path, document, limits)
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


def _of_values(path: str, document: Node, limits: Limits, place: tuple[int, int] | None = None) -> Iterator[Workload]:
    """What the values in a document say. place: where the text stands that the document is in, if it is one in YAML."""
    queue = [document]
    for node in queue:
        fields = node.fields() if node.kind == "map" else {}
        image = _image(fields)
        if image:
            start, end = place or (node.start, node.end)
            yield Workload(path, image, _env(fields.get("env")), start, end)
        for name in AS_TEXT if place is None else ():
            given = fields.get(name)
            if given is not None and given.kind == "scalar" and "tag" in given.text:
                for inner in nodes_above(given.text, limits=limits)[0]:
                    yield from _of_values(path, inner, limits, (given.start, given.end))
        queue += [value for value in fields.values() if value.kind != "scalar"]
        queue += node.items


def _image(fields: dict[str, Node]) -> str:
    """The image of CoreDNS in values; '' where none is named, or none of a version."""
    image = fields.get("image")
    if image is not None and image.kind == "map":
        parts = {name: value.text for name, value in image.fields().items() if value.kind == "scalar"}
        tag, repository = parts.get("tag", ""), parts.get("repository", "")
        servers = fields.get("servers")
        if not repository and servers is not None and any("plugins" in one.fields() for one in servers.items):
            repository = CHART
        if _TAG.match(tag) and _REPOSITORY.search(repository):
            return "/".join(filter(None, (parts.get("registry"), f"{repository}:{tag}")))
    texts = {name.lower(): value.text for name, value in fields.items() if value.kind == "scalar"}
    if "coredns" in (texts.get("name"), texts.get("addonname")):
        version = texts.get("version") or texts.get("addonversion") or ""
        if _ADDON.fullmatch(version):
            return f"{ADDON}:{version}"
    return ""


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
