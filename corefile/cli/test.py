"""`corefile test`: run resolution tests."""

from __future__ import annotations

import argparse
import os
from typing import Any

from ._inputs import color_wanted


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = argparse.ArgumentParser(prog="corefile test", description="Run resolution tests (docs/testing.md).")
    p.add_argument("paths", nargs="+", metavar="PATH", help="a test file, or a folder of them (*.yaml, *.yml)")
    p.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: %(default)s)")
    p.add_argument("--trace", action="store_true", help="print the trace of failing steps too")
    return p


def files_in(paths: list[str]) -> list[str]:
    """The test files that paths stand for; those of a folder in alphabetical order."""
    out = []
    for path in paths:
        if os.path.isdir(path):
            for folder, folders, names in os.walk(path):
                folders.sort()
                out += [os.path.join(folder, n) for n in sorted(names) if n.endswith((".yaml", ".yml"))]
        else:
            out.append(path)
    return out


def main(argv: list[str]) -> int:
    """Run the verb."""
    from ..testing.cases import run

    p = parser()
    args = p.parse_args(argv)
    files = files_in(args.paths)
    if not files:
        p.exit(2, f"{p.prog}: no test files in {', '.join(args.paths)}\n")
    results = [run(path) for path in files]
    failed = sum(not r["passed"] for r in results)
    if args.format == "json":
        import json

        from ..testing.cases import as_json

        print(json.dumps({"files": [as_json(r) for r in results], "passed": len(files) - failed, "failed": failed}))
    else:
        for r in results:
            show(r, trace=args.trace)
        steps = sum(len(r["steps"]) for r in results)
        bad = sum(not s["passed"] for r in results for s in r["steps"])
        if bad:
            print(f"{bad} of {steps} steps failed")
        broken = sum(bool(r["error"]) and not r["passed"] for r in results)
        if broken:
            print(f"{broken} of {len(files)} files could not run")
        if not failed:
            print(f"{steps} steps in {len(files)} files passed")
    return 1 if failed else 0


def show(result: dict[str, Any], *, trace: bool) -> None:
    """Print what failed in one file."""
    from ..diagnostics import render

    path = result["path"]
    if result["error"] and not result["passed"]:
        line = f":{result['error_at']}" if result.get("error_at") else ""
        print(f"{path}{line}  {result['problem']}")
        if result.get("findings"):
            print(render(result["findings"], color=color_wanted()))
    for step in result["steps"]:
        if step["passed"]:
            continue
        print(f"{path}:{step['at']}  {step['title']}")
        for d in step["differences"]:
            field, want, have = d["field"], d["expect"], d["actual"]
            print(f"   {field} differs" if want is not None and have is not None else
                  f"   {field} {'is missing' if have is None else 'is not expected'}")  # fmt: skip
            for sign, value, other in (("-", want, have), ("+", have, want)):
                if isinstance(value, list):
                    for item in value:
                        if not isinstance(other, list) or item not in other:
                            print(f"   {sign} {item}")
                elif value is not None:
                    print(f"   {sign} {value}")
        if step.get("came_from"):
            print(f"   came from {step['came_from']}")
        if trace and step.get("trace"):
            print(step["trace"])
