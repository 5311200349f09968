"""What a server is made of, found where a caller says: the Corefile, its release, and its world."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..findings import CorefileError, Source
from ..light import regex
from ..releases import Release, find
from .corefiles import Corefile, corefiles, text_of
from .world import World

if TYPE_CHECKING:
    from .files import Pod

PATH = regex(r"(?:\S*[/\\])?Corefile(?:\.\w+)?|\S+\.(?:ya?ml|json|conf)")
"""A text that is the name of a file: as a Corefile it would be a server block of that name, without any plugin."""

Given = tuple[Source, Release, World]
"""What a server is made of."""


def read(path: str | os.PathLike[str], release: str | Release, world: World | None) -> Given:
    """What `load` makes a server of. Raises as it does."""
    found = find(release)
    where = os.fspath(path)
    if not isinstance(where, str) or "\n" in where or "{" in where or not where:
        raise ValueError("this is the text of a Corefile, not the path of one: `loads` and `checks` take text")
    corefile = _one(where)
    world = _world(world)
    world.settle(corefile.root, corefile.files, mounted=corefile.mounted, pod=corefile.pod)
    return corefile.source, found, world


def _world(given: World | None) -> World:
    if given is not None and not isinstance(given, World):
        raise TypeError(f"world: a `World` is needed, such as World(files={{...}}), not {given!r:.40}")
    return World() if given is None else given


def _one(path: str) -> Corefile:
    """The Corefile in a file, or the first in a folder."""
    given = corefiles([path])
    if given.findings:
        raise CorefileError(tuple(given.findings))
    if given.errors:
        raise given.errors[0]
    if not given.found:
        raise ValueError(f"{path}: no ConfigMap in it has a Corefile")
    return given.found[0]


def reads(text: str | bytes | Source, release: str | Release, world: World | None) -> Given:
    """What `loads` makes a server of. Raises as it does."""
    found = find(release)
    if isinstance(text, Source):
        return text, found, _world(world)
    if isinstance(text, bytes):
        text = text_of(text)
    elif not isinstance(text, str):
        raise TypeError(
            f"the text of a Corefile is a str, bytes or a Source, not {type(text).__name__}: `load` takes a path"
        )
    if PATH.fullmatch(text):
        raise ValueError(f"`{text}` looks like the path of a Corefile, not like one: `load` and `check` take a path")
    world = _world(world)
    source, files, pod = _in_text(text)
    world.settle(None, files, pod=pod)
    return source, found, world


def _in_text(text: str) -> tuple[Source, dict[str, Source], Pod | None]:
    """The Corefile that a text is, or the first in one of Kubernetes, with the files beside it."""
    from ..language.configmap import config_maps, is_manifest

    if not is_manifest(text):
        return Source("<text>", text), {}, None
    from .mounts import read_by
    from .workloads import workloads

    given = read_by(config_maps("<text>", text), list(workloads("<text>", text)))
    if not given:
        raise ValueError("<text>: no ConfigMap in it has a Corefile")
    (source, files), _, pod = given[0]
    return source, files, pod


__all__ = ["Given", "read", "reads"]
