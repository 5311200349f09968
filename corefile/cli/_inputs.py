"""What the verbs have in common: options about the world, and reading what they name.

The files beside the Corefile are its files. What is not given is assumed, in the same way as by the library and by tests:
see `World`. The environment of this process is not CoreDNS's: the same call says the same everywhere.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from ..findings import LIMITS, CorefileError, Limits, TooLarge
from ..language.files import led_out, outside, read_file
from ..light import regex
from ._terminal import columns_of, complain, say

if TYPE_CHECKING:
    from ..releases import Release
    from ..world import World
    from ..world.cluster import Cluster
    from ..world.corefiles import Corefile, Corefiles
    from ..world.workloads import Workload

DUMP = "kubectl get svc,endpointslices,ns,pods -A -o yaml"
"""Prints the objects of a cluster that DNS looks at."""


IGNORED = regex(r"argument (\S+): ignored explicit argument .*")
"""What argparse says of `--short=1`."""


class WrongUse(Exception):
    """The command was called in a way that makes no sense; exit code 2."""


class WrongPort(WrongUse):
    """A port that there is not."""

    NEEDED = "a port from 0 to 65535 is needed"


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

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """The value of an option or position. `--` is no value of an option, of which argparse makes an empty list (before
        Python 3.13)."""
        if action.option_strings and "--" in arg_strings:
            raise argparse.ArgumentError(action, "expected one argument")
        return super()._get_values(action, arg_strings)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call; exit code 2."""
        option = message.removeprefix("unrecognized arguments: ").split(" ")[0]
        if option != message and option.startswith("-"):
            from difflib import get_close_matches

            word, known = option.partition("=")[0], self._option_string_actions
            begin = [name for name in known if len(word) > 2 and name.startswith(word)]
            close = (begin if len(begin) == 1 else []) or get_close_matches(word, known, n=1, cutoff=0.7)
            message = f"there is no option {option}" + (f": did you mean {close[0]}?" if close else "")
        refused = IGNORED.fullmatch(message)
        if refused is not None:
            message = f"{refused[1]} takes no value"
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


def processes(text: str) -> int:
    """The number of `--jobs`. Raises argparse.ArgumentTypeError."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes, such as 2")
    return int(text)


def indent(text: str) -> str:
    """Text with each line moved in."""
    return "".join(f"  {x}\n" for x in text.strip().splitlines())


def add_common(
    parser: argparse.ArgumentParser,
    formats: tuple[str, ...] = ("text", "json"),
    about: str = "text (the default) or json",
    *,
    default: str | None = "text",
) -> None:
    """Options that every verb has."""
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=formats, default=default, help=about)
    group.add_argument("-h", "--help", action="help", help="show this and exit")


def add_release(parser: argparse._ActionsContainer, *, default: str | None = "1.14.7") -> None:
    """`--release`."""
    parser.add_argument(
        "--release",
        default=default,
        metavar="V",
        action=_Releases,
        help="the CoreDNS release: 1.11.3, v1.11.3, an image name; `list` prints all (default: "
        + ("%(default)s)" if default else "that of an image beside the Corefile, or else the newest)"),
    )


def add_image(parser: argparse.ArgumentParser) -> None:
    """Options about an image that has plugins of its own."""
    group = parser.add_argument_group("an image of one's own")
    group.add_argument(
        "--plugin",
        metavar="NAME[:BEFORE]",
        action="append",
        default=[],
        help="a directive that CoreDNS does not come with, and the one that it stands before; without it, the place that its "
        "documents name. Unless an installed package simulates it, its arguments are not checked",
    )
    group.add_argument("--plugin-cfg", metavar="FILE", help="the plugin.cfg that the image was built with")


def as_built(release: Release, args: Any) -> Release:
    """The release with the plugins of an image."""
    return image_of(args)(release)


def image_of(args: Any) -> Callable[[Release], Release]:
    """What gives a release the plugins of an image. The plugin.cfg is read once: it may be a pipe."""
    if not args.plugin and not args.plugin_cfg:
        return lambda release: release
    from ..plugins import with_plugins
    from ..releases.external import order_of, replaced_in

    order, text, said = None, "", set[str]()
    try:
        if args.plugin_cfg:
            text = read_text(args.plugin_cfg, within=getattr(args, "within", None))
            order = order_of(text)
    except ValueError as e:
        raise WrongUse(f"--plugin-cfg {args.plugin_cfg}: {e}") from None

    def built(release: Release) -> Release:
        for name, package in replaced_in(text, release):
            if name not in said:
                said.add(name)
                complain(f"{args.plugin_cfg}: `{name}` is {package}; it is taken for CoreDNS's own here")
        try:
            return with_plugins(release, args.plugin, order)
        except ValueError as e:
            raise WrongUse(f"--plugin: {e}") from None

    return built


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Options about what is read."""
    group = parser.add_argument_group("what is read")
    group.add_argument(
        "--within",
        metavar="FOLDER",
        help="outside of it nothing is read that only a Corefile or a test names; the default is the repository that it is "
        "in, or its own folder",
    )
    group.add_argument(
        "--allow-outside",
        action="store_const",
        const="/",
        dest="within",
        help="read whatever a Corefile or a test names",
    )
    group.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help=f"a limit of what is read: {', '.join(f'{n} ({v:,})' for n, v in _limit_names().items())}",
    )


def _limit_names() -> dict[str, int]:
    return {name.replace("_", "-"): number for name, number in LIMITS._asdict().items()}


def limits_of(args: Any) -> Limits:
    """The limits that the options say."""
    given = {}
    for text in args.limit:
        name, number = pair(text, "--limit", "NAME=NUMBER")
        if name not in _limit_names():
            raise WrongUse(f"--limit {text}: there is no limit of that name, but {', '.join(_limit_names())}")
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            raise WrongUse(f"--limit {text}: a number is needed")
        given[name.replace("-", "_")] = int(number)
    limits = LIMITS._replace(**given)
    if limits.yaml_depth > LIMITS.yaml_depth:  # what is read is gone through level by level
        sys.setrecursionlimit(max(sys.getrecursionlimit(), 1000 + 8 * min(limits.yaml_depth, 10_000)))
    return limits


def within_of(args: Any) -> str | None:
    """The folder that `--within` names."""
    if args.within is not None and not os.path.isdir(args.within):
        raise WrongUse(f"--within {args.within}: there is no such folder")
    folder: str | None = args.within
    return folder


def add_world(parser: argparse.ArgumentParser) -> None:
    """Options about the world around the Corefile, and what of it is read."""
    add_reading(parser)
    group = parser.add_argument_group("the world around the Corefile (each may be repeated)")
    group.add_argument(
        "--cluster",
        action="append",
        default=[],
        metavar="FILE",
        help=f"Kubernetes objects, as `{DUMP}` prints them",
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
        "--store",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="what is in the store that a directive looks into (etcd, nomad, route53@ID, azure@GROUP:ZONE, "
        "clouddns@PROJECT:ZONE), as its own tools print it; or @refused, @timeout, @unreachable",
    )
    group.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="PATH=FILE",
        help="a file of CoreDNS's pod: /etc/resolv.conf=node-resolv.conf; or a folder: /etc/coredns=deploy",
    )
    group.add_argument(
        "--env",
        action="append",
        default=[],
        metavar="NAME[=VALUE]",
        help="an environment variable; without a value, that of this process",
    )
    group.add_argument(
        "--env-from-process",
        action="store_true",
        help="all environment variables of this process, which are not read otherwise",
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


def release_beside(corefile: Corefile) -> Release:
    """The release of the image that stands beside a Corefile, or the newest."""
    from ..releases import LATEST

    return LATEST if corefile.workload is None else corefile.workload.release


def told(workload: Workload) -> str:
    """Whose release counts, in words."""
    image = f"the image {workload.image} in {workload.path}"
    if workload.known:
        return f"release: that of {image} (--release)"
    if workload.tag in ("", "latest"):
        return f"release: {workload.release}, the newest, as {image} names none: --release gives the one that runs"
    if workload.series:
        return f"release: {workload.release}, the newest that {image} may have: --release gives the one that runs"
    return f"release: {workload.release}, since none is known of {image} (--release)"


def read_text(path: str, limits: Limits = LIMITS, within: str | None = None) -> str:
    """The text of a file that was named, or of standard input for `-`. within: see `led_out`. Raises TooLarge."""
    from ..world.corefiles import text_of

    most = limits.named_size
    try:
        if path == "-":
            if sys.stdin is None:  # closed by the caller
                raise WrongUse("standard input is closed")
            octets = sys.stdin.buffer.read(most + 1)
            if len(octets) > most:
                raise TooLarge(f"standard input has more than {most:,} octets", "file-size")
            text = text_of(octets)
            if not text.strip():
                raise WrongUse("nothing came in on standard input")
            return text
        return text_of(_named(path, limits, within))
    except OSError as e:
        raise WrongUse(f"{path}: {e.strerror or e}") from None


def _named(path: str, limits: Limits, within: str | None) -> bytes:
    """The content of a file that was named. Raises OSError, TooLarge."""
    top = led_out(path, within)
    if top:
        raise outside(path, top)
    return read_file(path, pipes=True, most=limits.named_size)


def corefiles_of(paths: list[str], args: Any) -> Corefiles:
    """The Corefiles in files and folders."""
    from ..world import corefiles

    limits, within = limits_of(args), within_of(args)

    def read(path: str) -> str:
        return read_text(path, limits) if path == "-" else corefiles.text_of(_named(path, limits, within))

    handed = getattr(args, "allow_none", False)
    return corefiles.corefiles(paths, read, within, limits, handed=handed)


def pair(text: str, option: str, shape: str) -> tuple[str, str]:
    """`A=B` taken apart."""
    left, equals, right = text.partition("=")
    if not equals or not left or not right:
        raise WrongUse(f"{option} takes {shape}, not {text!r}")
    return left, right


class Worlds:
    """The world that the options describe, for each Corefile one."""

    def __init__(self, args: Any) -> None:
        self.args = args
        self.limits = limits_of(args)
        self.within = within_of(args)
        self.files: dict[str, Any] = {}
        for text in args.file:
            path, local = pair(text, "--file", "PATH=FILE")
            from pathlib import Path

            top = led_out(local, self.within) if local != "-" else ""
            if top:
                raise WrongUse(f"--file {text}: {outside(local, top).strerror}")
            self.files[path.rstrip("/") or path] = read_text(local, self.limits) if local == "-" else Path(local)
        self.env = {**(os.environ if args.env_from_process else {}), **dict(_variable(text) for text in args.env)}
        self.addresses: list[str] = []
        self.interfaces: dict[str, list[str]] = {}
        for text in args.address:
            interface, _, ip = text.rpartition("=")
            of = self.interfaces.setdefault(interface, []) if interface else self.addresses
            of.append(address_of(ip, "--address"))
        self.cluster = cluster_of(args.cluster, self.limits, self.within) if args.cluster else None
        self.stores: dict[str, Any] = {}
        for text in args.store:
            name, what = pair(text, "--store", "NAME=FILE")
            self.stores[name] = {"fault": what[1:]} if what.startswith("@") else self._read(what)
        self.upstreams: dict[str, Any] = {}
        for text in args.upstream:
            address, what = pair(text, "--upstream", "ADDR=WHAT")
            address_of(address, "--upstream")
            self.upstreams[address] = self._upstream(address, what)

    def around(self, corefile: Corefile, client: str | None = None) -> World:
        """The world around a Corefile."""
        from ..world.upstreams import Upstreams

        world = self._world()
        if client:
            address_of(client, "--from")
            world.client = client
        world.settle(corefile.root, corefile.files, mounted=corefile.mounted, pod=corefile.pod)
        world.upstreams = Upstreams.unchecked(self.upstreams)
        for name, value in corefile.workload.env.items() if corefile.workload is not None else ():
            world.env.setdefault(name, value)
        return world

    def _world(self) -> World:
        from ..world import Assumed, World

        try:
            world = World(
                files=self.files,
                within=self.within,
                limits=self.limits,
                env=self.env,
                cluster=Assumed.CLUSTER if self.cluster is None else self.cluster,
                addresses=self.addresses,
                interfaces=self.interfaces,
            )
            world.stores.update(self.stores)
        except OSError as e:
            raise WrongUse(f"--file: {e.filename}: {e.strerror or e}") from None
        except ValueError as e:
            raise WrongUse(f"--store: {e}") from None
        if self.args.env_from_process:
            world.note_assumed("environment")
        world.terms = "command"
        return world

    def _read(self, path: str) -> str:
        return read_text(path, self.limits, self.within)

    def _upstream(self, address: str, what: str) -> Any:
        """What `--upstream ADDR=WHAT` says."""
        if what == "@istio":
            return {"istio": True}
        if what.startswith("@"):
            return _fault(address, what)
        from ..world.upstreams import looks_like_corefile, wrong_zone

        text = self._read(what)
        if not looks_like_corefile(text):
            wrong = wrong_zone(text)
            if wrong is not None:
                raise WrongUse(f"--upstream {address}={what}: {wrong}")
            return text
        from ..lint import checks

        given = corefiles_of([what], self.args)
        if given.findings:
            raise CorefileError(tuple(given.findings))
        if not given.found:
            raise WrongUse(f"--upstream {address}={what}: there is no Corefile in it")
        corefile = given.found[0]
        world = self._world().beside(files=corefile.around, root=corefile.root, same_cluster=True)
        errors = [f for f in checks(corefile.source, world=world) if f.severity == "error"]
        if errors:
            raise CorefileError(tuple(errors))
        return {"corefile": corefile.source, "files": corefile.around, "root": corefile.root}


def _fault(address: str, what: str) -> dict[str, str]:
    kind = what[1:]
    if kind in ("timeout", "refused", "unreachable", "truncated"):
        return {"fault": kind}
    from ..world.upstreams import rcode_name

    try:
        return {"rcode": rcode_name(kind)}
    except ValueError:
        raise WrongUse(
            f"--upstream {address}={what}: after @ comes istio, timeout, refused, unreachable, truncated or a "
            "response code such as SERVFAIL"
        ) from None


def _variable(text: str) -> tuple[str, str]:
    """The variable that `--env NAME=VALUE` gives, or `--env NAME` passes on."""
    name, equals, value = text.partition("=")
    if not name:
        raise WrongUse(f"--env takes NAME=VALUE or NAME, not {text!r}")
    if not equals:
        if name not in os.environ:
            raise WrongUse(f"--env {name}: this process has no variable of that name (--env {name}=VALUE gives one)")
        value = os.environ[name]
    return name, value


def assumed_words(assumed: Iterable[str], *, file: str = "--file", cluster: str = "--cluster") -> str:
    """What was assumed, for a reader, with the options (or keys) that give it. Of /etc/hosts there is nothing to say:
    every pod's has `localhost`."""
    options = {
        "cluster": f"an API server without objects ({cluster})",
        "credentials": "credentials for a cloud (--env)",
        "environment": "the environment of this process",
        "/etc/coredns": f"/etc/coredns with what is beside the Corefile ({file})",
    }
    words = []
    for what in assumed:
        name, given, value = what.partition("=")
        if given and name.startswith("__"):
            words.append(f"{value} for {name} ({cluster})")
        elif what != "/etc/hosts":
            words.append(options.get(what, f"{what} ({file})"))
    return ", ".join(words)


def cluster_of(paths: list[str], limits: Limits, within: str | None = None) -> Cluster:
    """The cluster in these files. within: see `led_out`."""
    from ..world.cluster import Cluster
    from ..world.manifests import ManifestError, objects

    try:
        return Cluster.load(
            [
                manifest
                for path in paths
                for manifest in objects(
                    read_text(path, limits.cluster, within), "<stdin>" if path == "-" else path, limits
                )
            ]
        )
    except ManifestError as e:
        raise WrongUse(f"--cluster {e}") from None


def address_of(text: str, option: str) -> str:
    """The IP address of `IP`, `IP:PORT` or `[IPv6]:PORT`; of a server also behind its transport (`tls://IP`)."""
    import ipaddress

    from ..api import SCHEMES
    from ..chain.network import split_address

    try:
        scheme, _, rest = text.rpartition("://")
        known = scheme in SCHEMES and (option == "--to" or option.startswith("@"))
        host, port = split_address(rest if known else text)
        if port > 65535:
            raise WrongPort(f"`{option} {text}`: {WrongPort.NEEDED}")
        return str(ipaddress.ip_address(host))
    except ValueError:
        raise WrongUse(
            f"{option} takes an IP address (10.0.0.53, 10.0.0.53:5353, [fd00::1]:53), not {text!r}"
        ) from None


def fail(parser: argparse.ArgumentParser, error: WrongUse) -> NoReturn:
    """Leave with exit code 2."""
    parser.exit(2, f"{parser.prog}: {error}\n")
