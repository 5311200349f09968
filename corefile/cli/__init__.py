"""The command: one verb, one file, imported only when it is the one asked for."""

from __future__ import annotations

import sys
from typing import NoReturn, TextIO

from ..findings.limits import TooLarge

VERBS = {
    "check": "say what is wrong with Corefiles and ConfigMaps",
    "query": "ask what a name resolves to, and why",
    "test": "run resolution tests",
    "explain": "say what a finding means and how to mend it, or what a directive takes",
    "plugins": "list the directives of a release, in their order",
    "completion": "print a script with which a shell completes all of this",
}

HELP = """usage: corefile VERB ...

What CoreDNS would do with a Corefile, without running CoreDNS.

{verbs}

`corefile VERB --help` tells more, `corefile --version` the version, and
`corefile check --release list` the releases of CoreDNS that are known.
Exit codes: 0 fine, 1 findings or failures, 2 wrong use.
"""


def run() -> NoReturn:
    """The command as a process of its own: what it loads is no garbage, and is not taken apart at its end."""
    import gc
    import os
    from contextlib import suppress

    gc.set_threshold(50_000, 20, 20)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    code = main()
    if sys.argv[1:2] == ["check"]:  # which leaves nothing behind that has to be closed
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(code)
    raise SystemExit(code)


def main(argv: list[str] | None = None) -> int:
    """Run the command; the exit code is 0 (fine), 1 (findings or failures) or 2 (wrong use)."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["help"] and argv[1:2] and argv[1] in VERBS:
        argv = [argv[1], "--help"]
    verb = argv[0] if argv else ""
    try:
        try:
            return _verb(verb, argv[1:]) if verb in VERBS else _no_verb(verb)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe has seen enough
        _drop(sys.stdout)
        return 1
    except KeyboardInterrupt:
        return 130
    except TooLarge as e:
        return _ends(verb, f"{e.message}: {e.hint}")
    except Exception as e:
        import os

        if isinstance(e, OSError) and e.filename is None:  # verbs catch those of files that they name
            _drop(sys.stdout)
            return _ends(verb, f"the output cannot be written: {e.strerror or e}")
        if os.environ.get("COREFILE_DEBUG"):
            raise
        if isinstance(e, ImportError) and e.name == "google-re2":
            return _ends(verb, str(e))
        from ..plugins import failed_in

        found = failed_in(e)
        what = f"the plugin `{found.name}` has failed" if found else "internal error, please report it"
        more = "COREFILE_DEBUG=1 in the environment shows where it comes from."
        return _ends(verb, f"{what}: {type(e).__name__}: {e}", more)


def _verb(verb: str, argv: list[str]) -> int:
    from importlib import import_module

    code: int = import_module(f"{__name__}.{verb}").main(argv)
    return code


def _no_verb(word: str) -> int:
    """The help, the version, or what is wrong with a word that is no verb."""
    from ._terminal import complain, say

    usage = HELP.format(verbs="\n".join(f"  {name:11}{text}" for name, text in VERBS.items()))
    if word in ("-h", "--help", "help"):
        say(*usage.splitlines())
        return 0
    if word in ("-V", "--version"):
        from .. import __version__

        say(f"corefile {__version__}")
        return 0
    if word:
        from difflib import get_close_matches

        close = get_close_matches(word, VERBS, n=1)
        complain(f"corefile: no such verb: {word}" + (f" (did you mean {close[0]}?)" if close else ""))
    complain(*usage.splitlines())
    return 2


def _ends(verb: str, *lines: str) -> int:
    """Say why the command ends, where errors can be written; its exit code."""
    from ._terminal import complain

    try:
        complain(f"corefile{f' {verb}' if verb in VERBS else ''}: {lines[0]}", *lines[1:])
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)
    return 2


def _drop(stream: TextIO) -> None:
    """Nothing more can be written there, not at the end of the process either."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
