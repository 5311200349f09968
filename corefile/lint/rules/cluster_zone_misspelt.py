"""cluster-zone-misspelt: `kubernetes` serves a zone that is nearly `cluster.local`.

Why: Pods look names up in the kubelet's `clusterDomain`, which is `cluster.local` unless it was set. Where CoreDNS serves another
zone, no Service has a name.

Fix: Write `cluster.local`, or whatever a pod's /etc/resolv.conf has behind `svc.`.

It is said where no label has more than one slip of the pen, and the zone stands nowhere else in the Corefile. Zones with digits or
hyphens, such as `cluster2.local`, are taken as they are.

Bad:
    . {
        kubernetes cluster.lcoal
    }

Good:
    . {
        kubernetes cluster.local
    }

World:
    cluster: []
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...language.reader.unknown import slips
from ..rule import Mistake
from ..zones import zone_words

if TYPE_CHECKING:
    from ...language.words import Token
    from ..subject import Subject

USUAL = "cluster.local"
"""The kubelet's `clusterDomain` in nearly every cluster."""
MEANT_SO = ("clusters", "kluster")
"""First labels with one letter more or less that are words."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such zone, among those of a directive that has not the right one, too."""
    texts: list[str] = []  # in lower case
    counted: dict[str, int] = {}
    for use in subject.uses("kubernetes"):
        words = zone_words(use, subject.release) or tuple(word for _, word in use.block.keys)
        if any(_plain(word) == USUAL for word in words):
            continue
        for word in words:
            zone = _plain(word)
            if not is_nearly(zone):
                continue
            texts = texts or [source.text.lower() for source in subject.program.sources]
            if zone not in counted:
                counted[zone] = sum(text.count(zone) for text in texts)
            if counted[zone] == 1:
                yield Mistake(
                    f"`kubernetes` serves `{word.text}`, and pods ask for names in `{USUAL}`",
                    word.span,
                    hint=f"write `{USUAL}`, unless the kubelets have `clusterDomain: {_plain(word)}`",
                    write=word.text.lower().replace(_plain(word), USUAL),
                )


def is_nearly(zone: str) -> bool:
    """Whether a zone (lower case, without its last dot) is the usual one with a slip in a label or in both."""
    labels = zone.split(".")
    if zone == USUAL or len(labels) != 2 or not "".join(labels).isalpha() or labels[0] in MEANT_SO:
        return False
    return all(slips(label, meant) <= 1 for label, meant in zip(labels, USUAL.split("."), strict=True))


def _plain(word: Token) -> str:
    """A zone as it is compared: without transport, port and last dot."""
    return word.text.lower().partition("://")[2 * ("://" in word.text)].partition(":")[0].rstrip(".")
