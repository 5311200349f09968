"""address-as-zone: an address stands where the zone of a server block belongs.

Why: It is taken for a name, which no client asks for; and it is not the address that the block listens at.

Fix: Write the zone, `.` for all names, and `bind` in the block for the address.

Bad:
    10.0.0.10:53 {
        forward . 10.0.0.53
    }

Good:
    .:53 {
        bind 10.0.0.10
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...light import regex
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

ADDRESS = regex(r"((?:\w+://)?)(\d{1,3}(?:\.\d{1,3}){3})((?::\d+)?)/?")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such zone."""
    for block in subject.blocks:
        for key in block.node.keys:
            if key.text.count(".") < 3 or not any(map(str.isdigit, key.text)):
                continue
            match = ADDRESS.fullmatch(key.text.rstrip(","))
            if match is None:
                continue
            new = f"{match[1]}.{match[3]}"
            bind = "it listens at all addresses" if match[2] == "0.0.0.0" else f"and `bind {match[2]}` in the block"
            yield Mistake(
                f"`{key.text}` is taken for the name of a zone, not for an address to listen at",
                key.span,
                hint=f"write `{new}`{':' if match[2] == '0.0.0.0' else ','} {bind}",
                write=new if len(block.node.keys) == 1 else None,
            )
