"""What the plugins that observe have in common: endpoints, log lines, Go's way to write a duration."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..dns.codes import RCODES, type_name
from ..golang.addresses import split_host_port

if TYPE_CHECKING:
    from ..chain.instance import Instance
    from ..chain.setup import Setup
    from ..language import keys
    from ..releases import Release

LEVELS = {"debug": "[DEBUG]", "info": "[INFO]", "warning": "[WARNING]", "error": "[ERROR]"}


def listen(setup: Setup, address: str, path: str, answer: Callable[[], tuple[int, str]]) -> None:
    """Answer GETs of `path` at `address`, unless somebody does already. Port 0 (any free port) is reached by nobody."""
    host, port = split_host_port(address)
    if port.isdigit() and int(port) and path not in setup.instance.endpoints.get((host, int(port)), ()):
        setup.instance.listen_http(address, path, answer)


def close(setup: Setup, address: str, path: str) -> None:
    """Take an endpoint away; the address is refused once it has none."""
    host, port = split_host_port(address)
    if port.isdigit():
        at = (host, int(port))
        paths = setup.instance.endpoints.get(at, {})
        paths.pop(path, None)
        if not paths:
            setup.instance.endpoints.pop(at, None)


def set_up_for(setup: Setup) -> tuple[keys.Zone, ...]:
    """The zones of the server block that a directive is set up for: up to 1.8.4 each one, since then the first alone
    (coredns/caddy 1.1.1)."""
    zones = setup.site.keys
    return zones[:1] if setup.release >= "1.8.5" else zones


def debugging(instance: Instance) -> bool:
    """Whether debug lines are logged: any server block with `debug` turns them on for all."""
    return any(site.debug for site in instance.sites)


def hexdump(octets: bytes) -> str:
    """A message as `debug` has it logged, in lines that text2pcap reads (plugin/debug/pcap.go)."""
    rows = [octets[at : at + 16] for at in range(0, len(octets), 16)]
    lines = [f"debug: {number * 16:06x} {row.hex(' ')}" for number, row in enumerate(rows)]
    return "\n".join([*lines, f"debug: {len(octets):06x}"])


_NEW_TYPES = {
    42: "1.6.7",
    64: "1.8.0",
    65: "1.8.0",
    63: "1.8.4",
    45: "1.11.0",
    260: "1.11.0",
    128: "1.11.4",
    261: "1.12.1",
}


def type_text(number: int, release: Release) -> str:
    """The mnemonic of a type, where the release's DNS library knows it."""
    since = _NEW_TYPES.get(number)
    return type_name(number) if since is None or release >= since else f"TYPE{number}"


def rcode_text(number: int, release: Release) -> str:
    """The mnemonic of an rcode, or '' where there is none. DSOTYPENI (11) came with 1.12.2."""
    return "" if number == 11 and release < "1.12.2" else RCODES.get(number, "")


def stamp(seconds: float) -> str:
    """A time as the oldest releases wrote it into their logs, in UTC: `01/Jan/2026:00:00:00 +0000`."""
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(seconds, UTC)
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[at.month - 1]
    return f"{at:%d}/{month}/{at:%Y:%H:%M:%S} +0000"
