"""What each release of `file` does otherwise."""

from __future__ import annotations

from ...plugin import between, changed, since, until
from .._authority import AuthorityRules


class FileRules(AuthorityRules):
    """The rules of one release."""

    needs_address = until("1.0.6", "`upstream` needs an address")
    needs_block = between("1.2.3", "1.6.0", "only files with a property block are read again")
    reads_upstream = until("1.4.0", "`upstream` says where targets of aliases are looked up")
    needs_file = until("1.6.0", "a file that is not there keeps CoreDNS from starting")
    reads_once = until("1.6.0", "the second zone of a line finds the file read to its end")
    interval_stays = since("1.6.0", "the interval of a line holds for those behind it, too")
    last_interval = between("1.6.0", "1.8.7", "the last line's interval holds for all")
    ticks = since("1.6.0", "a negative interval is a panic")
    no_interval = changed(
        "panic: runtime error: index out of range",
        {"1.8.7": "reload duration value is expected"},
        "what CoreDNS says of `reload` alone",
    )
    cleans_path = since("1.9.1", "errors show the path of a missing file cleaned")


__all__ = ["FileRules"]
