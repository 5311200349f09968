"""How a finding says what the caller can give: as an option of the command, an argument of `World`, or a key of a test.

Findings are made in the command's terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..light import regex
from .finding import Finding

Terms = Literal["command", "python", "test"]

_OPTION = regex(r"--(address|cluster|env|file|limit|plugin|store|upstream) ([^\s,;=]+)(?:=([^\s,;]+))?")
_OPEN = frozenset(("FILE", "VALUE"))
"""What stands for a value that the caller has to fill in."""


def in_terms(findings: Sequence[Finding], terms: Terms) -> list[Finding]:
    """The findings in the terms of the caller."""
    if terms == "command":
        return list(findings)
    return [f._replace(hint=_said(f.hint, terms)) if "--" in f.hint else f for f in findings]


def _said(hint: str, terms: Terms) -> str:
    hint = hint.replace("--allow-outside", 'World(within="/")' if terms == "python" else "`--allow-outside`")
    return _OPTION.sub(lambda m: _python(*m.groups()) if terms == "python" else _test(*m.groups()), hint)


def _python(option: str, name: str, value: str | None) -> str:
    if option == "cluster":
        return "World(cluster=...)"
    if option == "plugin":
        return f'plugins=["{name}"]'
    if option == "limit":
        return f"World(limits=Limits({name.replace('-', '_')}=...))"
    if option == "address":
        return f'World(addresses=["{name}"])' if value is None else f'World(interfaces={{"{name}": ["{value}"]}})'
    given = "..." if value in _OPEN or value is None else f'"{value}"' if option == "env" else f'Path("{value}")'
    return f'World({_KEYS[option]}={{"{name}": {given}}})'


def _test(option: str, name: str, value: str | None) -> str:
    if option == "limit":  # no test may say so itself
        return f"`--{option} {name}{'' if value is None else f'={value}'}`"
    if option == "plugin":
        return f"`plugins: [{name}]`"
    if option == "cluster":
        return "`cluster:`"
    if option == "address":
        return f"`addresses: [{name}]`" if value is None else f"`interfaces: {{{name}: [{value}]}}`"
    return f"`{_KEYS[option]}: {{{name}: {'...' if value in _OPEN or value is None else value}}}`"


_KEYS = {"env": "env", "file": "files", "store": "stores", "upstream": "upstreams"}

__all__ = ["Terms", "in_terms"]
