"""What each finding means and how to mend it: corefile/lint/findings.yaml, and its examples run."""

from __future__ import annotations

import os
from typing import Any

from ..findings import LIMITS, CorefileError, Finding
from ..language import configmap
from ..releases import LATEST, find
from ..world import World
from . import checks

Explanation = dict[str, Any]


def all_explanations() -> dict[str, Explanation]:
    """The explanations by code, in the order of the file."""
    import yaml

    with open(os.path.join(os.path.dirname(__file__), "findings.yaml"), encoding="utf-8") as f:
        found: dict[str, Explanation] = yaml.load(f, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


def findings_of(explanation: Explanation, *, fixed: bool = False) -> list[Finding]:
    """The findings of the example, or of the example mended."""
    text = explanation["fixed" if fixed else "corefile"]
    release = find(str(explanation.get("coredns", LATEST)))
    world = World(
        files=explanation.get("files", {}),
        env=explanation.get("env"),
        cluster=explanation.get("cluster"),
        stores=explanation.get("stores"),
        listenable=explanation.get("addresses"),
        limits=LIMITS._replace(**explanation.get("limits", {})),
    )
    world.terms = "command"
    try:
        (found,) = configmap.find("Corefile", text)
    except CorefileError as e:
        return list(e.findings)
    world.settle(None, found.files)
    return checks(found.source, release=release, world=world)
