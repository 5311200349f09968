"""Networks of IP addresses, as Go's net.ParseCIDR reads them, and whether a client is in one."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from ..golang import addresses
from ..light import NamedTuple


class Network(NamedTuple):
    """A network: the version of its addresses, the first of them, and the mask, as numbers."""

    version: int
    first: int
    mask: int
    text: str

    def holds(self, client: tuple[int, int] | None) -> bool:
        """Whether an address (see `number_of`) is in it."""
        return client is not None and client[0] == self.version and client[1] & self.mask == self.first


EVERY_CLIENT = (Network(4, 0, 0, "0.0.0.0/0"), Network(6, 0, 0, "::/0"))


def parse_cidr(text: str) -> Network | None:
    """The network that `ADDRESS/BITS` stands for, None where it is none."""
    found = addresses.parse_cidr(text)
    if found is None:
        return None
    number, length, bits = found
    first = IPv4Address(number) if bits == 32 else IPv6Address(number)
    return Network(first.version, number, (1 << bits) - (1 << bits - length), f"{first}/{length}")


@lru_cache(maxsize=4096)
def number_of(address: str) -> tuple[int, int] | None:
    """Version and number of an address; an IPv4 address inside of IPv6 is one of IPv4. None for any other text."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    found = found if mapped is None else mapped
    return found.version, int(found)


__all__ = ["EVERY_CLIENT", "Network", "number_of", "parse_cidr"]
