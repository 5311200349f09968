"""Corefiles with one mistake each: a brace lost, a word misspelt, a line doubled, a quote open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from .defaults import all_defaults


def mutations(text: str, random: Random) -> Iterator[tuple[str, str]]:
    """Each kind of mistake at each place of a Corefile, with what it is."""
    for match in re.finditer(r"[{}]", text):
        yield f"lost {match[0]}", text[: match.start()] + text[match.end() :]
    for match in re.finditer(r"(?<=[ {]){", text):
        yield "glued {", text[: match.start()].rstrip(" ") + text[match.start() :]
    for match in re.finditer(r"[^\s{}]{3,}", text):
        at = random.randrange(match.start(), match.end())
        how = random.randrange(3)
        letter = random.choice("aeinorst")
        changed = ("", letter, text[at] * 2)[how]
        yield "misspelt", text[:at] + changed + text[at + 1 :]
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.strip():
            yield "doubled", "".join([*lines[: number + 1], line, *lines[number + 1 :]])
    for match in re.finditer(r"(?<= )[^\s{}\"]+", text):
        yield "open quote", text[: match.start()] + '"' + text[match.start() :]


NAMES = ("kubeadm 1.35", "aks", "k3s", "openshift", "kubespray node-local", "helm chart")


def all_mutations() -> Iterator[tuple[str, str, str]]:
    """Of some of the defaults, all of them: which one, what the mistake is, and the text."""
    random = Random(20261129)
    defaults = all_defaults()
    for name in NAMES:
        for kind, text in mutations(defaults[name].text, random):
            yield name, kind, text
