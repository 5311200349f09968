"""bind - the addresses to listen on.

Description: by default a server listens on all addresses of its machine. `bind` names addresses or interfaces instead;
an interface stands for all of its addresses. Several `bind` lines of a server block add up. Which interfaces a machine
has is not known here unless it is said (`--address eth0=10.1.2.3`); until then an address for documentation stands in
for those of an interface.

Syntax:

    bind ADDRESS|IFACE... {
        except ADDRESS|IFACE...
    }

Examples: `bind 127.0.0.1 ::1` listens on loopback only; `bind lo { except ::1 }` on all of the interface but one.
"""

from __future__ import annotations

from typing import Any

from ..light import regex
from ..plugin import (
    Declaration,
    Given,
    Invalid,
    Line,
    Reads,
    ReleaseRules,
    Rest,
    Setting,
    Setup,
    Site,
    Type,
    changed,
    parse_ip,
    quote,
    since,
    until,
    wrong_count,
)

INTERFACE = regex(r"(?=.*[A-Za-z])[^/:\s]{1,15}")
"""Names that Linux gives interfaces. Without a letter it is taken for a mistaken address."""


ONE_ADDRESS = until("1.0.6")


class BindRules(ReleaseRules):
    """What differs between releases."""

    one_address = until(
        "1.0.6", "there is one address, the last one; whatever stands behind an address begins another `bind`"
    )
    interfaces = since("1.8.4", "names of interfaces stand for their addresses, and there is `except`")


class StandIns:
    """The addresses (TEST-NET-2, RFC 5737) that stand in for those of interfaces, by the interface's name."""

    def __init__(self) -> None:
        self.by_name: dict[str, str] = {}

    def address(self, interface: str) -> str:
        """The one for an interface."""
        return self.by_name.setdefault(interface, f"198.51.100.{len(self.by_name) % 254 + 1}")


class Address(Type):
    """IP addresses, and since 1.8.4 names of interfaces."""

    label = "address"
    example = "127.0.0.1"

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> tuple[str, ...]:
        """The addresses that the words stand for; the words, where only the last line counts."""
        if BindRules.of(setup.release).one_address:
            return value
        words = zip(value, given.words, strict=True)
        return tuple(a for word, token in words for a in _addresses(word, token, setup))


def _addresses(word: str, token: Any, setup: Setup) -> tuple[str, ...]:
    if parse_ip(word) is not None:
        return (word,)
    if not BindRules.of(setup.release).interfaces:
        raise Invalid(
            f"`{word}` is not an IP address",
            located=False,
            at=token,
            expected="address",
            coredns=f"not a valid IP address: {word}",
            hint="CoreDNS takes names of interfaces since 1.8.4",
        )
    own = setup.world.addresses_of(word)
    if own is not None:
        return own
    if setup.world.listenable is not None or not INTERFACE.fullmatch(word):
        known = ", ".join(f"`{name}`" for name in ("lo", *setup.world.interfaces))
        raise Invalid(
            f"`{word}` is neither an IP address nor an interface",
            located=False,
            at=token,
            expected="address or interface",
            hint=f"the machine's interfaces: {known}" if INTERFACE.fullmatch(word) else "such as `127.0.0.1`",
            coredns=f"not a valid IP address or interface name: {quote(word)}",
        )
    stand_ins = setup.instance.get(StandIns)
    if word not in stand_ins.by_name:
        setup.notice(
            "unknown-interface",
            f"which addresses an interface `{word}` has is not known here: {stand_ins.address(word)} stands in for them",
            token.span,
            hint=f"name one with --address {word}=10.1.2.3",
        )
    return (stand_ins.address(word),)


class Bind(Setting):
    """Sets where its server block listens."""

    class Config(Declaration):
        addresses: tuple[str, ...] = Rest(
            Address(), brace=ONE_ADDRESS, doc="IP addresses, and since 1.8.4 names of interfaces"
        )
        excepted: tuple[str, ...] = Line(
            Rest("addresses", Address(), required=True),
            name="except",
            default=(),
            since="1.8.4",
            located=False,
            arity="at least one address or interface must be given to except subdirective",
            doc="addresses to leave out",
        )

    Rules = BindRules
    READS = Reads(
        several="all",
        block=since("1.8.4"),
        most=changed(1, {"1.0.6": None}),
        unknown="invalid option {quoted}",
        unknown_located=False,
    )
    config: tuple[Config, ...]
    rules: BindRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Some address has to be there. Up to 1.8.3 the addresses are all that there is to read."""
        words, rules = given.values["addresses"], cls.Rules.of(setup.release)
        if rules.one_address and not words:
            first = given.head == "bind"
            raise Invalid(
                "`bind` needs an address" if first else "`bind` takes one address before CoreDNS 1.0.6",
                hint="such as `bind 127.0.0.1`" if first else f"remove `{given.head}`",
                coredns=wrong_count(given.last),
            )
        if not words:
            raise Invalid(
                "`bind` needs an address",
                hint="such as `bind 127.0.0.1`",
                located=False,
                coredns=f"at least one address {'or interface name ' * rules.interfaces}is expected",
            )
        if not rules.interfaces and not rules.one_address:
            Address().settle(words, given, setup)

    def apply(self, site: Site) -> None:
        """Listen there."""
        if self.rules.one_address:
            words = zip(self.config[-1].addresses, self.setup.given.words, strict=True)
            site.listen_hosts = [a for word, token in words for a in _addresses(word, token, self.setup)]
            return
        site.listen_hosts = [a for line in self.config for a in line.addresses if a not in line.excepted]


__all__ = ["Bind"]
