"""Relative paths, which are those below the directory that `root` names, why a path cannot be read, and places in files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..findings import Span
from ..language.files import Files, file_above, join, source_of
from ..plugin import Site

if TYPE_CHECKING:
    from ..dns.zonefile import ZoneError


class Root:
    """The directory of the server block's relative paths; '' is that in which CoreDNS runs."""

    def __init__(self, path: str = "") -> None:
        self.path = path


def below_root(site: Site, path: str) -> str:
    """A path as the plugins of the block open it."""
    root = site.get(Root).path
    return join(root, path) if root and not path.startswith("/") else path


def cannot_read(path: str, files: Files, call: str = "open") -> str:
    """Why Go has not read what is no file: nothing is there, it is a directory, or it would lie below a file. call: the system
    call that comes first, `open` or `stat`."""
    if path and files.is_dir(path):
        return f"read {path}: is a directory"
    return f"{call} {path}: {'not a directory' if file_above(path, files) else 'no such file or directory'}"


def place_in(path: str, number: int, word: str, files: Files) -> Span | None:
    """Where a word stands in a line of a file, or the whole line where it has not that word; None where there is no such line.
    number: of the line, from 1."""
    source = source_of(path, files.read(path) or b"", files)
    lines = source.text.split("\n")
    if not 0 < number <= len(lines):
        return None
    line = lines[number - 1].rstrip("\r")
    start = sum(len(above) + 1 for above in lines[: number - 1])
    whole = re.search(rf"(?<!\S){re.escape(word)}(?!\S)", line)
    at = -1 if not word else line.find(word) if whole is None else whole.start()
    begin, end = (at, at + len(word)) if at >= 0 else (len(line) - len(line.lstrip()), len(line.rstrip()))
    return Span(source, start + begin, start + end)


def place_of_error(error: ZoneError, files: Files) -> tuple[tuple[Span, str], ...]:
    """Where a zone's file is wrong, with words; nothing at its end, and in what is no text."""
    word = error.text.strip()
    span = place_in(error.path, error.line, word, files)
    if span is None:
        return ()
    said = "this is not what the record takes" if word and span.text == word else "here"
    line = span.source.text.split("\n")[error.line - 1]
    if line.count('"') % 2:
        said = "a quote is not closed here"
    return ((span, said),)


__all__ = ["Root", "below_root", "cannot_read", "place_in", "place_of_error"]
