"""Command lines: options and words of all verbs, in any order, with files that are no better; what is printed is looked at."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout

from corefile.cli import main

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
    words = [draw.choice(("check", "query", "test", "explain", "plugins", "check", "query", *ODD_WORDS))]
    for _ in range(draw.few(8)):
        words.append(
            draw.choice(OPTIONS) if draw.often(0.4) else draw.choice(VALUES if draw.often(0.85) else ODD_WORDS)
        )
    if draw.often(0.5) and words[0] in ("check", "query"):
        words += ["Corefile"] if words[0] == "check" else ["-c", "Corefile", "a.example.org"]
    return [word.replace("\0", "") for word in words]


def look(draw: Draw, text: str) -> str:
    """Run it; what is printed."""
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
    safe(out.getvalue())
    safe(err.getvalue())
    return f"{code} {out.getvalue()} {err.getvalue()}"


__all__ = ["command", "look", "make"]
