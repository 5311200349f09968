"""What is told apart of the names of an etcd."""

from __future__ import annotations

from re import escape

from ...plugin import Exact, Landmark, Pattern, is_subdomain, labels

WILD = r"(\*|any)"


def landmarks(names: list[str], zones: tuple[str, ...]) -> list[Landmark]:
    """The names of keys and all above them, the same with `*` and `any` for some labels, and names with such labels above
    which there is a key."""
    marks: list[Landmark] = []
    for name in _and_above(names):
        zone = next((z for z in zones if z == "." or is_subdomain(z, name)), None)
        if zone is None:
            continue
        tail = "" if zone == "." else escape(zone)
        own = labels(name[:-1] if zone == "." else name[: len(name) - len(zone)])
        marks.append(Pattern(zone, rf"(^|\.){WILD}\.{escape(name)}$"))
        if own:
            either = "".join(rf"({escape(label)}|\*|any)\." for label in own)
            marks += [Exact(name), Pattern(zone, f"^{either}{tail}$")]
    return marks


def _and_above(names: list[str]) -> list[str]:
    out: dict[str, None] = {}
    for name in names:
        while name not in out and name not in ("", "."):
            out[name] = None
            name = name.partition(".")[2]
    return [*out]


__all__ = ["landmarks"]
