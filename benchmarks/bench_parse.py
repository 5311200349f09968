"""How fast a Corefile is parsed, and whether the time grows with its length: `python benchmarks/bench_parse.py`."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from corefile.findings import Source
from corefile.language.expand import DictFiles, expand
from corefile.language.tree import build, parse
from corefile.language.words import decode
from corefile.releases import LATEST

BLOCK = """# team {n}
zone{n}.example.org:53 {{
    errors
    log . {{
        class denial error
    }}
    hosts {{
        10.{a}.{b}.1 www.zone{n}.example.org
        fallthrough
    }}
    forward . 10.0.0.10 10.0.0.11 {{
        policy sequential
        max_concurrent 1000
    }}
    cache 30
}}

"""


def corefile(blocks: int) -> str:
    """A Corefile of so many server blocks."""
    return "".join(BLOCK.format(n=n, a=n // 256 % 256, b=n % 256) for n in range(blocks))


def best(turns: int, run: object, *arguments: object) -> float:
    """The shortest of several times, in seconds."""
    shortest = float("inf")
    for _ in range(turns):
        start = time.perf_counter()
        run(*arguments)  # type: ignore[operator]
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def main() -> None:
    """Print all figures, as ratios where they depend on the machine."""
    small, large = corefile(5_000), corefile(50_000)
    build(Source("<text>", BLOCK))
    short = best(3, parse, small)
    long = best(1, parse, large)
    print(f"parse   5,000 server blocks  {len(small) / short / 1e6:5.2f} MB/s   (aim: 1.5)")
    print(f"parse  50,000 server blocks  {len(large) / long / 1e6:5.2f} MB/s   {long / short:.1f} times as long")
    typical = Source("<text>", corefile(2))
    files = DictFiles()
    took = best(50, lambda: expand(typical, release=LATEST, environ={}, files=files))
    print(f"expand  2 server blocks      {took * 1e3:5.2f} ms")
    source = Source("<text>", small)
    took = best(3, lambda: [b.directives for b in expand(source, release=LATEST, environ={}, files=files).blocks])
    print(f"expand  5,000 server blocks  {len(small) / took / 1e6:5.2f} MB/s")
    took = best(3, decode, b"not utf-8 \xff\xfe " * 80_000)
    print(f"decode  1 MB of bad UTF-8    {took:5.2f} s")
    empty = best(10, lambda: subprocess.run([sys.executable, "-c", ""], check=True))
    code = "from corefile.findings import Source; from corefile.language.expand import expand, DictFiles"
    code += "; import corefile.releases as r"
    code += f"; expand(Source('x', {typical.text!r}), release=r.LATEST, environ={{}}, files=DictFiles())"
    started = best(10, lambda: subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ}))
    print(f"start, import and expand     {started / empty:5.2f} times an empty Python start ({empty * 1e3:.1f} ms)")


if __name__ == "__main__":
    main()
