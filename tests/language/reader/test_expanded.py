"""Environment variables in the words of a Corefile, as the binaries of several releases have them."""

import pytest

from ..programs import body, error, run, words


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("{$A}", "1"),
        ("{%A%}", "1"),
        ("x{$A}y{$A}", "x1y1"),
        ("{$NONE}", ""),
        ("{$B}", "1"),
        ("{$}{$A}", "{$}{$A}"),
        ("{$A", "{$A"),
        ("{%A%}{%", "1{%"),
        ("$A", "$A"),
        ("}{$A}", "}1"),
        ("{$C}", "}"),
    ],
)
def test_environment_variables(word: str, expected: str) -> None:
    program = body(f"log {word}", env={"A": "1", "B": "{$A}", "C": "}"})
    assert words(program) == [{"log": ["log", expected]}]


def test_environment_variables_of_old_releases() -> None:
    env = {"A": "1"}
    assert words(body("log }{$A}", env=env, release="1.2.3")) == [{"log": ["log", "}{$A}"]}]
    assert error(body("log }{$A}", env=env, release="1.2.2")).startswith("panic")
    assert error(body("{$D}", env={"D": "log"})) == ""
    assert error(body("{$D}", env={"D": "log"}, release="1.2.2")).endswith("Unknown directive '{$D}'")


def test_environment_variables_without_end() -> None:
    assert error(body("log {$A}", env={"A": "{$A}"})) != ""
    assert error(body("log {$A}", env={"A": "{$A}{$A}"})) != ""


def test_brace_from_the_environment_is_no_brace() -> None:
    assert error(run("a {$B}\n whoami\n", env={"B": "{"})) == "Corefile:1 - Error during parsing: Unknown directive '{'"
