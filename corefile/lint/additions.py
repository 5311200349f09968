"""Additions to a Corefile, such as the keys of a ConfigMap `coredns-custom`, that it does not import."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from ..findings import MADE_UP, Finding, Source, Span
from ..language.configmap import IN_A_BLOCK
from ..language.files import join
from ..language.reader.unknown import slips
from ..light import regex
from ..world.files import PodFiles
from .one_mistake import ENDINGS

OPENED = regex(r"^[ \t]*+(?![\"{}#])[^\n]*[^\s:][ \t]+\{(?:\s|$)", re.M)
"""A line that opens a block, as no JSON and no zone has one."""


def not_imported(corefile: Source, imported: Sequence[Source], files: PodFiles) -> list[Finding]:
    """A warning for each file that looks like an addition and that no `import` takes in."""
    out = []
    known = {(one.path, one.text) for one in imported}
    texts = [source.text for source in imported]
    for path in files.glob(join(files.base, "custom/*") if files.cwd else "custom/*"):
        name = posixpath.basename(path)
        source = files.source(path)
        if source is None or (source.path, source.text) in known or any(name in text for text in texts):
            continue
        if not source.text.strip():
            continue
        ending = name.rpartition(".")[2]
        meant = next((end for end in ENDINGS if ending != end and slips(ending, end) <= 2), None)
        if not (meant or ending in ENDINGS or OPENED.search(source.text)):
            continue
        if ending in ENDINGS and corefile.path != MADE_UP:
            message = f"no `import` of the Corefile takes in `{name}`, so that it has no effect"
            where = "in" if ending in IN_A_BLOCK else "outside of"
            hint = f"write `import custom/*.{ending}` in the Corefile, {where} a server block"
            other = next((end for end in IN_A_BLOCK if f"custom/*.{end}" in corefile.text), "")
            if other and ending in IN_A_BLOCK:
                hint = f"call it `{name.removesuffix(ending)}{other}`, as this Corefile imports it"
        else:
            message = f"`{name}` is no name that is imported, so that it has no effect"
            hint = (
                f"did you mean `{name.removesuffix(ending)}{meant}`?"
                if meant
                else "keys end in `.server` or in `.override` (on LKE and OVH `.include`)"
            )
        begin = len(source.text) - len(source.text.lstrip())
        end = begin + len(source.text[begin:].partition("\n")[0])
        out.append(Finding("addition-not-imported", message, Span(source, begin, end), hint, severity="warning"))
    return out


__all__ = ["not_imported"]
