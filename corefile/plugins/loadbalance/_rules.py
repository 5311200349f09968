"""What each release of `loadbalance` does otherwise."""

from __future__ import annotations

from typing import Any

from ...plugin import ReleaseRules, changed, since, until


class LoadbalanceRules(ReleaseRules):
    """The rules of one release."""

    policies = changed(("round_robin",), {"1.10.1": ("round_robin", "weighted")}, "the policies that there are")
    checks_alone = since("1.2.0", "a policy that stands alone is looked at")
    one_argument = until("1.10.1", "the last line may have one argument; of others, whatever they are, any number")
    skips_transfers = since("1.3.0", "zone transfers keep their order")
    zero_weights = until("1.11.0", "a weight may be 0, and a file with a mistake counts up to it")
    lower_case = since("1.12.2", "messages about weight files begin with a small letter")


def one_or_all(words: tuple[str, ...], block: bool, release: object) -> str:
    """How far a line is read, from 1.2.0 to 1.10.0: one with several arguments leads on to the next one."""
    return "line" if len(words) < 2 else "all"


def weighted_has_block(words: tuple[str, ...], block: bool, release: object) -> str:
    """How far a line is read, from 1.10.1 to 1.12.3: `round_robin` does not look at its block."""
    return "block" if words[:1] == ("weighted",) else "line"


FAR: Any = changed("line", {"1.2.0": one_or_all, "1.10.1": weighted_has_block, "1.12.4": "all"})

__all__ = ["FAR", "LoadbalanceRules"]
