"""`corefile test --against BINARY`: where a real CoreDNS answers otherwise than simulated."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from ..findings.layout import Line, line
from ._inputs import WrongUse
from ._terminal import progress, show, show_json

if TYPE_CHECKING:
    import re

    from ..findings import Limits


def against(
    binary: str, files: list[str], args: Any, within: str | None, limits: Limits, chosen: re.Pattern[str] | None
) -> int:
    """Run tests on a binary and in the simulation, and tell where they differ; the exit code. Raises WrongUse."""
    from ..testing.real import NoBinary, version_of

    try:
        version = version_of(binary)
        results = []
        progress(0, len(files))
        with ThreadPoolExecutor(args.jobs or os.cpu_count() or 1) as pool:  # each waits for a process
            for result in pool.map(lambda path: compared(binary, version, path, within, limits, chosen), files):
                results.append(result)
                if args.format == "text" and _lines(result):
                    progress(len(files), len(files))  # takes the bar away
                    show(_lines(result), width=118)
                    sys.stdout.flush()
                progress(len(results), len(files))
    except NoBinary as e:
        raise WrongUse(str(e)) from None
    steps = [s for r in results for s in r["steps"]]
    bad = sum(bool(s["differences"]) for s in steps)
    apart = sum(r["error"] is not None for r in results)
    broken = sum(bool(r["broken"]) for r in results)
    refused = any(r["same_error"] for r in results)
    code = int(bad + apart + broken > 0 or not (steps or refused))
    if args.format == "json":
        show_json({"coredns": version, "files": [_json(r) for r in results], "differ": bad + apart}, indent=None)
        return code
    left = sum(one["steps"] for r in results for one in r["left"])
    count, among, rest = (
        f"{n} {what}{'s' * (n != 1)}" for n, what in ((len(steps), "step"), (len(results), "file"), (left, "step"))
    )
    if broken:
        show([line("", f"{broken} of {among} could not be run", "error")])
    if apart:
        show([line("", f"{apart} of {among}: only one of the two starts", "error")])
    if bad:
        show([line("", f"{bad} of {count}: CoreDNS {version} answers otherwise than simulated", "error")])
    elif steps:
        show([line("", f"{count}: CoreDNS {version} answers as simulated", "good")])
    elif refused:
        show([line("", f"CoreDNS {version} refuses what is refused in the simulation", "good")])
    elif not apart and not broken:
        show([line("", f"nothing was asked of CoreDNS {version}", "warning")])
    if left:
        show([line("", f"{rest} not asked, for the reasons above", "warning")])
    return code


def compared(
    binary: str, version: str, path: str, within: str | None, limits: Limits, chosen: re.Pattern[str] | None
) -> dict[str, Any]:
    """One file on both. `steps` has what was asked of both, with `differences` (the binary's answer first); `error`,
    what only one of them says at the start; `left`, what was not asked (`what` is None for all of a run), how many steps
    that are, and why; `broken`, a mistake of the test. Raises NoBinary."""
    from ..testing.cases import Case, run_all
    from ..testing.compare import differences
    from ..testing.format import BadTest, place_of
    from ..testing.real import observed

    out: dict[str, Any] = {"path": path, "steps": [], "error": None, "same_error": False, "left": [], "broken": ""}
    try:
        cases = Case.runs(path, within, limits)
    except BadTest as e:
        out["broken"] = str(e)
        return out

    def leave(why: str, steps: int, what: str | None = None) -> None:
        out["left"].append({"what": what, "steps": steps, "why": why})

    runs = None
    for index, case in enumerate(cases):
        if str(case.release.version) != version and "coredns" in case.data:
            leave(f"it is for CoreDNS {case.release.version}, and the binary is {version}", len(case.steps))
            continue
        case.use(version)
        runs = runs or observed(binary, path, within, limits)
        real = runs[index]
        case.times = [seen.get("at") for seen in real.get("steps", ())]  # time is real, and no step takes none
        simulated = run_all([case], chosen)
        if "why" in real:
            leave(real["why"], len(case.steps))
        elif "error" in real or simulated["error"] is not None:
            ours, theirs = simulated["error"], real.get("error")
            if ours is not None and theirs is not None:
                out["same_error"] = True
            else:
                out["error"] = {"real": theirs, "simulated": ours}
        else:
            for seen, step in zip(real["steps"], simulated["steps"], strict=True):
                if step["skipped"]:
                    continue
                if "why" in seen:
                    leave(seen["why"], 1, step["what"])
                    continue
                ours = json.loads(json.dumps(step["actual"]))
                found = differences(seen["actual"], ours, kind=step["kind"])
                place = place_of(path, step["keys"]) if found else None
                out["steps"].append(
                    {
                        "what": step["what"],
                        "place": place,
                        "differences": found,
                        "real": seen["actual"],
                        "simulated": ours,
                    }
                )
    return out


def _lines(result: dict[str, Any]) -> list[Line]:
    """What is told of a file."""
    from ..testing.show import at, lines_of

    out = [line(f"{result['path']}  ", result["broken"], "bold")] if result["broken"] else []
    reasons: dict[str, list[dict[str, Any]]] = {}
    for one in result["left"]:
        reasons.setdefault(one["why"], []).append(one)
    for why, left in reasons.items():
        number = sum(one["steps"] for one in left)
        named = ", ".join(dict.fromkeys(str(one["what"]) for one in left if one["what"] is not None))
        words = f"{number} step{'s' * (number != 1)} not asked{f' ({named:.100})' if named else ''}: {why}"
        out.append(line(f"{result['path']}  ", words, "warning"))
    if result["error"] is not None:
        said = ((sign, who, result["error"][who]) for sign, who in (("-", "real"), ("+", "simulated")))
        out.append(line(f"{result['path']}  ", "CoreDNS (-) starts otherwise than simulated (+)", "bold"))
        out += [line(f"   {sign} ", words or "it starts") for sign, _, words in said]
    for step in result["steps"]:
        if step["differences"]:
            words = f"{step['what']}   CoreDNS (-) answers otherwise than simulated (+)"
            out += [line(f"{at(result, step)}  ", words, "bold"), *lines_of(step["differences"]), line("")]
    return out


def _json(result: dict[str, Any]) -> dict[str, Any]:
    steps = [{k: s[k] for k in ("what", "real", "simulated", "differences")} for s in result["steps"]]
    found = {"path": result["path"], "steps": steps, "error": result["error"], "not_asked": result["left"]}
    return found | ({"broken": result["broken"]} if result["broken"] else {})


__all__ = ["against", "compared"]
