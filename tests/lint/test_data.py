"""What a finding is about is data: nothing is read back out of its texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import corefile
from corefile.findings import Expected

PACKAGE = Path(corefile.__file__).parent
TEXTS = {"message", "hint", "label"}
SEARCHES = {"search", "match", "fullmatch", "findall", "finditer", "split", "sub", "get_close_matches"}


def readings(tree: ast.AST) -> Iterator[int]:
    """The lines in which the text of a finding is compared, searched or taken apart: its message, hint or label, or the words
    at a related place."""
    loops = [node for node in ast.walk(tree) if isinstance(node, (ast.comprehension, ast.For))]
    words = {
        loop.target.elts[1].id
        for loop in loops
        if ".related" in ast.unparse(loop.iter)
        and isinstance(loop.target, ast.Tuple)
        and isinstance(loop.target.elts[1], ast.Name)
    }

    def is_text(node: ast.AST) -> bool:
        return (isinstance(node, ast.Attribute) and node.attr in TEXTS) or (
            isinstance(node, ast.Name) and node.id in words
        )

    for node in ast.walk(tree):
        read: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            read = [node.left, *node.comparators]
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            read = [node.value]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in SEARCHES:
            read = node.args
        if any(is_text(one) for one in read):
            yield node.lineno  # type: ignore[attr-defined]


def of_lint(package: Path = PACKAGE) -> list[Path]:
    return sorted((package / "lint").rglob("*.py"))


def test_no_text_of_a_finding_is_read() -> None:
    """In lint, and in the rooms above it."""
    files = [*of_lint(), *(PACKAGE / "testing").rglob("*.py"), *(PACKAGE / "cli").rglob("*.py")]
    found = {str(p): list(readings(ast.parse(p.read_text(encoding="utf-8")))) for p in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_readings_are_seen() -> None:
    text = """
if "no" in finding.hint or finding.message.endswith("x") or PATTERN.search(finding.label):
    pass
next((span for span, words in finding.related if words == "opened here"), None)
next((span for span, words in reversed(finding.related) if PATTERN.match(words)), None)
other = finding._replace(hint=finding.hint or "x", related=[(span, said) for span, said in finding.related])
"""
    assert list(readings(ast.parse(text))) == [2, 2, 2, 4, 5]


def constants(node: ast.expr) -> set[str]:
    """The texts that an expression may be, or that stand in it side by side."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    if isinstance(node, ast.Tuple):
        return {text for each in node.elts for text in constants(each)}
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_what_is_expected_is_asked_for() -> None:
    """Each kind is given by a finding somewhere, and some cure goes by it."""
    given: set[str] = set()
    asked: set[str] = set()
    for path in [p for p in PACKAGE.rglob("*.py") if "testing" not in p.parts]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "expected":
                given |= constants(node.value)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if [t.id for t in targets if isinstance(t, ast.Name)] == ["expected"]:
                    given |= constants(node.value)
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                given |= {
                    c for k, v in pairs if isinstance(k, ast.Constant) and k.value == "expected" for c in constants(v)
                }
            elif isinstance(node, ast.Compare) and path in of_lint() and "expected" in ast.unparse(node.left):
                asked |= {c for other in node.comparators for c in constants(other)}
    assert given - {""} == asked == set(get_args(Expected)) - {""}
