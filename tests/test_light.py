"""Named tuples and regular expressions of `corefile.light` do what those of the library do."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
import typing
from typing import Any

import pytest

from corefile import light

# The same class, made by each of the two: what they share cannot be written once, for it is the base that differs.


class Theirs(typing.NamedTuple):
    """A place."""

    line: int
    column: int | None = None
    words: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        return self.words[0]


class Ours(light.NamedTuple):
    """A place."""

    line: int
    column: int | None = None
    words: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        return self.words[0]


class Empty(light.NamedTuple):
    pass


class One(light.NamedTuple):
    only: int

    def __repr__(self) -> str:
        return "one " + super().__repr__()


CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((1, 2, ("a",)), {}),
    ((1,), {"words": ("a", "b")}),
    ((), {"words": ("a",), "line": 3}),
    ((), {}),
    ((1, 2, (), 4), {}),
    ((1,), {"line": 2}),
    ((1,), {"row": 2}),
]


def outcome(run: Any) -> Any:
    try:
        return run()
    except Exception as error:
        return type(error), str(error).replace("Theirs", "Ours")


@pytest.mark.parametrize(("positional", "named"), CALLS)
def test_a_call_makes_the_same_or_fails_with_the_same_words(positional: Any, named: Any) -> None:
    assert outcome(lambda: Ours(*positional, **named)) == outcome(lambda: Theirs(*positional, **named))


@pytest.mark.parametrize(
    "use",
    [
        repr,
        hash,
        tuple,
        lambda one: one._asdict(),
        lambda one: one._replace(column=5, words=("z",)),
        lambda one: one._replace(row=5),
        lambda one: one._make([7, 8, 9]),
        lambda one: one._make([7]),
        lambda one: (one.line, one.column, one.words, one.first),
        lambda one: one == (1, 2, ("a",)),
        lambda one: (*one, 4),
        lambda one: setattr(one, "line", 2),
        lambda one: setattr(one, "row", 2),
        lambda one: one.row,
        lambda one: type(one)._fields,
        lambda one: type(one)._field_defaults,
        lambda one: type(one).__match_args__,
        lambda one: type(one).__doc__,
        lambda one: isinstance(one, tuple),
        lambda one: typing.get_type_hints(type(one)),
        lambda one: list(inspect.signature(type(one)).parameters),
        lambda one: copy.deepcopy(one),
        lambda one: pickle.loads(pickle.dumps(one)) == one and type(pickle.loads(pickle.dumps(one))) is type(one),
    ],
)
def test_what_a_named_tuple_does(use: Any) -> None:
    ours, theirs = (outcome(lambda made=made: use(made(1, 2, ("a",)))) for made in (Ours, Theirs))
    if isinstance(ours, str):
        theirs = theirs.replace("Theirs", "Ours")
    assert ours == theirs


def test_a_match_takes_the_fields_in_order() -> None:
    match Ours(1, 2, ()):
        case Ours(line, column):
            assert (line, column) == (1, 2)
        case _:
            raise AssertionError


def test_few_fields() -> None:
    assert Empty() == ()
    assert repr(Empty()) == "Empty()"
    assert One(4) == (4,)
    assert repr(One(4)) == "one One(only=4)"
    assert One(4)._replace(only=5).only == 5


def test_classes_with_as_many_fields_have_constructors_of_their_own() -> None:
    class Other(light.NamedTuple):
        a: int
        b: int = 5
        c: int = 6

    assert Other(1) == (1, 5, 6)
    assert Ours(1) == (1, None, ())
    assert outcome(lambda: Other(1, words=2)) == (
        TypeError,
        f"{Other.__qualname__.rpartition('.')[2]}.__new__() got an unexpected keyword argument 'words'",
    )


def test_a_regular_expression_is_compiled_by_its_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda text, flags=0: compiled.append(text) or compile_(text, flags))
    words = light.regex(r"\w+", re.A)
    assert not compiled
    assert words.findall("ab cd") == ["ab", "cd"]
    assert words.sub("x", "ab cd") == "x x"
    assert [m[0] for m in words.finditer("ab cd")] == ["ab", "cd"]
    assert words.fullmatch("ab cd") is None
    assert words.search(" é ab").start() == 3  # type: ignore[union-attr]
    assert words.pattern == r"\w+"
    assert compiled == [r"\w+"]
    with pytest.raises(AttributeError):
        words.nothing  # type: ignore[attr-defined]  # noqa: B018
    assert light.regex(b"a+").match(b"aa")
