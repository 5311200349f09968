"""The one reader that turns a directive's tokens into what its plugin declares.

It walks the tokens as CoreDNS's Go setups do: the directive's arguments up to `{` or the end of the line, then one
property per line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Any

from ..findings import Finding, Span, in_place
from ..golang.quoting import quote
from ..language.words import Token
from ..light import NamedTuple
from ..releases import Release
from ..releases.rules import ByRelease, ReleaseRules, at, since, until
from .declare import Argument, FreeLines, Given, Property, Reads, usage
from .dispenser import Dispenser
from .setup import Setup
from .shapes import Plugin
from .types import Invalid, nearest, wrong_count


class ReadingRules(ReleaseRules):
    """What differs between releases."""

    ends_blocks = since("1.13.0", "a block that is not closed ends with the words; before, it never does (caddy 1.1.4)")
    any_zone_counts = until("1.8.4", "what stands behind `fallthrough` counts for a zone, whatever it is")


def read(cls: type[Plugin], tokens: list[Token], setup: Setup) -> Iterator[Given]:
    """The occurrences of a directive in one server block, each as soon as it is read: CoreDNS configures it before it
    reads the next. Errors go to `setup` and leave out what they concern."""
    release = setup.release
    reads = _reads(cls, release)
    d = Dispenser(tokens, ends=ReadingRules.of(release).ends_blocks)
    first: Token | None = None
    ignored: list[Token] = []
    brace = _braces(cls.ARGUMENTS, release)
    most = _most(cls.ARGUMENTS, reads.surplus) if reads.most is None else reads.most
    while d.next():
        head = d.token
        if reads.named and head.text != cls.name:
            ignored.append(head)
            continue
        setup.span = span = head.span
        if first is not None and reads.once and (d.word_follows() or not reads.twice_with):
            if head.text == "{":
                _unexpected_block(cls, d, setup, reads.twice, reads.twice_located)
                return
            _refuse_second(cls, reads, first, d, setup)
        words = d.words(most, brace=len(cls.ARGUMENTS) if reads.surplus == "lines" else brace)
        texts = tuple(w.text for w in words)
        follows = d.block_follows()
        far = reads.far(texts, follows, release) if callable(reads.far) else reads.far
        values = _match(cls.ARGUMENTS, words, head, d, setup, cls.name, extra=reads.surplus)
        if values is None:
            say_of_brace(cls, setup)
            if words and words[-1].text == "{":  # its words are no occurrences of the directive
                _pass_block(d)
                first = first or head
                continue
        given = setup.given = Given(cls.name, values or {}, span, tuple(words), head=head.text)
        if values is not None:
            try:
                cls.opening(given, setup)
            except Invalid as e:
                if head.text == "{":
                    _unexpected_block(cls, d, setup, e.coredns, e.located)
                    return
                setup.invalid(e)
                values = None
        if far == "line":
            if values is not None:
                yield given._replace(unread=True)
            _not_read(cls, d, setup)
            return
        lines: list[Given] = []
        block: Any = reads.block
        if block(texts) if callable(block) else block:
            lines = _block(cls, cls.properties(texts, release), d, setup)
        elif reads.surplus == "first" and d.block_follows():
            d.next()
            _unexpected_block(cls, d, setup, None)
            _pass_block(d)
        if values is not None:
            yield Given(cls.name, values, span, tuple(words), tuple(lines), end=d.token, head=head.text)
        if far == "filled" and head.text != cls.name:
            ignored.append(head)
        if far == "block" or (far == "filled" and lines) or (head.text == "{" and setup.failed):
            _not_read(cls, d, setup, ignored)
            return
        first = first or head
    if reads.named:
        _not_read(cls, d, setup, ignored)


def _refuse_second(cls: type[Plugin], reads: Reads, first: Token, d: Dispenser, setup: Setup) -> None:
    """The word at hand is a second occurrence of a directive that is to be given once."""
    setup.error(
        "directive-twice",
        f"`{cls.name}` is given twice in this server block",
        d.token.span,
        hint="keep one of them",
        coredns=_argument_error(d) if reads.twice is None else reads.twice,
        located=reads.twice is None or reads.twice_located,
        token=d.token,
        related=((first.span, "the first one"),),
    )


def _block(cls: type[Plugin], known: dict[str, Property], d: Dispenser, setup: Setup) -> list[Given]:
    """The lines of a property block, if there is one."""
    lines: list[Given] = []
    before: dict[str, list[Given]] = {}
    while d.next_in_block():
        line = _property(cls, known, d, setup, before)
        if line is not None:
            lines.append(line)
            before.setdefault(line.name, []).append(line)
    if d.hangs and not setup.failed:
        setup.error(
            "block-not-closed",
            f"The block of `{cls.name}` is not closed: CoreDNS {setup.release} takes its "
            "last word for a property for ever",
            d.token.span,
            coredns="the block never ends",
            label="expected a `}` behind this",
            located=False,
            prefix=False,
        )
    return lines


def _pass_block(d: Dispenser) -> None:
    """Go to the `}` of the block that is open."""
    depth = 1
    while depth and d.next():
        depth += (d.text == "{") - (d.text == "}")


def _not_read(cls: type[Plugin], d: Dispenser, setup: Setup, ignored: Sequence[Token] = ()) -> None:
    """Warn of what stands behind the place where the setup ends its reading, and of words that it has passed over."""
    for word in ignored[:1]:
        setup.warn("not-read", f"`{cls.name}` ignores `{word.text}`", word.span, hint="remove it")
    token = d.tokens[d.cursor + 1] if d.cursor + 1 < len(d.tokens) else None
    if token is None or setup.failed:
        return
    if token.text == cls.name:
        message, hint = f"CoreDNS reads no second `{cls.name}` of a server block", "keep one of them"
    elif token.text == "{":
        message, hint = f"CoreDNS does not read the block of this `{cls.name}`", "remove the braces"
    else:
        message, hint = f"`{cls.name}` ignores `{token.text}`", "remove it"
    setup.warn("not-read", message, token.span, hint=hint)


_resolved: dict[tuple[type[Plugin], str], tuple[Reads, Reads]] = {}


def _reads(cls: type[Plugin], release: Release) -> Reads:
    """How the release's setup reads the directive."""
    known = _resolved.get((cls, release.version))
    if known is not None and known[0] is cls.READS:
        return known[1]
    found = cls.READS.at(release)
    _resolved[cls, release.version] = cls.READS, found
    return found


@lru_cache(maxsize=4096)
def _braces(args: tuple[Argument, ...], release: Release) -> int:
    """How many of the first arguments may be braces."""
    return sum(1 for _ in takewhile(lambda argument: at(argument.brace, release), args))


def _unexpected_block(
    cls: type[Plugin], d: Dispenser, setup: Setup, coredns: str | None, located: bool = False
) -> None:
    since = cls.READS.block_since
    setup.error(
        "unexpected-block",
        f"`{cls.name}` takes no property block",
        d.token.span,
        hint=f"it came with CoreDNS {since}" if since else "remove the braces",
        coredns=coredns or _argument_error(d),
        token=d.token,
        located=located or coredns is None,
    )


def say_of_brace(cls: type[Plugin], setup: Setup) -> None:
    """Say of a `{` that it opens no block, where the last finding is about what it lacks as another occurrence of the
    directive, which CoreDNS takes it for."""
    found = setup.instance.findings
    if setup.span.text != "{" or not setup.failed or found[-1].span != setup.span:
        return
    message, since = f"`{cls.name}` takes no property block", cls.READS.block_since
    if since and _reads(cls, setup.release).block is False:
        hint = f"it came with CoreDNS {since}"
    elif cls.PROPERTIES or cls.Config.FREE:
        message += f" behind these words: CoreDNS takes the `{{` for another `{cls.name}`"
        hint = "write all of it in the braces, or remove them"
    else:
        hint = "remove the braces"
    said = found[-1].coredns
    found[-1] = Finding("unexpected-block", message, setup.span, hint, coredns=said, directive=cls.name)


def _most(args: tuple[Argument, ...], extra: str) -> int | None:
    """How many words are read for arguments, None for all of the line."""
    if extra not in ("first", "lines") or any(a.many for a in args):
        return None
    return len(args) + (extra == "first")


def _property(
    cls: type[Plugin], known: dict[str, Property], d: Dispenser, setup: Setup, before: dict[str, list[Given]]
) -> Given | None:
    """The property at hand. before: those that were read before it, by name."""
    head = d.token
    reads, rules = _reads(cls, setup.release), ReadingRules.of(setup.release)
    prop = known.get(head.text.lower() if reads.fold else head.text)
    if prop is None and reads.others is not None:
        prop = known.get(reads.others) or Property(reads.others, extra="lines")
    if prop is None:
        free: FreeLines | None = cls.Config.FREE
        ends = before.get(free.until, ()) if free is not None and free.until else ()
        if (
            free is not None
            and free.in_release(setup.release)
            and not any(not line.words or any(line.value) or rules.any_zone_counts for line in ends)
        ):
            words = [head, *d.words()]
            values = _match(free.args, words, head, d, setup, head.text)
            return None if values is None else _accepted(free, Given("", values, head.span, tuple(words)), d, setup)
        if reads.unknown == "":
            setup.warn(
                "ignored-line",
                f"`{cls.name}` ignores `{head.text}`",
                head.span,
                **_hint(cls, head, known, setup.release),
            )
            return None
        _unknown_property(cls, known, head, d, setup, _other_kind(known, d, setup.release, before))
        d.words()
        return None
    other = before[prop.name][0] if prop.name in before else None
    if prop.repeat == "once" and other is not None:
        setup.error(
            "property-twice",
            f"`{prop.name}` is given twice",
            head.span,
            hint="keep one of them",
            token=head,
            coredns=prop.twice,
            located=prop.located,
            related=((other.span, "the first one"),),
        )
        d.words()
        return None
    args = _shape(prop.args, setup.release).present
    extra = prop.extra.at(setup.release) if isinstance(prop.extra, ByRelease) else prop.extra
    most = _most(args, extra)
    braces = sys.maxsize if extra in ("first", "lines") else _braces(args, setup.release)
    kinds = at(prop.kinds, setup.release)
    if kinds and d.word_follows() and d.tokens[d.cursor + 1].text not in kinds:
        most = 1
    words = d.words(most, brace=braces)
    values = _match(prop.args, words, head, d, setup, prop.name, extra=extra, arity=prop.arity, located=prop.located)
    if values is None:
        d.words()
        return None
    return _accepted(prop, Given(prop.name, values, head.span, tuple(words)), d, setup)


def _other_kind(
    known: dict[str, Property], d: Dispenser, release: Release, before: dict[str, list[Given]]
) -> tuple[Token, tuple[str, ...]] | None:
    """The word before the one at hand, and what it should be, where the latter is taken for a property because of it."""
    for line in (lines[-1] for lines in before.values()):
        prop = known.get(line.name)
        kinds = at(prop.kinds, release) if prop is not None else ()
        if kinds and line.words and line.words[-1] is d.tokens[d.cursor - 1] and line.words[0].text not in kinds:
            return line.words[0], kinds
    return None


def _accepted(prop: Property, line: Given, d: Dispenser, setup: Setup) -> Given | None:
    """The line with what its property makes of it, unless it is refused."""
    if prop.read is None:
        return line
    try:
        return Given(line.name, line.values, line.span, line.words, made=prop.read(line, setup))
    except Invalid as e:
        setup.invalid(e, d.token)
        return None


def _unknown_property(
    cls: type[Plugin],
    known: dict[str, Property],
    head: Token,
    d: Dispenser,
    setup: Setup,
    kind_of: tuple[Token, tuple[str, ...]] | None,
) -> None:
    """Refuse the word at hand. kind_of: see `_other_kind`."""
    reads = _reads(cls, setup.release)
    words = reads.unknown
    coredns = (
        _argument_error(d)
        if words is None
        else words.format(head.text, quoted=quote(head.text), lower=head.text.lower())
    )
    kind = "Error during parsing"
    if coredns.startswith("Syntax error: "):
        kind, _, coredns = coredns.partition(": ")
    other, word = next((p for p in cls.PROPERTIES if p.name == head.text), None), head
    if kind_of is not None and head.line == kind_of[0].line:
        word, kinds = kind_of
        code = "invalid-argument"
        message = f"{cls.name}: `{word.text}` is not `{kinds[0]}`"
        more: dict[str, Any] = {"meant": nearest(word.text, kinds) or "", "choices": kinds}
    elif other is not None and other.since is not None and setup.release < other.since:
        code = "newer-property"
        message = f"CoreDNS {setup.release} has no `{cls.name}` property `{head.text}` yet"
        more = {"hint": f"it came with CoreDNS {other.since}"}
    elif other is not None and other.removed is not None:
        code = "removed-property"
        message = f"`{cls.name}` property `{head.text}` was removed in CoreDNS {other.removed}"
        more = _instead(other, head)
    else:
        code = "unknown-property"
        message = f"`{cls.name}` has no property `{head.text}`"
        more = _hint(cls, head, known, setup.release)
    setup.error(
        code,
        message,
        word.span,
        coredns=coredns,
        token=head,
        kind=kind,
        located=reads.unknown_located,
        prefix=reads.unknown_prefix,
        **more,
    )


def _instead(removed: Property, head: Token) -> dict[str, Any]:
    """What to write in place of the line of a property that was removed: arguments of `Setup.error`."""
    line = head.source.text[head.start :].partition("\n")[0].partition("#")[0].rstrip()
    words = {"line": line, "rest": line[len(head.text) :].strip()}
    if not removed.write:
        return {"hint": removed.instead.format(**words) or "remove this line"}
    fix = in_place(Span(head.source, head.start, head.start + len(line)), removed.write.format(**words))
    return {"hint": fix.description, "fix": None if "{" in line else fix}


def _hint(cls: type[Plugin], head: Token, known: dict[str, Property], release: Release) -> dict[str, Any]:
    """What to say of the name of a property that there is not: arguments of `Setup.error`."""
    choices = tuple(sorted(known))
    meant = nearest(head.text, choices)
    if meant:
        return {"meant": meant, "choices": choices}
    if release.has(head.text):
        hint = f"`{head.text}` is a directive of its own: is the `}}` of `{cls.name}` missing above it?"
        return {"hint": hint, "expected": "closing brace"}
    return {"hint": "it has " + ", ".join(f"`{n}`" for n in choices) if known else "", "choices": choices}


def _argument_error(d: Dispenser) -> str:
    return wrong_count(d.text)


def _match(
    args: tuple[Argument, ...],
    words: list[Token],
    head: Token,
    d: Dispenser,
    setup: Setup,
    of: str,
    *,
    extra: str = "error",
    arity: str | tuple[str, str] | None = None,
    located: bool = True,
) -> dict[str, Any] | None:
    """The values of `words` for `args`, or None after an error. The first word may be `head` itself."""
    known = args
    args, absent, least, most = _shape(args, setup.release)
    if len(words) < least or (most is not None and len(words) > most and extra in ("error", "first")):
        _refuse_count(known, words, head, d, setup, of, arity, located)
        return None
    values: dict[str, Any] = dict(absent)
    fine = True
    left = list(words)
    for i, a in enumerate(args):
        if a.many:
            later = sum(1 for b in args[i + 1 :] if b.required)
            taken, left = (left[: len(left) - later], left[len(left) - later :]) if later else (left, [])
            converted = []
            for word in taken:
                try:
                    converted.append(a.type.convert(word.text, setup.release))
                except Invalid as e:
                    fine = False
                    setup.invalid(e, word)
            values[a.name] = tuple(converted)
        elif left and not (a.maybe and not a.type.fits(left[0].text, setup.release)):
            word = left.pop(0)
            try:
                values[a.name] = a.type.convert(word.text, setup.release)
            except Invalid as e:
                fine = False
                setup.invalid(e, word)
        else:
            values[a.name] = a.default
    if not fine:
        return None
    return {a.name: values[a.name] for a in known} if absent else values  # in their order, for `Given.value`


def _refuse_count(
    known: tuple[Argument, ...],
    words: list[Token],
    head: Token,
    d: Dispenser,
    setup: Setup,
    of: str,
    arity: str | tuple[str, str] | None,
    located: bool,
) -> None:
    """There are too few words, or too many; unless the first one is wrong, which CoreDNS has looked at before."""
    args, _, least, most = _shape(known, setup.release)
    if words and args and args[0].brace:
        try:
            args[0].type.convert(words[0].text, setup.release)
        except Invalid as e:
            setup.invalid(e, words[0])
            return
    few = len(words) < least
    own = 1 if words and words[0] is head else 0
    where = words[most] if most is not None and len(words) > most else (words[-1] if words else head)
    if isinstance(arity, tuple):
        arity = arity[not few]
    missing = next((a.missing for a in args if a.required and a.missing), "") if few else ""
    if missing:
        arity, located = missing, False
    newer = [] if few else [a for a in known if a not in args]
    hint = f"write `{usage(of, args[own:])}`" if args else f"write `{of}` alone"
    if newer:
        hint += f"; `{usage(of, known)}` came with CoreDNS {newer[0].since}"
    setup.error(
        "newer-argument" if newer else "argument-count",
        f"`{of}` takes {_count(least - own, most if most is None else most - own)}"
        f"{f' in CoreDNS {setup.release}' if newer else ''}, not {len(words) - own}",
        where.span,
        hint=hint,
        coredns=arity or _argument_error(d),
        token=d.token,
        located=located or not arity,
    )


class _Shape(NamedTuple):
    """Which arguments a release reads, the values of the others, and how many words it takes; most: None for any number."""

    present: tuple[Argument, ...]
    absent: dict[str, Any]
    least: int
    most: int | None


@lru_cache(maxsize=4096)
def _shape(args: tuple[Argument, ...], release: Release) -> _Shape:
    present = tuple(a for a in args if a.since is None or release >= a.since)
    absent = {a.name: a.default for a in args if a not in present}
    many = any(a.many for a in present)
    return _Shape(present, absent, sum(1 for a in present if a.required), None if many else len(present))


def _count(least: int, most: int | None) -> str:
    if most == 0:
        return "no argument"
    if most is None:
        return f"at least {least} argument{'s' * (least != 1)}"
    if least == most:
        return f"{least} argument{'s' * (least != 1)}"
    return f"{least} to {most} arguments"


__all__ = ["read", "say_of_brace"]
