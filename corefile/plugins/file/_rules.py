"""What each release of `file` does otherwise."""

from __future__ import annotations

from ...plugin import between, since, until
from .._authority import AuthorityRules
from .._zone_lines import ZoneLineRules


class FileRules(AuthorityRules, ZoneLineRules):
    """The rules of one release."""

    needs_block = between("1.2.3", "1.6.0", "only files with a property block are read again")
    needs_file = until("1.6.0", "a file that is not there keeps CoreDNS from starting")
    reads_once = until("1.6.0", "the second zone of a line finds the file read to its end")
    interval_stays = since("1.6.0", "the interval of a line holds for those behind it, too")
    last_interval = between("1.6.0", "1.8.7", "the last line's interval holds for all")
    ticks = since("1.6.0", "a negative interval is a panic")
    cleans_path = since("1.9.1", "errors show the path of a missing file cleaned")


__all__ = ["FileRules"]
