"""Imports run one way, from room to room (docs/design.md); a plugin knows no other plugin's module."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "corefile"
ROOMS = (
    ("light",),
    ("releases", "golang", "lalr", "gotemplate"),
    ("findings",),
    ("language",),
    ("dns",),
    ("world",),
    ("chain",),
    ("plugin",),
    ("plugins",),
    ("api",),
    ("classes", "lint"),
    ("", "__main__", "cli", "testing"),
)
LAYERS = {room: height for height, rooms in enumerate(ROOMS) for room in rooms}
"""Of each room, how high it stands: it may import from rooms at its own height or below."""
FORBIDDEN_MODULES = {"time", "random", "socket"}


def module_of(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def layer_of(module: tuple[str, ...]) -> int:
    return LAYERS[module[0] if module else ""]


def imports_of(path: Path) -> Iterator[tuple[tuple[str, ...], int]]:
    """Modules of the package that a file imports, as paths below it, and the line."""
    here = path.relative_to(PACKAGE).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                base = here[: len(here) - (node.level - 1)]
                target = (*base, *(node.module.split(".") if node.module else ()))
            elif node.module and node.module.split(".")[0] == "corefile":
                target = tuple(node.module.split(".")[1:])
            else:
                continue
            for name in node.names:
                deeper = (*target, name.name)
                yield (
                    (
                        deeper
                        if (PACKAGE.joinpath(*deeper).with_suffix(".py").exists() or PACKAGE.joinpath(*deeper).is_dir())
                        else target
                    ),
                    node.lineno,
                )


FILES = sorted(p for p in PACKAGE.rglob("*.py"))


def test_there_is_something_to_scan() -> None:
    assert len(FILES) > 50


def test_imports_run_one_way() -> None:
    wrong = []
    for path in FILES:
        mine = layer_of(module_of(path))
        for target, line in imports_of(path):
            if target and layer_of(target) > mine:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {'.'.join(target)}")
    assert not wrong, "\n".join(wrong)


def test_a_plugin_knows_no_other_plugin() -> None:
    wrong = []
    for path in FILES:
        module = module_of(path)
        if module[:1] != ("plugins",) or len(module) < 2:
            continue
        for target, line in imports_of(path):
            shared = len(target) < 2 or target[1].startswith("_") or target[1] == module[1]
            if target[:1] == ("plugins",) and not shared:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {'.'.join(target)}")
    assert not wrong, "\n".join(wrong)


def test_chain_and_plugins_have_no_time_and_no_chance() -> None:
    wrong = []
    for path in FILES:
        if module_of(path)[:1] not in (("chain",), ("plugins",), ("world",), ("dns",)):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else ([node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else [])
            )
            wrong += [
                f"{path.relative_to(PACKAGE)}:{node.lineno} imports {n}"
                for n in names  # type: ignore[attr-defined]
                if n.split(".")[0] in FORBIDDEN_MODULES
            ]
    assert not wrong, "\n".join(wrong)


def circles(edges: dict[tuple[str, ...], set[tuple[str, ...]]]) -> list[list[str]]:
    """Modules that import each other, directly or by way of others (Tarjan's strongly connected components)."""
    order: dict[tuple[str, ...], int] = {}
    low: dict[tuple[str, ...], int] = {}
    stack: list[tuple[str, ...]] = []
    found: list[list[str]] = []

    def visit(module: tuple[str, ...]) -> None:
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in sorted(edges.get(module, ())):
            if other not in order:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], order[other])
        if low[module] == order[module]:
            at = stack.index(module)
            circle = [".".join(m) for m in stack[at:]]
            del stack[at:]
            if len(circle) > 1:
                found.append(sorted(circle))

    for module in sorted(edges):
        if module not in order:
            visit(module)
    return found


def test_a_circle_is_seen() -> None:
    a, b, c = ("a",), ("b",), ("c",)
    assert circles({a: {b}, b: {c}, c: {b}}) == [["b", "c"]]


BEING_CUT = [["dns.message", "dns.rdata", "dns.rdata.codec"], ["language.expand", "language.tree"]]


def test_no_modules_import_each_other() -> None:
    """`TYPE_CHECKING` included. A module may import from its own package's `__init__` only what stands above itself."""
    modules = {module_of(path) for path in FILES}
    edges = {
        module_of(path): {
            target
            for target, _ in imports_of(path)
            if target in modules and target != module_of(path) and module_of(path)[: len(target)] != target
        }
        for path in FILES
    }
    assert not [c for c in circles(edges) if c not in BEING_CUT]


ORDINARY = "any cache debug errors file grpc header health https https3 import local log loop metadata on quic ready root tls trace view"
DIRECTIVES = set(json.loads((PACKAGE.parent / "tests/data/coredns-releases.json").read_text())["1.14.7"]["order"])
WORDS_TOO = set(ORDINARY.split())
"""Names of directives that are everyday words, or names of transports, too."""


def test_the_chain_names_no_directive() -> None:
    wrong = []
    for path in FILES:
        if module_of(path)[:1] != ("chain",):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in DIRECTIVES - WORDS_TOO:
                wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno} {node.value}")
    assert not wrong, "\n".join(wrong)
