"""Corefiles that a chart makes of values: those of CoreDNS's own Helm chart, alone or in RKE2's HelmChartConfig."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Embedding, Source
from .configmap import embedded
from .documents import DocumentError, Node, nodes


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


def charts(path: str, text: str) -> list[Source]:
    """The Corefiles of values with `servers`; none in what is no YAML."""
    out = []
    try:
        for node in nodes(text):
            inner = node.fields()
            spec = inner["spec"].fields() if "spec" in inner else {}
            values = spec.get("valuesContent")
            if values is not None and values.kind == "scalar":
                content = embedded(path, text, "", "valuesContent", values)
                out += [_made(path, text, one, content) for one in nodes(content.text) if _servers(one)]
            elif _servers(node):
                out.append(_made(path, text, node, None))
    except DocumentError:
        pass
    return out


def _servers(node: Node) -> list[Node]:
    """The servers in values, also in those of a chart that has this one as a part."""
    for fields in (node.fields(), *(value.fields() for _, value in node.pairs)):
        servers = fields.get("servers")
        if servers is not None and servers.kind == "list":
            found = [one for one in servers.items if one.kind == "map" and "plugins" in one.fields()]
            if found:
                return found
    return []


def _made(path: str, text: str, values: Node, content: Source | None) -> Source:
    """What the chart makes of values, as its template says."""
    out = _Text()
    where = content if content is not None else Source(path, text)

    def scalar(node: Node) -> Source:
        source = embedded(path, where.text, "", "", node)
        if content is None or source.embedding is None or content.embedding is None:
            return source
        outer = tuple(content.embedding.offset(at) for at in source.embedding.outer)
        return Source(path, source.text, "", Embedding(text, source.embedding.starts, outer, ""))

    for server in _servers(values):
        fields = server.fields()
        zones = [zone.fields() for zone in (fields["zones"].items if "zones" in fields else ())]
        for number, zone in enumerate(zones):
            out.add(" " * (number > 0))
            for name in ("scheme", "zone"):
                if name in zone:
                    out.add_scalar(scalar(zone[name]))
        if not zones:
            out.add(".", fields["plugins"].start)
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
    starts, outer = zip(*out.pairs, strict=True) if out.pairs else ((), ())
    return Source(path, out.text, "Corefile", Embedding(text, starts, outer, "values of the chart"))


def _plugins(node: Node) -> Iterator[dict[str, Node]]:
    for plugin in node.items if node.kind == "list" else ():
        fields = plugin.fields()
        if "name" in fields:
            yield {name: value for name, value in fields.items() if value.kind == "scalar"}


__all__ = ["charts"]
