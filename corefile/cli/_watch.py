"""Doing something again whenever a file changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from time import sleep

from ..language.files import below
from ._terminal import clear, say

PAUSE = 0.5
"""Seconds between two looks."""


def state(paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """When each file was changed, and its size."""
    out = {}
    for path in paths:
        files = [os.path.join(folder, name) for folder, names in below(path) for name in names]
        for file in files or [path]:
            try:
                found = os.stat(file)
            except OSError:
                continue
            out[file] = (found.st_mtime_ns, found.st_size)
    return out


def watch(paths: list[str], do: Callable[[], int]) -> int:
    """Do it, and again after each change, until Ctrl-C; the last exit code."""
    code = 0
    before: dict[str, tuple[int, int]] | None = None
    try:
        while True:
            now = state(paths)
            if now != before:
                before = now
                clear()
                code = do()
                say("", "waiting for a change; Ctrl-C ends it")
            sleep(PAUSE)
    except KeyboardInterrupt:
        return code


__all__ = ["state", "watch"]
