"""`corefile check`: say what is wrong with Corefiles and ConfigMaps."""

from __future__ import annotations

import argparse

from ..diagnostics import CorefileError, Finding, Source, render, to_json
from ._inputs import WrongUse, add_release, add_world, color_wanted, fail, release_of, sources_of, world_of


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = argparse.ArgumentParser(prog="corefile check", description="Say what is wrong with Corefiles and ConfigMaps.")
    p.add_argument(
        "paths", nargs="+", metavar="PATH", help="a Corefile, Kubernetes YAML with one in it, or - for stdin"
    )
    add_release(p)
    p.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: %(default)s)")
    p.add_argument("--strict", action="store_true", help="exit 1 for warnings too")
    add_world(p)
    return p


def main(argv: list[str]) -> int:
    """Run the verb."""
    p = parser()
    args = p.parse_args(argv)
    try:
        release = release_of(args.release)
        findings: list[Finding] = []
        count = 0
        for path in args.paths:
            try:
                sources, base = sources_of(path)
            except CorefileError as e:
                findings += e.findings
                count += 1
                continue
            for source, files in sources:
                count += 1
                findings += check(source, release, world_of(args, files, base))
    except WrongUse as e:
        fail(p, e)
    if args.format == "json":
        import json

        print(json.dumps({"findings": [to_json(f) for f in findings], "corefiles": count}, indent=2))
    else:
        show(findings, count)
    bad = ("error", "warning") if args.strict else ("error",)
    return 1 if any(f.severity in bad for f in findings) else 0


def check(source: Source, release: object, world: object) -> list[Finding]:
    """The findings of one Corefile."""
    from ..api import build

    return list(build(source, release, world, None, None).findings)  # type: ignore[arg-type]


def show(findings: list[Finding], count: int) -> None:
    """Print findings for a reader."""
    corefiles = f"{count} Corefile{'s' * (count != 1)}"
    if findings:
        print(render(findings, color=color_wanted()))
    else:
        print(f"{corefiles}: nothing to say")
