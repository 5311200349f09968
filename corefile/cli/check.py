"""`corefile check`: say what is wrong with Corefiles and ConfigMaps."""

from __future__ import annotations

import argparse
import os

from ..findings import CorefileError, Finding
from ._inputs import (
    MANIFESTS,
    STAND_IN,
    Parser,
    WrongUse,
    add_common,
    add_release,
    add_world,
    fail,
    looks_like_manifest,
    read_text,
    release_of,
    sources_of,
    world_of,
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
    wrong: list[str] = []
    empty: list[str] = []
    try:
        release = release_of(args.release)
        for path in files_in(args.paths):
            try:
                sources, base = sources_of(path)
            except CorefileError as e:
                corefiles.append(list(e.findings))
                continue
            except WrongUse as e:  # the others are worth looking at all the same
                wrong.append(str(e))
                continue
            if not sources:
                empty.append(path)
            for source, files in sources:
                found = checks(source, release=release, world=world_of(args, files, base))
                corefiles.append([_as_far_as_known(f) for f in found])
    except WrongUse as e:
        fail(p, e)
    findings = [f for found in corefiles for f in found]
    count = len(corefiles)
    if args.format == "json":
        show_json({"findings": _json(findings), "corefiles": count})
    elif findings:
        show_findings(*corefiles)
    elif count:
        say(f"{count} Corefile{'s' * (count != 1)}: nothing wrong for CoreDNS {release}")
    if not count and not wrong:
        wrong = [f"there is no Corefile in {', '.join(empty or args.paths)} (no ConfigMap has one in its `data`)"]
        empty = []
    for path in empty:
        complain(f"{p.prog}: {path}: no Corefile in it")
    for message in wrong:
        complain(f"{p.prog}: {message}")
    bad = ("error", "warning") if args.strict else ("error",)
    return 2 if wrong else 1 if any(f.severity in bad for f in findings) else 0


def files_in(paths: list[str]) -> list[str]:
    """The files that paths stand for: in a folder, those named `Corefile` or `*.corefile`, and Kubernetes YAML."""
    out = []
    for path in paths:
        if path == "-" or not os.path.isdir(path):
            out.append(path)
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            for name in sorted(names):
                file = os.path.join(folder, name)
                if (
                    name == "Corefile"
                    or name.endswith(".corefile")
                    or (name.endswith(MANIFESTS) and looks_like_manifest(read_text(file)))
                ):
                    out.append(file)
    return out


def _as_far_as_known(finding: Finding) -> Finding:
    """A name that only the stand-in for the pod's nameserver was asked for may have an address all the same."""
    if finding.severity != "error" or f"on {STAND_IN}:53" not in finding.coredns:
        return finding
    hint = (
        "/etc/resolv.conf is not given: --file /etc/resolv.conf=FILE gives it, --upstream ADDR=FILE what answers there"
    )
    return finding._replace(
        severity="notice", message=f"{finding.message}, as far as is known here", hint=hint, coredns=""
    )


def _json(findings: list[Finding]) -> list[object]:
    if not findings:
        return []
    from ..findings.report import by_severity, to_json

    return [to_json(f) for f in by_severity(findings)]
