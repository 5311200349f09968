"""What there is to say of a directive that a release does not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from ...findings import Fix, Span, in_place
from ...light import NamedTuple
from ...releases import Release, directive_history, directive_successor
from ..words import Token, breaks
from .base import Reader

NEAR = 64
"""How many words of a directive's braces are looked at."""
LONG = 64
"""Characters of a word that is no directive with a slip in it."""

PLUGINS = {"metrics": "prometheus"}
"""Names of CoreDNS's plugins, by which their pages are found, and their directives, where these differ (plugin.cfg)."""


def unknown_directive(reader: Reader, release: Release, name: str, most: int) -> str:
    """Report the next word, a directive of this name. Returns what kind of word it is then.

    NEXT: it looks like the zone of the next server block, which begins there. STRAY: the `}` before it is no server
    block. GLUED: a `{` is glued to it, which is meant to open a block. NAME: it is a directive. most: how many findings
    are shown.
    """
    word = reader.ahead[-1]
    coredns = f"Unknown directive '{name}'"
    keys = reader.keys
    if len(keys) == 1 and keys[0].text == "}":
        reader.report(
            word,
            "closing-brace",
            f"CoreDNS takes `{name}` for a directive, because the `}}` before closes nothing",
            coredns,
            related=((keys[0].span, "closes nothing"),),
            fix=Fix("delete the `}`", ((keys[0].span, ""),), "unsafe"),
        )
        return "STRAY"
    if _begins_block(reader, release, name):
        hint = "a server block without braces takes the whole rest of the file"
        related: tuple[tuple[Span, str], ...] = ()
        fix = None
        if reader.opening:
            hint = "the server block before it is not closed by a `}`"
            related = ((reader.opening.span, "opened here"),)
        elif keys:
            begins = keys[0].span
            related = ((begins, "it begins here, without a `{`"),)
            if keys[0].text.startswith("//"):
                hint = "comments begin with `#`"
                fix = Fix("write `#`", ((Span(begins.source, begins.start, begins.start + 2), "#"),), "unsafe")
        reader.report(
            word,
            "unknown-directive",
            f"CoreDNS takes `{name}` for a directive of the server block before it",
            coredns,
            hint=hint,
            related=related,
            fix=fix,
            expected="directive",
        )
        return "NEXT"
    if len(reader.findings) >= max(most, 1):  # not shown, but counted: to look for what is meant takes its time
        message = f"CoreDNS {release} has no directive `{name}`"
        reader.report(word, "unknown-directive", message, coredns, expected="directive")
        return "GLUED" if name[-1:] == "{" else "NAME"
    arguments = [following.text for following in _rest_of_line(reader) if following.text != "{"]
    said = _words_for(name, arguments, release, _over_grpc(reader))
    hint, meant = said.hint, said.meant
    fix = in_place(word.span, said.write) if said.write else None
    bare = name.rstrip("{}")
    if bare and bare != name and release.has(bare):
        hint, meant, fix = f"put a space before the `{name[len(bare)]}`", "", _space(word.span, "put a space before it")
    related = ()
    before = reader.last
    if before is not None and before.text.endswith("{") and len(before.text) > 1:
        hint, meant = "a `{` opens a block only as a word of its own: put a space before it", ""
        related = ((before.span, "no block is opened here"),)
        fix = _space(before.span, "put a space before the `{`")
    reader.report(
        word,
        said.code,
        said.message,
        coredns,
        hint=hint,
        related=related,
        fix=fix,
        choices=release.order if said.code == "unknown-directive" else (),
        meant=meant,
    )
    return "GLUED" if name[-1:] == "{" else "NAME"


def _space(span: Span, description: str) -> Fix:
    """The edit that puts a space before the brace at the end of a word."""
    at = Span(span.source, span.end - 1, span.end - 1)
    return Fix(description, ((at, " "),), "unsafe")


def _begins_block(reader: Reader, release: Release, name: str) -> bool:
    """Whether a word on a new line that is no directive looks like the first zone of a server block."""
    if not any(char in name for char in ".:/") or not reader.on_new_line(reader.ahead[-1]):
        return False
    words = list(_rest_of_line(reader))
    if any(word.text == "{" for word in words):
        return True
    if name.startswith("//"):  # a comment, as other languages have them
        return False
    following = len(reader.ahead) - len(words) - 2
    return following >= 0 and release.has(reader.ahead[following].text)


def _rest_of_line(reader: Reader) -> Iterator[Token]:
    """The words behind the next one on its line."""
    before = reader.ahead[-1]
    for index in range(len(reader.ahead) - 2, -1, -1):
        word = reader.ahead[index]
        if breaks(before, word):
            return
        yield word
        before = word


class Words(NamedTuple):
    """What is said of a directive, and what to write in its place: as the hint says, or the word that was meant."""

    code: str
    message: str
    hint: str = ""
    write: str = ""
    meant: str = ""


def _over_grpc(reader: Reader) -> bool:
    """Whether the next directive has a line `protocol grpc` in its braces."""
    following = list(_rest_of_line(reader))
    if not following or following[-1].text != "{":
        return False
    words = [word.text for word in reader.ahead[-len(following) - 2 : -len(following) - 2 - NEAR : -1]]
    inside = words[: words.index("}")] if "}" in words else words
    return any(pair == ("protocol", "grpc") for pair in pairwise(inside))


def _words_for(name: str, arguments: Sequence[str], release: Release, over_grpc: bool = False) -> Words:
    """What is said of a directive with these arguments. over_grpc: whether it speaks gRPC to its servers."""
    first, gone = directive_history(name)
    if first is None:
        return Words(
            "unknown-directive", f"CoreDNS {release} has no directive `{name}`", *_nearest(name, release.order)
        )
    if gone is not None and release >= gone:
        instead = _successor(name, arguments, release, over_grpc)
        return Words("removed-directive", f"`{name}` was removed in CoreDNS {gone}", *instead)
    if release >= first:  # which only another plugin.cfg than CoreDNS's own can take from it
        return Words("not-built-in", f"this build of CoreDNS {release} has no `{name}`: its plugin.cfg leaves it out")
    message = f"`{name}` came with CoreDNS {first}; CoreDNS {release} does not have it"
    return Words("newer-directive", message)


def _successor(name: str, arguments: Sequence[str], release: Release, over_grpc: bool) -> tuple[str, str]:
    directive, hint = directive_successor(name)
    if over_grpc and release.has("grpc"):
        return f"use `grpc {' '.join(arguments)}`: it speaks gRPC, without a `protocol`", ""
    if directive and release.has(directive) and len(arguments) > 1:
        hint = f"use `{directive} {' '.join(arguments)}`, which takes the same arguments here"
    return hint, directive


@lru_cache(256)
def _nearest(name: str, order: tuple[str, ...]) -> tuple[str, str, str]:
    if name and name in "{}":
        return "a `{` belongs behind the word that it is for", "", ""
    if name.lower() != name and name.lower() in order:
        return f"directives are in lower case: `{name.lower()}`", name.lower(), ""
    meant = PLUGINS.get(name, "")
    if meant not in order:
        meant = _close_to(name, order) if len(name) < LONG else ""
    return "", "", meant


def _close_to(name: str, order: tuple[str, ...]) -> str:
    """The directive that is most like a name, with a slip or two; '' if there is none."""
    from difflib import get_close_matches

    most = 1 if len(name) < 5 else 2
    close = get_close_matches(name, order, 3, 0.6)
    return next((one for one in close if slips(name, one) <= most), "")


def slips(word: str, meant: str) -> int:
    """How many slips of the pen lie between two words: letters left out, added, changed, or swapped with the next one."""
    two: list[int] = []
    one = list(range(len(meant) + 1))
    for row, letter in enumerate(word, 1):
        now = [row]
        for column, other in enumerate(meant, 1):
            least = min(one[column] + 1, now[column - 1] + 1, one[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == meant[column - 2] and word[row - 2] == other:
                least = min(least, two[column - 2] + 1)
            now.append(least)
        two, one = one, now
    return one[-1]
