"""Imports run one way, from room to room (docs/design.md); a plugin knows no other plugin's module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "corefile"
ROOMS = (
    ("releases", "golang"),
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
