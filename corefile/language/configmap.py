"""Corefiles inside Kubernetes YAML: ConfigMaps, alone, in a List, or among other documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..findings import CorefileError, Embedding, Finding, Source, Span

CUSTOM = "custom/"
"""Where clusters mount the ConfigMap `coredns-custom`, below the directory of the Corefile (AKS, K3s and others)."""

_MANIFEST = re.compile(r"""^(?:-\ +)?["']?(?:apiVersion|kind)["']?[ \t]*:""", re.M)
_JSON = re.compile(r"""\s*[{\[].*"(?:apiVersion|kind)"\s*:""", re.S)
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+(?:#.*\s+)*)*")  # the anchor and the tag that stand before a scalar
_ALL_CUSTOM = ".:53 {\n    import custom/*.override\n}\nimport custom/*.server\n"


class Found(NamedTuple):
    """A Corefile, and the files that stand beside it in the cluster, by their path from its directory."""

    source: Source
    files: dict[str, Source]


def sources(path: str, text: str) -> list[Source]:
    """The Corefiles in a text: those of the ConfigMaps if it is Kubernetes YAML, the text itself otherwise.

    Raises CorefileError, with the place, for what looks like YAML and is none.
    """
    return [found.source for found in find(path, text)]


def find(path: str, text: str) -> list[Found]:
    """The same with the files that each Corefile can import.

    Those are the other keys of its ConfigMap, and the keys `*.override` and `*.server` of any ConfigMap below
    `custom/`. Where only such keys are given, the Corefile is one that imports them all.
    """
    if not is_manifest(text):
        return [Found(Source(path, text), {})]
    corefiles: list[tuple[Source, dict[str, Source]]] = []
    custom: dict[str, Source] = {}
    for context, data in _config_maps(path, text):
        entries = {key: embedded(path, text, context, key, node) for key, node in data.items()}
        mains = [key for key in entries if key == "Corefile" or key.startswith("Corefile.")]
        for key in mains:
            main = entries[key]
            main.name = "Corefile"
            corefiles.append((main, {name: source for name, source in entries.items() if name != key}))
        if not mains:
            wanted = (key for key in entries if key.endswith((".override", ".server")))
            custom |= {CUSTOM + key: entries[key] for key in wanted}
    if not corefiles and custom:
        return [Found(Source(path, _ALL_CUSTOM), custom)]
    return [Found(main, {**custom, **beside}) for main, beside in corefiles]


def is_manifest(text: str) -> bool:
    """Whether a text is meant as Kubernetes YAML (or JSON) rather than as a Corefile."""
    return bool(_MANIFEST.search(text) or _JSON.match(text))


def _config_maps(path: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The ConfigMaps of a text: what to call each, and the nodes of its data."""
    import yaml

    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = error.problem or error.context or "it cannot be read"
        raise _not_yaml(path, text, words, mark.index if mark else 0) from None
    except yaml.reader.ReaderError as error:
        raise _not_yaml(path, text, "a character that YAML does not allow", int(error.position)) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise _not_yaml(path, text, "it cannot be read", 0) from None
    seen: set[int] = set()
    queue = [node for node in documents if node is not None]
    for node in queue:
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            queue += node.value
            continue
        fields = _fields(node)
        items, data = fields.get("items"), fields.get("data")
        if isinstance(items, yaml.SequenceNode):
            queue += items.value
        elif isinstance(data, yaml.MappingNode) and _text(fields.get("kind")) in ("ConfigMap", ""):
            metadata = _fields(fields.get("metadata"))
            name = "/".join(filter(None, (_text(metadata.get("namespace")), _text(metadata.get("name")))))
            scalars = {key: value for key, value in _fields(data).items() if isinstance(value, yaml.ScalarNode)}
            yield f"ConfigMap {name}".strip(), scalars


def _fields(node: Any) -> dict[str, Any]:
    """The entries of a mapping node whose keys are plain text."""
    pairs = node.value if getattr(node, "id", "") == "mapping" else []
    return {key.value: value for key, value in pairs if isinstance(key.value, str)}


def _text(node: Any) -> str:
    return node.value if isinstance(getattr(node, "value", None), str) else ""


def _not_yaml(path: str, text: str, words: str, at: int) -> CorefileError:
    at = min(at, len(text))
    span = Span(Source(path, text), at, min(at + 1, len(text)))
    return CorefileError((Finding("bad-yaml", f"This is not YAML: {words}", span),))


def embedded(path: str, text: str, context: str, key: str, node: Any) -> Source:
    """A Corefile that is the scalar `node` of the YAML file `text`."""
    end = node.end_mark.index
    properties = _PROPERTIES.match(text, node.start_mark.index)
    start = properties.end() if properties else node.start_mark.index
    if node.style in ("|", ">"):
        begins = text.find("\n", start) + 1
        pairs = _align_words(text, begins or end, node.value)
    elif node.style in ('"', "'"):
        pairs = _align_quoted(text, start + 1, node.style)
    else:
        pairs = _align_words(text, start, node.value)
    starts, outer = zip(*pairs, strict=True) if pairs else ((), ())
    return Source(path, node.value, key, Embedding(text, starts, outer, f"{context}, key {key}"))


def _align_words(text: str, at: int, value: str) -> list[tuple[int, int]]:
    """Where in `text` each word of a block or plain scalar stands."""
    pairs = [(0, at)]
    for match in re.finditer(r"\S+", value):
        at = text.find(match[0], at)
        if at < 0:
            break
        pairs.append((match.start(), at))
        at += len(match[0])
    return pairs


_ESCAPED = {"x": 2, "u": 4, "U": 8}
_BLANKS = re.compile(r"[ \t]*")
_BREAK = re.compile(r"[ \t]*(\r\n|[\r\n\x85\u2028\u2029])")


def _align_quoted(text: str, at: int, quote: str) -> list[tuple[int, int]]:
    """Where in `text` each character of the quoted scalar that begins there stands."""
    pairs: list[tuple[int, int]] = []
    for index, place in enumerate(_places(text, at, quote)):
        if not pairs or place != pairs[-1][1] + index - pairs[-1][0]:
            pairs.append((index, place))
    return pairs or [(0, at)]


def _places(text: str, at: int, quote: str) -> Iterator[int]:
    """For each character of a quoted scalar its place: what flow scalars are in YAML 1.1, chapter 9.1."""
    while at < len(text):
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
                yield from breaks[1:]
            else:  # one line break is a space, several are one less
                yield from breaks if special or len(breaks) == 1 else breaks[:-1]
        else:
            yield at
            at += 2 + _ESCAPED.get(text[at + 1 : at + 2], 0) if escaped else 1 + doubled
