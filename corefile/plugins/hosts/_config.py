"""What a `hosts` directive says."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from ...chain.declare import Given
from ...chain.types import Int, Invalid, nearest
from ...golang.addresses import parse_ip
from ...golang.quoting import quote
from .._paths import below_root

if TYPE_CHECKING:
    from ...chain.setup import Setup
    from ...releases import Release

DEFAULT = "/etc/hosts"


class Ttl(Int):
    """TTL of the answers, in seconds."""

    def convert(self, text: str, release: Release) -> int:
        """The number."""
        try:
            value = super().convert(text, release)
        except Invalid as e:
            raise Invalid(e.message, coredns="ttl needs a number of second") from None
        if not 0 < value <= 65535:
            raise Invalid(f"`{text}` is out of range: it has to be from 1 to 65535", coredns="ttl provided is invalid")
        return value


class Config(NamedTuple):
    """What a `hosts` directive says; times are in seconds. `path_given`: whether the Corefile names the file."""

    path: str
    path_given: bool
    zones: tuple[str, ...]
    inline: str
    fall: tuple[tuple[str, ...], ...] | None
    ttl: int = 3600
    reverse: bool = True
    reload: float = 5.0
    unsupported: bool = False


def configured(given: Given, setup: Setup, properties: tuple[str, ...]) -> Config:
    """The file and the entries; warns of a file that is not there, and of lines that are no entries. `properties`: those
    of any release, for the hint."""
    path = given.values["file"] or DEFAULT
    path = below_root(setup.site, path)
    if given.values["file"] is not None:
        _look_at(path, setup)
    values: dict[str, Any] = {"fall": None}
    inline = []
    for line in given.lines:
        setup.span = line.span
        if line.name == "":
            words = line.values["words"]
            inline.append(" ".join(words))
            if words[0].startswith("#") or parse_ip(words[0].partition("%")[0]) is not None:
                continue
            hint = nearest(words[0], properties) or "an entry is an address and its names"
            setup.warn(
                "ignored-line",
                f"`{words[0]}` is neither an address nor a property: CoreDNS ignores the line",
                line.span,
                hint=hint,
            )
        elif line.name == "fallthrough":
            values["fall"] = line.values["zones"]
        elif line.name == "ttl":
            values["ttl"] = line.values["seconds"]
        elif line.name == "reload":
            values["reload"] = line.values["interval"]
        elif line.name == "no_reverse":
            values["reverse"] = False
        elif line.name == "fallthrough_unsupported":
            values["unsupported"] = True
    if values.get("unsupported") and values["fall"] is None:
        line = given.all("fallthrough_unsupported")[0]
        setup.error(
            "missing-property",
            "`fallthrough_unsupported` has no effect without `fallthrough`",
            line.span,
            hint="add `fallthrough`",
            coredns="fallthrough_unsupported requires fallthrough",
            token=given.end,
        )
    setup.span = given.span
    return Config(
        path=path,
        path_given=given.values["file"] is not None,
        zones=setup.origins(given.values["zones"]),
        inline="\n".join(inline),
        **values,
    )


def _look_at(path: str, setup: Setup) -> None:
    """Warn of a file that is not there, as CoreDNS does. Raises Invalid where its directory is a file."""
    files = setup.world.files
    prefix = "plugin/hosts: " if setup.release >= "1.1.2" else ""
    if files.is_dir(path):
        what = "Hosts" if setup.release >= "1.1.2" else "hosts"
        setup.log(f"[WARNING] {prefix}{what} file {quote(path)} is a directory")
        setup.warn("hosts-directory", f"{path} is a directory, not a hosts file", setup.span)
    elif files.read(path) is None:
        above = posixpath.dirname(path)
        while above not in ("", "/"):
            if files.read(above) is not None:
                raise Invalid(
                    f"{above} is a file, not a directory",
                    coredns=f"unable to access hosts file '{path}': stat {path}: not a directory",
                )
            above = posixpath.dirname(above)
        setup.log(f"[WARNING] {prefix}File does not exist: {path}")
        setup.warn(
            "missing-file",
            f"there is no hosts file {path}",
            setup.span,
            hint="its entries are read as soon as it is there",
        )
