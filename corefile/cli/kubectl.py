"""`kubectl corefile`: the command, for the cluster that kubectl talks to.

kubectl finds the program `kubectl-corefile` by its name. It asks kubectl for the ConfigMaps of CoreDNS, for the Deployment or
DaemonSet that runs it, and (for a query) for the objects that DNS looks at; nothing is changed there.
"""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory

from ..light import regex
from . import main as command
from ._terminal import complain, say

USAGE = """usage: kubectl corefile check [options]
       kubectl corefile query [options] NAME [TYPE]

The Corefile of the cluster that kubectl talks to, in namespace kube-system (-n NAMESPACE for another one), in the ConfigMap
that kubeadm, LKE, RKE2 or OpenShift's operator gives it (--configmap NAME for another one, such as node-local-dns).
--context, --kubeconfig, --user and --as are kubectl's own; the other options are those of `corefile check` and `corefile query`."""

NAMES = ("coredns", "coredns-base", "rke2-coredns-rke2-coredns", "dns-default")
"""Of the ConfigMap, and of the Deployment or DaemonSet beside it: those of kubeadm and most others, of LKE, RKE2, OpenShift."""
CONNECTION = ("--context", "--kubeconfig", "--user", "--as")
"""Options that kubectl takes itself, about which cluster it talks to, and as whom."""
OBJECTS = "svc,endpointslices,ns,pods"
IMPORTS = "serviceimports.multicluster.x-k8s.io"
"""What `multicluster` answers for; not every cluster knows the kind."""


def main(argv: list[str] | None = None) -> int:
    """Run it; the exit code is that of the command."""
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in ("-h", "--help", "help"):
        say(*USAGE.splitlines())
        return 0
    verb, *rest = argv
    if verb not in ("check", "query"):
        complain(f"kubectl corefile: there is no `{verb}`: check or query")
        return 2
    from ..language.configmap import CUSTOM

    namespace = _taken(rest, "-n", "--namespace") or "kube-system"
    name = _taken(rest, "--configmap")
    which = [f"{option}={value}" for option in CONNECTION if (value := _taken(rest, option))]
    stdin = sys.stdin
    with TemporaryDirectory() as folder:
        try:
            names = (name,) if name else NAMES
            kinds = [f"{kind}/{each}" for kind in ("configmap", "deployment", "daemonset") for each in names]
            there = ("-n", namespace, "--ignore-not-found", "-o", "yaml")
            config = _kubectl(*which, "get", *kinds, f"configmap/{CUSTOM}", *there)
            if not _has_corefile(config):
                maps = " or ".join(f"`{each}`" for each in names)
                raise Failed(
                    f"namespace {namespace} has no ConfigMap {maps} with a Corefile",
                    "-n NAMESPACE and --configmap NAME say where it is: `kubectl get configmap -A` lists them all",
                )
            given = ["-"]
            if verb == "query":
                cluster = Path(folder, "cluster.yaml")
                objects = OBJECTS + (f",{IMPORTS}" if "multicluster" in config else "")
                cluster.write_text(_kubectl(*which, "get", objects, "-A", "-o", "yaml"), encoding="utf-8")
                given = ["-c", "-", "--cluster", str(cluster)]
            # In place of a pipe: files that options name, and settings, are those of the folder of the call.
            sys.stdin = TextIOWrapper(BytesIO(config.encode()), encoding="utf-8")
            return command([verb, *rest, *given])
        except Failed as e:
            first, *others = e.lines
            complain(f"kubectl corefile: {first}", *others)
            return 2
        finally:
            sys.stdin = stdin


def _taken(words: list[str], *names: str) -> str:
    """The value of an option, which is taken out of the words; '' where it is not given."""
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in names and (equals or at + 1 < len(words)):
            value = value if equals else words[at + 1]
            del words[at : at + 2 - bool(equals)]
            return value
    return ""


class Failed(Exception):
    """kubectl has not done what it was asked for. lines: why, in words."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines


_LOGGED = regex(r"[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+:\d+\] ")
"""How the lines begin that kubectl logs for its own developers, before it says what is wrong."""
_UNREACHED = regex(r"(?:connection to|connect to|reach) the server")


def _said(errors: str, code: int) -> tuple[str, ...]:
    """What kubectl has said of its failure."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    lines = [line for line in lines if not _LOGGED.match(line)] or [_LOGGED.sub("", line) for line in lines[-1:]]
    if not lines:
        return (f"kubectl ended with {code}",)
    if any(_UNREACHED.search(line) for line in lines):
        lines.append("--context NAME or --kubeconfig FILE names another cluster")
    return tuple(lines)


def _kubectl(*arguments: str) -> str:
    try:
        done = subprocess.run(["kubectl", *arguments], capture_output=True, text=True, check=False)
    except OSError as e:
        raise Failed(f"kubectl: {e.strerror or e}") from None
    if done.returncode:
        raise Failed(*_said(done.stderr, done.returncode))
    return done.stdout


def _has_corefile(text: str) -> bool:
    """Whether objects have a ConfigMap with a Corefile."""
    return any(line.lstrip().startswith("Corefile:") for line in text.splitlines())


__all__ = ["main"]
