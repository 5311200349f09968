"""What the verbs have in common: options about the world, and reading what they name.

The environment of the process is CoreDNS's environment; the files beside the Corefile are its files. Of the pod's own
files only /etc/resolv.conf and /etc/hosts are made up where they are not given, since every image has them.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from ..diagnostics import CorefileError, Source
from ..files import DictFiles, DiskFiles
from ..words import decode

if TYPE_CHECKING:
    import argparse

    from ..chain.world import World
    from ..releases import Release

ASSUMED = {
    "/etc/resolv.conf": b"nameserver 192.0.2.53\n",
    "/etc/hosts": b"127.0.0.1 localhost\n",
}
"""What stands in for the pod's files; 192.0.2.53 is an address for documentation (RFC 5737) that nobody has."""


class WrongUse(Exception):
    """The command was called in a way that makes no sense; exit code 2."""


class LayeredFiles:
    """Files given on the command line, then those of a ConfigMap, then those on disk, then the assumed ones."""

    def __init__(self, base: str, given: dict[str, str | bytes | Source]) -> None:
        self.base = base
        self.given = DictFiles(given, base)
        self.disk = DiskFiles(base)
        self.assumed: set[str] = set()

    def write(self, path: str, content: str | bytes | Source) -> None:
        """Put a file there."""
        self.given.write(path, content)

    def source(self, path: str) -> Source | None:
        """The source given for a path, if one was."""
        return self.given.source(path)

    def read(self, path: str) -> bytes | None:
        """The content; None if there is no such file."""
        found = self.given.read(path)
        if found is None and path in ASSUMED:
            self.assumed.add(path)
            return ASSUMED[path]
        return self.disk.read(path) if found is None else found

    def is_dir(self, path: str) -> bool:
        """Whether it is a directory."""
        return self.given.is_dir(path) or self.disk.is_dir(path)

    def glob(self, pattern: str) -> list[str]:
        """The paths that match, sorted."""
        return sorted({*self.given.glob(pattern), *self.disk.glob(pattern)})


def add_release(parser: argparse.ArgumentParser) -> None:
    """`--release`."""
    parser.add_argument("--release", default="1.14.7", metavar="V",
                        help="CoreDNS release, such as 1.11.3 or an image name (default: %(default)s)")  # fmt: skip


def add_world(parser: argparse.ArgumentParser) -> None:
    """Options about the world around the Corefile."""
    parser.add_argument("--cluster", action="append", default=[], metavar="FILE",
                        help="Kubernetes objects as `kubectl get -o yaml` prints them; may be repeated")  # fmt: skip
    parser.add_argument("--upstream", action="append", default=[], metavar="ADDR=FILE",
                        help="what answers at an address: a zone file, a Corefile, or one of @istio, @timeout, "
                             "@refused, @truncated, @SERVFAIL...; may be repeated")  # fmt: skip
    parser.add_argument("--file", action="append", default=[], metavar="PATH=FILE",
                        help="a file that the Corefile names, such as /etc/resolv.conf=./resolv.conf")  # fmt: skip
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE",
                        help="an environment variable besides those of this process")  # fmt: skip
    parser.add_argument("--address", action="append", default=[], metavar="IP",
                        help="an address that the machine has besides 127.0.0.0/8 and ::1")  # fmt: skip


def release_of(text: str) -> Release:
    """The release named on the command line."""
    from .. import releases

    try:
        return releases.find(text)
    except (ValueError, CorefileError) as e:
        raise WrongUse(str(e)) from None


def read_text(path: str) -> str:
    """The text of a file, or of standard input for `-`."""
    try:
        if path == "-":
            return decode(sys.stdin.buffer.read())
        with open(path, "rb") as f:
            return decode(f.read())
    except OSError as e:
        raise WrongUse(f"{path}: {e.strerror or e}") from None


def sources_of(path: str) -> tuple[list[tuple[Source, dict[str, str | bytes | Source]]], str]:
    """The Corefiles in a file, each with the files that it brings along, and the directory that they stand in."""
    text = read_text(path)
    name = "<stdin>" if path == "-" else path
    base = os.path.dirname(os.path.abspath(path)) if path != "-" else os.getcwd()
    if looks_like_manifest(text):
        from .. import manifests

        found = [(f.source, dict(f.files)) for f in manifests.find(name, text)]
        if not found:
            raise WrongUse(f"{path}: there is no Corefile in this manifest (no ConfigMap has one in its `data`)")
        return found, base  # type: ignore[return-value]
    return [(Source(name, text), {})], base


def looks_like_manifest(text: str) -> bool:
    """Whether it is worth loading the YAML reader: a Corefile has none of these words followed by a colon."""
    import re

    return re.search(r"""["']?(?:apiVersion|kind)["']?[ \t]*:""", text) is not None


def pair(text: str, option: str) -> tuple[str, str]:
    """`A=B` taken apart."""
    left, equals, right = text.partition("=")
    if not equals or not left or not right:
        raise WrongUse(f"{option} takes NAME=VALUE, not {text!r}")
    return left, right


def world_of(args: Any, files: dict[str, str | bytes | Source], base: str, client: str | None = None) -> World:
    """The world that the options describe."""
    from ..chain.cluster import Cluster
    from ..chain.world import World

    given = dict(files)
    for text in getattr(args, "file", []):
        path, local = pair(text, "--file")
        given[path] = read_text(local)
    env = dict(os.environ)
    env.update(pair(text, "--env") for text in getattr(args, "env", []))
    upstreams: dict[str, Any] = {}
    for text in getattr(args, "upstream", []):
        address, what = pair(text, "--upstream")
        upstreams[address] = upstream_of(address, what)
    try:
        texts = [read_text(path) for path in getattr(args, "cluster", [])]
        cluster = Cluster.load("\n---\n".join(texts))
    except (ValueError, CorefileError) as e:
        raise WrongUse(str(e)) from None
    world = World(files=LayeredFiles(base, given), env=env, cluster=cluster, upstreams=upstreams,
                  addresses=getattr(args, "address", []), hostname=env.get("HOSTNAME", "localhost"))  # fmt: skip
    if client:
        world.client = client
        from ..chain.network import split_address

        world.addresses = (*world.addresses, split_address(client)[0])
    return world


def upstream_of(address: str, what: str) -> Any:
    """What `--upstream ADDR=WHAT` says."""
    if what == "@istio":
        return {"istio": True}
    if what.startswith("@"):
        kind = what[1:]
        if kind in ("timeout", "refused", "unreachable", "truncated"):
            return {"fault": kind}
        from ..chain.rdata import rcode_number

        try:
            rcode_number(kind.upper())
        except (KeyError, ValueError):
            raise WrongUse(
                f"--upstream {address}={what}: after @ comes istio, timeout, refused, unreachable, truncated or a "
                "response code such as SERVFAIL"
            ) from None
        return {"rcode": kind.upper()}
    text = read_text(what)
    if is_corefile(text):
        return {"corefile": text}
    return text


def is_corefile(text: str) -> bool:
    """Whether a file is a Corefile rather than a zone file: a line that ends in an opening brace tells."""
    import re

    return re.search(r"^\s*[^;\s][^;]*\{\s*$", text, re.M) is not None


def fail(parser: argparse.ArgumentParser, error: WrongUse) -> NoReturn:
    """Leave with exit code 2."""
    parser.exit(2, f"{parser.prog}: {error}\n")


def color_wanted() -> bool:
    """Whether standard output is a terminal that wants colour."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
