"""Corefiles inside Kubernetes YAML: ConfigMaps, alone, in a List, or among other documents."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import partial
from types import MappingProxyType

from ..findings import LIMITS, MADE_UP, CorefileError, Embedding, Finding, Limits, Source, Span
from ..light import NamedTuple, regex
from .documents import SMALL, DocumentError, Inside, Node, nodes_above
from .plain_yaml import resolve
from .words import decode

CUSTOM = "coredns-custom"
"""The ConfigMap for a user's own additions (AKS, DOKS, K3s, RKE2, Gardener, LKE, OVH and others). Its keys are files in `custom/`
below the directory of the Corefile, which imports some into a server block and others beside it."""

IN_A_BLOCK = ("override", "include")
"""How the keys end that are imported into a server block: those of LKE and OVH in `.include`, of all others in `.override`."""
BESIDE = "server"
"""How those end that are imported beside server blocks."""

AS_TEXT = ("valuesContent", "values", "configurationValues", "ConfigurationValues")
"""Properties whose text is values: of RKE2's and k3s's HelmChart and HelmChartConfig, of Argo CD's Application, and of an
add-on of EKS as eksctl, Crossplane, ACK and CloudFormation have it."""

_DATA = regex(r"""(?<![\w-])["']?(?:data|binaryData)["']?[ \t]*:""")
_MANIFEST = regex(r"""^\ufeff?(?:-\ +)?["']?(?:apiVersion|kind)["']?[ \t]*:""", re.M)
_INSIDE = regex(r"""^[ \t]+(?:-\ +)?["']?kind["']?[ \t]*:[ \t]*["']?ConfigMap["']?\s*$""", re.M)
_JSON = regex(r"""\ufeff?\s*[{\[].*"(?:apiVersion|kind)"\s*:""", re.S)
_NEARLY = regex(r"core[_-]?file(?:[_-][\w-]+|\.(?:txt|ya?ml|conf|cfg))?|.*\.corefile|coredns\.conf", re.I)
_PROPERTIES = regex(r"(?:[&!]\S*\s+(?:#.*\s+)*)*")  # the anchor and the tag that stand before a scalar


class ConfigMap(NamedTuple):
    """A ConfigMap: where it stands, its name and namespace ('' where it has none), and its data. whole: whether
    `entries` has all of its keys: of `binaryData` only Corefiles are read."""

    path: str
    name: str
    namespace: str
    entries: dict[str, Source]
    whole: bool = True

    @property
    def corefiles(self) -> list[str]:
        """The key `Corefile`, or else those whose names begin with `Corefile.`, or else those with nearly that name."""
        if self.has_main:
            return ["Corefile"]
        found = [key for key in self.entries if key.startswith("Corefile.")]
        return found or [key for key, entry in self.entries.items() if _NEARLY.fullmatch(key) and "{" in entry.text]

    @property
    def has_main(self) -> bool:
        """Whether it has the key that clusters start CoreDNS with."""
        return "Corefile" in self.entries

    @property
    def custom(self) -> dict[str, Source]:
        """The files that it adds to another one's Corefile, by their path from there."""
        if self.corefiles:
            return {}
        wanted = self.entries if self.name == CUSTOM else filter(_is_custom, self.entries)
        return {f"custom/{key}": self.entries[key] for key in wanted}


def _is_custom(key: str) -> bool:
    return key.endswith((".override", ".server"))


class Found(NamedTuple):
    """A Corefile, and the files that stand beside it in the cluster, by their path from its directory."""

    source: Source
    files: dict[str, Source]

    @property
    def alone(self) -> bool:
        """Whether only additions to a Corefile are given, and the Corefile is made up around them."""
        return self.source.path == MADE_UP


NOTHING: Mapping[int, Sequence[Found]] = MappingProxyType({})

_GLUED = regex(r"^[ \t]*(?:- )?((?:apiVersion|kind|metadata|name|namespace|data|Corefile):)(\S+)$", re.M)
"""A usual key without a blank behind it."""


def sources(path: str, text: str) -> list[Source]:
    """The Corefiles in a text: those of the ConfigMaps if it is Kubernetes YAML, the text itself otherwise.

    Raises CorefileError, with the place, for what looks like YAML and is none.
    """
    return [found.source for found in find(path, text)]


def find(path: str, text: str) -> list[Found]:
    """The same with the files that each Corefile can import; see `together`."""
    if not is_manifest(text):
        return [Found(Source(path, text), {})]
    return together(config_maps(path, text))


def together(
    maps: list[ConfigMap], read: Mapping[int, Sequence[Found]] = NOTHING, mounted: Set[int] = frozenset()
) -> list[Found]:
    """The Corefiles of ConfigMaps that may be of one cluster, each with the files that stand beside it.

    Those are the other keys of its ConfigMap, and the additions (see `CUSTOM`). A ConfigMap of additions belongs to the
    nearest Corefiles of its namespace: those in its own file, or else in its folder, or else in the folders closest by.
    Where there is none, the Corefile is one that imports its keys.

    read: what is known of some already, by the `id` of the ConfigMap: which keys are Corefiles, and what stands beside each.
    mounted: the `id` of those that have what stands beside these.
    """
    mains = [one for one in maps if id(one) in read or (one.corefiles and (id(one) not in mounted or one.has_main))]
    additions = _Additions(mains, read)
    alone = []
    for one in maps:
        files = {} if id(one) in read or id(one) in mounted else one.custom
        if not files or additions.take(one, files):
            continue
        made_up = around(files)
        if made_up.text or any("{" in entry.text for entry in files.values()):
            alone.append(Found(made_up, files))
    out = []
    for main in mains:
        for found in read.get(id(main), ()):
            out.append(Found(found.source, additions.beside(main, found.files)))
        for key in main.corefiles if id(main) not in read else ():
            source = main.entries[key]
            source.name = "Corefile"
            files = {name: entry for name, entry in main.entries.items() if name != key}
            out.append(Found(source, additions.beside(main, files)))
    return out + alone


MOST_BESIDE = 300_000
"""How many files stand beside all Corefiles together; beyond, those of other ConfigMaps are left out."""


class _Additions:
    """What ConfigMaps add to the Corefiles of others. Those of one namespace and file add to the same ones."""

    def __init__(self, mains: list[ConfigMap], read: Mapping[int, Sequence[Found]]) -> None:
        self.mains = mains
        self.read = read
        self.left = MOST_BESIDE
        self.namespaces = {main.namespace for main in mains}
        self.files: dict[tuple[str, str], dict[str, tuple[int, Source]]] = {}  # with the number of the ConfigMap
        self.to: dict[tuple[str, str], list[ConfigMap]] = {}
        self.of: dict[int, list[tuple[str, str]]] = {}
        self.number = 0

    def take(self, one: ConfigMap, files: dict[str, Source]) -> bool:
        """Add what a ConfigMap has; whether there is a Corefile for it."""
        namespace = one.namespace if not one.namespace or one.namespace in self.namespaces else "-"  # of no Corefile
        key = (namespace, one.path)
        if key not in self.to:
            self.to[key] = self._nearest(namespace, one.path)
            for main in self.to[key]:
                self.of.setdefault(id(main), []).append(key)
        self.number += 1
        self.files.setdefault(key, {}).update((name, (self.number, entry)) for name, entry in files.items())
        return bool(self.to[key])

    def _nearest(self, namespace: str, path: str) -> list[ConfigMap]:
        """The Corefiles that are nearest to a file, of a namespace."""
        others = [main for main in self.mains if may_meet(main.namespace, namespace)]
        away = {other: distance(path, other) for other in {main.path for main in others}}
        nearest = min(away.values(), default=0)
        close = [main for main in others if away[main.path] == nearest]
        importing = [main for main in close if any("import" in entry.text for entry in _mains(main, self.read))]
        return importing or [main for main in close if main.name.startswith("coredns")] or close

    def beside(self, main: ConfigMap, own: dict[str, Source]) -> dict[str, Source]:
        """The files beside a Corefile, its own ones among them."""
        keys = self.of.get(id(main), ())
        self.left -= sum(len(self.files[key]) for key in keys)
        if not keys or self.left < 0:
            return own
        added: dict[str, tuple[int, Source]] = {}
        for key in keys:
            for name, found in self.files[key].items():
                if name not in added or added[name][0] < found[0]:
                    added[name] = found
        return {**{name: entry for name, (_, entry) in added.items()}, **own}


def _mains(one: ConfigMap, read: Mapping[int, Sequence[Found]]) -> list[Source]:
    """The Corefiles of a ConfigMap."""
    known = read.get(id(one))
    return [one.entries[key] for key in one.corefiles] if known is None else [found.source for found in known]


def may_meet(namespace: str, other: str) -> bool:
    """Whether two objects may be in one namespace; one without a namespace may be in any."""
    return not (namespace and other) or namespace == other


def around(files: dict[str, Source]) -> Source:
    """A Corefile that imports these."""
    endings = {name.rpartition(".")[2] for name in files}
    parts = []
    inside = "".join(f"    import custom/*.{ending}\n" for ending in IN_A_BLOCK if ending in endings)
    if inside:
        parts.append(f".:53 {{\n{inside}}}\n")
    if BESIDE in endings:
        parts.append(f"import custom/*.{BESIDE}\n")
    return Source(MADE_UP, "".join(parts))


def distance(path: str, other: str) -> int:
    """How far it is from one file to another: 0 for the same, 1 in the same folder, one more for each folder between."""
    if path == other:
        return 0
    here, there = (os.path.normpath(os.path.dirname(p) or ".").split(os.sep) for p in (path, other))
    shared = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there)))
    return 1 + len(here) + len(there) - 2 * shared


def is_manifest(text: str) -> bool:
    """Whether a text is meant as Kubernetes YAML (or JSON) rather than as a Corefile."""
    return bool(_MANIFEST.search(text) or _JSON.match(text) or _INSIDE.search(text))


_DESCRIBED = regex(r"^Data\r?\n====", re.M)
KEYLESS = "there is no `:` behind this key"
_BLOCK = regex(r"^([ ]*)(?:- )*+[^\s#][^\n]*:[ ]+[|>][-+0-9]*[ ]*(?:#[^\n]*)?$", re.M)
"""A key whose value is a text in lines of its own."""


def _is_dedented(span: Span) -> bool:
    """Whether a line belongs to a text of several lines, as it seems, and is not indented as the first of them."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    above = None
    for match in _BLOCK.finditer(text, 0, start):
        above = match
    if above is None:
        return False
    body = text[above.end() + 1 : start]
    own = span.start - start
    lines = [line for line in body.splitlines() if line.strip()]
    return bool(lines) and all(len(line) - len(line.lstrip(" ")) > own for line in lines) and own >= len(above[1])


def _without_blank(span: Span) -> Finding | None:
    """What is said where a key above the place of an error has its value glued to it, so that YAML reads one word."""
    text = span.source.text
    line = text.rfind("\n", 0, span.start)
    match = _GLUED.search(text, text.rfind("\n", 0, max(line, 0)) + 1, span.start + 1)
    if match is None:
        return None
    hint = f"write a blank behind the `:`, as in `{match[1]} {match[2]}`"
    glued = Span(span.source, match.start(1), match.end())
    return Finding("bad-yaml", "This is not YAML: a key ends in `:` and a blank", glued, hint)


def unread(path: str, text: str, error: DocumentError) -> Finding:
    """What is said of a text that is no YAML, or larger than is read."""
    span = Span(Source(path, text), error.at, min(error.at + 1, len(text)))
    if error.limit:
        hint = f"--limit {error.limit}=NUMBER raises the limit"
        return Finding("too-large", f"This is not read: {error.message}", span, hint)
    if _DESCRIBED.search(text):
        hint = "give what `kubectl get configmap NAME -o yaml` prints"
        return Finding("bad-yaml", "This is not YAML, but what `kubectl describe` prints for a reader", span, hint)
    words = error.message if error.malformed else f"not read: {error.message}"
    if words.endswith(KEYLESS) and _is_dedented(span):
        hint = "write as many blanks before it as before the first line of the text that it belongs to"
        return Finding("bad-yaml", "This is not YAML: the line is indented less than the text above it", span, hint)
    return _without_blank(span) or Finding("bad-yaml", f"This is {words}", span)


def config_maps(path: str, text: str, limits: Limits = LIMITS) -> list[ConfigMap]:
    """The ConfigMaps in Kubernetes YAML. Raises CorefileError, with the place, for what is no YAML."""
    found, wrong = config_maps_above(path, text, limits)
    if wrong is not None:
        raise CorefileError((wrong,))
    return found


def config_maps_above(path: str, text: str, limits: Limits = LIMITS) -> tuple[list[ConfigMap], Finding | None]:
    """The ConfigMaps in the documents above what is no YAML, and what is said of that; None where all of it is YAML."""
    documents, error = nodes_above(text, _DATA if len(text) > SMALL else None, limits)
    found = []
    for node, outer in objects(documents, Source(path, text), Inside(limits)):
        fields = node.fields()
        data = fields.get("data")
        if (data is not None and data.kind == "map" and _text(fields.get("kind")) in ("ConfigMap", "")) or _is_binary(
            fields
        ):
            metadata = fields["metadata"].fields() if "metadata" in fields else {}
            name, namespace = _text(metadata.get("name")), _text(metadata.get("namespace"))
            context = f"ConfigMap {'/'.join(filter(None, (namespace, name)))}".strip()
            given = data.fields() if data is not None else {}
            scalars = {key: value for key, value in given.items() if value.kind == "scalar"}
            if outer.embedding is None:
                others = _others(node, data) if data is not None else {}
                entries = {key: _entry(path, text, context, key, scalars[key], others.get(key, ())) for key in scalars}
            else:
                entries = {key: within(outer, path, value, context, key) for key, value in scalars.items()}
            octets = fields.get("binaryData")
            if octets is not None and outer.embedding is None:
                entries |= _binary(path, text, context, octets)
            whole = octets is None or {*octets.fields()} <= {*entries}
            found.append(ConfigMap(path, name, namespace, entries, whole))
    return found, None if error is None else unread(path, text, error)


_WRAPPED = regex(r"""(?:^|["'{,])[ \t]*(?:- )?\\?["']?kind\\?["']?[ \t]*:[ \t]*\\?["']?ConfigMap\b""", re.M)
"""An object that may stand in another one's text."""
_WRAPPER = regex(r"(?:\s|---|#[^\n]*+)*+(?:[{]|apiVersion:|kind:|metadata:|data:)")
"""How such a text begins."""


def objects(documents: Sequence[Node], outer: Source, inside: Inside) -> Iterator[tuple[Node, Source]]:
    """The mappings that may be objects of Kubernetes, each with the text that it stands in: documents, items of lists, and what
    has a `kind` inside of other mappings (OpenShift's Template, ManifestWork, Crossplane's Object, Ansible), also in a text there
    (ClusterResourceSet, Talos, kubeadm's files). What `metadata` and `status` have is none: kubectl notes there what it has
    applied."""
    wrapped = _WRAPPED.search(outer.text) is not None
    seen: set[int] = set()
    queue = [(node, False) for node in documents]
    for node, is_inside in queue:
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.kind == "list":
            queue += [(item, is_inside) for item in node.items]
            continue
        if node.kind == "scalar":
            if wrapped and node.style and is_inside and _WRAPPED.search(node.text) and _WRAPPER.match(node.text):
                content = within(outer, outer.path, node, "", "")
                yield from objects(inside.nodes(node.text), content, inside)
            continue
        fields = node.fields()
        items, kind = fields.get("items"), _text(fields.get("kind"))
        if items is not None and items.kind == "list":
            queue += [(item, is_inside) for item in items.items]
            continue
        if kind or not is_inside:
            yield node, outer
        if wrapped and kind != "Kustomization" and outer.embedding is None:
            queue += [(value, True) for key, value in node.pairs if key.text not in ("metadata", "status")]


Places = tuple[tuple[int, int], ...]


def _others(config_map: Node, data: Node) -> dict[str, Places]:
    """By key, the places above of the same key: kubectl takes the last one of a mapping. Where `data` itself stands there
    several times, that of the others."""
    above = tuple((key.start, key.end) for key, value in config_map.pairs if key.text == "data" and value is not data)
    found = dict.fromkeys((key.text for key, _ in data.pairs), above) if above else {}
    last = {key.text: key for key, _ in data.pairs}
    for key, _ in data.pairs if len(last) < len(data.pairs) else ():
        if key is not last[key.text]:
            found[key.text] = (*found.get(key.text, ()), (key.start, key.end))
    return found


def _entry(path: str, text: str, context: str, key: str, node: Node, others: Places) -> Source:
    """A value of a ConfigMap: null is empty text, and a number none."""
    value = resolve(node.text) if node.text and not node.style and not node.tag and len(node.text) < SHORT else ""
    if not others and isinstance(value, str):
        return embedded(path, text, context, key, node)
    pairs = partial(_align, text, node.start, node.end, node.style, node.text)
    is_text = value is None or isinstance(value, str)
    embedding = Embedding(text, pairs, f"{context}, key {key}", others, is_text=is_text)
    return Source(path, "" if value is None else node.text, key, embedding)


SHORT = 64
"""Characters that a value may have to be looked at as a number."""


def _is_binary(fields: dict[str, Node]) -> bool:
    """Whether an object is a ConfigMap with nothing but octets."""
    return "binaryData" in fields and _text(fields.get("kind")) == "ConfigMap" and "data" not in fields


def _binary(path: str, text: str, context: str, octets: Node) -> dict[str, Source]:
    """The Corefiles among the octets of a ConfigMap: so `kubectl create configmap --from-file` keeps what is no UTF-8. All of
    one stands where the value begins."""
    import base64

    found = {}
    for key, value in octets.fields().items():
        if not key.startswith("Corefile") or value.kind != "scalar":
            continue
        try:
            content = decode(base64.b64decode("".join(value.text.split()), validate=True))
        except ValueError:
            continue
        pairs = [(0, value.start), *((match.start(), value.start) for match in _WORDS.finditer(content))]
        found[key] = Source(path, content, key, Embedding(text, pairs, f"{context}, key {key}"))
    return found


def values(path: str, text: str, limits: Limits = LIMITS) -> list[Source]:
    """The Corefiles in values of charts and add-ons, below a key `corefile` at any depth (of kOps `externalCoreFile`), and in
    values that are a text themselves (see `AS_TEXT`). Of what is no YAML, those in the documents above it."""
    found: list[Source] = []
    inside = Inside(limits)
    for node in nodes_above(text, limits=limits)[0]:
        found += _values(node, Source(path, text), inside)
    return found


def _values(document: Node, outer: Source, inside: Inside) -> Iterator[Source]:
    """The Corefiles in the values of a document of `outer`."""
    queue = [document]
    for node in queue:
        for key, value in node.fields().items() if node.kind == "map" else ():
            if value.kind != "scalar":
                continue
            if key in ("corefile", "Corefile", "externalCoreFile") and ("{" in value.text or "\n" in value.text):
                source = within(outer, outer.path, value, "values", key)
                source.name = "Corefile"
                yield source
            elif key in AS_TEXT and outer.embedding is None and "orefile" in value.text:
                content = within(outer, outer.path, value, "", key)
                for inner in inside.nodes(content.text):
                    yield from _values(inner, content, inside)
        if node.kind == "map" and _text(node.fields().get("kind")) != "ConfigMap":
            queue += [value for _, value in node.pairs if value.kind != "scalar"]
        queue += node.items


def _text(node: Node | None) -> str:
    return "" if node is None else node.text


def config_map_of(source: Source) -> tuple[str, str] | None:
    """Namespace and name of the ConfigMap that a Corefile is in; None where it is in none, or in one without a name."""
    context = source.embedding.context if source.embedding is not None else ""
    kind, _, rest = context.partition(" ")
    place, key, _ = rest.partition(", key ")
    if kind != "ConfigMap" or not key or not place:
        return None
    namespace, _, name = place.rpartition("/")
    return namespace, name


def embedded(path: str, text: str, context: str, key: str, node: Node) -> Source:
    """A Corefile that is the scalar `node` of the YAML file `text`."""
    pairs = partial(_align, text, node.start, node.end, node.style, node.text)
    return Source(path, node.text, key, Embedding(text, pairs, f"{context}, key {key}"))


def within(content: Source, path: str, node: Node, context: str, key: str) -> Source:
    """A text that is a scalar in `content`, which may be YAML that is a scalar itself."""
    source = embedded(path, content.text, context, key, node)
    assert source.embedding is not None
    if content.embedding is None:
        return source
    pairs = [(start, content.embedding.offset(at)) for start, at in source.embedding.pairs]
    return Source(path, source.text, source.name, Embedding(content.embedding.text, pairs, source.embedding.context))


def _align(text: str, start: int, end: int, style: str, value: str) -> Iterator[tuple[int, int]]:
    """Where in `text` the parts of a scalar stand that is written from `start` to `end` there."""
    properties = _PROPERTIES.match(text, start)
    start = properties.end() if properties else start
    if style in ("'", '"'):
        return _align_quoted(text, start + 1, style)
    if style in ("|", ">"):
        start = text.find("\n", start) + 1 or end
    return _align_parts(text, start, value, _LINES if style == "|" else _WORDS)


_LINES = regex(r"\S[^\n]*")
_WORDS = regex(r"\S+")


def _align_parts(text: str, at: int, value: str, parts: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where in `text` each line of a literal block scalar stands, or each word of another one without quotes."""
    yield 0, at
    for match in parts.finditer(value):
        part = match[0]
        at = text.find(part, at)
        if at < 0:
            break
        yield match.start(), at
        at += len(part)


_ESCAPED = {"x": 2, "u": 4, "U": 8}
_PAIR = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F]")  # JSON's escape of one character
_BLANKS = regex(r"[ \t]*")
_BREAK = regex(r"[ \t]*(\r\n|[\r\n\x85\u2028\u2029])")


_RUN = regex(r"[^\"'\\ \t\r\n\x85\u2028\u2029]++(?:[ \t]++[^\"'\\ \t\r\n\x85\u2028\u2029]++)*+")


def _align_quoted(text: str, at: int, quote: str) -> Iterator[tuple[int, int]]:
    """Where in `text` each character of the quoted scalar that begins there stands."""
    index, away = 0, -1
    for place, count in _places(text, at, quote):
        if place - index != away:
            away = place - index
            yield index, place
        index += count
    if not index:
        yield 0, at


def _places(text: str, at: int, quote: str) -> Iterator[tuple[int, int]]:
    """The characters of a quoted scalar (YAML 1.1, chapter 9.1): where each run of them begins, and how many it has."""
    while at < len(text):
        run = _RUN.match(text, at)
        if run is not None:
            yield at, run.end() - at
            at = run.end()
            continue
        doubled = quote == "'" and text.startswith("''", at)
        if text[at] == quote and not doubled:
            return
        escaped = quote == '"' and text[at] == "\\"
        line_end = _BREAK.match(text, at + 1 if escaped else at)
        if line_end and not (escaped and line_end.start(1) > at + 1):
            special = line_end[1] in "\u2028\u2029"
            breaks = []
            while line_end:
                breaks.append(line_end.start())
                at = line_end.end()
                line_end = _BREAK.match(text, at)
            at = _BLANKS.match(text, at).end()  # type: ignore[union-attr]
            if escaped:
                folded = breaks[1:]
            else:  # one line break is a space, several are one less
                folded = breaks if special or len(breaks) == 1 else breaks[:-1]
            yield from ((place, 1) for place in folded)
        elif not escaped and text[at] in " \t":
            blanks = _BLANKS.match(text, at).end() - at  # type: ignore[union-attr]
            yield at, blanks
            at += blanks
        else:
            yield at, 1
            if _PAIR.match(text, at):
                at += 6
            at += 2 + _ESCAPED.get(text[at + 1 : at + 2], 0) if escaped else 1 + doubled
