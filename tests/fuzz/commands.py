"""Command lines: options and words of all verbs, in any order, with files that are no better; what is printed is looked at."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from importlib import import_module

from corefile.cli import main
from corefile.lint import explanations

from .clusters import cluster
from .corefiles import corefile
from .draw import ODD_WORDS, Draw
from .packets import ZONE
from .safe import safe
from .tests_as_files import case, folder

OPTIONS = (
    *(
        "--format",
        "--release",
        "--strict",
        "--cluster",
        "--upstream",
        "--file",
        "--env",
        "--address",
        "--trace",
        "--short",
        "-c",
    ),
    *(
        "--from",
        "--limit",
        "--within",
        "--allow-outside",
        "--env-from-process",
        "--no-trace",
        "--pod",
        "-x",
        "-q",
        "--at",
        "--to",
        "--help",
    ),
    *(
        "--tcp",
        "--do",
        "--fix",
        "--diff",
        "--config",
        "--select",
        "--ignore",
        "--libc",
        "--wait",
        "--store",
        "-h",
        "--version",
        "--",
    ),
)
VALUES = (
    *(
        "text",
        "json",
        "github",
        "gitlab",
        "concise",
        "full",
        "junit",
        "sarif",
        "1.11.3",
        "1.0.0",
        "list",
        "Corefile",
        "c.yaml",
        "z",
        "10.0.0.53=z",
        "10.0.0.53=Corefile",
    ),
    *(
        "10.0.0.53=@SERVFAIL",
        "/etc/resolv.conf=r",
        "A=b",
        "A",
        "eth0=10.1.2.3",
        "10.1.2.3",
        "10.0.0.7",
        "default",
        "glibc",
        "musl",
        "words=9",
    ),
    *(
        "a.example.org",
        "example.org.",
        "AAAA",
        "MX",
        "ANY",
        "@10.0.0.53",
        "@tls://127.0.0.1",
        "+short",
        "+tcp",
        "+dnssec",
        "after=31s",
        ".",
    ),
    *(
        "kubernetes",
        "file",
        "unknown-directive",
        "dns.yaml",
        ".",
        "gone",
        "\x1b[31m",
        "a\n::error::x",
        "\udcff",
        "\u202eabc",
        "##[error]x",
        "",
    ),
)


VERBS = ("check", "check", "check", "query", "query", "query", "test", "test", "explain", "plugins", "completion")
ENDS = {
    "check": ["Corefile"],
    "query": ["-c", "Corefile", "a.example.org"],
    "test": ["dns.yaml"],
    "completion": ["bash"],
}


COMMANDS = {"github", "azure"}
"""Formats that are commands of a CI system."""


class Stdin(io.TextIOWrapper):
    """Standard input."""


def make(draw: Draw) -> str:
    """A command line, its words one a line, and in front of it the files that it finds."""
    files = {
        "Corefile": corefile(draw),
        "c.yaml": cluster(draw),
        "z": ZONE,
        "r": "nameserver 10.0.0.53\n",
        "dns.yaml": case(draw),
    }
    words = command(draw)
    return json.dumps({"files": files, "words": words, "stdin": draw.choice((files["Corefile"], files["c.yaml"], ""))})


def command(draw: Draw) -> list[str]:
    """The words of a command line."""
    words = [draw.choice(VERBS if draw.often(0.9) else ODD_WORDS)]
    for _ in range(draw.few(8)):
        words.append(
            draw.choice(OPTIONS) if draw.often(0.4) else draw.choice(VALUES if draw.often(0.85) else ODD_WORDS)
        )
    if draw.often(0.5):
        words += ENDS.get(words[0], ())
    return [word.replace("\0", "") for word in words]


@cache
def prepare() -> None:
    """What each process makes anew is made once here: the parsers of the arguments, and the explanations of findings."""
    explanations.all_explanations = cache(explanations.all_explanations)
    for verb in VERBS:
        module = import_module(f"corefile.cli.{verb}")
        module.parser = cache(module.parser)  # type: ignore[attr-defined]
    argparse._ = str  # type: ignore[attr-defined]  # which looks for translations in files


def every_format() -> Iterator[str]:
    """A command line of each verb in each of its formats, with files in which something is wrong."""
    files = {
        "Corefile": "a.b . {\n errors\n errors\n cache 3x\n forward . 10.0.0.53\n}\nb.c {\n hosts {\n  x\n }\n whoami\n}\n",
        "good": "a.example.org . {\n errors\n log\n cache\n prometheus\n forward . 10.0.0.53\n}\n",
        "z": ZONE,
        "dns.yaml": "corefile: '. {whoami}'\nsteps: [{query: a. A}, {query: b. A, expect: {rcode: SERVFAIL}}]\n",
    }
    given = {
        "check": ["Corefile", "good"],
        "query": ["-c", "good", "--upstream", "10.0.0.53=z", "a.example.org", "any.example.org"],
        "test": ["dns.yaml"],
        "explain": ["cache"],
        "plugins": [],
        "completion": ["bash"],
    }
    for verb, words in given.items():
        parser = import_module(f"corefile.cli.{verb}").parser()
        choices = [a.choices for a in parser._actions if a.dest in ("format", "shell") and a.choices]
        option = [] if verb == "completion" else ["--format"]
        lines = [[*option, choice] for choice in (choices[0] if choices else ())] or [[]]
        for line in lines:
            yield json.dumps({"files": files, "words": [verb, *line, *words], "stdin": ""})


def look(draw: Draw, text: str) -> str:
    """Run it; what is printed."""
    prepare()
    given = json.loads(text)
    os.chdir(folder())
    for name, content in given["files"].items():
        with open(name, "wb") as file:
            file.write(content.encode("utf-8", "surrogateescape"))
    words = given["words"]
    out, err = io.StringIO(), io.StringIO()
    before = sys.stdin
    sys.stdin = Stdin(io.BytesIO(given["stdin"].encode("utf-8", "surrogateescape")))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code: object = main(words)
            except SystemExit as done:
                code = done.code
    finally:
        sys.stdin = before
    assert code in (0, 1, 2, None), (words, code)
    if not COMMANDS & set(words):
        safe(out.getvalue())
    safe(err.getvalue())
    return f"{code} {out.getvalue()} {err.getvalue()}"


__all__ = ["command", "look", "make"]
