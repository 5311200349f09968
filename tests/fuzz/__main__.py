"""Look for inputs that break something.

    python -m tests.fuzz packets zones --count 100000 --seed 7
    python -m tests.fuzz corefiles --seed 7 --first 1234 --count 1 --show

Each input is made of TARGET/SEED/NUMBER alone, so what is found can be made again. Nothing may raise, take more than two
seconds of the processor, or more than 500 MB of memory; what a command prints steers no terminal.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from importlib import import_module
from types import FrameType

from .draw import Draw

TARGETS = (
    "corefiles",
    "packets",
    "zones",
    "clusters",
    "tests_as_files",
    "commands",
    "documents",
    "pairs",
    "containers",
)
COUNTS_OF_SEEDS = {
    "corefiles": 60,
    "zones": 40,
    "clusters": 30,
    "tests_as_files": 40,
    "commands": 80,
    "documents": 60,
    "pairs": 20,
    "containers": 40,
}
"""How many inputs are tried by the test of two hash seeds."""
MOST_SECONDS = 2.0
MOST_MEMORY = 500 * 1024
"""Kilobytes, as the kernel counts them."""


AGAIN = 500
"""After so many inputs what is kept is not looked through any more, as that which is loaded first."""


class Hangs(BaseException):
    """An input took too long."""


def _hangs(number: int, frame: FrameType | None) -> None:
    raise Hangs


def one(target: str, seed: str, number: int) -> str:
    """Try one input; what is said of it. Raises whatever is wrong."""
    module, draw = import_module(f"{__package__}.{target}"), Draw(f"{target}/{seed}/{number}")
    said: str = module.look(draw, module.make(draw))
    return said


def made(target: str, seed: str, number: int) -> str:
    """One input."""
    text = import_module(f"{__package__}.{target}").make(Draw(f"{target}/{seed}/{number}"))
    return text.hex() if isinstance(text, bytes) else str(text)


def try_many(target: str, seed: str, first: int, count: int, seconds: float) -> tuple[int, int]:
    """How many inputs were tried, and how many of them broke something; each kind is told once."""
    signal.signal(signal.SIGVTALRM, _hangs)
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))  # the counts are told then, too
    ends, kinds, tried = time.monotonic() + seconds, Counter[str](), 0
    one(target, seed, first)  # what is loaded once takes its time
    gc.freeze()  # and is not looked through again
    gc.set_threshold(20_000, 20, 20)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(first, first + count):
        if stopped or time.monotonic() > ends:
            break
        tried += 1
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS, 0.5)  # again where a callback of gc has swallowed it
        try:
            one(target, seed, number)
        except BaseException as error:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if isinstance(error, KeyboardInterrupt):
                raise
            frames = traceback.extract_tb(error.__traceback__)
            kind = f"{type(error).__name__} at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}"
            kinds[kind] += 1
            if kinds[kind] == 1:
                where = "".join(traceback.format_list(frames[-6:]))
                print(f"{target} {seed} {number}: {kind}: {str(error)[:300]}\n{where}", flush=True)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if memory > MOST_MEMORY and memory > most + 10 * 1024:
            print(f"{target} {seed} {number}: {memory // 1024} MB", flush=True)
            kinds["memory"] += 1
        most = max(most, memory)
        if tried % AGAIN == 0:  # so that no input pays for what those before it have loaded
            gc.collect()
            gc.freeze()
        if tried % 100_000 == 0:
            print(f"{target}: {tried} with seed {seed}, {kinds.total()} broke something, {most // 1024} MB", flush=True)
    print(
        f"{target}: {tried} with seed {seed}, {kinds.total()} broke something, {most // 1024} MB: {dict(kinds)}",
        flush=True,
    )
    return tried, kinds.total()


def main(argv: list[str]) -> int:
    """Run the targets, one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], help="all, unless some are named")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target")
    parser.add_argument("--seed", default=str(time.time_ns() % 1_000_000))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print the inputs")
    args = parser.parse_args(argv)
    broken = 0
    for target in args.targets or TARGETS:
        if args.show:
            for number in range(args.first, args.first + args.count):
                print(made(target, args.seed, number))
        else:
            broken += try_many(target, args.seed, args.first, args.count, args.seconds)[1]
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
