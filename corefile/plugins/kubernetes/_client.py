"""Where CoreDNS finds the API server, and what keeps it from starting there (client-go, tools/clientcmd).

The world's cluster stands behind every address of an API server but those of the machine itself at which no API server
listens by custom.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...findings import Span
from ...language.documents import DocumentError, single
from ...language.files import file_above
from ...language.words import decode
from ...plugin import Invalid, Setup, World, quote
from .._paths import cannot_read
from ._config import Config

if TYPE_CHECKING:
    from ...language.words import Token

UNTIL = "the cluster that is given is taken for the one that it names"
API_PORTS = {"https": frozenset((443, 6443, 8443, 16443)), "http": frozenset((8080,))}
NOT_IN_CLUSTER = (
    "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined"
)


def reaches(setup: Setup, config: Config) -> bool:
    """Whether there is an API server where the options look for one. Raises Invalid where CoreDNS does not start."""
    world = setup.world
    if config.kubeconfig is not None:
        path, context = config.kubeconfig
        return _of_file(setup, path, context or "")
    if config.endpoint:
        places = [word.span for word in _words(setup, "tls")]
        _check(*_files(setup, "", *(config.tls or ("", "", "")), places))
        return _is_served(world, config.endpoint[0])
    if world.cluster is not None:
        return True
    if world.env.get("KUBERNETES_SERVICE_HOST") and world.env.get("KUBERNETES_SERVICE_PORT"):
        return False
    raise Invalid(
        "there is no cluster to ask",
        coredns=NOT_IN_CLUSTER,
        located=False,
        hint="CoreDNS runs outside of a cluster only with `endpoint` or `kubeconfig`; give the objects of the "
        "cluster to try it out",
    )


def _is_served(world: World, server: str) -> bool:
    if world.cluster is None:
        return False
    m = re.fullmatch(r"(?:(https?)://)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?(?:/.*)?", server)
    if m is None:
        return False
    host, scheme = m[2].strip("[]"), m[1] or "http"
    port = int(m[3]) if m[3] else 80 if scheme == "http" else 443
    return port in API_PORTS[scheme] or not (host == "localhost" or world.is_own_address(host))


def _words(setup: Setup, name: str) -> tuple[Token, ...]:
    """The words of the last line of a property."""
    lines = setup.given.all(name)
    return lines[-1].words if lines else ()


def _files(
    setup: Setup, name: str, cert: str, key: str, ca: str, places: Sequence[Span]
) -> tuple[list[str], Span | None]:
    """What is wrong with the files of a connection, in CoreDNS's words, and where the first such file is named. places:
    where each of the three is, or one for all. Raises Invalid."""
    problems, first = [], None
    wanted = [("client-cert", cert), ("client-key", key if cert else ""), ("certificate-authority", ca)]
    for number, (what, path) in enumerate(wanted):
        at = places[min(number, len(places) - 1)] if places else None
        if path and setup.world.files.is_dir(path):  # which opens, and is read later
            said = f"failed to create kubernetes notification controller: {quote(cannot_read(path, setup.world.files))}"
            raise Invalid(f"`{path}` is a directory", located=False, coredns=said, at=at)
        if path and setup.world.files.read(path) is None and not setup.elsewhere(path, at):
            first = first or at
            problems.append(f"unable to read {what} {path} for {name} due to {cannot_read(path, setup.world.files)}")
    return problems, first


def _check(problems: list[str], at: Span | None) -> None:
    if problems:
        words = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
        raise Invalid(
            "the API server's configuration is not usable: " + "; ".join(problems),
            hint="give the files that are missing",
            coredns=f"invalid configuration: {words}",
            located=False,
            at=at,
        )


def _named(config: Mapping[str, Any], section: str, item: str) -> dict[str, Mapping[str, Any]]:
    entries = config.get(section)
    named = [x for x in entries if isinstance(x, Mapping)] if isinstance(entries, list) else []
    return {str(x.get("name")): x[item] if isinstance(x.get(item), Mapping) else {} for x in named}


def _of_file(setup: Setup, path: str, context: str) -> bool:
    world = setup.world
    content = world.files.read(path)
    at = _words(setup, "kubeconfig")[0].span
    if content is None and setup.elsewhere(path, at, until=UNTIL):
        return world.cluster is not None
    if content is None:
        said = cannot_read(path, world.files, "stat")
        if world.files.is_dir(path) or file_above(path, world.files):
            said = f'error loading config file "{path}": {cannot_read(path, world.files)}'
        raise Invalid(f"there is no file `{path}`", located=False, coredns=said, at=at)
    try:
        document = single(decode(content), world.limits)
    except DocumentError as error:
        raise Invalid(
            f"`{path}` cannot be read: {error}",
            located=False,
            at=at,
            coredns=f'error loading config file "{path}": yaml: {error}',
        ) from None
    config = {} if document is None or not isinstance(document.value, dict) else document.value
    contexts = _named(config, "contexts", "context")
    name = context or str(config.get("current-context") or "")
    chosen = contexts.get(name, {})
    if context and context not in contexts:
        _missing("context", context, path, contexts, at)
    clusters, users = _named(config, "clusters", "cluster"), _named(config, "users", "user")
    user, cluster = str(chosen.get("user") or ""), str(chosen.get("cluster") or "")
    if user and user not in users:
        _missing("auth info", user, path, users, at)
    if cluster and cluster not in clusters:
        _missing("cluster", cluster, path, clusters, at)
    problems = [f"context was not found for specified context: {name}"] if name and name not in contexts else []
    auth, target = users.get(user, {}), clusters.get(cluster, {})
    cert, key = str(auth.get("client-certificate") or ""), str(auth.get("client-key") or "")
    if cert or auth.get("client-certificate-data"):
        if not key and not auth.get("client-key-data"):
            problems.append(
                f"client-key-data or client-key must be specified for {user} to use the clientCert "
                "authentication method."
            )
        problems += _files(setup, user, cert, key, "", (at,))[0]
    if not target:
        if problems:
            problems.append("cluster has no server defined")
        elif world.cluster is not None:
            return True  # an empty configuration means the cluster that CoreDNS runs in
        else:
            problems.append("no configuration has been provided, try setting KUBERNETES_MASTER environment variable")
    else:
        if not target.get("server"):
            problems.append(f'no server found for cluster "{cluster}"')
        problems += _files(setup, cluster, "", "", str(target.get("certificate-authority") or ""), (at,))[0]
    _check(problems, at)
    return _is_served(world, str(target.get("server") or ""))


def _missing(what: str, name: str, path: str, known: Mapping[str, Any], at: Span | None) -> None:
    hint = f"it has {', '.join(f'`{n}`' for n in known)}" if known else "it has none"
    raise Invalid(
        f"`{path}` has no {what} `{name}`", hint=hint, coredns=f'{what} "{name}" does not exist', located=False, at=at
    )


__all__ = ["reaches"]
