"""The main job, with a cluster of 2018 whose Corefile gets a server block for Istio's names (see examples/istio)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ISTIO = ["--cluster", "examples/istio/cluster.yaml", "--upstream", "172.19.10.196=@istio"]
OLD = ["-c", "examples/istio/configmap.yaml", "--release", "1.2.2"]
NEW = ["-c", "examples/istio/configmap-today.yaml", "--release", "1.14.7"]

STEPS = [
    (
        "An article of 2018 adds a server block for Istio's names to a cluster's Corefile. This replays it with the library.",
        ["examples/istio/article.py"],
    ),
    (
        "The same with the command: what do names of test.global resolve to?",
        ["query", *OLD, *ISTIO, "--short", "service1.test.global"],
    ),
    ("", ["query", *OLD, *ISTIO, "--short", "service2.test.global"]),
    ("Why?", ["query", *OLD, *ISTIO, "--trace", "service1.test.global"]),
    ("Why, with a Corefile and a CoreDNS of today?", ["query", *NEW, *ISTIO, "--trace", "service1.test.global"]),
    (
        "A service of the cluster, and one that does not exist:",
        ["query", *NEW, *ISTIO, "--trace", "web.default.svc.cluster.local"],
    ),
    ("", ["query", *NEW, *ISTIO, "--trace", "nope.default.svc.cluster.local"]),
    ("These names as a test, for CI:", ["test", "examples/istio/istio.dns.yaml"]),
    ("Would CoreDNS 1.14.7 start with the Corefile of 2018?", ["check", OLD[1], "--release", "1.14.7"]),
]


def main() -> int:
    """Run the steps; the exit code is 1 if any of them goes wrong."""
    print("This is the `corefile` command: what CoreDNS would do with a Corefile, without running CoreDNS.")
    print(f"It is in {Path(sys.executable).parent / 'corefile'}; try it on the Corefile of your own cluster:")
    print("  kubectl get configmap coredns -n kube-system -oyaml | corefile check -\n")
    for title, argv in STEPS:
        if title:
            print(f"# {title}")
        python = argv[0].endswith(".py")
        print(f"$ {'python' if python else 'corefile'} {' '.join(argv)}", flush=True)
        command = [sys.executable, *([] if python else ["-m", "corefile"]), *argv]
        done = subprocess.run(command, cwd=ROOT, check=False)
        print(flush=True)
        if done.returncode != (1 if argv[0] == "check" else 0):
            print(f"exit code {done.returncode}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
