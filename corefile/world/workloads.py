"""What a manifest says of the CoreDNS that runs: its image, its environment, its arguments, and what is mounted in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..findings import LIMITS, Limits, Source
from ..language.configmap import AS_TEXT, objects
from ..language.documents import SMALL, Inside, Node, nodes_above
from ..light import NamedTuple, regex
from ..releases.rules import ReleaseRules, changed

if TYPE_CHECKING:
    from ..releases import Release

_IMAGE = regex(r"\bcoredns\b|\bk8s-dns-node-cache\b")
_OTHERS = regex(r"autoscaler|exporter|metrics|operator|controller|sync|reloader")
"""In the names of images of other programs, which work beside a CoreDNS."""
_IMAGE_LINE = regex(r"""\bimage\\?["']?[ \t]*:[^\n]*+""")
_TAG = regex(r"v?\d+(?:\.\d+)*(?:[-_+].*)?|latest")
_HAS_TAG = regex(r"""\btag\\?["']?[ \t]*:|-eksbuild\.|\bcoreDNSImage\b""")
_ADDON = regex(r"v?\d+\.\d+\.\d+-eksbuild\.\d+")
_BEFORE_ALL = regex(r":v?0\.\d")
_KOPS = "corednsimage"
"""The property with the image in kOps (`coreDNSImage`), in lower case."""
CHART, ADDON = "coredns/coredns", "eks/coredns"
"""The repositories of the images of CoreDNS's own chart, and of EKS's add-on."""
NODE_CACHE = "node-cache"
"""In the name of the image of NodeLocal DNSCache, which says the release of no Corefiles but those that it reads."""
_TEMPLATE = ("spec", "template", "spec")


class Part(NamedTuple):
    """What a volume has of a ConfigMap. items: the keys that it takes, each with its path; None for all of them."""

    name: str
    items: tuple[tuple[str, str], ...] | None = None

    @property
    def size(self) -> int:
        """How much it is to look through."""
        return 1 + len(self.items or ())


Volume = tuple[tuple[Part, ...], bool]
"""The ConfigMaps of a volume, and whether it has nothing else."""
MOST_MOUNTED = 20_000
"""How much the containers of a text may mount: ConfigMaps and keys that are named, each as often as they are mounted."""


class Mount(NamedTuple):
    """What stands at a path in a container. sub_path: which file or folder of the volume; '' for all of it. parts: the
    ConfigMaps that the volume has. whole: whether it has nothing else."""

    path: str
    sub_path: str
    parts: tuple[Part, ...]
    whole: bool


class Workload(NamedTuple):
    """A container of CoreDNS, or what a chart or an add-on makes one of. path: the file. image: with its tag. env: the
    variables that have a value there. start, end: where the values stand that it is of; 0 for a container.

    Of a container: namespace ('' where none is given). conf: the path of its Corefile, '' where that is not known. is_told:
    whether an argument says so, or it is where a CoreDNS looks without one. mounts: what is mounted in it, outer folders first.
    binds: what of the disk is mounted, by the path there, '' for what is not known of it. is_built: whether the image is made
    for it. folder: in which CoreDNS runs; '' where that is not known. dns_port: what `-dns.port` says.

    replaces: of a kustomization, the name of the images that this one stands for.
    """

    path: str
    image: str
    env: dict[str, str]
    start: int = 0
    end: int = 0
    namespace: str = ""
    conf: str = ""
    is_told: bool = False
    mounts: tuple[Mount, ...] = ()
    binds: Mapping[str, str] = MappingProxyType({})
    is_built: bool = False
    folder: str = ""
    replaces: str = ""
    dns_port: int | None = None

    @property
    def known(self) -> Release | None:
        """The release of the image; None where its tag says none."""
        from ..releases import UnknownRelease, find

        if self.tag == "latest":
            return None
        try:
            return find(self.image)
        except UnknownRelease:
            return None

    @property
    def release(self) -> Release:
        """The release of the image. Where its tag names none, the newest one whose version begins as the tag does, or else the
        newest of all; the first for tags before all releases (`0.9`)."""
        from ..releases import ALL, LATEST

        return self.known or self.series or (ALL[0] if _BEFORE_ALL.search(self.image) else LATEST)

    @property
    def series(self) -> Release | None:
        """The newest release whose version begins as the tag does (`1.8`); None where that is no beginning of one."""
        from ..releases import ALL

        begin = _SERIES.match(self.tag)
        number = tuple(map(int, begin[1].split("."))) if begin else ()
        return next((one for one in reversed(ALL) if number and one.number[: len(number)] == number), None)

    @property
    def tag(self) -> str:
        """The tag of the image; '' where it has none."""
        return tag_of(self.image)


_SERIES = regex(r"v?(\d+(?:\.\d+)?)(?![.\d])")


def tag_of(image: str) -> str:
    """The tag of an image; '' where it has none.

    >>> tag_of("localhost:5000/coredns"), tag_of("coredns/coredns:1.8@sha256:0123")
    ('', '1.8')
    """
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]


def name_of(image: str) -> str:
    """The name of an image without its tag and digest."""
    return image.partition("@")[0].removesuffix(f":{tag_of(image)}")


def is_coredns(image: str) -> bool:
    """Whether an image is one of CoreDNS or of NodeLocal DNSCache, by its name."""
    name = name_of(image)
    return _IMAGE.search(name) is not None and _OTHERS.search(name.rpartition("/")[2]) is None


class ImageRules(ReleaseRules):
    """What differs between CoreDNS's own images."""

    folder = changed(
        "/",
        {"1.11.0": "/home/nonroot", "1.11.4": "/"},
        "in which CoreDNS runs (Dockerfile; issue 6249, pull request 6731)",
    )


_OWN = regex(
    r"(?:^|/)(?:mirrored-)?coredns[/-]coredns$|^(?:registry\.k8s|k8s\.gcr|gcr)\.io/(?:google_containers/)?coredns$"
)


def is_own(image: str) -> bool:
    """Whether an image is CoreDNS's own, or a copy of that, by its name: it has CoreDNS alone, and runs it without
    arguments."""
    return _OWN.search(name_of(image)) is not None


def folder_of(image: str, given: str) -> str:
    """The folder in which a container runs CoreDNS, from what it says itself; '' where that is not known."""
    if given or not is_own(image):
        return given
    return ImageRules.of(Workload("", image, {}).release).folder


def workloads(path: str, text: str, limits: Limits = LIMITS) -> Iterator[Workload]:
    """The containers of CoreDNS in the Deployments, DaemonSets, StatefulSets and Pods of a manifest, and what values of
    charts and add-ons say: `image` with the `repository` of a CoreDNS, or beside the `servers` of CoreDNS's own chart, and
    the version of EKS's add-on. Of what is no YAML, those in the documents above it."""
    of_values = len(text) <= SMALL and _HAS_TAG.search(text) is not None
    if not of_values and not _names_it(text) and "newTag" not in text:
        return
    queue, _ = nodes_above(text, _IMAGE if len(text) > SMALL else None, limits)
    if of_values:
        inside = Inside(limits)
        for document in queue:
            yield from _of_values(path, document, inside)
    left = MOST_MOUNTED
    for node, _ in objects(queue, Source(path, text), Inside(limits)):
        for way in (_TEMPLATE, ("spec",)):
            pod = below(node, *way)
            containers = [one for one in _items(pod, "containers") if is_coredns(text_at(one, "image"))]
            volumes = {text_at(one, "name"): _parts(one) for one in _items(pod, "volumes")} if containers else {}
            for container in containers:
                found = _container(path, container, volumes, text_at(below(node, "metadata"), "namespace"), left)
                left -= sum(1 + part.size for mount in found.mounts for part in mount.parts)
                yield found
        for image in _items(node, "images"):
            name, tag = text_at(image, "name"), text_at(image, "newTag")
            if tag and is_coredns(f"{name}:{tag}") and NODE_CACHE not in name:
                yield Workload(path, f"{text_at(image, 'newName') or name}:{tag}", {}, replaces=name)


def _names_it(text: str) -> bool:
    """Whether a line has `image:` and behind it the name of a CoreDNS."""
    lines = _IMAGE_LINE.finditer(text) if "image" in text and _IMAGE.search(text) else ()
    return any(_IMAGE.search(text, line.start(), line.end()) for line in lines)


def _of_values(path: str, document: Node, inside: Inside, place: tuple[int, int] | None = None) -> Iterator[Workload]:
    """What the values in a document say. place: where the text stands that the document is in, if it is one in YAML."""
    queue = [document]
    for node in queue:
        fields = node.fields() if node.kind == "map" else {}
        image = _image(fields)
        if image:
            start, end = place or (node.start, node.end)
            yield Workload(path, image, _env(node), start, end)
        for name in AS_TEXT if place is None else ():
            given = fields.get(name)
            if given is not None and given.kind == "scalar" and "tag" in given.text:
                for inner in inside.nodes(given.text):
                    yield from _of_values(path, inner, inside, (given.start, given.end))
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
        if _TAG.fullmatch(tag) and is_coredns(f"{repository}:{tag}") and NODE_CACHE not in repository:
            return "/".join(filter(None, (parts.get("registry"), f"{repository}:{tag}")))
    texts = {name.lower(): value.text for name, value in fields.items() if value.kind == "scalar"}
    if is_coredns(texts.get(_KOPS, "")):
        return texts[_KOPS]
    if "coredns" in (texts.get("name"), texts.get("addonname")):
        version = texts.get("version") or texts.get("addonversion") or ""
        if _ADDON.fullmatch(version):
            return f"{ADDON}:{version}"
    return ""


def below(node: Node | None, *way: str) -> Node | None:
    """The value that keys lead to; None where there is none."""
    for step in way:
        node = node.fields().get(step) if node is not None and node.kind == "map" else None
    return node


def _items(node: Node | None, *way: str) -> Sequence[Node]:
    """The mappings of a list."""
    found = below(node, *way)
    return [item for item in found.items if item.kind == "map"] if found is not None and found.kind == "list" else []


def text_at(node: Node | None, *way: str) -> str:
    """The text that keys lead to; '' where there is none."""
    found = below(node, *way)
    return found.text if found is not None and found.kind == "scalar" else ""


def _env(container: Node) -> dict[str, str]:
    out = {}
    for item in _items(container, "env"):
        fields = item.fields()
        if "name" in fields and "value" in fields:
            out[fields["name"].text] = fields["value"].text
    return out


_VARIABLE = regex(r"\$\((\w+)\)")
"""How arguments name a variable of the container."""
_BASE = "/etc/coredns/Corefile.base"
"""What NodeLocal DNSCache makes its Corefile of, unless `-basecorefile` says it."""


def _container(path: str, container: Node, volumes: Mapping[str, Volume], namespace: str, most: int) -> Workload:
    """What a pod says of one of its containers. most: what may be mounted there; beyond, neither that nor its Corefile is
    known."""
    image, env = text_at(container, "image"), _env(container)
    texts = [node.text for name in ("command", "args") for node in (below(container, name) or _NONE).items]
    words = [_VARIABLE.sub(lambda match: env.get(match[1], match[0]), word) for text in texts for word in text.split()]
    folder = folder_of(image, text_at(container, "workingDir"))
    conf, is_told = corefile_of(image, words, folder)
    mounts = []
    for mount in _items(container, "volumeMounts"):
        at = posixpath.normpath(posixpath.join("/", text_at(mount, "mountPath")))
        parts, whole = volumes.get(text_at(mount, "name"), ((), False))
        most -= 1 + sum(part.size for part in parts)
        if most < 0:
            return Workload(path, image, env, namespace=namespace, folder=folder, dns_port=port_in(words))
        within = text_at(mount, "subPath").strip("/")
        mounts.append(Mount(at, within, parts, whole and below(mount, "subPathExpr") is None))
    mounts.sort(key=lambda mount: mount.path.count("/"))
    return Workload(
        path,
        image,
        env,
        namespace=namespace,
        conf=conf,
        is_told=is_told,
        mounts=tuple(mounts),
        folder=folder,
        dns_port=port_in(words),
    )


def corefile_of(image: str, words: Sequence[str], folder: str) -> tuple[str, bool]:
    """The path of the Corefile that a command reads in a folder, and whether an argument names it; '' where the path is not
    known.

    >>> corefile_of("coredns/coredns:1.12.1", ["-conf", "main"], "/etc/coredns")
    ('/etc/coredns/main', True)
    """
    told, otherwise = ("basecorefile", _BASE) if NODE_CACHE in image else ("conf", "Corefile")
    given = argument(words, told)
    conf = posixpath.normpath(posixpath.join("/", folder, given or otherwise))
    return "" if "$" in conf or given == "stdin" else conf, bool(given)


_NONE = Node("list", 0, 0)


def argument(words: Sequence[str], *names: str) -> str:
    """The value of a command's option with these names, behind one dash or two: the last one that is given, as Go's `flag`
    has it; '' without one.

    >>> argument(["-dns.port=53", "-conf", "/Corefile"], "conf")
    '/Corefile'
    """
    found = ""
    for number, word in enumerate(words):
        option, equals, value = word.lstrip("-").partition("=")
        if word.startswith("-") and option in names:
            found = value if equals else "".join(words[number + 1 : number + 2])
    return found.strip("\"'")


def port_in(words: Sequence[str]) -> int | None:
    """The port of server blocks without one that a command names; None where it names none."""
    given = argument(words, "dns.port", "p")
    return int(given) if given.isascii() and given.isdigit() and int(given) < 65536 else None


def _parts(volume: Node) -> Volume:
    """The ConfigMaps of a volume, and whether it has nothing else."""
    sources = _items(volume, "projected", "sources")
    given = [found for one in sources or [volume] if (found := below(one, "configMap"))]
    parts = []
    for one in given:
        items = below(one, "items")
        keys = tuple((text_at(item, "key"), text_at(item, "path").strip("/")) for item in _items(one, "items"))
        parts.append(Part(text_at(one, "name"), None if items is None or not keys else keys))
    return tuple(parts), bool(parts) and len(parts) == max(len(sources), 1)


__all__ = [
    "Mount",
    "Part",
    "Workload",
    "argument",
    "below",
    "corefile_of",
    "folder_of",
    "is_coredns",
    "is_own",
    "tag_of",
    "text_at",
    "workloads",
]
