"""The containers of CoreDNS in a file of Docker Compose, and what of the disk is mounted in them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator

from ..findings import LIMITS, Limits
from ..language.documents import Node, nodes_above
from ..light import regex
from .workloads import Workload, below, corefile_of, folder_of, is_coredns, port_in, text_at

_SERVICES = regex(r"^services[ \t]*:", 8)
_MOUNTING = ("volumes", "configs", "secrets", "tmpfs")
MOST_GIVEN = 1_000
"""How many mounts, variables and words of commands of a file are looked at."""
PATH_MAX = 4_096
LONGEST, DEEPEST = 1_024, 64
"""Characters of a text with variables that are filled in, and folders of a path that is mounted."""
_VARIABLE = regex(r"\$(?:\$|(\w+)|\{(\w+)(?:(:?[-+?])([^{}]*))?\})")
"""How a file of Compose names a variable, and what stands in its place where it is not set."""


def services(path: str, text: str, limits: Limits = LIMITS) -> Iterator[Workload]:
    """The services with an image of CoreDNS. Variables have the values that the file says, and else none."""
    if _SERVICES.search(text) is None or "coredns" not in text:
        return
    folder = os.path.dirname(path) if path != "<stdin>" else ""
    left = MOST_GIVEN
    for document in nodes_above(text, limits=limits)[0]:
        for service in (below(document, "services") or Node("map", 0, 0)).fields().values():
            image = _filled(text_at(service, "image"), folder).rstrip(":@")
            if is_coredns(image):
                left -= _size(service)
                yield _service(path, folder, image, service) if left >= 0 else Workload(path, image, {})


def _size(service: Node) -> int:
    """How much of a service is looked at."""
    given = [one for name in (*_MOUNTING, "environment") if (one := below(service, name)) is not None]
    words = [len(_words(below(service, name))) for name in ("entrypoint", "command")]
    return sum(len(one.items) + len(one.pairs) for one in given) + sum(words)


def _service(path: str, folder: str, image: str, service: Node) -> Workload:
    command = [word for name in ("entrypoint", "command") for word in _words(below(service, name))]
    words = [_filled(word, folder) for word in command]
    is_built = below(service, "build") is not None
    given = text_at(service, "working_dir")
    at = given if is_built else folder_of(image, given)
    conf, is_told = corefile_of(image, words, at)
    binds = dict(
        bind
        for name in _MOUNTING
        for node in (below(service, name) or Node("list", 0, 0)).items
        if (bind := _bind(node, folder, name))[0]
    )
    return Workload(
        path,
        image,
        dict(_environment(below(service, "environment"), folder)),
        conf=conf,
        is_told=is_told,
        binds=binds,
        is_built=is_built,
        folder=at,
        dns_port=port_in(words),
    )


def _words(node: Node | None) -> list[str]:
    """The words of a command, which stands there as a list or as a text."""
    if node is None:
        return []
    return [word for text in (node.items if node.kind == "list" else [node]) for word in text.text.split()]


def _environment(node: Node | None, folder: str) -> Iterator[tuple[str, str]]:
    """The variables whose values are known."""
    if node is None:
        return
    pairs = [(key.text, value.text) for key, value in node.pairs if value.kind == "scalar"]
    for item in node.items:
        name, equals, value = item.text.partition("=")
        if equals:
            pairs.append((name, value))
    for name, value in pairs:
        if not _is_filled(value):
            continue
        if all(match[2] and match[3] in (":-", "-") for match in _VARIABLE.finditer(value) if match[0] != "$$"):
            yield name, _filled(value, folder)


def _bind(node: Node, folder: str, kind: str) -> tuple[str, str]:
    """A path in the container, and what of the disk is there: in one text, or as a mapping; '' for what is not known of it."""
    if len(node.text) > PATH_MAX:
        return "", ""
    if node.kind == "map":
        here, inside = text_at(node, "source"), text_at(node, "target")
        if text_at(node, "type") not in ("", "bind"):
            here = ""
    else:
        here, _, rest = _filled(node.text, folder).partition(":")
        inside = rest.partition(":")[0] if kind == "volumes" else here
    if kind == "secrets":
        inside = posixpath.join("/run/secrets", inside)
    here = _filled(here, folder) if kind == "volumes" else ""
    if not here.startswith((".", "/")) or here.count("/") > DEEPEST:  # the name of a volume, or what is none
        here = ""
    return (
        posixpath.normpath(posixpath.join("/", inside)) if inside else "",
        os.path.normpath(os.path.join(folder, here)) if here else "",
    )


def _is_filled(text: str) -> bool:
    """Whether variables in a text are filled in: it may grow by the folder's path for each."""
    return "$" not in text or (len(text) <= LONGEST and text.count("PWD") <= 2)


def _filled(text: str, folder: str) -> str:
    """A text with the values of its variables: the folder for PWD, what the file says for those that are not set, or nothing."""
    if not _is_filled(text):
        return text

    def value(match: re.Match[str]) -> str:
        whole, plain, braced, sign, other = (match[n] for n in range(5))
        if whole == "$$":
            return "$"
        if (plain or braced) == "PWD":
            return folder or "."
        return other if sign in (":-", "-") else ""

    return _VARIABLE.sub(value, text)


__all__ = ["services"]
