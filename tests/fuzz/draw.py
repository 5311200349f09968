"""A source of chances for the targets, and what all of them do to octets and texts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

ODD_OCTETS = (
    b"\0",
    b"\xff",
    b"\xc0\x0c",
    b"\x80",
    b"\x3f",
    b"\x40",
    b"\n",
    b"\r",
    b"\x1b[2J",
    b"\xe2\x82",
    b"\\",
    b'"',
)
ODD_WORDS = (
    *(
        "",
        " ",
        '"',
        "\\",
        "{",
        "}",
        "{$A}",
        "{%A%}",
        "{$",
        "#",
        "\t",
        "\r\n",
        "\0",
        "\x1b]0;x\x07",
        "\x85",
        "\u2028",
        "\ufeff",
    ),
    *(
        "\udcff",
        "::error::x",
        "##[error]x",
        "-1",
        "0",
        "99999999999999999999",
        "1e400",
        "NaN",
        ".",
        "..",
        "a..b",
        "*",
        "é",
        "ſ",
    ),
    *(
        "127.0.0.1",
        "::1",
        "fe80::1%eth0",
        "10.0.0.0/8",
        "example.org",
        "\\000",
        "\\999",
        "import",
        "(x)",
        "$INCLUDE",
        "&a",
        "*a",
    ),
)


class Draw(random.Random):
    """Chances by a seed: `target/7/123` draws the same wherever it is drawn."""

    def often(self, chance: float) -> bool:
        """True in `chance` of all cases."""
        return self.random() < chance

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """Up to `most` of them, in any order; one may come again."""
        return [self.choice(options) for _ in range(self.randint(0, most))]

    def few(self, most: int = 8) -> int:
        """A number that is mostly small."""
        return min(int(self.expovariate(0.7)), most)

    def size(self, most: int) -> int:
        """How many parts an input has: in nine of ten one, rarely two or three; in the tenth up to `most`. What is wrong shows
        in small inputs, and several times as many of them are tried."""
        return 1 + self.few(most - 1) if self.often(0.1) else min(1 + int(self.expovariate(1.6)), most)

    def bent_octets(self, octets: bytes, other: bytes = b"") -> bytes:
        """Octets with a few of them changed, left out, doubled or put in. other: of which a part may come in."""
        out = bytearray(octets)
        for _ in range(1 + self.few(6)):
            at = self.randint(0, len(out))
            match self.randint(0, 8):
                case 0 if at < len(out):
                    out[at] ^= 1 << self.randint(0, 7)
                case 1 if at < len(out):
                    out[at] = self.choice((0, 1, 12, 63, 64, 127, 128, 192, 255, self.randint(0, 255)))
                case 2:
                    del out[at : at + 1 + self.few(20)]
                case 3:
                    out[at:at] = self.choice(ODD_OCTETS)
                case 4:
                    del out[at:]
                case 5:
                    out[at:at] = out[at : at + 1 + self.few(30)]
                case 6 if other:
                    start = self.randint(0, len(other))
                    out[at:at] = other[start : start + self.few(40)]
                case 7 if at + 1 < len(out):
                    out[at : at + 2] = self.randint(0, 65535).to_bytes(2, "big")
                case _:
                    out += self.randbytes(self.few(8))
        return bytes(out)

    def bent_text(self, text: str, others: Sequence[str] = ODD_WORDS) -> str:
        """Text with a few of its words or lines changed, left out, doubled or moved, or with odd characters put in."""
        for _ in range(1 + self.few(5)):
            change: Callable[[str, Sequence[str]], str] = self.choice(
                (self._lines, self._words, self._words, self._inside)
            )
            text = change(text, others)
        return text

    def _lines(self, text: str, others: Sequence[str]) -> str:
        lines = text.split("\n")
        at = self.randrange(len(lines))
        match self.randint(0, 3):
            case 0:
                del lines[at]
            case 1:
                lines.insert(self.randint(0, len(lines)), lines[at])
            case 2:
                lines.insert(self.randint(0, len(lines) - 1), lines.pop(at))
            case _:
                lines[at] = (" " * self.few(6)) + lines[at].lstrip()
        return "\n".join(lines)

    def _words(self, text: str, others: Sequence[str]) -> str:
        words = text.split(" ")
        at = self.randrange(len(words))
        match self.randint(0, 4):
            case 0:
                del words[at]
            case 1:
                words[at] = self.choice(others)
            case 2:
                words.insert(at, self.choice(others))
            case 3:
                words[at] = words[self.randrange(len(words))]
            case _:
                words.insert(at, words[at])
        return " ".join(words)

    def _inside(self, text: str, others: Sequence[str]) -> str:
        at = self.randint(0, len(text))
        gone = self.few(4) if self.often(0.5) else 0
        new = (
            self.choice(others)
            if self.often(0.5)
            else chr(self.choice((self.randint(0, 127), self.randint(0, 0x2FFF))))
        )
        return text[:at] + new + text[at + gone :]


__all__ = ["ODD_OCTETS", "ODD_WORDS", "Draw"]
