"""Corefiles that CoreDNS's own Helm chart makes of values, which stand in a file or in what a cluster installs it from."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import LIMITS, Embedding, Limits, Source
from .configmap import AS_TEXT, Found, embedded, within
from .documents import Inside, Node, nodes_above


class _Text:
    """A text in the making. pairs: from where on it stands where in the values."""

    def __init__(self) -> None:
        self.text = ""
        self.pairs: list[tuple[int, int]] = []

    def add(self, text: str, at: int | None = None) -> None:
        """Add words that stand there, or that the chart adds itself."""
        if at is not None:
            self.pairs.append((len(self.text), at))
        self.text += text

    def add_scalar(self, source: Source, indent: str = "") -> None:
        """Add a value, each line moved in."""
        place = 0
        for line in source.text.rstrip("\n").splitlines(keepends=True):
            self.add(indent)
            lead = len(line) - len(line.lstrip())
            assert source.embedding is not None
            self.add(line, source.embedding.offset(place + lead) - lead)
            place += len(line)


def charts(path: str, text: str, limits: Limits = LIMITS) -> list[Found]:
    """The Corefiles of values with `servers`, at any depth, each with its `zoneFiles`, in the documents above what
    is no YAML.

    So they are found in a file of values, in those of a chart that has CoreDNS's as a part, and in HelmRelease, Application
    and HelmChartConfig, which have them as YAML or as a text.
    """
    inside = Inside(limits)
    return [made for node in nodes_above(text, limits=limits)[0] for made in _of(path, text, inside, node)]


def _of(path: str, text: str, inside: Inside, document: Node, outer: Source | None = None) -> Iterator[Found]:
    """The Corefiles of a document, which stands in a text of `outer`."""
    queue = [document]
    while queue:
        node = queue.pop()
        fields = node.fields()
        servers = _servers(fields.get("servers"))
        if servers:
            yield Found(_made(path, text, servers, outer), _zone_files(path, text, fields.get("zoneFiles"), outer))
            continue
        for name in AS_TEXT if outer is None else ():
            given = fields.get(name)
            if given is not None and given.kind == "scalar" and "servers" in given.text:
                content = embedded(path, text, "", name, given)
                for one in inside.nodes(content.text):
                    yield from _of(path, text, inside, one, content)
        below = [value for _, value in node.pairs if value.kind != "scalar"] if node.kind == "map" else node.items
        queue += reversed(below)


def _zone_files(path: str, text: str, node: Node | None, outer: Source | None) -> dict[str, Source]:
    """The files that the chart puts beside the Corefile."""
    where = outer if outer is not None else Source(path, text)
    found = {}
    for one in node.items if node is not None else ():
        fields = one.fields()
        name, contents = fields.get("filename"), fields.get("contents")
        if name is not None and contents is not None and contents.kind == "scalar":
            found[name.text] = within(where, path, contents, "zoneFiles of the chart", name.text)
    return found


def _servers(node: Node | None) -> list[Node]:
    """The servers of a list that is one of servers."""
    if node is None or node.kind != "list":
        return []
    return [one for one in node.items if one.kind == "map" and "plugins" in one.fields()]


def _made(path: str, text: str, servers: list[Node], content: Source | None) -> Source:
    """What the chart makes of servers, as its template says."""
    out = _Text()
    where = content if content is not None else Source(path, text)

    def scalar(node: Node) -> Source:
        return within(where, path, node, "", "")

    for server in servers:
        fields = server.fields()
        zones = [zone.fields() for zone in (fields["zones"].items if "zones" in fields else ())]
        for number, zone in enumerate(zones):
            out.add(" " * (number > 0))
            for name in ("scheme", "zone"):
                if name in zone:
                    out.add_scalar(scalar(zone[name]))
        if not zones:
            at = fields["plugins"].start
            out.add(".", content.embedding.offset(at) if content is not None and content.embedding else at)
        if "port" in fields:
            out.add(":")
            out.add_scalar(scalar(fields["port"]))
        out.add(" {\n")
        for plugin in _plugins(fields["plugins"]):
            out.add("    ")
            out.add_scalar(scalar(plugin["name"]))
            if "parameters" in plugin:
                out.add(" ")
                out.add_scalar(scalar(plugin["parameters"]))
            if "configBlock" in plugin:
                out.add(" {\n")
                out.add_scalar(scalar(plugin["configBlock"]), " " * 8)
                out.add("\n    }")
            out.add("\n")
        out.add("}\n")
    return Source(path, out.text, "Corefile", Embedding(text, out.pairs, "values of the chart"))


def _plugins(node: Node) -> Iterator[dict[str, Node]]:
    for plugin in node.items if node.kind == "list" else ():
        fields = plugin.fields()
        if "name" in fields:
            yield {name: value for name, value in fields.items() if value.kind == "scalar"}


__all__ = ["charts"]
