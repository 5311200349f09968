"""Corefiles in files of Terraform: texts in lines of their own (here documents) with the name `Corefile`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..findings import Embedding, Source
from ..light import regex

_BEGIN = regex(r"""["']?\bCorefile\b["']?[ \t]*[=:][ \t]*<<(-?)[ \t]*(\w+)[ \t]*\r?\n""")


def heredocs(path: str, text: str) -> Iterator[Source]:
    """The Corefiles of a file. With `<<-` the least indentation of its lines is taken away."""
    at = 0
    while (begin := _BEGIN.search(text, at)) is not None:
        start = begin.end()
        end = re.compile(rf"^[ \t]*{begin[2]}[ \t]*\r?$", re.M).search(text, start)
        at = len(text) if end is None else end.end()
        if end is None:
            return
        lines = text[start : end.start()].splitlines(keepends=True)
        indents = [len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()]
        cut = min(indents, default=0) if begin[1] else 0
        made, place, pairs = "", start, []
        for line in lines:
            kept = line[cut:] if line.strip() else line.lstrip(" \t")
            pairs.append((len(made), place + len(line) - len(kept)))
            made += kept
            place += len(line)
        yield Source(path, made, "Corefile", Embedding(text, pairs or [(0, start)], "Terraform, key Corefile"))


__all__ = ["heredocs"]
