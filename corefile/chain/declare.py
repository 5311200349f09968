"""What a plugin declares about its directive: arguments, properties, and how far its setup reads.

From a declaration follow parsing (see `reading`), errors of arity and type, documentation and test strategies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from ..dns.message import NOERROR, Msg
from ..findings import Span
from ..language.expand import Token
from . import scrub
from .query import Outcome, Query, Result, Why
from .types import Type, Word

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

    def __init__(
        self,
        name: str,
        type: Type | None = None,
        *,
        required: bool = True,
        many: bool = False,
        maybe: bool = False,
        default: Any = None,
        since: str | None = None,
        brace: bool = False,
        doc: str = "",
    ) -> None:
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


def Opt(
    name: str, type: Type | None = None, *, default: Any = None, since: str | None = None, doc: str = ""
) -> Argument:
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

    def __init__(
        self,
        name: str,
        *args: Argument,
        default: Any = None,
        repeat: str = "last",
        since: str | None = None,
        removed: str | None = None,
        ignored: str | None = None,
        field: str | None = None,
        extra: str = "error",
        arity: str | tuple[str, str] | None = None,
        twice: str = "",
        located: bool = True,
        doc: str = "",
    ) -> None:
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
    PER_KEY: ClassVar[bool] = False
    """Whether each key of a server block had a handler of its own up to 1.8.4, with a state of its own that shows. (So
    had all others, but it cannot be seen.)"""
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

    def write(
        self,
        query: Query,
        reply: Msg,
        why: Why = "",
        *,
        rcode: int = NOERROR,
        error: str | None = None,
        sizes: bool = True,
        scrubs: bool = True,
    ) -> Result:
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


def usage(name: str, args: tuple[Argument, ...]) -> str:
    """The line that a user writes: `success CAPACITY [TTL] [MINTTL]`."""
    parts = [name]
    for a in args:
        word = a.name.upper() + ("..." if a.many else "")
        parts.append(word if a.required else f"[{word}]")
    return " ".join(parts)


__all__ = ["Arg", "Argument", "Given", "Maybe", "Opt", "Plugin", "Property", "Rest", "usage"]
