"""What tests are given: errors for what is something else."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def the_server(who: str, given: Any) -> None:
    """Raises TypeError for what is no server."""
    from ..api import Server

    if not isinstance(given, Server):
        raise TypeError(f"{who}: a Server comes first, as `corefile.load('Corefile')` makes one, not {given!r:.60}")


def the_suffix(who: str, given: Any) -> str:
    """An absolute name. Raises TypeError for what is no text, BadName for what is no name."""
    from ..dns.names import parse_name

    if not isinstance(given, str):
        raise TypeError(f"{who}: a name is a text, such as 'example.org', not {given!r:.60}")
    return parse_name(given or ".")


def meant(word: str, known: Iterable[str]) -> str:
    """Which of the known words may have been meant."""
    near = get_close_matches(word, list(known), 1)
    return f": did you mean `{near[0]}`?" if near else ""


__all__ = ["meant", "the_server", "the_suffix"]
