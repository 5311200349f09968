"""Directives that are not simulated: what passes them is in doubt, and nothing else."""

from __future__ import annotations

from functools import cache

import pytest

import corefile
from corefile import plugins
from corefile.plugin import NEXT, Answerer, Filter, Gate, Outcome, Plugin, Query, Setting, failed
from corefile.plugin import dns as codes

TEXT = (
    ".:53 {\n errors\n hosts {\n  10.0.0.1 a.example\n  fallthrough\n }\n mine x y {\n  z\n }\n forward . 10.0.0.9\n}\n"
)
UPSTREAMS = {"10.0.0.9": "b.example. 60 IN A 10.0.0.2"}


def server(**more: object) -> corefile.Server:
    return corefile.loads(TEXT, world=corefile.World(upstreams=UPSTREAMS), plugins=["mine:forward"], **more)  # type: ignore[arg-type]


def test_only_what_passes_it_is_in_doubt() -> None:
    asked = server()
    before, behind = asked.query("a.example"), asked.query("b.example")
    assert (before.notices, [f.code for f in behind.notices]) == ([], ["not-simulated"])
    assert "mine" in str(behind.trace)
    assert str(behind.answer[0]) == "b.example. 60 IN A 10.0.0.2"


def test_its_arguments_are_not_read() -> None:
    assert [(f.code, f.severity) for f in corefile.checks(TEXT, plugins=["mine:forward"]) if "mine" in f.message] == [
        ("not-simulated", "notice")
    ]
    with pytest.raises(corefile.CorefileError, match="no directive `mine`"):
        corefile.loads(TEXT)


def test_one_text_is_no_list_of_plugins() -> None:
    with pytest.raises(ValueError, match="a list of NAME"):
        corefile.loads(TEXT, plugins="mine:forward")


class Refuses(Gate):
    """Refuses everything."""

    BEFORE = "hosts"

    def admit(self, query: Query, zone: str) -> Outcome:
        return failed(codes.REFUSED, None) if query.name == "a.example." else NEXT


def test_a_registered_plugin_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "_found", dict(plugins._found))
    plugins.register("refuses", Refuses)
    text = ".:53 {\n hosts {\n  10.0.0.1 a.example\n  10.0.0.2 b.example\n }\n refuses\n}\n"
    asked = corefile.loads(text, plugins=["refuses"])
    assert (asked.query("a.example").rcode, asked.query("b.example").rcode) == ("REFUSED", "NOERROR")
    last = corefile.loads(text, plugins=["refuses:whoami"])
    assert last.query("a.example").rcode == "NOERROR"
    (finding,) = corefile.checks(text)
    assert finding.hint == 'a plugin of this name is registered here: plugins=["refuses"]'


@pytest.mark.parametrize(
    ("name", "cls", "error"), [("cache", Refuses, ValueError), ("a-b", Refuses, ValueError), ("mine", str, TypeError)]
)
def test_what_cannot_be_registered(name: str, cls: type, error: type[Exception]) -> None:
    with pytest.raises(error):
        plugins.register(name, cls)


class NoAnswer(Answerer):
    """Lacks its method."""


class NoAdmit(Gate):
    """Lacks its method, too."""

    def answer(self, query: Query, zone: str) -> Outcome:
        return NEXT


class NoBack(Filter):
    """Lacks its method, too."""


class NoShape(Plugin):
    """Has no shape."""


class OneFlag(Refuses):
    """Has a word where words are."""

    FLAGS = "type A"  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("cls", "words"),
    [
        (NoAnswer, r"`mine` is no plugin: NoAnswer lacks `answer\(self, query, zone\)` of Answerer"),
        (NoAdmit, r"NoAdmit lacks `admit\(self, query, zone\)` of Gate"),
        (NoBack, r"NoBack lacks `back\(self, query, result\)` of Filter"),
        (NoShape, "NoShape has none of the shapes"),
        (OneFlag, r"FLAGS of OneFlag are several words, such as \('type A',\)"),
    ],
)
def test_a_class_that_cannot_serve_a_query_is_refused_before_there_is_one(cls: type[Plugin], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        plugins.register("mine", cls)


class OwnWay(Filter):
    """Has the way in and back in one method of its own, and needs no other."""

    def serve(self, query: Query) -> Outcome:
        return NEXT


class Nothing(Setting):
    """Sets nothing up."""


def test_what_needs_no_method_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "_found", dict(plugins._found))
    for cls in (OwnWay, Nothing):
        plugins.register("mine", cls)


@pytest.mark.parametrize("added", ["cache", "cache:forward"])
def test_a_directive_that_every_release_has_cannot_be_added(added: str) -> None:
    with pytest.raises(ValueError, match=r"`cache` is a directive of CoreDNS 1\.14\.7: it is there already"):
        corefile.loads(TEXT, plugins=["mine:forward", added])


def test_a_directive_that_is_added_to_all_releases_may_be_in_some() -> None:
    for release in ("1.9.3", "1.14.7"):
        built = corefile.loads(".:53 {\n view x {\n }\n whoami\n}\n", release=release, plugins=["view:whoami"]).release
        assert built.has("view")


def test_an_installed_plugin_with_the_name_of_a_directive_is_refused_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Point:
        value = "package:Forward"

    monkeypatch.setattr(plugins, "_offers", lambda: {"forward": (Point(),)})
    assert corefile.loads(".:53 {\n forward . 10.0.0.9\n}\n").release.has("forward")
    with pytest.raises(
        ValueError, match=r"`forward` is a directive .* `package:Forward`, an installed plugin, needs another name"
    ):
        corefile.loads(TEXT, plugins=["forward", "mine:forward"])


def test_a_plugin_that_a_package_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        value = "package:Refuses"

        def load(self) -> type:
            return Refuses

    monkeypatch.setattr(plugins, "_found", {})
    monkeypatch.setattr(plugins, "_offers", lambda: {"offered": (Point(),)})
    assert plugins.find("offered") is Refuses
    assert plugins.find("other") is None


def test_installed_packages_are_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many directives there are that nobody knows: it takes a millisecond and more."""
    asked: list[str] = []

    class Point:
        value = "package:Refuses"

        def __init__(self, name: str, cls: type) -> None:
            self.name = name
            self.load = lambda: cls

    def points(group: str) -> tuple[Point, ...]:
        asked.append(group)
        return Point("offered", Refuses), Point("offered", Refuses)

    monkeypatch.setattr(plugins, "_found", {})
    monkeypatch.setattr("importlib.metadata.entry_points", points)
    monkeypatch.setattr(plugins, "_offers", cache(plugins._offers.__wrapped__))
    assert [plugins.find(name) for name in ("a", "offered", "b")] == [None, Refuses, None]
    assert asked == ["corefile.plugins"]


@pytest.mark.parametrize("added", ["broken", "broken:forward"])
@pytest.mark.parametrize(("loaded", "words"), [(None, "ImportError: no module"), (str, "TypeError: the entry point")])
def test_a_package_whose_plugin_cannot_be_used(
    loaded: type | None, words: str, added: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Point:
        value = "package:Broken"

        def load(self) -> type:
            if loaded is None:
                raise ImportError("no module")
            return loaded

    monkeypatch.setattr(plugins, "_found", {})
    monkeypatch.setattr(plugins, "_offers", lambda: {"broken": (Point(),)})
    with pytest.raises(ValueError, match=f"`broken` of `package:Broken` cannot be used: {words}"):
        corefile.loads(".:53 {\n whoami\n}\n", plugins=[added])
    found = corefile.checks(".:53 {\n broken example.org\n}\n")  # it is not named: Corefiles are checked as without it
    assert [f.code for f in found] == ["unknown-directive"]
    assert found[0].hint.startswith(
        "a plugin of this name is installed here, and `broken` of `package:Broken` cannot be"
    )


def test_two_packages_that_offer_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        def __init__(self, value: str) -> None:
            self.name, self.value = "offered", value

        def load(self) -> type:
            return Refuses

    monkeypatch.setattr(plugins, "_found", {})
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: tuple(map(Point, ("a:A", "b:B", "a:A"))))
    monkeypatch.setattr(plugins, "_offers", cache(plugins._offers.__wrapped__))
    with pytest.raises(
        ValueError, match="`offered` is offered by 2 installed packages, as `a:A` and `b:B`: only one can"
    ):
        corefile.loads(".:53 {\n whoami\n}\n", plugins=["offered"])


def test_a_build_without_a_plugin_says_what_it_has() -> None:
    text = ".:53 {\n kubernetes cluster.local\n forward . 10.0.0.9\n}\n"
    found = [f for f in corefile.checks(text, release="k8s-dns-node-cache:1.22.28") if f.severity == "error"]
    assert [f.code for f in found] == ["not-built-in"]
    assert found[0].coredns == "no action found for directive 'kubernetes' with server type 'dns' (missing a plugin?)"
    assert "k8s-dns-node-cache 1.22.28 has no `kubernetes`" in found[0].message
