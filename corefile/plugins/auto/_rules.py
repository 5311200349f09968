"""What each release of `auto` does otherwise."""

from __future__ import annotations

from ...plugin import between, changed, since, until
from .._authority import AuthorityRules
from .._zone_lines import ZoneLineRules


class AutoRules(AuthorityRules, ZoneLineRules):
    """The rules of one release."""

    needs_address = until("1.4.0", "`upstream` needs an address")
    takes_duration = until("1.5.0", "`directory` ends in the seconds from one look at it to the next")
    warns_of_duration = between("1.4.0", "1.5.0", "these seconds are said to be deprecated")
    needs_template = since("1.5.1", "a regular expression needs a template")
    limits_regexp = since("1.13.2", "a regular expression has 10,000 octets at most")
    own_minute = until("1.2.3", "zones are read again every minute, unless `no_reload` is given")
    reads_once = between("1.2.3", "1.4.0", "zones are read again only where `reload` says so")
    refuses_negative = since("1.8.7", "a negative interval is refused")
    zero_is_never = since("1.8.7", "with `reload 0` the directory is read once; before, it was a panic")
    fails_without_zone = until("1.8.0", "a name in none of the files' zones fails; later, the next plugin is asked")
    takes_other_file = since("1.2.0", "a zone that is loaded is read from the last file of that origin from then on")
    resolves_directory = since(
        "1.14.3", "the path of the directory is cleaned; without one it is the working directory"
    )
    tells_unreadable = since("1.11.3", "a directory that is not there is told whenever it is looked for")
    tells_several = since("1.14.5", "several files of an origin are told")
    first_counts = since("1.14.6", "of several files of an origin the first one counts")
    told_several = changed((1, 0), {"1.14.7": (0, 1)}, "which of the two, the first and the other, is said to be used")
    notifies_of_all = since("1.11.0", "after each look at the directory servers are told of all zones, new or not")
    falls = until("1.0.0", "there is `fallthrough`")
    aa_of_alias = until("1.0.0", "an alias that leads below a cut is an authoritative answer")


__all__ = ["AutoRules"]
