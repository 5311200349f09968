"""The declaration of a directive, and what follows from it when tokens are read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from corefile.api import build
from corefile.chain.compile import compile_program
from corefile.chain.declare import (
    Arg,
    Argument,
    Declaration,
    Free,
    Given,
    Line,
    Lines,
    Maybe,
    Opt,
    Property,
    Reads,
    Rest,
    usage,
)
from corefile.chain.instance import Instance
from corefile.chain.metrics import Metrics
from corefile.chain.reading import read
from corefile.chain.setup import Setup
from corefile.chain.shapes import Plugin, Setting
from corefile.chain.site import Site
from corefile.chain.types import Changing, Duration, Int, Invalid, Name, OneOf, Zone
from corefile.findings import Source
from corefile.language.expand import expand
from corefile.language.files import DictFiles
from corefile.releases import LATEST, find
from corefile.releases.rules import changed, since, until
from corefile.world import World


class Sample(Plugin):
    """A directive of many kinds of words."""

    name = "whoami"

    class Config(Declaration):
        ttl: int | None = Maybe(Int(min=1))
        zones: tuple[tuple[str, ...], ...] = Rest(Zone())
        size: Any = Line(Arg("number", Int(min=0, max=9)), Opt("for", Duration(), default=1.5))
        mode: Any = Line(Arg("mode", OneOf("fast", "slow", error="no such mode: {}")))
        names: Any = Line(Rest("names", Name(), required=True), repeat="all")
        flag: bool = Line()
        late: bool = Line(since="1.10.0")
        early: bool = Line(removed="1.5.0")
        first: str | None = Line(Arg("x"), extra="first")
        lines: str | None = Line(Arg("x"), extra="lines")
        ignored: str | None = Line(Arg("x"), extra="ignore")


def reading(cls: type[Plugin], text: str, release: str = "1.14.7") -> tuple[list[Given], list[str]]:
    world, found = World(), find(release)
    program = expand(Source("Corefile", f". {{\n{text}\n}}\n"), release=found, environ={}, files=DictFiles())
    instance = Instance(found, world, None, Metrics())
    block = program.blocks[0]
    site = Site(0, (), block.span)
    tokens = block.directives["whoami"]
    given = list(read(cls, tokens, Setup("whoami", 1, site, instance, tokens[0].span)))
    prefix = "plugin/whoami: Corefile:"
    return given, [
        str(f.coredns).removeprefix(prefix).replace(" - Error during parsing", "") for f in instance.findings
    ]


def config(text: str, release: str = "1.14.7") -> Any:
    given, errors = reading(Sample, text, release)
    assert errors == []
    return Sample.Config.of(given[0], None)


def test_arguments() -> None:
    assert config("whoami").ttl is None
    found = config("whoami 5 example.org 10.0.0.0/24")
    assert (found.ttl, found.zones) == (5, (("example.org.",), ("0.0.10.in-addr.arpa.",)))
    found = config("whoami example.org 5")
    assert (found.ttl, found.zones) == (None, (("example.org.",), ("5.",)))


def test_properties() -> None:
    text = "whoami {\nsize 3\nmode fast\nnames A b.\nnames c\nflag\nsize 4 2s\n}"
    found = config(text)
    assert (found.size, found.mode, found.names, found.flag) == ((4, 2.0), "fast", (("a.", "b."), ("c.",)), True)
    assert config("whoami {\nsize 3\n}").size == (3, 1.5)
    assert config("whoami").flag is False


WRONG = "Wrong argument count or unexpected line ending after "


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("whoami 0", ["2: `0` is out of range: it has to be at least 1"]),
        ("whoami {\nsize\n}", [f"3: {WRONG}'size'"]),
        ("whoami {\nsize 1 2s 3\n}", [f"3: {WRONG}'3'"]),
        ("whoami {\nsize x\n}", ['3: strconv.Atoi: parsing "x": invalid syntax']),
        ("whoami {\nmode quick\n}", ["3: no such mode: quick"]),
        ("whoami {\nnames\n}", [f"3: {WRONG}'names'"]),
        ("whoami {\nsise 1\nflag x\n}", ["3: unknown property 'sise'", f"4: {WRONG}'x'"]),
        ("whoami {\nearly\n}", ["3: unknown property 'early'"]),
        ("whoami {\nfirst a b c\n}", [f"3: {WRONG}'b'"]),
        ("whoami {\nlines a b\n}", ["3: unknown property 'b'"]),
        ("whoami {\nignored a b\n}", []),
    ],
)
def test_errors(text: str, errors: list[str]) -> None:
    assert reading(Sample, text)[1] == errors


def test_releases() -> None:
    assert reading(Sample, "whoami {\nlate\n}", "1.9.4")[1] == ["3: unknown property 'late'"]
    assert reading(Sample, "whoami {\nlate\nearly\n}", "1.10.0")[1] == ["4: unknown property 'early'"]
    assert reading(Sample, "whoami {\nearly\n}", "1.4.0")[1] == []


def test_several_occurrences() -> None:
    given, errors = reading(Sample, "whoami 1\nwhoami 2 {\nflag\n}")
    assert ([g.values["ttl"] for g in given], errors) == ([1, 2], [])

    class Once(Sample):
        READS = Reads(once=since("1.1.0"))

    twice = "plugin/whoami: this plugin can only be used once per Server Block"
    assert reading(Once, "whoami\nwhoami")[1] == [twice]
    assert reading(Once, "whoami\nwhoami", "1.0.6")[1] == []


def test_free_lines_until_a_property() -> None:
    class Entries(Plugin):
        name = "whoami"

        class Config(Declaration):
            entries: tuple[tuple[str, ...], ...] = Free(Rest("words"), until="flag", since="1.1.0")
            flag: bool = Line()

    text = "whoami {\n10.0.0.1 a\nb\nflag\n10.0.0.2 c\n}"
    given, errors = reading(Entries, text)
    assert Entries.Config.of(given[0], None).entries == (("10.0.0.1", "a"), ("b",))
    assert errors == ["6: unknown property '10.0.0.2'"]
    assert reading(Entries, text, "1.0.0")[1][0] == "3: unknown property '10.0.0.1'"


def numbered(line: Given, setup: Setup) -> str:
    if line.words[0].text == "bad":
        raise Invalid("it is bad", coredns=f"{line.name} is bad")
    return f"{line.name} {len(setup.given.words)} {line.words[0].text}"


class Read(Plugin):
    """Lines that are read at once, and together."""

    name = "whoami"

    class Config(Declaration):
        both: tuple[str, ...] = Lines(
            Property("a", Arg("x"), repeat="all", read=numbered),
            Property("b", Rest("x"), read=numbered),
        )
        pairs: tuple[str, ...] = Line(Arg("x"), repeat="join", read=lambda line, setup: (line.value, "-"))
        must: str | None = Line(
            Arg("x"), required=changed("", {"1.1.0": "no must before {}"}), hint="write it", needs=("a", "must needs a")
        )


def test_lines_are_read_at_once_and_together() -> None:
    given, errors = reading(Read, "whoami {\nb 1\na 2\npairs x\nb 3\npairs y\nmust z\n}")
    config = Read.Config.of(given[0], SimpleNamespace(release=find("1.14.7"), failed=False))
    assert (config.both, config.pairs) == (("b 0 1", "a 0 2", "b 0 3"), ("x", "-", "y", "-"))
    assert errors == []
    assert [p.field for p in Read.PROPERTIES] == ["both", "both", "pairs", "must"]
    assert Read.Config().both == ()


def test_an_error_as_a_line_is_read_comes_before_those_of_the_lines_behind_it() -> None:
    assert reading(Read, "whoami {\nb bad\nnosuch\n}")[1] == ["3: b is bad", "4: unknown property 'nosuch'"]


@pytest.mark.parametrize(
    ("text", "release", "words", "hint"),
    [
        ("a 1", "1.14.7", "no must before }", "write it"),
        ("a 1", "1.0.6", "", ""),
        ("must 1", "1.14.7", "must needs a", "add `a`"),
        ("must 1\na bad", "1.14.7", "a is bad", ""),
    ],
)
def test_what_a_block_has_to_have(text: str, release: str, words: str, hint: str) -> None:
    def compiled(name: str) -> type[Plugin] | None:
        return Needing if name == "whoami" else None

    class Needing(Read, Setting):
        pass

    program = expand(
        Source("Corefile", f". {{\nwhoami {{\n{text}\n}}\n}}\n"), release=find(release), environ={}, files=DictFiles()
    )
    found = compile_program(program, release=find(release), world=World(), registry=compiled).errors
    assert [str(f.coredns).rpartition(": ")[2] for f in found[:1]] == ([words] if words else [])
    assert [f.hint for f in found[:1]] == ([hint] if words else [])


def test_no_block() -> None:
    class Bare(Sample):
        READS = Reads(block=False, surplus="first")

    assert reading(Bare, "whoami {\nflag\n}\nwhoami")[1] == ["2: Unexpected token '{', expecting argument"]


@pytest.mark.parametrize(
    ("far", "block", "text", "words"),
    [
        ("block", True, "whoami {\nflag\n}\nwhoami", "CoreDNS reads no second `whoami` of a server block"),
        ("block", True, "whoami {\nflag\n}", None),
        ("line", False, "whoami\nwhoami", "CoreDNS reads no second `whoami` of a server block"),
        ("line", False, "whoami 5 {\nflag\n}", "CoreDNS does not read the block of this `whoami`"),
        ("filled", True, "whoami {\n}\nwhoami {\nflag\n}", None),
        ("filled", True, "whoami {\nflag\n}\nwhoami", "CoreDNS reads no second `whoami` of a server block"),
        ("all", True, "whoami\nwhoami", None),
        ("block", True, "whoami {\nsise\n}\nwhoami", "unknown property 'sise'"),  # an error is enough
    ],
)
def test_a_warning_of_what_is_not_read(far: str, block: bool, text: str, words: str | None) -> None:
    class Short(Sample):
        READS = Reads(far=far, block=block)

    program = expand(Source("Corefile", f". {{\n{text}\n}}\n"), release=LATEST, environ={}, files=DictFiles())
    instance = Instance(LATEST, World(), None, Metrics())
    tokens = program.blocks[0].directives["whoami"]
    list(read(Short, tokens, Setup("whoami", 1, Site(0, (), program.blocks[0].span), instance, tokens[0].span)))
    found = [f.coredns.rpartition(": ")[2] if f.coredns else f.message for f in instance.findings]
    assert found == ([] if words is None else [words])


def test_what_lines_with_another_name_are_and_properties_of_some_arguments() -> None:
    class Other(Plugin):
        name = "whoami"

        class Config(Declaration):
            words: tuple[str, ...] = Rest()
            names: tuple[str, ...] = Line(Rest("words"), repeat="join")
            late: bool = Line(when=bool)

        READS = Reads(others=changed("names", {"1.5.0": "ignored", "1.9.0": None}))

    text = "whoami {\nnames a\nnosuch b c\n}"
    assert [line.name for line in reading(Other, text, "1.4.0")[0][0].lines] == ["names", "names"]
    assert [line.name for line in reading(Other, text, "1.5.0")[0][0].lines] == ["names", *["ignored"] * 3]
    assert reading(Other, text, "1.9.0")[1] == ["4: unknown property 'nosuch'"]
    assert reading(Other, "whoami x {\nlate\n}", "1.9.0")[1] == []
    assert reading(Other, "whoami {\nlate\n}", "1.9.0")[1] == ["3: unknown property 'late'"]


def test_words_of_its_own_without_a_line() -> None:
    class Own(Sample):
        READS = Reads(unknown='invalid option "{}"', unknown_located=False)

    assert reading(Own, "whoami {\nfoo\n}")[1] == ['plugin/whoami: invalid option "foo"']


def test_an_argument_may_have_words_for_where_it_is_missing() -> None:
    class Sourced(Sample):
        ARGUMENTS = (Rest("zones", Zone()), Arg("source", missing="no source specified"))

    assert reading(Sourced, "whoami")[1] == ["plugin/whoami: no source specified"]
    assert reading(Sourced, "whoami a.example x")[0][0].values == {"zones": (("a.example.",),), "source": "x"}


def test_usage() -> None:
    assert usage("whoami", Sample.ARGUMENTS) == "whoami [TTL] [ZONES...]"
    assert usage("size", Sample.PROPERTIES[0].args) == "size NUMBER [FOR]"
    assert usage("mode", Sample.PROPERTIES[1].args) == "mode fast|slow"
    assert usage("wait", (Argument("value", Duration()), Argument("value", Int(), required=False))) == (
        "wait DURATION [NUMBER]"
    )


def test_hints() -> None:
    world = World()
    program = expand(
        Source("Corefile", ". {\nwhoami {\nfalg\n}\n}\n"), release=find("1.14.7"), environ={}, files=DictFiles()
    )
    instance = Instance(find("1.14.7"), world, None, Metrics())
    tokens = program.blocks[0].directives["whoami"]
    setup = Setup("whoami", 1, Site(0, (), program.blocks[0].span), instance, tokens[0].span)
    assert list(read(Sample, tokens, setup)) != []
    assert instance.findings[0].hint == "did you mean `flag`?"


def test_a_brace_out_of_a_variable_opens_a_block_that_nothing_closes() -> None:
    def refused(line: str, release: str) -> list[str]:
        source = Source("Corefile", f". {{\n{line}\n}}\n")
        program = expand(source, release=find(release), environ={"B": "{"}, files=DictFiles())
        instance = Instance(find(release), World(), None, Metrics())
        site = Site(0, (), program.blocks[0].span)
        tokens = program.blocks[0].directives["whoami"]
        list(read(Sample, tokens, Setup("whoami", 1, site, instance, tokens[0].span)))
        return [
            str(f.coredns).removeprefix("plugin/whoami: Corefile:2 - Error during parsing: ") for f in instance.findings
        ]

    # Up to 1.12.4 the last word is read as a property again and again.
    assert refused("whoami {$B}", "1.12.4") == ["unknown property '{'"]
    assert refused("whoami {$B} size 5", "1.12.4") == ["unknown property '5'"]
    assert refused("whoami {$B} flag", "1.12.4") == ["the block never ends"]
    for line in ("whoami {$B}", "whoami {$B} size 5", "whoami {$B} flag"):
        assert refused(line, "1.13.0") == []


def test_a_type_that_the_world_has_a_say_in() -> None:
    class Local(Name):
        def settle(self, value: Any, given: Given, setup: Any) -> Any:
            values = value if isinstance(value, tuple) else (value,)
            return tuple(f"{v}{setup.world.hostname}:{len(given.words)}" for v in values)

    class Config(Declaration):
        names: tuple[str, ...] = Rest(Local())
        one: tuple[str, ...] = Line(Local(), default=())
        many: tuple[tuple[str, ...], ...] = Line(Rest("names", Local()), repeat="join")

    class Settled(Plugin):
        name = "whoami"

    Settled.Config = Config
    Settled.ARGUMENTS, Settled.PROPERTIES = Config.ARGUMENTS, Config.PROPERTIES
    setup = SimpleNamespace(world=World(hostname="h"))
    given, errors = reading(Settled, "whoami a b {\none c\nmany d e\nmany f\n}")
    assert errors == []
    config = Config.of(given[0], setup)
    assert (config.names, config.one, config.many) == (("a.h:2", "b.h:2"), ("c.h:1",), ("d.h:2", "e.h:2", "f.h:1"))
    # What was read stays as it was written.
    assert given[0].values["names"] == ("a.", "b.")


def test_a_type_that_differs_between_releases() -> None:
    class Sized(Plugin):
        name = "whoami"
        PROPERTIES = (Property("size", Arg("number", Changing(Int(min=0), {"1.9.0": OneOf("small", "large")}))),)

    assert reading(Sized, "whoami {\nsize 5\n}", "1.8.7")[0][0].get("size") == 5
    assert reading(Sized, "whoami {\nsize large\n}", "1.9.0")[0][0].get("size") == "large"
    assert reading(Sized, "whoami {\nsize 5\n}", "1.9.0")[1] == ["3: `5` is not one of small, large"]
    assert Sized.PROPERTIES[0].args[0].type.label == "small|large"


def test_a_first_argument_that_is_looked_at_before_the_others_are_counted() -> None:
    class From(Plugin):
        name = "whoami"
        ARGUMENTS = (Arg("size", Int(), brace=True), Rest("to", required=True))

    assert reading(From, "whoami x")[1] == ['2: strconv.Atoi: parsing "x": invalid syntax']
    assert reading(From, "whoami 5")[1] == [f"2: {WRONG}'5'"]


@pytest.mark.parametrize(
    ("directive", "release", "hint"),
    [
        ("root x {", "1.14.7", "remove the braces"),
        ("autopath x {", "1.14.7", "remove the braces"),
        ("on startup echo {", "1.14.7", "remove the braces"),
        ("startup echo {", "1.0.0", "remove the braces"),
        ("loop {", "1.14.7", "remove the braces"),
        ("rewrite name a b {", "1.14.7", "write all of it in the braces, or remove them"),
        ("rewrite name exact a.b c.d {\nanswer auto", "1.14.7", "write all of it in the braces, or remove them"),
        ("rewrite name a b {", "1.0.4", "it came with CoreDNS 1.0.5"),
        ("file x\n{\nreload 1s", "1.14.7", "write all of it in the braces, or remove them"),
    ],
)
def test_a_brace_that_is_taken_for_another_occurrence(directive: str, release: str, hint: str) -> None:
    """What it lacks as one is CoreDNS's error, and no news to who has opened a block."""
    source = Source("Corefile", f". {{\n{directive}\n}}\n}}\n")
    (error, *_) = build(source, find(release), World(cluster="")).errors
    assert error.span is not None
    assert (error.code, error.span.text, error.hint) == ("unexpected-block", "{", hint)
    assert error.message.startswith(f"`{directive.split()[0]}` takes no property block")


def test_a_brace_is_a_word_in_the_releases_that_take_the_next_word_whatever_it_is() -> None:
    class Old(Plugin):
        name = "whoami"
        ARGUMENTS = (Rest("words", required=True, brace=until("1.9.4")),)
        PROPERTIES = (Property("x", Arg("word", brace=until("1.9.4"))),)
        READS = Reads(far=changed("line", {"1.9.4": "all"}))

    assert reading(Old, "whoami {\n x\n}", "1.9.3")[0][0].values == {"words": ("{",)}
    assert reading(Old, "whoami {\n x\n}", "1.9.4")[1][0] == f"2: {WRONG}'whoami'"


def test_words_behind_another_kind_are_properties() -> None:
    """Setups that look at the first word alone, and read the others of its line only behind those that they know."""

    class Kinds(Plugin):
        name = "whoami"
        KINDS = changed(("to", "from"), {"1.9.4": ("to",)})
        PROPERTIES = (Property("x", Opt("kind", brace=True), Rest("words"), kinds=KINDS, repeat="all"), Property("y"))

    def lines(text: str, release: str = "1.14.7") -> list[tuple[str, tuple[str, ...]]]:
        return [
            (line.name, tuple(word.text for word in line.words)) for line in reading(Kinds, text, release)[0][0].lines
        ]

    assert lines("whoami {\n x to y\n x y y\n x\n}") == [("x", ("to", "y")), ("x", ("y",)), ("y", ()), ("x", ())]
    assert lines("whoami {\n x from y\n}", "1.9.3") == [("x", ("from", "y"))]
    assert lines("whoami {\n x from y\n}") == [("x", ("from",)), ("y", ())]
    assert reading(Kinds, "whoami {\n x tp z\n}")[1] == ["3: unknown property 'z'"]


def test_how_many_words_are_arguments_whatever_is_declared() -> None:
    class One(Plugin):
        name = "whoami"
        ARGUMENTS = (Rest("words"),)
        READS = Reads(most=changed(1, {"1.0.6": None}))

    def heads(release: str) -> list[tuple[str, str]]:
        return [(given.head, given.last) for given in reading(One, "whoami a b\nwhoami", release)[0]]

    assert heads("1.0.5") == [("whoami", "a"), ("b", "b"), ("whoami", "whoami")]
    assert heads("1.0.6") == [("whoami", "b"), ("whoami", "whoami")]
