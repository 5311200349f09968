"""What holds for every plugin and family (docs/plugin-authors.md): releases are compared in `Rules` and declarations alone,
each plugin has a shape, each reason has a name, and filters keep the results that they change."""

from __future__ import annotations

import ast
import copy
import gc
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from corefile import plugins
from corefile.api import Server, loads
from corefile.chain.query import name_of
from corefile.chain.shapes import Plugin
from corefile.plugin import Answerer, Filter, Gate, Reason, Setting
from corefile.plugins import find
from corefile.testing.cases import Case
from corefile.testing.observe import observe

HERE = Path(plugins.__file__).parent
FILES = sorted(HERE.rglob("*.py"))
NAMES = plugins.names()


def name_of_file(path: Path) -> str:
    return str(path.relative_to(HERE))


def directive_of(path: Path) -> str:
    """The directive or family that a file belongs to."""
    return path.relative_to(HERE).parts[0].removesuffix(".py")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_there_is_something_to_scan() -> None:
    assert len(FILES) > 50
    assert len(NAMES) >= 22


# -- releases ---------------------------------------------------------------------------------------------------------

VERSION = re.compile(r"\d+\.\d+\.\d+")


def is_version(node: ast.AST) -> bool:
    """Whether an expression is a version that is written out, or several."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(map(is_version, node.elts))
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and VERSION.fullmatch(node.value) is not None


def is_release(node: ast.AST) -> bool:
    """Whether an expression is a version, or something that is called a release, or several."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(map(is_release, node.elts))
    if isinstance(node, ast.Attribute):
        return node.attr == "release" or (node.attr == "version" and is_release(node.value))
    return is_version(node) or (isinstance(node, ast.Name) and node.id == "release")


def comparisons(tree: ast.AST, of: Callable[[ast.AST], bool] = is_release) -> Iterator[int]:
    """The lines where a release is compared."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.Compare) and any(map(of, (node.left, *node.comparators)))) or (
            isinstance(node, ast.MatchValue) and of(node.value)
        ):
            yield node.lineno


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("if setup.release >= '1.2.3': pass", True),
        ("x = '1.0.0' <= r < '1.2.0'", True),
        ("if release in OLD: pass", True),
        ("x = self.rules.release.version == y", True),
        ("match r:\n case '1.2.3': pass", True),
        ("if x in (release, y): pass", True),
        ("x = since('1.2.3')", False),
        ("x = changed(1, {'1.2.3': 2})", False),
        ("READS = Reads(block=since('1.2.3'))", False),
        ("if self.rules.sets_ra: pass", False),
    ],
)
def test_a_comparison_is_seen(text: str, seen: bool) -> None:
    assert bool(list(comparisons(ast.parse(text)))) is seen


def test_releases_are_compared_in_rules_and_declarations_alone() -> None:
    lines = [f"{name_of_file(path)}:{line}" for path in FILES for line in comparisons(tree_of(path))]
    assert not lines, "these belong into `Rules`:\n" + "\n".join(lines)


def test_beside_plugins_no_version_is_written_into_a_comparison() -> None:
    """What differs between releases is a named value of `ReleaseRules` there, too. How types of records were read is what
    `older` is about."""
    rooms = [HERE.parent / room for room in ("chain", "dns", "golang", "language")]
    lines = [
        f"{path.relative_to(HERE.parent)}:{line}"
        for path in (path for room in rooms for path in sorted(room.rglob("*.py")) if path.name != "older.py")
        for line in comparisons(tree_of(path), is_version)
    ]
    assert not lines, "these belong into `ReleaseRules`:\n" + "\n".join(lines)


# -- shapes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_shape(name: str) -> None:
    cls = find(name)
    assert cls is not None
    shapes = [shape for shape in (Setting, Answerer, Gate, Filter) if issubclass(cls, shape)]
    assert shapes, f"{cls.__name__} has none of the four shapes"
    assert len(shapes) == 1 or (len(shapes) == 2 and Filter in shapes and Setting not in shapes)
    if Setting in shapes:
        assert cls.serve is Plugin.serve, "a setting sees no query"
        assert cls.back is Plugin.back
    else:
        assert any(cls.serve is shape.serve for shape in shapes), (
            "the framework tests the scope: write the shape's method"
        )
    assert cls.__init__ in (Plugin.__init__, Setting.__init__), "what can be known before is worked out in `prepare`"


# -- reasons ----------------------------------------------------------------------------------------------------------

WHY_AT = {"failed": 2, "Next": 0, "fallthrough": 0, "hint": 0, "Result": 3, "write": 2, "replying": 1, "note": 0}
"""Where the reason stands among the arguments of what takes one."""


def is_bare(node: ast.expr) -> bool:
    """Whether an expression is text that stands where a reason belongs."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and node.value != ""
    if isinstance(node, ast.IfExp):
        return is_bare(node.body) or is_bare(node.orelse)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Tuple) and bool(node.elts) and is_bare(node.elts[0])
    )


def bare_reasons(tree: ast.AST) -> Iterator[int]:
    """The lines that give text where a reason belongs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "note" and not (isinstance(node.func, ast.Attribute) and "trace" in ast.unparse(node.func)):
                continue
            at = WHY_AT.get(called)
            given = [] if at is None else node.args[at : at + 1]
            given += [k.value for k in node.keywords if at is not None and k.arg in ("why", "changed")]
            if any(map(is_bare, given)):
                yield node.lineno
        elif isinstance(node, ast.Assign):
            to_why = any(isinstance(t, ast.Attribute) and t.attr == "why" for t in node.targets)
            if to_why and is_bare(node.value):
                yield node.lineno


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("failed(2, None, 'text')", True),
        ("Next(('{} is not', name))", True),
        ("self.write(query, reply, f'{x}')", True),
        ("result.why = 'text'", True),
        ("hint(WHY(), changed='text')", True),
        ("query.ctx.trace.note('text')", True),
        ("failed(2, 'an error', WHY())", False),
        ("Next((WHY, name))", False),
        ("self.note('INFO', 'text')", False),
    ],
)
def test_a_bare_reason_is_seen(text: str, seen: bool) -> None:
    assert bool(list(bare_reasons(ast.parse(text)))) is seen


def test_each_reason_has_a_name() -> None:
    wrong = [f"{name_of_file(path)}:{line}" for path in FILES for line in bare_reasons(tree_of(path))]
    assert not wrong, "these need a `Reason`:\n" + "\n".join(wrong)


def reasons() -> Iterator[tuple[str, Reason]]:
    """The reasons that modules declare, with the module."""
    for path in FILES:
        parts = path.relative_to(HERE).with_suffix("").parts
        module = import_module(".".join([plugins.__name__, *(p for p in parts if p != "__init__")]))
        for node in tree_of(path).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                value = getattr(module, getattr(target, "id", ""), None)
                if isinstance(value, Reason):
                    yield directive_of(path), value


def test_names_of_reasons_tell_them_apart() -> None:
    seen: dict[tuple[str, str], Reason] = {}
    for directive, reason in reasons():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", reason.name), f"{directive}: `{reason.name}` is no kebab-name"
        other = seen.setdefault((directive, reason.name), reason)
        assert other is reason, f"{directive}: two reasons are called `{reason.name}`"
    assert len(seen) > 30


CONFORMANCE = sorted((Path(__file__).parent.parent / "conformance").rglob("*.yaml"))
CASES = CONFORMANCE[::9]


def test_reasons_that_come_in_recorded_cases_have_names() -> None:
    """What the scan of the sources cannot see: reasons that are handed through variables."""
    wrong, asked = set(), 0
    for path in CASES:
        case = Case.read(str(path))
        server = case.server()
        if server.process.instance.errors:
            continue
        server.start()
        for step in case.data.get("steps") or ():
            reply = observe(server, step)[1]
            for hop in reply.trace.hops if reply is not None and reply.trace is not None else ():
                cls = find(hop.plugin)
                asked += 1
                if hop._why and not name_of(hop._why) and hop.why != getattr(cls, "PASSES", ""):
                    wrong.add((hop.plugin, hop.why))
    assert asked > 300
    assert not wrong


# -- filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in NAMES if issubclass(find(n), Filter)])  # type: ignore[arg-type]
def test_a_filter_makes_no_result_anew(name: str) -> None:
    """`result.replying`, `answered` and `withdrawn` keep what is not changed: later, rcode, error, writer."""
    cls = find(name)
    assert cls is not None
    alone = not issubclass(cls, Answerer | Gate)
    for path in FILES:
        if directive_of(path) != name:
            continue
        tree = tree_of(path)
        scopes = [tree] if alone else [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "back"]
        made = [
            f"{name_of_file(path)}:{node.lineno}"
            for scope in scopes
            for node in ast.walk(scope)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Result", "failed")
        ]
        assert not made, f"results that are made anew: {made}"


# -- copies -----------------------------------------------------------------------------------------------------------


def reached(root: object, targets: dict[int, str]) -> set[str]:
    """Which of some objects are held by way of another one. Modules and classes are not looked into."""
    seen, todo, found = {id(root)}, [root], set()
    while todo:
        at = todo.pop()
        if id(at) in targets:
            found.add(targets[id(at)])
        if isinstance(at, type | ModuleType):
            continue
        held = (*(at.__closure__ or ()), at.__defaults__) if isinstance(at, FunctionType) else gc.get_referents(at)
        for other in held:
            if id(other) not in seen:
                seen.add(id(other))
                todo.append(other)
    return found


def parts_of(server: Server) -> dict[int, str]:
    """What belongs to a server alone, by identity."""
    process = server.process
    parts: list[object] = [server, process, process.instance, process.world, process.world.clock, process.network]
    parts += [handler for site in process.instance.sites for handler in site.handlers]
    return {id(part): type(part).__name__ for part in parts}


def test_a_closure_is_seen() -> None:
    server = loads(". {\nwhoami\n}\n")
    server.process.instance.once_started.append(lambda: server.process.start())
    assert reached(copy.deepcopy(server), parts_of(server)) >= {"Process", "Instance", "Whoami"}


@pytest.mark.parametrize("path", CASES[::2], ids=lambda p: p.stem)
def test_a_copy_of_a_server_holds_nothing_of_it(path: Path) -> None:
    case = Case.read(str(path))
    server = case.server()
    if server.process.instance.errors:
        return
    server.start()
    for step in case.data.get("steps") or ():
        observe(server, step)
    assert not reached(copy.deepcopy(server), parts_of(server))
