"""Every finding is explained in corefile/lint/findings.yaml, and every example there does what it says."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corefile.lint.codes import numbers, rules
from corefile.lint.explanations import all_explanations, findings_of

PACKAGE = Path(__file__).resolve().parents[2] / "corefile"
EXPLAINED = all_explanations()
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def declared() -> set[str]:
    """The codes in the sources: words that are given as a parameter or field `code: str`, bound to a variable of that
    name, or returned as the first of several things."""
    trees = [
        ast.parse(p.read_text(encoding="utf-8"))
        for p in PACKAGE.rglob("*.py")
        if p.relative_to(PACKAGE).parts[0] not in ("cli", "dns", "testing")
    ]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    places: dict[str, set[int]] = defaultdict(set)
    found: list[ast.expr | None] = []
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            names = [a for a in node.args.args if a.arg != "self"]
            for i, a in enumerate([*names, *node.args.kwonlyargs]):
                if a.arg == "code" and isinstance(a.annotation, ast.Name) and a.annotation.id == "str":
                    places[node.name].add(i)
                    found += [*node.args.defaults, *node.args.kw_defaults]
        elif isinstance(node, ast.ClassDef):
            fields = [f.target.id for f in node.body if isinstance(f, ast.AnnAssign) and isinstance(f.target, ast.Name)]
            if "code" in fields:
                places[node.name].add(fields.index("code"))
    assert {"Finding", "error", "warn", "notice", "report"} <= set(places)
    for node in nodes:
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found += [node.args[i] for i in places.get(name, ()) if i < len(node.args)]
            found += [k.value for k in node.keywords if k.arg == "code" and name in places]
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
            first = node.value.elts[0]
            found += [
                e
                for e in ([first.body, first.orelse] if isinstance(first, ast.IfExp) else [first])
                if isinstance(e, ast.Constant)
            ]
        elif isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "code" for t in node.targets):
            found.append(node.value)
    found += [
        ast.Constant(p.stem.replace("_", "-")) for p in (PACKAGE / "lint" / "rules").glob("*_*.py") if p.stem[0] != "_"
    ]
    words = [w.value for e in found if e is not None for w in _outside_calls(e) if isinstance(w, ast.Constant)]
    return {w for w in words if isinstance(w, str) and KEBAB.fullmatch(w)}


def _outside_calls(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression, but for what is handed to a call: `decode("latin-1")` is no code."""
    yield node
    for part in () if isinstance(node, ast.Call) else ast.iter_child_nodes(node):
        yield from _outside_calls(part)


def test_every_code_in_the_sources_is_explained_and_no_other() -> None:
    assert not declared() - set(EXPLAINED), "these need an entry in corefile/lint/findings.yaml"
    assert not set(EXPLAINED) - declared(), (
        "these are in corefile/lint/findings.yaml, and nothing in the sources has them"
    )


def test_no_code_is_explained_twice() -> None:
    text = (PACKAGE / "lint" / "findings.yaml").read_text(encoding="utf-8")
    named = re.findall(r"^([a-z0-9-]+):", text, re.M)
    assert sorted([*named, *(name for name, *_ in rules())]) == sorted(EXPLAINED)


def test_every_code_has_a_number_that_no_other_has() -> None:
    assert set(numbers()) == set(EXPLAINED), (
        "a code is a line in corefile/lint/codes.txt with the next number of its kind"
    )
    assert len(set(numbers().values())) == len(numbers())
    assert all(re.fullmatch(r"CF[1-69]\d\d", number) for number in numbers().values())


@pytest.mark.parametrize("code", EXPLAINED)
def test_its_example_has_it_and_its_cure_has_not(code: str) -> None:
    explanation = EXPLAINED[code]
    assert code in [f.code for f in findings_of(explanation)]
    cured = findings_of(explanation, fixed=True)
    assert code not in [f.code for f in cured]
    assert not [f for f in cured if f.severity == "error"]


@pytest.mark.parametrize("code", EXPLAINED)
def test_its_words_are_sentences(code: str) -> None:
    explanation: dict[str, Any] = EXPLAINED[code]
    for key in ("says", "fix"):
        assert explanation[key][0].isupper() or explanation[key][0] == "`"
        assert explanation[key].rstrip().endswith(".")
