"""What a plugin declares about its directive: arguments, properties, and how CoreDNS's setup reads them.

From a declaration follow parsing (see `reading`), errors of arity and type, documentation and test strategies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from ..findings import Span
from ..language.words import Token
from ..light import NamedTuple
from ..releases import Release
from ..releases.rules import ByRelease, at
from .types import Invalid, OneOf, Type, Word, Zone

if TYPE_CHECKING:
    from typing import Self

D = TypeVar("D", bound="Declaration")


class Argument:
    """One positional argument. `many` takes all further words; the value is then a tuple. `maybe`: a word that the
    type does not fit is left for the next argument. `since`: the release that brought it; earlier ones do not read it.
    `brace`: it takes a `{` for a word, too (Go's `c.NextArg`, where `c.RemainingArgs` stops at a brace), and is looked at
    before the others are counted; only for the first ones, and it may differ by release. `missing`: CoreDNS's words where
    it has to be there and is not, if it has its own; they come without the line.
    """

    __slots__ = ("brace", "default", "doc", "many", "maybe", "missing", "name", "required", "since", "type")

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
        missing: str = "",
        doc: str = "",
    ) -> None:
        if not isinstance(name, str) or not (type is None or isinstance(type, Type)):
            raise TypeError(_no_type(type if isinstance(name, str) else name))
        self.maybe = maybe
        self.brace = brace
        self.missing = missing
        self.since = since
        self.name = name
        self.type = type or Word()
        self.required = required
        self.many = many
        self.default = default
        self.doc = doc


def _no_type(given: object) -> str:
    called = f": write `{given.__name__}()`" if isinstance(given, type) and issubclass(given, Type) else ""
    return f"the type of an argument is one of `corefile.plugin`, such as Int() or Word(), not {given!r:.60}{called}"


def _split(name: str | Type | None, type: Type | None) -> tuple[str, Type | None]:
    """A field of a `Declaration` has no name of its own: the type stands first."""
    return ("", name) if isinstance(name, Type) else (name or "", type)


def Arg(
    name: str | Type | None = None, type: Type | None = None, *, brace: bool = False, missing: str = "", doc: str = ""
) -> Any:
    """An argument that has to be there."""
    return Argument(*_split(name, type), brace=brace, missing=missing, doc=doc)


def Opt(
    name: str | Type | None = None,
    type: Type | None = None,
    *,
    default: Any = None,
    since: str | None = None,
    brace: bool = False,
    doc: str = "",
) -> Any:
    """An argument that may be left out, where it is the last."""
    return Argument(*_split(name, type), required=False, default=default, since=since, brace=brace, doc=doc)


def Maybe(name: str | Type | None = None, type: Type | None = None, *, default: Any = None, doc: str = "") -> Any:
    """An argument that is there if the next word fits its type (`cache [TTL] [ZONES...]`)."""
    return Argument(*_split(name, type), required=False, maybe=True, default=default, doc=doc)


def Rest(
    name: str | Type | None = None,
    type: Type | None = None,
    *,
    required: bool = False,
    since: str | None = None,
    brace: bool = False,
    doc: str = "",
) -> Any:
    """All further words; with `required`, at least one. With `brace`, the first of them may be a `{`."""
    return Argument(*_split(name, type), required=required, many=True, default=(), since=since, brace=brace, doc=doc)


class Origins(Zone):
    """Zones; without any, those of the server block."""

    def settle(self, value: Any, given: Any, setup: Any) -> tuple[str, ...]:
        """The zones' names."""
        names: tuple[str, ...] = setup.origins(value)
        return names


def Zones(*, doc: str = "the zones; without them, those of the server block") -> Any:
    """All further words are zones (a network may stand for several); without any, the server block's are meant."""
    return Argument("", Origins(), required=False, many=True, default=(), doc=doc)


class Property:
    """A line of the property block.

    since, removed: the release that brought it and the first one without it. `ignored`: the first release that
    takes it without effect. `write`: the line that takes the place of one that was removed, with `{line}` for that line
    and `{rest}` for its words behind the name; `instead`: the same in words, where it is more than a line. `repeat`:
    'last' (the last line wins), 'all' (the value is a tuple of all lines' values), 'join' (one tuple of all words of all
    lines) or 'once' (a second line is an error, with the words `twice`). `default` is the value where the line is absent.
    `field`: the name in the plugin's `Config`, where it is not the property's own. `build`: makes the value in `Config`
    of the one that was read, or of the default. `extra`: what happens to surplus words, which may differ by release:
    'error', 'first' (an error that names the first of them: Go's `if c.NextArg()`), 'lines' (each is read as a property
    of its own: what Go's setups do that take one argument and look no further) or 'ignore'. Where it is 'first' or
    'lines', a brace counts as a word. `arity`: CoreDNS's words for a wrong number of arguments, where it has
    its own; a pair if they differ for too few and too many. `located`: whether CoreDNS names the line where it has
    words of its own. `kinds`: the first words behind which others are read: behind any other one, the next word is read as a
    property of its own. `read`: makes a line's value as soon as CoreDNS has read it, of the line and the plugin's `Setup`;
    raises Invalid. `required`: CoreDNS's words where there is no such line (`{}` stands for the directive's last word; ''
    where none is needed; may differ by release), and `hint` what to write then. `needs`: another property without which
    it is refused, and CoreDNS's words. `when`: whether it is there behind an occurrence's words, where that depends on
    them. `rule`: what the plugin records where a line of it has decided (`Recorder.used`): 'line' (`NAME 0`
    where the first line fits), 'both' (`NAME 0 true` or `NAME 0 false`) or 'zone' (`NAME ZONE`).
    """

    __slots__ = (
        "args",
        "arity",
        "build",
        "default",
        "doc",
        "extra",
        "field",
        "hint",
        "ignored",
        "instead",
        "kinds",
        "located",
        "name",
        "needs",
        "read",
        "removed",
        "repeat",
        "required",
        "rule",
        "since",
        "twice",
        "when",
        "write",
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
        instead: str = "",
        write: str = "",
        field: str | None = None,
        build: Callable[[Any], Any] | None = None,
        extra: str | ByRelease[str] = "error",
        arity: str | tuple[str, str] | None = None,
        twice: str = "",
        located: bool = True,
        kinds: tuple[str, ...] = (),
        read: Callable[[Given, Any], Any] | None = None,
        required: str | ByRelease[str] = "",
        hint: str = "",
        needs: tuple[str, str] | None = None,
        when: Callable[[tuple[str, ...]], bool] | None = None,
        rule: Literal["", "line", "both", "zone"] = "",
        doc: str = "",
    ) -> None:
        self.name = name
        self.args = args
        self.read = read
        self.required = required
        self.hint = hint
        self.needs = needs
        self.when = when
        self.rule = rule
        self.twice = twice
        self.located = located
        self.kinds = kinds
        self.arity = arity
        self.default = default if default is not None or args else False
        self.repeat = repeat
        self.since = since
        self.removed = removed
        self.ignored = ignored
        self.instead = instead
        self.write = write
        self.field = field or name.replace("-", "_")
        self.build = build
        self.extra = extra
        self.doc = doc

    def in_release(self, release: Release) -> bool:
        """Whether `release` knows the property."""
        return (self.since is None or release >= self.since) and (self.removed is None or release < self.removed)


def Line(*args: Any, name: str = "", **options: Any) -> Any:
    """A property as a field of a `Declaration`, called as the field is unless it has a `name`. A type among `args` stands
    for an argument that has to be there. `options` are those of `Property`."""
    made = tuple(a if isinstance(a, Argument) else Argument("value", a) for a in args)
    return Property(name, *made, **options)


class FreeLines(Property):
    """The lines that begin with no property's name, such as the entries of `hosts`: their first word is an argument, and their
    `Given.name` is ''. `until`: the property after which none is taken any more."""

    __slots__ = ("until",)

    def __init__(self, *args: Argument, until: str = "", **options: Any) -> None:
        super().__init__("", *args, **options)
        self.until = until


def Free(*args: Any, repeat: str = "all", **options: Any) -> Any:
    """A field of a `Declaration` for the lines that begin with no property's name; see `FreeLines`."""
    return FreeLines(*args, repeat=repeat, **options)


class Together:
    """Several properties that make one field; see `Lines`."""

    def __init__(self, properties: tuple[Property, ...]) -> None:
        self.properties = properties


def Lines(*properties: Property) -> Any:
    """A field of a `Declaration` for the lines of several properties, in the order in which they stand. Of `repeat`, `build`,
    `default` and `required`, those of the first one count; all of them have a `read`, or none."""
    return Together(properties)


NOT_MADE = object()


class Given(NamedTuple):
    """One occurrence of a directive or property as the user wrote it. `values` is by argument name."""

    name: str
    values: dict[str, Any]
    span: Span
    words: tuple[Token, ...]
    lines: tuple[Given, ...] = ()
    unread: bool = False  # the setup read no further than this line (see Reads.far)
    end: Token | None = None  # the last token that belongs to the directive, such as its closing brace
    made: Any = NOT_MADE  # what `Property.read` has made of the line
    head: str = ""  # what a directive begins with: its name, or what CoreDNS takes for it

    @property
    def value(self) -> Any:
        """The one value of a property: what `read` made of it, or True without arguments, the value of the only one, else a
        tuple of all."""
        if self.made is not NOT_MADE:
            return self.made
        found = tuple(self.values.values())
        return True if not found else found[0] if len(found) == 1 else found

    @property
    def last(self) -> str:
        """The last word that has been read when the first line has."""
        return self.words[-1].text if self.words else self.head or self.name

    def all(self, name: str) -> list[Given]:
        """All lines of the property `name`, in order."""
        return [line for line in self.lines if line.name == name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of the last line of the property `name`."""
        found = self.all(name)
        return found[-1].value if found else default


class Declaration:
    """What a directive may be given, as a class whose fields are arguments and properties, in their order; and its
    instances: what one directive was given. They are not changed, and compare by value.

    >>> class Example(Declaration):
    ...     address: str = Opt(default=":8080", doc="where to listen")
    ...     large: bool = Line(doc="as much as fits")
    >>> Example()
    Example(address=':8080', large=False)
    >>> Example(large=True) == Example().replace(large=True)
    True
    """

    ARGUMENTS: ClassVar[tuple[Argument, ...]] = ()
    PROPERTIES: ClassVar[tuple[Property, ...]] = ()
    FREE: ClassVar[FreeLines | None] = None
    FIELDS: ClassVar[dict[str, tuple[Property, ...]]] = {}
    """By field, the properties that make it."""
    DEFAULTS: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        arguments, properties, fields = list(cls.ARGUMENTS), list(cls.PROPERTIES), dict(cls.FIELDS)
        defaults, own = dict(cls.DEFAULTS), vars(cls)
        for name in dict.fromkeys((*own.get("__annotations__", ()), *own)):
            value = own.get(name)
            if isinstance(value, Argument):
                value.name = value.name or name
                arguments.append(value)
                defaults[value.name] = value.default
            elif isinstance(value, (Property, Together)):
                fields[name] = made = value.properties if isinstance(value, Together) else (value,)
                for p in made:
                    p.field = name
                    if isinstance(p, FreeLines):
                        cls.FREE = p
                    else:
                        p.name = p.name or name
                        properties.append(p)
                defaults[name] = _value_of(made[0], ())
            elif name in own.get("__annotations__", ()) and name not in defaults and name in own:
                defaults[name] = value  # worked out by `configure`
        cls.ARGUMENTS, cls.PROPERTIES, cls.FIELDS, cls.DEFAULTS = tuple(arguments), tuple(properties), fields, defaults
        for name in defaults.keys() & own.keys():  # instances have them, and are quicker without (see `ReleaseRules`)
            delattr(cls, name)

    def __init__(self, **values: Any) -> None:
        if not values.keys() <= self.DEFAULTS.keys():
            unknown = values.keys() - self.DEFAULTS.keys()
            raise TypeError(f"{type(self).__qualname__} has no field {', '.join(sorted(unknown))}")
        vars(self).update({**self.DEFAULTS, **values})

    def replace(self, **changes: Any) -> Self:
        """The same with other values."""
        return type(self)(**{**vars(self), **changes})

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(self) is type(other) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"

    @classmethod
    def of(cls, given: Given, setup: Any) -> Self:
        """What one occurrence says. `setup` is the plugin's `Setup`. Raises Invalid."""
        values = {a.name: a.type.settle(given.values.get(a.name, a.default), given, setup) for a in cls.ARGUMENTS}
        by_name: dict[str, list[Given]] = {}
        for line in given.lines:
            by_name.setdefault(line.name, []).append(line)
        for field, properties in cls.FIELDS.items():
            first = properties[0]
            if len(properties) == 1:
                lines = by_name.get(first.name, [])
            else:
                names = {p.name for p in properties}
                lines = [line for line in given.lines if line.name in names]
            if lines:
                settled = lines if first.read is not None else [_settled(properties, line, setup) for line in lines]
                values[field] = _value_of(first, settled)
                if first.needs is not None and first.needs[0] not in by_name:
                    _lacks(first, lines[0], given, setup)
            else:
                if first.required and not setup.failed:
                    _required(first, given, setup)
                if first.build is not None and field not in values:  # others have their value in DEFAULTS
                    values[field] = _value_of(first, ())
        return cls(**values)


def _required(property: Property, given: Given, setup: Any) -> None:
    """Raises Invalid where the release wants a line of a property, of which there is none."""
    required = property.required
    words = required.at(setup.release) if isinstance(required, ByRelease) else required
    if words:
        raise Invalid(
            f"`{setup.name}` needs {f'`{property.name}`' if property.name else property.doc}",
            hint=property.hint,
            coredns=words.format(given.end.text if given.end is not None else ""),
            located=property.located,
            at=given.span,
            last=given.end,
        )


def _lacks(property: Property, line: Given, given: Given, setup: Any) -> None:
    """A property stands there without the other one that it needs."""
    other, words = property.needs or ("", "")
    setup.error(
        "missing-property",
        f"`{property.name}` has no effect without `{other}`",
        line.span,
        hint=f"add `{other}`",
        coredns=words,
        token=given.end,
        located=property.located,
    )


def _settled(properties: tuple[Property, ...], line: Given, setup: Any) -> Given:
    """A line with what the server block and the world say about its values."""
    if line.made is not NOT_MADE:
        return line
    args = next(p.args for p in properties if p.name == line.name)
    return line._replace(values={a.name: a.type.settle(line.values.get(a.name, a.default), line, setup) for a in args})


def _value_of(property: Property, lines: list[Given] | tuple[Given, ...]) -> Any:
    """The value of a property in `Config`, of all its lines."""
    value: Any
    if property.repeat == "all":
        value = tuple(line.value for line in lines)
    elif property.repeat == "join" and property.read is not None:
        value = tuple(each for line in lines for each in line.value)
    elif property.repeat == "join":
        value = tuple(word for line in lines for words in line.values.values() for word in words)
    else:
        value = lines[-1].value if lines else property.default
    return value if property.build is None else property.build(value)


ONCE = "this plugin can only be used once per Server Block"
"""What CoreDNS says of a second occurrence, since 1.1.0 of most plugins."""


class Reads(NamedTuple):
    """How CoreDNS's setup reads a directive, and in which words it complains. Any value may differ between releases
    (see `rules`).

    several: what becomes of several occurrences in a server block: 'last' (it wins), 'each' (each is a handler of its
        own), 'all' (the configuration is a tuple of all) or 'fields' (of each field the last value that was given).
    once: whether a second occurrence is refused, with the words `twice` (None: those for a wrong number of arguments,
        and the line). twice_located: whether these name the line. twice_with: whether an argument is looked for before that.
    far: how far the setup reads once it has an occurrence's arguments: 'all', 'block' (its block, no further
        occurrence), 'filled' (up to the first block with something in it) or 'line' (nothing more, whatever stands
        there); or a function of the words, whether a block follows,
        and the release.
    block: whether a property block is read at all, or a function of the arguments' words that says so; where it is not, a
        brace is a surplus word if `surplus` is 'first', and else it is taken for another occurrence, with what follows for
        its arguments.
    surplus: what happens to surplus words: 'error', 'first' or 'lines', as for a Property.
    most: how many words are read for arguments at most, whatever is declared; None for as many as there are.
    unknown: CoreDNS's words for an unknown property (`{}` stands for it, `{quoted}` for it in quotes, `{lower}` for it
        in lower case; they may begin with another kind of error, `Syntax error: `); None means its standard "Wrong
        argument count or unexpected line ending"; with '' it is ignored, and so is each word behind it that is no
        property. unknown_located: whether it names the line; unknown_prefix: whether it begins as the plugin's other
        messages do.
    others: the property that a line with any other name is read as; one that there is not takes it without effect.
    fold: whether names of properties are taken in any case.
    named: whether an occurrence has to begin with the directive's name; any other word is passed over.
    """

    several: str = "last"
    once: bool = False
    twice: str | None = ONCE
    twice_located: bool = False
    twice_with: bool = False
    far: str | Callable[[tuple[str, ...], bool, Release], str] = "all"
    block: bool | Callable[[tuple[str, ...]], bool] = True
    surplus: str = "error"
    most: int | None = None
    unknown: str | None = "unknown property '{}'"
    unknown_located: bool = True
    unknown_prefix: bool = True
    others: str | None = None
    fold: bool = False
    named: bool = False

    def at(self, release: Release) -> Reads:
        """The values of `release`."""
        values: list[Any] = [at(value, release) for value in self]
        return Reads(*values)

    @property
    def block_since(self) -> str | None:
        """The release that brought the block, where there is one."""
        rule: object = self.block
        return rule.steps[0][0] if isinstance(rule, ByRelease) else None


LONGEST_CHOICE = 64
"""Characters of the longest list of words, one of which is to be chosen, that stands in a line of syntax."""


def placeholder(a: Argument) -> str:
    """What stands for an argument in a line of syntax: `on|off` where these are all words that it may be, else its name in
    capitals, or its type's where it has no name of its own."""
    label = a.type.label
    if ("|" in label or isinstance(a.type, OneOf)) and not a.many and len(label) <= LONGEST_CHOICE:
        return label
    return (label.replace(" ", "-") if a.name == "value" and label != "word" else a.name).upper()


def usage(name: str, args: tuple[Argument, ...]) -> str:
    """The line that a user writes: `success CAPACITY [TTL] [MINTTL]`, `pods disabled|verified|insecure`."""
    parts = [name] if name else []
    for a in args:
        word = placeholder(a) + "..." * a.many
        parts.append(word if a.required else f"[{word}]")
    return " ".join(parts)


__all__ = [
    "ONCE",
    "Arg",
    "Argument",
    "Declaration",
    "Free",
    "Given",
    "Line",
    "Lines",
    "Maybe",
    "Opt",
    "Property",
    "Reads",
    "Rest",
    "Zones",
    "placeholder",
    "usage",
]
