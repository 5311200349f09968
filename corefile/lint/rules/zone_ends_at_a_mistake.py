"""zone-ends-at-a-mistake: a zone's file has a mistake in the middle, where CoreDNS stops reading without a word.

Why: CoreDNS starts, and serves what stands before the mistake; all that follows does not exist. Since 1.11.4 it does not start
with such a file.

Fix: Mend the record, or delete it.

Bad:
    example.org {
        file db.example.org
    }

Good:
    example.org {
        file db.mended
    }

World:
    coredns: 1.11.3
    files:
      db.example.org: "@ 60 SOA ns host 1 7200 3600 1209600 300\\n@ 60 NS ns\\na 60 A 10.0.0.256\\nb 60 A 10.0.0.2\\n"
      db.mended: "@ 60 SOA ns host 1 7200 3600 1209600 300\\n@ 60 NS ns\\na 60 A 10.0.0.25\\nb 60 A 10.0.0.2\\n"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...plugins._paths import place_of_error
from ..rule import Mistake
from ..zone_files import zones_read

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each file, where it is named."""
    files = subject.process.world.files
    for read in zones_read(subject):
        zone, path = read.zone, read.path
        if zone.cut is not None:
            where = f"line {zone.cut.line}" if zone.cut.line else "its last record"
            elsewhere = "" if zone.cut.path in ("", path) else f" of {zone.cut.path}"
            yield Mistake(
                f"CoreDNS {subject.release} stops reading {path} at {where}{elsewhere}, without a word: "
                "what follows does not exist",
                read.named,
                related=place_of_error(zone.cut, files),
                hint="mend the record there, or delete it",
            )
