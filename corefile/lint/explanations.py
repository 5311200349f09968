"""What each finding means and how to mend it: findings.yaml, and the docstrings of the rules. Their examples run."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import Any

from ..findings import LIMITS, CorefileError, Finding
from ..language import configmap
from ..light import regex, text_beside
from ..releases import LATEST, find
from ..world import World
from . import checks
from .codes import numbers, rules
from .rule import load, module_of

Explanation = dict[str, Any]

_SECTION = regex(r"^(Why|Fix|Bad|Good|World):[ ]?", re.M)


def _yaml(text: str) -> Any:
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def all_explanations() -> dict[str, Explanation]:
    """The explanations by code, in the order of their numbers."""
    found: dict[str, Explanation] = _yaml(text_beside(__name__, "findings.yaml"))
    pair = found["no-certificate"]["files"]
    for name, *_ in rules():
        one = found[name] = of_rule(name)
        if one.get("files") == "a certificate":
            one["files"] = pair
    known = numbers()
    return {name: found[name] for name in sorted(found, key=lambda name: known.get(name, "~"))}


def of_rule(name: str) -> Explanation:
    """The explanation in a rule's docstring. Raises ValueError for one that lacks a part."""
    text = module_of(name).__doc__ or ""
    head, *rest = _SECTION.split(text)
    parts = dict(zip(rest[::2], (dedent(part).strip("\n") for part in rest[1::2]), strict=True))
    title, _, says = head.strip().partition(": ")
    missing = {"Why", "Fix", "Bad", "Good"} - parts.keys()
    if title != name or missing:
        raise ValueError(f"the docstring of {name} begins with `{name}: ` and has Why, Fix, Bad and Good")
    why, fix = (" ".join(parts[part].split()) for part in ("Why", "Fix"))
    says = " ".join(says.split())
    rule = load(name)
    out = {"says": f"{says[:1].upper()}{says[1:]} {why}", "fix": fix}
    out |= {"corefile": parts["Bad"] + "\n", "fixed": parts["Good"] + "\n"}
    world = _yaml(parts.get("World", "")) or {}
    if rule.since:
        out["since"] = rule.since
    if rule.until:
        out["until"] = rule.until
    return {**out, **world}


def findings_of(explanation: Explanation, *, fixed: bool = False) -> list[Finding]:
    """The findings of the example, or of the example mended."""
    return findings_in(explanation, explanation["fixed" if fixed else "corefile"])


def findings_in(explanation: Explanation, text: str) -> list[Finding]:
    """The findings of another Corefile in the example's world."""
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
