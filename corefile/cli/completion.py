"""`corefile completion`: print a script with which a shell completes verbs, options, and codes of findings."""

from __future__ import annotations

import argparse
from importlib import import_module

from ._inputs import Parser, WrongUse, fail
from ._terminal import show_commands

EXAMPLES = """
corefile completion bash > /etc/bash_completion.d/corefile
corefile completion zsh > "${fpath[1]}/_corefile"
corefile completion fish > ~/.config/fish/completions/corefile.fish
"""
SHELLS = ("bash", "zsh", "fish")


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser(
        "completion",
        "[options] bash|zsh|fish",
        "Print a script with which a shell completes verbs, options and their values.",
        EXAMPLES,
    )
    p.add_argument("shell", metavar="SHELL", help="bash, zsh or fish")
    p.add_argument("-h", "--help", action="help", help="show this and exit")
    return p


def main(argv: list[str]) -> int:
    """Run the verb."""
    p = parser()
    args = p.parse_args(argv)
    script = {"bash": _bash, "zsh": _zsh, "fish": _fish}.get(args.shell)
    if script is None:
        fail(p, WrongUse(f"SHELL is one of {', '.join(SHELLS)}, not `{args.shell}`"))
    show_commands(script(completions()).splitlines())
    return 0


def completions() -> dict[str, dict[str, list[str]]]:
    """The options of each verb, each with the words that it takes (none for any text), and behind '' those that are no
    options."""
    from . import VERBS

    out = {}
    for verb in VERBS:
        p: argparse.ArgumentParser = import_module(f"{__package__}.{verb}").parser()
        options: dict[str, list[str]] = {}
        for action in p._actions:
            for name in action.option_strings:
                options[name] = _values(name, action)
        if verb in ("explain", "completion"):
            options[""] = _subjects() if verb == "explain" else list(SHELLS)
        out[verb] = options
    return out


def _values(name: str, action: argparse.Action) -> list[str]:
    if action.choices is not None:
        return [str(choice) for choice in action.choices]
    if name in ("--select", "--ignore"):
        from ..lint.codes import numbers

        return sorted(numbers().values())
    if name == "--release":
        from ..releases import ALL

        return [*(release.version for release in ALL), "list"]
    return []


def _subjects() -> list[str]:
    """What there is to explain: findings, by number and by name, and directives."""
    from ..lint.codes import numbers
    from ..releases import known_directives

    return sorted({*numbers(), *numbers().values(), *known_directives()})


def _bash(words: dict[str, dict[str, list[str]]]) -> str:
    lines = [
        "# bash completion of corefile",
        "_corefile() {",
        '    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words=""',
        '    [ "$before" != = ] || before="${COMP_WORDS[COMP_CWORD-2]}"',
        '    [ "$word" != = ] || word=""',
        '    if [ "$COMP_CWORD" -eq 1 ]; then',
        f'        words="{" ".join(words)}"',
        "    else",
        '        case "${COMP_WORDS[1]} $before" in',
    ]
    for verb, options in words.items():
        for name, values in options.items():
            if values and name:
                lines.append(f'            "{verb} {name}") words="{" ".join(values)}" ;;')
    for verb, options in words.items():
        other = f' *) words="{" ".join(options[""])}" ;;' if "" in options else ""
        lines.append(
            f'            "{verb} "*) case "$word" in -*) words="{" ".join(filter(None, options))}" ;;{other} esac ;;'
        )
    return "\n".join(
        [
            *lines,
            "        esac",
            "    fi",
            '    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")',
            "    [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default",
            "}",
            "complete -F _corefile corefile",
        ]
    )


def _zsh(words: dict[str, dict[str, list[str]]]) -> str:
    lines = ["#compdef corefile", "_corefile() {", "  local -a options", "  if (( CURRENT == 2 )); then"]
    lines += [f"    compadd {' '.join(words)}", "    return", "  fi", '  case "$words[2] $words[CURRENT-1]" in']
    for verb, options in words.items():
        for name, values in options.items():
            if values and name:
                lines.append(f'    "{verb} {name}") compadd -- {" ".join(values)}; return ;;')
    lines += ["  esac", '  case "$words[2]" in']
    for verb, options in words.items():
        lines.append(f"    {verb}) options=({' '.join(filter(None, (*options, *options.get('', ()))))}) ;;")
    return "\n".join([*lines, "  esac", "  compadd -- $options", "  _files", "}", '_corefile "$@"'])


def _fish(words: dict[str, dict[str, list[str]]]) -> str:
    lines = [
        "# fish completion of corefile",
        f"complete -c corefile -n __fish_use_subcommand -f -a '{' '.join(words)}'",
    ]
    for verb, options in words.items():
        for name, values in options.items():
            if not name:
                lines.append(f"complete -c corefile -n '__fish_seen_subcommand_from {verb}' -f -a '{' '.join(values)}'")
                continue
            flag = (
                f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" if len(name) == 2 else f"-o {name[1:]}"
            )
            given = f" -x -a '{' '.join(values)}'" if values else ""
            lines.append(f"complete -c corefile -n '__fish_seen_subcommand_from {verb}' {flag}{given}")
    return "\n".join(lines)


__all__ = ["completions", "main", "parser"]
