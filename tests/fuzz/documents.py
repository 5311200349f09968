"""YAML and JSON of all forms, then bent."""

from __future__ import annotations

from corefile.language.documents import DocumentError, nodes, values

from .draw import Draw

PARTS = (
    *(
        "a: 1\n",
        "b: [1, 2, {c: d}]\n",
        "- x\n- y\n",
        "k:\n  l:\n  - m: n\n    o: |\n      text\n       more\n    p: >-\n      folded\n",
        "&a {x: y}\n",
    ),
    *(
        "*a\n",
        "<<: *a\n",
        "q: !!int 5\n",
        "r: !!binary aGk=\n",
        "s: !x y\n",
        "t: 2026-99-99\n",
        "u: 0x_\n",
        "v: 1_000\n",
        "w: .inf\n",
    ),
    *(
        "? - a\n: b\n",
        "---\n",
        "...\n",
        "%YAML 1.2\n---\n",
        "# c\n",
        "'it''s': \"q\\u00e9\\ud83d\\ude00\"\n",
        "y: ~\nz: null\n",
        "n: 0o17\n",
    ),
    *(
        '{"a": [1, 2.5e3, true, null, "\\ud800"]}\n',
        "[]\n",
        "{}\n",
        "base: &b\n  k: v\nuse:\n  <<: [*b, *b]\n",
        "list: &l [*l]\n",
        "s: 1:30:00\n",
    ),
    *(
        "\ufeffa: b\n",
        "yes: no\n",
        "t: 12e03\n",
    ),
)
LARGE_PARTS = ("big: " + "9" * 500 + "\n", "deep: " + "[" * 250 + "]" * 250 + "\n", "- " * 250 + "x\n")
WORDS = (
    "&a",
    "*a",
    "!!int",
    "!!",
    "!",
    "[",
    "]",
    "{",
    "}",
    "- ",
    ": ",
    ":",
    "|",
    ">",
    "'",
    '"',
    "---",
    "...",
    "<<",
    "\t",
    "%",
    "@",
    "`",
    "\x85",
    "\u2028",
)


def document(draw: Draw) -> str:
    """A text."""
    indent = "  " * draw.few(2) if draw.often(0.2) else ""
    text = "".join(indent + draw.choice(LARGE_PARTS if draw.often(0.01) else PARTS) for _ in range(1 + draw.few(6)))
    if draw.often(0.02):
        levels = draw.randint(1, 12)
        text = "a0: &a0 [x, x]\n" + "".join(
            f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, levels)
        )
    return text if draw.often(0.2) else draw.bent_text(text, WORDS)


make = document


def look(draw: Draw, text: str) -> str:
    """Read it by both readers; what is said."""
    said = ""
    for read in (values, nodes):
        try:
            for found in read(text):
                if read is values:
                    found.place(("a", 0, "items", 1))  # type: ignore[attr-defined]
        except DocumentError as error:
            _has_place(error, text)
            said += str(error)
    return said


def _has_place(error: DocumentError, text: str) -> None:
    assert 0 <= error.at <= len(text)
    assert error.line > 0 < error.column


__all__ = ["document", "look", "make"]
