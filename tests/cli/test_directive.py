"""What is known about a directive, in words."""

from __future__ import annotations

from corefile.chain.declare import Arg, Opt, Property, Reads, Rest
from corefile.chain.shapes import Answerer
from corefile.chain.types import Duration, Int, Zone
from corefile.cli._directive import argument, history, in_release, marks, releases_of
from corefile.releases import find
from corefile.releases.rules import ReleaseRules, between, changed, since, until


class Example(Answerer):
    """example - is one."""

    READS = Reads(block=since("1.1.0"))

    class Rules(ReleaseRules):
        new = since("1.2.0", "it is new")
        old = until("1.3.0", "it is old")
        once = between("1.4.0", "1.5.0", "it was once")
        twice = changed(True, {"1.1.0": False, "1.6.0": True}, "it comes and goes")
        word = changed("", {"1.7.0": "abc"}, "what it says")
        number = changed(None, {"1.7.0": 2, "1.8.0": 0.5}, "how many there are")
        several = changed((), {"1.7.0": ("a", "b")}, "what there is")
        silent = since("1.2.0")


def test_what_differs_between_releases() -> None:
    assert list(history(Example)) == [
        ("since 1.1.0", "there is a property block"),
        ("since 1.2.0", "it is new"),
        ("before 1.3.0", "it is old"),
        ("1.4.0 to before 1.5.0", "it was once"),
        ("before 1.1.0, since 1.6.0", "it comes and goes"),
        ("", "what it says: nothing, `abc` since 1.7.0"),
        ("", "how many there are: no, 2 since 1.7.0, 0.5 since 1.8.0"),
        ("", "what there is: none, `a` `b` since 1.7.0"),
    ]


def test_what_holds_in_a_release() -> None:
    assert list(in_release(Example, find("1.4.0"))) == [
        "it is new",
        "it was once",
        "what it says: nothing",
        "what there is: none",
    ]
    assert "how many there are: 2" in list(in_release(Example, find("1.7.0")))


def test_arguments_and_properties_in_words() -> None:
    assert argument(Arg("a", Int())) == "number"
    assert argument(Opt("a", Int())) == "number"  # the brackets of the syntax say that it may be left out
    assert argument(Opt("a", Duration(), default=5.0)) == "duration, default 5 s"
    assert argument(Opt("value", Int())) == ""  # it stands as NUMBER in the syntax
    assert argument(Arg("zones", Zone())) == ""
    assert argument(Opt("a", Int(), default=2.0, since="1.2.0")) == "number, default 2, since 1.2.0"
    assert argument(Rest("a", Int())) == "number"
    assert marks(Property("a", since="1.1.0", removed="1.9.0", ignored="1.8.0")) == (
        "since 1.1.0, removed in 1.9.0, without effect since 1.8.0"
    )
    assert [releases_of(name) for name in ("file", "forward", "proxy")] == ["", "since 1.0.5", "removed in 1.5.0"]
