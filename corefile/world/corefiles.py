"""The Corefiles in files and folders, each with its folder and what its cluster mounts beside it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from ..findings import LIMITS, CorefileError, Finding, Limits, Source
from ..language.files import Reach, read_file, top_of
from ..language.words import decode

if TYPE_CHECKING:
    from ..language.configmap import ConfigMap

MANIFESTS = (".yaml", ".yml", ".json")


class Corefile(NamedTuple):
    """A Corefile. files: what stands beside it in the cluster, by its path from there. root: its folder on disk.
    mounted: whether it is in a ConfigMap rather than in that folder. alone: whether only additions to it are given, and
    it is made up around them."""

    source: Source
    files: dict[str, Source]
    root: str
    mounted: bool = False
    alone: bool = False


class Corefiles(NamedTuple):
    """What was found in some paths.

    findings: what is no YAML. without: files without a Corefile in them. errors: why others could not be read.
    """

    found: list[Corefile]
    findings: list[Finding]
    without: list[str]
    errors: list[OSError]


def read_text(path: str) -> str:
    """The text of a file that the user names. Raises OSError, TooLarge."""
    return decode(read_file(path, pipes=True))


def corefiles(
    paths: Iterable[str],
    read: Callable[[str], str] = read_text,
    within: str | None = None,
    limits: Limits = LIMITS,
) -> Corefiles:
    """The Corefiles in files, and in folders with all below them.

    In a folder a Corefile is named `Corefile` or `*.corefile`; of other files Kubernetes YAML is looked at. ConfigMaps in
    several files are of one cluster: see `language.configmap.together`. `read` is for files that are named themselves;
    others are read where they are inside of `within` (see `World`).
    """
    out = Corefiles([], [], [], [])
    found: list[tuple[int, Corefile]] = []
    maps: list[ConfigMap] = []
    numbers: dict[str, int] = {}
    for number, (path, reach) in enumerate(_files(paths, within)):
        named = reach is None
        try:
            if reach is not None and not reach.has(path):
                raise PermissionError(errno.EPERM, f"It lies outside of {os.path.relpath(reach.root)}", path)
            text = read(path) if named else decode(read_file(path, most=limits.file_size))
        except OSError as error:
            out.errors.append(error)
            continue
        name = "<stdin>" if path == "-" else path
        numbers[name] = number
        if looks_like_manifest(text):
            from ..language.configmap import config_maps, is_manifest

            if is_manifest(text):
                try:
                    maps += config_maps(name, text)
                except CorefileError as error:
                    out.findings.extend(error.findings)
                    del numbers[name]
                continue
        if not path.endswith(MANIFESTS):
            found.append((number, Corefile(Source(name, text), {}, _folder(path))))
        elif not named:
            del numbers[name]
    if maps:
        from ..language.configmap import together

        for one in together(maps):
            path = next(iter(one.files.values())).path if one.alone else one.source.path
            found.append((numbers[path], Corefile(one.source, one.files, _folder(path), True, one.alone)))
    found.sort(key=lambda pair: pair[0])
    out.found.extend(corefile for _, corefile in found)
    having = {c.source.path for c in out.found} | {s.path for c in out.found for s in c.files.values()}
    out.without.extend("-" if name == "<stdin>" else name for name in numbers if name not in having)
    return out


def looks_like_manifest(text: str) -> bool:
    """Whether it is worth loading the YAML reader: a Corefile has none of these words followed by a colon."""
    return re.search(r"""["']?(?:apiVersion|kind)["']?[ \t]*:""", text) is not None


def _folder(path: str) -> str:
    return "." if path in ("-", "<stdin>") else os.path.dirname(path) or "."


def _files(paths: Iterable[str], within: str | None) -> Iterable[tuple[str, Reach | None]]:
    """The files that paths stand for, and what may be read of those that are not named themselves."""
    for path in paths:
        if path == "-" or not os.path.isdir(path):
            yield path, None
            continue
        reach = Reach(top_of(path) if within is None else within)
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            for name in sorted(names):
                if name == "Corefile" or name.endswith((".corefile", *MANIFESTS)):
                    yield os.path.join(folder, name), reach


__all__ = ["Corefile", "Corefiles", "corefiles", "looks_like_manifest", "read_text"]
