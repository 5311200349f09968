"""How much is read, and what it may grow to while it is read: bounds for texts that come from strangers."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..light import NamedTuple

if TYPE_CHECKING:
    from .finding import Finding

CLUSTER = 8
"""So many times as large as other texts may be what `kubectl get` prints of a cluster."""


class Limits(NamedTuple):
    """How large a Corefile, and what it names, may be. docs/security.md describes each limit.

    >>> Limits(records=2_000_000).records
    2000000
    """

    file_size: int = 6 * 1024 * 1024
    """Octets of a file that a Corefile or a test names. Those that the caller names may have twice as many."""
    words: int = 20_000
    """Words of a Corefile with all that it imports, as often as it does; 32 octets of a long one count as one more, and
    each further file of a pattern as two."""
    records: int = 200_000
    """Records of all zones of a Corefile with what `$INCLUDE` and `$GENERATE` bring, of 128 octets each on average. One
    that is not plainly written counts as six: of another type than A, AAAA, CNAME, NS, PTR, MX, SRV and TXT, or with
    escapes or parentheses; a file as fifteen more; a signature that `sign` makes as thirty or, with a large key, more."""
    yaml_depth: int = 200
    """How deep lists and mappings of YAML and JSON may be nested."""
    yaml_values: int = 250_000
    """Entries of mappings and items of lists in a YAML or JSON text, those that aliases make included; each of its
    documents counts as ten. The objects of a cluster may have `CLUSTER` times as many, and as many octets."""
    template_steps: int = 250_000
    """Steps that one template of the plugin `template` may take; an answer that needs more is in doubt."""
    test_steps: int = 10_000
    """Steps of a test file."""
    timers: int = 200_000
    """Timers that may run out while time passes in one go: those of `reload`, of health checks and the like. A question
    that is answered meanwhile counts as twenty more."""
    findings: int = 1000
    """Findings about one Corefile that are shown."""

    @property
    def named_size(self) -> int:
        """Octets of a file that the caller names."""
        return 2 * self.file_size

    @property
    def cluster(self) -> Limits:
        """Those for the objects of a cluster."""
        return self._replace(file_size=CLUSTER * self.file_size, yaml_values=CLUSTER * self.yaml_values)


LIMITS = Limits()
"""What holds unless a caller says otherwise."""


class TooLarge(ValueError):
    """A text is larger than a limit; CoreDNS might go on. limit: its name in `Limits`, with `-` for `_`; '' for one
    that is fixed. hint: the option of the command that raises it."""

    def __init__(self, message: str, limit: str = "") -> None:
        super().__init__(f"{message} (the limit `{limit}`)" if limit else message)
        self.message = message
        self.limit = limit
        self.hint = f"--limit {limit}=NUMBER raises the limit" if limit else ""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.limit)


def is_not_read(finding: Finding) -> bool:
    """Whether a finding says that something is larger than is read, so that nothing is known of it."""
    return finding.code == "too-large" and finding.severity == "error" and not finding.hint.startswith(SHOWN)


SHOWN = "--limit findings="
"""How the hint of the limit begins that leaves out findings alone."""

MANY = 50_000
"""From how many new objects on they count as old; among fewer, the collector is to look for garbage."""


@contextmanager
def without_collection() -> Iterator[None]:
    """Keep Python's garbage collector off. While many objects are made that have no cycles, it goes through all of them
    again and again, and the time grows faster than their number. Where there are many, they count as old from then on."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if gc.get_count()[0] > MANY and not gc.get_freeze_count():  # what a caller has frozen has to stay so
                gc.freeze()
                gc.unfreeze()  # into the oldest generation
            gc.enable()


__all__ = ["CLUSTER", "LIMITS", "Limits", "TooLarge", "is_not_read", "without_collection"]
