"""What a type checker sees of the library: mistakes are errors, and everything that a signature mentions can be imported.

One run of mypy over a program as a user would write it. A comment `# E: text` stands at each line with an error.
"""

from __future__ import annotations

import ast
import builtins
import re
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest

import corefile

ROOT = Path(__file__).resolve().parent.parent

PROGRAM = """\
import corefile
from corefile import Clock, Edns, Fault, Finding, Hop, Record, Release, Reply, Server, Span, Trace, Weighted, World


def serving(text: str, release: str | Release = corefile.releases.LATEST) -> Server:
    world = World(
        files={"/etc/hosts": "127.0.0.1 localhost"},
        env={"UP": "10.0.0.53"},
        upstreams={"10.0.0.53": Fault("timeout"), "10.0.0.54": "www.example. A 192.0.2.1"},
        cluster=[],
        clock=Clock(0.0),
        choose=lambda options, why: len(options) - 1 if isinstance(options, Weighted) else 0,
    )
    return corefile.loads(text, release=release, world=world)


def texts(reply: Reply) -> list[str]:
    records: list[Record] = [*reply.answer, *reply.authority, *reply.additional]
    return [f"{r.name} {r.ttl:d} {r.cls} {r.type} {r.rdata}" for r in records]


def lines(findings: list[Finding]) -> list[int]:
    spans: list[Span | None] = [f.span for f in findings]
    return [span.locate().line for span in spans if span is not None]


def why(trace: Trace) -> str:
    hops: list[Hop] = trace.hops
    return " ".join(hop.why for hop in hops)


server = serving(". {\\n whoami\\n}")
reply = server.query("www.example", "AAAA", "IN", do=True, edns=Edns(4096), client="10.0.0.9", transport="tcp")
length: int = len(reply.rcode) + len(texts(reply)) + len(why(reply.trace)) + len(reply.octets or b"")
other: Server = server.copy()
other.reset()
status: tuple[int, str] = other.get(":8080/health")
errors: list[int] = lines(corefile.check("Corefile")) + lines(corefile.checks("whoami"))
try:
    corefile.load("Corefile")
except (corefile.CorefileError, corefile.UnknownRelease, corefile.BadName) as error:
    print(error)

corefile.lod("x")  # E: Module has no attribute "lod"
corefile.loads("x", relase="1.2.2")  # E: Unexpected keyword argument "relase" for "loads"
server.query("a", transport="dot")  # E: Argument "transport" to "query" of "Server" has incompatible type
server.query("a", to=53)  # E: Argument "to" to "query" of "Server" has incompatible type "int"
server.instance  # E: "Server" has no attribute "instance"
reply.answers  # E: "Reply" has no attribute "answers"; maybe "answer"?
reply.rcode == 3  # E: Non-overlapping equality check (left operand type: "str", right operand type: "Literal[3]")
World(upstream={})  # E: Unexpected keyword argument "upstream" for "World"
"""


def test_a_program_as_users_write_it(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    options = [
        "--strict",
        "--no-error-summary",
        "--no-pretty",
        "--hide-error-context",
        "--cache-dir",
        ROOT / ".mypy_cache",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    found = {int(m[1]): m[2] for m in re.finditer(r"program\.py:(\d+): error: (.*?)  \[", done.stdout)}
    expected = {
        number: line.partition("# E: ")[2] for number, line in enumerate(PROGRAM.splitlines(), 1) if "# E: " in line
    }
    assert found.keys() == expected.keys(), done.stdout + done.stderr
    assert {n: words for n, words in expected.items() if not found[n].startswith(words)} == {}, done.stdout


def test_what_is_exported_is_there_and_no_more() -> None:
    assert {name: getattr(corefile, name) for name in corefile.__all__}.keys() == set(corefile.__all__)
    assert corefile.__all__ == sorted(corefile.__all__, key=str) == [x for x in dir(corefile) if x != "__version__"]
    assert corefile.releases.ALL[-1] is corefile.releases.LATEST
    with pytest.raises(AttributeError, match="module 'corefile' has no attribute 'lod'"):
        _ = corefile.lod  # type: ignore[attr-defined]


def annotations(tree: ast.AST) -> set[str]:
    """The names in the annotations of what is public in a module, a class or a function."""
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            if node.name.startswith("_") and node.name != "__init__":
                continue
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            notes = [a.annotation for a in arguments] + [node.returns]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id[0] != "_":
            notes = [node.annotation]
        else:
            continue
        found |= {n.id for note in notes if note is not None for n in ast.walk(note) if isinstance(n, ast.Name)}
    return found


FOREIGN = {
    "Any",
    "Callable",
    "Hashable",
    "Iterable",
    "Iterator",
    "Literal",
    "Mapping",
    "Sequence",
    "dnslib",
    "os",
    "T",
    "Enum",
}
INTERNAL = {"Msg", "RR", "Line", "Outcome", "Result", "Why"}
"""In signatures of what the documents call internal, and of the ways from and to the forms that the chain has."""
UNNAMED = {
    "Assumed",
    "Embedding",
    "Endpoints",
    "Expected",
    "FaultKind",
    "Manifest",
    "Pod",
    "Ref",
    "Timer",
    "Upstreams",
    "Watch",
}
"""What is handed on without being named, and words that are written as text."""


@pytest.mark.parametrize(
    "name", [x for x in corefile.__all__ if isinstance(getattr(corefile, x), (type, FunctionType))]
)
def test_what_a_signature_mentions_can_be_imported(name: str) -> None:
    thing = getattr(corefile, name)
    path = Path(sys.modules[thing.__module__].__file__ or "")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    (node,) = [n for n in tree.body if isinstance(n, (ast.ClassDef, ast.FunctionDef)) and n.name == name]
    public = annotations(node if isinstance(node, ast.ClassDef) else ast.Module([node], []))
    assert public - set(vars(builtins)) - FOREIGN - INTERNAL - UNNAMED <= set(corefile.__all__)
