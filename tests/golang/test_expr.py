"""Expressions of `view`: what Go's expr said to them, in five versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corefile.golang import expr
from corefile.plugins.view import FUNCTIONS, incidr

VERSIONS: list[expr.Version] = [(1, 9, 0), (1, 12, 0), (1, 15, 5), (1, 16, 9), (1, 17, 8)]
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "expr.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
VALUES: dict[str, object] = {
    "type": "A",
    "name": "www.example.org.",
    "class": "IN",
    "proto": "udp",
    "size": 33,
    "client_ip": "10.0.0.1",
    "port": "40212",
    "id": 4242,
    "opcode": 0,
    "do": False,
    "bufsize": 512,
    "server_ip": "127.0.0.1",
    "server_port": "53",
}
ENVIRONMENT = {
    **{name: (lambda value=value: value) for name, value in VALUES.items()},
    "metadata": lambda label: "x" if label == "a/b" else "",
    "incidr": incidr,
}


def outcome(text: str, version: expr.Version) -> tuple[str, str]:
    """`t`, `f` or `r`, and the words of a refusal."""
    try:
        program = expr.compile(text, FUNCTIONS, version)
    except expr.ExprError as error:
        return "r", str(error).partition("\n")[0]
    try:
        return ("t" if program.run(ENVIRONMENT) is True else "f"), ""
    except expr.RunError:
        return "f", ""


@pytest.mark.parametrize(("codes", "message", "text"), ROWS, ids=[row[2] for row in ROWS])
def test_as_in_go(codes: str, message: str, text: str) -> None:
    found = [outcome(text, version) for version in VERSIONS]
    wrong = [str(v) for v, want, (got, _) in zip(VERSIONS, codes, found, strict=True) if want not in ("-", got)]
    assert not wrong, (wrong, found)
    if "split(5" not in text:
        assert found[-1][1] == message


PLACES = json.loads((Path(__file__).parent / "expr_errors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", PLACES, ids=[ascii(row["expression"]) for row in PLACES])
def test_errors_have_the_place_that_each_version_prints(row: dict[str, Any]) -> None:
    """Which of several errors is told, and where, in expressions of several lines: what expr's own compiler said in eleven
    versions, and CoreDNS 1.10.1, 1.11.3, 1.12.1, 1.12.3, 1.13.1, 1.14.1 and 1.14.7 with seven of these."""
    for versions, words in row["said"].items():
        for version in versions.split():
            try:
                expr.compile(row["expression"], FUNCTIONS, tuple(map(int, version.split("."))))
                found = ""
            except expr.ExprError as error:
                found = str(error)
            assert found == words, version


def test_an_error_shows_the_place() -> None:
    with pytest.raises(expr.ExprError) as caught:
        expr.compile("true &&\n\tcolour()", FUNCTIONS, (1, 17))
    assert str(caught.value) == "unknown name colour (2:2)\n |  colour()\n | .^"


def test_a_character_that_cannot_be_printed_is_a_number_alone() -> None:
    with pytest.raises(expr.ExprError) as caught:
        expr.compile("1 \x01 2", FUNCTIONS, (1, 17))
    assert caught.value.message == "unrecognized character: U+0001"


@pytest.mark.parametrize(("version", "place"), [((1, 15), " (1:1)"), ((1, 16), "")])
def test_nothing_is_no_expression(version: expr.Version, place: str) -> None:
    with pytest.raises(expr.ExprError) as caught:
        expr.compile("", FUNCTIONS, version)
    assert str(caught.value) == f"unexpected token EOF{place}"


def test_what_is_not_modelled_says_so() -> None:
    with pytest.raises(expr.NotModelled, match="now"):
        expr.compile("now() == now()", FUNCTIONS, (1, 17))
    with pytest.raises(expr.NotModelled, match="sortBy"):
        expr.compile("sortBy([], 'a') == []", FUNCTIONS, (1, 15))
    with pytest.raises(expr.NotModelled, match=r"b'\.\.\.'"):
        expr.compile("b'a' == b'a'", FUNCTIONS, (1, 17, 8))
    with pytest.raises(expr.NotModelled, match="upper without brackets"):
        expr.compile("upper == nil", FUNCTIONS, (1, 17, 8))


def test_json_has_the_numbers_that_go_writes() -> None:
    numbers = ["1000000.0", "0.5", "1e21", "1.5e-7", "2e-6", "123456789.25", "-0.25"]
    expr_text = f"toJSON([{', '.join(numbers)}, 1, nil])"
    lines = ["1000000", "0.5", "1e+21", "1.5e-7", "0.000002", "123456789.25", "-0.25", "1", "null"]
    found = expr.compile(expr_text, FUNCTIONS, (1, 17)).run(ENVIRONMENT)
    assert found == "[\n  " + ",\n  ".join(lines) + "\n]"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9223372036854775807 % 10", 7),
        ("-9223372036854775807 % 10", -7),
        ("9223372036854775807 % -10", 7),
        ("4611686018427387905 % 3", 2),
        ("1 / -0.0", float("-inf")),
        ("-1 / -0.0", float("inf")),
    ],
)
def test_remainders_and_quotients_at_the_edges(text: str, value: float) -> None:
    """Remainders of whole numbers are exact (the Go specification, "Integer operators"); a zero has a sign (IEEE 754)."""
    assert expr.compile(text, FUNCTIONS, (1, 17)).run(ENVIRONMENT) == value
