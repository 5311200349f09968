"""pytest's fixtures `corefile_server` and `world`, and which Corefile they are for: an option of pytest's configuration, or a
marker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..api import Server
    from ..world import World

MARKER = "corefile"
OF_SERVER = ("release", "plugins")
OF_WORLD = ("cluster", "upstreams", "files", "env", "stores", "addresses", "interfaces", "client", "hostname")
TAKES = ("path", "text", *OF_SERVER, *OF_WORLD)

SHORT = (
    "corefile(path, text=..., release=..., cluster=..., upstreams=..., files=..., ...): the Corefile of the fixtures "
    "`corefile_server` and `world`, relative to the test's folder, and what is around it (see corefile.World)."
)


def add_options(parser: pytest.Parser) -> None:
    """The options of pytest's configuration."""
    parser.addini(
        "corefile", "the Corefile (or ConfigMap) of the fixture corefile_server, relative to the configuration"
    )
    parser.addini("corefile_cluster", "the Kubernetes objects around it, a file relative to the configuration")
    parser.addini("corefile_release", "the CoreDNS release; the newest one if it is left out")
    parser.addini("corefile_plugins", "directives that CoreDNS does not come with, as NAME or NAME:BEFORE", "args")


def marked(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the markers of a test say, the nearest one first. Raises pytest.UsageError for what they do not take."""
    out: dict[str, Any] = {}
    for marker in request.node.iter_markers(MARKER):
        given = {**dict(zip(("path",), marker.args, strict=False)), **marker.kwargs}
        wrong = [name for name in given if name not in TAKES]
        if wrong or len(marker.args) > 1:
            raise pytest.UsageError(
                f"pytest.mark.corefile takes a path, and {', '.join(TAKES[1:])}"
                + (f", not `{wrong[0]}`" if wrong else f", not {len(marker.args)} paths")
            )
        if "path" in given and "text" in given:
            raise pytest.UsageError("pytest.mark.corefile takes a path or a `text`, not both")
        if out.keys() & {"path", "text"}:
            given = {name: value for name, value in given.items() if name not in ("path", "text")}
        out = {**given, **out}
    return out


def configured(config: pytest.Config, name: str) -> Path | None:
    """The file that pytest's configuration names. Raises pytest.UsageError where there is none."""
    value = str(config.getini(name) or "")
    if not value:
        return None
    path = near((config.inipath.parent if config.inipath else config.rootpath) / value)
    if not path.exists():
        raise pytest.UsageError(f"there is no {path}, which `{name}` of pytest's configuration names")
    return path


def near(path: Path) -> Path:
    """The path from here, where it is below: messages are shorter so."""
    here = Path.cwd()
    path = Path(os.path.normpath(path))
    return path.relative_to(here) if path.is_relative_to(here) else path


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """Everything outside of the Corefile, as the marker `corefile` and the option `corefile_cluster` say; else what every pod
    in a cluster has. Define a fixture of this name to have another one."""
    from ..world import World

    given = marked(request)
    arguments = {name: given[name] for name in OF_WORLD if name in given}
    cluster = arguments.get("cluster")
    if isinstance(cluster, str):
        arguments["cluster"] = near(request.path.parent / cluster)
    elif "cluster" not in arguments and (path := configured(request.config, "corefile_cluster")):
        arguments["cluster"] = path
    return World(**arguments)


@pytest.fixture
def corefile_server(request: pytest.FixtureRequest, world: World) -> Server:
    """A server of its own for each test, with the Corefile that the marker `corefile` or the option `corefile` names, in the
    test's `world`."""
    from .. import load, loads
    from ..releases import LATEST

    given = marked(request)
    release = given.get("release") or request.config.getini("corefile_release") or LATEST
    plugins = given["plugins"] if "plugins" in given else request.config.getini("corefile_plugins")
    if "text" in given:
        return loads(given["text"], release=release, world=world, plugins=plugins)
    if "path" in given:
        return load(near(request.path.parent / given["path"]), release=release, world=world, plugins=plugins)
    path = configured(request.config, "corefile")
    if path is None:
        raise pytest.UsageError(
            "corefile_server: which Corefile? Mark the test with @pytest.mark.corefile(PATH), or set `corefile = PATH` "
            "in pytest's configuration"
        )
    return load(path, release=release, world=world, plugins=plugins)
