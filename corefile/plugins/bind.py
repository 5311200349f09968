"""bind - the addresses to listen on.

Description: by default a server listens on all addresses of its machine. `bind` names addresses or interfaces instead;
an interface stands for all of its addresses. Several `bind` lines of a server block add up.

Syntax:

    bind ADDRESS|IFACE... {
        except ADDRESS|IFACE...
    }

Examples: `bind 127.0.0.1 ::1` listens on loopback only; `bind lo { except ::1 }` on all of the interface but one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..chain.declare import Given, Property, Reads, Rest
from ..chain.rules import since
from ..chain.shapes import Plugin
from ..chain.types import Invalid
from ..golang.quoting import quote
from ._backend import is_ip

if TYPE_CHECKING:
    from ..chain.setup import Setup


class Config(NamedTuple):
    """The addresses, without those that are excepted."""

    addresses: tuple[str, ...]


class Bind(Plugin):
    """Sets where its server block listens."""

    ARGUMENTS = (Rest("addresses", doc="IP addresses, and since 1.8.4 names of interfaces"),)
    PROPERTIES = (
        Property(
            "except",
            Rest("addresses", required=True),
            since="1.8.4",
            repeat="all",
            located=False,
            arity="at least one address or interface must be given to except subdirective",
            doc="addresses to leave out",
        ),
    )
    READS = Reads(block=since("1.8.4"), unknown="invalid option {quoted}", unknown_located=False)
    IN_CHAIN = False

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Some address has to be there. Up to 1.8.3 the addresses are all that there is to read."""
        words = given.values["addresses"]
        if setup.release < "1.0.6" and len(words) != 1:
            last = words[-1] if words else "bind"
            raise Invalid(
                "`bind` takes one address before CoreDNS 1.0.6",
                coredns=f"Wrong argument count or unexpected line ending after '{last}'",
            )
        if not words:
            raise Invalid(
                "`bind` needs an address",
                hint="such as `bind 127.0.0.1`",
                located=False,
                coredns=f"at least one address {'or interface name ' * (setup.release >= '1.8.4')}is expected",
            )
        if setup.release < "1.8.4":
            cls.configure(given, setup)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The addresses that the words stand for."""
        words = given.values["addresses"]
        addresses = _addresses(words, setup)
        excepted = _addresses(given.get("except", ()), setup)
        return Config(tuple(a for a in addresses if a not in excepted))

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """All of them together; up to 1.0.5 the last one alone."""
        if setup.release < "1.0.6":
            return configs[-1]
        return Config(tuple(a for config in configs for a in config.addresses))

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        setup.site.listen_hosts = list(config.addresses)


def _addresses(words: tuple[str, ...], setup: Setup) -> list[str]:
    interfaces = setup.release >= "1.8.4"
    out: list[str] = []
    for word in words:
        if interfaces and word == "lo":
            own = ["127.0.0.1", *setup.world.addresses, "::1"]
            out += sorted(dict.fromkeys(own), key=lambda a: ":" in a)
        elif is_ip(word):
            out.append(word)
        elif interfaces:
            raise Invalid(
                f"`{word}` is neither an IP address nor an interface",
                located=False,
                hint="the machine's only interface is `lo`",
                coredns=f"not a valid IP address or interface name: {quote(word)}",
            )
        else:
            raise Invalid(
                f"`{word}` is not an IP address",
                located=False,
                coredns=f"not a valid IP address: {word}",
                hint="CoreDNS takes names of interfaces since 1.8.4",
            )
    return out


__all__ = ["Bind", "Config"]
