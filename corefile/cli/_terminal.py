"""Where all text of the command leaves: colour and wrapping where a terminal shows it, plain text everywhere else, and never a
character that steers a terminal or a CI system (see `findings.layout`). Data leaves as JSON, in ASCII.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

from ..findings.layout import Line, Part, line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..findings import Finding

STYLES: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "error": ("red", ("bold",)),
    "warning": ("yellow", ("bold",)),
    "notice": ("cyan", ("bold",)),
    "good": ("green", ()),
    "bold": (None, ("bold",)),
    "dim": (None, ("dark",)),
}
"""Colour and attributes of each style, in termcolor's words."""


def show(lines: Sequence[Line], *, width: int | None = None, stream: TextIO | None = None) -> None:
    """Print lines. `width` is where they wrap when no terminal is there to say; None means nowhere."""
    if not lines:
        return
    stream = stream or sys.stdout
    columns = columns_of(stream)
    if columns is None and not os.environ.get("FORCE_COLOR"):
        text = plain(lines, width)
    else:
        room = columns or width
        text = "\n".join(painted(row).rstrip(" ") for x in lines for row in x.wrapped(room))
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)


def say(*lines: str, stream: TextIO | None = None) -> None:
    """Print lines of plain text."""
    show([line(text) for text in lines], stream=stream)


def complain(*lines: str) -> None:
    """Print lines of plain text where errors go."""
    say(*lines, stream=sys.stderr)


def show_json(data: Any, *, indent: int | None = 2) -> None:
    """Print data as JSON, in ASCII."""
    import json

    text = json.dumps(data, indent=indent)
    # Only inside of strings: what a terminal may hide, and what CI systems take for a command.
    print(text.replace("\x7f", "\\u007f").replace("##", "#\\u0023"))


def show_commands(lines: Iterable[str]) -> None:
    """Print lines that are meant for a program, such as a CI system's commands. Whoever makes them has escaped what stands
    in them."""
    stream = sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    for text in lines:
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)


def progress(done: int, of: int) -> None:
    """Show how far a long run is, where a terminal is there to see it; at the end nothing of it is left."""
    stream = sys.stderr
    if stream.isatty():
        width = 30
        full = width * done // max(of, 1)
        text = f"[{'#' * full}{' ' * (width - full)}] {done}/{of}" if done < of else " " * (width + 20)
        print(f"\r{text}", end="" if done < of else "\r", file=stream, flush=True)


def clear() -> None:
    """Clear the terminal that output goes to."""
    if sys.stdout.isatty():
        print("\x1b[2J\x1b[H", end="", flush=True)


def show_findings(*corefiles: Sequence[Finding], stream: TextIO | None = None) -> None:
    """Print the findings of some Corefiles, and their count."""
    from ..findings.report import WIDE, report

    show(report(*corefiles, width=columns_of(stream or sys.stdout) or WIDE), stream=stream)


def note(text: str, stream: TextIO | None = None) -> None:
    """Print a remark that is no part of an answer, as dig does: behind `;;`."""
    show([Line((Part(";; ", "dim"),), (Part(text, "dim"),))], width=118, stream=stream)


def painted(row: Iterable[Part]) -> str:
    """A row in colour. termcolor leaves it plain for NO_COLOR, TERM=dumb and the like."""
    from termcolor import colored

    out = []
    for text, style in row:
        color, attributes = STYLES.get(style, (None, ()))
        out.append(colored(text, color, attrs=attributes) if style and text else text)
    return "".join(out)


def columns_of(stream: Any) -> int | None:
    """How many characters a line of this terminal has; None if it is no terminal."""
    if not stream.isatty():
        return None
    try:
        return max(int(os.environ.get("COLUMNS") or os.get_terminal_size(stream.fileno()).columns or 80), 20)
    except (OSError, ValueError):
        return 80


__all__ = [
    "clear",
    "complain",
    "line",
    "note",
    "progress",
    "say",
    "show",
    "show_commands",
    "show_findings",
    "show_json",
]
