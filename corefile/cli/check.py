"""`corefile check`: say what is wrong with Corefiles and ConfigMaps."""

from __future__ import annotations

import argparse

from ..findings import Finding
from ._inputs import (
    Parser,
    Worlds,
    WrongUse,
    add_common,
    add_release,
    add_world,
    assumed_words,
    corefiles_of,
    fail,
    release_of,
)
from ._terminal import complain, say, show_findings, show_json

EXAMPLES = """
kubectl get configmap coredns -n kube-system -o yaml | corefile check -
corefile check --release 1.11.3 Corefile
corefile check --strict k8s/
"""


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser(
        "check",
        "[options] PATH...",
        "Say what is wrong with Corefiles and ConfigMaps. The exit code is 1 where "
        "CoreDNS would not start.\n`corefile explain CODE` says more about a finding.",
        EXAMPLES,
    )
    p.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a Corefile, Kubernetes YAML with one in it, a folder of them, or - for standard input",
    )
    add_release(p)
    p.add_argument("--strict", action="store_true", help="exit 1 for warnings too")
    add_common(p)
    add_world(p)
    return p


def main(argv: list[str]) -> int:
    """Run the verb."""
    from ..lint import checks

    p = parser()
    args = p.parse_args(argv)
    corefiles: list[list[Finding]] = []
    assumed: dict[str, None] = {}
    try:
        release = release_of(args.release)
        given = corefiles_of(args.paths, args)
        corefiles += [[f] for f in given.findings]
        worlds = Worlds(args)
        for corefile in given.found:
            world = worlds.around(corefile)
            corefiles.append(checks(corefile.source, release=release, world=world))
            assumed |= dict.fromkeys(world.assumed)
    except WrongUse as e:
        fail(p, e)
    wrong = [f"{e.filename}: {e.strerror or e}" for e in given.errors]
    empty = given.without
    findings = [f for found in corefiles for f in found]
    count = len(corefiles)
    if args.format == "json":
        show_json({"findings": _json(findings), "corefiles": count, "assumed": list(assumed)})
    elif findings:
        show_findings(*corefiles)
    elif count:
        say(f"{count} Corefile{'s' * (count != 1)}: nothing wrong for CoreDNS {release}")
    words = assumed_words(assumed)
    if args.format == "text" and words:
        say(f"assumed: {words}")
    if not count and not wrong:
        wrong = [f"there is no Corefile in {', '.join(empty or args.paths)} (no ConfigMap has one in its `data`)"]
        empty = []
    for path in empty:
        complain(f"{p.prog}: {path}: no Corefile in it")
    for message in wrong:
        complain(f"{p.prog}: {message}")
    bad = ("error", "warning") if args.strict else ("error",)
    return 2 if wrong else 1 if any(f.severity in bad for f in findings) else 0


def _json(findings: list[Finding]) -> list[object]:
    if not findings:
        return []
    from ..findings.report import by_severity, to_json

    return [to_json(f) for f in by_severity(findings)]
