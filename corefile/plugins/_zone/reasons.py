"""Why a look-up ends as it does."""

from __future__ import annotations

from ...plugin import Reason

FOUND = Reason("found", "zone {} has the records of {}")
APEX_SOA = Reason("apex-soa", "the SOA record of zone {}")
APEX_NS = Reason("apex-ns", "the name servers of zone {}")
NO_RECORDS = Reason("no-records-of-this-type", "{} has no records of this type in zone {}")
EMPTY_NAME = Reason("empty-name", "{1} has no records itself, but names below it do (zone {0})")
NO_NAME = Reason("no-such-name", "zone {} has no name {}")
NOT_LOADED = Reason("zone-not-loaded", "zone {} is not loaded: {}")

WILDCARD = Reason("wildcard", "{} stands for {}")
WILDCARD_NO_RECORDS = Reason("wildcard-no-records", "{} stands for {}, but has no records of this type")
WILDCARD_EMPTY = Reason("wildcard-empty", "{} has no records itself, but names below it do: nothing for {}")
WILDCARD_HIDDEN = Reason(
    "wildcard-hidden", "zone {} has no name {}: {} exists, so that {} does not stand for names below it (RFC 4592)"
)
WILDCARD_HIDDEN_BY_EMPTY = Reason(
    "wildcard-hidden-by-empty-name",
    "zone {} has no name {}: {} exists, as there are names below it, so that {} does not stand for others there (RFC 4592)",
)

REFERRAL = Reason("referral", "zone {} delegates {}")
CUT_NS = Reason("cut-ns", "the name servers of {}")

ALIAS = Reason("alias", "an alias of {}, which is in zone {} as well")
ALIAS_NO_RECORDS = Reason(
    "alias-no-records", "an alias of {}, which is in zone {} as well, without records of this type"
)
ALIAS_DELEGATED = Reason("alias-delegated", "an alias of {}, which zone {} delegates")
LONG_CHAIN = Reason("alias-chain-too-long", "more than {} aliases in a row")
LOOPS = Reason("aliases-loop", "too many aliases lead to each other")
BY_DNAME = Reason("dname", "by the DNAME record of {}")
DNAME_LOOPS = Reason("dname-loops", "the DNAME record of {} leads {} to itself")

TARGET_FOUND = Reason("target-found", "an alias of {}, for which the server is asked again: it has {} {}")
TARGET_DENIED = Reason("target-denied", "an alias of {}, for which the server is asked again: {}")
TARGET_FAILED = Reason(
    "target-failed", "an alias of {}, for which the server is asked again: SERVFAIL, and so is this answer"
)
TARGET_REFUSED = Reason(
    "target-refused", "an alias of {}, for which the server is asked again: {}; the alias alone is the answer"
)
TARGET_UNRESOLVED = Reason("target-unresolved", "an alias of {}, for which there is no answer from anywhere")
TARGET_MISSING = Reason("target-missing", "an alias of {}, which zone {} does not have")
