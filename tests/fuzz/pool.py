"""What the targets draw from: directives, zones and objects of recorded cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from corefile.findings import CorefileError
from corefile.language.tree import parse

from .draw import Draw

DATA = Path(__file__).parent.parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """Recorded cases."""
    found: list[dict[str, Any]] = []
    for path in sorted((DATA / "recorded").glob("*.yaml")):
        found += yaml.load_all(path.read_text(encoding="utf-8"), LOADER)
    return tuple(found)


def _corefiles() -> Iterator[str]:
    """The Corefiles of all cases, in whatever they are written."""
    for case in cases():
        yield case["corefile"]
    for path in sorted((DATA / "conformance").rglob("*.yaml")):
        try:
            yield yaml.load(path.read_text(encoding="utf-8"), LOADER)["corefile"]
        except yaml.YAMLError:  # a tab in a block, which libyaml refuses
            continue


@cache
def directives() -> tuple[str, ...]:
    """The texts of directives, right ones and wrong ones."""
    out: dict[str, None] = {}
    for text in _corefiles():
        try:
            document = parse(text).document
        except CorefileError:
            continue
        for item in document.items:
            for directive in getattr(item, "body", ()):
                span = directive.span
                out[span.source.text[span.start : span.end]] = None
    refusals = yaml.load((DATA / "data" / "refusals.yaml").read_text(encoding="utf-8"), LOADER)
    for group in refusals.values():
        out.update(dict.fromkeys(one["directives"] for one in group))
    return tuple(out)


@cache
def objects() -> tuple[dict[str, Any], ...]:
    """Kubernetes objects."""
    texts = {case["cluster"] for case in cases() if isinstance(case.get("cluster"), str)}
    found = [one for text in sorted(texts)[:20] for one in yaml.load_all(text, LOADER)]
    unique = {json.dumps(one, sort_keys=True, default=str): one for one in found if isinstance(one, dict)}
    return tuple(unique.values())


ODD_VALUES = (
    *(
        None,
        "",
        "x",
        "a\x1b[2J",
        "::error::x",
        "\u2028",
        0,
        -1,
        65536,
        10**20,
        1.5,
        float("inf"),
        float("nan"),
        True,
        [],
        {},
    ),
    *(
        [[]],
        [None],
        ["a", 1],
        {"": None},
        {"a": {"b": ["c"]}},
        "a" * 300,
        ".",
        "..",
        "a..b",
        "10.0.0.1",
        "fd00::1",
        "2026-99-99",
    ),
)


def bent_data(draw: Draw, data: Any) -> Any:
    """Plain data with one of its values changed, left out or doubled."""
    if isinstance(data, dict) and data and draw.often(0.85):
        key = draw.choice(sorted(data, key=str))
        out = dict(data)
        if draw.often(0.1):
            del out[key]
        elif draw.often(0.05):
            out[draw.choice(("x", "spec", "metadata", "name", "kind", ""))] = out.pop(key)
        else:
            out[key] = bent_data(draw, data[key])
        return out
    if isinstance(data, list) and data and draw.often(0.85):
        at = draw.randrange(len(data))
        changed = [bent_data(draw, data[at])] * (2 if draw.often(0.1) else 1)
        return [*data[:at], *changed, *data[at + 1 :]]
    return draw.choice(ODD_VALUES)


__all__ = ["bent_data", "cases", "directives", "objects"]
