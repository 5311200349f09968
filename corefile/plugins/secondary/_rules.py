"""What each release of `secondary` does otherwise."""

from __future__ import annotations

from ...plugin import since, until
from .._authority import AuthorityRules
from .._zone_lines import ZoneLineRules


class SecondaryRules(AuthorityRules, ZoneLineRules):
    """The rules of one release."""

    transfers_to = until("1.8.0", "`transfer to` says who may have the zone in turn")
    called_file = until(
        "1.11.0", "CoreDNS registers it as `file`, so that a `file` beside it hides its zones from `transfer`"
    )
    falls = since("1.14.4", "there is `fallthrough`")
    says_soa_serial = since("1.6.2", "log lines say `SOA serial`")
    tells_failed_transfer = since("1.14.5", "a transfer after a notify that fails is told once more")
    fetches_members = since("1.14.6", "the zones that a catalog names are fetched, too")
    names_members = since("1.14.7", "`catalog` may say which zones may be members")
    tells_members_apart = since("1.14.7", "a member with another ID is another one, and may change its catalog")


__all__ = ["SecondaryRules"]
