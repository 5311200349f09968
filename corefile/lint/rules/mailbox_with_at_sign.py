"""mailbox-with-at-sign: the mailbox in the SOA record of a zone's file is written as an address of mail.

Why: CoreDNS starts, and answers with a name that has an `@` in it, which stands for no mailbox.

Fix: Write a `.` in the place of the `@`, and a `\\` before each `.` that stands before it.

Bad:
    example.org {
        file db.example.org
    }

Good:
    example.org {
        file db.mended
    }

World:
    files:
      db.example.org: "@ 60 SOA ns admin@example.org. 1 7200 3600 1209600 300\\n@ 60 NS ns\\n"
      db.mended: "@ 60 SOA ns admin.example.org. 1 7200 3600 1209600 300\\n@ 60 NS ns\\n"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...findings import Span
from ...light import regex
from ..rule import Mistake
from ..zone_files import text_of, zones_read

if TYPE_CHECKING:
    from ..subject import Subject

MAILBOX = regex(r"(?i)\bSOA\s+[^\s;]+\s+([^\s;@]+@[^\s;@]+)")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each file with such a record, where it is named."""
    for read in zones_read(subject):
        zone, path = read.zone, read.path
        if zone.soa is not None and len(zone.soa[4]) > 1 and "@" in str(zone.soa[4][1]):
            yield _mistake(path, read.named, subject)


def _mistake(path: str, named: Span, subject: Subject) -> Mistake:
    source = text_of(path, subject)
    message = f"the mailbox in the SOA record of {path} has an `@`, where a `.` belongs"
    match = next((m for m in MAILBOX.finditer(source.text) if not _is_comment(source.text, m.start())), None)
    if match is None:  # the record is in another file
        return Mistake(message, named, hint="write a `.` in the place of the `@`")
    at = Span(source, match.start(1), match.end(1))
    return Mistake(message, named, related=((at, "here"),), hint=f"write `{_mended(at.text)}` in it")


def _is_comment(text: str, at: int) -> bool:
    return ";" in text[text.rfind("\n", 0, at) + 1 : at]


def _mended(mailbox: str) -> str:
    """The name that stands for a mailbox (RFC 1035 section 8)."""
    local, _, domain = mailbox.partition("@")
    local = local.removesuffix("\\").replace("\\.", ".").replace(".", "\\.")
    return f"{local}.{domain}" + "." * ("." in domain.rstrip(".") and not domain.endswith("."))
