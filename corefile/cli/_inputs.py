"""What the verbs have in common: options about the world, and reading what they name.

The environment of the process is CoreDNS's environment; the files beside the Corefile are its files. Of the pod's own
files only /etc/resolv.conf and /etc/hosts are made up where they are not given, since every image has them.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from ..findings import CorefileError, Source
from ..language.files import DictFiles, DiskFiles, read_file
from ..language.words import decode
from ._terminal import columns_of, complain, say

if TYPE_CHECKING:
    from ..releases import Release
    from ..world import World
    from ..world.cluster import Cluster

STAND_IN = "192.0.2.53"
ASSUMED = {
    "/etc/resolv.conf": f"nameserver {STAND_IN}\n".encode(),
    "/etc/hosts": b"127.0.0.1 localhost\n",
}
"""What stands in for the pod's files; 192.0.2.53 is an address for documentation (RFC 5737) that nobody has."""


MANIFESTS = (".yaml", ".yml", ".json")

Given = dict[str, "str | bytes | Source"]
"""Files by path."""


class WrongUse(Exception):
    """The command was called in a way that makes no sense; exit code 2."""


class LayeredFiles:
    """Files given on the command line, then those of a ConfigMap, then those on disk, then the assumed ones."""

    def __init__(self, base: str, given: Given) -> None:
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


class Parser(argparse.ArgumentParser):
    """An argument parser that shows help as it was written, and loads nothing to find out how wide a terminal is."""

    def __init__(self, verb: str, usage: str, about: str, examples: str) -> None:
        super().__init__(
            prog=f"corefile {verb}",
            usage=f"corefile {verb} {usage}",
            description=about,
            epilog="examples:\n" + indent(examples),
            formatter_class=_Help,
            add_help=False,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call; exit code 2."""
        option = message.removeprefix("unrecognized arguments: ").split(" ")[0]
        if option != message and option.startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(option.partition("=")[0], self._option_string_actions, n=1)
            message = f"there is no option {option}" + (f": did you mean {close[0]}?" if close else "")
        complain(f"{self.prog}: {message}", f"`{self.prog} --help` tells more.")
        self.exit(2)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Leave, with a line of text where errors go."""
        if message:
            complain(message.removesuffix("\n"))
        raise SystemExit(status)


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=min(columns_of(sys.stdout) or 100, 100))


class _Releases(argparse.Action):
    """`--release V`; `--release list` prints them all."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        if values == "list":
            from ..releases import ALL

            say(*(f"{r.version:8} {r.date}" for r in reversed(ALL)))
            parser.exit()
        namespace.release = values


def indent(text: str) -> str:
    """Text with each line moved in."""
    return "".join(f"  {x}\n" for x in text.strip().splitlines())


def add_common(parser: argparse.ArgumentParser) -> None:
    """Options that every verb has."""
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=("text", "json"), default="text", help="text (the default) or json")
    group.add_argument("-h", "--help", action="help", help="show this and exit")


def add_release(parser: argparse._ActionsContainer) -> None:
    """`--release`."""
    parser.add_argument(
        "--release",
        default="1.14.7",
        metavar="V",
        action=_Releases,
        help="the CoreDNS release: 1.11.3, v1.11.3, an image name; `list` prints all (default: %(default)s)",
    )


def add_world(parser: argparse.ArgumentParser) -> None:
    """Options about the world around the Corefile."""
    group = parser.add_argument_group("the world around the Corefile (each may be repeated)")
    group.add_argument(
        "--cluster",
        action="append",
        default=[],
        metavar="FILE",
        help="Kubernetes objects, as `kubectl get svc,endpointslices,ns -A -o yaml` prints them",
    )
    group.add_argument(
        "--upstream",
        action="append",
        default=[],
        metavar="ADDR=WHAT",
        help="who answers at an address: a zone file, a Corefile, or @timeout, @refused, @unreachable, "
        "@truncated, @SERVFAIL (any response code), @istio",
    )
    group.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="PATH=FILE",
        help="a file of CoreDNS's pod: /etc/resolv.conf=node-resolv.conf",
    )
    group.add_argument(
        "--env",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an environment variable, besides those of this process",
    )
    group.add_argument(
        "--address",
        action="append",
        default=[],
        metavar="[IFACE=]IP",
        help="an address that CoreDNS's machine has, besides 127.0.0.0/8 and ::1; eth0=10.1.2.3: at an interface",
    )


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
            text = decode(sys.stdin.buffer.read())
            if not text.strip():
                raise WrongUse("nothing came in on standard input")
            return text
        return decode(read_file(path, pipes=True))
    except OSError as e:
        raise WrongUse(f"{path}: {e.strerror or e}") from None


def sources_of(path: str) -> tuple[list[tuple[Source, Given]], str]:
    """The Corefiles in a file, each with the files that it brings along, and the directory that they stand in."""
    text = read_text(path)
    name = "<stdin>" if path == "-" else path
    base = os.path.dirname(os.path.abspath(path)) if path != "-" else os.getcwd()
    if looks_like_manifest(text):
        from ..language import configmap as manifests

        return [(f.source, dict(f.files)) for f in manifests.find(name, text)], base
    if name.endswith(MANIFESTS):
        return [], base
    return [(Source(name, text), {})], base


def looks_like_manifest(text: str) -> bool:
    """Whether it is worth loading the YAML reader: a Corefile has none of these words followed by a colon."""
    import re

    return re.search(r"""["']?(?:apiVersion|kind)["']?[ \t]*:""", text) is not None


def pair(text: str, option: str, shape: str) -> tuple[str, str]:
    """`A=B` taken apart."""
    left, equals, right = text.partition("=")
    if not equals or not left or not (right or option == "--env"):
        raise WrongUse(f"{option} takes {shape}, not {text!r}")
    return left, right


def world_of(args: Any, files: Given, base: str, client: str | None = None) -> World:
    """The world that the options describe."""
    from ..world import World

    given = dict(files)
    for text in args.file:
        path, local = pair(text, "--file", "PATH=FILE")
        given[path] = read_text(local)
    env = dict(os.environ)
    env.update(pair(text, "--env", "NAME=VALUE") for text in args.env)
    upstreams: dict[str, Any] = {}
    for text in args.upstream:
        address, what = pair(text, "--upstream", "ADDR=WHAT")
        address_of(address, "--upstream")
        upstreams[address] = upstream_of(address, what)
    addresses: list[str] = []
    interfaces: dict[str, list[str]] = {}
    for text in args.address:
        interface, _, ip = text.rpartition("=")
        of = interfaces.setdefault(interface, []) if interface else addresses
        of.append(address_of(ip, "--address"))
    world = World(
        files=LayeredFiles(base, given),
        env=env,
        cluster=cluster_of(args.cluster) if args.cluster else [],
        upstreams=upstreams,
        addresses=addresses,
        interfaces=interfaces,
        hostname=env.get("HOSTNAME", "localhost"),
    )
    if client:
        address_of(client, "--from")
        world.client = client
    return world


def cluster_of(paths: list[str]) -> Cluster:
    """The cluster in these files."""
    from ..world.cluster import Cluster
    from ..world.manifests import ManifestError, objects

    try:
        return Cluster.load(
            [manifest for path in paths for manifest in objects(read_text(path), "<stdin>" if path == "-" else path)]
        )
    except ManifestError as e:
        raise WrongUse(f"--cluster {e}") from None


def address_of(text: str, option: str) -> str:
    """The IP address of `IP`, `IP:PORT` or `[IPv6]:PORT`."""
    import ipaddress

    from ..chain.network import split_address

    try:
        return str(ipaddress.ip_address(split_address(text)[0]))
    except ValueError:
        raise WrongUse(
            f"{option} takes an IP address (10.0.0.53, 10.0.0.53:5353, [fd00::1]:53), not {text!r}"
        ) from None


def upstream_of(address: str, what: str) -> Any:
    """What `--upstream ADDR=WHAT` says."""
    if what == "@istio":
        return {"istio": True}
    if what.startswith("@"):
        kind = what[1:]
        if kind in ("timeout", "refused", "unreachable", "truncated"):
            return {"fault": kind}
        from ..dns.codes import rcode_number

        try:
            rcode_number(kind.upper())
        except (KeyError, ValueError):
            raise WrongUse(
                f"--upstream {address}={what}: after @ comes istio, timeout, refused, unreachable, truncated or a "
                "response code such as SERVFAIL"
            ) from None
        return {"rcode": kind.upper()}
    text = read_text(what)
    source = Source(what, text)
    if looks_like_manifest(text):
        sources, _ = sources_of(what)
        if not sources:
            raise WrongUse(f"--upstream {address}={what}: there is no Corefile in it")
        source = sources[0][0]
        text = source.text
    if is_corefile(text):
        from ..lint import checks
        from ..world import World

        errors = [f for f in checks(source, world=World(cluster=[])) if f.severity == "error"]
        if errors:
            raise CorefileError(tuple(errors))
        return {"corefile": source, "cluster": True}
    from ..chain.network import wrong_zone

    wrong = wrong_zone(text)
    if wrong is not None:
        raise WrongUse(f"--upstream {address}={what}: {wrong}")
    return text


def is_corefile(text: str) -> bool:
    """Whether a file is a Corefile rather than a zone file: a line that ends in an opening brace tells."""
    import re

    return re.search(r"^\s*[^;\s][^;]*\{\s*$", text, re.M) is not None


def fail(parser: argparse.ArgumentParser, error: WrongUse) -> NoReturn:
    """Leave with exit code 2."""
    parser.exit(2, f"{parser.prog}: {error}\n")
