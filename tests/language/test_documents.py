"""The one reader for YAML and JSON: what values mean, where they stand, and what is refused, with its place."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from corefile.findings import LIMITS
from corefile.language import documents
from corefile.language.documents import DocumentError, nodes, place_of, single, values


def read(text: str) -> list[Any]:
    return [document.value for document in values(text)]


# -- what values mean -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["{}", "[{}]", "- {}\n", "? a\n: {}\n"])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("No", False),
        ("~", None),
        ("null", None),
        ("12", 12),
        ("-3", -3),
        ("0x1f", 31),
        ("-0b101", -5),
        ("017", 15),
        ("0", 0),
        ("1_000", 1000),
        ("1.10", 1.1),
        ("-.5", -0.5),
        ("+.inf", float("inf")),
        ("1e3", 1000.0),
        ("0x_", "0x_"),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("2026-99-99", "2026-99-99"),
        ("10.0.0.1", "10.0.0.1"),
        ("=", "="),
        ("y", "y"),
        ("x" * 1000, "x" * 1000),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!int '12'", 12),
        ("!!float 1", 1),
        ("!!null ''", None),
        ('"a\\u0062"', "ab"),
    ],
)
def test_scalars_mean_the_same_wherever_they_stand(style: str, text: str, value: Any) -> None:
    (found,) = read(style.format(text))
    found = found["a"] if isinstance(found, dict) else found[0] if isinstance(found, list) else found
    assert found == value
    assert type(found) is type(value)


def test_keys_are_text() -> None:
    assert read("65001: a\nyes: b\nnull: c\n'1': d\n") == [{"65001": "a", "yes": "b", "null": "c", "1": "d"}]
    assert read("{65001: a, yes: b}") == [{"65001": "a", "yes": "b"}]


def test_aliases_and_merges() -> None:
    assert read("a: &x {b: 1, c: 2}\nd: *x\ne:\n  <<: *x\n  c: 3\nf: {<<: [{b: 0}, *x]}\n") == [
        {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 2}, "e": {"b": 1, "c": 3}, "f": {"b": 0, "c": 2}}
    ]


def test_documents_are_told_apart() -> None:
    assert read("%YAML 1.1\n---\na: 1\n...\n# why\n--- # next\nb: 2\n--- {c: 3}\n---\n--- |\n d\n") == [
        {"a": 1},
        {"b": 2},
        {"c": 3},
        "d\n",
    ]
    assert read("\ufeffa: 1\r\nb:\r\n  - 2\r\n---\r\nc: 3\r\n") == [{"a": 1, "b": [2]}, {"c": 3}]
    assert read('{"a": 1}\n{"b": 2}\n[3]') == [{"a": 1}, {"b": 2}, [3]]
    assert read('---\n{"a": 1}\n---\n{b: 2}\n') == [{"a": 1}, {"b": 2}]
    assert read(" \n# nothing\n") == []
    assert read("") == []


def test_one_document_is_one() -> None:
    document = single("# x\n---\na: 1\n---\n")
    assert document is not None
    assert document.value == {"a": 1}
    assert single("") is None
    with pytest.raises(DocumentError, match="line 2, column 4: a second document begins here"):
        single("a: 1\n---\nb: 2\n")


DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text("ab: -#'\"\n{}[]é0.1_x&*!|>%,~\t", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab-.: 1", max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(DATA, st.booleans(), st.sampled_from([None, '"', "'", "|"]))
def test_what_the_library_writes_is_read_as_it_was(data: Any, flow: bool, style: str | None) -> None:
    text = yaml.safe_dump(
        data, default_flow_style=flow, default_style=style, width=30, allow_unicode=True, sort_keys=False
    )
    assert read(text) == [data]
    assert read(json.dumps(data)) == [data]


# -- where they stand -------------------------------------------------------------------------------------------------

PLACES = """---
kind: List
items:
- kind: Pod
  spec: {a: [1, {b: 2}]}
- kind: Service
  metadata:
    name: é
"""


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ((), (2, 1)),
        (("items",), (3, 1)),
        (("items", 1), (6, 3)),
        (("items", 1, "metadata", "name"), (8, 5)),
        (("items", 0, "spec", "a", 1, "b"), (5, 18)),
        (("items", 0, "spec", "gone", "b"), (5, 3)),
        (("items", 7), (3, 1)),
    ],
)
def test_a_value_has_a_place(keys: tuple[str | int, ...], place: tuple[int, int]) -> None:
    (document,) = values(PLACES)
    assert place_of(PLACES, document.place(keys)) == place


def test_a_value_of_json_has_a_place() -> None:
    text = '\n{\n\t"a": [1,\n\t{"b": "\\ud83d\\ude00", "c": 2}]}'
    (document,) = values(text)
    assert document.value == {"a": [1, {"b": "\U0001f600", "c": 2}]}
    assert place_of(text, document.place(("a", 1, "c")))[0] == 4


@pytest.mark.parametrize("json_too", [False, True])
def test_a_long_list_is_read_item_by_item(monkeypatch: pytest.MonkeyPatch, json_too: bool) -> None:
    """One item that needs the YAML library must not send all the others there; places are right, too."""
    monkeypatch.setattr(documents, "SMALL", 100)
    items = [{"kind": "Service", "metadata": {"name": f"s{i}"}} for i in range(20)]
    text = yaml.safe_dump({"apiVersion": "v1", "items": items, "kind": "List"})
    if json_too:
        text = json.dumps({"apiVersion": "v1", "items": items, "kind": "List"}, indent=4)
    else:
        text = text.replace("name: s7", "name: >-\n      s7")
    (document,) = values(text)
    assert document.value == {"apiVersion": "v1", "kind": "List", "items": items}
    line, column = place_of(text, document.place(("items", 7, "metadata", "name")))
    assert text.splitlines()[line - 1][column - 1 :].startswith(('"name": "s7"', "name: >-"))
    (node,) = nodes(text, re.compile("s8"))
    assert node.fields()["metadata"].fields()["name"].text == "s8"


def test_a_long_list_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is read: item by item, with the library for some, or as a whole after all."""
    monkeypatch.setattr(documents, "SMALL", 100)
    text = "kind: List\nitems:\n" + "- a: 1\n" * 30 + "- a: >-\n    2\n" + "- a: 3\n" * 30
    with pytest.raises(DocumentError, match="more than 90 values") as found:
        list(values(text, LIMITS._replace(yaml_values=90)))
    assert 33 < found.value.line < 63
    text = "kind: List\nitems:\n- a: &x 1\n" + "- a: 1\n" * 60 + "- a: *x\n"
    (document,) = values(text, LIMITS._replace(yaml_values=200))
    assert document.value["items"][-1] == {"a": 1}


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: ]\n", 1, 4, "not YAML: "),
        ("a: 1\nb: [\n", 3, 1, "not YAML: "),
        ("a: |\n  x\n y\nb: 1\n", 3, 2, "not YAML: this is not indented as the lines above it"),
        ("a: |\n  x\nyy\nb: 1\n", 3, 1, "not YAML: there is no `:` behind this key"),
        ("a: b: c\n", 1, 5, "not YAML: a `:` where no key can be"),
        ("a:\n\tb: c\n", 2, 1, "not YAML: a tab, where only blanks may stand"),
        ("a: 1\n---\nb: *c\n", 3, 4, "not YAML: found undefined alias 'c'"),
        ("a: \x00\n", 1, 4, "not YAML: a character that YAML does not allow"),
        ("a: !!int ''\n", 1, 4, "`` is none of the values of !!int"),
        ("a: [!!bool x]\n", 1, 5, "`x` is none of the values of !!bool"),
        ("a: !!timestamp x\n", 1, 4, "the tag `tag:yaml.org,2002:timestamp` is not known here"),
        ("a: !!binary aGk=\n", 1, 4, "the tag `tag:yaml.org,2002:binary` is not known here"),
        ("a: !Ref [b]\n", 1, 4, "the tag `!Ref` is not known here"),
        ("a: !!set {b}\n", 1, 4, "the tag `tag:yaml.org,2002:set` is not known here"),
        ("a:\n  b: " + "1" * 5000 + "\n", 2, 6, "a number of more than 400 digits"),
        ('{"a":\n' + "1" * 5000 + "}", 2, 1, "a number of more than 400 digits"),
        ("{? [a] : b}\n", 1, 4, "a key is text, not a list or a mapping"),
        ("<<: 3\n", 1, 5, "`<<` takes a mapping or a list of them"),
        ("a: &x [*x]\n", 1, 8, "the value `&x` holds itself"),
        ('{"a": "\\ud800"}', 1, 8, "half of a surrogate pair, which stands for no character"),
        ('a: "\\ud800"\n', 1, 4, "half of a surrogate pair, which stands for no character"),
        ("[" * 5000, 1, 201, f"more than {LIMITS.yaml_depth} lists and mappings lie in each other"),
        (
            "a: " + "[" * 300 + "]" * 300 + "\n",
            1,
            203,
            f"more than {LIMITS.yaml_depth} lists and mappings lie in each other",
        ),
        ("- " * 2000 + "a\n", 1, 401, f"more than {LIMITS.yaml_depth} lists and mappings lie in each other"),
        ("[" * 900 + "]" * 900, 1, 201, f"more than {LIMITS.yaml_depth} lists and mappings lie in each other"),
        ("[" * 90000 + "]" * 90000, 1, 201, f"more than {LIMITS.yaml_depth} lists and mappings lie in each other"),
        (
            "".join("\n" + " " * i + "a:" for i in range(300)),
            202,
            201,
            f"more than {LIMITS.yaml_depth} lists and mappings",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert (caught.value.message[: len(words)], caught.value.line, caught.value.column) == (words, line, column)


def test_aliases_do_not_multiply() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
    )
    with pytest.raises(DocumentError, match=r"line 6, column .*: aliases make more than 250,000 values of this"):
        read(bomb)
    deep = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 300))
    with pytest.raises(DocumentError, match="more than 200 lists and mappings"):
        read(deep)


@given(st.text(alphabet="ab: -[]{}&*\n|>'\"#!%\t,?0x_.<=~\\u\ud8001", max_size=60))
def test_no_text_is_a_traceback(text: str) -> None:
    for reader in (read, nodes):
        refused = None
        try:
            list(reader(text))
        except DocumentError as error:
            refused = error
        assert refused is None or 0 <= refused.at <= len(text)


# -- how long it takes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "many",
    [
        lambda n: "---\nkind: Service\nmetadata:\n  name: a\n" * n,
        lambda n: "---\nkind: Service\nmetadata: {name: 'a\n  b'}\n" * (n // 20),
        lambda n: "kind: List\nitems:\n" + "- kind: Service\n  metadata:\n    name: a\n" * n,
        lambda n: '---\n{"kind": "Service", "metadata": {"name": "a"}}\n' * n,
        lambda n: '{"kind": "Service", "metadata": {"name": "a"}}\n' * n,
    ],
    ids=["documents", "documents for the library", "list", "documents of JSON", "lines of JSON"],
)
def test_time_grows_with_the_text(many: Any) -> None:
    """Twice the text takes about twice the time: a pass over what came before would make it four times."""

    def seconds(count: int) -> float:
        text = many(count)
        best = 10.0
        for _ in range(3):
            start = process_time()
            assert read(text)
            best = min(best, process_time() - start)
        return best

    times = [seconds(n) for n in (4_000, 16_000)]
    assert all(later < 8 * sooner for sooner, later in pairwise(times)), times
