"""What a plugin declares about its directive, and the one reader that turns tokens into its configuration.

A plugin is a class with `ARGUMENTS` and `PROPERTIES`; from them follow parsing, arity and type errors, documentation
and test strategies. The reader walks the tokens as CoreDNS's Go setups do: the directive's arguments up to `{` or the
end of the line, then one property per line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from ..diagnostics import Finding, Span
from ..expand import Token
from ..quoting import quote
from . import scrub
from .dispenser import Dispenser
from .message import NOERROR, Msg
from .query import Outcome, Query, Result, Why
from .types import Invalid, Type, Word, nearest

if TYPE_CHECKING:
    from ..releases import Release
    from .server import Setup


class Argument:
    """One positional argument. `many` takes all further words; the value is then a tuple. `maybe`: a word that the
    type does not fit is left for the next argument. `since`: the release that brought it; earlier ones do not read it.
    `brace`: it takes a `{` for a word, too (Go's `c.NextArg`, where `c.RemainingArgs` stops at a brace); only for the
    first one.
    """

    __slots__ = ("brace", "default", "doc", "many", "maybe", "name", "required", "since", "type")

    def __init__(self, name: str, type: Type | None = None, *, required: bool = True, many: bool = False,
                 maybe: bool = False, default: Any = None, since: str | None = None, brace: bool = False,
                 doc: str = "") -> None:  # fmt: skip
        self.maybe = maybe
        self.brace = brace
        self.since = since
        self.name = name
        self.type = type or Word()
        self.required = required
        self.many = many
        self.default = default
        self.doc = doc


def Arg(name: str, type: Type | None = None, *, brace: bool = False, doc: str = "") -> Argument:
    """An argument that has to be there."""
    return Argument(name, type, brace=brace, doc=doc)


def Opt(name: str, type: Type | None = None, *, default: Any = None, since: str | None = None,
        doc: str = "") -> Argument:  # fmt: skip
    """An argument that may be left out, where it is the last."""
    return Argument(name, type, required=False, default=default, since=since, doc=doc)


def Maybe(name: str, type: Type, *, default: Any = None, doc: str = "") -> Argument:
    """An argument that is there if the next word fits its type (`cache [TTL] [ZONES...]`)."""
    return Argument(name, type, required=False, maybe=True, default=default, doc=doc)


def Rest(name: str, type: Type | None = None, *, required: bool = False, doc: str = "") -> Argument:
    """All further words; with `required`, at least one."""
    return Argument(name, type, required=required, many=True, default=(), doc=doc)


class Property:
    """A line of the property block.

    since, removed: the release that brought it and the first one without it. `ignored`: the first release that
    takes it without effect. `repeat`: 'last' (the last line wins), 'all' (the value is a tuple of all lines' values)
    or 'once' (a second line is an error, with the words `twice`). `default` is the value where the line is absent.
    `field`: the name in the plugin's `Config`, where it is not the property's own. `extra`: what happens to surplus
    words: 'error', 'first' (an error that names the first of them: Go's `if c.NextArg()`), 'lines' (each is read as a
    property of its own: what Go's setups do that take one argument and look no further) or 'ignore'. Where it is
    'first' or 'lines', a brace counts as a word. `arity`: CoreDNS's words for a wrong number of arguments, where it has
    its own; a pair if they differ for too few and too many. `located`: whether CoreDNS names the line where it has
    words of its own.
    """

    __slots__ = (
        "args",
        "arity",
        "default",
        "doc",
        "extra",
        "field",
        "ignored",
        "located",
        "name",
        "removed",
        "repeat",
        "since",
        "twice",
    )

    def __init__(self, name: str, *args: Argument, default: Any = None, repeat: str = "last", since: str | None = None,
                 removed: str | None = None, ignored: str | None = None, field: str | None = None,
                 extra: str = "error", arity: str | tuple[str, str] | None = None, twice: str = "",
                 located: bool = True, doc: str = "") -> None:  # fmt: skip
        self.name = name
        self.args = args
        self.twice = twice
        self.located = located
        self.arity = arity
        self.default = default if default is not None or args else False
        self.repeat = repeat
        self.since = since
        self.removed = removed
        self.ignored = ignored
        self.field = field or name.replace("-", "_")
        self.extra = extra
        self.doc = doc

    def in_release(self, release: Release) -> bool:
        """Whether `release` knows the property."""
        return (self.since is None or release >= self.since) and (self.removed is None or release < self.removed)


class Given(NamedTuple):
    """One occurrence of a directive or property as the user wrote it. `values` is by argument name."""

    name: str
    values: dict[str, Any]
    span: Span
    words: tuple[Token, ...]
    lines: tuple[Given, ...] = ()
    unread: bool = False  # the setup read no further than this line (see Plugin.extent)
    end: Token | None = None  # the last token that belongs to the directive, such as its closing brace

    @property
    def value(self) -> Any:
        """The one value of a property: True without arguments, the value of the only one, else a tuple of all."""
        found = tuple(self.values.values())
        return True if not found else found[0] if len(found) == 1 else found

    def all(self, name: str) -> list[Given]:
        """All lines of the property `name`, in order."""
        return [line for line in self.lines if line.name == name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of the last line of the property `name`."""
        found = self.all(name)
        return found[-1].value if found else default


class Plugin:
    """The base of every directive. Subclasses are found by their file's name, which is the directive's.

    ONCE: a second occurrence in a server block is refused (a version: by the releases before it), with the words TWICE
    (None: those for a wrong number of arguments, and the line). EACH: every occurrence is a handler of its own;
    otherwise occurrences are merged by `merge` (the last one wins unless the plugin says otherwise).
    EXTRA: what happens to surplus words: 'error', 'first' or 'lines', as for a Property. BLOCK: whether the setup reads
    a property block at all; where it does not, a brace is a surplus word if EXTRA is 'first', and else it is taken for
    another occurrence, with what follows for its arguments. UNKNOWN: CoreDNS's words for an unknown property
    (`{}` stands for it, `{quoted}` for it in quotes; they may begin with another kind of error, `Syntax error: `); None
    means its standard "Wrong argument count or unexpected line ending". FREE: argument pattern for lines that start
    with no property's name (`hosts` entries); their `Given.name` is ''. FREE_UNTIL: the property after which no such
    line is taken any more.
    """

    name: ClassVar[str] = ""
    since: ClassVar[str | None] = None
    removed: ClassVar[str | None] = None
    ARGUMENTS: ClassVar[tuple[Argument, ...]] = ()
    PROPERTIES: ClassVar[tuple[Property, ...]] = ()
    Config: ClassVar[Any] = None
    ONCE: ClassVar[bool | str] = False
    ONCE_SINCE: ClassVar[str | None] = None
    """The first release in which ONCE holds."""
    TWICE: ClassVar[str | None] = "this plugin can only be used once per Server Block"
    EACH: ClassVar[bool] = False
    EXTRA: ClassVar[str] = "error"
    BLOCK: ClassVar[bool] = True
    BLOCK_SINCE: ClassVar[str | None] = None
    """The first release whose setup reads a property block."""
    UNKNOWN: ClassVar[str | None] = "unknown property '{}'"
    UNKNOWN_LOCATED: ClassVar[bool] = True
    """Whether CoreDNS names the line of an unknown property."""
    FREE: ClassVar[tuple[Argument, ...] | None] = None
    FREE_UNTIL: ClassVar[str | None] = None
    HANDLER: ClassVar[bool] = True
    """Whether it stands in the chain. A directive that only sets something up (`bind`, `root`) does not."""
    COPIES: ClassVar[bool] = False
    """Whether a query that it passes on in place of another one is a copy. Most change the one request that all plugins
    of the chain hold, so that those before it see the change on the way back (see Query.final)."""
    NAMES_WRITERS: bool = False
    """Whether it looks at `Result.plugin` on the way back."""
    PASSES: ClassVar[str] = "passes on"
    """What a trace says when the plugin passes on without a reason of its own."""

    def __init__(self, config: Any, setup: Setup) -> None:
        self.config = config
        self.setup = setup
        self.span: Span = setup.span
        self.order = setup.order
        self.plugin_scrubs = setup.release < "1.2.3"
        self.rest: Any = None  # set by the chain: `rest(query) -> Result` runs the plugins behind this one

    # -- what a plugin may override -------------------------------------------------------------------------------

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Any:
        """The `Config` of one occurrence. By default the fields named like arguments and properties, filled in."""
        return cls.Config(**cls.fields(given, setup)) if cls.Config is not None else None

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Rules about an occurrence's arguments that CoreDNS applies before it reads the block. Raises Invalid."""

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
        """Rules about a property that CoreDNS applies as soon as it has read its line. Raises Invalid."""

    @classmethod
    def properties(cls, words: tuple[str, ...], release: Release) -> dict[str, Property]:
        """The properties that there are below an occurrence with these arguments, by name."""
        return {p.name: p for p in cls.PROPERTIES if p.in_release(release)}

    @classmethod
    def merge(cls, configs: list[Any], setup: Setup) -> Any:
        """One configuration of all occurrences: by default that of the last. Raises Invalid."""
        return configs[-1]

    def serve(self, query: Query) -> Outcome:
        """What this plugin makes of `query`."""
        raise NotImplementedError

    def write(self, query: Query, reply: Msg, why: Why = "", *, rcode: int = NOERROR, error: str | None = None,
              sizes: bool = True, scrubs: bool = True) -> Result:  # fmt: skip
        """The result of having written `reply` to the client.

        Up to 1.2.2 every plugin fitted its own replies to the client's buffer, or forgot to: `sizes` tells whether it
        called SizeAndDo, `scrubs` whether it called Scrub. Since 1.2.3 the server does both for all.
        """
        if self.plugin_scrubs and (sizes or scrubs):
            scrub.by_plugin(query, reply, self.setup.release, sizes=sizes, scrubs=scrubs)
        return Result(reply, rcode, error, why)

    def check(self) -> None:
        """Called once when all chains are built, in plugin.cfg order: the place for findings of what would fail only
        when CoreDNS starts (an error returned by its OnStartup). Nothing is set going here."""

    def start(self) -> None:
        """Called once when all chains are built, in chain order (CoreDNS's OnStartup)."""

    def stop(self) -> None:
        """Called when a reload replaces the instance (CoreDNS's OnShutdown)."""

    @classmethod
    def extent(cls, words: tuple[str, ...], block: bool, release: Release) -> str:
        """How far the release's setup reads once it has an occurrence's arguments (`block`: a brace follows): 'all',
        'block' (its block, no further occurrence) or 'line' (nothing more, whatever stands there)."""
        return "all"

    @classmethod
    def unknown(cls, release: Release) -> str | None:
        """The words for an unknown property (see UNKNOWN), where releases differ."""
        return cls.UNKNOWN

    # -- reading --------------------------------------------------------------------------------------------------

    @classmethod
    def fields(cls, given: Given, setup: Setup) -> dict[str, Any]:
        """Values by `Config` field: the arguments', and for each property its value or default."""
        out = dict(given.values)
        for p in cls.PROPERTIES:
            lines = given.all(p.name)
            if p.repeat == "all":
                out[p.field] = tuple(line.value for line in lines)
            else:
                out[p.field] = lines[-1].value if lines else p.default
        return out


def read(cls: type[Plugin], tokens: list[Token], setup: Setup) -> Iterator[Given]:
    """The occurrences of a directive in one server block, each as soon as it is read: CoreDNS configures it before it
    reads the next. Errors go to `setup` and leave out what they concern."""
    release = setup.release
    d = Dispenser(tokens, ends=release >= "1.13.0")
    first: Token | None = None
    brace = bool(cls.ARGUMENTS) and cls.ARGUMENTS[0].brace
    while d.next():
        head = d.token
        setup.span = head.span
        if (
            first is not None
            and (cls.ONCE if isinstance(cls.ONCE, bool) else release < cls.ONCE)
            and (cls.ONCE_SINCE is None or release >= cls.ONCE_SINCE)
        ):
            if head.text == "{":
                _unexpected_block(cls, d, setup, cls.TWICE)
                return
            setup.error("directive-twice", f"`{cls.name}` is given twice in this server block", head.span,
                        hint="keep one of them", coredns=_argument_error(d) if cls.TWICE is None else cls.TWICE,
                        located=cls.TWICE is None, token=head, related=((first.span, "the first one"),))  # fmt: skip
        words = d.words(
            _most(cls.ARGUMENTS, cls.EXTRA), brace=len(cls.ARGUMENTS) if cls.EXTRA == "lines" else int(brace)
        )
        texts = tuple(w.text for w in words)
        extent = cls.extent(texts, d.block_follows(), release)
        values = _match(cls.ARGUMENTS, words, head, d, setup, cls.name, cls.EXTRA)
        if values is not None:
            try:
                cls.opening(Given(cls.name, values, head.span, tuple(words)), setup)
            except Invalid as e:
                if head.text == "{":
                    _unexpected_block(cls, d, setup, e.coredns, e.located)
                    return
                setup.invalid(e)
                values = None
        if extent == "line":
            if values is not None:
                yield Given(cls.name, values, head.span, tuple(words), unread=True)
            return
        lines: list[Given] = []
        if cls.BLOCK and (cls.BLOCK_SINCE is None or release >= cls.BLOCK_SINCE):
            known = cls.properties(texts, release)
            while d.next_in_block():
                line = _property(cls, known, d, setup, lines)
                if line is not None:
                    lines.append(line)
            if d.hangs and not setup.failed:
                setup.error("block-not-closed", f"The block of `{cls.name}` is not closed: CoreDNS {release} takes its "
                            "last word for a property for ever", d.token.span, coredns="the block never ends",
                            label="expected a `}` behind this", located=False, prefix=False)  # fmt: skip
        elif cls.EXTRA == "first" and d.block_follows():
            d.next()
            _unexpected_block(cls, d, setup, None)
            depth = 1
            while depth and d.next():
                depth += (d.text == "{") - (d.text == "}")
        if values is not None:
            yield Given(cls.name, values, head.span, tuple(words), tuple(lines), end=d.token)
        if extent == "block":
            return
        first = first or head


def _unexpected_block(
    cls: type[Plugin], d: Dispenser, setup: Setup, coredns: str | None, located: bool = False
) -> None:
    setup.error("unexpected-block", f"`{cls.name}` takes no property block", d.token.span,
                hint=f"it came with CoreDNS {cls.BLOCK_SINCE}" if cls.BLOCK else "remove the braces",
                coredns=coredns or _argument_error(d), token=d.token, located=located or coredns is None)  # fmt: skip


def _most(args: tuple[Argument, ...], extra: str) -> int | None:
    """How many words are read for arguments, None for all of the line."""
    if extra not in ("first", "lines") or any(a.many for a in args):
        return None
    return len(args) + (extra == "first")


def _property(cls: type[Plugin], known: dict[str, Property], d: Dispenser, setup: Setup,
              before: list[Given]) -> Given | None:  # fmt: skip
    head = d.token
    prop = known.get(head.text)
    if prop is None:
        if cls.FREE is not None and not any(
            line.name == cls.FREE_UNTIL and (not line.words or any(line.value) or setup.release < "1.8.4")
            for line in before
        ):
            words = [head, *d.words()]
            values = _match(cls.FREE, words, head, d, setup, cls.name)
            return None if values is None else Given("", values, head.span, tuple(words))
        _unknown_property(cls, known, head, d, setup)
        d.words()
        return None
    other = next((line for line in before if line.name == prop.name), None)
    if prop.repeat == "once" and other is not None:
        setup.error("property-twice", f"`{prop.name}` is given twice", head.span, hint="keep one of them", token=head,
                    coredns=prop.twice, located=prop.located, related=((other.span, "the first one"),))  # fmt: skip
        d.words()
        return None
    args = _present(prop.args, setup.release)
    most = _most(args, prop.extra)
    words = d.words(most, brace=sys.maxsize if prop.extra in ("first", "lines") else 0)
    values = _match(prop.args, words, head, d, setup, prop.name, prop.extra, prop.arity, prop.located)
    if values is None:
        d.words()
        return None
    line = Given(prop.name, values, head.span, tuple(words))
    try:
        cls.accept_line(line, setup)
    except Invalid as e:
        setup.invalid(e, e.at or d.token)
        return None
    return line


def _unknown_property(cls: type[Plugin], known: dict[str, Property], head: Token, d: Dispenser, setup: Setup) -> None:
    words = cls.unknown(setup.release)
    coredns = _argument_error(d) if words is None else words.format(head.text, quoted=quote(head.text))
    kind = "Error during parsing"
    if coredns.startswith("Syntax error: "):
        kind, _, coredns = coredns.partition(": ")
    other = next((p for p in cls.PROPERTIES if p.name == head.text), None)
    release = setup.release.version
    if other is not None and other.since is not None and setup.release < other.since:
        setup.error("newer-property", f"CoreDNS {release} has no `{cls.name}` property `{head.text}` yet", head.span,
                    hint=f"it came with CoreDNS {other.since}", coredns=coredns, token=head, kind=kind,
                    located=cls.UNKNOWN_LOCATED)  # fmt: skip
    elif other is not None and other.removed is not None:
        setup.error("removed-property", f"`{cls.name}` property `{head.text}` was removed in CoreDNS {other.removed}",
                    head.span, hint="remove this line", coredns=coredns, token=head, kind=kind,
                    located=cls.UNKNOWN_LOCATED)  # fmt: skip
    else:
        hint = nearest(head.text, set(known))
        if not hint and known:
            hint = "it has " + ", ".join(f"`{n}`" for n in sorted(known))
        setup.error("unknown-property", f"`{cls.name}` has no property `{head.text}`", head.span, hint=hint,
                    coredns=coredns, token=head, kind=kind, located=cls.UNKNOWN_LOCATED)  # fmt: skip


def _argument_error(d: Dispenser) -> str:
    if d.text == "{":
        return "Unexpected token '{', expecting argument"
    return f"Wrong argument count or unexpected line ending after '{d.text}'"


def _match(args: tuple[Argument, ...], words: list[Token], head: Token, d: Dispenser, setup: Setup, of: str,
           extra: str = "error", arity: str | tuple[str, str] | None = None,
           located: bool = True) -> dict[str, Any] | None:  # fmt: skip
    """The values of `words` for `args`, or None after an error."""
    present = _present(args, setup.release)
    absent = {a.name: a.default for a in args if a not in present}
    args = present
    least = sum(1 for a in args if a.required)
    most = None if any(a.many for a in args) else len(args)
    if len(words) < least or (most is not None and len(words) > most and extra in ("error", "first")):
        takes = usage(of, args)
        if isinstance(arity, tuple):
            arity = arity[len(words) >= least]
        where = words[most] if most is not None and len(words) > most else (words[-1] if words else head)
        setup.error("argument-count", f"`{of}` takes {_count(least, most)}, not {len(words)}", where.span,
                    hint=f"write `{takes}`" if args else f"write `{of}` alone", coredns=arity or _argument_error(d),
                    token=d.token, located=located or not arity)  # fmt: skip
        return None
    values: dict[str, Any] = absent
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
    return values if fine else None


def _present(args: tuple[Argument, ...], release: Release) -> tuple[Argument, ...]:
    """The arguments that the release reads."""
    return tuple(a for a in args if a.since is None or release >= a.since)


def usage(name: str, args: tuple[Argument, ...]) -> str:
    """The line that a user writes: `success CAPACITY [TTL] [MINTTL]`."""
    parts = [name]
    for a in args:
        word = a.name.upper() + ("..." if a.many else "")
        parts.append(word if a.required else f"[{word}]")
    return " ".join(parts)


def _count(least: int, most: int | None) -> str:
    if most == 0:
        return "no argument"
    if most is None:
        return f"at least {least} argument{'s' * (least != 1)}"
    if least == most:
        return f"{least} argument{'s' * (least != 1)}"
    return f"{least} to {most} arguments"


__all__ = ["Arg", "Argument", "Finding", "Given", "Maybe", "Opt", "Plugin", "Property", "Rest", "read", "usage"]
