"""What the plugins that observe have in common: the words of log lines."""

from __future__ import annotations

from ..dns.codes import rcode_name
from ..plugin import Instance, Release

LEVELS = {"debug": "[DEBUG]", "info": "[INFO]", "warning": "[WARNING]", "error": "[ERROR]"}


def debugging(instance: Instance) -> bool:
    """Whether debug lines are logged: any server block with `debug` turns them on for all."""
    return any(site.debug for site in instance.sites)


def hexdump(octets: bytes) -> str:
    """A message as `debug` has it logged, in lines that text2pcap reads (plugin/debug/pcap.go)."""
    rows = [octets[at : at + 16] for at in range(0, len(octets), 16)]
    lines = [f"debug: {number * 16:06x} {row.hex(' ')}" for number, row in enumerate(rows)]
    return "\n".join([*lines, f"debug: {len(octets):06x}"])


def rcode_text(number: int, release: Release) -> str:
    """The mnemonic of an rcode, or '' where there is none."""
    name = rcode_name(number, release)
    return "" if name.startswith("RCODE") else name


def stamp(seconds: float) -> str:
    """A time as the oldest releases wrote it into their logs, in UTC: `01/Jan/2026:00:00:00 +0000`."""
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(seconds, UTC)
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[at.month - 1]
    return f"{at:%d}/{month}/{at:%Y:%H:%M:%S} +0000"


__all__ = [
    "LEVELS",
    "debugging",
    "hexdump",
    "rcode_text",
    "stamp",
]
